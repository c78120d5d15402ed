"""A file to download."""

from dataclasses import dataclass
from typing import Any, ClassVar, Self

from courses.catalogue.activities.contract import Content, ContentProblem, DoneBy


@dataclass(frozen=True, slots=True)
class FileContent:
    kind: ClassVar[str] = "file"
    icon: ClassVar[str] = "paperclip"
    done_by: ClassVar[DoneBy] = DoneBy.READING
    address: ClassVar[str] = ""

    asset_id: int | None
    why: str

    @classmethod
    def parse(cls, content: Content) -> Self:
        return cls(asset_id_in(content), str(content.get("why", "")))

    def stored(self) -> dict[str, Any]:
        return {"asset_id": self.asset_id, "why": self.why}

    def problem(self) -> ContentProblem | None:
        return None if self.asset_id else ContentProblem.NO_FILE


def asset_id_in(content: Content) -> int | None:
    """Read the asset that an activity shows; ValueError if it is no id."""
    asset_id = content.get("asset_id")
    if asset_id is not None and type(asset_id) is not int:
        raise ValueError("'asset_id' is the number of an uploaded file")
    return asset_id
