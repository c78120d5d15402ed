"""Keeping items: new ones, new versions of them, and those brought in from files."""

import html
import re
import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from courses.items.models import (
    BUCKETS,
    Item,
    ItemBank,
    ItemReview,
    ItemTag,
    ItemVersion,
)
from courses.items.rules import (
    MOVES,
    About,
    BankRefusal,
    ItemEvent,
    ItemState,
    Spec,
    move_refusal,
)
from courses.items.texts import texts_of, washed
from courses.items.types import parse
from lms.kernel.db import db
from lms.kernel.errors import Refused
from lms.kernel.vietnamese import fold
from lms.people.models import Account

STROKE = " | "
"""Stands between the stem and the rest in an item's words for searching."""
LONGEST_SEARCH = 4000
LONGEST_STEM = 1500
AT_ONCE = 500
TAG = re.compile(r"<[^>]*>")
NOTHING_KNOWN = About()


def bank_of_course(course_id: int) -> ItemBank:
    """Return the course's own bank; the first call makes it."""
    scope = f"course:{course_id}"
    own = select(ItemBank).filter_by(scope=scope).order_by(ItemBank.id).limit(1)
    found = db.session.scalar(own)
    if found:
        return found
    bank = ItemBank(name="", scope=scope)
    db.session.add(bank)
    db.session.flush()
    return bank


def add_item(
    bank: ItemBank,
    spec: Spec,
    actor_id: int | None,
    now: datetime,
    about: About = NOTHING_KNOWN,
) -> ItemVersion:
    """Add an item with its first version; ValueError if *spec* is no item."""
    version = _new_item(bank, cleaned(spec), about, actor_id, now)
    db.session.flush()
    return version


def _new_item(
    bank: ItemBank,
    stored: dict[str, Any],
    about: About,
    actor_id: int | None,
    now: datetime,
) -> ItemVersion:
    item = Item(
        bank=bank,
        kind=stored["kind"],
        search=_search_words(stored, about),
        created_at=now,
        newest_number=1,
        state=ItemState.DRAFT,
        bucket=secrets.randbelow(BUCKETS),
    )
    _note(item, about)
    version = ItemVersion(
        item=item, number=1, spec=stored, created_by_id=actor_id, created_at=now
    )
    db.session.add(version)
    return version


def _note(item: Item, about: About) -> None:
    item.name, item.topic, item.level = about.name, about.topic, about.level
    item.category_id, item.points = about.category_id, about.points
    wanted = dict.fromkeys(about.tags)
    if list(wanted) != [tag.name for tag in item.tags]:
        item.tags = [ItemTag(name=name) for name in wanted]


def about_of(item: Item) -> About:
    """Return what the bank notes about an item."""
    return About(
        item.name,
        item.topic,
        item.level,
        tuple(tag.name for tag in item.tags),
        item.category_id,
        item.points,
    )


def edit_item(
    item: Item, spec: Spec, actor_id: int | None, now: datetime
) -> ItemVersion:
    """Add the next version; what changes nothing gives the newest one back.

    What was reviewed is a draft again: nobody has read the new wording.  A retired
    item is Refused.
    """
    stored = cleaned(spec)
    newest = newest_version(item)
    if stored == newest.spec:
        return newest
    version = _next_version(item, stored, actor_id, now)
    db.session.flush()
    return version


def _next_version(
    item: Item, stored: dict[str, Any], actor_id: int | None, now: datetime
) -> ItemVersion:
    if reason := move_refusal(item.state, ItemEvent.EDIT):
        raise Refused(reason)
    item.state = MOVES[item.state, ItemEvent.EDIT]
    item.kind = stored["kind"]
    item.search = _search_words(stored, about_of(item))
    item.newest_number += 1
    version = ItemVersion(
        item=item,
        number=item.newest_number,
        spec=stored,
        created_by_id=actor_id,
        created_at=now,
    )
    db.session.add(version)
    return version


def describe_item(item: Item, about: About) -> None:
    """Change what the bank notes about an item; its wording stays."""
    _note(item, about)
    item.search = _search_words(newest_version(item).spec, about)
    db.session.flush()


def cleaned(spec: Spec) -> dict[str, Any]:
    """Return the stored form of *spec* with its rich texts cleaned, or ValueError."""
    stored: dict[str, Any] = parse(spec).stored()
    clean = washed(stored)
    # Cleaning may have left nothing of a text; an item without it is none.
    return stored if clean == stored else parse(clean).stored()


