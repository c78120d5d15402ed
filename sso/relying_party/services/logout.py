"""Sessions that end because the provider says so."""

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from lms.kernel.db import db
from lms.people.models import UserSession
from lms.people.sign_in import close_sessions_of
from sso.relying_party.models import Identity, LogoutNotice
from sso.relying_party.services.linking import subject_key

KEPT = timedelta(days=1)
"""Longer than any logout token is taken for fresh."""


def obey(issuer: str, claims: Mapping[str, Any], now: datetime) -> bool:
    """End all sessions of the person whom the token names; False if it came before.

    The provider names one session (``sid``) or the person (``sub``); either way the
    person leaves every device: a lost phone is the reason people sign out there.
    """
    jti = hashlib.sha256(f"{issuer}\0{claims['jti']}".encode()).hexdigest()
    db.session.execute(
        delete(LogoutNotice).where(LogoutNotice.received_at < now - KEPT)
    )
    try:
        with db.session.begin_nested():
            db.session.add(LogoutNotice(jti_hash=jti, received_at=now))
            db.session.flush()
    except IntegrityError:
        return False
    for account_id in _accounts(issuer, claims):
        close_sessions_of(account_id, now, cause="provider")
    return True


def _accounts(issuer: str, claims: Mapping[str, Any]) -> set[int]:
    found: set[int] = set()
    if sub := claims.get("sub"):
        named = select(Identity.account_id).filter_by(
            issuer=issuer, sub=subject_key(sub)
        )
        found |= set(db.session.scalars(named))
    if sid := claims.get("sid"):
        opened = select(UserSession.account_id).filter_by(issuer=issuer, sid=sid)
        found |= set(db.session.scalars(opened))
    return found
