"""When a consent holds, and until when a request must be answered."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from lms.kernel.errors import Refusal

OWN_SAY_FROM = 7
"""From this age a child's own consent is needed beside a guardian's.

Source: Law 91/2025/QH15, article 24 (to be read by a lawyer: see docs/operators.md).
"""

CHILD_UNTIL = 16
"""Source: Law 102/2016/QH13 on children, article 1."""


class Purpose(StrEnum):
    """What is done beyond the duty of teaching and training, and only by consent."""

    REMINDERS = "reminders"
    HONOURS = "honours"
    PICTURES = "pictures"
    STUDIES = "studies"


@dataclass(frozen=True, slots=True)
class Statement:
    """What people are asked, word for word; a changed text is a new version."""

    purpose: Purpose
    version: int
    text: str
    """In Vietnamese: the wording that counts."""

    @property
    def hash(self) -> str:
        return hashlib.sha256(self.text.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Said:
    """The last answer of one person for one purpose."""

    giver_id: int
    is_given: bool
    text_hash: str


class PrivacyRefusal(Refusal):
    NOT_YOURS = "privacy-not-yours"
    OLD_TEXT = "privacy-old-text"
    ALREADY_ASKED = "privacy-already-asked"
    ALREADY_ANSWERED = "privacy-already-answered"
    STILL_IN_OFFICE = "privacy-still-in-office"


class RequestKind(StrEnum):
    CORRECT = "correct-data"
    ERASE = "erase-data"
    RESTRICT = "restrict-data"


class RequestState(StrEnum):
    OPEN = "request-open"
    DONE = "request-done"
    REFUSED = "request-refused"


def age_on(birth_date: date, today: date) -> int:
    had_birthday = (today.month, today.day) >= (birth_date.month, birth_date.day)
    return today.year - birth_date.year - (not had_birthday)


def consent_holds(
    statement: Statement,
    subject_id: int,
    birth_date: date | None,
    answers: Iterable[Said],
    today: date,
) -> bool:
    """Say whether this may be done with this person's data today.

    Silence is no consent, and a consent to an older text is none to a new one.  For a
    child a guardian's is needed, and from seven years on the child's own as well.  Of
    somebody whose age is unknown, only their own counts.
    """
    fresh = [one for one in answers if one.text_hash == statement.hash]
    own = any(one.is_given for one in fresh if one.giver_id == subject_id)
    others = [one for one in fresh if one.giver_id != subject_id]
    guarded = any(one.is_given for one in others)
    age = age_on(birth_date, today) if birth_date else CHILD_UNTIL
    if age >= CHILD_UNTIL:
        return own
    return guarded and (own or age < OWN_SAY_FROM)


def due_at(asked_at: datetime, hours: int) -> datetime:
    return asked_at + timedelta(hours=hours)
