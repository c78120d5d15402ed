"""Finding items again: by words without accents, and by what is noted about them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select, exists, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from courses.items.models import Item, ItemBank, ItemCategory, ItemTag, ItemVersion
from courses.items.rules import USABLE, ItemFilter, ItemLevel, ItemState
from lms.kernel.db import db
from lms.kernel.paging import Page
from lms.kernel.vietnamese import fold

Query = TypeVar("Query", bound=Select[*tuple[Any, ...]])
MOST_FOUND = 20
PAGE = 25
MOST_TAGS = 40


def narrowed(query: Query, wanted: ItemFilter) -> Query:
    """Narrow a query over items to those that are meant."""
    query = query.where(Item.bank_id.in_(wanted.bank_ids))
    for column, values in (
        (Item.kind, wanted.kinds),
        (Item.topic, wanted.topics),
        (Item.level, wanted.levels),
        (Item.state, wanted.states),
    ):
        if values:
            query = query.where(column.in_(values))
    if wanted.topic_within:
        query = query.where(_within(wanted.topic_within))
    for tag in wanted.tags:
        named = exists().where(ItemTag.item_id == Item.id, ItemTag.name == tag)
        query = query.where(named)
    if wanted.category_id is not None:
        query = query.where(Item.category_id.in_(_below(wanted.category_id)))
    for word in fold(wanted.words).split():
        query = query.where(Item.search.contains(word, autoescape=True))
    if wanted.without:
        query = query.where(Item.id.not_in(wanted.without))
    return query


def _within(topic: str) -> ColumnElement[bool]:
    # LIKE would take Ä for ä on one engine and not on the other.
    below = topic + "/"
    return or_(Item.topic == topic, func.substr(Item.topic, 1, len(below)) == below)


def _below(category_id: int) -> Select[Any]:
    root = select(ItemCategory.path).where(ItemCategory.id == category_id)
    return select(ItemCategory.id).where(
        ItemCategory.path.startswith(root.scalar_subquery())
    )


@dataclass(frozen=True, slots=True)
class Found:
    """An item with its newest version."""

    item: Item
    version: ItemVersion


def items_page(
    wanted: ItemFilter, number: int, size: int = PAGE, total: int | None = None
) -> Page[Found]:
    """Return one page of the items that are meant, the newest first.

    A number beyond the end gives the last page.  *total* spares counting again.
    """
    if total is None:
        total = db.session.scalar(narrowed(select(func.count(Item.id)), wanted)) or 0
    number = min(max(number, 1), max(1, -(-total // size)))
    query = narrowed(_with_newest(), wanted).order_by(Item.id.desc())
    rows = db.session.execute(query.limit(size).offset((number - 1) * size))
    return Page([Found(item, version) for item, version in rows], number, size, total)


def _with_newest() -> Select[Item, ItemVersion]:
    return (
        select(Item, ItemVersion)
        .join(
            ItemVersion,
            (ItemVersion.item_id == Item.id)
            & (ItemVersion.number == Item.newest_number),
        )
        .options(selectinload(Item.tags), joinedload(Item.category))
    )


def newest_of(item_ids: Collection[int]) -> list[Found]:
    """Return these items with their newest versions, in the order of the ids."""
    query = _with_newest().where(Item.id.in_(item_ids))
    found = {
        item.id: Found(item, version) for item, version in db.session.execute(query)
    }
    return [found[key] for key in item_ids if key in found]


@dataclass(frozen=True, slots=True)
class Counts:
    """How many items there are of each sort, among those that are meant."""

    total: int = 0
    kinds: Mapping[str, int] = field(default_factory=dict)
    topics: Mapping[str, int] = field(default_factory=dict)
    levels: Mapping[ItemLevel | None, int] = field(default_factory=dict)
    states: Mapping[ItemState, int] = field(default_factory=dict)
    tags: Mapping[str, int] = field(default_factory=dict)


def counts_of(wanted: ItemFilter) -> Counts:
    """Count the items by sort, in two queries however many they are."""
    sorts = (Item.kind, Item.topic, Item.level, Item.state)
    query = narrowed(select(*sorts, func.count()), wanted).group_by(*sorts)
    tables: tuple[dict[Any, int], ...] = ({}, {}, {}, {})
    total = 0
    for *values, count in db.session.execute(query):
        total += count
        for table, value in zip(tables, values, strict=True):
            table[value] = table.get(value, 0) + count
    kinds, topics, levels, states = tables
    return Counts(total, kinds, topics, levels, states, _tags(wanted))


def _tags(wanted: ItemFilter) -> dict[str, int]:
    count = func.count().label("count")
    query = narrowed(
        select(ItemTag.name, count).join(Item, Item.id == ItemTag.item_id), wanted
    )
    query = query.group_by(ItemTag.name).order_by(count.desc()).limit(MOST_TAGS)
    return {name: int(total) for name, total in db.session.execute(query)}


def newest_in(
    scope: str, words: str, without: Collection[int] = ()
) -> Sequence[ItemVersion]:
    """Return the newest versions of items that hold all these words, newest first.

    Accents are ignored; *without* are ids of items that are not wanted.  At most
    ``MOST_FOUND`` are returned.
    """
    query = (
        select(ItemVersion)
        .join(
            Item,
            (Item.id == ItemVersion.item_id)
            & (Item.newest_number == ItemVersion.number),
        )
        .join(Item.bank)
        .where(
            ItemBank.scope == scope,
            Item.id.not_in(without),
            Item.state.in_(USABLE),
        )
        .order_by(Item.id.desc())
        .limit(MOST_FOUND)
    )
    for word in fold(words).split():
        query = query.where(Item.search.contains(word, autoescape=True))
    return db.session.scalars(query).all()
