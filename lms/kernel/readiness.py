"""Whether this process can serve requests now: asked by ``/ready`` and at start-up."""

import shutil

from flask import current_app
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from lms.kernel.db import db

LEAST_FREE_BYTES = 200_000_000


def checks() -> dict[str, bool]:
    return {"database": _database_answers(), "disk": _has_room()}


def _database_answers() -> bool:
    try:
        db.session.execute(text("SELECT version_num FROM alembic_version"))
    except SQLAlchemyError:
        db.session.rollback()
        return False
    return True


def _has_room() -> bool:
    return shutil.disk_usage(current_app.config["VAR"]).free > LEAST_FREE_BYTES
