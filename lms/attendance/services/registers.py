"""Registers: taken, changed, taken back, and added up."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from lms.attendance.models import WHOLE_SESSION, Register, RegisterEntry
from lms.attendance.rules import (
    ABSENT,
    Presence,
    Session,
    register_refusal,
    undo_refusal,
)
from lms.attendance.services import excuses, notices
from lms.kernel import audit
from lms.kernel.clock import day_of
from lms.kernel.db import db
from lms.kernel.errors import Refused
from lms.sections.models import Membership, Section
from lms.sections.rules import SectionsRefusal

Exceptions = Mapping[int, Presence]
"""Who was not simply there, by pupil id."""


@dataclass(frozen=True, slots=True)
class Hour:
    """When a class is looked over."""

    day: date
    session: Session
    period: int = WHOLE_SESSION


def register_of(section_id: int, hour: Hour) -> Register | None:
    query = select(Register).filter_by(
        section_id=section_id, day=hour.day, session=hour.session, period=hour.period
    )
    return db.session.scalar(query.options(selectinload(Register.entries)))


def take(
    section: Section, hour: Hour, found: Exceptions, actor_id: int, now: datetime
) -> Register:
    """Write who was away or late; all others were present.

    A pupil excused for the day beforehand is written as excused, whatever was tapped.
    """
    year = section.school_year
    if reason := register_refusal(hour.day, day_of(now), year.starts_on, year.ends_on):
        raise Refused(reason)
    _check_members(section, found)
    excused = excuses.excused_on(section.id, hour.day)
    wanted = {
        pupil: Presence.EXCUSED
        if pupil in excused and presence is Presence.UNEXCUSED
        else presence
        for pupil, presence in found.items()
    }
    register = register_of(section.id, hour)
    if register is None:
        register = Register(
            section_id=section.id,
            day=hour.day,
            session=hour.session,
            period=hour.period,
            entries=[],
            before={},
            changed=True,
        )
        db.session.add(register)
    else:
        register.before = said_by(register)
        register.changed = True
    register.taken_by_id, register.taken_at = actor_id, now
    _write(register, wanted, now)
    audit.record(
        "take-register",
        f"register:{register.id}",
        actor_id,
        now,
        away=len(wanted),
    )
    return register


def _check_members(section: Section, found: Exceptions) -> None:
    query = select(Membership.pupil_id).filter_by(section_id=section.id)
    if set(found) - set(db.session.scalars(query)):
        raise Refused(SectionsRefusal.NOT_IN_SECTION)


def said_by(register: Register) -> dict[str, str]:
    return {str(one.pupil_id): one.presence.value for one in register.entries}


def _write(register: Register, wanted: Exceptions, now: datetime) -> None:
    register.entries.clear()
    db.session.flush()
    register.entries.extend(
        RegisterEntry(pupil_id=pupil, presence=presence)
        for pupil, presence in wanted.items()
    )
    db.session.flush()
    notices.renew(register, now)


def undo(register: Register, actor_id: int, now: datetime) -> None:
    """Take the last change back; nobody was told of it yet."""
    if reason := undo_refusal(register.taken_at, now, changed=register.changed):
        raise Refused(reason)
    wanted = {int(pupil): Presence(word) for pupil, word in register.before.items()}
    register.before, register.changed = {}, False
    _write(register, wanted, now)
    audit.record("undo-register", f"register:{register.id}", actor_id, now)


def registers_of(section_id: int, day: date) -> Sequence[Register]:
    query = (
        select(Register)
        .filter_by(section_id=section_id, day=day)
        .options(selectinload(Register.entries))
        .order_by(Register.session.desc(), Register.period)
    )
    return db.session.scalars(query).all()


def absences_in(section_ids: Sequence[int]) -> dict[int, int]:
    """Return how many sessions of the year each pupil missed, excused or not.

    Source: TT 22/2021, article 12.1c: one session is counted once, by its own register.
    """
    query = (
        select(RegisterEntry.pupil_id, func.count())
        .join(RegisterEntry.register)
        .where(
            Register.section_id.in_(section_ids),
            Register.period == WHOLE_SESSION,
            RegisterEntry.presence.in_(ABSENT),
        )
        .group_by(RegisterEntry.pupil_id)
    )
    return dict(db.session.execute(query).all())


@dataclass(frozen=True, slots=True)
class Away:
    """One line of a pupil's record of absences."""

    day: date
    session: Session
    period: int
    presence: Presence


def away_of(pupil_ids: Sequence[int], from_on: date, to_on: date) -> list[Away]:
    """Return when a pupil was away or late, newest first."""
    query = (
        select(Register.day, Register.session, Register.period, RegisterEntry.presence)
        .join(RegisterEntry.register)
        .where(
            RegisterEntry.pupil_id.in_(pupil_ids),
            Register.day.between(from_on, to_on),
        )
        .order_by(Register.day.desc(), Register.session, Register.period)
    )
    return [Away(*row) for row in db.session.execute(query)]


def month_of(
    section_id: int, first: date, last: date
) -> dict[int, dict[date, list[Presence]]]:
    """Return a class's month: for each pupil and day what the sessions said."""
    query = (
        select(RegisterEntry.pupil_id, Register.day, RegisterEntry.presence)
        .join(RegisterEntry.register)
        .where(
            Register.section_id == section_id,
            Register.period == WHOLE_SESSION,
            Register.day.between(first, last),
        )
        .order_by(Register.day, Register.session.desc())
    )
    found: dict[int, dict[date, list[Presence]]] = {}
    for pupil, day, presence in db.session.execute(query):
        found.setdefault(pupil, {}).setdefault(day, []).append(presence)
    return found
