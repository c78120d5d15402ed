"""Hand in files; people mark them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Self

from courses.items.rules import UNGRADED, WRONG, Response, Score, Spec
from courses.items.types.essay import (
    MOST_FILES,
    Marking,
    are_files,
    asset_id,
    file_types_in,
)
from courses.items.types.framing import Framed, frame_in
from courses.items.types.reading import count_in, without_defaults

LARGEST_MEGABYTES = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class FileUpload(Framed):
    """A response is the list of the ids of uploaded assets."""

    kind: ClassVar[str] = "file_upload"
    by_hand: ClassVar[bool] = True

    marking: Marking = field(default_factory=Marking)
    most_files: int = 1
    file_types: tuple[str, ...] = ()
    most_megabytes: int = 0
    """For each file; 0 for what media allow."""

    @classmethod
    def parse(cls, spec: Spec) -> Self:
        return cls(
            **frame_in(spec),
            marking=Marking.parse(spec),
            most_files=count_in(spec, "most_files", 1, least=1, most=MOST_FILES),
            file_types=file_types_in(spec),
            most_megabytes=count_in(spec, "most_megabytes", 0, most=LARGEST_MEGABYTES),
        )

    def stored(self) -> dict[str, Any]:
        return (
            self.framed()
            | {"most_files": self.most_files}
            | self.marking.stored()
            | without_defaults(
                file_types=list(self.file_types), most_megabytes=self.most_megabytes
            )
        )

    def grade(self, response: Response) -> Score:
        if not self.accepts(response) or not response:
            return WRONG
        return UNGRADED

    def files(self, response: Response) -> list[int]:
        return response if self.accepts(response) else []

    def accepts(self, response: Response) -> bool:
        return are_files(response, self.most_files)

    def from_form(self, values: Sequence[str]) -> Response:
        return [asset_id(value) for value in values if value.strip()] or None

    def key(self) -> None:
        return None
