"""Values of QTI variables: a base type, a cardinality, and what they hold.

Source: 1EdTech QTI 2.2, Assessment Test, Section and Item Information Model.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from courses.exchange.formats import specs
from courses.exchange.rules import NotTaken, Trouble

NUMERIC = ("integer", "float")
CONTAINERS = ("multiple", "ordered")
LARGEST = 10**60


@dataclass(frozen=True, slots=True)
class Value:
    """A single value, or a container of values; nothing in it is NULL."""

    base: str
    cardinality: str
    items: tuple[Any, ...] = ()

    @property
    def is_null(self) -> bool:
        return not self.items

    @property
    def one(self) -> Any:
        """Return the value of a single; None where it is NULL."""
        return self.items[0] if self.items else None

    def same(self, other: "Value") -> bool:
        """Compare as ``match`` does: order counts in ordered containers alone."""
        if len(self.items) != len(other.items) or self.is_null:
            return False
        if self.cardinality == "multiple":
            left = list(other.items)
            for item in self.items:
                found = next((one for one in left if alike(item, one, self.base)), None)
                if found is None:
                    return False
                left.remove(found)
            return True
        pairs = zip(self.items, other.items, strict=True)
        return all(alike(one, two, self.base) for one, two in pairs)


def single(base: str, item: Any) -> Value:
    return Value(base, "single", () if item is None else (item,))


TRUE, FALSE = single("boolean", True), single("boolean", False)
NULL = Value("identifier", "single")


def boolean(truth: bool) -> Value:
    return TRUE if truth else FALSE


def alike(one: Any, two: Any, base: str) -> bool:
    if base == "pair":
        return set(one) == set(two) and sorted(one) == sorted(two)
    return bool(one == two)


def _number(text: str) -> Fraction:
    return bounded(specs.exactly(text))


def bounded(number: Fraction) -> Fraction:
    """Keep numbers of a size that anybody means."""
    if abs(number) > LARGEST:
        raise NotTaken(Trouble.WRONG_NUMBER)
    long = number.denominator.bit_length() > 400  # noqa: PLR2004
    return number.limit_denominator(10**40) if long else number


def exactly(number: float) -> Fraction:
    if not math.isfinite(number):
        raise NotTaken(Trouble.WRONG_NUMBER)
    return bounded(Fraction(number))


def _pair(text: str) -> tuple[str, ...]:
    words = text.split()
    if len(words) != 2:  # noqa: PLR2004
        raise NotTaken(Trouble.WRONG_PAIRS, text)
    return tuple(words)


def _point(text: str) -> tuple[Fraction, ...]:
    return tuple(_number(word) for word in _pair(text))


READ: dict[str, Callable[[str], Any]] = {
    "identifier": str.strip,
    "string": str,
    "uri": str.strip,
    "file": str,
    "boolean": lambda text: text.strip().lower() in ("true", "1"),
    "integer": lambda text: Fraction(int(_number(text))),
    "float": _number,
    "duration": _number,
    "pair": _pair,
    "directedPair": _pair,
    "point": _point,
    "intOrIdentifier": str.strip,
}


def read(base: str, text: str) -> Any:
    """Read one value of a base type from its text."""
    return READ.get(base, str.strip)(text)


def of(base: str, cardinality: str, texts: Sequence[str]) -> Value:
    return Value(base, cardinality, tuple(read(base, text) for text in texts))
