"""Notices of absence go out by themselves, a minute after they are due."""

from datetime import timedelta
from typing import Any

from lms.attendance.services import notices
from lms.kernel import clock
from lms.kernel.jobs import services as jobs


@jobs.periodic("attendance.notices", every=timedelta(minutes=1))
def send_notices(_job: jobs.Running, _payload: dict[str, Any]) -> None:
    notices.send_due(clock.now())
