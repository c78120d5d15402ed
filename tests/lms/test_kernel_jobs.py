"""Jobs: done once in effect, tried again, given up, whatever becomes of a worker."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import select

from lms.kernel import clock
from lms.kernel.db import db, writing
from lms.kernel.jobs import services as jobs
from lms.kernel.jobs.models import Job, JobState
from lms.kernel.jobs.rules import LEASE, LONGEST_WAIT, wait_after
from lms.kernel.jobs.worker import EmbeddedWorker
from lms.people import services as people
from lms.people.models import Account
from tests.conftest import NINE

SECOND = timedelta(seconds=1)


@pytest.fixture
def handlers(app):
    """The table of handlers, empty for this test."""
    kept = dict(jobs.HANDLERS)
    jobs.HANDLERS.clear()
    yield jobs.HANDLERS
    jobs.HANDLERS.clear()
    jobs.HANDLERS.update(kept)


@pytest.fixture
def welcome(handlers):
    """A kind of job whose effect is one more account."""

    @jobs.handler("welcome")
    def add(job, payload):
        people.add_account(payload["name"], clock.now())

    return add


def queue(kind="welcome", name="Nguyễn Văn An", **given):
    job = jobs.enqueue(kind, {"name": name}, NINE, **given)
    db.session.commit()
    return job.id


def names():
    db.session.rollback()
    return sorted(db.session.scalars(select(Account.full_name)))


def state(job_id):
    db.session.rollback()
    return db.session.get(Job, job_id)


def drain(now=NINE):
    with clock.frozen(now):
        while jobs.run_one(now):
            pass


@pytest.mark.parametrize(
    ("tries", "seconds"), [(1, 5), (2, 10), (3, 20), (9, 1280), (10, 1800), (999, 1800)]
)
def test_the_wait_doubles_after_each_failure_up_to_half_an_hour(tries, seconds):
    assert wait_after(tries) == timedelta(seconds=seconds) <= LONGEST_WAIT


def test_a_job_that_was_asked_for_is_done(welcome):
    job_id = queue()

    drain()

    assert names() == ["Nguyễn Văn An"]
    assert (state(job_id).state, state(job_id).percent) == (JobState.DONE, 100)


def test_asking_is_undone_with_the_work_that_asked(welcome):
    jobs.enqueue("welcome", {"name": "Nguyễn Văn An"}, NINE)
    db.session.rollback()

    assert not jobs.run_one(NINE)


def test_a_job_waits_for_its_hour(welcome):
    queue(run_at=NINE + SECOND)

    assert not jobs.run_one(NINE)
    assert jobs.run_one(NINE + SECOND)


def test_work_with_a_key_is_queued_once_until_it_ends(welcome):
    first, second = queue(key="welcome:1"), queue(key="welcome:1")
    drain()
    third = queue(key="welcome:1")

    assert first == second != third


def test_a_failed_job_leaves_nothing_and_is_tried_again(handlers):
    tried = []

    @jobs.handler("shaky")
    def fail_once(job, payload):
        people.add_account(payload["name"], clock.now())
        tried.append(job.id)
        if len(tried) == 1:
            raise OSError("the disk was away")

    job_id = queue("shaky")
    drain()

    assert names() == []
    assert state(job_id).error == "OSError: the disk was away"
    drain(NINE + 4 * SECOND)
    assert len(tried) == 1
    drain(NINE + 5 * SECOND)
    assert names() == ["Nguyễn Văn An"]


def test_a_job_that_always_fails_is_given_up_and_can_be_revived(handlers):
    tried = []

    @jobs.handler("broken", tries=3)
    def fail(job, payload):
        tried.append(job.id)
        raise ValueError("never")

    job_id = queue("broken", key="broken:1")
    for minute in range(10):
        drain(NINE + timedelta(minutes=minute))

    assert len(tried) == 3
    assert state(job_id).state is JobState.DEAD
    assert state(job_id).key is None
    assert [job.id for job in jobs.dead_jobs()] == [job_id]
    assert jobs.counts() == {"dead": 1}
    jobs.retry_dead(state(job_id), NINE)
    db.session.commit()
    drain()
    assert len(tried) == 4


def test_a_job_that_nobody_does_is_given_up_with_a_reason(handlers):
    job_id = queue("forgotten")

    drain()

    assert state(job_id).state is JobState.DEAD
    assert "nobody does" in state(job_id).error


def test_a_job_held_by_a_living_worker_is_left_alone(welcome):
    queue()
    assert jobs.claim(NINE)

    assert jobs.claim(NINE + LEASE) is None


def test_a_job_of_a_lost_worker_is_done_by_the_next(welcome):
    queue()
    jobs.claim(NINE)

    drain(NINE + LEASE + SECOND)

    assert names() == ["Nguyễn Văn An"]


def test_a_worker_that_lost_its_lease_leaves_nothing_behind(welcome):
    queue()
    late = jobs.claim(NINE)
    drain(NINE + LEASE + SECOND)

    jobs.run_claimed(*late)

    assert names() == ["Nguyễn Văn An"]


def test_losing_the_lease_in_the_middle_undoes_what_was_done(handlers):
    lost = []

    @jobs.handler("slow")
    def work(job, payload):
        job.release()
        with clock.frozen(NINE + LEASE + SECOND):
            taken = None if lost else jobs.claim(clock.now())
        lost.append(taken)
        people.add_account(payload["name"], clock.now())
        if len(lost) == 1:
            job.report(50, "half way")

    job_id = queue("slow")
    jobs.run_one(NINE)

    assert names() == []
    assert state(job_id).token == lost[0][1]
    jobs.run_claimed(*lost[0])
    assert names() == ["Nguyễn Văn An"]
    assert state(job_id).state is JobState.DONE


def test_a_report_shows_how_far_it_is_and_keeps_the_lease(handlers):
    seen = []

    @jobs.handler("long")
    def work(job, payload):
        with clock.frozen(NINE + LEASE):
            job.report(40, "Đang chuyển mã")
        row = db.session.get(Job, job.id)
        seen.append((row.percent, row.note, row.lease_until))

    queue("long")
    drain()

    assert seen == [(40, "Đang chuyển mã", NINE + 2 * LEASE)]


def test_a_job_that_takes_its_worker_with_it_each_time_is_given_up(handlers):
    @jobs.handler("deadly", tries=2)
    def never_called(job, payload):
        raise AssertionError("the worker is lost before it gets here")

    job_id = queue("deadly", key="deadly:1")
    for hold in range(2):
        assert jobs.claim(NINE + hold * (LEASE + SECOND))

    assert jobs.claim(NINE + 2 * (LEASE + SECOND)) is None
    assert state(job_id).state is JobState.DEAD
    assert state(job_id).error == "its worker was lost each time"
    assert state(job_id).key is None


def test_two_workers_do_each_job_once(app, welcome):
    expected = sorted(f"Học viên {number:02d}" for number in range(20))
    for name in expected:
        queue(name=name)
    problems = []

    def work():
        try:
            for _ in range(40):
                with app.app_context():
                    jobs.run_one(NINE)
        except Exception as problem:
            problems.append(problem)

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert not problems
    assert names() == expected
    assert jobs.counts() == {"done": 20}


def test_two_who_ask_for_the_same_key_at_once_queue_one(app, welcome):
    both = threading.Barrier(2)
    problems = []

    def ask():
        try:
            with app.app_context():
                both.wait()
                with writing():
                    jobs.enqueue("welcome", {"name": "An"}, NINE, key="welcome:1")
                    db.session.commit()
        except Exception as problem:
            problems.append(problem)

    askers = [threading.Thread(target=ask) for _ in range(2)]
    for asker in askers:
        asker.start()
    for asker in askers:
        asker.join()

    assert not problems
    assert jobs.counts() == {"queued": 1}


def test_periodic_work_is_planted_once_and_comes_back(handlers):
    called = []

    @jobs.periodic("sweep", every=10 * SECOND)
    def sweep(job, payload):
        called.append(clock.now())

    jobs.plant_periodic(NINE)
    jobs.plant_periodic(NINE)
    for seconds in (0, 5, 10, 15, 20):
        drain(NINE + seconds * SECOND)

    assert called == [NINE, NINE + 10 * SECOND, NINE + 20 * SECOND]
    assert jobs.counts() == {"queued": 1}


def test_periodic_work_that_fails_is_never_given_up(handlers):
    @jobs.periodic("sweep", every=SECOND)
    def fail(job, payload):
        raise OSError("still away")

    jobs.plant_periodic(NINE)
    for hour in range(8):
        drain(NINE + timedelta(hours=hour))

    assert jobs.counts() == {"queued": 1}


def test_the_thread_beside_the_server_does_jobs_until_it_is_stopped(app, handlers):
    done = threading.Event()

    @jobs.periodic("sweep", every=SECOND)
    def sweep(job, payload):
        done.set()

    worker = EmbeddedWorker(app)
    worker.start()
    found = done.wait(10)
    worker.stop()

    assert found
