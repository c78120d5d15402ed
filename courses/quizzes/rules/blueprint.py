"""Blueprints (ma trận đề): how many items of which topic and level a paper asks.

A cell asks for a number of items that a filter fits.  Whether a bank can serve all
cells at once is decided in ``supply``.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from lms.kernel.errors import Refusal

MOST_CELLS = 60
MOST_PER_CELL = 100
MOST_PAPERS = 60


class Spread(StrEnum):
    """How the papers of one blueprint differ."""

    SHUFFLED = "shuffled"
    """The same items in every paper; their order and that of their options differ."""
    DRAWN = "drawn"
    """Each paper draws items of its own, those used least so far first."""


class PaperRefusal(Refusal):
    BANK_TOO_SMALL = "blueprint-bank-too-small"
    WRONG_COUNT = "blueprint-wrong-count"


class BlueprintProblem(StrEnum):
    NO_CELLS = "blueprint-without-cells"
    TOO_MANY_CELLS = "blueprint-too-many-cells"
    NOTHING_TO_EARN = "blueprint-without-points"


@dataclass(frozen=True, slots=True)
class Traits:
    """What a cell can ask of an item."""

    topic: str
    """A path, ``Hàm số/Đạo hàm``: what fits a topic fits all that lies below it."""
    level: str
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """So many items of a topic, a level and a kind; an empty word asks for nothing."""

    topic: str
    level: str
    count: int
    points: Decimal = Decimal(1)
    """What each of its items is worth."""
    kind: str = ""
    part: str = ""
    """The part of the paper it stands in (Phần I); parts keep their order."""

    def fits(self, traits: Traits) -> bool:
        return (
            _is_within(traits.topic, self.topic)
            and self.level in ("", traits.level)
            and self.kind in ("", traits.kind)
        )

    def stored(self) -> dict[str, Any]:
        return {
            "topic": self.topic,
            "level": self.level,
            "count": self.count,
            "points": str(self.points),
            "kind": self.kind,
            "part": self.part,
        }


def cell_in(stored: Mapping[str, Any]) -> Cell:
    return Cell(**{**stored, "points": Decimal(stored["points"])})


def _is_within(topic: str, wanted: str) -> bool:
    return not wanted or topic == wanted or topic.startswith(wanted + "/")


def blueprint_problem(cells: Sequence[Cell]) -> BlueprintProblem | None:
    if not any(cell.count for cell in cells):
        return BlueprintProblem.NO_CELLS
    if len(cells) > MOST_CELLS:
        return BlueprintProblem.TOO_MANY_CELLS
    if not worth_of(cells):
        return BlueprintProblem.NOTHING_TO_EARN
    return None


def worth_of(cells: Iterable[Cell]) -> Decimal:
    return sum((cell.count * cell.points for cell in cells), Decimal())
