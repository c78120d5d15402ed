"""How long a job is held, when it is tried again, and when it is given up."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

LEASE = timedelta(seconds=60)
FIRST_WAIT = timedelta(seconds=5)
LONGEST_WAIT = timedelta(minutes=30)
DEFAULT_TRIES = 5


@dataclass(frozen=True, slots=True)
class Handler:
    """What is called for a kind of job, and how often it may fail."""

    kind: str
    call: Callable[[Any, dict[str, Any]], None]
    tries: int
    every: timedelta | None = None


def wait_after(tries: int) -> timedelta:
    """Wait twice as long after each failure: 5 s, 10 s, 20 s … at most 30 minutes."""
    return min(FIRST_WAIT * (1 << min(tries - 1, 20)), LONGEST_WAIT)
