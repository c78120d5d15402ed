"""Give a number, within a tolerance, with or without a unit."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any, ClassVar, Protocol, Self, TypeVar

from courses.items.numbers import typed_number
from courses.items.rules import Response, Score, Spec
from courses.items.types.framing import Framed, frame_in
from courses.items.types.reading import (
    all_different,
    dict_in,
    label_in,
    list_in,
    number_in,
    share_of,
    switch_in,
    text_in,
    without_defaults,
    word_in,
)
from courses.items.types.short_answer import is_typed
from lms.kernel.vietnamese import fold

Sought = TypeVar("Sought", bound="Looked")
MOST_ANSWERS = 20
MOST_UNITS = 40
MOST_PLACES = 15


def absolute(given: Fraction, value: Fraction, tolerance: Fraction) -> bool:
    return abs(given - value) <= tolerance


def relative(given: Fraction, value: Fraction, tolerance: Fraction) -> bool:
    """Take *tolerance* as a share of the value: 0.05 is five percent."""
    return abs(given - value) <= tolerance * abs(value)


def geometric(given: Fraction, value: Fraction, tolerance: Fraction) -> bool:
    """Allow as much below by division as above by multiplication."""
    ends = (value / (1 + tolerance), value * (1 + tolerance))
    return min(ends) <= given <= max(ends)


def significant(given: Fraction, value: Fraction, places: Fraction) -> bool:
    """Compare after rounding to so many significant digits, halves away from zero."""
    return _to_figures(given, int(places)) == _to_figures(value, int(places))


def decimals(given: Fraction, value: Fraction, places: Fraction) -> bool:
    """Compare after rounding to so many decimals, halves away from zero."""
    return _rounded(given, int(places)) == _rounded(value, int(places))


def _to_figures(value: Fraction, places: int) -> Fraction:
    if not value:
        return value
    return _rounded(value, places - 1 - _power(abs(value)))


def _power(size: Fraction) -> int:
    """Return the power of ten of the first digit."""
    power = len(str(size.numerator)) - len(str(size.denominator))
    return power if size >= Fraction(10) ** power else power - 1


def _rounded(value: Fraction, places: int) -> Fraction:
    unit = Fraction(10) ** -places
    steps = int(abs(value) / unit + Fraction(1, 2))
    return steps * unit * (1 if value >= 0 else -1)


class Looked(Protocol):
    """Something that a typed number may agree with."""

    @property
    def share(self) -> Fraction: ...

    def agrees(self, given: Fraction, factor: Fraction = ...) -> bool: ...


TOLERANCES: dict[str, Callable[[Fraction, Fraction, Fraction], bool]] = {
    "absolute": absolute,
    "relative": relative,
    "geometric": geometric,
    "significant": significant,
    "decimals": decimals,
}
BY_PLACES = ("significant", "decimals")


@dataclass(frozen=True, slots=True)
class Value:
    """One number that is looked for, and what it gives."""

    value: Decimal | None
    """None for any number at all: the last resort, with its feedback."""
    tolerance: Decimal = Decimal(0)
    by: str = "absolute"
    share: Fraction = Fraction(1)
    feedback: str = ""

    @classmethod
    def parse(cls, spec: Spec) -> Self:
        value = None if spec.get("value") is None else number_in(spec, "value")
        return cls(
            value,
            *tolerance_in(spec),
            share_of(spec.get("share", 1)),
            text_in(spec, "feedback", ""),
        )

    def stored(self) -> dict[str, Any]:
        return {
            "value": None if self.value is None else str(self.value)
        } | stored_value(self)

    def agrees(self, given: Fraction, factor: Fraction = Fraction(1)) -> bool:
        """Compare a number given in a unit that is *factor* of the value's own."""
        if self.value is None:
            return True
        compare = TOLERANCES[self.by]
        return compare(given / factor, Fraction(self.value), Fraction(self.tolerance))


def tolerance_in(spec: Spec) -> tuple[Decimal, str]:
    """Read how far off a number may be, and how that is meant."""
    by = word_in(spec, "by", list(TOLERANCES), "absolute")
    tolerance = number_in({"tolerance": 0, **spec}, "tolerance")
    if tolerance < 0:
        raise ValueError("'tolerance' is never below nought")
    if by in BY_PLACES and not _is_places(tolerance, least=by == "significant"):
        raise ValueError(f"'tolerance' counts places, at most {MOST_PLACES}")
    return tolerance, by


