"""Which account an identity opens.

The key is (issuer, sub).  The personal number is used once, to find the imported
record; e-mail, name and what people type about themselves are never keys.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload

from lms.kernel import audit
from lms.kernel.clock import day_of
from lms.kernel.db import db
from lms.kernel.permissions import Role
from lms.kernel.sealing import blind_index
from lms.people.models import Account, AccountState, LocalCredential
from lms.people.proof import Proof
from lms.people.second_factor.services import remove as remove_factor
from lms.people.services import account_by_number, grants_of, posts_of
from lms.people.sign_in import close_sessions_of
from sso.relying_party.models import Identity, LinkRequest
from sso.relying_party.rules.identity import VerifiedIdentity, is_number
from sso.relying_party.rules.linking import (
    Claimant,
    Doubt,
    EntryRefusal,
    Record,
    claim_refusal,
    doubts,
)
from sso.relying_party.rules.provider import Profile

ORDINARY = {Role.SELF, Role.MEMBER, Role.LEARNER, Role.PUPIL, Role.GUARDIAN}
"""Roles that open one's own matters alone, or those of one's own children."""


@dataclass(frozen=True, slots=True)
class Entry:
    """Somebody may come in."""

    account: Account
    proof: Proof


def enter(
    identity: VerifiedIdentity, profile: Profile, now: datetime
) -> Entry | EntryRefusal:
    """Return the account that this identity opens, or why it opens none.

    A refusal is returned and not raised: it leaves a trace.
    """
    sub = subject_key(identity.sub)
    proof = _proof_of(identity, sub)
    known = db.session.scalar(
        select(Identity)
        .filter_by(issuer=identity.issuer, sub=sub)
        .options(joinedload(Identity.account))
    )
    if known is None:
        return _claim(identity, profile, proof, now)
    if not known.account.may_sign_in:
        return _refused(EntryRefusal.CLOSED, known.account, now)
    known.last_seen_at, known.muc = now, identity.account_level
    return Entry(known.account, proof)


def subject_key(sub: str) -> str:
    """Return how we keep a subject: a personal number only as its blind index."""
    return blind_index(sub, "identity:sub") if is_number(sub) else sub


def _proof_of(identity: VerifiedIdentity, sub: str) -> Proof:
    return Proof(
        acr=identity.acr,
        muc=identity.account_level,
        amr=identity.amr,
        auth_time=identity.auth_time,
        issuer=identity.issuer,
        sub=sub,
        sid=identity.sid,
        id_token=identity.id_token,
    )


def _claim(
    identity: VerifiedIdentity, profile: Profile, proof: Proof, now: datetime
) -> Entry | EntryRefusal:
    if identity.personal_number is None:
        return EntryRefusal.NO_NUMBER
    account = account_by_number(identity.personal_number)
    if account is None:
        return EntryRefusal.NO_RECORD
    claimant = Claimant(identity.full_name, identity.birth_date, identity.account_level)
    record = record_of(account, now)
    if reason := _hindrance(account) or claim_refusal(record, claimant):
        return _refused(reason, account, now)
    if found := doubts(record, claimant):
        return _queued(account, identity, profile, found, now)
    if link(account, profile, proof, now):
        return Entry(account, proof)
    return EntryRefusal.ALREADY_LINKED


def _hindrance(account: Account) -> EntryRefusal | None:
    if not account.may_sign_in:
        return EntryRefusal.CLOSED
    linked = select(Identity.id).filter_by(account_id=account.id)
    return EntryRefusal.ALREADY_LINKED if db.session.scalar(linked) else None


def record_of(account: Account, now: datetime) -> Record:
    is_staff = bool(posts_of(account.id, day_of(now))) or any(
        grant.role not in ORDINARY for grant in grants_of(account.id)
    )
    return Record(account.full_name, account.birth_date, is_staff)


def link(account: Account, profile: Profile, proof: Proof, now: datetime) -> bool:
    """Write the link, and take away every other way into the account.

    Whoever set a password on the record before its owner came is out with it.  Of two
    at once the database lets one in; False for the other.
    """
    made = Identity(
        account_id=account.id,
        issuer=proof.issuer,
        sub=proof.sub,
        profile=profile,
        muc=proof.muc,
        first_seen_at=now,
        last_seen_at=now,
    )
    try:
        with db.session.begin_nested():
            db.session.add(made)
            db.session.flush()
    except IntegrityError:
        return False
    db.session.execute(delete(LocalCredential).filter_by(account_id=account.id))
    remove_factor(account.id, account.id, now)
    close_sessions_of(account.id, now, cause="claimed")
    account.state = AccountState.ACTIVE
    audit.record("identity-linked", f"account:{account.id}", account.id, now)
    return True


def _queued(
    account: Account,
    identity: VerifiedIdentity,
    profile: Profile,
    found: list[Doubt],
    now: datetime,
) -> EntryRefusal:
    """Ask the unit, once for each identity."""
    sub = subject_key(identity.sub)
    asked = db.session.scalar(
        select(LinkRequest).filter_by(
            account_id=account.id, issuer=identity.issuer, sub=sub
        )
    )
    if asked is not None and asked.accepted is False:
        return EntryRefusal.TURNED_AWAY
    is_new = asked is None
    if asked is None:
        asked = LinkRequest(
            account_id=account.id,
            issuer=identity.issuer,
            sub=sub,
            asked_at=now,
            seal_id=secrets.token_hex(16),
        )
    asked.profile, asked.muc = profile, identity.account_level
    asked.full_name = identity.full_name
    asked.birth_date = identity.birth_date
    asked.reasons = [doubt.value for doubt in found]
    db.session.add(asked)
    if is_new:
        audit.record("identity-waiting", f"account:{account.id}", None, now)
    return EntryRefusal.WAITING


def _refused(reason: EntryRefusal, account: Account, now: datetime) -> EntryRefusal:
    audit.record(
        "identity-refused", f"account:{account.id}", None, now, reason=reason.value
    )
    return reason
