"""The one place that asks what time it is.

Rules take ``now`` as an argument; views and jobs call :func:`now`; tests freeze it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

DISTRICT_TIME = ZoneInfo("Asia/Ho_Chi_Minh")

_frozen: datetime | None = None


def now() -> datetime:
    """Return the current moment, aware and in UTC."""
    return _frozen or datetime.now(UTC)


def day_of(moment: datetime) -> date:
    """Return the calendar day that people in the district call this moment."""
    return moment.astimezone(DISTRICT_TIME).date()


@contextmanager
def frozen(moment: datetime) -> Iterator[None]:
    """Hold the clock at *moment*, for tests and for replaying an exam."""
    global _frozen  # noqa: PLW0603 -- one process, one clock
    before, _frozen = _frozen, moment
    try:
        yield
    finally:
        _frozen = before
