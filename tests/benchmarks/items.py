"""What a bank of a hundred thousand items costs: drawing, finding, duplicates.

Run it from the top of the tree; it makes its own database and prints milliseconds::

    python -m tests.benchmarks.items [how many items]
"""

import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import flask_migrate
from sqlalchemy import insert

from courses.items.likeness import near_equal
from courses.items.models import BUCKETS, Item, ItemBank, ItemVersion
from courses.items.rules import ItemFilter, ItemLevel, ItemState
from courses.items.services import drawing, finding
from courses.items.services.duplicates import stems_in
from courses.items.services.items import Entry, put_items
from lms.kernel import clock
from lms.kernel.db import db
from tests.conftest import ROOT, SETTINGS
from tests.factories.quizzes import SINGLE
from wsgi import create_app

ROUNDS = 40
TOPICS = [f"Chủ đề {n}" for n in range(1, 13)]
SYLLABLES = [
    a + b + c
    for a in "bcdghklmnprstvx"
    for b in ("a", "o", "uyen", "ie")
    for c in ("", "n", "t", "ng", "c")
]
PLANTED = 500
"""Pairs that differ by one word in eighteen; how many are found again is printed."""

IMPORTED = 2000


def main(count: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        uri = f"sqlite:///{folder}/bank.db"
        app = create_app(SETTINGS | {"SQLALCHEMY_DATABASE_URI": uri, "VAR": folder})
        with app.app_context():
            flask_migrate.upgrade(str(ROOT / "migrations"))
            bank = fill(count)
            print(f"{count} items, {Path(folder, 'bank.db').stat().st_size >> 20} MiB")
            report(bank)
            db.session.rollback()
            db.engine.dispose()


def fill(count: int) -> ItemBank:
    chance = random.Random(4)
    bank = ItemBank(name="Ngân hàng", scope="unit:1")
    db.session.add(bank)
    db.session.flush()
    now = clock.now()
    rows: list[dict[str, Any]] = []
    versions: list[dict[str, Any]] = []
    for number in range(1, count + 1):
        words = chance.choices(SYLLABLES, k=18)
        if count - number < PLANTED:
            words = versions[number - PLANTED - 1]["stem"].split()
            words[7] = "khac"
        stem = " ".join(words)
        rows.append(
            {
                "id": number,
                "bank_id": bank.id,
                "kind": "single_choice",
                "search": f"{stem} | khac",
                "created_at": now,
                "newest_number": 1,
                "name": "",
                "topic": chance.choice(TOPICS),
                "level": chance.choice(list(ItemLevel)),
                "state": ItemState.REVIEWED,
                "points": 1,
                "bucket": chance.randrange(BUCKETS),
            }
        )
        versions.append(
            {
                "stem": stem,
                "item_id": number,
                "number": 1,
                "spec": SINGLE | {"stem": f"<p>{stem}</p>"},
                "created_at": now,
            }
        )
    db.session.execute(insert(Item), rows)
    for version in versions:
        version.pop("stem")
    db.session.execute(insert(ItemVersion), versions)
    db.session.commit()
    return bank


def report(bank: ItemBank) -> None:
    everything = ItemFilter((bank.id,))
    topic = ItemFilter((bank.id,), topics=(TOPICS[3],))
    cell = ItemFilter((bank.id,), topics=(TOPICS[3],), levels=(ItemLevel.APPLICATION,))
    say("draw 40 of all", lambda n: drawing.draw(everything, 40, str(n)))
    say("draw 40 of a topic", lambda n: drawing.draw(topic, 40, str(n)))
    say("draw 40 of a topic and level", lambda n: drawing.draw(cell, 40, str(n)))
    say("supply by topic and level", lambda _n: drawing.supply_of(everything), 5)
    say("counts for the filters", lambda _n: finding.counts_of(everything), 5)
    say("first page", lambda _n: finding.items_page(everything, 1), 5)
    words = ItemFilter((bank.id,), words="buyen khie")
    say("page of a search", lambda _n: finding.items_page(words, 1), 5)
    stems = stems_in(bank)
    say("near-equal stems of all", lambda _n: near_equal(stems), 1)
    print(f"  {len(near_equal(stems))} pairs found of {PLANTED - 1} planted")
    entries = [
        Entry(f"x{n}", SINGLE | {"stem": f"<p>Câu {n}</p>"}) for n in range(IMPORTED)
    ]
    now = clock.now()
    say(f"put {IMPORTED} new items", lambda _n: put_items(bank, entries, None, now), 1)
    say("put them again", lambda _n: put_items(bank, entries, None, now), 1)


def say(what: str, act: Callable[[int], Any], rounds: int = ROUNDS) -> None:
    spent = []
    for number in range(rounds):
        db.session.expire_all()
        began = time.perf_counter()
        act(number)
        spent.append((time.perf_counter() - began) * 1000)
    print(
        f"{what:32} median {statistics.median(spent):8.1f} ms  worst {max(spent):8.1f}"
    )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
