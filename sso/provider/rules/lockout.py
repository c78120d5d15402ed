"""How long somebody waits after wrong passwords.

Every wait ends by itself, so a stranger who knows a number cannot shut its owner out;
and signing in by the phone is not touched by it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from lms.kernel.errors import Refusal


class SignInRefusal(Refusal):
    WRONG = "vneid-wrong"
    TOO_MANY = "vneid-too-many"
    WRONG_OTP = "vneid-wrong-otp"
    BEGIN_AGAIN = "vneid-begin-again"


NUMBER_TRIES = 5
NUMBER_WAITS = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=15))
ADDRESS_TRIES = 60
ADDRESS_WAITS = (timedelta(minutes=1), timedelta(minutes=15))
"""A school's computer room comes from one address, so this bound is wide."""

FORGET_AFTER = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Failures:
    count: int
    last_at: datetime


def barred_until(
    failures: Failures | None, tries: int, waits: tuple[timedelta, ...]
) -> datetime | None:
    """Return until when this key may not try again, or None."""
    if failures is None or failures.count < tries:
        return None
    step = min(failures.count - tries, len(waits) - 1)
    return failures.last_at + waits[step]
