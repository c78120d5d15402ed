"""Cần bao nhiêu để đạt: the least mark that still reaches a goal."""

from collections.abc import Sequence
from decimal import Decimal

from lms.marks.rules.averages import (
    TENTH,
    TOP,
    ZERO,
    Scores,
    term_average,
    year_average,
)


def final_needed(
    regular: Sequence[Decimal], midterm: Decimal, goal: Decimal
) -> Decimal | None:
    """Return the least final mark with which the term average reaches *goal*.

    None where even a ten does not.  The average is rounded before it is compared, so
    the answer is the least mark in tenths, found by halving.
    """
    return _least(
        lambda final: (
            term_average(Scores(tuple(regular), midterm, final), len(regular)).value
        ),
        goal,
    )


def second_term_needed(first: Decimal, goal: Decimal) -> Decimal | None:
    """Return the least second-term average with which the year reaches *goal*."""
    return _least(lambda second: year_average(first, second).value, goal)


def _least(average: object, goal: Decimal) -> Decimal | None:
    assert callable(average)  # noqa: S101
    if average(TOP) < goal:
        return None
    low, high = 0, 100
    while low < high:
        middle = (low + high) // 2
        if average(middle * TENTH) >= goal:
            high = middle
        else:
            low = middle + 1
    return ZERO if low == 0 else low * TENTH
