"""What the platform does by itself while an exam runs."""

from datetime import timedelta
from typing import Any

from courses.exams.services import sealing, sittings
from lms.kernel import clock
from lms.kernel.jobs import services as jobs

BATCH = 500


@jobs.periodic("exams.collect_overdue", every=timedelta(seconds=10))
def collect_overdue(job: jobs.Running, _payload: dict[str, Any]) -> None:
    while sittings.collect_overdue(clock.now()):
        # Each batch is kept by itself, and writing candidates get the database.
        job.release()


@jobs.periodic("exams.seal_answers", every=timedelta(seconds=5))
def seal_answers(job: jobs.Running, _payload: dict[str, Any]) -> None:
    for sitting in sealing.unsealed(BATCH):
        sealing.seal_answers(sitting, clock.now())
        # Its row is held no longer than one seal takes.
        job.release()
