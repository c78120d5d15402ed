"""How a person's day and training record are put together."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby

NEWS_LIFE = timedelta(days=14)
"""How long a new certificate stays on the list of what to do."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How far somebody is in one course."""

    done: int
    required: int
    minutes_left: int
    completed: bool

    @property
    def percent(self) -> int:
        """Whole percent, rounded down, as the course's own page reckons it."""
        return self.done * 100 // self.required if self.required else 0


@dataclass(frozen=True, slots=True)
class RecordLine:
    """One completed course in a training record."""

    title: str
    slug: str
    completed_on: date
    minutes: int
    certificate_id: int | None
    certificate_number: str | None
    revoked: bool


@dataclass(frozen=True, slots=True)
class RecordYear:
    year: int
    lines: tuple[RecordLine, ...]

    @property
    def minutes(self) -> int:
        return sum(line.minutes for line in self.lines)


def is_news(issued_at: datetime, now: datetime) -> bool:
    return now - issued_at < NEWS_LIFE


def by_year(lines: Sequence[RecordLine]) -> list[RecordYear]:
    """Group completed courses by the year of completion, the latest first."""
    latest_first = sorted(lines, key=lambda line: line.completed_on, reverse=True)
    groups = groupby(latest_first, key=lambda line: line.completed_on.year)
    return [RecordYear(year, tuple(inside)) for year, inside in groups]
