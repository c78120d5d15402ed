"""The log of who did what: complete, in order, and not to be changed unseen."""

import threading
from datetime import timedelta, timezone

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DatabaseError

from lms.kernel import audit
from lms.kernel.audit import AuditEvent
from lms.kernel.db import db, writing
from tests.conftest import NINE


def record(act="enrolled", **detail):
    made = audit.record(act, "course:7", 1, NINE, **detail)
    db.session.commit()
    return made.id


def forge(statement, **values):
    """Change the table as somebody could who holds the database itself."""
    with db.engine.begin() as connection:
        if connection.dialect.name == "sqlite":
            for verb in ("update", "delete"):
                connection.execute(sa.text(f"DROP TRIGGER audit_event_no_{verb}"))
        else:
            connection.execute(sa.text("SET LOCAL session_replication_role = replica"))
        connection.execute(sa.text(statement), values)
    db.session.rollback()


def test_each_row_holds_the_hash_of_the_row_before(app):
    first, second = (db.session.get(AuditEvent, record()) for _ in range(2))

    assert first.previous_hash == audit.GENESIS
    assert second.previous_hash == first.hash
    assert audit.first_break() is None


def test_an_empty_log_is_whole(app):
    assert audit.first_break() is None


def test_a_row_reads_back_as_it_was_sealed(app):
    elsewhere = NINE.astimezone(timezone(timedelta(hours=7)))
    audit.record(
        "sao-lưu", "course:7", None, elsewhere, b=[1, {"z": 1, "a": None}], a="Đ"
    )
    db.session.commit()
    db.session.expire_all()

    assert audit.first_break() is None


@pytest.mark.parametrize(
    "forgery",
    [
        "UPDATE audit_event SET actor_id = 2 WHERE id = :id",
        "UPDATE audit_event SET act = 'left' WHERE id = :id",
        "UPDATE audit_event SET subject = 'course:8' WHERE id = :id",
        "UPDATE audit_event SET detail = '{\"basis\": 2}' WHERE id = :id",
        "UPDATE audit_event SET at = '2026-09-05 09:00:01+00:00' WHERE id = :id",
        "UPDATE audit_event SET hash = 'beef' WHERE id = :id",
    ],
)
def test_a_forged_row_is_found(app, forgery):
    _before, forged, _after = record(), record(basis=1), record()

    forge(forgery, id=forged)

    assert audit.first_break() == forged


def test_a_removed_row_is_found_at_the_next(app):
    _before, removed, after = record(), record(), record()

    forge("DELETE FROM audit_event WHERE id = :id", id=removed)

    assert audit.first_break() == after


@pytest.mark.parametrize(
    "change", ["UPDATE audit_event SET act = 'x'", "DELETE FROM audit_event"]
)
def test_the_database_itself_refuses_a_change(app, change):
    record()

    with pytest.raises(DatabaseError, match="append-only"):
        db.session.execute(sa.text(change))

    db.session.rollback()
    assert audit.first_break() is None


def test_a_record_is_undone_with_the_work_it_tells_of(app):
    audit.record("enrolled", "course:7", 1, NINE)
    db.session.rollback()

    assert db.session.scalar(sa.select(sa.func.count(AuditEvent.id))) == 0


def test_many_writers_make_one_chain(app):
    problems = []

    def write():
        try:
            with app.app_context():
                for _ in range(10):
                    with writing():
                        audit.record("enrolled", "course:7", 1, NINE)
                        db.session.commit()
        except Exception as problem:
            problems.append(problem)

    writers = [threading.Thread(target=write) for _ in range(3)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()

    assert not problems
    assert db.session.scalar(sa.select(sa.func.count(AuditEvent.id))) == 30
    assert audit.first_break() is None


def test_the_command_says_whether_the_log_is_whole(app):
    forged = record()
    whole = app.test_cli_runner().invoke(args=["audit", "verify"])

    forge("UPDATE audit_event SET act = 'left' WHERE id = :id", id=forged)
    broken = app.test_cli_runner().invoke(args=["audit", "verify"])

    assert (whole.exit_code, broken.exit_code) == (0, 1)
    assert str(forged) in broken.output
