"""Whether an identity may claim the record that bears its number."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from lms.kernel.errors import Refusal
from lms.kernel.vietnamese import fold

PROOFED_IN_PERSON = 2


class EntryRefusal(Refusal):
    """Why somebody who came back from the provider is not let in."""

    STALE = "entry-stale"
    DENIED = "entry-denied"
    PROVIDER_ERROR = "entry-provider-error"
    UNREACHABLE = "entry-unreachable"
    UNTRUSTED = "entry-untrusted"
    NO_NUMBER = "entry-no-number"
    NO_RECORD = "entry-no-record"
    CLOSED = "entry-closed"
    ALREADY_LINKED = "entry-already-linked"
    LEVEL_TOO_LOW = "entry-level-too-low"
    WAITING = "entry-waiting"
    TURNED_AWAY = "entry-turned-away"
    OTHER_PERSON = "entry-other-person"


class Doubt(StrEnum):
    """What somebody of the unit must look at before an identity is linked."""

    NAME = "name"
    BIRTH_DATE = "birth-date"
    ACCOUNT_LEVEL = "account-level"


@dataclass(frozen=True, slots=True)
class Record:
    """The imported record, as far as claiming it goes."""

    full_name: str
    birth_date: date | None
    is_staff: bool
    """Holds a post, or a role that opens other people's matters."""


@dataclass(frozen=True, slots=True)
class Claimant:
    full_name: str
    birth_date: date | None
    muc: int


def claim_refusal(record: Record, claimant: Claimant) -> EntryRefusal | None:
    """Say why this identity may not even ask for the record, or None."""
    if record.is_staff and claimant.muc < PROOFED_IN_PERSON:
        return EntryRefusal.LEVEL_TOO_LOW
    return None


def doubts(record: Record, claimant: Claimant) -> list[Doubt]:
    """Return what speaks against linking at once; nothing: they agree.

    Names are compared without accents, case and double blanks, as lists are typed.  A
    level-1 account was made by its holder alone, in an app.
    """
    found = []
    if fold(record.full_name) != fold(claimant.full_name):
        found.append(Doubt.NAME)
    if record.birth_date is None or record.birth_date != claimant.birth_date:
        found.append(Doubt.BIRTH_DATE)
    if claimant.muc < PROOFED_IN_PERSON:
        found.append(Doubt.ACCOUNT_LEVEL)
    return found
