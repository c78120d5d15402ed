"""Taking in, every few seconds, the attempts whose time is up."""

from datetime import timedelta
from typing import Any

from courses.quizzes.services import attempts
from lms.kernel import clock
from lms.kernel.jobs import services as jobs


@jobs.periodic("quizzes.close_overdue", every=timedelta(seconds=15))
def close_overdue(job: jobs.Running, _payload: dict[str, Any]) -> None:
    while attempts.close_overdue(clock.now()):
        # Each batch is kept by itself, and waiting learners get the database.
        job.release()
