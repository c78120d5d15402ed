"""A bank of items for the demonstration: one of every type, and some more."""

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from sqlalchemy import select

from courses.demo.reading import CONTENT
from courses.items.models import ItemBank
from courses.items.rules import About, ItemEvent, ItemLevel
from courses.items.services import banks, reviewing
from courses.items.services.items import Entry, put_items
from lms.kernel.db import db
from lms.units.models import Unit

FILE = "ngan-hang-toan-6.json"
REVIEWED = 16
"""How many of them somebody else has read already."""


def fill_bank(
    units: Mapping[str, Unit],
    writer_id: int,
    reader_id: int,
    now: datetime,
    folder: Path = CONTENT,
) -> ItemBank | None:
    """Add the bank with its items; None where it was added before."""
    text = json.loads((folder / FILE).read_text("utf-8"))
    scope = f"unit:{units[text['unit']].id}"
    kept = select(ItemBank.id).filter_by(scope=scope, name=text["name"])
    if db.session.scalar(kept):
        return None
    bank = banks.add_bank(text["name"], scope, writer_id, now)
    entries = [
        Entry(
            one["id"],
            one["spec"],
            About(
                topic=one["topic"],
                level=ItemLevel(one["level"]),
                tags=tuple(one["tags"]),
            ),
        )
        for one in text["items"]
    ]
    puts = put_items(bank, entries, writer_id, now)
    for put in puts[:REVIEWED]:
        version = put.version
        reviewing.judge(version.item, version.id, ItemEvent.APPROVE, reader_id, now)
    return bank
