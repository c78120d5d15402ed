"""Finding items of a bank that ask nearly the same."""

from dataclasses import dataclass

from sqlalchemy import select

from courses.items.likeness import near_equal, nearest
from courses.items.models import Item, ItemBank
from courses.items.rules import USABLE
from courses.items.services.finding import Found, newest_of
from courses.items.services.items import STROKE
from lms.kernel.db import db
from lms.kernel.vietnamese import fold

MOST_SHOWN = 50


@dataclass(frozen=True, slots=True)
class Twins:
    """Two items that ask nearly the same; *likeness* is in whole percent."""

    first: Found
    second: Found
    likeness: int


@dataclass(frozen=True, slots=True)
class Duplicates:
    twins: list[Twins]
    total: int
    """How many pairs there are; at most ``MOST_SHOWN`` are given back."""


def stems_in(bank: ItemBank) -> dict[int, str]:
    """Return the folded stem of each usable item of the bank."""
    query = select(Item.id, Item.search).where(
        Item.bank_id == bank.id, Item.state.in_(USABLE)
    )
    return {key: words.partition(STROKE)[0] for key, words in db.session.execute(query)}


def duplicates_in(bank: ItemBank) -> Duplicates:
    pairs = near_equal(stems_in(bank))
    shown = pairs[:MOST_SHOWN]
    ids = {key for pair in shown for key in (pair.first, pair.second)}
    found = {one.item.id: one for one in newest_of(ids)}
    twins = [
        Twins(found[pair.first], found[pair.second], int(pair.likeness))
        for pair in shown
    ]
    return Duplicates(twins, len(pairs))


def like_this(bank: ItemBank, stem: str, most: int = 5) -> list[tuple[int, float]]:
    """Return ids of items of the bank that ask nearly this, with their likeness."""
    return nearest(fold(stem), stems_in(bank), most)
