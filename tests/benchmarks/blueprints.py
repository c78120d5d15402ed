"""What papers cost from a bank of 100,000 items: a blueprint of 12 cells, and one draw.

Run it from the top of the tree::

    .venv/bin/python -m tests.benchmarks.blueprints

It fills a bank (SQLite, in a folder of its own) and prints the medians beside what is
promised: 24 papers of 12 cells in 3 s, a paper of 40 items in 20 ms.
"""

import statistics
import tempfile
import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import sqlalchemy as sa

from courses.items.models import BUCKETS, Item, ItemBank, ItemVersion
from courses.items.rules import ItemLevel, ItemState
from courses.quizzes.models.papers import Blueprint
from courses.quizzes.models.quizzes import Quiz, QuizSlot
from courses.quizzes.rules.blueprint import Cell, Spread
from courses.quizzes.services import layouts, papers
from lms.kernel.db import db, writing
from tests.benchmarks.pages import an_application
from tests.conftest import NINE
from tests.factories.papers import choice

ITEMS, TOPICS, PAPERS, DRAWN = 100_000, 12, 24, 40
BLUEPRINT_S, DRAW_MS = 3.0, 20.0
ROUNDS = 25
LEVELS = list(ItemLevel)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        app = an_application(Path(folder))
        with app.app_context(), writing():
            bank = a_bank()
            print(f"{ITEMS:,} items; medians of {ROUNDS} (papers: of 5)\n")
            for spread in Spread:
                report(
                    f"12 cells x {PAPERS} papers, {spread}",
                    of_papers(bank, spread),
                    5,
                    BLUEPRINT_S * 1000,
                )
            report("check of 12 cells", of_check(bank), 5, BLUEPRINT_S * 1000)
            report(f"a paper of {DRAWN}, any item", of_draw(bank, ""), ROUNDS, DRAW_MS)
            report(
                f"a paper of {DRAWN}, one topic",
                of_draw(bank, "Chủ đề 3"),
                ROUNDS,
                DRAW_MS,
            )


def a_bank() -> int:
    bank = ItemBank(name="Kho", scope="course:1", created_at=NINE)
    db.session.add(bank)
    db.session.flush()
    spec = choice(1)
    rows = [
        {
            "id": n,
            "bank_id": bank.id,
            "kind": "single_choice",
            "search": f"cau hoi {n}",
            "created_at": NINE,
            "newest_number": 1,
            "topic": f"Chủ đề {n % TOPICS}",
            "level": LEVELS[n // TOPICS % len(LEVELS)],
            "state": ItemState.REVIEWED,
            "points": Decimal(1),
            # Spread as chance would, without its cost.
            "bucket": n * 7919 % BUCKETS,
        }
        for n in range(1, ITEMS + 1)
    ]
    db.session.execute(sa.insert(Item), rows)
    versions = [
        {"item_id": n, "number": 1, "spec": spec, "created_at": NINE}
        for n in range(1, ITEMS + 1)
    ]
    db.session.execute(sa.insert(ItemVersion), versions)
    db.session.commit()
    return bank.id


def of_papers(bank_id: int, spread: Spread) -> Callable[[], object]:
    cells = [
        Cell(f"Chủ đề {n % 4}", LEVELS[n // 4], 3 + n % 3, Decimal("0.25"))
        for n in range(12)
    ]
    blueprint = Blueprint(
        scope="course:1",
        title="Đề",
        bank_ids=[bank_id],
        cells=[cell.stored() for cell in cells],
        spread=spread,
        batch=0,
    )
    db.session.add(blueprint)
    db.session.flush()
    return lambda: papers.draw(blueprint, PAPERS, None, NINE)


def of_check(bank_id: int) -> Callable[[], object]:
    cells = [Cell(f"Chủ đề {n % 4}", LEVELS[n // 4], 4) for n in range(12)]
    return lambda: papers.check_cells(cells, [bank_id])


def of_draw(bank_id: int, topic: str) -> Callable[[], object]:
    cell = Cell(topic, "", DRAWN)
    quiz = Quiz(title="Rút", owner="course:1", shuffle_options=True)
    db.session.add(quiz)
    db.session.flush()
    db.session.add(
        QuizSlot(
            quiz_id=quiz.id,
            position=1,
            draw={"cell": cell.stored(), "bank_ids": [bank_id]},
            points=Decimal(1),
        )
    )
    db.session.flush()
    seeds = iter(range(10_000))

    def drawn() -> object:
        db.session.expunge_all()
        found = db.session.get_one(Quiz, quiz_id)
        return layouts.lay_out(found, 0, f"lot {next(seeds)}")

    quiz_id = quiz.id
    return drawn


def report(
    what: str, work: Callable[[], object], rounds: int, promise_ms: float
) -> None:
    times = []
    for _ in range(rounds):
        begun = time.process_time()
        work()
        times.append((time.process_time() - begun) * 1000)
    median = statistics.median(times)
    verdict = "kept" if median <= promise_ms else "BROKEN"
    print(f"{what:40} {median:10.1f} ms   promised {promise_ms:7.0f} ms   {verdict}")


if __name__ == "__main__":
    main()
