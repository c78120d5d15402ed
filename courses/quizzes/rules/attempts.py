"""When an attempt may start, be answered and end; its layout, mark and review.

The server's clock alone decides: callers pass ``now``.  Marks are exact fractions and
are rounded only to be shown.
"""

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any

from lms.kernel.errors import Refusal

GRACE = timedelta(seconds=5)
"""How long after the deadline a save that was under way is still taken."""


WHOLE = 100
"""Percent."""


class ReviewPolicy(StrEnum):
    """When a learner sees which responses were right, and why."""

    AFTER_SUBMIT = "after_submit"
    AFTER_PASSING = "after_passing"
    AFTER_LAST_ATTEMPT = "after_last_attempt"
    NEVER = "never"


class Ended(StrEnum):
    """What ended an attempt."""

    BY_LEARNER = "by_learner"
    BY_TIME = "by_time"


class StartRefusal(Refusal):
    NO_ATTEMPTS_LEFT = "quiz-no-attempts-left"
    NO_ITEMS = "quiz-has-no-items"
    BANK_TOO_SMALL = "quiz-bank-too-small"
    NOT_YET_OPEN = "quiz-not-yet-open"
    CLOSED = "quiz-closed"


class SaveRefusal(Refusal):
    SUBMITTED = "attempt-submitted"
    TIME_OVER = "attempt-time-over"
    NO_SUCH_PLACE = "attempt-no-such-place"
    WRONG_SHAPE = "response-wrong-shape"
    NEWER_SAVED = "response-newer-saved"
    CHECKED = "response-checked"
    NOT_CHECKABLE = "response-not-checkable"


class ReviewRefusal(Refusal):
    """Why the review of an attempt stays closed."""

    ATTEMPT_OPEN = "review-attempt-open"
    NOT_PASSED = "review-not-passed"
    ATTEMPTS_LEFT = "review-attempts-left"
    NEVER = "review-never"
    NOT_IN_THIS_PHASE = "review-not-in-this-phase"


class EditRefusal(Refusal):
    WRONG_ORDER = "quiz-order-names-other-items"
    ITEM_ELSEWHERE = "quiz-item-of-another-course"
    ITEM_TWICE = "quiz-item-twice"
    SLOT_DRAWS = "quiz-slot-draws"
    TOO_FEW_ITEMS = "quiz-too-few-items"


class QuizProblem(StrEnum):
    """Why nobody could pass the quiz as it is, or review it as promised."""

    NO_ITEMS = "quiz-without-items"
    NO_PAPERS = "quiz-blueprint-without-papers"
    NOTHING_TO_EARN = "quiz-without-points"
    MARK_UNREACHABLE = "quiz-pass-mark-unreachable"
    REVIEW_NEVER_OPENS = "quiz-review-never-opens"


@dataclass(frozen=True, slots=True)
class AttemptPolicy:
    """How often a quiz may be tried and how long a try lasts; None is no limit."""

    time_limit_minutes: int | None = None
    max_attempts: int | None = None

    def refusal(self, made: int) -> StartRefusal | None:
        """Say why another attempt may not start after *made* ones, or None."""
        if self.left(made) == 0:
            return StartRefusal.NO_ATTEMPTS_LEFT
        return None

    def left(self, made: int) -> int | None:
        if self.max_attempts is None:
            return None
        return max(self.max_attempts - made, 0)

    def deadline(self, started_at: datetime) -> datetime | None:
        """Return the moment an attempt started then must be handed in."""
        if self.time_limit_minutes is None:
            return None
        return started_at + timedelta(minutes=self.time_limit_minutes)


def is_over(deadline: datetime | None, now: datetime) -> bool:
    """Say whether the time of an attempt is up, the grace included."""
    return deadline is not None and now >= deadline + GRACE


