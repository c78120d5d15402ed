"""Enrolling a second factor, checking codes, and the emergency path."""

import base64
import hashlib
import secrets
from datetime import datetime

import pyotp
from sqlalchemy import select, update

from lms.kernel import audit
from lms.kernel.db import db
from lms.people import sign_in
from lms.people.models import Account
from lms.people.second_factor.models import RecoveryCode, SecondFactor
from lms.people.second_factor.rules import (
    EMERGENCY_LIFE,
    RECOVERY_CODES,
    TRIES,
    WAITS,
    FactorRefusal,
    is_staff,
    read,
    right_step,
)
from lms.people.services import grants_of

CODE_BYTES = 10


def factor_of(account_id: int) -> SecondFactor | None:
    """Return the person's confirmed second factor, or None."""
    found = db.session.scalar(select(SecondFactor).filter_by(account_id=account_id))
    return found if found and found.confirmed_at else None


def is_needed(account_id: int, *, for_all_staff: bool) -> bool:
    """Say whether a password alone must not open this account."""
    if factor_of(account_id):
        return True
    return for_all_staff and is_staff(grant.role for grant in grants_of(account_id))


def begin(account_id: int) -> SecondFactor:
    """Return the secret that waits to be confirmed, made where there is none."""
    found = db.session.scalar(select(SecondFactor).filter_by(account_id=account_id))
    if found is None:
        found = SecondFactor(account_id=account_id)
        found.secret = pyotp.random_base32()
        db.session.add(found)
        db.session.flush()
    return found


def address_for_app(factor: SecondFactor, account: Account, issuer: str) -> str:
    """Return what the QR code says to the person's app."""
    totp = pyotp.TOTP(factor.secret or "")
    return totp.provisioning_uri(name=account.full_name, issuer_name=issuer)


def confirm(account_id: int, typed: str, now: datetime) -> list[str] | FactorRefusal:
    """Let the first right code confirm the factor; return the recovery codes."""
    factor = db.session.scalar(
        select(SecondFactor).filter_by(account_id=account_id, confirmed_at=None)
    )
    if factor is None:
        return FactorRefusal.OVER
    if refusal := _barred(account_id, now):
        return refusal
    step = right_step(factor.secret or "", read(typed), now, factor.last_step)
    if step is None:
        return _failed(account_id, now)
    factor.confirmed_at, factor.last_step = now, step
    audit.record("second-factor-enrolled", f"account:{account_id}", account_id, now)
    return new_recovery_codes(account_id, now)


def new_recovery_codes(account_id: int, now: datetime) -> list[str]:
    """Make ten codes, which void those before; they are shown once."""
    db.session.execute(
        update(RecoveryCode)
        .where(RecoveryCode.account_id == account_id, RecoveryCode.used_at.is_(None))
        .values(used_at=now)
    )
    return [_add_code(account_id) for _ in range(RECOVERY_CODES)]


def _add_code(
    account_id: int, reason: str = "", expires_at: datetime | None = None
) -> str:
    code = base64.b32encode(secrets.token_bytes(CODE_BYTES)).decode()
    db.session.add(
        RecoveryCode(
            account_id=account_id,
            code_hash=_hash(code),
            reason=reason,
            expires_at=expires_at,
        )
    )
    return "-".join(code[place : place + 4] for place in range(0, len(code), 4))


def _hash(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()


def check(account_id: int, typed: str, now: datetime) -> FactorRefusal | None:
    """Take a code of the app or a recovery code; each opens once.

    What was wrong is counted, and returned, so that it outlives the request.
    """
    if refusal := _barred(account_id, now):
        return refusal
    code = read(typed)
    if _take_app_code(account_id, code, now) or _take_recovery_code(
        account_id, code, now
    ):
        sign_in.forget_failures(_key(account_id))
        return None
    return _failed(account_id, now)


def _take_app_code(account_id: int, code: str, now: datetime) -> bool:
    factor = factor_of(account_id)
    if factor is None:
        return False
    step = right_step(factor.secret or "", code, now, factor.last_step)
    if step is None:
        return False
    # By the database, so that of two requests with one code only one passes.
    changed = db.session.execute(
        update(SecondFactor)
        .where(SecondFactor.id == factor.id)
        .where(SecondFactor.last_step.is_(None) | (SecondFactor.last_step < step))
        .values(last_step=step)
    )
    return bool(changed.rowcount)  # type: ignore[attr-defined]


def _take_recovery_code(account_id: int, code: str, now: datetime) -> bool:
    row = RecoveryCode
    changed = db.session.execute(
        update(row)
        .where(row.account_id == account_id, row.code_hash == _hash(code))
        .where(row.used_at.is_(None))
        .where(row.expires_at.is_(None) | (row.expires_at > now))
        .values(used_at=now)
    )
    if not changed.rowcount:  # type: ignore[attr-defined]
        return False
    audit.record("recovery-code-used", f"account:{account_id}", account_id, now)
    return True


def _key(account_id: int) -> str:
    return f"factor:{account_id}"


def _barred(account_id: int, now: datetime) -> FactorRefusal | None:
    until = sign_in.barred(_key(account_id), TRIES, WAITS, now)
    return FactorRefusal.TOO_MANY if until else None


def _failed(account_id: int, now: datetime) -> FactorRefusal:
    sign_in.count_failure(_key(account_id), now)
    audit.record("second-factor-failed", f"account:{account_id}", None, now)
    return FactorRefusal.WRONG


def emergency_code(account_id: int, reason: str, actor: str, now: datetime) -> str:
    """Make a code that opens once within a quarter of an hour; the log says why."""
    code = _add_code(account_id, reason[:200], now + EMERGENCY_LIFE)
    audit.record(
        "emergency-code-made",
        f"account:{account_id}",
        None,
        now,
        by=actor,
        reason=reason[:200],
    )
    return code


def remove(account_id: int, actor_id: int | None, now: datetime) -> None:
    """Take the factor and its codes away: the phone is lost, or VNeID has come."""
    factor = db.session.scalar(select(SecondFactor).filter_by(account_id=account_id))
    if factor is not None:
        db.session.delete(factor)
    for code in db.session.scalars(
        select(RecoveryCode).filter_by(account_id=account_id)
    ):
        db.session.delete(code)
    audit.record("second-factor-removed", f"account:{account_id}", actor_id, now)
