"""The receipt of a whole sitting (biên nhận bài thi): given at the end, and checked.

Each acknowledged answer has a code of its own.  This one stands for all of them: it is
made of the last seal, so that nobody without the sitting's key can make one, and none
fits once an answer was altered, taken away or put in another order.
"""

import base64
import hmac
import json
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from courses.exams.models.sittings import Sitting
from courses.exams.rules.events import AnswerEvent, findings, folded
from courses.exams.services import sealing
from lms.kernel.db import db

LETTERS = 16


def issue(sitting: Sitting) -> None:
    """Give the code; everything that was answered is sealed already."""
    sitting.receipt_code = _code_of(sitting)
    db.session.flush()


@dataclass(frozen=True, slots=True)
class Checked:
    """What is behind a code: how many questions were answered, and is it all there."""

    sitting: Sitting
    answered: int
    is_whole: bool


def checked(code: str) -> Checked | None:
    """Look a code up as somebody typed it; None where none such was ever given."""
    letters = "".join(letter for letter in code.upper() if letter.isalnum())
    found = db.session.scalar(select(Sitting).filter_by(receipt_code=letters))
    return _checked(found) if found else None


def of(sitting: Sitting) -> Checked:
    return _checked(sitting)


def answered_in(answers: dict[int, AnswerEvent]) -> int:
    """Count the questions that have an answer; one taken back has none."""
    return sum(json.loads(one.body)["value"] is not None for one in answers.values())


def shown(code: str) -> str:
    """Write a code in fours, as people read it out."""
    return "-".join(code[at : at + 4] for at in range(0, len(code), 4))


def _checked(sitting: Sitting) -> Checked:
    rows = sealing.answers_of(sitting)
    seals = [row.seal for row in sealing.seals_of(sitting)]
    kept = [(row.event, row.receipt) for row in rows]
    sealed = sum(seal.count for seal in seals) == len(rows)
    whole = sealed and not findings(sitting.receipt_key or b"", kept, seals)
    same = hmac.compare_digest(sitting.receipt_code or "", _code_of(sitting))
    answers = folded(event for event, _receipt in kept)
    return Checked(sitting, answered_in(answers), whole and same)


def _code_of(sitting: Sitting) -> str:
    seals = sealing.seals_of(sitting)
    last = (seals[-1].number, seals[-1].digest) if seals else (0, "")
    parts = ("sitting", sitting.id, *last, _moment(sitting.ended_at))
    written = "\n".join(map(str, parts)).encode()
    mac = hmac.digest(sitting.receipt_key or b"", written, "sha256")
    return base64.b32encode(mac).decode()[:LETTERS]


def _moment(at: datetime | None) -> str:
    return at.isoformat() if at else ""
