"""Local sign-in: passwords, failures counted, sessions opened and closed.

A failed try must outlive the request, so it is returned and not raised.
"""

import hashlib
import secrets
import threading
from dataclasses import dataclass
from datetime import datetime, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import case, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import joinedload

from lms.kernel import audit
from lms.kernel.db import db
from lms.people.models import Account, LocalCredential, SignInFailure, UserSession
from lms.people.proof import PASSWORD, Proof, local_proof
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
SHARED_SEEN_STEP = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Lives:
    """How long sessions live: unused, at all, and unused on a shared machine."""

    idle: timedelta
    whole: timedelta
    shared_idle: timedelta


def hash_password(password: str) -> str:
    with _few_at_a_time:
        return _hasher.hash(password)


def set_password(account: Account, sign_in_name: str, password: str) -> None:
    """Give the account a name and a password of its own choosing."""
    _set(account, sign_in_name, password).must_change = False


def set_card_password(account: Account, sign_in_name: str, password: str) -> None:
    """Give the account a password that must be changed when it is first used."""
    _set(account, sign_in_name, password).must_change = True


def _set(account: Account, sign_in_name: str, password: str) -> LocalCredential:
    found = db.session.scalar(select(LocalCredential).filter_by(account_id=account.id))
    credential = found or LocalCredential(account_id=account.id)
    credential.sign_in_name = sign_in_name.strip().lower()
    credential.password_hash = hash_password(password)
    credential.must_change = False
    db.session.add(credential)
    db.session.flush()
    return credential


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
    if any(barred(key, tries, waits, now) for key, tries, waits in keys):
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
            count_failure(key, now)
        subject = f"account:{credential.account_id}" if credential else "account:?"
        audit.record("sign-in-failed", subject, None, now)
        return SignInRefusal.WRONG
    forget_failures(keys[0][0])
    return credential.account


def barred(
    key: str, tries: int, waits: tuple[timedelta, ...], now: datetime
) -> datetime | None:
    """Return until when this key may not try again, or None."""
    until = barred_until(_failures(key, now), tries, waits)
    return until if until and now < until else None


def must_change(account: Account) -> bool:
    """Say whether the password is one of a card, good for one sign-in."""
    query = select(LocalCredential.must_change).filter_by(account_id=account.id)
    return bool(db.session.scalar(query))


def change_password(account: Account, password: str, now: datetime) -> None:
    """Put the person's own password in the place of the card's."""
    credential = db.session.scalars(
        select(LocalCredential).filter_by(account_id=account.id)
    ).one()
    credential.password_hash = hash_password(password)
    credential.must_change = False
    audit.record("password-changed", f"account:{account.id}", account.id, now)


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


def count_failure(key: str, now: datetime) -> None:
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


def forget_failures(key: str) -> None:
    row = db.session.get(SignInFailure, key)
    if row is not None:
        db.session.delete(row)


def open_session(
    account: Account,
    device: str,
    now: datetime,
    proof: Proof | None = None,
    *,
    shared: bool = False,
) -> str:
    """Open a session and return the token that only its cookie holds.

    Without *proof* it is one that a password alone opened.
    """
    proof = proof or local_proof((PASSWORD,), now)
    token = secrets.token_urlsafe(32)
    opened = UserSession(
        account_id=account.id,
        token_hash=_sha256(token),
        device=device[:200],
        opened_at=now,
        seen_at=now,
        issuer=proof.issuer,
        sub=proof.sub,
        sid=proof.sid,
        acr=proof.acr,
        muc=proof.muc,
        amr=list(proof.amr),
        auth_at=proof.auth_time,
        shared=shared,
        seal_id=secrets.token_hex(16),
    )
    opened.id_token = proof.id_token
    db.session.add(opened)
    audit.record(
        "sign-in",
        f"account:{account.id}",
        account.id,
        now,
        way="local" if proof.is_local else "provider",
        acr=proof.acr,
        muc=proof.muc,
        shared=shared,
    )
    return token


def live_session(
    token: str, now: datetime, lives: Lives, seen_at: datetime | None = None
) -> UserSession | None:
    """Return the open session that this token names, with its account, or None.

    *seen_at* is when its own cookie was last seen, if that is later than written here.
    """
    found = db.session.scalar(
        select(UserSession)
        .filter_by(token_hash=_sha256(token), closed_at=None)
        .options(joinedload(UserSession.account))
    )
    if found is None or not found.account.may_sign_in:
        return None
    return found if _is_live(found, now, lives, seen_at) else None


def _is_live(
    one: UserSession, now: datetime, lives: Lives, seen_at: datetime | None = None
) -> bool:
    return is_live(
        one.opened_at,
        max(one.seen_at, seen_at or one.seen_at),
        now,
        idle_life=lives.shared_idle if one.shared else lives.idle,
        life=lives.whole,
    )


def note_seen(user_session: UserSession, now: datetime) -> None:
    """Move the session's idle clock, at most once in five minutes (one, if shared)."""
    step = SHARED_SEEN_STEP if user_session.shared else SEEN_STEP
    if now - user_session.seen_at > step:
        user_session.seen_at = now


def close_session(user_session: UserSession, now: datetime) -> None:
    user_session.closed_at = now
    user_session.id_token = None
    subject = f"account:{user_session.account_id}"
    audit.record("sign-out", subject, user_session.account_id, now)


def close_sessions_of(
    account_id: int, now: datetime, *, cause: str = "everywhere"
) -> int:
    """Close all sessions of an account at once; return how many there were."""
    query = update(UserSession).filter_by(account_id=account_id, closed_at=None)
    closed = db.session.execute(query.values(closed_at=now, id_token_sealed=None))
    count: int = closed.rowcount  # type: ignore[attr-defined]
    subject = f"account:{account_id}"
    audit.record("sign-out-everywhere", subject, account_id, now, cause=cause)
    return count


def open_sessions_of(
    here: UserSession, now: datetime, lives: Lives
) -> list[UserSession]:
    """Return the sessions of the same person that still open something.

    Last used first.  The one *here* is always among them: only its own cookie knows
    when a shared machine was last read on.
    """
    account_id = here.account_id
    query = select(UserSession).filter_by(account_id=account_id, closed_at=None)
    found = db.session.scalars(query.order_by(UserSession.seen_at.desc()))
    return [one for one in found if one.id == here.id or _is_live(one, now, lives)]
