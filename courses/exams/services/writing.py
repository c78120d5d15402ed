"""What the candidate's page shows and says: questions, time left, signs of life."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload

from courses.exams.answers import AnswerRefusal, Seat
from courses.exams.models.incidents import ExamNotice, LostTime
from courses.exams.models.plan import Candidate, ExamSession, ExamSubject
from courses.exams.models.sittings import AnswerRow, Sitting
from courses.exams.rules.beats import Beat
from courses.exams.rules.events import AnswerEvent, folded
from courses.exams.rules.hours import LOST_AFTER
from courses.exams.rules.sitting import SittingState
from courses.exams.services import papers, sealing
from courses.items.rules import Item
from lms.kernel.db import db
from lms.kernel.errors import Refusal, Refused

NOTICES = 3


class WindowRefusal(Refusal):
    ELSEWHERE = "exam-open-elsewhere"
    """Another window of this machine writes."""


@dataclass(frozen=True, slots=True)
class Line:
    """What the candidate has answered to one question, as the templates read it."""

    position: int
    value: Any
    flagged: bool
    sequence: int = 0
    certainty: int | None = None
    checked_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    place: Line
    item: Item


def sitting_of(seat: Seat) -> Sitting:
    """Load what the cookie names; raise Refused where the machine lost it."""
    sitting = db.session.scalar(
        select(Sitting)
        .filter_by(id=seat.sitting, seal_id=seat.seal_id)
        .options(
            joinedload(Sitting.candidate),
            joinedload(Sitting.room),
            joinedload(Sitting.paper),
            joinedload(Sitting.session)
            .joinedload(ExamSession.subject)
            .joinedload(ExamSubject.exam),
        )
    )
    if sitting is None:
        raise Refused(AnswerRefusal.NO_SEAT)
    if sitting.writer != seat.writer:
        raise Refused(AnswerRefusal.MOVED)
    return sitting


def asked_of(sitting: Sitting) -> list[Asked]:
    """Return the questions of the candidate's paper, with what is kept of each."""
    if sitting.paper is None:
        return []
    answers = answers_to(sitting)
    questions = papers.questions_of(sitting.paper, sitting.session)
    return [
        Asked(_line(one.position, answers.get(one.position)), one.item)
        for one in questions
    ]


def answers_to(sitting: Sitting) -> dict[int, AnswerEvent]:
    return folded(row.event for row in sealing.answers_of(sitting))


def next_sequence(sitting: Sitting) -> int:
    """Return the number that this writer's next answer has."""
    query = select(func.max(AnswerRow.sequence)).filter_by(
        sitting_id=sitting.id, writer=sitting.writer
    )
    return (db.session.scalar(query) or 0) + 1


def seconds_left(sitting: Sitting, now: datetime) -> int | None:
    """Return the seconds until the deadline; a pause holds them still."""
    if sitting.deadline_at is None:
        return None
    left = sitting.deadline_at - (sitting.paused_at or now)
    return max(0, -(-left // timedelta(seconds=1)))


def lines_of(sitting: Sitting) -> list[Line]:
    """Return what is kept of every question, without the questions."""
    count = sitting.paper.item_count if sitting.paper else 0
    answers = answers_to(sitting)
    return [_line(position, answers.get(position)) for position in range(1, count + 1)]


def hear(sitting: Sitting, beat: Beat, now: datetime) -> None:
    """Note a sign of life; raise Refused where another window is the one in use.

    Silence while somebody writes is noted as lost time, which two people may give back.
    """
    silent = now - sitting.heard_at if sitting.heard_at else timedelta()
    if sitting.window_name not in (None, beat.window) and silent <= LOST_AFTER:
        raise Refused(WindowRefusal.ELSEWHERE)
    if sitting.state is SittingState.WRITING and silent > LOST_AFTER:
        db.session.add(
            LostTime(
                sitting_id=sitting.id,
                began_at=max(now - silent, sitting.started_at or now),
                ended_at=now,
                worked=beat.running >= silent,
            )
        )
    sitting.heard_at = now
    sitting.window_name = beat.window
    if beat.position is not None:
        sitting.at_position = beat.position
    db.session.flush()


def raise_hand(sitting: Sitting, now: datetime) -> None:
    sitting.hand_raised_at = sitting.hand_raised_at or now
    db.session.flush()


def lower_hand(sitting: Sitting) -> None:
    sitting.hand_raised_at = None
    db.session.flush()


def notices_for(sitting: Sitting) -> Sequence[ExamNotice]:
    """Return what was said last to this room, the newest first."""
    query = select(ExamNotice).where(
        ExamNotice.session_id == sitting.session_id,
        or_(ExamNotice.room_id.is_(None), ExamNotice.room_id == sitting.room_id),
    )
    return db.session.scalars(query.order_by(ExamNotice.id.desc()).limit(NOTICES)).all()


def _line(position: int, event: AnswerEvent | None) -> Line:
    if event is None:
        return Line(position, None, flagged=False)
    body = json.loads(event.body)
    return Line(position, body["value"], body["flagged"])


def sittings_of_account(account_id: int) -> Sequence[Sitting]:
    """Return the sittings of somebody whom the institution knows, the next first."""
    query = (
        select(Sitting)
        .join(Sitting.candidate)
        .join(Sitting.session)
        .where(Candidate.account_id == account_id)
        .options(
            joinedload(Sitting.room),
            joinedload(Sitting.session)
            .joinedload(ExamSession.subject)
            .joinedload(ExamSubject.exam),
        )
        .order_by(ExamSession.bell_at.desc())
    )
    return db.session.scalars(query).all()
