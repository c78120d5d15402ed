"""Drawing items by chance: the same seed from the same bank draws the same items.

A bank may hold a hundred thousand items, and a draw must not read them all.  Each item
lies in one of ``BUCKETS`` buckets, by chance; a draw opens a few buckets that its seed
names, and more of them until it has several times as many items as it needs.
"""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Select, func, select

from courses.items.models import BUCKETS, Item, ItemVersion
from courses.items.rules import BankRefusal, ItemFilter, ItemLevel
from courses.items.services.finding import narrowed
from lms.kernel.db import db
from lms.kernel.errors import Refused

FIRST_BUCKETS = 8
MORE = 16
SPREAD = 4
"""How many times more items than needed are gathered before lots are cast."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """An item that was drawn, with the version that is newest now: pin that one."""

    item_id: int
    version_id: int


def draw(wanted: ItemFilter, count: int, seed: str) -> list[Drawn]:
    """Draw *count* different items, in an order by chance; fewer if there are fewer."""
    # Not for secrets: what is drawn is shown to candidates; only chance is wanted.
    lots = random.Random(f"draw:{seed}")  # noqa: S311
    ids = _gathered(wanted, count, lots)
    return pinned(lots.sample(ids, min(count, len(ids))))


def draw_all(wanted: ItemFilter, count: int, seed: str) -> list[Drawn]:
    """Draw *count* different items, or raise Refused if there are fewer."""
    drawn = draw(wanted, count, seed)
    if len(drawn) < count:
        raise Refused(BankRefusal.NOT_ENOUGH_ITEMS)
    return drawn


def _gathered(wanted: ItemFilter, count: int, lots: random.Random) -> list[int]:
    """Return at least ``SPREAD`` times *count* ids if there are so many, sorted."""
    buckets = lots.sample(range(BUCKETS), BUCKETS)
    opened = FIRST_BUCKETS
    query = narrowed(select(Item.id), wanted)
    while opened < BUCKETS:
        ids = _ids(query.where(Item.bucket.in_(buckets[:opened])))
        if len(ids) >= SPREAD * count:
            return ids
        opened *= MORE
    return _ids(query)


def _ids(query: Select[int]) -> list[int]:
    return sorted(db.session.scalars(query))


def pinned(item_ids: Sequence[int]) -> list[Drawn]:
    """Return the newest versions of these items now, in the order of the ids."""
    query = (
        select(ItemVersion.item_id, ItemVersion.id)
        .join(
            Item,
            (Item.id == ItemVersion.item_id)
            & (Item.newest_number == ItemVersion.number),
        )
        .where(Item.id.in_(item_ids))
    )
    versions = {row.item_id: row.id for row in db.session.execute(query)}
    return [Drawn(key, versions[key]) for key in item_ids]


def candidates(wanted: ItemFilter) -> list[Drawn]:
    """Return all items that are meant with their newest versions, by id."""
    return pinned(_ids(narrowed(select(Item.id), wanted)))


def supply_of(wanted: ItemFilter) -> Mapping[tuple[str, ItemLevel | None], int]:
    """Count what there is of each topic and level, in one query."""
    query = narrowed(select(Item.topic, Item.level, func.count()), wanted)
    rows = db.session.execute(query.group_by(Item.topic, Item.level))
    return {(topic, level): count for topic, level, count in rows}
