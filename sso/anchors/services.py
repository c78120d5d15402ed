"""Propose, approve, reject and withdraw; and the trust store that check-in asks."""

from datetime import datetime
from functools import lru_cache
from hashlib import sha256

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from lms.kernel import audit
from lms.kernel.db import db
from lms.kernel.errors import Refused
from lms.kernel.paging import Page, page_of
from sso.anchors import rules
from sso.anchors.models import TrustAnchor
from sso.anchors.rules import AnchorEvent, AnchorKind, AnchorRefusal, AnchorState
from sso.chip.certificates import Certificate, Crl, read_certificate, read_crl
from sso.chip.trust import TrustStore

ALIVE = (AnchorState.PROPOSED, AnchorState.IN_FORCE)
DECISIONS = {AnchorEvent.APPROVE: "anchor:approve", AnchorEvent.REJECT: "anchor:reject"}


def propose(content: bytes, basis: str, actor_id: int, now: datetime) -> TrustAnchor:
    """Hand a file in; it counts for nothing until another person approves."""
    found = rules.read_file(content)
    if isinstance(found, AnchorRefusal):
        raise Refused(found)
    row = _list_row(found) if isinstance(found, Crl) else _authority_row(found)
    known = select(TrustAnchor.id).where(
        TrustAnchor.fingerprint == row.fingerprint, TrustAnchor.state.in_(ALIVE)
    )
    if db.session.scalar(known.limit(1)) is not None:
        raise Refused(AnchorRefusal.ALREADY_THERE)
    row.state, row.basis = AnchorState.PROPOSED, basis
    row.proposed_by_id, row.proposed_at = actor_id, now
    db.session.add(row)
    db.session.flush()
    _record("anchor:propose", row, actor_id, now)
    return row


def decide(
    anchor: TrustAnchor,
    event: AnchorEvent,
    actor_id: int,
    now: datetime,
    *,
    reason: str | None = None,
) -> None:
    """Approve or reject what somebody proposed."""
    _move(anchor, event, actor_id)
    anchor.decided_by_id, anchor.decided_at = actor_id, now
    anchor.reason = reason
    _record(DECISIONS[event], anchor, actor_id, now)


def withdraw(anchor: TrustAnchor, reason: str, actor_id: int, now: datetime) -> None:
    """Stop believing it, at once."""
    _move(anchor, AnchorEvent.WITHDRAW, actor_id)
    anchor.withdrawn_by_id, anchor.withdrawn_at = actor_id, now
    anchor.reason = reason
    _record("anchor:withdraw", anchor, actor_id, now)


def anchors(number: int) -> Page[TrustAnchor]:
    """Return all files, the newest proposals first."""
    query = (
        select(TrustAnchor)
        .options(joinedload(TrustAnchor.proposed_by))
        .order_by(TrustAnchor.id.desc())
    )
    return page_of(query, number)


def trust_store() -> TrustStore:
    """Return what is believed now; read from its files only when that changes."""
    in_force = select(TrustAnchor.fingerprint).where(
        TrustAnchor.state == AnchorState.IN_FORCE
    )
    return _store(tuple(db.session.scalars(in_force.order_by(TrustAnchor.id))))


def is_simulated(fingerprint: str) -> bool:
    """Say whether a card under this authority is an invented one."""
    query = select(TrustAnchor.is_simulated).where(
        TrustAnchor.fingerprint == fingerprint,
        TrustAnchor.kind == AnchorKind.AUTHORITY,
    )
    # An authority that nobody knows is no real one either.
    return any(db.session.scalars(query)) or db.session.scalar(query) is None


@lru_cache(maxsize=2)
def _store(fingerprints: tuple[str, ...]) -> TrustStore:
    # Fingerprints name the content; an id given back by a rollback would not.
    rows = db.session.execute(
        select(TrustAnchor.kind, TrustAnchor.content).where(
            TrustAnchor.state == AnchorState.IN_FORCE,
            TrustAnchor.fingerprint.in_(fingerprints),
        )
    ).all()
    return TrustStore(
        tuple(read_certificate(c) for kind, c in rows if kind is AnchorKind.AUTHORITY),
        tuple(read_crl(c) for kind, c in rows if kind is AnchorKind.REVOCATION_LIST),
    )


def _authority_row(found: Certificate) -> TrustAnchor:
    return TrustAnchor(
        kind=AnchorKind.AUTHORITY,
        fingerprint=found.fingerprint,
        content=found.der,
        name=found.title[:300],
        subject=found.subject_text[:500],
        is_simulated=rules.is_simulated(found),
        starts_at=found.not_before,
        ends_at=found.not_after,
    )


def _list_row(found: Crl) -> TrustAnchor:
    """A list counts only if an authority in force signed it."""
    for authority in trust_store().authorities:
        if found.is_signed_by(authority):
            return TrustAnchor(
                kind=AnchorKind.REVOCATION_LIST,
                fingerprint=sha256(found.der).hexdigest(),
                content=found.der,
                name=authority.title[:300],
                subject=authority.subject_text[:500],
                is_simulated=rules.is_simulated(authority),
                starts_at=found.this_update,
                ends_at=found.next_update,
            )
    raise Refused(AnchorRefusal.LIST_UNSIGNED)


def _move(anchor: TrustAnchor, event: AnchorEvent, actor_id: int) -> None:
    refusal = rules.move_refusal(anchor.state, event, anchor.proposed_by_id, actor_id)
    if refusal:
        raise Refused(refusal)
    anchor.state = rules.MOVES[anchor.state, event]


def _record(act: str, anchor: TrustAnchor, actor_id: int, now: datetime) -> None:
    audit.record(
        act,
        f"trust_anchor:{anchor.id}",
        actor_id,
        now,
        kind=anchor.kind.value,
        fingerprint=anchor.fingerprint,
    )
