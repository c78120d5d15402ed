"""What a page costs the server's processor, beside an empty Flask page in the same run.

Run it from the top of the tree::

    .venv/bin/python -m tests.benchmarks.pages

It fills a database of a realistic size (SQLite, in a folder of its own), asks for each
page through the whole application, and prints medians.  The promise is 10 ms.
"""

import gc
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import flask_migrate
from flask import Flask
from werkzeug.test import Client

from courses.quizzes.services import attempts
from lms.kernel import clock
from lms.kernel.db import db, writing
from lms.people import sign_in
from tests.conftest import ROOT, SETTINGS
from tests.factories import courses, people, quizzes
from wsgi import create_app

COURSES, LESSONS, LEARNERS, ITEMS = 24, 40, 200, 20
WARM_UP, ROUNDS = 15, 200
PROMISE_MS = 10.0


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        app = an_application(Path(folder))
        with district(app) as (pages, cookie):
            print(
                f"{COURSES} courses, {LESSONS} lessons, {LEARNERS} learners, "
                f"{ITEMS} items; medians of {ROUNDS}\n"
            )
            report(app, pages, cookie)


def an_application(folder: Path) -> Flask:
    own = {"TESTING": False, "VAR": str(folder), "WTF_CSRF_ENABLED": True}
    app = create_app(SETTINGS | own)
    app.extensions["keyring"].make()
    with app.app_context():
        flask_migrate.upgrade(str(ROOT / "migrations"))
    return app


@contextmanager
def district(app: Flask) -> Iterator[tuple[dict[str, str], str]]:
    """Fill the district; give the pages of one learner, and who that is."""
    with app.app_context(), writing():
        for number in range(1, COURSES):
            courses.course(f"Khóa học số {number}", lessons=3)
        course = courses.course("Khóa học được đo", lessons=LESSONS)
        quiz = quizzes.quiz(
            *(quizzes.ONE_OF_EACH[n % 4] for n in range(ITEMS)), course=course
        )
        lessons = courses.activities(course)
        learners = [people.account(f"Người thứ {n}") for n in range(LEARNERS)]
        for person in learners:
            courses.enrolled(person, course)
            courses.enrolment.mark_read(lessons[0], person.id, clock.now())
        for person in learners[:20]:
            made = attempts.start_attempt(quiz, person.id, clock.now())
            attempts.submit(made, clock.now())
        learner = learners[0]
        done = attempts.attempts_of(quiz, learner.id)[0]
        open_one = attempts.start_attempt(quiz, learner.id, clock.now())
        token = sign_in.open_session(learner, "benchmark", clock.now())
        db.session.commit()
        pages = {
            "catalogue": "/courses",
            "course": f"/courses/{course.slug}",
            "lesson": lessons[0].url,
            "quiz start": quiz.activity.url,
            "attempt": f"/attempts/{open_one.id}",
            "result": f"/attempts/{done.id}/result",
        }
        db.session.remove()
    signer: Any = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    value = signer.dumps({"_user_id": token, "_fresh": True})
    yield pages, f"{app.config['SESSION_COOKIE_NAME']}={value}"
    with app.app_context():
        db.engine.dispose()


def report(app: Flask, pages: dict[str, str], cookie: str) -> None:
    acts = {"empty Flask": asking(an_empty_page(), "/", "")}
    acts |= {name: asking(app, address, cookie) for name, address in pages.items()}
    costs = medians_ms(acts)
    empty = costs["empty Flask"]
    print(f"{'page':12} {'ms':>7}  {'x empty':>7}  at most {PROMISE_MS:.0f} ms")
    for name, cost in costs.items():
        kept = "yes" if cost <= PROMISE_MS else "NO"
        print(f"{name:12} {cost:7.2f}  {cost / empty:7.1f}  {kept}")


def an_empty_page() -> Flask:
    app = Flask("empty")
    app.add_url_rule("/", view_func=lambda: "")
    return app


def asking(app: Flask, address: str, cookie: str) -> Callable[[], None]:
    client = Client(app, use_cookies=False)

    def ask() -> None:
        answer = client.get(address, headers={"Cookie": cookie})
        if answer.status_code != 200:
            raise RuntimeError(f"{address} answered {answer.status}")
        answer.close()

    return ask


def medians_ms(acts: dict[str, Callable[[], None]]) -> dict[str, float]:
    """Return the processor time of this thread that each act takes, at the median.

    The acts take turns, so that a busy moment of the machine is shared by all.
    """
    for act in acts.values():
        for _turn in range(WARM_UP):
            act()
    gc.collect()
    costs: dict[str, list[float]] = {name: [] for name in acts}
    for _turn in range(ROUNDS):
        for name, act in acts.items():
            costs[name].append(cost_ms(act))
    return {name: statistics.median(found) for name, found in costs.items()}


def cost_ms(act: Callable[[], None]) -> float:
    before = time.thread_time_ns()
    act()
    return (time.thread_time_ns() - before) / 1_000_000


if __name__ == "__main__":
    main()
