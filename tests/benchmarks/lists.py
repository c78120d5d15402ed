"""How long a list of ten thousand people takes: to its preview, and to be written.

Run it from the top of the tree::

    .venv/bin/python -m tests.benchmarks.lists

The promise is a preview within 20 seconds.
"""

import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

from lms.kernel import clock
from lms.kernel.db import db, writing
from lms.kernel.imports import services
from lms.kernel.imports.models import ImportRun
from lms.kernel.imports.rules import KNOWN
from lms.kernel.jobs import services as jobs
from lms.kernel.personal_number import Gender
from tests.benchmarks.pages import an_application
from tests.factories import people
from tests.factories.sheets import xlsx

ROWS = 10_000
HEADINGS = ("Mã hồ sơ", "Họ và tên", "Ngày sinh", "Giới tính", "Số định danh cá nhân")
FIRST_BIRTH = date(1985, 1, 1)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        app = an_application(Path(folder))
        app.config["INVENTED_NUMBERS"] = True
        with app.app_context():
            content = a_list()
            print(f"{ROWS} rows, {len(content) / 1000:.0f} KB", flush=True)
            for title in ("new people", "the same list again"):
                take_in(content, title)


def a_list() -> bytes:
    rows = []
    for number in range(ROWS):
        born = FIRST_BIRTH + timedelta(days=number)
        gender = [*Gender][number % 2]
        rows.append(
            (
                f"PD-{number:05d}",
                "Nguyễn Thị An",
                born.strftime("%d/%m/%Y"),
                "Nữ" if gender is Gender.FEMALE else "Nam",
                people.invented_number(born, gender),
            )
        )
    return xlsx(HEADINGS, *rows)


def take_in(content: bytes, title: str) -> None:
    with writing():
        owner = people.account()
        sent = services.Sent(content, "danh-sach.xlsx", owner.id)
        run_id = services.receive(KNOWN["accounts"], 0, sent, clock.now()).id
        db.session.commit()
    took = drained()
    run = db.session.get_one(ImportRun, run_id)
    print(f"{title}: preview {took:.1f} s, {run.state}, {run.counts}")
    if run.counts["row-new"]:
        services.confirm(run, clock.now())
        db.session.commit()
        print(f"{title}: written {drained():.1f} s")


def drained() -> float:
    began = time.perf_counter()
    while jobs.run_one(clock.now()):
        pass
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
