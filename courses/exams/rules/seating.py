"""Candidates' numbers (số báo danh), rooms and seats.

Numbers follow the order of names, tên first.  Rooms are filled in the order of
numbers, and within a room seats are given so that no two candidates of one class sit
side by side wherever the class lists allow it; where one class is more than every
second seat of a room, the rule cannot hold, and whoever sits beside a classmate is told
apart.
"""

import heapq
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random


@dataclass(frozen=True, slots=True)
class Entrant:
    """A candidate as seating sees one."""

    id: int
    name_sort: str
    group: str
    """The class or unit; two of one group are kept apart."""


@dataclass(frozen=True, slots=True)
class Room:
    id: int
    seats: int


@dataclass(frozen=True, slots=True)
class Place:
    entrant: int
    room: int
    seat: int
    """From 1."""


class TooFewSeats(ValueError):
    """There are *missing* seats too few."""

    def __init__(self, missing: int) -> None:
        super().__init__(f"{missing} seats too few")
        self.missing = missing


def numbered(entrants: Sequence[Entrant], prefix: str = "") -> dict[int, str]:
    """Return everybody's number by id: *prefix*, then as many digits as are needed."""
    ordered = sorted(entrants, key=lambda one: (one.name_sort, one.id))
    width = max(3, len(str(len(ordered))))
    return {one.id: f"{prefix}{at:0{width}d}" for at, one in enumerate(ordered, 1)}


def seated(
    entrants: Sequence[Entrant], rooms: Sequence[Room], seed: str
) -> list[Place]:
    """Give everybody a room and a seat; raise TooFewSeats.

    Rooms are filled in the order of numbers, evenly where the last one would be nearly
    empty.  The same seed gives the same seats.
    """
    ordered = sorted(entrants, key=lambda one: (one.name_sort, one.id))
    missing = len(ordered) - sum(room.seats for room in rooms)
    if missing > 0:
        raise TooFewSeats(missing)
    lots, places, begin = Random(seed), [], 0  # noqa: S311 - drawn again by seed
    for room, count in zip(rooms, _shares(len(ordered), rooms), strict=True):
        inside = ordered[begin : begin + count]
        begin += count
        for seat, entrant in enumerate(apart(inside, lots), 1):
            places.append(Place(entrant.id, room.id, seat))
    return places


def _shares(count: int, rooms: Sequence[Room]) -> list[int]:
    """Split *count* over as few rooms as hold it, in proportion to their seats."""
    used, held = 0, 0
    while held < count:
        held += rooms[used].seats
        used += 1
    shares, left = [0] * len(rooms), count
    for at in range(used):
        shares[at] = min(rooms[at].seats, -(-rooms[at].seats * left // held))
        left -= shares[at]
        held -= rooms[at].seats
    return shares


def apart(entrants: Sequence[Entrant], lots: Random) -> list[Entrant]:
    """Order candidates so that neighbours are of different groups, if that can be.

    Always the largest group that is left comes next, unless it sat down just now; that
    fails only where no order succeeds.  Within a group the order is by lot.
    """
    groups: dict[str, list[Entrant]] = {}
    for entrant in entrants:
        groups.setdefault(entrant.group, []).append(entrant)
    for members in groups.values():
        lots.shuffle(members)
    heap = [(-len(members), lots.random(), name) for name, members in groups.items()]
    heapq.heapify(heap)
    line: list[Entrant] = []
    held: tuple[int, float, str] | None = None
    while heap or held:
        if not heap:
            # Only one group is left: its members must sit together.
            line += groups[held[2]] if held else []
            break
        size, lot, name = heapq.heappop(heap)
        line.append(groups[name].pop())
        if held:
            heapq.heappush(heap, held)
        held = (size + 1, lot, name) if size < -1 else None
    return line


def neighbours_of_one_group(
    entrants: Sequence[Entrant], places: Sequence[Place]
) -> list[tuple[int, int]]:
    """Return the pairs who sit side by side although they are of one group."""
    group_of = {entrant.id: entrant.group for entrant in entrants}
    by_seat = {(place.room, place.seat): place.entrant for place in places}
    return [
        (one, other)
        for (room, seat), one in sorted(by_seat.items())
        if (other := by_seat.get((room, seat + 1))) is not None
        and group_of[one] == group_of[other]
    ]


def duplicates(numbers: Sequence[str]) -> set[str]:
    """Return what stands more than once in a list of identity numbers."""
    return {number for number, count in Counter(numbers).items() if count > 1}
