"""Say whether a statement is true."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from courses.items.rules import RIGHT, WRONG, Response, Score, Spec
from courses.items.types.reading import explanation_in, stem_in, switch_in

FORM_WORDS = {"true": True, "false": False}


@dataclass(frozen=True, slots=True)
class TrueFalse:
    kind: ClassVar[str] = "true_false"

    stem: str
    correct: bool
    explanation: str

    @classmethod
    def parse(cls, spec: Spec) -> Self:
        if "correct" not in spec:
            raise ValueError("'correct' says whether the statement is true")
        return cls(
            stem_in(spec), switch_in(spec, "correct", False), explanation_in(spec)
        )

    def stored(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "stem": self.stem,
            "correct": self.correct,
            "explanation": self.explanation,
        }

    @property
    def option_ids(self) -> tuple[str, ...]:
        """True stands before false, always."""
        return ()

    def grade(self, response: Response) -> Score:
        # The number 1 equals True in Python, and is no response here.
        return RIGHT if response is self.correct else WRONG

    def accepts(self, response: Response) -> bool:
        return isinstance(response, bool)

    def is_blank(self, response: Response) -> bool:
        return response is None

    def from_form(self, values: Sequence[str]) -> Response:
        return FORM_WORDS.get(values[0], values[0]) if values else None

    def shuffled(self, order: Sequence[str]) -> Self:
        if order:
            raise ValueError("there are no options to put in order")
        return self

    def key(self) -> bool:
        return self.correct
