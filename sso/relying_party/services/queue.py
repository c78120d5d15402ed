"""The unit's queue of identities that wait to be confirmed."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from lms.kernel import audit
from lms.kernel.db import db
from lms.kernel.errors import Refused
from lms.people.models import Account, Post
from lms.people.proof import Proof
from sso.relying_party.models import LinkRequest
from sso.relying_party.rules.linking import EntryRefusal
from sso.relying_party.services.linking import link

LONGEST_LIST = 200


def waiting_in(scopes: list[str] | None) -> Sequence[LinkRequest]:
    """Return what waits in these units (None: everywhere), oldest first."""
    query = (
        select(LinkRequest)
        .filter_by(decided_at=None)
        .options(joinedload(LinkRequest.account).selectinload(Account.posts))
        .options(joinedload(LinkRequest.account).joinedload(Account.unit))
        .order_by(LinkRequest.asked_at)
        .limit(LONGEST_LIST)
    )
    if scopes is not None:
        units = [int(s.partition(":")[2]) for s in scopes if s.startswith("unit:")]
        held = select(Post.account_id).where(Post.unit_id.in_(units))
        query = query.join(LinkRequest.account).where(
            Account.unit_id.in_(units) | Account.id.in_(held)
        )
    return db.session.scalars(query).all()


def confirm(asked: LinkRequest, actor_id: int, now: datetime) -> None:
    """Link the identity of this request, and none that asked since."""
    _decide(asked, actor_id, now, accepted=True)
    proof = Proof(
        acr=1, muc=asked.muc, amr=(), auth_time=None, issuer=asked.issuer, sub=asked.sub
    )
    if not link(asked.account, asked.profile, proof, now):
        raise Refused(EntryRefusal.ALREADY_LINKED)
    audit.record("identity-confirmed", f"account:{asked.account_id}", actor_id, now)


def turn_away(asked: LinkRequest, actor_id: int, now: datetime) -> None:
    _decide(asked, actor_id, now, accepted=False)
    audit.record("identity-turned-away", f"account:{asked.account_id}", actor_id, now)


def _decide(
    asked: LinkRequest, actor_id: int, now: datetime, *, accepted: bool
) -> None:
    if asked.decided_at is not None:
        raise Refused(EntryRefusal.STALE)
    asked.decided_at, asked.decided_by_id = now, actor_id
    asked.accepted = accepted
