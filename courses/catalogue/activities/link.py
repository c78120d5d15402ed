"""A link to a page elsewhere."""

from dataclasses import dataclass
from typing import Any, ClassVar, Self
from urllib.parse import urlsplit

from courses.catalogue.activities.contract import Content, ContentProblem, DoneBy


@dataclass(frozen=True, slots=True)
class LinkContent:
    kind: ClassVar[str] = "link"
    icon: ClassVar[str] = "external-link"
    done_by: ClassVar[DoneBy] = DoneBy.READING
    address: ClassVar[str] = ""

    url: str
    why: str
    """What the learner finds there and what to look at."""

    @classmethod
    def parse(cls, content: Content) -> Self:
        url, why = content.get("url", ""), content.get("why", "")
        if not isinstance(url, str) or not isinstance(why, str):
            raise ValueError("a link holds texts in 'url' and 'why'")
        if url and not is_web_address(url):
            raise ValueError("a link leads to http:// or https://")
        return cls(url, why)

    def stored(self) -> dict[str, Any]:
        return {"url": self.url, "why": self.why}

    def problem(self) -> ContentProblem | None:
        return None if self.url else ContentProblem.NO_ADDRESS


def is_web_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    printable = all(c > " " for c in url)
    return printable and parts.scheme in ("http", "https") and bool(parts.hostname)
