"""A place in a course where a quiz stands; the quiz itself is kept by its feature."""

from dataclasses import dataclass
from typing import Any, ClassVar, Self

from courses.catalogue.activities.contract import Content, ContentProblem, DoneBy


@dataclass(frozen=True, slots=True)
class QuizContent:
    kind: ClassVar[str] = "quiz"
    icon: ClassVar[str] = "clipboard-check"
    done_by: ClassVar[DoneBy] = DoneBy.PASSING
    address: ClassVar[str] = "/quiz"

    @classmethod
    def parse(cls, content: Content) -> Self:
        if content:
            raise ValueError("a quiz keeps nothing in its activity")
        return cls()

    def stored(self) -> dict[str, Any]:
        return {}

    def problem(self) -> ContentProblem | None:
        return None
