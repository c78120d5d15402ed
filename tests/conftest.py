"""The fixtures of all tests: one migrated database, emptied after each test."""

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import flask_migrate
import hypothesis
import pytest
import sqlalchemy as sa
from flask import Flask, g, has_app_context
from flask.testing import FlaskClient

from lms.kernel import clock
from lms.kernel.db import Base, db
from lms.people import sign_in as people_sign_in
from lms.people.models import Account
from wsgi import create_app

# A busy machine is no fault of the code; examples are the same on every run.
hypothesis.settings.register_profile("house", deadline=None, derandomize=True)
hypothesis.settings.load_profile("house")
NINE = datetime(2026, 9, 5, 9, 0, tzinfo=UTC)
ROOT = Path(__file__).parents[1]
SETTINGS = {
    "TESTING": True,
    "SECRET_KEY": "for tests",
    "WTF_CSRF_ENABLED": False,
    "RATELIMIT_ENABLED": False,
    "SESSION_COOKIE_SECURE": False,
    "LOG_LEVEL": "ERROR",
    "JOBS": "none",
    "INVENTED_NUMBERS": True,
    "STAFF_SECOND_FACTOR": False,
}


@pytest.fixture(scope="session")
def database_uri(
    tmp_path_factory: pytest.TempPathFactory, worker_id: str
) -> Iterator[str]:
    """An empty database of this worker's own, on the engine that was asked for."""
    server = os.environ.get("LMS_TEST_DATABASE_URI")
    if not server:
        yield f"sqlite:///{tmp_path_factory.mktemp('database') / 'lms.db'}"
        return
    name = f"lms_test_{os.getpid()}_{worker_id}"
    engine = sa.create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(sa.text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))
        connection.execute(sa.text(f'CREATE DATABASE "{name}"'))
    url = sa.make_url(server).set(database=name)
    yield url.render_as_string(hide_password=False)
    with engine.connect() as connection:
        connection.execute(sa.text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))
    engine.dispose()


@pytest.fixture(scope="session")
def app(database_uri: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The application on a migrated database; made once, for it takes a while."""
    settings = SETTINGS | {
        "SQLALCHEMY_DATABASE_URI": database_uri,
        "VAR": str(tmp_path_factory.mktemp("var")),
    }
    app = create_app(settings)
    app.before_request(forget)
    with app.app_context():
        flask_migrate.upgrade(str(ROOT / "migrations"))
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture(scope="session")
def emptied(app: Flask) -> Callable[[], None]:
    """Return a function that brings the database back to how migrations leave it."""
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            return _restore_sqlite(db.engine)
        return _restore_postgresql(db.engine)


def _restore_sqlite(engine: sa.Engine) -> Callable[[], None]:
    template = sqlite3.connect(":memory:", check_same_thread=False)
    connection = engine.raw_connection()
    connection.driver_connection.backup(template)
    connection.close()

    def restore() -> None:
        raw = engine.raw_connection()
        template.backup(raw.driver_connection)
        raw.close()

    return restore


def _restore_postgresql(engine: sa.Engine) -> Callable[[], None]:
    names = ", ".join(f'"{table.name}"' for table in Base.metadata.sorted_tables)

    def restore() -> None:
        with engine.begin() as connection:
            # Past the triggers that keep append-only tables as they are.
            connection.execute(sa.text("SET LOCAL session_replication_role = replica"))
            connection.execute(sa.text(f"TRUNCATE {names} RESTART IDENTITY CASCADE"))

    return restore


@pytest.fixture(autouse=True)
def _fresh(request: pytest.FixtureRequest) -> Iterator[None]:
    """Freeze the clock, and leave nothing behind for the next test."""
    if "app" not in request.fixturenames:
        with clock.frozen(NINE):
            yield
        return
    app: Flask = request.getfixturevalue("app")
    restore: Callable[[], None] = request.getfixturevalue("emptied")
    with clock.frozen(NINE):
        yield
    if has_app_context():
        # What a test left uncommitted holds SQLite's write lock.
        db.session.remove()
    with app.app_context():
        restore()
    for name in ("media", "incoming"):
        folder = Path(app.config["VAR"]) / name
        shutil.rmtree(folder)
        folder.mkdir()


@pytest.fixture
def sign_in(app: Flask, client: FlaskClient) -> Callable[[Account], None]:
    """Return a function that signs an account in on the test's one browser."""

    def enter(account: Account) -> None:
        token = people_sign_in.open_session(account, "test browser", clock.now())
        db.session.commit()
        with client.session_transaction() as session:
            session["_user_id"] = token

    return enter


def forget() -> None:
    """Begin each request with nothing remembered, as a server does.

    pytest-flask holds one context around a test, and ``g`` lives as long as that.
    """
    for name in ("_login_user", "grants", "policy"):
        g.pop(name, None)


@pytest.fixture
def queries(app: Flask) -> Callable[[], "contextmanager[list[str]]"]:
    """Return a context manager that collects the SQL statements run inside it."""

    @contextmanager
    def collected() -> Iterator[list[str]]:
        seen: list[str] = []

        def note(_c: object, _cur: object, statement: str, *_rest: object) -> None:
            if not statement.startswith(("BEGIN", "PRAGMA")):
                seen.append(statement)

        sa.event.listen(db.engine, "before_cursor_execute", note)
        try:
            yield seen
        finally:
            sa.event.remove(db.engine, "before_cursor_execute", note)

    return collected


OTHERS = ("browser", "pcsc", "peers")
"""Marks of tests in which a program that is not ours takes part."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """In CI, give a test with programs of others a second go, and say so.

    A browser, a card reader's service or an Apache may be late on a busy machine; what
    is broken fails twice.  Tests of our own code alone have one go.
    """
    if os.environ.get("CI"):
        for item in items:
            if any(item.get_closest_marker(name) for name in OTHERS):
                item.add_marker(pytest.mark.flaky(reruns=1))
