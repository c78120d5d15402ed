"""The mimic on a database of its own, and what speaks to it: a site and a browser."""

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from lms.kernel.db import db
from sso.provider.app import create_provider
from sso.provider.models import Base, SigningKey
from tests.sso.provider.stage import ISSUER, Site, Visitor, add_person


@pytest.fixture(scope="session")
def provider_uri(
    tmp_path_factory: pytest.TempPathFactory, worker_id: str
) -> Iterator[str]:
    server = os.environ.get("LMS_TEST_DATABASE_URI")
    if not server:
        yield f"sqlite:///{tmp_path_factory.mktemp('vneid') / 'vneid.db'}"
        return
    name = f"vneid_test_{worker_id}"
    engine = sa.create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(sa.text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))
        connection.execute(sa.text(f'CREATE DATABASE "{name}"'))
    yield (sa.make_url(server).set(database=name).render_as_string(hide_password=False))
    with engine.connect() as connection:
        connection.execute(sa.text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))
    engine.dispose()


@pytest.fixture(scope="session")
def _made(
    provider_uri: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Flask]:
    """The application, made once: its keys take a while."""
    app = create_provider(
        {
            "TESTING": True,
            "ISSUER": ISSUER,
            "SECRET_KEY": "for tests",
            "SQLALCHEMY_DATABASE_URI": provider_uri,
            "VAR": str(tmp_path_factory.mktemp("vneid-var")),
            "LOG_LEVEL": "ERROR",
        }
    )
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def provider(_made: Flask) -> Iterator[Flask]:
    yield _made
    with _made.app_context():
        for table in reversed(Base.metadata.sorted_tables):
            if table is not SigningKey.__table__:
                db.session.execute(table.delete())
        db.session.commit()
        db.session.remove()


@pytest.fixture
def person(provider: Flask) -> Any:
    return add_person(provider)


@pytest.fixture
def site(provider: Flask) -> Site:
    return Site.registered(provider)


@pytest.fixture
def visitor(provider: Flask) -> Visitor:
    return Visitor(provider)


@pytest.fixture
def another(provider: Flask) -> Callable[[], Visitor]:
    """Return a function that opens a browser of somebody else."""
    return lambda: Visitor(provider)
