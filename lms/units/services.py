"""Finding and adding units."""

from collections.abc import Iterable, Sequence

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


def ids_below(heads: Iterable[int]) -> dict[int, set[int]]:
    """Return, for each of these units, the ids of it and of all units below it."""
    tree = (
        select(Unit.id.label("head"), Unit.id.label("inner"))
        .where(Unit.id.in_(heads))
        .cte("below", recursive=True)
    )
    # UNION, not UNION ALL: were there ever a circle, it would end.
    tree = tree.union(
        select(tree.c.head, Unit.id).join(tree, Unit.parent_id == tree.c.inner)
    )
    found: dict[int, set[int]] = {}
    for head, inner in db.session.execute(select(tree.c.head, tree.c.inner)):
        found.setdefault(head, set()).add(inner)
    return found
