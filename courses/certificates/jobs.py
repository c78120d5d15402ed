"""Issuing certificates by itself, a few seconds after a course was completed."""

from datetime import timedelta
from typing import Any

from courses.certificates import services
from courses.certificates.settings import issuer
from lms.kernel import clock
from lms.kernel.jobs import services as jobs


@jobs.periodic("certificates.issue", every=timedelta(seconds=5))
def issue(_job: jobs.Running, _payload: dict[str, Any]) -> None:
    services.issue_due(issuer(), clock.now())
