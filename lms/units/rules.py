"""The organisation tree as it was on a day, and which changes to it make sense."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from lms.kernel.errors import Refusal

ALWAYS = date(1900, 1, 1)
"""Since when units exist whose beginning nobody recorded."""


LONGEST_PARTS = (40, 200, 40)
"""Of a unit's code, name and kind, in characters."""


class UnitRefusal(Refusal):
    CODE_TAKEN = "unit-code-taken"
    NOT_OPEN = "unit-not-open"
    DAY_TOO_EARLY = "unit-day-too-early"
    PARENT_NOT_OPEN = "unit-parent-not-open"
    CIRCLE = "unit-circle"
    HAS_UNITS = "unit-has-units"
    NOTHING_TO_MERGE = "unit-nothing-to-merge"
    MERGED_INTO_ITSELF = "unit-merged-into-itself"
    NO_PARTS = "unit-no-parts"
    UNKNOWN_CODE = "unit-unknown-code"


@dataclass(frozen=True, slots=True)
class Description:
    """What a new unit is to be."""

    code: str
    name: str
    kind: str


def described(line: str) -> Description | None:
    """Read "mã | tên | loại" as a description; None where something is missing."""
    parts = [part.strip() for part in line.split("|")]
    fits = len(parts) == len(LONGEST_PARTS) and all(
        0 < len(part) <= longest
        for part, longest in zip(parts, LONGEST_PARTS, strict=True)
    )
    return Description(*parts) if fits else None


@dataclass(frozen=True, slots=True)
class Node:
    """A unit as it stood on one day."""

    id: int
    code: str
    name: str
    kind: str
    parent_id: int | None


class Tree:
    """All units that stood on one day."""

    def __init__(self, nodes: Iterable[Node]) -> None:
        self.nodes = {node.id: node for node in nodes}
        self._below: dict[int | None, list[Node]] = {}
        for node in sorted(self.nodes.values(), key=lambda one: (one.name, one.id)):
            # A unit whose superior is gone stands at the top.
            above = node.parent_id if node.parent_id in self.nodes else None
            self._below.setdefault(above, []).append(node)

    def __contains__(self, unit_id: int) -> bool:
        return unit_id in self.nodes

    def children(self, unit_id: int | None) -> list[Node]:
        """Return the units right below this one; the top ones for None."""
        return self._below.get(unit_id, [])

    def walk(
        self, unit_id: int | None = None, depth: int = 0
    ) -> Iterator[tuple[Node, int]]:
        """Yield the units below this one with their depth, each before its own."""
        for node in self.children(unit_id):
            yield node, depth
            yield from self.walk(node.id, depth + 1)

    def path(self, unit_id: int) -> list[Node]:
        """Return the unit and those above it, the topmost first."""
        found: list[Node] = []
        node = self.nodes.get(unit_id)
        while node and node not in found:
            found.insert(0, node)
            node = self.nodes.get(node.parent_id or 0)
        return found

    def below(self, unit_id: int) -> set[int]:
        """Return the ids of the unit and of all below it."""
        return {unit_id} | {node.id for node, _depth in self.walk(unit_id)}


def totals(tree: Tree, counts: Mapping[int, int]) -> dict[int, int]:
    """Add up, for each unit, what is counted in it and below it.

    Each thing is counted in one unit, so in a total it is counted once.
    """
    summed: dict[int, int] = {}

    def total(unit_id: int) -> int:
        own = counts.get(unit_id, 0)
        summed[unit_id] = own + sum(total(node.id) for node in tree.children(unit_id))
        return summed[unit_id]

    for top in tree.children(None):
        total(top.id)
    return summed


def move_refusal(tree: Tree, unit_id: int, parent_id: int | None) -> UnitRefusal | None:
    """Say why a unit cannot stand below another on the tree's day, or None."""
    if parent_id is None:
        return None
    if parent_id not in tree:
        return UnitRefusal.PARENT_NOT_OPEN
    return UnitRefusal.CIRCLE if parent_id in tree.below(unit_id) else None


def merge_refusal(
    tree: Tree, source_ids: Iterable[int], target_id: int
) -> UnitRefusal | None:
    """Say why these units cannot become part of another on the tree's day."""
    sources = set(source_ids)
    if not sources:
        return UnitRefusal.NOTHING_TO_MERGE
    if target_id in sources:
        return UnitRefusal.MERGED_INTO_ITSELF
    if not sources <= tree.nodes.keys():
        return UnitRefusal.NOT_OPEN
    inside = {inner for source in sources for inner in tree.below(source)}
    return UnitRefusal.CIRCLE if target_id in inside else None
