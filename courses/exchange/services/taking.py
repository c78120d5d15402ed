"""Taking items of a bank out into files."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from courses.exchange.exported import Exported, Pictures, Written
from courses.exchange.formats import WRITERS
from courses.exchange.rules import MOST_ITEMS
from courses.items.models import Item, ItemBank, ItemVersion
from courses.items.rules import ItemLevel, ItemState
from courses.items.services.banks import categories_of
from lms.kernel.db import db
from media.models import Asset
from media.services import content_of, picture_in

SHORT = ("NB", "TH", "VD", "VDC")
LEVELS = dict(zip(ItemLevel, SHORT, strict=True))
ENDINGS = {
    "image/png": "png",
    "image/jpeg": "jpg",
    "image/gif": "gif",
    "image/webp": "webp",
}


def export_bank(bank: ItemBank, format_: str) -> Written:
    """Write all items of a bank that are not retired, in the order they came in."""
    return WRITERS[format_](_exported(bank), _hung_pictures())


def _exported(bank: ItemBank) -> Sequence[Exported]:
    query = (
        select(ItemVersion)
        .join(
            Item,
            (Item.id == ItemVersion.item_id)
            & (Item.newest_number == ItemVersion.number),
        )
        .where(Item.bank_id == bank.id, Item.state != ItemState.RETIRED)
        .options(joinedload(ItemVersion.item).options(selectinload(Item.tags)))
        .order_by(Item.id)
        .limit(MOST_ITEMS)
    )
    paths = _category_paths(bank)
    return [_one(version, paths) for version in db.session.scalars(query)]


def _category_paths(bank: ItemBank) -> dict[int, tuple[str, ...]]:
    paths: dict[int, tuple[str, ...]] = {}
    for category in categories_of(bank):
        above = paths.get(category.parent_id or 0, ())
        paths[category.id] = (*above, category.name)
    return paths


def _one(version: ItemVersion, paths: dict[int, tuple[str, ...]]) -> Exported:
    item = version.item
    return Exported(
        version.spec,
        title=item.name,
        external_id=item.external_id or "",
        topic=paths.get(item.category_id or 0, ()),
        level=LEVELS[item.level] if item.level else "",
        tags=tuple(tag.name for tag in item.tags),
        points=f"{item.points.normalize():f}",
    )


def _hung_pictures() -> Pictures:
    """Return what fetches pictures by their folders, each once."""
    kept: dict[str, tuple[str, bytes] | None] = {}

    def fetch(folder: str) -> tuple[str, bytes] | None:
        if folder not in kept:
            asset = picture_in(folder)
            kept[folder] = _fetched(asset) if asset else None
        return kept[folder]

    return fetch


def _fetched(asset: Asset) -> tuple[str, bytes] | None:
    ending = ENDINGS.get(asset.content_type)
    return (ending, content_of(asset)) if ending else None
