"""What banks hold for blueprints and draws: counted by traits, and drawn by lot."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import func, select

from courses.items.models import Item, ItemVersion
from courses.items.rules import ItemFilter, ItemLevel
from courses.items.services import drawing
from courses.items.services.finding import narrowed
from courses.quizzes.models.quizzes import QuizSlot
from courses.quizzes.rules.attempts import StartRefusal
from courses.quizzes.rules.blueprint import Cell, Traits, cell_in
from lms.kernel.db import db
from lms.kernel.errors import Refused

TRAITS = (Item.topic, Item.level, Item.kind)


def counts_in(bank_ids: Collection[int]) -> dict[Traits, int]:
    """Count the items of these banks by what a cell can ask, in one query."""
    query = narrowed(select(*TRAITS, func.count()), _all_of(bank_ids))
    rows = db.session.execute(query.group_by(*TRAITS))
    return {_traits(*row[:-1]): row[-1] for row in rows}


def ids_of(bank_ids: Collection[int], traits: Traits) -> list[int]:
    """Return the ids of the items that are alike in these traits, in one query."""
    wanted = replace(
        _all_of(bank_ids),
        topics=(traits.topic,),
        levels=(ItemLevel(traits.level),) if traits.level else (),
        kinds=(traits.kind,),
    )
    query = narrowed(select(Item.id), wanted)
    if not traits.level:
        query = query.where(Item.level.is_(None))
    return list(db.session.scalars(query.order_by(Item.id)))


def _all_of(bank_ids: Collection[int]) -> ItemFilter:
    return ItemFilter(tuple(bank_ids))


def _traits(topic: str, level: ItemLevel | None, kind: str) -> Traits:
    return Traits(topic, level.value if level else "", kind)


@dataclass(frozen=True, slots=True)
class Offer:
    """What the cells of a blueprint can choose from."""

    topics: Sequence[str]
    levels: Sequence[ItemLevel]
    kinds: Sequence[str]

    @property
    def known(self) -> tuple[Sequence[str], Sequence[str], Sequence[str]]:
        return self.topics, self.levels, self.kinds


def offer_in(stocks: dict[Traits, int]) -> Offer:
    """Say what there is, with the upper topics of a path (Hàm số of Hàm số/Bậc hai)."""
    topics = {
        "/".join(steps[: depth + 1])
        for steps in (traits.topic.split("/") for traits in stocks)
        for depth in range(len(steps))
    }
    return Offer(
        topics=sorted(topics - {""}),
        levels=list(ItemLevel),
        kinds=sorted({traits.kind for traits in stocks}),
    )


def newest_versions(item_ids: Collection[int]) -> dict[int, ItemVersion]:
    """Return the newest version of each item, by the item's id."""
    pinned = [one.version_id for one in drawing.pinned(list(item_ids))]
    query = select(ItemVersion).where(ItemVersion.id.in_(pinned))
    return {version.item_id: version for version in db.session.scalars(query)}


def draw(slot: QuizSlot, taken: set[int], seed: str) -> list[ItemVersion]:
    """Draw what a slot asks, nothing of *taken*, and add it to *taken*.

    Raise Refused where the bank lacks items: nobody gets a shorter quiz than another.
    """
    document: dict[str, Any] = slot.draw or {}
    cell = cell_in(document["cell"])
    wanted = filter_of(cell, document["bank_ids"], frozenset(taken))
    drawn = drawing.draw(wanted, cell.count, seed)
    if len(drawn) < cell.count:
        raise Refused(StartRefusal.BANK_TOO_SMALL)
    taken.update(one.item_id for one in drawn)
    query = select(ItemVersion).where(ItemVersion.id.in_([d.version_id for d in drawn]))
    versions = {version.id: version for version in db.session.scalars(query)}
    return [versions[one.version_id] for one in drawn]


def filter_of(
    cell: Cell, bank_ids: Collection[int], without: frozenset[int] = frozenset()
) -> ItemFilter:
    """Return the bank's own filter for a cell."""
    return ItemFilter(
        tuple(bank_ids),
        kinds=(cell.kind,) if cell.kind else (),
        topic_within=cell.topic,
        levels=(ItemLevel(cell.level),) if cell.level else (),
        without=without,
    )
