"""Numbers as people type them: decimal comma or point, thousands, powers of ten.

Everything is exact and bounded: a number of a thousand digits is none.
"""

import re
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any

LONGEST_NUMBER = 60
HIGHEST_POWER = 100
MOST_DECIMALS = 12
PLAIN = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d{1,3})?", re.ASCII)
MINUS = str.maketrans({"\u2212": "-", "\u2013": "-", "\uff0d": "-"})


def number_of(value: Any) -> Decimal | None:
    """Read a stored number (text with a decimal point, or a JSON number)."""
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return None
    if isinstance(value, int) and abs(value) >= 10**LONGEST_NUMBER:
        return None
    text = str(value).strip().lower()
    if len(text) > LONGEST_NUMBER or not PLAIN.fullmatch(text):
        return None
    return _bounded(text)


def typed_number(text: Any) -> Fraction | None:
    """Read what a person typed as a number; None where it is none.

    ``3,5`` and ``3.5`` are the same.  Groups of three are thousands only where the
    writing leaves no doubt: ``1.234.567``, ``1.234,5`` and ``1,234.5`` are read so, but
    ``1.234`` is one and a bit, as on a calculator.
    """
    if not isinstance(text, str) or len(text) > LONGEST_NUMBER:
        return None
    plain = _with_one_mark(text.strip().lower().translate(MINUS))
    found = _bounded(plain) if plain else None
    return None if found is None else Fraction(found)


def _with_one_mark(text: str) -> str | None:
    """Return the number with a point for its decimals and no mark for thousands."""
    power = re.search(
        r"(?:e|\s?[x*×·]\s?10\^?\(?|\.10\^\(?)([+-]?\d{1,3})\)?$", text, re.ASCII
    )
    mantissa, exponent = (text, "")
    if power:
        mantissa, exponent = text[: power.start()], f"e{power[1]}"
    mantissa = re.sub(r"(?<=\d)[ \u00a0\u202f](?=\d{3})", "", mantissa)
    marks = [c for c in mantissa if c in ".,"]
    if not re.fullmatch(r"[+-]?[\d.,]*\d[\d.,]*", mantissa, re.ASCII):
        return None
    if len(set(marks)) > 1 or len(marks) > 1:
        mantissa = _without_thousands(mantissa, marks)
    if not mantissa:
        return None
    return mantissa.replace(",", ".") + exponent


def _without_thousands(mantissa: str, marks: list[str]) -> str:
    """Return *mantissa* with its thousands joined, or nothing if it is no number."""
    first, last = marks[0], marks[-1]
    whole, decimals = mantissa, ""
    if first != last:
        whole, _mark, decimals = mantissa.rpartition(last)
        decimals = f".{decimals}"
    thousands = rf"[+-]?\d{{1,3}}(?:{re.escape(first)}\d{{3}})+"
    if last in whole.replace(first, "") or not re.fullmatch(thousands, whole, re.ASCII):
        return ""
    return whole.replace(first, "") + decimals


def _bounded(text: str) -> Decimal | None:
    try:
        found = Decimal(text)
    except InvalidOperation:
        return None
    power = found.adjusted() if found else 0
    return found if abs(power) <= HIGHEST_POWER else None


def written(value: Fraction | Decimal, decimals: int | None = None) -> str:
    """Write a number with a decimal comma.

    *decimals* fixes their count (halves away from nought); without it there are as many
    as it takes, at most ``MOST_DECIMALS``.
    """
    exact = Fraction(value)
    if decimals is None:
        decimals = 0
        while decimals < MOST_DECIMALS and (exact * 10**decimals).denominator != 1:
            decimals += 1
    steps = int(abs(exact) * 10**decimals + Fraction(1, 2))
    digits = str(steps).rjust(decimals + 1, "0")
    whole, rest = digits[: len(digits) - decimals], digits[len(digits) - decimals :]
    sign = "-" if exact < 0 and steps else ""
    return f"{sign}{whole},{rest}" if decimals else f"{sign}{whole}"