def seconds_left(deadline: datetime | None, now: datetime) -> int | None:
    """Return whole seconds to the deadline, 0 from there on; None without one.

    Rounded up: a page that hands in when it is told 0 never does so too early.
    """
    if deadline is None:
        return None
    return max(-((now - deadline) // timedelta(seconds=1)), 0)


def end_of(deadline: datetime | None, now: datetime) -> tuple[datetime, Ended]:
    """Say when and by what an attempt ends that is closed now."""
    if deadline is not None and now >= deadline:
        return deadline, Ended.BY_TIME
    return now, Ended.BY_LEARNER


def save_refusal(
    submitted_at: datetime | None, deadline: datetime | None, now: datetime
) -> SaveRefusal | None:
    """Say why no response is taken any more, or None while one is."""
    if submitted_at is not None:
        return SaveRefusal.SUBMITTED
    return SaveRefusal.TIME_OVER if is_over(deadline, now) else None


@dataclass(frozen=True, slots=True)
class Save:
    """A response as a writer sends it, with the writer's count of its saves."""

    sequence: int
    value: Any
    flagged: bool
    certainty: int | None = None
    """How sure the learner is, 1 to 3, where the quiz asks."""


@dataclass(frozen=True, slots=True)
class SheetLine:
    """What a form without scripts sends for one question."""

    values: list[str]
    flagged: bool
    sequence: int
    """The sequence that was kept when the form was drawn."""
    certainty: int | None = None

    def save(self, value: Any) -> Save:
        """Return the line as the next save after the one it was drawn with."""
        return Save(self.sequence + 1, value, self.flagged, self.certainty)


class Write(StrEnum):
    """What becomes of a save."""

    NEW = "new"
    REPEATED = "repeated"
    OVERTAKEN = "overtaken"


def write_of(kept: Save, sent: Save) -> Write:
    """Compare a save with the one that is kept.

    A repeated save (its answer was lost on the way) changes nothing and is answered
    alike.  One that is not newer than what is kept never overwrites it.
    """
    if sent.sequence > kept.sequence:
        return Write.NEW
    return Write.REPEATED if sent == kept else Write.OVERTAKEN


@dataclass(frozen=True, slots=True)
class Slot:
    """What a quiz asks in one place."""

    item_version_id: int
    points: Decimal
    option_ids: tuple[str, ...] = ()
    always_shuffled: bool = False
    """Whether the options are ordered anew even in a quiz that shuffles none."""


@dataclass(frozen=True, slots=True)
class Place:
    """What an attempt asks in one place, and in which order its options stand."""

    position: int
    """Counted from 1."""
    slot: Slot
    option_order: tuple[str, ...]


def layout(
    seed: str, slots: Sequence[Slot], *, shuffle_items: bool, shuffle_options: bool
) -> list[Place]:
    """Lay a quiz out for one attempt: the same seed gives the same layout for ever."""
    order = list(range(len(slots)))
    if shuffle_items:
        order.sort(key=lambda number: _lot(seed, f"item:{number}"))
    return [
        Place(position, slots[n], _option_order(seed, n, slots[n], shuffle_options))
        for position, n in enumerate(order, 1)
    ]


def _option_order(seed: str, number: int, slot: Slot, shuffle: bool) -> tuple[str, ...]:
    if not shuffle and not slot.always_shuffled:
        return slot.option_ids
    return tuple(
        sorted(slot.option_ids, key=lambda key: _lot(seed, f"option:{number}:{key}"))
    )


def _lot(seed: str, name: str) -> bytes:
    """Draw a lot that nobody can foretell without the seed."""
    return hmac.digest(seed.encode(), name.encode(), hashlib.sha256)


def percent_of(earned: Fraction, worth: Fraction) -> int:
    """Return whole percent, rounded down: 79.9 % does not pass 80."""
    return int(earned * WHOLE / worth) if worth else 0


def shown_points(points: Fraction) -> Decimal:
    """Return points as they are shown: two decimals, never rounded up."""
    hundredths = int(points * 100)
    return Decimal(hundredths) / 100


def has_passed(earned: Fraction, worth: Fraction, pass_mark: int) -> bool:
    return worth > 0 and percent_of(earned, worth) >= pass_mark


@dataclass(frozen=True, slots=True)
class Record:
    """What one learner has done at one quiz so far."""

    made: int
    has_open: bool
    passed: bool


def review_refusal(
    review: ReviewPolicy, policy: AttemptPolicy, record: Record
) -> ReviewRefusal | None:
    """Say why the learner may not yet see the right responses, or None."""
    if review is ReviewPolicy.NEVER:
        return ReviewRefusal.NEVER
    # Who is writing now must not read the key of an earlier attempt beside it.
    if record.has_open:
        return ReviewRefusal.ATTEMPT_OPEN
    if review is ReviewPolicy.AFTER_PASSING and not record.passed:
        return ReviewRefusal.NOT_PASSED
    if review is ReviewPolicy.AFTER_LAST_ATTEMPT and policy.left(record.made) != 0:
        return ReviewRefusal.ATTEMPTS_LEFT
    return None


def quiz_problem(
    worths: Sequence[Decimal],
    pass_mark: int,
    review: ReviewPolicy,
    policy: AttemptPolicy,
) -> QuizProblem | None:
    """Say why the quiz cannot be published as it is, or None."""
    if not worths:
        return QuizProblem.NO_ITEMS
    if not sum(worths):
        return QuizProblem.NOTHING_TO_EARN
    if not 0 <= pass_mark <= WHOLE:
        return QuizProblem.MARK_UNREACHABLE
    endless = policy.max_attempts is None
    if review is ReviewPolicy.AFTER_LAST_ATTEMPT and endless:
        return QuizProblem.REVIEW_NEVER_OPENS
    return None
