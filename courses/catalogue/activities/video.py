"""A video, with a text twin for those who cannot play it."""

from dataclasses import dataclass
from typing import Any, ClassVar, Self

from courses.catalogue.activities.contract import Content, ContentProblem, DoneBy
from courses.catalogue.activities.file import asset_id_in


@dataclass(frozen=True, slots=True)
class VideoContent:
    kind: ClassVar[str] = "video"
    icon: ClassVar[str] = "player-play"
    done_by: ClassVar[DoneBy] = DoneBy.WATCHING
    address: ClassVar[str] = ""

    asset_id: int | None
    html: str
    """What the video says, as text."""

    @classmethod
    def parse(cls, content: Content) -> Self:
        return cls(asset_id_in(content), str(content.get("html", "")))

    def stored(self) -> dict[str, Any]:
        return {"asset_id": self.asset_id, "html": self.html}

    def problem(self) -> ContentProblem | None:
        return None if self.asset_id else ContentProblem.NO_VIDEO
