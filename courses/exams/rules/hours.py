"""The hours of a sitting: who may enter when, and until when answers count.

The server owns every moment.  Everybody's time begins with the bell, also that of
somebody who was let in late; what was added, to a person or to a whole room, moves the
deadline.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise

GRACE = timedelta(seconds=30)
"""How long after the deadline an answer that was on its way still counts."""

HEARTBEAT = timedelta(seconds=15)
LOST_AFTER = 2 * HEARTBEAT
"""Silence that long is lost time, and a tile that says so."""


class Phase(StrEnum):
    BEFORE = "before"
    ENTRY = "entry"
    WRITING = "writing"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Hours:
    """Of one session (ca thi)."""

    entry_at: datetime
    bell_at: datetime
    duration: timedelta
    late_entry: timedelta = timedelta(minutes=15)
    """After the bell, until when a late candidate is still let in."""

    def phase(self, now: datetime) -> Phase:
        if now < self.entry_at:
            return Phase.BEFORE
        if now < self.bell_at:
            return Phase.ENTRY
        return Phase.WRITING if now < self.bell_at + self.duration else Phase.OVER

    def may_enter(self, now: datetime) -> bool:
        return self.entry_at <= now < self.bell_at + self.late_entry

    def deadline(self, added: timedelta = timedelta()) -> datetime:
        """Return until when a candidate writes; a late one has what is left."""
        return self.bell_at + self.duration + added


def counts(deadline: datetime, now: datetime) -> bool:
    """Tell whether an answer that arrives *now* still counts."""
    return now < deadline + GRACE


@dataclass(frozen=True, slots=True)
class Silence:
    """From when to when nothing was heard of a seat."""

    began_at: datetime
    ended_at: datetime

    @property
    def lasted(self) -> timedelta:
        return self.ended_at - self.began_at


def silences(
    beats: Sequence[datetime], began_at: datetime, ended_at: datetime
) -> list[Silence]:
    """Return when a seat was not heard of between two moments.

    A silence begins with the last beat before it: that is what the candidate lost.
    *beats* may be in any order.
    """
    moments = [began_at, *sorted(b for b in beats if began_at < b < ended_at), ended_at]
    pairs = (Silence(*pair) for pair in pairwise(moments))
    return [silence for silence in pairs if silence.lasted > LOST_AFTER]


def proposed(
    lost: Sequence[Silence], answered_through: Sequence[datetime] = ()
) -> timedelta:
    """Return how much time to give back, in whole seconds rounded up.

    A candidate whose machine went on without the network lost nothing: a silence in
    which answers were given, as their own stamps say once they arrive, is left out.
    Two people still decide.
    """
    total = timedelta()
    for silence in lost:
        if any(silence.began_at < at < silence.ended_at for at in answered_through):
            continue
        total += silence.lasted
    return timedelta(seconds=-(-total // timedelta(seconds=1)))
