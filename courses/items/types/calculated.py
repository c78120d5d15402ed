"""Work out a number from values that differ from attempt to attempt."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction
from typing import Any, ClassVar, Self

from courses.items import expressions
from courses.items.expressions import Unsolvable
from courses.items.numbers import number_of, written
from courses.items.rules import WRONG, Response, Score, Spec
from courses.items.types.framing import Framed, Outcome, frame_in
from courses.items.types.numerical import (
    TOLERANCES,
    Units,
    first_that_agrees,
    key_text,
    stored_value,
    tolerance_in,
)
from courses.items.types.reading import (
    all_different,
    count_in,
    dict_in,
    label_in,
    list_in,
    number_in,
    share_of,
    text_in,
    without_defaults,
    word_in,
)
from courses.items.types.short_answer import is_typed

MOST_VARIABLES = 30
MOST_ROWS = 200
MOST_PLACES = 12
VARIABLE = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,39}")
FILLED = re.compile(r"\{=((?:[^{}]|\{[A-Za-z0-9_]*\}){1,500})\}|\{([A-Za-z]\w{0,39})\}")
NEARLY = Fraction(1, 10**9)
"""How far off a number may be that was not worked out exactly, as a share of it."""


@dataclass(frozen=True, slots=True)
class Variable:
    """A name in the text, and its value in each of the rows that attempts draw from."""

    name: str
    values: tuple[Decimal, ...]
    low: Decimal | None = None
    high: Decimal | None = None
    decimals: int = 0
    distribution: str = "uniform"

    @classmethod
    def parse(cls, spec: Spec) -> Self:
        name = label_in(spec, "name")
        if not VARIABLE.fullmatch(name):
            raise ValueError("the name of a variable is letters and digits")
        low, high = (
            number_in(spec, e) if spec.get(e) else None for e in ("low", "high")
        )
        return cls(
            name,
            _values(spec),
            low,
            high,
            count_in(spec, "decimals", 0, most=MOST_PLACES),
            word_in(spec, "distribution", ("uniform", "loguniform"), "uniform"),
        )

    def stored(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "values": [str(value) for value in self.values],
        } | without_defaults(
            low=None if self.low is None else str(self.low),
            high=None if self.high is None else str(self.high),
            decimals=self.decimals,
            distribution="" if self.distribution == "uniform" else self.distribution,
        )


def _values(spec: Spec) -> tuple[Decimal, ...]:
    given = spec.get("values")
    if not isinstance(given, list) or not 0 < len(given) <= MOST_ROWS:
        raise ValueError(f"a variable has 1 to {MOST_ROWS} 'values'")
    found = [number_of(value) for value in given]
    if None in found:
        raise ValueError("the values of a variable are numbers")
    return tuple(value for value in found if value is not None)


def variables_in(spec: Spec) -> tuple[Variable, ...]:
    variables = list_in(spec, "variables", Variable.parse, most=MOST_VARIABLES)
    all_different([variable.name for variable in variables], "variables")
    if len({len(variable.values) for variable in variables}) > 1:
        raise ValueError("all variables have as many values")
    return variables


def rows_of(variables: Sequence[Variable]) -> list[dict[str, Fraction]]:
    """Return the rows of values; a question without variables has one, empty."""
    if not variables:
        return [{}]
    return [
        {variable.name: Fraction(variable.values[n]) for variable in variables}
        for n in range(len(variables[0].values))
    ]


@dataclass(frozen=True, slots=True)
class Places:
    """How a value that was worked out is written."""

    count: int = 2
    by: str = "decimals"

    @classmethod
    def parse(cls, spec: Spec) -> Self:
        by = word_in(spec, "places_by", ("decimals", "significant"), "decimals")
        return cls(count_in(spec, "places", 2, most=MOST_PLACES), by)

    def stored(self) -> dict[str, Any]:
        return {"places": self.count, "places_by": self.by}

    def written(self, value: Fraction | float) -> str:
        if self.by == "decimals":
            return written(Fraction(value), self.count)
        text = f"{Decimal(f'{float(value):.{max(self.count, 1) - 1}e}'):f}"
        return text.replace(".", ",")


def filled(text: str, row: Mapping[str, Fraction], places: Places | None = None) -> str:
    """Put values into ``{name}`` and ``{=formula}``; what has no value stays."""

    def fill(match: re.Match[str]) -> str:
        if match[2]:
            return written(row[match[2]]) if match[2] in row else match[0]
        try:
            found = expressions.value_of(match[1], row)
        except Unsolvable:
            return match[0]
        return places.written(found) if places else written(Fraction(found))

    return FILLED.sub(fill, text)


def check_formula(formula: str, rows: Sequence[Mapping[str, Fraction]]) -> None:
    """Raise ValueError unless the formula has a value in every row."""
    for row in rows:
        expressions.value_of(formula, row)


@dataclass(frozen=True, slots=True)
class Formula:
    formula: str
    tolerance: Decimal
    by: str
    share: Fraction
    feedback: str
    places: Places = field(default_factory=Places)

    @classmethod
    def parse(cls, spec: Spec) -> Self:
        return cls(
            label_in(spec, "formula"),
            *tolerance_in(spec),
            share_of(spec.get("share", 1)),
            text_in(spec, "feedback", ""),
            Places.parse(spec),
        )

    def stored(self) -> dict[str, Any]:
        return {"formula": self.formula} | stored_value(self) | self.places.stored()

    def solved(self, row: Mapping[str, Fraction]) -> "Solved":
        value = expressions.value_of(self.formula, row)
        return Solved(Fraction(value), isinstance(value, float), self)


@dataclass(frozen=True, slots=True)
class Solved:
    """An answer as one row makes it."""

    value: Fraction
    is_rough: bool
    answer: Formula

    @property
    def share(self) -> Fraction:
        return self.answer.share

    def agrees(self, given: Fraction, factor: Fraction = Fraction(1)) -> bool:
        tolerance = Fraction(self.answer.tolerance)
        near = abs(given / factor - self.value) <= abs(self.value) * NEARLY
        compare = TOLERANCES[self.answer.by]
        return (self.is_rough and near) or compare(
            given / factor, self.value, tolerance
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Calculated(Framed):
    """The ids to shuffle are the rows: the first of an attempt's order is its own."""

    kind: ClassVar[str] = "calculated"
    always_shuffled: ClassVar[bool] = True

    variables: tuple[Variable, ...]
    answers: tuple[Formula, ...]
    units: Units = field(default_factory=Units)
    row: int = 0

    @classmethod
    def parse(cls, spec: Spec) -> Self:
        variables = variables_in(spec)
        answers = list_in(spec, "answers", Formula.parse, least=1, most=20)
        if not any(answer.share == 1 for answer in answers):
            raise ValueError("one of the answers gives full marks")
        for answer in answers:
            check_formula(answer.formula, rows_of(variables))
        return cls(
            **frame_in(spec),
            variables=variables,
            answers=answers,
            units=Units.parse(dict_in(spec, "units")),
        )

    def stored(self) -> dict[str, Any]:
        return (
            self.framed()
            | {
                "variables": [variable.stored() for variable in self.variables],
                "answers": [answer.stored() for answer in self.answers],
            }
            | without_defaults(units=self.units.stored())
        )

    @property
    def solved(self) -> list[Solved]:
        row = rows_of(self.variables)[self.row]
        return [answer.solved(row) for answer in self.answers]

    def agreed(self, response: Response) -> tuple[Solved | None, Fraction]:
        if not self.accepts(response):
            return None, Fraction(0)
        return first_that_agrees(self.solved, self.units, response)

    def grade(self, response: Response) -> Score:
        if not self.accepts(response):
            return WRONG
        return Score(self.agreed(response)[1])

    def remarks(self, response: Response) -> tuple[str, ...]:
        found, _share = self.agreed(response)
        row = rows_of(self.variables)[self.row]
        own = filled(found.answer.feedback, row) if found else ""
        general = self.outcome.of(self.grade(response))
        return tuple(text for text in (own, general) if text.strip())

    def accepts(self, response: Response) -> bool:
        return is_typed(response)

    def is_blank(self, response: Response) -> bool:
        return not isinstance(response, str) or not response.strip()

    def from_form(self, values: Sequence[str]) -> Response:
        if not values or not values[0].strip():
            return None
        return " ".join(value.strip() for value in values[:2]).strip()

    @property
    def option_ids(self) -> tuple[str, ...]:
        return row_ids(self.variables)

    def shuffled(self, order: Sequence[str]) -> Self:
        row = drawn_row(self.variables, order)
        return replace(self, row=row, **filled_frame(self, self.variables, row))

    def key(self) -> str:
        best = next(one for one in self.solved if one.share == 1)
        text = best.answer.places.written(best.value).replace(",", ".")
        return key_text(best.value, text, self.units)


def row_ids(variables: Sequence[Variable]) -> tuple[str, ...]:
    return tuple(f"row{number}" for number in range(len(rows_of(variables))))


def drawn_row(variables: Sequence[Variable], order: Sequence[str]) -> int:
    """Return the row that stands first; ValueError unless each is named once."""
    ids = row_ids(variables)
    if sorted(order) != sorted(ids):
        raise ValueError("the order names other options")
    return ids.index(order[0])


def filled_frame(
    item: Framed, variables: Sequence[Variable], number: int
) -> dict[str, Any]:
    """Return the shared texts of an item with the values of one row in them."""
    row = rows_of(variables)[number]
    outcome = item.outcome
    return {
        "stem": filled(item.stem, row),
        "explanation": filled(item.explanation, row),
        "outcome": Outcome(
            filled(outcome.right, row),
            filled(outcome.partly, row),
            filled(outcome.wrong, row),
            outcome.counts,
        ),
    }
