"""The life of one identification, and what its evidence is worth."""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from lms.kernel.errors import Refusal
from sso.chip.evidence import Report
from sso.chip.mrz import Zone
from sso.chip.verdicts import Step, Verdict

CHALLENGE_BYTES = 8
LIFETIME = timedelta(seconds=120)
"""From the challenge to the evidence (ICAO leaves it to the verifier)."""
CHIP_LIFETIME = timedelta(seconds=60)
"""From the evidence to the chip's answer to the server's own command."""
SLOW_ANSWER_MS = 2000
"""An answer that took longer may have come from a card somewhere else."""
FILES = ("SOD", "DG1", "DG2", "DG14", "DG15")


class IdentificationState(StrEnum):
    OPENED = "opened"
    AWAITING_CHIP = "awaiting-chip"
    VERIFIED = "verified"
    REFUSED = "refused"
    LAPSED = "lapsed"
    SUPERSEDED = "superseded"


class IdentificationEvent(StrEnum):
    ASK_CHIP = "ask-chip"
    VERIFY = "verify"
    REFUSE = "refuse"
    LAPSE = "lapse"
    SUPERSEDE = "supersede"


class Finding(StrEnum):
    """What the house finds beyond the steps of the chip itself."""

    ANOTHER_PERSON = "another-person"
    NOT_PROTECTED = "not-protected"
    CHIP_DID_NOT_CONFIRM = "chip-did-not-confirm"
    EVIDENCE_SEEN_BEFORE = "evidence-seen-before"
    BIRTH_DATE_DIFFERS = "birth-date-differs"
    SLOW_ANSWER = "slow-answer"
    SIMULATED = "simulated"


class StationRefusal(Refusal):
    UNKNOWN = "station-unknown"
    SIGNATURE = "station-signature"
    REPEATED = "station-repeated"
    UNREADABLE = "station-unreadable"
    NOT_EXPECTED = "station-not-expected"
    ALREADY_VERIFIED = "station-already-verified"
    NO_IDENTIFICATION = "station-no-identification"
    CHALLENGE_USED = "station-challenge-used"
    CHALLENGE_OVER = "station-challenge-over"
    KEY_UNREADABLE = "station-key-unreadable"
    KEY_KNOWN = "station-key-known"


S, E = IdentificationState, IdentificationEvent
LIVE = (S.OPENED, S.AWAITING_CHIP, S.VERIFIED)
MOVES: dict[tuple[IdentificationState, IdentificationEvent], IdentificationState] = {
    (S.OPENED, E.ASK_CHIP): S.AWAITING_CHIP,
    (S.OPENED, E.VERIFY): S.VERIFIED,
    (S.OPENED, E.REFUSE): S.REFUSED,
    (S.OPENED, E.LAPSE): S.LAPSED,
    (S.OPENED, E.SUPERSEDE): S.SUPERSEDED,
    (S.AWAITING_CHIP, E.VERIFY): S.VERIFIED,
    (S.AWAITING_CHIP, E.REFUSE): S.REFUSED,
    (S.AWAITING_CHIP, E.LAPSE): S.LAPSED,
    (S.AWAITING_CHIP, E.SUPERSEDE): S.SUPERSEDED,
    # By an official who lets somebody identify again, with a reason.
    (S.VERIFIED, E.SUPERSEDE): S.SUPERSEDED,
}
REFUSING = {
    Finding.ANOTHER_PERSON,
    Finding.NOT_PROTECTED,
    Finding.CHIP_DID_NOT_CONFIRM,
    Finding.EVIDENCE_SEEN_BEFORE,
}


@dataclass(frozen=True)
class Expected:
    """Somebody whom an exam expects at this station now."""

    subject: str
    """Names the thing above that waits, such as ``sitting:12``."""
    photo_scope: str
    """Whose photographs are destroyed together, such as ``exam_session:7``."""
    number: str
    birth_date: date | None = None


def evidence_refusal(
    state: IdentificationState, opened_at: datetime, now: datetime
) -> StationRefusal | None:
    """Say why evidence comes too late, or a second time."""
    if state is not S.OPENED:
        return StationRefusal.CHALLENGE_USED
    return StationRefusal.CHALLENGE_OVER if now - opened_at > LIFETIME else None


def chip_refusal(
    state: IdentificationState, asked_at: datetime | None, now: datetime
) -> StationRefusal | None:
    """Say why the chip's answer is not waited for."""
    if state is not S.AWAITING_CHIP or asked_at is None:
        return StationRefusal.CHALLENGE_USED
    over = now - asked_at > CHIP_LIFETIME
    return StationRefusal.CHALLENGE_OVER if over else None


def findings_on(
    report: Report, expected: tuple[str, date | None], active_ms: int, on: date
) -> list[Finding]:
    """Compare what the card says with whom the exam expects.

    *expected* is the number, and the birth date where it is known.
    """
    number, birth_date = expected
    found = []
    if not is_same_number(report.zone, number):
        found.append(Finding.ANOTHER_PERSON)
    elif birth_date and report.zone and report.zone.born_on(on) != birth_date:
        found.append(Finding.BIRTH_DATE_DIFFERS)
    if active_ms > SLOW_ANSWER_MS:
        found.append(Finding.SLOW_ANSWER)
    return found


def is_same_number(zone: Zone | None, number: str) -> bool:
    said = (zone.number if zone else None) or ""
    return hmac.compare_digest(said.encode(), number.encode())


def is_proved(report: Report) -> bool:
    """Say whether the chip showed that it is no copy."""
    steps = (Step.ACTIVE_AUTHENTICATION, Step.CHIP_AUTHENTICATION)
    return any(report.of(step).verdict is Verdict.OK for step in steps)


def hash_of(files: Mapping[str, bytes], answer: bytes | None) -> str:
    """Name a whole evidence: SHA-256 over the hashes of its parts."""
    parts = {
        name: hashlib.sha256(content).hexdigest() for name, content in files.items()
    }
    parts["answer"] = hashlib.sha256(answer or b"").hexdigest()
    lines = "\n".join(f"{name} {parts[name]}" for name in sorted(parts))
    return hashlib.sha256(lines.encode()).hexdigest()
