"""Finding and adding units."""

from collections.abc import Sequence

from sqlalchemy import select

from lms.kernel.db import db
from lms.units.models import Unit


def unit_by_code(code: str) -> Unit | None:
    return db.session.scalar(select(Unit).filter_by(code=code))


def all_units() -> Sequence[Unit]:
    return db.session.scalars(select(Unit).order_by(Unit.name)).all()


def add_unit(code: str, name: str, kind: str, parent: Unit | None = None) -> Unit:
    unit = Unit(code=code, name=name, kind=kind, parent=parent)
    db.session.add(unit)
    db.session.flush()
    return unit
