"""Changing the tree on a day: create, rename, move, merge, split, close.

A change closes the state that held before and opens the next, so that the tree of any
earlier day stays what it was.  A change may lie ahead; a job brings the units up to
each new day.  Changes of one unit are recorded in the order of their days.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import or_, select

from lms.kernel import audit
from lms.kernel.clock import day_of
from lms.kernel.db import db
from lms.kernel.errors import Refused
from lms.units.models import Unit, UnitChange, UnitEvent, UnitState, UnitSuccession
from lms.units.rules import Description, UnitRefusal, merge_refusal, move_refusal
from lms.units.services import tree_on, unit_by_code

A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Decision:
    """From which day a change holds, by which paper, and who records it."""

    on: date
    paper: str
    actor_id: int | None
    now: datetime


Follower = Callable[[Unit, Unit, Decision], int]
"""Told that one unit becomes part of another; moves what hangs on it, counts it."""

FOLLOWERS: list[Follower] = []


def collect(followers: Iterable[Follower]) -> None:
    """Let the features above move what hangs on a unit; the roof lists them."""
    FOLLOWERS[:] = followers


def create(what: Description, parent: Unit | None, decision: Decision) -> Unit:
    if unit_by_code(what.code):
        raise Refused(UnitRefusal.CODE_TAKEN)
    if parent and parent.id not in tree_on(decision.on):
        raise Refused(UnitRefusal.PARENT_NOT_OPEN)
    unit = Unit(code=what.code, name=what.name, kind=what.kind, parent=parent)
    db.session.add(unit)
    db.session.flush()
    db.session.add(
        UnitState(
            unit_id=unit.id,
            name=what.name,
            kind=what.kind,
            parent_id=unit.parent_id,
            from_on=decision.on,
        )
    )
    _record(unit, UnitChange.CREATED, decision)
    return unit


def rename(unit: Unit, name: str, kind: str, decision: Decision) -> Unit:
    state = _next_state(unit, decision.on)
    state.name, state.kind = name, kind
    _record(unit, UnitChange.RENAMED, decision)
    return unit


def move(unit: Unit, parent: Unit | None, decision: Decision) -> Unit:
    parent_id = parent.id if parent else None
    if refusal := move_refusal(tree_on(decision.on), unit.id, parent_id):
        raise Refused(refusal)
    _next_state(unit, decision.on).parent_id = parent_id
    _record(unit, UnitChange.MOVED, decision)
    return unit


def close(unit: Unit, decision: Decision) -> Unit:
    """Let a unit that has nothing below it end; refuse while something is."""
    if tree_on(decision.on).children(unit.id):
        raise Refused(UnitRefusal.HAS_UNITS)
    _end(unit, decision.on)
    _record(unit, UnitChange.CLOSED, decision)
    return unit


def merge(sources: Sequence[Unit], target: Unit, decision: Decision) -> int:
    """Let units become part of another; return how many things went along.

    What stood below them stands below the target from that day.
    """
    tree = tree_on(decision.on)
    ids = [unit.id for unit in sources]
    if refusal := merge_refusal(tree, ids, target.id):
        raise Refused(refusal)
    if target.id not in tree:
        raise Refused(UnitRefusal.NOT_OPEN)
    moved = 0
    for source in sources:
        for node in tree.children(source.id):
            if node.id not in ids:
                move(db.session.get_one(Unit, node.id), target, decision)
    for source in sources:
        moved += _hand_over(source, target, decision)
        _end(source, decision.on)
        _record(source, UnitChange.MERGED, decision)
    return moved


def merge_units(
    source_ids: Sequence[int],
    into: Description | int,
    parent: Unit,
    decision: Decision,
) -> Unit:
    """Merge units into one that is made below *parent*, or into one that there is."""
    if isinstance(into, Description):
        target = create(into, parent, decision)
    else:
        target = db.session.get_one(Unit, into)
    sources = [db.session.get_one(Unit, source) for source in source_ids]
    merge(sources, target, decision)
    return target


def split_unit(source: Unit, into: Sequence[Description], decision: Decision) -> Unit:
    """Let a unit end in new ones beside it; return the first, which takes over."""
    node = tree_on(decision.on).nodes.get(source.id)
    parent = db.session.get(Unit, node.parent_id or 0) if node else source.parent
    parts = [create(what, parent, decision) for what in into]
    split(source, parts, decision)
    return parts[0]


def split(source: Unit, parts: Sequence[Unit], decision: Decision) -> int:
    """Let a unit end in several; the first takes over what hangs on it.

    What belongs to another part is then moved there, unit by unit, post by post.
    """
    tree = tree_on(decision.on)
    if not parts:
        raise Refused(UnitRefusal.NO_PARTS)
    if source.id not in tree or any(part.id not in tree for part in parts):
        raise Refused(UnitRefusal.NOT_OPEN)
    heir, *others = parts
    for node in tree.children(source.id):
        if node.id not in {part.id for part in parts}:
            move(db.session.get_one(Unit, node.id), heir, decision)
    for part in others:
        _succeed(source, part, decision)
    moved = _hand_over(source, heir, decision)
    _end(source, decision.on)
    _record(source, UnitChange.SPLIT, decision)
    return moved


def _hand_over(source: Unit, target: Unit, decision: Decision) -> int:
    _succeed(source, target, decision)
    return sum(follower(source, target, decision) for follower in FOLLOWERS)


def _succeed(source: Unit, target: Unit, decision: Decision) -> None:
    db.session.add(
        UnitSuccession(from_unit_id=source.id, to_unit_id=target.id, on=decision.on)
    )


def _last_state(unit: Unit, on: date) -> UnitState:
    """Return the state that a change on this day would end, or raise Refused."""
    query = select(UnitState).filter_by(unit_id=unit.id)
    last = db.session.scalars(query.order_by(UnitState.from_on.desc())).first()
    if last is None or last.to_on is not None:
        raise Refused(UnitRefusal.NOT_OPEN)
    if on < last.from_on:
        raise Refused(UnitRefusal.DAY_TOO_EARLY)
    return last


def _next_state(unit: Unit, on: date) -> UnitState:
    """Open the state that holds from this day, like the one before until changed."""
    last = _last_state(unit, on)
    if last.from_on == on:
        return last
    last.to_on = on - A_DAY
    state = UnitState(
        unit_id=unit.id,
        name=last.name,
        kind=last.kind,
        parent_id=last.parent_id,
        from_on=on,
    )
    db.session.add(state)
    return state


def is_recorded_after(unit_id: int, on: date) -> bool:
    """Say whether a later change of the unit is recorded, or its end."""
    query = select(UnitState.id).filter_by(unit_id=unit_id)
    later = query.where(or_(UnitState.from_on > on, UnitState.to_on >= on))
    return db.session.scalar(later.limit(1)) is not None


def _end(unit: Unit, on: date) -> None:
    last = _last_state(unit, on)
    if last.from_on == on:
        # It would have lasted no day at all.
        raise Refused(UnitRefusal.DAY_TOO_EARLY)
    last.to_on = on - A_DAY
    unit.closed_on = on


def _record(unit: Unit, change: UnitChange, decision: Decision) -> None:
    db.session.add(
        UnitEvent(
            unit_id=unit.id,
            change=change,
            on=decision.on,
            paper=decision.paper,
            actor_id=decision.actor_id,
            recorded_at=decision.now,
        )
    )
    audit.record(
        change.value,
        f"unit:{unit.id}",
        decision.actor_id,
        decision.now,
        on=decision.on.isoformat(),
    )
    db.session.flush()
    if decision.on <= day_of(decision.now):
        bring_up_to(day_of(decision.now), unit)


def bring_up_to(today: date, only: Unit | None = None) -> int:
    """Let units show what they are today; return how many had changed."""
    query = (
        select(UnitState, Unit)
        .join(Unit, Unit.id == UnitState.unit_id)
        .where(UnitState.from_on <= today)
        .where(or_(UnitState.to_on.is_(None), UnitState.to_on >= today))
    )
    if only is not None:
        query = query.where(Unit.id == only.id)
    changed = 0
    for state, unit in db.session.execute(query):
        wanted = (state.name, state.kind, state.parent_id)
        if wanted != (unit.name, unit.kind, unit.parent_id):
            unit.name, unit.kind, unit.parent_id = wanted
            changed += 1
    db.session.flush()
    return changed
