"""Judging items, retiring them, and changing many of them at once."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from courses.items.models import Item, ItemReview
from courses.items.rules import (
    MOVES,
    BankRefusal,
    BulkChange,
    ItemEvent,
    move_refusal,
    review_refusal,
)
from courses.items.services.items import about_of, describe_item, newest_version
from lms.kernel import audit
from lms.kernel.db import db
from lms.kernel.errors import Refused


def judge(  # noqa: PLR0913, PLR0917 -- a judgement has this many parts
    item: Item,
    version_id: int,
    event: ItemEvent,
    actor_id: int,
    now: datetime,
    note: str = "",
) -> ItemReview:
    """Approve the newest version, or send it back; raise Refused if that may not be.

    *version_id* is the version that was read: if there is a newer one by now, nobody
    has judged it.
    """
    newest = newest_version(item)
    if newest.id != version_id:
        raise Refused(BankRefusal.OTHER_VERSION)
    if reason := review_refusal(item.state, event, newest.created_by_id, actor_id):
        raise Refused(reason)
    return _move(item, event, actor_id, now, note)


def retire(item: Item, actor_id: int, now: datetime, note: str = "") -> ItemReview:
    """Offer an item to no new paper; those that ask it still do."""
    return _moved(item, ItemEvent.RETIRE, actor_id, now, note)


def restore(item: Item, actor_id: int, now: datetime) -> ItemReview:
    """Offer a retired item again, as a draft."""
    return _moved(item, ItemEvent.RESTORE, actor_id, now, "")


def _moved(
    item: Item, event: ItemEvent, actor_id: int, now: datetime, note: str
) -> ItemReview:
    if reason := move_refusal(item.state, event):
        raise Refused(reason)
    return _move(item, event, actor_id, now, note)


def _move(
    item: Item, event: ItemEvent, actor_id: int, now: datetime, note: str
) -> ItemReview:
    item.state = MOVES[item.state, event]
    review = ItemReview(
        item_id=item.id,
        version_id=newest_version(item).id,
        event=event,
        note=note,
        actor_id=actor_id,
        at=now,
    )
    db.session.add(review)
    db.session.flush()
    subject = f"item:{item.id}"
    audit.record(f"item:{event}", subject, actor_id, now, version=review.version_id)
    return review


def change_many(
    items: Sequence[Item], change: BulkChange, actor_id: int, now: datetime
) -> int:
    """Change these items; return how many of them were.

    An item that may not make the move (retired already) keeps its state.
    """
    if change.event not in (None, ItemEvent.RETIRE, ItemEvent.RESTORE):
        raise Refused(BankRefusal.NO_SUCH_MOVE)
    return sum(_change(item, change, actor_id, now) for item in items)


def _change(item: Item, change: BulkChange, actor_id: int, now: datetime) -> bool:
    before, state = about_of(item), item.state
    removed = set(change.remove_tags)
    about = replace(
        before,
        level=change.level or before.level,
        topic=before.topic if change.topic is None else change.topic,
        category_id=change.category_id or before.category_id,
        tags=tuple(
            tag
            for tag in dict.fromkeys((*before.tags, *change.add_tags))
            if tag not in removed
        ),
    )
    if about != before:
        describe_item(item, about)
    if change.event and move_refusal(item.state, change.event) is None:
        _move(item, change.event, actor_id, now, "")
    return about != before or item.state is not state
