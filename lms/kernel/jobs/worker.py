"""The engines that drain the job table: a thread of the server, or Celery workers.

With ``LMS_JOBS=embedded`` a thread beside the web server does the jobs, one at a time.
With ``LMS_JOBS=relay`` the process ``lms jobs relay`` claims rows and hands each to a
Celery worker (``lms jobs celery``); the row in the database
stays the truth, so a message lost by the broker is only a lease that lapses.
"""

import threading
from typing import TYPE_CHECKING, Any

import structlog
from flask import Flask

from lms.kernel import clock
from lms.kernel.db import db
from lms.kernel.jobs import services

if TYPE_CHECKING:
    from celery import Celery

IDLE_SECONDS = 1.0
log = structlog.get_logger("jobs")


class EmbeddedWorker:
    """A thread that does due jobs one after the other until it is told to stop."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._stopping = threading.Event()
        self._planted = False
        self._thread = threading.Thread(target=self._run, name="jobs", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self, timeout_seconds: float = 10) -> None:
        self._stopping.set()
        self._thread.join(timeout_seconds)

    def _run(self) -> None:
        while not self._stopping.is_set():
            if not self._turn():
                self._stopping.wait(IDLE_SECONDS)

    def _turn(self) -> bool:
        """Do one job; say whether there may be another at once."""
        try:
            with self._app.app_context():
                if not self._planted:
                    services.plant_periodic(clock.now())
                    self._planted = True
                return services.run_one(clock.now())
        except Exception:
            # A database that is away for a moment must not end the thread.
            log.exception("job_worker_turn_failed")
            return False


def relay(app: Flask, celery: "Celery", stopping: threading.Event) -> None:
    """Claim due jobs and hand them to Celery workers until told to stop."""
    with app.app_context():
        services.plant_periodic(clock.now())
    while not stopping.is_set():
        with app.app_context():
            claimed = services.claim(clock.now())
            db.session.remove()
        if claimed is None:
            stopping.wait(IDLE_SECONDS)
            continue
        celery.send_task("lms.run_claimed", args=claimed)


def make_celery(app: Flask) -> "Celery":
    """Make the Celery application whose one task runs a claimed job."""
    from celery import Celery

    celery = Celery("lms", broker=app.config["CELERY_BROKER_URL"])
    celery.conf.update(
        task_acks_late=True,
        task_reject_on_worker_lost=True,
        task_ignore_result=True,
        worker_prefetch_multiplier=1,
        broker_connection_retry_on_startup=True,
    )

    def run_claimed(job_id: int, token: str) -> Any:
        with app.app_context():
            services.run_claimed(job_id, token)

    celery.task(run_claimed, name="lms.run_claimed")
    return celery
