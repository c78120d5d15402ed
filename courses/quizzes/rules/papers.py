"""Drawing the papers (mã đề) of a blueprint: equivalent, and the same again by seed.

A paper is frozen once it is drawn: item versions, order, order of options and points.
It knows no course and no exam; whoever holds it asks from it.
"""

import hashlib
import json
import random
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from courses.quizzes.rules.attempts import Place, Slot
from courses.quizzes.rules.blueprint import Cell, Spread, Traits
from courses.quizzes.rules.supply import Shortage, Stocks, supply

FIRST_CODE = 101
Stock = Mapping[Traits, Sequence[int]]
"""The ids of the items that are alike."""


class CannotServe(Exception):
    """The bank lacks items; ``shortages`` says which."""

    def __init__(self, shortages: Sequence[Shortage]) -> None:
        super().__init__(f"{len(shortages)} shortages")
        self.shortages = shortages


@dataclass(frozen=True, slots=True)
class Drawn:
    """An item that a paper asks, and the cell that asked for it."""

    item_id: int
    cell: int


def codes(count: int, first: int = FIRST_CODE) -> list[str]:
    """Return paper codes as a school writes them: 101, 102, …"""
    return [str(first + number) for number in range(count)]


def draw_papers(  # noqa: PLR0913, PLR0917 - all that a draw hangs on
    cells: Sequence[Cell],
    stocks: Stocks,
    ids_of: Callable[[Traits], Sequence[int]],
    count: int,
    spread: Spread,
    seed: str,
) -> list[list[Drawn]]:
    """Draw *count* papers that ask the same of every candidate; raise CannotServe.

    *ids_of* names the items of a stock, and is asked only for stocks that serve.  Each
    paper stands in the order of the blueprint's parts; within a part items are
    shuffled.  The same seed over the same stock gives the same papers for ever.
    """
    lots = random.Random(seed)  # noqa: S311 - seeded by secrets, drawn again by seed
    served = supply(cells, stocks)
    if served.shortages:
        raise CannotServe(served.shortages)
    used_stocks = dict.fromkeys(traits for traits, _cell in served.flow)
    stock = {traits: ids_of(traits) for traits in used_stocks}
    used: Counter[int] = Counter()
    papers: list[list[Drawn]] = []
    for _ in range(count):
        if papers and spread is Spread.SHUFFLED:
            chosen = list(papers[0])
        else:
            chosen = _choose(served.flow, stock, used, lots)
        papers.append(_in_parts(chosen, cells, lots))
    return papers


def _choose(
    flow: Mapping[tuple[Traits, int], int],
    stock: Stock,
    used: Counter[int],
    lots: random.Random,
) -> list[Drawn]:
    wanted: dict[Traits, list[int]] = {}
    for (traits, cell), amount in flow.items():
        wanted.setdefault(traits, []).extend([cell] * amount)
    chosen = []
    for traits, for_cells in wanted.items():
        ids = _least_used(stock[traits], len(for_cells), used, lots)
        used.update(ids)
        lots.shuffle(ids)
        chosen += [Drawn(*pair) for pair in zip(ids, for_cells, strict=True)]
    return chosen


def _least_used(
    ids: Sequence[int], count: int, used: Counter[int], lots: random.Random
) -> list[int]:
    """Draw by lot, but what other papers ask only when nothing else is left."""
    fresh = [one for one in ids if one not in used] if used else ids
    if len(fresh) >= count:
        return lots.sample(list(fresh), count)
    rest = sorted(set(ids) - set(fresh))
    lots.shuffle(rest)
    rest.sort(key=lambda one: used[one])
    return [*fresh, *rest][:count]


def _in_parts(
    chosen: Sequence[Drawn], cells: Sequence[Cell], lots: random.Random
) -> list[Drawn]:
    parts = list(dict.fromkeys(cell.part for cell in cells))
    mixed = list(chosen)
    lots.shuffle(mixed)
    return sorted(mixed, key=lambda drawn: parts.index(cells[drawn.cell].part))


def part_starts(parts: Sequence[str]) -> list[tuple[int, str]]:
    """Return the position of the first item of each named part, from 1."""
    return [
        (position, part)
        for position, part in enumerate(parts, 1)
        if part and (position == 1 or parts[position - 2] != part)
    ]


def stored(places: Iterable[Place]) -> list[dict[str, Any]]:
    """Write a paper down as the document that is frozen."""
    return [
        {
            "position": place.position,
            "version": place.slot.item_version_id,
            "options": list(place.option_order),
            "points": str(place.slot.points),
        }
        for place in places
    ]


def places_in(document: Iterable[Mapping[str, Any]]) -> list[Place]:
    return [
        Place(
            position=one["position"],
            slot=Slot(
                one["version"], Decimal(one["points"]), tuple(sorted(one["options"]))
            ),
            option_order=tuple(one["options"]),
        )
        for one in document
    ]


def digest(document: Any) -> str:
    """Name a frozen paper by its content, as minutes and print-outs do."""
    written = json.dumps(document, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(written.encode()).hexdigest()


def letters(option_order: Sequence[str], picked: Iterable[str]) -> str:
    """Return the letters that options carry on a paper: ``B``, ``A, C``."""
    numbers = sorted(option_order.index(key) for key in picked if key in option_order)
    return ", ".join(chr(ord("A") + number) for number in numbers)
