"""A page of rich text."""

from dataclasses import dataclass
from typing import Any, ClassVar, Self

from courses.catalogue.activities.contract import Content, ContentProblem, DoneBy


@dataclass(frozen=True, slots=True)
class PageContent:
    kind: ClassVar[str] = "page"
    icon: ClassVar[str] = "file-text"
    done_by: ClassVar[DoneBy] = DoneBy.READING
    address: ClassVar[str] = ""

    html: str

    @classmethod
    def parse(cls, content: Content) -> Self:
        html = content.get("html", "")
        if not isinstance(html, str):
            raise ValueError("a page holds its text in 'html'")
        return cls(html)

    def stored(self) -> dict[str, Any]:
        return {"html": self.html}

    def problem(self) -> ContentProblem | None:
        return None if self.html.strip() else ContentProblem.EMPTY_PAGE