def _is_places(tolerance: Decimal, *, least: int) -> bool:
    whole = tolerance == tolerance.to_integral_value()
    return whole and least <= tolerance <= MOST_PLACES


def stored_value(answer: Any) -> dict[str, Any]:
    """Return what values and formulas store alike."""
    return {
        "tolerance": str(answer.tolerance),
        "by": answer.by,
        "share": str(answer.share),
    } | without_defaults(feedback=answer.feedback)


@dataclass(frozen=True, slots=True)
class Unit:
    name: str
    factor: Decimal
    """How many of this unit make one of the unit that the values are in."""

    @classmethod
    def parse(cls, spec: Spec) -> Self:
        name, factor = (
            label_in(spec, "name"),
            number_in({"factor": 1, **spec}, "factor"),
        )
        if not name.strip() or factor <= 0:
            raise ValueError("a unit has a name and a factor above nought")
        return cls(name.strip(), factor)

    def stored(self) -> dict[str, Any]:
        return {"name": self.name, "factor": str(self.factor)}


UNIT_POLICIES = ("none", "optional", "graded")
UNIT_INPUTS = ("text", "choice")


@dataclass(frozen=True, slots=True)
class Units:
    """The units a number may be given in, and what a wrong one costs.

    ``none``: a unit is not asked for; what is typed after the number makes it wrong.
    ``optional``: a number without a unit is taken in the first one.  ``graded``: a
    missing or unknown unit costs ``penalty``.
    """

    units: tuple[Unit, ...] = ()
    policy: str = "none"
    input: str = "text"
    """Whether the unit is typed after the number, or chosen beside it."""
    before: bool = False
    """Whether the unit stands before the number: $ 100."""
    penalty: Fraction = Fraction(1)
    penalty_of: str = "total"
    """Whether the penalty is a share of full marks, or of what the number gave."""

    @classmethod
    def parse(cls, spec: Spec) -> Self:
        units = list_in(spec, "units", Unit.parse, most=MOST_UNITS)
        all_different([unit.name for unit in units], "units")
        policy = word_in(spec, "policy", UNIT_POLICIES, "none")
        if policy == "graded" and not units:
            raise ValueError("a unit that is graded is listed")
        return cls(
            units,
            policy,
            word_in(spec, "input", UNIT_INPUTS, "text"),
            switch_in(spec, "before", False),
            share_of(spec.get("penalty", 1)),
            word_in(spec, "penalty_of", ("total", "response"), "total"),
        )

    def stored(self) -> dict[str, Any]:
        if not self.units and self.policy == "none":
            return {}
        return {
            "units": [unit.stored() for unit in self.units],
            "policy": self.policy,
            "input": self.input,
            "penalty": str(self.penalty),
            "penalty_of": self.penalty_of,
        } | without_defaults(before=self.before)

    def split(self, typed: str) -> tuple[Fraction | None, str]:
        """Part what was typed into its number and the words around it."""
        text = " ".join(typed.split())
        for unit in sorted(self.units, key=lambda one: -len(one.name)):
            bare = _without(text, unit.name)
            if bare is not None and (found := typed_number(bare)) is not None:
                return found, unit.name
        for end in range(len(text), 0, -1):
            found = typed_number(text[:end])
            if found is not None:
                return found, text[end:].strip()
        return None, ""

    def known(self, name: str) -> Unit | None:
        found = [unit for unit in self.units if unit.name == name]
        return found[0] if found else None

    def reduced(self, share: Fraction) -> Fraction:
        """Take the penalty for a missing or unknown unit off *share*."""
        off = self.penalty * (share if self.penalty_of == "response" else 1)
        return max(share - off, Fraction(0))


def _without(text: str, unit: str) -> str | None:
    """Return *text* without the unit at its end or beginning; None without it."""
    if text.endswith(unit):
        return text[: -len(unit)].strip()
    if text.startswith(unit):
        return text[len(unit) :].strip()
    folded = fold(unit)
    # A keyboard without accents, or a capital at the start, is no other unit; but the
    # case of symbols counts: mW is not MW.
    if len(folded) == len(unit) > 3 and fold(text).endswith(folded):  # noqa: PLR2004
        return text[: -len(unit)].strip()
    return None


