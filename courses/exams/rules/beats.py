"""Signs of life of a candidate's page."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Beat:
    """A sign of life, as the page sends it."""

    window: str
    position: int | None
    """The question in view."""
    running: timedelta
    """How long the page has run without a stop, by its own steady clock."""
