"""Queueing jobs, claiming them, and running them exactly once in effect.

A job's effect and its end are written in one transaction, guarded by the token of the
hold: a worker that was killed or that lost its lease leaves nothing behind, and the
next one starts afresh.  Work that cannot be rolled back (a file, a mail) must be
idempotent by job id.
"""

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import func, or_, select, update
from sqlalchemy.exc import IntegrityError

from lms.kernel import clock
from lms.kernel.db import db, writing
from lms.kernel.jobs.models import Job, JobState
from lms.kernel.jobs.rules import DEFAULT_TRIES, LEASE, Handler, wait_after

HANDLERS: dict[str, Handler] = {}
log = structlog.get_logger("jobs")

Call = Callable[["Running", dict[str, Any]], None]


def handler(kind: str, tries: int = DEFAULT_TRIES) -> Callable[[Call], Call]:
    """Name the function that does jobs of this kind."""

    def register(call: Call) -> Call:
        HANDLERS[kind] = Handler(kind, call, tries)
        return call

    return register


def periodic(kind: str, every: timedelta) -> Callable[[Call], Call]:
    """Name a function that is called again and again, one at a time in the cluster."""

    def register(call: Call) -> Call:
        HANDLERS[kind] = Handler(kind, call, DEFAULT_TRIES, every)
        return call

    return register


def enqueue(
    kind: str,
    payload: dict[str, Any],
    now: datetime,
    *,
    run_at: datetime | None = None,
    key: str | None = None,
) -> Job:
    """Queue a job in the caller's transaction; with a *key*, at most one at a time."""
    if key and (queued := _queued(key)):
        return queued
    job = Job(kind=kind, payload=payload, key=key, run_at=run_at or now, queued_at=now)
    try:
        with db.session.begin_nested():
            db.session.add(job)
    except IntegrityError:
        # Somebody queued it between the look and the write.
        if key and (queued := _queued(key)):
            return queued
        raise
    return job


def _queued(key: str) -> Job | None:
    return db.session.scalar(select(Job).filter_by(key=key))


class Running:
    """A job in the hands of its worker."""

    def __init__(self, job_id: int, token: str) -> None:
        self.id = job_id
        self.token = token

    def report(self, percent: int, note: str = "") -> None:
        """Show how far the work is; commit what was done, and keep the lease."""
        changed = db.session.execute(
            self._mine().values(
                percent=percent, note=note, lease_until=clock.now() + LEASE
            )
        )
        if not _touched(changed):
            raise LeaseLost(self.id)
        self.release()

    def release(self) -> None:
        """End the transaction, so that long work holds no lock."""
        db.session.commit()

    def _mine(self) -> Any:
        return update(Job).where(Job.id == self.id, Job.token == self.token)


class LeaseLost(Exception):
    """Another worker holds the job now; this one must write nothing more."""


def run_one(now: datetime) -> bool:
    """Claim the oldest due job and run it; say whether there was one."""
    claimed = claim(now)
    if claimed is None:
        return False
    run_claimed(*claimed)
    return True


def claim(now: datetime) -> tuple[int, str] | None:
    """Take hold of one due job, and commit; return its id and the token of the hold."""
    lapsed = (Job.state == JobState.RUNNING) & (Job.lease_until < now)
    due = (Job.state == JobState.QUEUED) & (Job.run_at <= now)
    query = select(Job).where(or_(due, lapsed)).order_by(Job.run_at).limit(1)
    # Look before locking: an idle worker must not take the write lock every second.
    idle = db.session.scalar(query.with_only_columns(Job.id)) is None
    db.session.rollback()
    if idle:
        return None
    with writing():
        job = db.session.scalar(query.with_for_update(skip_locked=True))
        if job is None:
            db.session.rollback()
            return None
        if job.state is JobState.RUNNING and not _may_try_again(job.kind, job.tries):
            _bury(job, now)
            return claim(now)
        job.state = JobState.RUNNING
        job.token = secrets.token_hex(16)
        job.lease_until = now + LEASE
        job.tries += 1
        held = job.id, job.token
        db.session.commit()
    return held


def _may_try_again(kind: str, tries: int) -> bool:
    known = HANDLERS.get(kind)
    return known is not None and (known.every is not None or tries < known.tries)


def _bury(job: Job, now: datetime) -> None:
    """Give up a job that took its worker with it each time, and commit."""
    job.state, job.token, job.key, job.ended_at = JobState.DEAD, None, None, now
    job.error = "its worker was lost each time"
    db.session.commit()


def run_claimed(job_id: int, token: str) -> None:
    """Run a job that this worker holds, and write its end with its effect."""
    job = db.session.get(Job, job_id)
    if job is None or job.token != token:
        db.session.rollback()
        return
    kind, payload, tries = job.kind, job.payload, job.tries
    # The read above must not be the start of the handler's transaction.
    db.session.rollback()
    running = Running(job_id, token)
    with writing():
        try:
            if kind not in HANDLERS:
                raise LookupError(f"nobody does jobs of kind {kind!r}")
            HANDLERS[kind].call(running, payload)
            _end(running, kind)
            db.session.commit()
        except LeaseLost:
            db.session.rollback()
            log.warning("job_lease_lost", job=job_id, kind=kind)
        except Exception as error:
            db.session.rollback()
            log.exception("job_failed", job=job_id, kind=kind, tries=tries)
            _fail(running, kind, tries, error)
            db.session.commit()
        finally:
            db.session.remove()


def _end(running: Running, kind: str) -> None:
    now = clock.now()
    values = {
        "state": JobState.DONE,
        "percent": 100,
        "token": None,
        "key": None,
        "ended_at": now,
    }
    every = HANDLERS[kind].every
    if every:
        values = {
            "state": JobState.QUEUED,
            "token": None,
            "run_at": now + every,
            "tries": 0,
        }
    if not _touched(db.session.execute(running._mine().values(**values))):
        raise LeaseLost(running.id)


def _fail(running: Running, kind: str, tries: int, error: Exception) -> None:
    now = clock.now()
    values: dict[str, Any] = {
        "token": None,
        "error": f"{type(error).__name__}: {error}"[:500],
    }
    if _may_try_again(kind, tries):
        values |= {"state": JobState.QUEUED, "run_at": now + wait_after(tries)}
    else:
        values |= {"state": JobState.DEAD, "ended_at": now, "key": None}
    db.session.execute(running._mine().values(**values))


def _touched(result: Any) -> bool:
    return bool(result.rowcount)


def plant_periodic(now: datetime) -> None:
    """Queue each periodic job that is not queued yet, and commit."""
    with writing():
        for known in HANDLERS.values():
            if known.every:
                enqueue(known.kind, {}, now, key=known.kind)
        db.session.commit()


def counts() -> dict[str, int]:
    """Count jobs by state, for the operator."""
    rows = db.session.execute(select(Job.state, func.count()).group_by(Job.state))
    return {state.value: number for state, number in rows}


def dead_jobs() -> list[Job]:
    query = select(Job).filter_by(state=JobState.DEAD).order_by(Job.ended_at.desc())
    return list(db.session.scalars(query.limit(50)))


def retry_dead(job: Job, now: datetime) -> None:
    """Give a dead job another life."""
    job.state, job.tries, job.run_at, job.ended_at = JobState.QUEUED, 0, now, None
