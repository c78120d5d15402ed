"""Choose one option: the right one, or each worth a share of its own."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Self

from courses.items.rules import RIGHT, WRONG, Response, Score, Spec
from courses.items.types.framing import Framed, frame_in
from courses.items.types.reading import (
    Option,
    options_in,
    put_in_order,
    switch_in,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SingleChoice(Framed):
    kind: ClassVar[str] = "single_choice"

    options: tuple[Option, ...]
    correct: str
    shuffle: bool = True
    """Whether the options may be put in another order."""

    @classmethod
    def parse(cls, spec: Spec) -> Self:
        options, correct = options_in(spec), spec.get("correct")
        if correct not in [option.id for option in options]:
            raise ValueError("'correct' names one of the options")
        return cls(
            **frame_in(spec),
            options=options,
            correct=str(correct),
            shuffle=switch_in(spec, "shuffle", True),
        )

    def stored(self) -> dict[str, Any]:
        return self.framed() | {
            "options": [option.stored() for option in self.options],
            "correct": self.correct,
            **({} if self.shuffle else {"shuffle": False}),
        }

    @property
    def option_ids(self) -> tuple[str, ...]:
        return tuple(option.id for option in self.options) if self.shuffle else ()

    def grade(self, response: Response) -> Score:
        picked = self.option(response)
        if picked is None:
            return WRONG
        if picked.share is not None:
            return Score(picked.share)
        return RIGHT if picked.id == self.correct else WRONG

    def option(self, key: Response) -> Option | None:
        found = [option for option in self.options if option.id == key]
        return found[0] if found else None

    def accepts(self, response: Response) -> bool:
        return isinstance(response, str) and self.option(response) is not None

    def is_blank(self, response: Response) -> bool:
        return response is None

    def from_form(self, values: Sequence[str]) -> Response:
        return values[0] if values else None

    def shuffled(self, order: Sequence[str]) -> Self:
        if not order and not self.shuffle:
            return self
        return replace(self, options=put_in_order(self.options, order))

    def key(self) -> str:
        return self.correct
