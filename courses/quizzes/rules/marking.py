"""Marking by people: blind, double, and what a difference between two marks leads to.

A response is marked by one or two markers.  Two marks that differ by no more than the
tolerance are averaged; beyond it, by policy, a third marker decides or the average
stands.  With a third mark, the two marks that lie nearest count, as examination boards
average them; when both lie equally near, the third marker's word stands.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from lms.kernel.errors import Refusal

DOUBLE = 2


class OnDifference(StrEnum):
    THIRD_MARKER = "third_marker"
    AVERAGE = "average_of_two"


class MarkRefusal(Refusal):
    OUT_OF_RANGE = "mark-out-of-range"
    MARKED_BY_YOU = "mark-already-given-by-you"
    ALREADY_SETTLED = "mark-already-settled"
    OWN_RESPONSE = "mark-own-response"
    NOT_FOR_MARKERS = "mark-not-for-markers"


@dataclass(frozen=True, slots=True)
class MarkingPolicy:
    markers: int = 1
    tolerance: Fraction = Fraction(0)
    """In points."""
    on_difference: OnDifference = OnDifference.THIRD_MARKER
    blind: bool = True
    """Markers see neither the learner's name nor another's mark."""


@dataclass(frozen=True, slots=True)
class Given:
    """A marker's word about a response, in points."""

    marker_id: int
    points: Fraction


@dataclass(frozen=True, slots=True)
class Settlement:
    """What the marks lead to: points, or one more marker."""

    points: Fraction | None
    markers_needed: int
    """How many marks the response needs in all."""


def settle(policy: MarkingPolicy, given: Sequence[Given]) -> Settlement:
    """Say what comes of the marks given so far, in the order they were given."""
    points = [mark.points for mark in given]
    if len(points) < policy.markers:
        return Settlement(None, policy.markers)
    if policy.markers < DOUBLE:
        return Settlement(points[0], policy.markers)
    first, second, *more = points
    apart = abs(first - second) > policy.tolerance
    if not apart or policy.on_difference is OnDifference.AVERAGE:
        return Settlement((first + second) / DOUBLE, DOUBLE)
    if not more:
        return Settlement(None, DOUBLE + 1)
    return Settlement(_nearest(first, second, more[0]), DOUBLE + 1)


def _nearest(first: Fraction, second: Fraction, third: Fraction) -> Fraction:
    to_first, to_second = abs(third - first), abs(third - second)
    if to_first == to_second:
        return third
    return (third + (first if to_first < to_second else second)) / DOUBLE


def mark_refusal(
    policy: MarkingPolicy,
    given: Sequence[Given],
    mark: Given,
    *,
    worth: Fraction,
    learner_id: int,
) -> MarkRefusal | None:
    """Say why this mark may not be given, or None."""
    if mark.marker_id == learner_id:
        return MarkRefusal.OWN_RESPONSE
    if not 0 <= mark.points <= worth:
        return MarkRefusal.OUT_OF_RANGE
    if settle(policy, given).points is not None:
        return MarkRefusal.ALREADY_SETTLED
    if any(before.marker_id == mark.marker_id for before in given):
        return MarkRefusal.MARKED_BY_YOU
    return None
