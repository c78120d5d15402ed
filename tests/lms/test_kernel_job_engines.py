"""The engines of the job table: the operator's commands, and Celery workers."""

import os
import signal
import threading
import time

import pytest
from celery.contrib.testing.worker import start_worker
from sqlalchemy import select

from lms.kernel import clock
from lms.kernel.db import db
from lms.kernel.jobs import services as jobs
from lms.kernel.jobs.worker import make_celery, relay
from lms.people import services as people
from lms.people.models import Account
from tests.conftest import NINE

NAMES = [f"Học viên {number}" for number in range(5)]


@pytest.fixture
def handlers(app):
    """One kind of job whose effect is one more account, and one that fails."""
    kept = dict(jobs.HANDLERS)
    jobs.HANDLERS.clear()

    @jobs.handler("welcome")
    def welcome(job, payload):
        people.add_account(payload["name"], clock.now())

    @jobs.handler("broken", tries=1)
    def broken(job, payload):
        raise ValueError("never")

    yield jobs.HANDLERS
    jobs.HANDLERS.clear()
    jobs.HANDLERS.update(kept)


@pytest.fixture
def run(app):
    """Run a command of the operator, and give the signals back afterwards."""
    kept = {name: signal.getsignal(name) for name in (signal.SIGTERM, signal.SIGINT)}
    yield lambda *args: app.test_cli_runner().invoke(args=["jobs", *args])
    for name, action in kept.items():
        signal.signal(name, action)


def queue(kind, **payload):
    jobs.enqueue(kind, payload, NINE)
    db.session.commit()


def names():
    db.session.rollback()
    return sorted(db.session.scalars(select(Account.full_name)))


def test_the_operator_empties_the_table_and_sees_what_died(handlers, run):
    queue("welcome", name="Nguyễn Văn An")
    queue("broken")

    worked = run("work", "--until-empty")
    listed = run("list")

    assert worked.exit_code == 0
    assert names() == ["Nguyễn Văn An"]
    assert "done       1" in listed.output
    assert "dead       1" in listed.output
    assert "broken: ValueError: never" in listed.output


def test_a_worker_told_to_stop_ends_after_its_job(handlers, run):
    threading.Timer(0.5, os.kill, (os.getpid(), signal.SIGTERM)).start()

    assert run("work").exit_code == 0


def test_celery_workers_do_what_the_relay_hands_over(app, handlers):
    for name in NAMES:
        queue("welcome", name=name)
    celery = make_celery(app)
    celery.conf.broker_url = os.environ.get("LMS_TEST_REDIS_URI", "memory://")
    stopping = threading.Event()
    relaying = threading.Thread(target=relay, args=(app, celery, stopping))

    with start_worker(celery, pool="solo", perform_ping_check=False):
        relaying.start()
        deadline = time.monotonic() + 20
        while names() != NAMES and time.monotonic() < deadline:
            time.sleep(0.05)
        stopping.set()
        relaying.join()

    assert names() == NAMES
    assert jobs.counts() == {"done": 5}