@dataclass(frozen=True, slots=True)
class Slider:
    """A scale to slide on, instead of typing."""

    low: Decimal
    high: Decimal
    step: Decimal

    @classmethod
    def parse(cls, spec: Spec) -> Self | None:
        if not spec:
            return None
        low, high, step = (number_in(spec, name) for name in ("low", "high", "step"))
        if low >= high or step <= 0:
            raise ValueError("a scale rises from 'low' to 'high' by 'step'")
        return cls(low, high, step)

    def stored(self) -> dict[str, Any]:
        return {
            "low": str(self.low),
            "high": str(self.high),
            "step": str(self.step),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Numerical(Framed):
    kind: ClassVar[str] = "numerical"

    answers: tuple[Value, ...]
    units: Units = field(default_factory=Units)
    slider: Slider | None = None

    @classmethod
    def parse(cls, spec: Spec) -> Self:
        answers = list_in(spec, "answers", Value.parse, least=1, most=MOST_ANSWERS)
        if not any(one.share == 1 and one.value is not None for one in answers):
            raise ValueError("one of the answers is a number with full marks")
        return cls(
            **frame_in(spec),
            answers=answers,
            units=Units.parse(dict_in(spec, "units")),
            slider=Slider.parse(dict_in(spec, "slider")),
        )

    def stored(self) -> dict[str, Any]:
        return (
            self.framed()
            | {"answers": [answer.stored() for answer in self.answers]}
            | without_defaults(
                units=self.units.stored(),
                slider=self.slider.stored() if self.slider else None,
            )
        )

    def agreed(self, response: Response) -> tuple[Value | None, Fraction]:
        """Return the first value that agrees, and the share that the response earns."""
        if not self.accepts(response):
            return None, Fraction(0)
        return first_that_agrees(self.answers, self.units, response)

    def grade(self, response: Response) -> Score:
        return Score(self.agreed(response)[1])

    def remarks(self, response: Response) -> tuple[str, ...]:
        found, _share = self.agreed(response)
        own = found.feedback if found else ""
        general = self.outcome.of(self.grade(response))
        return tuple(text for text in (own, general) if text.strip())

    def accepts(self, response: Response) -> bool:
        """Take what was typed, the unit behind or before the number."""
        return is_typed(response)

    def is_blank(self, response: Response) -> bool:
        return not isinstance(response, str) or not response.strip()

    def from_form(self, values: Sequence[str]) -> Response:
        """Join the number and, where it is chosen beside it, the unit."""
        if not values or not values[0].strip():
            return None
        return " ".join(value.strip() for value in values[:2]).strip()

    def key(self) -> str:
        """Return the first number with full marks as it would be typed."""
        right = [
            one.value
            for one in self.answers
            if one.share == 1 and one.value is not None
        ]
        return key_text(Fraction(right[0]), str(right[0]), self.units)


def key_text(value: Fraction, text: str, units: Units) -> str:
    """Write a number with its unit, if a unit is asked for."""
    unit = units.units[0] if units.units and units.policy != "none" else None
    if unit is None:
        return text.replace(".", ",")
    scaled = value * Fraction(unit.factor)
    words = text if unit.factor == 1 else _decimal(scaled)
    pair = (unit.name, words) if units.before else (words, unit.name)
    return " ".join(pair).replace(".", ",")


def _decimal(value: Fraction) -> str:
    return f"{Decimal(value.numerator) / Decimal(value.denominator):f}"


def first_that_agrees(
    answers: Sequence[Sought], units: Units, typed: str
) -> tuple[Sought | None, Fraction]:
    """Find the first answer that agrees with what was typed, and its share."""
    number, unit_name = units.split(typed)
    if number is None:
        return None, Fraction(0)
    unit = units.known(unit_name)
    if unit_name and unit is None and units.policy != "graded":
        return None, Fraction(0)
    factor = Fraction(unit.factor) if unit else Fraction(1)
    for answer in answers:
        if answer.agrees(number, factor):
            lacks = units.policy == "graded" and unit is None
            return answer, units.reduced(answer.share) if lacks else answer.share
    return None, Fraction(0)
