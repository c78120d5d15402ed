"""Excuses: asked for by guardians, decided by homeroom teachers."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from lms.attendance.models import Excuse, Register, RegisterEntry
from lms.attendance.rules import (
    AttendanceRefusal,
    ExcuseState,
    Presence,
    excuse_refusal,
)
from lms.attendance.services import notices
from lms.kernel import audit
from lms.kernel.db import db
from lms.kernel.errors import Refused
from lms.sections.models import Pupil, Section
from lms.sections.rules import Act


def ask(pupil: Pupil, section: Section, days: tuple[date, date], act: Act) -> Excuse:
    """Ask that a pupil be excused from the first to the last of *days*.

    The act's reason is what the teacher reads.
    """
    if refusal := excuse_refusal(*days):
        raise Refused(refusal)
    made = Excuse(
        pupil_id=pupil.id,
        section_id=section.id,
        from_on=days[0],
        to_on=days[1],
        reason=act.reason,
        state=ExcuseState.ASKED,
        asked_by_id=act.actor_id,
        asked_at=act.at,
    )
    db.session.add(made)
    db.session.flush()
    audit.record("ask-excuse", f"excuse:{made.id}", act.actor_id, act.at)
    return made


def accept(excuse: Excuse, actor_id: int, now: datetime) -> None:
    """Accept: absences of those days that were written without leave become excused."""
    _decide(excuse, ExcuseState.ACCEPTED, actor_id, now)
    for entry in _unexcused(excuse):
        entry.presence = Presence.EXCUSED
        notices.drop(entry.register_id, entry.pupil_id)
    audit.record("accept-excuse", f"excuse:{excuse.id}", actor_id, now)


def decline(excuse: Excuse, actor_id: int, now: datetime) -> None:
    _decide(excuse, ExcuseState.DECLINED, actor_id, now)
    audit.record("decline-excuse", f"excuse:{excuse.id}", actor_id, now)


def _decide(excuse: Excuse, state: ExcuseState, actor_id: int, now: datetime) -> None:
    if excuse.state is not ExcuseState.ASKED:
        raise Refused(AttendanceRefusal.EXCUSE_DECIDED)
    excuse.state, excuse.decided_by_id, excuse.decided_at = state, actor_id, now


def _unexcused(excuse: Excuse) -> Sequence[RegisterEntry]:
    query = (
        select(RegisterEntry)
        .join(RegisterEntry.register)
        .where(
            RegisterEntry.pupil_id == excuse.pupil_id,
            RegisterEntry.presence == Presence.UNEXCUSED,
            Register.day.between(excuse.from_on, excuse.to_on),
        )
    )
    return db.session.scalars(query).all()


def excused_on(section_id: int, day: date) -> set[int]:
    """Return who of a class is excused on this day."""
    query = select(Excuse.pupil_id).where(
        Excuse.section_id == section_id,
        Excuse.state == ExcuseState.ACCEPTED,
        Excuse.from_on <= day,
        Excuse.to_on >= day,
    )
    return set(db.session.scalars(query))


def excuses_of_section(section_id: int) -> Sequence[Excuse]:
    """Return the requests of a class, those to be decided first."""
    query = (
        select(Excuse)
        .filter_by(section_id=section_id)
        .options(joinedload(Excuse.pupil), joinedload(Excuse.asked_by))
        .order_by(Excuse.from_on.desc())
    )
    found = db.session.scalars(query).all()
    return sorted(found, key=lambda one: one.state is not ExcuseState.ASKED)


def excuses_of(pupil_ids: Sequence[int]) -> Sequence[Excuse]:
    query = select(Excuse).where(Excuse.pupil_id.in_(pupil_ids))
    return db.session.scalars(query.order_by(Excuse.from_on.desc())).all()
