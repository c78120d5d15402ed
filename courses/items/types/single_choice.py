"""Choose the one right option."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Self

from courses.items.rules import RIGHT, WRONG, Response, Score, Spec
from courses.items.types.reading import (
    Option,
    explanation_in,
    options_in,
    put_in_order,
    stem_in,
)


@dataclass(frozen=True, slots=True)
class SingleChoice:
    kind: ClassVar[str] = "single_choice"

    stem: str
    options: tuple[Option, ...]
    correct: str
    explanation: str

    @classmethod
    def parse(cls, spec: Spec) -> Self:
        options, correct = options_in(spec), spec.get("correct")
        if correct not in [option.id for option in options]:
            raise ValueError("'correct' names one of the options")
        return cls(stem_in(spec), options, str(correct), explanation_in(spec))

    def stored(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "stem": self.stem,
            "options": [option.stored() for option in self.options],
            "correct": self.correct,
            "explanation": self.explanation,
        }

    @property
    def option_ids(self) -> tuple[str, ...]:
        return tuple(option.id for option in self.options)

    def grade(self, response: Response) -> Score:
        return RIGHT if response == self.correct else WRONG

    def accepts(self, response: Response) -> bool:
        return isinstance(response, str) and response in self.option_ids

    def is_blank(self, response: Response) -> bool:
        return response is None

    def from_form(self, values: Sequence[str]) -> Response:
        return values[0] if values else None

    def shuffled(self, order: Sequence[str]) -> Self:
        return replace(self, options=put_in_order(self.options, order))

    def key(self) -> str:
        return self.correct
