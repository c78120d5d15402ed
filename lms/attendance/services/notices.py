"""Notices to guardians: written with the register, sent only when it stands.

The rows are the outbox: what sends letters takes those that are due; until then the
guardian's own page shows those that were sent.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, exists, select, update

from lms.attendance.models import WHOLE_SESSION, AbsenceNotice, Excuse, Register
from lms.attendance.rules import UNDO_WITHIN, ExcuseState, NoticeState, Presence
from lms.kernel.db import db


def renew(register: Register, now: datetime) -> None:
    """Let the waiting notices of a register say what it says now."""
    waiting = delete(AbsenceNotice).where(
        AbsenceNotice.register_id == register.id,
        AbsenceNotice.state == NoticeState.WAITING,
    )
    db.session.execute(waiting)
    if register.period != WHOLE_SESSION:
        return
    told = set(
        db.session.scalars(
            select(AbsenceNotice.pupil_id).filter_by(register_id=register.id)
        )
    )
    for entry in register.entries:
        if entry.presence is Presence.UNEXCUSED and entry.pupil_id not in told:
            db.session.add(
                AbsenceNotice(
                    register_id=register.id,
                    pupil_id=entry.pupil_id,
                    day=register.day,
                    session=register.session,
                    state=NoticeState.WAITING,
                    due_at=now + UNDO_WITHIN,
                )
            )
    db.session.flush()


def drop(register_id: int, pupil_id: int) -> None:
    """Do not send what an excuse has settled."""
    db.session.execute(
        update(AbsenceNotice)
        .where(
            AbsenceNotice.register_id == register_id,
            AbsenceNotice.pupil_id == pupil_id,
            AbsenceNotice.state == NoticeState.WAITING,
        )
        .values(state=NoticeState.DROPPED)
    )


def send_due(now: datetime) -> int:
    """Send the notices that are due, but for those an open request may still settle."""
    asked = exists().where(
        Excuse.pupil_id == AbsenceNotice.pupil_id,
        Excuse.state == ExcuseState.ASKED,
        Excuse.from_on <= AbsenceNotice.day,
        Excuse.to_on >= AbsenceNotice.day,
    )
    due = select(AbsenceNotice).where(
        AbsenceNotice.state == NoticeState.WAITING, AbsenceNotice.due_at <= now, ~asked
    )
    found = db.session.scalars(due).all()
    for notice in found:
        notice.state, notice.sent_at = NoticeState.SENT, now
    return len(found)


def sent_to(pupil_ids: Sequence[int]) -> Sequence[AbsenceNotice]:
    """Return what guardians of these pupils were told, newest first."""
    query = (
        select(AbsenceNotice)
        .where(
            AbsenceNotice.pupil_id.in_(pupil_ids),
            AbsenceNotice.state == NoticeState.SENT,
        )
        .order_by(AbsenceNotice.day.desc())
    )
    return db.session.scalars(query).all()
