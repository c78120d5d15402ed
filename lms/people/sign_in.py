"""Local sign-in: passwords, failures counted, sessions opened and closed.

A failed try must outlive the request, so it is returned and not raised.
"""

import hashlib
import secrets
import threading
from datetime import datetime, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import case, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import joinedload

from lms.kernel import audit
from lms.kernel.db import db
from lms.people.models import Account, LocalCredential, SignInFailure, UserSession
from lms.people.rules import (
    ACCOUNT_TRIES,
    ACCOUNT_WAITS,
    ADDRESS_TRIES,
    ADDRESS_WAITS,
    FORGET_AFTER,
    LONGEST_PASSWORD,
    Failures,
    SignInRefusal,
    barred_until,
    is_live,
)

# OWASP's first choice for argon2id; each hash takes 19 MiB, hence the bound below.
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_few_at_a_time = threading.BoundedSemaphore(4)
_NOBODY = _hasher.hash(secrets.token_hex(16))
SEEN_STEP = timedelta(minutes=5)


def hash_password(password: str) -> str:
    with _few_at_a_time:
        return _hasher.hash(password)


def set_password(account: Account, sign_in_name: str, password: str) -> None:
    found = db.session.scalar(select(LocalCredential).filter_by(account_id=account.id))
    credential = found or LocalCredential(account_id=account.id)
    credential.sign_in_name = sign_in_name.strip().lower()
    credential.password_hash = hash_password(password)
    db.session.add(credential)
    db.session.flush()


def check(
    sign_in_name: str, password: str, address: str, now: datetime
) -> Account | SignInRefusal:
    """Return the account that these words open, or why not.

    A name that nobody has costs the same time and gets the same words.
    """
    name = sign_in_name.strip().lower()
    keys = (
        (f"name:{_sha256(name)}", ACCOUNT_TRIES, ACCOUNT_WAITS),
        (f"address:{address}", ADDRESS_TRIES, ADDRESS_WAITS),
    )
    for key, tries, waits in keys:
        until = barred_until(_failures(key, now), tries, waits)
        if until and now < until:
            return SignInRefusal.TOO_MANY
    credential = db.session.scalar(
        select(LocalCredential)
        .filter_by(sign_in_name=name)
        .options(joinedload(LocalCredential.account))
    )
    expected = credential.password_hash if credential else _NOBODY
    right = _is_right(expected, password[:LONGEST_PASSWORD])
    if credential is None or not right or not credential.account.may_sign_in:
        for key, _tries, _waits in keys:
            _count_failure(key, now)
        subject = f"account:{credential.account_id}" if credential else "account:?"
        audit.record("sign-in-failed", subject, None, now)
        return SignInRefusal.WRONG
    _forget_failures(keys[0][0])
    return credential.account


def _is_right(expected: str, password: str) -> bool:
    with _few_at_a_time:
        try:
            return _hasher.verify(expected, password)
        except (VerificationError, InvalidHashError):
            return False


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _failures(key: str, now: datetime) -> Failures | None:
    row = db.session.get(SignInFailure, key)
    if row is None or now - row.last_at > FORGET_AFTER:
        return None
    return Failures(row.count, row.last_at)


def _count_failure(key: str, now: datetime) -> None:
    """Count by the database itself: two first failures at once are two failures."""
    dialect = db.session.get_bind().dialect.name
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    row = SignInFailure
    counted = case((row.last_at < now - FORGET_AFTER, 1), else_=row.count + 1)
    db.session.execute(
        insert(row)
        .values(key=key, count=1, last_at=now)
        .on_conflict_do_update(
            index_elements=["key"], set_={"count": counted, "last_at": now}
        )
    )


def _forget_failures(key: str) -> None:
    row = db.session.get(SignInFailure, key)
    if row is not None:
        db.session.delete(row)


def open_session(account: Account, device: str, now: datetime) -> str:
    """Open a session and return the token that only its cookie holds."""
    token = secrets.token_urlsafe(32)
    db.session.add(
        UserSession(
            account_id=account.id,
            token_hash=_sha256(token),
            device=device[:200],
            opened_at=now,
            seen_at=now,
        )
    )
    audit.record("sign-in", f"account:{account.id}", account.id, now)
    return token


def live_session(
    token: str, now: datetime, idle_life: timedelta, life: timedelta
) -> UserSession | None:
    """Return the open session that this token names, with its account, or None."""
    found = db.session.scalar(
        select(UserSession)
        .filter_by(token_hash=_sha256(token), closed_at=None)
        .options(joinedload(UserSession.account))
    )
    if found is None or not found.account.may_sign_in:
        return None
    live = is_live(found.opened_at, found.seen_at, now, idle_life=idle_life, life=life)
    return found if live else None


def note_seen(user_session: UserSession, now: datetime) -> None:
    """Move the session's idle clock, at most once in five minutes."""
    if now - user_session.seen_at > SEEN_STEP:
        user_session.seen_at = now


def close_session(user_session: UserSession, now: datetime) -> None:
    user_session.closed_at = now
    subject = f"account:{user_session.account_id}"
    audit.record("sign-out", subject, user_session.account_id, now)


def open_sessions_of(
    account_id: int, now: datetime, idle_life: timedelta, life: timedelta
) -> list[UserSession]:
    """Return the sessions that still open something, last used first."""
    query = select(UserSession).filter_by(account_id=account_id, closed_at=None)
    found = db.session.scalars(query.order_by(UserSession.seen_at.desc()))
    return [
        one
        for one in found
        if is_live(one.opened_at, one.seen_at, now, idle_life=idle_life, life=life)
    ]