def _search_words(stored: dict[str, Any], about: About) -> str:
    """Return the folded stem and passage, a stroke, and whatever else is written."""
    asked = [stored["stem"], stored.get("passage", "")]
    rest = [text for text in texts_of(stored) if text not in asked]
    noted = [about.name, about.topic, *about.tags]
    stem = fold(" ".join(plain(text) for text in asked))[:LONGEST_STEM]
    return f"{stem}{STROKE}{fold(' '.join([*map(plain, rest), *noted]))}"[
        :LONGEST_SEARCH
    ]


def plain(clean: str) -> str:
    """Return the words of rich text that is clean already."""
    return " ".join(html.unescape(TAG.sub(" ", clean)).split())


def newest_version(item: Item) -> ItemVersion:
    query = select(ItemVersion).filter_by(item_id=item.id)
    newest = query.order_by(ItemVersion.number.desc()).limit(1)
    return db.session.scalars(newest).one()


def versions_of(item: Item) -> Sequence[ItemVersion]:
    """Return every version, the newest first."""
    query = select(ItemVersion).filter_by(item_id=item.id)
    return db.session.scalars(query.order_by(ItemVersion.number.desc())).all()


def reviews_of(item: Item) -> Sequence[ItemReview]:
    query = select(ItemReview).filter_by(item_id=item.id)
    return db.session.scalars(query.order_by(ItemReview.id.desc())).all()


def names_of(account_ids: Collection[int | None]) -> dict[int, str]:
    """Return the full names of these people."""
    query = select(Account.id, Account.full_name).where(Account.id.in_(account_ids))
    return {row.id: row.full_name for row in db.session.execute(query)}


class Outcome(StrEnum):
    """What became of an item that was brought in."""

    ADDED = "added"
    CHANGED = "changed"
    SAME = "same"


@dataclass(frozen=True, slots=True)
class Entry:
    """An item as a file brings it in."""

    external_id: str
    """Names it within the bank; the same name again is the same item."""
    spec: Spec
    about: About = NOTHING_KNOWN


@dataclass(frozen=True, slots=True)
class Put:
    entry: Entry
    outcome: Outcome
    version: ItemVersion


def put_items(
    bank: ItemBank, entries: Sequence[Entry], actor_id: int | None, now: datetime
) -> list[Put]:
    """Add these items, or replace those of the same external id by a new version.

    To put the same entries again changes nothing.  ValueError where an entry is no
    item (check with :func:`cleaned` first), Refused for an item that is retired.
    """
    done: list[Put] = []
    for begin in range(0, len(entries), AT_ONCE):
        some = entries[begin : begin + AT_ONCE]
        known = _known(bank, [entry.external_id for entry in some])
        with db.session.no_autoflush:
            done += [_put(bank, entry, known, actor_id, now) for entry in some]
        db.session.flush()
    return done


def put_item(bank: ItemBank, entry: Entry, actor_id: int | None, now: datetime) -> Put:
    return put_items(bank, [entry], actor_id, now)[0]


def _known(bank: ItemBank, external_ids: Sequence[str]) -> dict[str, ItemVersion]:
    """Return the newest versions of the items with these external ids."""
    query = (
        select(ItemVersion)
        .join(
            Item,
            (Item.id == ItemVersion.item_id)
            & (Item.newest_number == ItemVersion.number),
        )
        .where(Item.bank_id == bank.id, Item.external_id.in_(external_ids))
        .options(joinedload(ItemVersion.item).options(selectinload(Item.tags)))
    )
    return {v.item.external_id or "": v for v in db.session.scalars(query)}


def _put(
    bank: ItemBank,
    entry: Entry,
    known: dict[str, ItemVersion],
    actor_id: int | None,
    now: datetime,
) -> Put:
    stored = cleaned(entry.spec)
    newest = known.get(entry.external_id)
    if newest is None:
        version = _new_item(bank, stored, entry.about, actor_id, now)
        version.item.external_id = entry.external_id
        known[entry.external_id] = version
        return Put(entry, Outcome.ADDED, version)
    item = newest.item
    same_notes = about_of(item) == entry.about
    if not same_notes:
        _note(item, entry.about)
        item.search = _search_words(stored, entry.about)
    if stored != newest.spec:
        version = _next_version(item, stored, actor_id, now)
        known[entry.external_id] = version
        return Put(entry, Outcome.CHANGED, version)
    return Put(entry, Outcome.SAME if same_notes else Outcome.CHANGED, newest)


def check_all_in(bank: ItemBank, items: Sequence[Item]) -> None:
    """Raise Refused unless all these items are this bank's."""
    if any(item.bank_id != bank.id for item in items):
        raise Refused(BankRefusal.OTHER_BANK)
