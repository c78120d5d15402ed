"""Something to read between questions; it asks nothing and is worth nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from courses.items.rules import WRONG, Response, Score, Spec
from courses.items.types.framing import Framed, frame_in


@dataclass(frozen=True, slots=True, kw_only=True)
class Description(Framed):
    kind: ClassVar[str] = "description"
    is_graded: ClassVar[bool] = False

    @classmethod
    def parse(cls, spec: Spec) -> Self:
        return cls(**frame_in(spec))

    def stored(self) -> dict[str, Any]:
        return self.framed()

    def grade(self, response: Response) -> Score:
        """Whatever is said here gives nothing: it stands at no points."""
        return WRONG

    def remarks(self, response: Response) -> tuple[str, ...]:
        return ()

    def accepts(self, response: Response) -> bool:
        return False

    def is_blank(self, response: Response) -> bool:
        """Nothing is asked, so nothing is ever missing."""
        return False

    def from_form(self, values: Sequence[str]) -> Response:
        return None

    def key(self) -> None:
        return None
