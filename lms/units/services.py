"""Finding units, on any day, and adding them."""

from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy import or_, select, union_all
from sqlalchemy.orm import joinedload

from lms.kernel.db import db
from lms.units.models import Unit, UnitEvent, UnitState, UnitSuccession
from lms.units.rules import ALWAYS, Node, Tree


def unit_by_code(code: str) -> Unit | None:
    return db.session.scalar(select(Unit).filter_by(code=code))


def unit_of(unit_id: int) -> Unit | None:
    """Return the unit with this id; None for 0."""
    return db.session.get(Unit, unit_id) if unit_id else None


def all_units() -> Sequence[Unit]:
    """Return every unit that there is or was."""
    return db.session.scalars(select(Unit).order_by(Unit.name)).all()


def add_unit(
    code: str,
    name: str,
    kind: str,
    parent: Unit | None = None,
    *,
    opened_on: date = ALWAYS,
) -> Unit:
    """Add a unit that has always been there, or since a day that is not to come."""
    unit = Unit(code=code, name=name, kind=kind, parent=parent)
    db.session.add(unit)
    db.session.flush()
    db.session.add(
        UnitState(
            unit_id=unit.id,
            name=name,
            kind=kind,
            parent_id=unit.parent_id,
            from_on=opened_on,
        )
    )
    db.session.flush()
    return unit


def tree_on(day: date) -> Tree:
    """Return the tree as it stood, or will stand, on this day."""
    query = (
        select(
            UnitState.unit_id,
            Unit.code,
            UnitState.name,
            UnitState.kind,
            UnitState.parent_id,
        )
        .join(Unit, Unit.id == UnitState.unit_id)
        .where(UnitState.from_on <= day)
        .where(or_(UnitState.to_on.is_(None), UnitState.to_on >= day))
    )
    return Tree(Node(*row) for row in db.session.execute(query))


def ids_below(heads: Iterable[int], on: date) -> dict[int, set[int]]:
    """Return, for each of these units, the ids of it and of all that it answers for.

    Those are the units below it today and those that became part of it by this day,
    whose records it keeps.
    """
    edges = union_all(
        select(Unit.parent_id.label("above"), Unit.id.label("inner")).where(
            Unit.parent_id.is_not(None)
        ),
        select(UnitSuccession.to_unit_id, UnitSuccession.from_unit_id).where(
            UnitSuccession.on <= on
        ),
    ).subquery()
    tree = (
        select(Unit.id.label("head"), Unit.id.label("inner"))
        .where(Unit.id.in_(heads))
        .cte("below", recursive=True)
    )
    # UNION, not UNION ALL: were there ever a circle, it would end.
    tree = tree.union(
        select(tree.c.head, edges.c.inner).join(tree, edges.c.above == tree.c.inner)
    )
    found: dict[int, set[int]] = {}
    for head, inner in db.session.execute(select(tree.c.head, tree.c.inner)):
        found.setdefault(head, set()).add(inner)
    return found


def units_below(head: Unit | None, on: date) -> Sequence[Unit]:
    """Return this unit and all that it answers for; all units for None."""
    query = select(Unit).order_by(Unit.id)
    if head is not None:
        query = query.where(Unit.id.in_(ids_below([head.id], on)[head.id]))
    return db.session.scalars(query).all()


def states_of(unit: Unit) -> Sequence[UnitState]:
    """Return what the unit was, the latest first."""
    query = (
        select(UnitState)
        .filter_by(unit_id=unit.id)
        .options(joinedload(UnitState.parent))
    )
    return db.session.scalars(query.order_by(UnitState.from_on.desc())).all()


def events_of(unit: Unit) -> Sequence[UnitEvent]:
    """Return the changes that were decided for the unit, the latest first."""
    query = select(UnitEvent).filter_by(unit_id=unit.id)
    return db.session.scalars(
        query.order_by(UnitEvent.on.desc(), UnitEvent.id.desc())
    ).all()


def successions_of(unit: Unit) -> Sequence[UnitSuccession]:
    """Return who the unit follows, and who follows it."""
    row = UnitSuccession
    query = select(row).where(
        or_(row.from_unit_id == unit.id, row.to_unit_id == unit.id)
    )
    return db.session.scalars(
        query.options(joinedload(row.from_unit), joinedload(row.to_unit)).order_by(
            row.on
        )
    ).all()


def kinds() -> Sequence[str]:
    """Return the kinds of units that are in use."""
    return db.session.scalars(select(Unit.kind).distinct().order_by(Unit.kind)).all()
