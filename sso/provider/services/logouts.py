"""The end of a session, and who must hear of it (OpenID Connect Back-Channel Logout).

A notice is written with the end itself, so that nothing forgets it; it is sent at once
and, where nobody answers, again and again with growing pauses.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update

from lms.kernel.db import db
from sso.provider.models import AccessToken, Client, Code, LogoutNotice, SignInSession
from sso.provider.services import events
from sso.provider.vault import Vault, new_token

EVENT = "http://schemas.openid.net/event/backchannel-logout"
NOTICE_LIFE = timedelta(minutes=2)
PAUSES = tuple(timedelta(seconds=s) for s in (2, 5, 15, 60, 300, 900, 3600, 3 * 3600))
"""Between one try and the next; after the last the notice is given up."""

MOST_AT_ONCE = 50


def end(session: SignInSession, now: datetime) -> list[LogoutNotice]:
    """End a session and its tokens; return who must be told."""
    if session.ended_at is not None:
        return []
    session.ended_at = now
    db.session.execute(
        update(AccessToken)
        .filter_by(session_id=session.id, revoked_at=None)
        .values(revoked_at=now)
    )
    events.record("signed-out", now, person_id=session.person_id)
    query = (
        select(Client)
        .join(Code, Code.client_id == Client.id)
        .filter(Code.session_id == session.id, Code.used_at.is_not(None))
        .filter(Client.backchannel_logout_uri.is_not(None))
        .distinct()
    )
    notices = [
        LogoutNotice(
            client=client, session=session, jti=new_token(), tries=0, next_at=now
        )
        for client in _once(db.session.scalars(query))
    ]
    db.session.add_all(notices)
    db.session.flush()
    return notices


def _once(clients: Any) -> list[Client]:
    return list({client.id: client for client in clients}.values())


def end_all_of(person_id: int, now: datetime) -> list[LogoutNotice]:
    """End every session of a person, on all machines."""
    query = select(SignInSession).filter_by(person_id=person_id, ended_at=None)
    return [
        notice for session in db.session.scalars(query) for notice in end(session, now)
    ]


def due(now: datetime) -> Sequence[LogoutNotice]:
    query = select(LogoutNotice).filter(LogoutNotice.next_at <= now)
    return db.session.scalars(
        query.order_by(LogoutNotice.next_at).limit(MOST_AT_ONCE)
    ).all()


def claims_of(
    vault: Vault, issuer: str, notice: LogoutNotice, now: datetime
) -> dict[str, Any]:
    """Return what the logout token says.  It holds no nonce, by its standard."""
    client, session = notice.client, notice.session
    return {
        "iss": issuer,
        "aud": client.client_id,
        "sub": vault.subject(client.sector, session.person.uid),
        "sid": vault.sid(client.client_id, session.id),
        "iat": int(now.timestamp()),
        "exp": int((now + NOTICE_LIFE).timestamp()),
        "jti": notice.jti,
        "events": {EVENT: {}},
    }


def note(notice: LogoutNotice, heard: bool, now: datetime) -> None:
    """Keep what came of a try."""
    notice.tries += 1
    if heard:
        notice.heard_at, notice.next_at = now, None
        return
    pause = PAUSES[notice.tries - 1] if notice.tries <= len(PAUSES) else None
    notice.next_at = now + pause if pause else None
    if pause is None:
        events.record("logout-unheard", now, client_id=notice.client_id)
