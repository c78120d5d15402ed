"""Which code is right, and who needs one."""

import hmac
import re
from collections.abc import Iterable
from datetime import datetime, timedelta

import pyotp

from lms.kernel.errors import Refusal
from lms.kernel.permissions import Role

STEP_SECONDS = 30
DRIFT_STEPS = 1
"""A phone's clock may be half a minute off, either way."""

RECOVERY_CODES = 10
EMERGENCY_LIFE = timedelta(minutes=15)
TRIES = 5
WAITS = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=15))
EVERYDAY = frozenset({Role.SELF, Role.MEMBER, Role.LEARNER, Role.PUPIL, Role.GUARDIAN})
"""What people hold who are no staff: they may do without."""


class FactorRefusal(Refusal):
    WRONG = "factor-wrong"
    TOO_MANY = "factor-too-many"
    OVER = "factor-over"


def is_staff(roles: Iterable[Role]) -> bool:
    return bool(set(roles) - EVERYDAY)


def read(typed: str) -> str:
    """Return what was typed without blanks and dashes, in capitals."""
    return re.sub(r"[\s-]", "", typed).upper()


def right_step(
    secret: str, typed: str, now: datetime, last_step: int | None
) -> int | None:
    """Return the time step whose code this is, or None; each step opens once.

    *secret* is base32; the code has six digits and is made anew every 30 seconds.

    Source: RFC 6238; RFC 4226, section 7.2 (a code is accepted once).
    """
    current = int(now.timestamp()) // STEP_SECONDS
    totp = pyotp.TOTP(secret)
    for step in range(current - DRIFT_STEPS, current + DRIFT_STEPS + 1):
        if last_step is not None and step <= last_step:
            continue
        code = totp.at(step * STEP_SECONDS)
        if hmac.compare_digest(code.encode(), typed.encode()):
            return step
    return None
