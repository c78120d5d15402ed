"""Planning: candidates on the list, their numbers, their seats."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import delete, select

from courses.exams.models.plan import Candidate, Exam, ExamRoom, ExamSession
from courses.exams.models.sittings import Sitting
from courses.exams.rules.seating import Entrant, Room, TooFewSeats, numbered, seated
from courses.exams.rules.sitting import SittingState
from courses.exams.services.keys import new_receipt_key
from lms.kernel.db import db
from lms.kernel.errors import Refusal, Refused
from lms.kernel.vietnamese import name_sort_key


class PlanRefusal(Refusal):
    TOO_FEW_SEATS = "exam-too-few-seats"
    NO_CANDIDATES = "exam-no-candidates"
    BEGUN = "exam-begun"
    """Somebody has been let in: seats stay as they are."""

    TWICE = "exam-candidate-twice"


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the list of candidates."""

    full_name: str
    group_name: str
    personal_number: str | None = None
    birth_date: date | None = None
    account_id: int | None = None


def enter(exam: Exam, entries: Sequence[Entry]) -> list[Candidate]:
    """Put people on the list; raise Refused if a personal number is on it already."""
    known = set(
        db.session.scalars(
            select(Candidate.personal_number_index).filter_by(exam_id=exam.id)
        )
    )
    added = []
    for entry in entries:
        candidate = Candidate(
            exam_id=exam.id,
            account_id=entry.account_id,
            full_name=entry.full_name,
            name_sort=name_sort_key(entry.full_name),
            group_name=entry.group_name,
        )
        candidate.personal_number = entry.personal_number
        candidate.birth_date = entry.birth_date
        if candidate.personal_number_index in known - {None}:
            raise Refused(PlanRefusal.TWICE)
        known.add(candidate.personal_number_index)
        added.append(candidate)
    db.session.add_all(added)
    db.session.flush()
    return added


def candidates_of(exam: Exam) -> Sequence[Candidate]:
    """Return the list in the order of names."""
    query = select(Candidate).filter_by(exam_id=exam.id)
    return db.session.scalars(query.order_by(Candidate.name_sort, Candidate.id)).all()


def rooms_of(exam: Exam) -> Sequence[ExamRoom]:
    query = select(ExamRoom).filter_by(exam_id=exam.id)
    return db.session.scalars(query.order_by(ExamRoom.site, ExamRoom.name)).all()


def number(exam: Exam) -> None:
    """Give everybody a số báo danh, in the order of names."""
    people = candidates_of(exam)
    codes = numbered([_entrant(one) for one in people], exam.number_prefix)
    # A number may go from one to another: none is held twice on the way.
    for candidate in people:
        candidate.code = None
    db.session.flush()
    for candidate in people:
        candidate.code = codes[candidate.id]
    db.session.flush()


def seat(session: ExamSession, seed: str) -> list[Sitting]:
    """Give everybody a room and a seat; again as long as nobody was let in."""
    exam = session.subject.exam
    people = candidates_of(exam)
    if not people:
        raise Refused(PlanRefusal.NO_CANDIDATES)
    begun = select(Sitting.id).where(
        Sitting.session_id == session.id, Sitting.state != SittingState.EXPECTED
    )
    if db.session.scalar(begun.limit(1)):
        raise Refused(PlanRefusal.BEGUN)
    rooms = [Room(room.id, room.seats) for room in rooms_of(exam)]
    try:
        places = seated([_entrant(one) for one in people], rooms, seed)
    except TooFewSeats:
        raise Refused(PlanRefusal.TOO_FEW_SEATS) from None
    db.session.execute(delete(Sitting).where(Sitting.session_id == session.id))
    sittings = []
    for place in places:
        sitting = Sitting(
            session_id=session.id,
            candidate_id=place.entrant,
            room_id=place.room,
            seat=place.seat,
        )
        sitting.receipt_key = new_receipt_key()
        sittings.append(sitting)
    db.session.add_all(sittings)
    db.session.flush()
    return sittings


def _entrant(candidate: Candidate) -> Entrant:
    return Entrant(candidate.id, candidate.name_sort, candidate.group_name)
