"""What a teacher types into a cell, and whether it may be written there."""

import re
from dataclasses import dataclass
from decimal import Decimal

from lms.kernel.errors import Refusal
from lms.marks.rules.words import Absence, Comment

REGULAR, MIDTERM, FINAL, REMARK = "tx", "gk", "ck", "nx"
EVERYTHING = "*"
LONGEST_REMARK = 300
MOST_REGULARS = 9
NUMBER = re.compile(r"(\d{1,3})(?:[.,](\d+))?")


class MarkRefusal(Refusal):
    NOT_A_MARK = "mark-not-understood"
    MAYBE_DECIMAL = "mark-maybe-decimal"
    ABOVE_TEN = "mark-above-ten"
    TOO_FINE = "mark-too-fine"
    NOT_A_COMMENT = "mark-not-a-comment"
    ABSENCE_OF_REGULAR = "mark-absence-of-regular"
    REMARK_TOO_LONG = "mark-remark-too-long"
    LOCKED = "mark-locked"
    NOT_A_MEMBER = "mark-not-a-member"
    NO_SUCH_COLUMN = "mark-no-such-column"
    NOT_LOCKED = "correction-not-locked"
    SAME_VALUE = "correction-same-value"
    ALREADY_ASKED = "correction-already-asked"
    ALREADY_DECIDED = "correction-already-decided"
    OWN_REQUEST = "correction-own-request"
    CHANGED_SINCE = "correction-changed-since"
    YEAR_INCOMPLETE = "year-incomplete"
    NOT_FULLY_LOCKED = "year-not-locked"


@dataclass(frozen=True, slots=True)
class Value:
    """What one cell holds: a score, a comment, an absence, a remark, or nothing."""

    tenths: int | None = None
    comment: Comment | None = None
    absence: Absence | None = None
    remark: str | None = None

    @property
    def score(self) -> Decimal | None:
        return None if self.tenths is None else Decimal(self.tenths).scaleb(-1)


EMPTY = Value()
COMMENT_WORDS = {
    "đ": Comment.PASS,
    "d": Comment.PASS,
    "đạt": Comment.PASS,
    "dat": Comment.PASS,
    "cđ": Comment.FAIL,
    "cd": Comment.FAIL,
    "chưa đạt": Comment.FAIL,
    "chua dat": Comment.FAIL,
}
ABSENCE_WORDS = {
    "v": Absence.UNEXCUSED,
    "k": Absence.UNEXCUSED,
    "p": Absence.PENDING,
    "b": Absence.MISSED_MAKE_UP,
}
"""v or k: missed without a reason; p: excused, make-up pending; b: make-up missed."""


def read(typed: str, assessment: str, *, is_scored: bool) -> Value | MarkRefusal:
    """Read what was typed, with comma or point, or say why it is no mark."""
    text = " ".join(typed.split())
    if not text:
        return EMPTY
    if assessment == REMARK:
        too_long = len(text) > LONGEST_REMARK
        return MarkRefusal.REMARK_TOO_LONG if too_long else Value(remark=text)
    word = text.lower()
    if word in ABSENCE_WORDS:
        if assessment.startswith(REGULAR):
            return MarkRefusal.ABSENCE_OF_REGULAR
        return Value(absence=ABSENCE_WORDS[word])
    if is_scored:
        return _read_score(text)
    comment = COMMENT_WORDS.get(word)
    return Value(comment=comment) if comment else MarkRefusal.NOT_A_COMMENT


def _read_score(text: str) -> Value | MarkRefusal:
    found = NUMBER.fullmatch(text)
    if not found:
        return MarkRefusal.NOT_A_MARK
    whole, tail = found[1], (found[2] or "").rstrip("0")
    if len(tail) > 1:
        return MarkRefusal.TOO_FINE
    tenths = int(whole) * 10 + int(tail or 0)
    if tenths <= 100:  # noqa: PLR2004
        return Value(tenths=tenths)
    # "75" is how 7,5 comes out where the comma was not struck.
    likely = not tail and int(whole) < 100  # noqa: PLR2004
    return MarkRefusal.MAYBE_DECIMAL if likely else MarkRefusal.ABOVE_TEN


def shown(value: Value) -> str:
    """Write a value as the grid shows it, and as :func:`read` reads it back."""
    if value.tenths is not None:
        whole, tail = divmod(value.tenths, 10)
        return f"{whole},{tail}" if tail else str(whole)
    if value.comment is not None:
        return "Đ" if value.comment is Comment.PASS else "CĐ"
    if value.absence is not None:
        return next(k for k, v in ABSENCE_WORDS.items() if v is value.absence)
    return value.remark or ""


def columns_of(regulars: int) -> tuple[str, ...]:
    """Return the columns of a sheet in their order."""
    return (*(f"tx{n}" for n in range(1, regulars + 1)), MIDTERM, FINAL, REMARK)


def is_locked(locked: str, assessment: str) -> bool:
    """Say whether a column is closed; *locked* is the sheet's list: ``,tx1,gk,``."""
    return f",{EVERYTHING}," in locked or f",{assessment}," in locked


def with_locked(locked: str, assessment: str) -> str:
    """Return the sheet's list with one more column, or everything, closed."""
    if is_locked(locked, assessment):
        return locked
    return f"{locked or ','}{assessment},"


def without_locked(locked: str, assessment: str) -> str:
    """Return the list with a column open again; all of it for everything."""
    if assessment == EVERYTHING:
        return ""
    left = locked.replace(f",{assessment},", ",")
    return "" if left == "," else left
