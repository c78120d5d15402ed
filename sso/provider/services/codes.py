"""Authorization codes and access tokens.  Only their hashes are kept."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import bindparam, select, update

from lms.kernel.db import db
from sso.provider.models import (
    AccessToken,
    Client,
    Code,
    SignInSession,
    UsedAssertion,
)
from sso.provider.rules.lives import CODE_LIFE, TOKEN_LIFE
from sso.provider.services import events
from sso.provider.vault import digest

_CODE = select(Code).where(Code.code_hash == bindparam("mark"))
_USE = (
    update(Code)
    .where(Code.id == bindparam("one"), Code.used_at.is_(None))
    .values(used_at=bindparam("now"))
    .execution_options(synchronize_session=False)
)
_TOKEN = select(AccessToken).where(AccessToken.token_hash == bindparam("mark"))


def keep_code(
    code: str,
    client: Client,
    session: SignInSession,
    parameters: Mapping[str, str],
    now: datetime,
) -> Code:
    row = Code(
        code_hash=digest(code),
        client_id=client.id,
        person_id=session.person_id,
        session_id=session.id,
        redirect_uri=parameters["redirect_uri"],
        scope=client.get_allowed_scope(parameters.get("scope")) or "",
        nonce=parameters.get("nonce"),
        code_challenge=parameters.get("code_challenge"),
        level=session.level,
        factors=session.factors,
        auth_at=session.auth_at,
        made_at=now,
    )
    db.session.add(row)
    return row


def redeem(code: str, client: Client, now: datetime) -> Code | None:
    """Return the code's row if this client may use it now; it is used up by that.

    The database decides which of several comes first.  Whoever comes second shows that
    the code was stolen, so what the first got is taken back (RFC 6749, section 4.1.2).
    """
    row = db.session.scalar(_CODE, {"mark": digest(code)})
    if row is None or row.client_id != client.id:
        return None
    if now - row.made_at > CODE_LIFE and row.used_at is None:
        return None
    used = db.session.execute(_USE, {"one": row.id, "now": now})
    if not used.rowcount:  # type: ignore[attr-defined]
        _take_back(row, now)
        return None
    return row


def _take_back(code: Code, now: datetime) -> None:
    db.session.execute(
        update(AccessToken)
        .filter_by(code_id=code.id, revoked_at=None)
        .values(revoked_at=now)
    )
    events.record(
        "code-replayed", now, person_id=code.person_id, client_id=code.client_id
    )


def keep_token(token: str, code: Code, now: datetime) -> None:
    db.session.add(
        AccessToken(
            token_hash=digest(token),
            client_id=code.client_id,
            person_id=code.person_id,
            session_id=code.session_id,
            code_id=code.id,
            scope=code.scope,
            issued_at=now,
            expires_at=now + TOKEN_LIFE,
        )
    )


def live_token(token: str, now: datetime) -> AccessToken | None:
    row = db.session.scalar(_TOKEN, {"mark": digest(token)})
    if row is None or row.revoked_at or row.expires_at <= now:
        return None
    return row if row.person.active and row.client.active else None


def is_first_use(assertion_key: str, until: datetime, now: datetime) -> bool:
    """Say whether a client assertion was never taken before, and remember it."""
    key = digest(assertion_key)
    if db.session.get(UsedAssertion, key):
        return False
    db.session.add(UsedAssertion(key=key, until=until))
    db.session.flush()
    return True
