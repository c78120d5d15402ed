"""The long parts of taking in a file: reading it, writing it, forgetting it."""

from datetime import timedelta
from typing import Any

from lms.kernel import clock
from lms.kernel.imports import services
from lms.kernel.jobs import services as jobs


@jobs.handler("imports.read", tries=2)
def read(job: jobs.Running, payload: dict[str, Any]) -> None:
    services.check(payload["import_run_id"], clock.now(), job.report)


@jobs.handler("imports.write", tries=2)
def write(job: jobs.Running, payload: dict[str, Any]) -> None:
    services.write(payload["import_run_id"], clock.now(), job.report)


@jobs.periodic("imports.forget", every=timedelta(hours=1))
def forget(_job: jobs.Running, _payload: dict[str, Any]) -> None:
    services.forget_old(clock.now())
