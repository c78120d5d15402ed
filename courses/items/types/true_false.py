"""Say whether a statement is true."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from courses.items.rules import RIGHT, WRONG, Response, Score, Spec
from courses.items.types.framing import Framed, frame_in
from courses.items.types.reading import switch_in, text_in, without_defaults

FORM_WORDS = {"true": True, "false": False}


@dataclass(frozen=True, slots=True, kw_only=True)
class TrueFalse(Framed):
    kind: ClassVar[str] = "true_false"

    correct: bool
    feedback_true: str = ""
    """Rich text for whoever says "Đúng"."""
    feedback_false: str = ""

    @classmethod
    def parse(cls, spec: Spec) -> Self:
        if "correct" not in spec:
            raise ValueError("'correct' says whether the statement is true")
        return cls(
            **frame_in(spec),
            correct=switch_in(spec, "correct", False),
            feedback_true=text_in(spec, "feedback_true", ""),
            feedback_false=text_in(spec, "feedback_false", ""),
        )

    def stored(self) -> dict[str, Any]:
        return (
            self.framed()
            | {"correct": self.correct}
            | without_defaults(
                feedback_true=self.feedback_true, feedback_false=self.feedback_false
            )
        )

    def grade(self, response: Response) -> Score:
        # The number 1 equals True in Python, and is no response here.
        return RIGHT if response is self.correct else WRONG

    def remarks(self, response: Response) -> tuple[str, ...]:
        own = {True: self.feedback_true, False: self.feedback_false}
        said = own[response] if self.accepts(response) else ""
        general = self.outcome.of(self.grade(response))
        return tuple(text for text in (said, general) if text.strip())

    def accepts(self, response: Response) -> bool:
        return isinstance(response, bool)

    def is_blank(self, response: Response) -> bool:
        return response is None

    def from_form(self, values: Sequence[str]) -> Response:
        return FORM_WORDS.get(values[0], values[0]) if values else None

    def key(self) -> bool:
        return self.correct
