"""Whether this process can serve requests now: asked by ``/ready`` and at start-up."""

import shutil

from flask import current_app
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from lms.kernel import sealing
from lms.kernel.db import db
from lms.kernel.keyring import MissingKeys

LEAST_FREE_BYTES = 200_000_000


def checks() -> dict[str, bool]:
    return {
        "database": _database_answers(),
        "disk": _has_room(),
        "keys": _has_keys(),
    }


def _database_answers() -> bool:
    try:
        db.session.execute(text("SELECT version_num FROM alembic_version"))
    except SQLAlchemyError:
        db.session.rollback()
        return False
    return True


def _has_room() -> bool:
    return shutil.disk_usage(current_app.config["VAR"]).free > LEAST_FREE_BYTES


def _has_keys() -> bool:
    try:
        sealing.keys()
    except (OSError, MissingKeys, ValueError):
        return False
    return True
