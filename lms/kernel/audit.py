"""The append-only, hash-chained log: who did what, to which thing, when.

Each row holds the hash of the row before it, so that a row altered, removed or put in
later is found by :func:`first_break`.  The database itself refuses UPDATE and DELETE
(see the migration).  Details are ids, counts and words; never names, marks or numbers
of cards.
"""

import hashlib
import json
from contextlib import closing
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import String, func, select
from sqlalchemy.orm import Mapped, mapped_column

from lms.kernel.db import Base, Id, db

GENESIS = "0" * 64
_CHAIN_LOCK = 4_606_006
"""An arbitrary number that names this lock among PostgreSQL's advisory locks."""


class AuditEvent(Base):
    __tablename__ = "audit_event"

    id: Mapped[Id]
    at: Mapped[datetime] = mapped_column(index=True)
    actor_id: Mapped[int | None] = mapped_column(index=True)
    """The account that acted; none for the platform itself or a stranger."""
    act: Mapped[str] = mapped_column(String(60), index=True)
    subject: Mapped[str] = mapped_column(String(80), index=True)
    detail: Mapped[dict[str, Any]]
    previous_hash: Mapped[str] = mapped_column(String(64), unique=True)
    hash: Mapped[str] = mapped_column(String(64))

    def seal(self) -> str:
        """Hash the row's content with the hash of the row before it."""
        content = json.dumps(
            [
                self.previous_hash,
                self.at.astimezone(UTC).isoformat(),
                self.actor_id,
                self.act,
                self.subject,
                self.detail,
            ],
            ensure_ascii=False,
            sort_keys=True,
        )
        return hashlib.sha256(content.encode()).hexdigest()


def record(
    act: str, subject: str, actor_id: int | None, now: datetime, **detail: Any
) -> AuditEvent:
    """Add one row to the chain, within the caller's transaction."""
    if db.session.get_bind().dialect.name == "postgresql":
        # SQLite has one writer anyway; here two would read the same last row.
        db.session.execute(select(func.pg_advisory_xact_lock(_CHAIN_LOCK)))
    last = db.session.scalar(
        select(AuditEvent.hash).order_by(AuditEvent.id.desc()).limit(1)
    )
    row = AuditEvent(
        at=now,
        actor_id=actor_id,
        act=act,
        subject=subject,
        detail=detail,
        previous_hash=last or GENESIS,
    )
    row.hash = row.seal()
    db.session.add(row)
    db.session.flush()
    return row


def first_break() -> int | None:
    """Return the id of the first row that does not fit the chain, or None."""
    expected = GENESIS
    query = select(AuditEvent).order_by(AuditEvent.id)
    with closing(db.session.scalars(query.execution_options(yield_per=1000))) as rows:
        for row in rows:
            if row.previous_hash != expected or row.hash != row.seal():
                return row.id
            expected = row.hash
    return None
