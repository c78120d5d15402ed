"""What counts as watched: the parts of a video that were really played.

The browser reports which parts it played; the server believes it only as far as time
allows.  Each second on the wall earns an allowance of at most two seconds of video, and
each newly covered second spends one.  A report that claims more is cut.  So however
often somebody reports, in however many tabs, at whatever claimed speed,

    covered  <=  SLACK + MAX_RATE x (time since the first report).

All times are whole milliseconds, so that sums are exact.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from lms.kernel.errors import Refused
from media.rules.refusals import MediaRefusal

MAX_RATE = 2.0
SLACK_MS = 4_000
"""Granted once, for a first report that comes before any time has passed."""

LARGEST_ALLOWANCE_MS = 10 * 60_000
"""What may be saved up, so that a line lost for minutes costs the learner nothing."""

MOST_REPORTED = 100
MOST_KEPT = 500
UNHEARD_END_MS = 1_500
"""Players stop a little before the length that the file states."""

PAIR = 2
LONGEST_SECONDS = 1_000_000
END_SHARE = 20
ALMOST_END_SECONDS = 8
STEP_BACK_SECONDS = 2

Interval = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Ledger:
    """What one person has covered of one video, and may still claim."""

    covered: tuple[Interval, ...] = ()
    allowance_ms: int = SLACK_MS

    @property
    def covered_ms(self) -> int:
        return total(self.covered)


@dataclass(frozen=True, slots=True)
class Report:
    """What a browser says it played since its last report, in milliseconds."""

    played: tuple[Interval, ...]
    position_ms: int
    rate: float = field(default=1.0)


def read_report(played: Any, position: Any, rate: Any) -> Report:
    """Read a report from outside, in seconds, or raise Refused."""
    if not isinstance(played, list | tuple) or len(played) > MOST_REPORTED:
        raise Refused(MediaRefusal.NOT_A_REPORT)
    speed = _finite(rate)
    if speed <= 0:
        raise Refused(MediaRefusal.NOT_A_REPORT)
    parts = tuple(_part(pair) for pair in played)
    return Report(parts, _milliseconds(position), speed)


def _part(pair: Any) -> Interval:
    if not isinstance(pair, list | tuple) or len(pair) != PAIR:
        raise Refused(MediaRefusal.NOT_A_REPORT)
    start, end = (_milliseconds(moment) for moment in pair)
    if end < start:
        raise Refused(MediaRefusal.NOT_A_REPORT)
    return start, end


def _milliseconds(seconds: Any) -> int:
    value = _finite(seconds)
    if not 0 <= value < LONGEST_SECONDS:
        raise Refused(MediaRefusal.NOT_A_REPORT)
    return round(value * 1000)


def _finite(value: Any) -> float:
    wrong = isinstance(value, bool) or not isinstance(value, int | float)
    # Compared first: an integer of four hundred digits is no float at all.
    if wrong or not -LONGEST_SECONDS < value < LONGEST_SECONDS:
        raise Refused(MediaRefusal.NOT_A_REPORT)
    return float(value)


def merged(intervals: Iterable[Interval]) -> tuple[Interval, ...]:
    """Join what overlaps or touches; the result is sorted and disjoint."""
    joined: list[Interval] = []
    for start, end in sorted(part for part in intervals if part[0] < part[1]):
        if joined and start <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(joined[-1][1], end)
        else:
            joined.append((start, end))
    return tuple(joined)


def total(covered: Iterable[Interval]) -> int:
    return sum(end - start for start, end in covered)


def missing(part: Interval, covered: tuple[Interval, ...]) -> tuple[Interval, ...]:
    """Return the pieces of *part* that are not covered yet, in order."""
    start, end = part
    walls = [(0, start), *merged(covered), (end, end)]
    gaps = ((max(a[1], start), min(b[0], end)) for a, b in pairwise(walls))
    return merged(gaps)


def credit(ledger: Ledger, start: int, end: int, elapsed: int, rate: float) -> Ledger:
    """Return the ledger after the part from *start* to *end* is claimed.

    *elapsed* is the time on the server's clock since the report before; *rate* is the
    speed that the browser claims.  What the allowance does not reach is not credited.
    """
    earned = int(max(elapsed, 0) * min(rate, MAX_RATE))
    allowance = min(ledger.allowance_ms + earned, LARGEST_ALLOWANCE_MS)
    believed: list[Interval] = []
    for gap_start, gap_end in missing((start, end), ledger.covered):
        length = min(gap_end - gap_start, allowance)
        believed.append((gap_start, gap_start + length))
        allowance -= length
    return Ledger(_longest(merged([*ledger.covered, *believed])), allowance)


def credit_report(
    ledger: Ledger, report: Report, elapsed: int, duration_ms: int
) -> Ledger:
    """Return the ledger after a whole report; time is earned once."""
    earned = credit(ledger, 0, 0, elapsed, report.rate)
    for start, end in report.played:
        earned = credit(earned, start, min(end, duration_ms), 0, report.rate)
    return earned


def _longest(covered: tuple[Interval, ...]) -> tuple[Interval, ...]:
    """Keep the row small: of very many crumbs the shortest are forgotten."""
    if len(covered) <= MOST_KEPT:
        return covered
    by_length = sorted(covered, key=lambda part: part[0] - part[1])
    return tuple(sorted(by_length[:MOST_KEPT]))


def percent(covered: Iterable[Interval], duration_ms: int) -> int:
    """Return how much was watched, rounded down; 100 only when the end was reached."""
    if duration_ms <= 0:
        return 0
    unheard = min(UNHEARD_END_MS, duration_ms // END_SHARE)
    watched = total(covered)
    return 100 if watched >= duration_ms - unheard else watched * 100 // duration_ms


def resume_at(position_seconds: float, duration_seconds: float | None) -> float:
    """Return where to go on: just before one stopped; after the end, the start."""
    if duration_seconds and position_seconds > duration_seconds - ALMOST_END_SECONDS:
        return 0.0
    return max(0.0, position_seconds - STEP_BACK_SECONDS)
