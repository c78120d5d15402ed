"""Each new day finds the units as they were decided to be from that day on."""

from datetime import timedelta
from typing import Any

from lms.kernel import clock
from lms.kernel.jobs import services as jobs
from lms.units.changes import bring_up_to


@jobs.periodic("units.turn", every=timedelta(minutes=10))
def turn(_job: jobs.Running, _payload: dict[str, Any]) -> None:
    bring_up_to(clock.day_of(clock.now()))
