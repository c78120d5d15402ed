"""When somebody may try to sign in, and how long a session lives."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from lms.kernel.errors import Refusal


class SignInRefusal(Refusal):
    WRONG = "sign-in-wrong"
    TOO_MANY = "sign-in-too-many"


ACCOUNT_TRIES = 5
ACCOUNT_WAITS = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=15))
"""The wait grows with each further failure and ends by itself: nobody can be shut out
for good by a stranger who knows the sign-in name."""

ADDRESS_TRIES = 50
ADDRESS_WAITS = (timedelta(minutes=1), timedelta(minutes=5))
"""A school's whole computer room comes from one address, so this bound is wide."""

FORGET_AFTER = timedelta(hours=1)
SHORTEST_PASSWORD = 8
LONGEST_PASSWORD = 128


@dataclass(frozen=True, slots=True)
class Failures:
    """Failed sign-ins under one key (an account or an address) in the last hour."""

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


def is_live(
    opened_at: datetime,
    seen_at: datetime,
    now: datetime,
    *,
    idle_life: timedelta,
    life: timedelta,
) -> bool:
    """Say whether a session has neither lain idle nor lasted too long."""
    return now - seen_at < idle_life and now - opened_at < life


BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("coc_coc", "Cốc Cốc"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)
"""Most telling first: Chrome also says Safari, and Android also says Linux."""


def device_name(user_agent: str) -> str:
    """Say what people call this browser and machine; empty where it cannot be told."""
    parts = (
        next((name for mark, name in known if mark in user_agent), "")
        for known in (BROWSERS, SYSTEMS)
    )
    return ", ".join(part for part in parts if part)
