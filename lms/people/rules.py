"""Which records and posts make sense; who may try to sign in, and for how long."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from lms.kernel.errors import Refusal


class SignInRefusal(Refusal):
    WRONG = "sign-in-wrong"
    TOO_MANY = "sign-in-too-many"


class PersonRefusal(Refusal):
    """Why a record is not written as a list or a form says."""

    NO_KEY = "person-no-key"
    TWO_RECORDS = "person-two-records"
    KEPT_ELSEWHERE = "person-kept-elsewhere"
    OTHER_NUMBER = "person-other-number"
    OTHER_PERSON = "person-other-person"
    UNIT_UNKNOWN = "person-unit-unknown"
    UNKNOWN = "person-unknown"
    OTHER_NAME = "person-other-name"
    PAIR_TWICE = "person-pair-twice"
    OWN_GUARDIAN = "person-own-guardian"


class PostRefusal(Refusal):
    DAYS = "post-days"
    TWO_PRIMARY = "post-two-primary"
    UNIT_NOT_OPEN = "post-unit-not-open"


@dataclass(frozen=True, slots=True)
class Span:
    """From a day to a day, both counted; without an end while it lasts."""

    from_on: date
    to_on: date | None = None

    def meets(self, other: "Span") -> bool:
        """Say whether some day lies in both."""
        starts = self.to_on is None or other.from_on <= self.to_on
        return starts and (other.to_on is None or self.from_on <= other.to_on)


def post_refusal(wanted: Span, primary: Iterable[Span] = ()) -> PostRefusal | None:
    """Say why a post cannot be held so; *primary* are the others of the person.

    Given for a primary post alone: two of them must not meet on any day.
    """
    if wanted.to_on and wanted.to_on < wanted.from_on:
        return PostRefusal.DAYS
    if any(wanted.meets(other) for other in primary):
        return PostRefusal.TWO_PRIMARY
    return None


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
