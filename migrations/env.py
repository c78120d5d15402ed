"""Where migrations run: the application's own engine, on SQLite and PostgreSQL."""

import sqlite3
from typing import Any

from alembic import context
from flask import current_app
from sqlalchemy import JSON, Connection, Enum

from lms.kernel.db import Base, UTCDateTime, db


def render_item(kind: str, thing: Any, autogen: Any) -> str | bool:
    """Write our column types as what the database sees."""
    if kind != "type":
        return False
    if isinstance(thing, UTCDateTime):
        return "sa.DateTime(timezone=True)"
    if isinstance(thing, Enum):
        return f"sa.String(length={thing.length})"
    if isinstance(thing, JSON):
        autogen.imports.add("from sqlalchemy.dialects import postgresql")
        return 'sa.JSON().with_variant(postgresql.JSONB(), "postgresql")'
    return False


def _let_tables_be_remade(connection: Connection) -> None:
    """Let SQLite drop a table that others point to, to put a new one in its place.

    It heeds this outside of a transaction only; each new connection is strict again.
    """
    raw = connection.connection.driver_connection
    if isinstance(raw, sqlite3.Connection):
        raw.execute("PRAGMA foreign_keys=OFF")


def _find_loose_ends(connection: Connection) -> None:
    if connection.dialect.name != "sqlite":
        return
    loose = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    if loose:
        raise RuntimeError(f"rows point to nothing: {loose[:5]}")


def run() -> None:
    with db.engine.connect() as connection:
        _let_tables_be_remade(connection)
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            render_item=render_item,
            render_as_batch=True,
            compare_type=True,
        )
        with context.begin_transaction():
            context.run_migrations()
            _find_loose_ends(connection)
        connection.commit()
        # Not back to the pool as lax as it is now.
        connection.invalidate()


if current_app:
    run()
