"""Where the marks of a plot stand: figures in, coordinates out."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

WIDTH, HEIGHT = 640, 260
LEFT, RIGHT, TOP, BOTTOM = 46, 14, 14, 34
BINS = 10


@dataclass(frozen=True, slots=True)
class Bar:
    x: float
    y: float
    width: float
    height: float
    count: int
    low: int
    """Percent, from here (inclusive) …"""
    high: int
    """… to here; the last bar includes 100."""
    passed: bool
    """Whether everybody in it has passed."""


@dataclass(frozen=True, slots=True)
class Histogram:
    bars: Sequence[Bar]
    pass_x: float
    most: int


def histogram(ratios: Sequence[Fraction], pass_mark: int) -> Histogram:
    """Count results by tenths of what could be earned."""
    counts = [0] * BINS
    for ratio in ratios:
        counts[min(int(ratio * BINS), BINS - 1)] += 1
    most = max(counts, default=0)
    step = (WIDTH - LEFT - RIGHT) / BINS
    room = HEIGHT - TOP - BOTTOM
    bars = []
    for number, count in enumerate(counts):
        height = room * count / most if most else 0
        low = number * 100 // BINS
        bars.append(
            Bar(
                x=round(LEFT + number * step + 2, 1),
                y=round(TOP + room - height, 1),
                width=round(step - 4, 1),
                height=round(height, 1),
                count=count,
                low=low,
                high=low + 100 // BINS,
                passed=low >= pass_mark,
            )
        )
    return Histogram(bars, round(LEFT + step * BINS * pass_mark / 100, 1), most)


@dataclass(frozen=True, slots=True)
class Dot:
    x: float
    y: float
    number: int
    flagged: bool


def difficulty_map(
    points: Sequence[tuple[int, Fraction, Fraction, bool]],
) -> list[Dot]:
    """Place items by difficulty (across) and discrimination (up, from -1 to 1).

    *points* are number, difficulty, discrimination, and whether a flag is raised.
    """
    return [
        Dot(across(difficulty), up(discrimination), number, flagged)
        for number, difficulty, discrimination, flagged in points
    ]


def across(share: Fraction | float) -> float:
    return round(LEFT + (WIDTH - LEFT - RIGHT) * float(share), 1)


def up(value: Fraction | float) -> float:
    room = HEIGHT - TOP - BOTTOM
    return round(TOP + room * (1 - float(value)) / 2, 1)
