"""Worked cases as documents: reading their words and numbers, whoever wrote them."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from lms.marks.rules.results import Step
from lms.marks.rules.words import Absence, Comment, Level

Document = Mapping[str, Any]
COMMENT_WORDS = {"DAT": "D", "Đ": "D", "CĐ": "CD", "CHUA_DAT": "CD"}


@dataclass(frozen=True, slots=True)
class Answer:
    values: dict[str, Any]
    steps: tuple[Step, ...] = ()


def first(given: Document, *names: str) -> Any:
    return next((given[name] for name in names if name in given), None)


def mark(value: Any) -> Decimal | None:
    return None if value is None else Decimal(str(value))


def marks(values: Document | None) -> dict[str, Decimal | None]:
    return {code: mark(value) for code, value in (values or {}).items()}


def comment(value: Any) -> Comment | None:
    return None if value is None else Comment(COMMENT_WORDS.get(str(value), str(value)))


def comments(values: Document | None) -> dict[str, Comment | None]:
    return {code: comment(value) for code, value in (values or {}).items()}


def level(value: Any) -> Level | None:
    return None if value is None else Level(value)


def absence(given: Document, column: str) -> Absence | None:
    word = (given.get("absent") or {}).get(column)
    if word is None:
        return None
    if str(word) in ("excused_pending", "excused", "pending"):
        return Absence.PENDING
    return Absence.UNEXCUSED if word == "unexcused" else Absence.MISSED_MAKE_UP


def exempt(given: Document) -> frozenset[str]:
    return frozenset(first(given, "exempt", "exempted", "exempt_subjects") or ())


def is_comment_word(value: Any) -> bool:
    return isinstance(value, str) and COMMENT_WORDS.get(value, value) in set(Comment)
