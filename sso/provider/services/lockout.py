"""Counting wrong tries in the database, for all processes."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import bindparam, case, delete, select
from sqlalchemy.dialects import postgresql, sqlite

from lms.kernel.db import db
from sso.provider.models import SignInFailure
from sso.provider.rules.lockout import (
    ADDRESS_TRIES,
    ADDRESS_WAITS,
    FORGET_AFTER,
    NUMBER_TRIES,
    NUMBER_WAITS,
    Failures,
    barred_until,
)

BOUNDS = {
    "number": (NUMBER_TRIES, NUMBER_WAITS),
    "otp": (NUMBER_TRIES, NUMBER_WAITS),
    "address": (ADDRESS_TRIES, ADDRESS_WAITS),
}


def keys_of(number_index: str, address: str) -> tuple[str, str]:
    return f"number:{number_index}", f"address:{address}"


_KEPT = select(SignInFailure).where(
    SignInFailure.key.in_(bindparam("keys", expanding=True))
)


def is_barred(keys: Iterable[str], now: datetime) -> bool:
    """Say whether one of the keys must wait."""
    return any(
        _must_wait(row, now) for row in db.session.scalars(_KEPT, {"keys": list(keys)})
    )


def _must_wait(row: SignInFailure, now: datetime) -> bool:
    if now - row.last_at > FORGET_AFTER:
        return False
    bound = BOUNDS[row.key.partition(":")[0]]
    until = barred_until(Failures(row.count, row.last_at), *bound)
    return until is not None and now < until


def count(keys: Iterable[str], now: datetime) -> None:
    """Count by the database itself: two first failures at once are two failures."""
    dialect = db.session.get_bind().dialect.name
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    row = SignInFailure
    counted = case((row.last_at < now - FORGET_AFTER, 1), else_=row.count + 1)
    for key in keys:
        db.session.execute(
            insert(row)
            .values(key=key, count=1, last_at=now)
            .on_conflict_do_update(
                index_elements=["key"], set_={"count": counted, "last_at": now}
            )
        )


_FORGET = (
    delete(SignInFailure)
    .where(SignInFailure.key == bindparam("one"))
    .execution_options(synchronize_session=False)
)


def forget(key: str) -> None:
    db.session.execute(_FORGET, {"one": key})
