"""Choose among options that are worked out from values that differ by attempt."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any, ClassVar, Self

from courses.items.rules import WRONG, Response, Score, Spec
from courses.items.types.calculated import (
    FILLED,
    Places,
    Variable,
    check_formula,
    drawn_row,
    filled,
    filled_frame,
    row_ids,
    rows_of,
    variables_in,
)
from courses.items.types.framing import Framed, frame_in
from courses.items.types.multiple_choice import SCORINGS, WEIGHTS
from courses.items.types.reading import (
    Option,
    names_in,
    options_in,
    put_in_order,
    switch_in,
    without_defaults,
    word_in,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CalculatedChoice(Framed):
    """Options hold ``{name}`` and ``{=formula}``.  A response is one option id, or a
    list of them where *several* may be chosen.
    """

    kind: ClassVar[str] = "calculated_choice"
    always_shuffled: ClassVar[bool] = True

    variables: tuple[Variable, ...]
    options: tuple[Option, ...]
    correct: frozenset[str]
    several: bool = False
    scoring: str = "weights"
    places: Places = field(default_factory=Places)
    shuffle: bool = True
    row: int = 0

    @classmethod
    def parse(cls, spec: Spec) -> Self:
        variables, options = variables_in(spec), options_in(spec)
        correct = names_in(spec, "correct", [option.id for option in options])
        several = switch_in(spec, "several", False)
        if not correct or (len(correct) > 1 and not several):
            raise ValueError("'correct' lists one option, or several where several may")
        for formula in _formulas([option.text for option in options]):
            check_formula(formula, rows_of(variables))
        return cls(
            **frame_in(spec),
            variables=variables,
            options=options,
            correct=frozenset(correct),
            several=several,
            scoring=word_in(spec, "scoring", [*SCORINGS, WEIGHTS], "net"),
            places=Places.parse(spec),
            shuffle=switch_in(spec, "shuffle", True),
        )

    def stored(self) -> dict[str, Any]:
        return (
            self.framed()
            | {
                "variables": [variable.stored() for variable in self.variables],
                "options": [option.stored() for option in self.options],
                "correct": sorted(self.correct),
                "scoring": self.scoring,
                **self.places.stored(),
                **({} if self.shuffle else {"shuffle": False}),
            }
            | without_defaults(several=self.several)
        )

    def grade(self, response: Response) -> Score:
        if not self.accepts(response) or not response:
            return WRONG
        picked = set(response) if self.several else {response}
        if self.scoring == WEIGHTS or not self.several:
            return Score(self._weighed(picked))
        return Score(SCORINGS[self.scoring](picked, self.correct, len(self.options)))

    def _weighed(self, picked: set[str]) -> Fraction:
        equal = Fraction(1, len(self.correct))
        shares = [
            (equal if one.id in self.correct else Fraction(0))
            if one.share is None
            else one.share
            for one in self.options
            if one.id in picked
        ]
        return min(max(sum(shares, Fraction(0)), Fraction(0)), Fraction(1))

    def accepts(self, response: Response) -> bool:
        known = {option.id for option in self.options}
        if not self.several:
            return isinstance(response, str) and response in known
        return (
            isinstance(response, list)
            and all(isinstance(key, str) and key in known for key in response)
            and len(set(response)) == len(response)
        )

    def from_form(self, values: Sequence[str]) -> Response:
        if self.several:
            return list(values) or None
        return values[0] if values else None

    @property
    def option_ids(self) -> tuple[str, ...]:
        """The rows, and behind them the options that may change their places."""
        options = tuple(option.id for option in self.options) if self.shuffle else ()
        return (*row_ids(self.variables), *(f"option:{key}" for key in options))

    def shuffled(self, order: Sequence[str]) -> Self:
        rows = [key for key in order if not key.startswith("option:")]
        keys = [key.removeprefix("option:") for key in order if key not in rows]
        number = drawn_row(self.variables, rows)
        row = rows_of(self.variables)[number]
        if not self.shuffle and keys:
            raise ValueError("the order names other options")
        options = put_in_order(self.options, keys) if self.shuffle else self.options
        return replace(
            self,
            row=number,
            options=tuple(
                replace(
                    one,
                    text=filled(one.text, row, self.places),
                    feedback=filled(one.feedback, row, self.places),
                )
                for one in options
            ),
            **filled_frame(self, self.variables, number),
        )

    def key(self) -> Any:
        return sorted(self.correct) if self.several else next(iter(self.correct))


def _formulas(texts: Sequence[str]) -> list[str]:
    return [match[1] for text in texts for match in FILLED.finditer(text) if match[1]]
