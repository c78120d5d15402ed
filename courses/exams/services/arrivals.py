"""Who is waited for at the door of a room: what a station with a card reader asks."""

from datetime import datetime

from sqlalchemy import or_, select

from courses.exams.models.plan import Candidate, ExamRoom, ExamSession
from courses.exams.models.sittings import Sitting
from courses.exams.rules.sitting import SittingState
from lms.kernel.db import db
from sso.identification.rules import Expected


def expected_at(room: str, number: str, now: datetime) -> Expected | None:
    """Return the candidate of this number who may enter this room now, or None.

    A station bears the name of a room, or of the site before it.
    """
    query = (
        select(Sitting)
        .join(Sitting.session)
        .join(Sitting.candidate)
        .join(Sitting.room)
        .where(
            Candidate.personal_number_index
            == Candidate.personal_number.index_of(number),
            Sitting.state == SittingState.EXPECTED,
            ExamSession.entry_at <= now,
            or_(
                ExamRoom.name == room,
                ExamRoom.site == room,
                ExamRoom.site + ", " + ExamRoom.name == room,
            ),
        )
        .order_by(ExamSession.entry_at.desc())
        .limit(1)
    )
    sitting = db.session.scalar(query)
    if sitting is None or not sitting.session.hours.may_enter(now):
        return None
    return Expected(
        f"sitting:{sitting.id}",
        f"exam_session:{sitting.session_id}",
        number,
        sitting.candidate.birth_date,
    )
