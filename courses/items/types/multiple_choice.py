"""Choose every right option, and no other."""

from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, ClassVar, Self

from courses.items.rules import WRONG, Response, Score, Spec
from courses.items.types.reading import (
    Option,
    explanation_in,
    options_in,
    put_in_order,
    stem_in,
)

Picks = AbstractSet[str]


def net(picked: Picks, correct: Picks) -> Fraction:
    """Take a wrong pick off for a right one, never below nothing."""
    hits = len(picked & correct) - len(picked - correct)
    return Fraction(max(hits, 0), len(correct))


def whole(picked: Picks, correct: Picks) -> Fraction:
    """Give full marks for exactly the right picks, else nothing."""
    return Fraction(picked == correct)


SCORINGS: dict[str, Callable[[Picks, Picks], Fraction]] = {"net": net, "whole": whole}


@dataclass(frozen=True, slots=True)
class MultipleChoice:
    kind: ClassVar[str] = "multiple_choice"

    stem: str
    options: tuple[Option, ...]
    correct: frozenset[str]
    explanation: str
    scoring: str = "net"

    @classmethod
    def parse(cls, spec: Spec) -> Self:
        options, correct = options_in(spec), spec.get("correct")
        if not isinstance(correct, list) or not correct:
            raise ValueError("'correct' lists at least one option")
        if any(key not in [option.id for option in options] for key in correct):
            raise ValueError("'correct' names an option that is not there")
        scoring = spec.get("scoring", "net")
        if scoring not in list(SCORINGS):
            raise ValueError(f"'scoring' is one of {', '.join(SCORINGS)}")
        return cls(
            stem_in(spec), options, frozenset(correct), explanation_in(spec), scoring
        )

    def stored(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "stem": self.stem,
            "options": [option.stored() for option in self.options],
            "correct": sorted(self.correct),
            "scoring": self.scoring,
            "explanation": self.explanation,
        }

    @property
    def option_ids(self) -> tuple[str, ...]:
        return tuple(option.id for option in self.options)

    def grade(self, response: Response) -> Score:
        if not self.accepts(response):
            return WRONG
        return Score(SCORINGS[self.scoring](set(response), self.correct))

    def accepts(self, response: Response) -> bool:
        """Take a list of option ids, each once, in any order."""
        if not isinstance(response, list) or len(response) > len(self.options):
            return False
        return all(
            isinstance(key, str) and key in self.option_ids for key in response
        ) and (len(set(response)) == len(response))

    def is_blank(self, response: Response) -> bool:
        return not response

    def from_form(self, values: Sequence[str]) -> Response:
        return list(values) or None

    def shuffled(self, order: Sequence[str]) -> Self:
        return replace(self, options=put_in_order(self.options, order))

    def key(self) -> list[str]:
        return sorted(self.correct)
