"""The migrations and the models say the same."""

import flask_migrate
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from lms.kernel.db import Base, db
from tests.conftest import ROOT


def test_the_migrations_make_what_the_models_say(app):
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})

        assert compare_metadata(context, Base.metadata) == []


def test_every_migration_can_be_taken_back(app, tmp_path, monkeypatch):
    from tests.conftest import SETTINGS
    from wsgi import create_app

    uri = f"sqlite:///{tmp_path / 'own.db'}"
    own = create_app(SETTINGS | {"SQLALCHEMY_DATABASE_URI": uri, "VAR": str(tmp_path)})
    folder = str(ROOT / "migrations")
    with own.app_context():
        flask_migrate.upgrade(folder)
        flask_migrate.downgrade(folder, revision="base")
        names = db.inspect(db.engine).get_table_names()
        flask_migrate.upgrade(folder)
        db.engine.dispose()

    assert names == ["alembic_version"]
