"""Sessions of browsers at the provider."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, select

from lms.kernel.db import db
from sso.provider.models import Person, SignInSession
from sso.provider.rules.levels import level_reached
from sso.provider.rules.lives import is_live
from sso.provider.services import events
from sso.provider.vault import digest, new_token


def open_session(
    person: Person, factors: Sequence[str], now: datetime
) -> tuple[SignInSession, str]:
    """Open a session; return it and the token that only its cookie holds."""
    token = new_token()
    row = SignInSession(
        token_hash=digest(token),
        person=person,
        person_id=person.id,
        level=level_reached(factors),
        factors=list(factors),
        auth_at=now,
        seen_at=now,
    )
    db.session.add(row)
    db.session.flush()
    events.record("signed-in", now, person_id=person.id, factors=list(factors))
    return row, token


_OPEN = select(SignInSession).where(
    SignInSession.token_hash == bindparam("mark"), SignInSession.ended_at.is_(None)
)


def live_session(token: str | None, now: datetime) -> SignInSession | None:
    if not token:
        return None
    row = db.session.scalar(_OPEN, {"mark": digest(token)})
    if row is None or not row.person.active:
        return None
    return row if is_live(row.auth_at, row.seen_at, now) else None
