"""Stored forms of items, built from what the formats have in common.

All of this may raise NotTaken: with the reason that a teacher is told.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from html import escape
from itertools import count
from string import ascii_lowercase
from typing import Any

from courses.exchange.markup import is_empty, with_formulas
from courses.exchange.rules import NotTaken, Trouble

NEAR = Fraction(1, 5000)
"""Programs write a third as 33.33333; what is as near as this is meant exactly."""

LARGEST_PART = 40
LONGEST_NUMBER = 90
NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d{1,2})?", re.ASCII | re.I)


@dataclass(frozen=True, slots=True)
class Answer:
    """One option or wording: its text, what it gives, what is said to it."""

    text: str
    share: Fraction = Fraction(0)
    feedback: str = ""


def ids() -> Iterator[str]:
    """Give names to options: a to z, then a1, b1 and so on."""
    for number in count():
        for letter in ascii_lowercase:
            yield f"{letter}{number or ''}"


def percent(text: str) -> Fraction:
    """Read a percentage as a share: 33.33333 becomes a third."""
    try:
        exact = exactly(text.replace(",", "."))
    except NotTaken:
        raise NotTaken(Trouble.WRONG_WEIGHTS, text[:LONGEST_NUMBER]) from None
    return nicest(exact / 100)


def nicest(exact: Fraction) -> Fraction:
    if abs(exact) > 1:
        raise NotTaken(Trouble.WRONG_WEIGHTS, f"{float(exact * 100):g} %")
    near = exact.limit_denominator(LARGEST_PART)
    return near if abs(near - exact) <= NEAR else exact.limit_denominator(10**6)


def number(text: str) -> str:
    """Read a decimal number, comma or point; returned as it is stored."""
    plain = text.strip().replace("\u2212", "-").replace(" ", "").replace("\xa0", "")
    if plain.count(",") == 1 and "." not in plain:
        plain = plain.replace(",", ".")
    exactly(plain)
    return str(Decimal(plain))


def exactly(text: str) -> Fraction:
    """Read a number as programs write it.

    Raise NotTaken for what is none, and for 1e999999999, which would take all memory.
    """
    plain = text.strip()
    if len(plain) > LONGEST_NUMBER or not NUMBER.fullmatch(plain):
        raise NotTaken(Trouble.WRONG_NUMBER, plain[:LONGEST_NUMBER])
    return Fraction(plain)


def said(**parts: Any) -> dict[str, Any]:
    """Leave out the parts that say nothing."""
    return {name: part for name, part in parts.items() if part}


def choice(
    stem: str, answers: Sequence[Answer], *, single: bool, **frame: Any
) -> dict[str, Any]:
    """Build a choice of one or of several options."""
    names = list(zip(ids(), answers, strict=False))
    if len(names) < 2:  # noqa: PLR2004
        raise NotTaken(Trouble.NO_OPTIONS)
    if any(is_empty(one.text) for one in answers):
        raise NotTaken(Trouble.NO_OPTIONS)
    right = [name for name, one in names if one.share > 0]
    if not right:
        raise NotTaken(Trouble.NO_KEY)
    if single:
        return _single(stem, names, frame)
    plain = {one.share for one in answers} == {Fraction(0), Fraction(1, len(right))}
    scoring = "partial" if plain else "weights"
    options = [
        {"id": name, "text": one.text}
        | said(
            feedback=one.feedback,
            share=str(one.share) if scoring == "weights" else "",
        )
        for name, one in names
    ]
    return {
        "kind": "multiple_choice",
        "stem": stem,
        "options": options,
        "correct": right,
        "scoring": scoring,
        **frame,
    }


def _single(
    stem: str, names: Sequence[tuple[str, Answer]], frame: dict[str, Any]
) -> dict[str, Any]:
    full = [name for name, one in names if one.share == 1]
    if not full:
        raise NotTaken(Trouble.WRONG_WEIGHTS)
    weighed = len(full) > 1 or any(one.share not in (0, 1) for _name, one in names)
    options = [
        {"id": name, "text": one.text}
        | said(feedback=one.feedback)
        | ({"share": str(one.share)} if weighed else {})
        for name, one in names
    ]
    return {
        "kind": "single_choice",
        "stem": stem,
        "options": options,
        "correct": full[0],
        **frame,
    }


def true_false(
    stem: str, correct: bool, *, when_true: str = "", when_false: str = "", **frame: Any
) -> dict[str, Any]:
    return (
        {"kind": "true_false", "stem": stem, "correct": correct}
        | said(feedback_true=when_true, feedback_false=when_false)
        | frame
    )


def short_answer(
    stem: str, answers: Sequence[Answer], *, ignore_case: bool = True, **frame: Any
) -> dict[str, Any]:
    if not any(one.share == 1 for one in answers):
        raise NotTaken(Trouble.WRONG_WEIGHTS if answers else Trouble.NO_KEY)
    return (
        {"kind": "short_answer", "stem": stem}
        | wordings(answers)
        | {"ignore_case": ignore_case}
        | frame
    )


def wordings(answers: Sequence[Answer]) -> dict[str, Any]:
    """Return the part that short answers and blanks share; ``*`` is any letters."""
    starred = any("*" in one.text for one in answers)
    if all(one.share == 1 and not one.feedback for one in answers):
        listed: dict[str, Any] = {"accepted": [one.text for one in answers]}
    else:
        listed = {
            "answers": [
                {"pattern": one.text, "share": str(one.share)}
                | said(feedback=one.feedback)
                for one in answers
            ]
        }
    return listed | said(wildcards=starred)


@dataclass(frozen=True, slots=True)
class Amount:
    """A number that is looked for; *value* is empty for any number at all."""

    value: str
    tolerance: str = "0"
    share: Fraction = Fraction(1)
    feedback: str = ""


def numerical(stem: str, amounts: Sequence[Amount], **frame: Any) -> dict[str, Any]:
    if not any(one.value and one.share == 1 for one in amounts):
        raise NotTaken(Trouble.WRONG_WEIGHTS if amounts else Trouble.NO_KEY)
    return {
        "kind": "numerical",
        "stem": stem,
        "answers": [stored_amount(one) for one in amounts],
        **frame,
    }


def stored_amount(amount: Amount) -> dict[str, Any]:
    return {
        "value": number(amount.value) if amount.value else None,
        "tolerance": number(amount.tolerance or "0").lstrip("-"),
        "by": "absolute",
        "share": str(amount.share),
    } | said(feedback=amount.feedback)


def matching(
    stem: str, pairs: Sequence[tuple[str, str]], **frame: Any
) -> dict[str, Any]:
    """Build rows to be matched; a pair without a row only offers one more choice."""
    rows = [pair for pair in pairs if not is_empty(pair[0])]
    if any(is_empty(choice_) for _row, choice_ in pairs):
        raise NotTaken(Trouble.WRONG_PAIRS)
    choices = list(dict.fromkeys(choice_ for _row, choice_ in pairs))
    if not rows or len(choices) < 2:  # noqa: PLR2004
        raise NotTaken(Trouble.WRONG_PAIRS)
    named = dict(zip(choices, ids(), strict=False))
    return {
        "kind": "matching",
        "stem": stem,
        "rows": [
            {"id": f"r{place}", "text": row, "correct": [named[choice_]]}
            for place, (row, choice_) in enumerate(rows, 1)
        ],
        "options": [{"id": name, "text": text} for text, name in named.items()],
        **frame,
    }


def frame(
    *,
    explanation: str = "",
    right: str = "",
    partly: str = "",
    wrong: str = "",
    **more: Any,
) -> dict[str, Any]:
    """Build the part that surrounds every item."""
    return said(
        explanation=explanation,
        outcome=said(right=right, partly=partly, wrong=wrong),
        **more,
    )


def escaped(text: str) -> str:
    """Turn plain words into rich text, formulas drawn."""
    return with_formulas(escape(text, quote=False))


def quoted(text: str) -> str:
    """Write plain words so that they may stand in an attribute."""
    return escape(text, quote=True)
