"""Keeping items: banks, new items, new versions of them, and finding them again."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from courses.items.models import Item, ItemBank, ItemVersion
from courses.items.rules import Spec
from courses.items.texts import texts_of, washed
from courses.items.types import parse
from lms.kernel import richtext
from lms.kernel.db import db
from lms.kernel.vietnamese import fold

MOST_FOUND = 20


def bank_of_course(course_id: int) -> ItemBank:
    """Return the course's own bank; the first call makes it."""
    scope = f"course:{course_id}"
    found = db.session.scalar(select(ItemBank).filter_by(scope=scope))
    if found:
        return found
    bank = ItemBank(name="", scope=scope)
    db.session.add(bank)
    db.session.flush()
    return bank


def add_item(
    bank: ItemBank, spec: Spec, actor_id: int | None, now: datetime
) -> ItemVersion:
    """Add an item with its first version; ValueError if *spec* is no item."""
    stored = cleaned(spec)
    item = Item(
        bank=bank, kind=stored["kind"], search=_search_words(stored), created_at=now
    )
    return _add_version(item, 1, stored, actor_id, now)


def edit_item(
    item: Item, spec: Spec, actor_id: int | None, now: datetime
) -> ItemVersion:
    """Add the next version; what changes nothing gives the newest one back."""
    stored = cleaned(spec)
    newest = newest_version(item)
    if stored == newest.spec:
        return newest
    item.kind, item.search = stored["kind"], _search_words(stored)
    return _add_version(item, newest.number + 1, stored, actor_id, now)


def _add_version(
    item: Item,
    number: int,
    stored: dict[str, Any],
    actor_id: int | None,
    now: datetime,
) -> ItemVersion:
    version = ItemVersion(
        item=item, number=number, spec=stored, created_by_id=actor_id, created_at=now
    )
    db.session.add(version)
    db.session.flush()
    return version


def cleaned(spec: Spec) -> dict[str, Any]:
    """Return the stored form of *spec* with its rich texts cleaned, or ValueError."""
    stored: dict[str, Any] = washed(parse(spec).stored())
    # Cleaning may have left nothing of a text; an item without it is none.
    return parse(stored).stored()


def _search_words(stored: dict[str, Any]) -> str:
    return fold(" ".join(richtext.plain(text) for text in texts_of(stored)))


def newest_version(item: Item) -> ItemVersion:
    query = select(ItemVersion).filter_by(item_id=item.id)
    newest = query.order_by(ItemVersion.number.desc()).limit(1)
    return db.session.scalars(newest).one()


def newest_in(
    scope: str, words: str, without: Collection[int] = ()
) -> Sequence[ItemVersion]:
    """Return the newest versions of items that hold all these words, newest first.

    Accents are ignored; *without* are ids of items that are not wanted.  At most
    ``MOST_FOUND`` are returned.
    """
    newest = (
        select(ItemVersion.item_id, func.max(ItemVersion.number).label("number"))
        .group_by(ItemVersion.item_id)
        .subquery()
    )
    query = (
        select(ItemVersion)
        .join(
            newest,
            (newest.c.item_id == ItemVersion.item_id)
            & (newest.c.number == ItemVersion.number),
        )
        .join(ItemVersion.item)
        .join(Item.bank)
        .where(ItemBank.scope == scope, Item.id.not_in(without))
        .order_by(Item.id.desc())
        .limit(MOST_FOUND)
    )
    for word in fold(words).split():
        query = query.where(Item.search.contains(word, autoescape=True))
    return db.session.scalars(query).all()
