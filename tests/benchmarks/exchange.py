"""How long 5,000 questions of Moodle XML take into a bank, and how much memory.

python -m tests.benchmarks.exchange
"""

import resource
import sys
import tempfile
from time import perf_counter, process_time

import flask_migrate

from courses.exchange.checking import checked_reading
from courses.exchange.exported import Exported
from courses.exchange.formats import WRITERS
from courses.exchange.services import bringing
from courses.items.services.items import bank_of_course
from courses.items.types import parse
from lms.kernel import clock
from lms.kernel.db import db, writing
from tests.conftest import ROOT, SETTINGS
from tests.factories import courses, people
from tests.factories.items import ALL_KINDS
from wsgi import create_app

COUNT = 5_000
MOST_SECONDS = 10.0
MOST_MEBIBYTES = 1024
COMMON = "single_choice single_choice multiple_choice true_false short_answer numerical"
KINDS = f"{COMMON} matching cloze essay statements".split()


def file_of(count: int) -> bytes:
    """Write so many questions of the usual kinds, each another one."""
    sent = []
    for number in range(count):
        spec = parse(ALL_KINDS[KINDS[number % len(KINDS)]]).stored()
        spec["stem"] = f"<p>Câu số {number}.</p>{spec['stem']}"
        sent.append(Exported(spec, f"Câu {number}", f"q{number}", ("Chủ đề",)))
    content = WRITERS["moodle_xml"](sent, lambda _folder: None).content
    # As Moodle writes it: without the form that only we carry.
    pieces = content.split(b"<lms-item")
    rest = [piece.partition(b"</lms-item>")[2] for piece in pieces[1:]]
    return b"".join([pieces[0], *rest])


def main() -> int:
    content = file_of(COUNT)
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(
            SETTINGS
            | {"SQLALCHEMY_DATABASE_URI": f"sqlite:///{folder}/lms.db", "VAR": folder}
        )
        with app.app_context():
            flask_migrate.upgrade(str(ROOT / "migrations"))
            actor, course = people.account().id, courses.course().id
            began, worked = perf_counter(), process_time()
            reading = checked_reading(content)
            read = perf_counter()
            with writing():
                made = bringing.begin_import(
                    bank_of_course(course), "a.xml", reading, actor, clock.now()
                )
                db.session.commit()
            shown = perf_counter()
            with writing():
                counts = bringing.keep_import(made, actor, clock.now())
                db.session.commit()
            kept = perf_counter()
            worked = process_time() - worked
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(
        f"{len(content) / 1e6:.1f} MB, {len(reading.found)} of {COUNT} read, {counts}"
    )
    print(f"read {read - began:.2f} s, preview {shown - read:.2f} s", end=", ")
    print(f"kept {kept - shown:.2f} s, together {kept - began:.2f} s", end=", ")
    print(f"of the processor {worked:.2f} s; {peak} MiB")
    # A busy machine is no fault of the code: what counts is the processor's time.
    return int(worked > MOST_SECONDS or peak > MOST_MEBIBYTES)


if __name__ == "__main__":
    sys.exit(main())
