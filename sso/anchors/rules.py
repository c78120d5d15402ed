"""When a file of trust comes into force: two people must want it, one may end it."""

from datetime import datetime
from enum import StrEnum

from lms.kernel.errors import Refusal
from sso.chip import certificates, trust
from sso.chip.certificates import Certificate, Crl
from sso.chip.tlv import Malformed

LARGEST_BYTES = 256 * 1024
SIMULATED = "mô phỏng"
"""What the names of invented authorities say of themselves."""


class AnchorKind(StrEnum):
    AUTHORITY = "authority"
    REVOCATION_LIST = "revocation-list"


class AnchorState(StrEnum):
    PROPOSED = "proposed"
    IN_FORCE = "in-force"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


class AnchorEvent(StrEnum):
    APPROVE = "approve"
    REJECT = "reject"
    WITHDRAW = "withdraw"


class AnchorRefusal(Refusal):
    UNREADABLE = "anchor-unreadable"
    TOO_LARGE = "anchor-too-large"
    SEVERAL = "anchor-several"
    LIST_UNSIGNED = "anchor-list-unsigned"
    ALREADY_THERE = "anchor-already-there"
    OWN_PROPOSAL = "anchor-own-proposal"
    WRONG_STATE = "anchor-wrong-state"


S, E = AnchorState, AnchorEvent
MOVES: dict[tuple[AnchorState, AnchorEvent], AnchorState] = {
    (S.PROPOSED, E.APPROVE): S.IN_FORCE,
    (S.PROPOSED, E.REJECT): S.REJECTED,
    (S.IN_FORCE, E.WITHDRAW): S.WITHDRAWN,
}
NEEDS_ANOTHER = {E.APPROVE}
"""What the proposer may not do alone.  Ending trust is safe, so one person suffices."""


def move_refusal(
    state: AnchorState, event: AnchorEvent, proposer_id: int | None, actor_id: int
) -> AnchorRefusal | None:
    """Say why this person may not do this now, or nothing."""
    if (state, event) not in MOVES:
        return AnchorRefusal.WRONG_STATE
    if event in NEEDS_ANOTHER and proposer_id == actor_id:
        return AnchorRefusal.OWN_PROPOSAL
    return None


def read_file(data: bytes) -> Certificate | Crl | AnchorRefusal:
    """Read what was handed in: one authority's certificate, or one list."""
    if len(data) > LARGEST_BYTES:
        return AnchorRefusal.TOO_LARGE
    try:
        return certificates.read_crl(data)
    except Malformed:
        pass
    try:
        found = trust.read_anchors(data)
    except Malformed:
        return AnchorRefusal.UNREADABLE
    return found[0] if len(found) == 1 else AnchorRefusal.SEVERAL


def is_simulated(certificate: Certificate) -> bool:
    """Say whether an authority calls itself invented."""
    parts = (part for rdn in certificate.subject for part in rdn)
    return any(SIMULATED in text for _kind, text in parts)


def is_current(starts_at: datetime, ends_at: datetime | None, now: datetime) -> bool:
    return starts_at <= now and (ends_at is None or now <= ends_at)


def spaced(fingerprint: str) -> str:
    """Write a fingerprint in fours, to be compared with one on paper."""
    upper = fingerprint.upper()
    return " ".join(upper[at : at + 4] for at in range(0, len(upper), 4))
