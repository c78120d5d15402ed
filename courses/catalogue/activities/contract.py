"""What every activity type must offer."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, ClassVar, Protocol, Self

Content = Mapping[str, Any]


class DoneBy(StrEnum):
    """What makes an activity count as done."""

    READING = "reading"
    """The learner opened it and said so."""
    WATCHING = "watching"
    """Enough of the video was really played, as the server reckons it."""
    PASSING = "passing"
    """A result reached the pass mark."""


class ContentProblem(StrEnum):
    """Why an activity cannot be published as it is."""

    EMPTY_PAGE = "page-empty"
    NO_FILE = "file-missing"
    NO_VIDEO = "video-missing"
    NO_ADDRESS = "link-missing"


class ActivityType(Protocol):
    """The content of one activity.  Pure: it knows no database and no Flask."""

    kind: ClassVar[str]
    icon: ClassVar[str]
    done_by: ClassVar[DoneBy]
    address: ClassVar[str]
    """What follows ``/activities/<id>`` in the address of the learner's page."""

    @classmethod
    def parse(cls, content: Content) -> Self:
        """Read the stored form; raise ValueError where it is wrong."""

    def stored(self) -> dict[str, Any]:
        """Return the form that is stored."""

    def problem(self) -> ContentProblem | None:
        """Say why it cannot be published, or None."""
