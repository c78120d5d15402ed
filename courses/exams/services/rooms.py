"""What is seen of a room: who sits where and how far, but never what was answered."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from courses.exams.models.incidents import ExamIncident, ExamNotice, LostTime
from courses.exams.models.plan import Exam, ExamRoom, ExamSession, ExamSubject
from courses.exams.models.sittings import AnswerRow, Sitting, SittingMove
from courses.exams.rules.hours import LOST_AFTER
from courses.exams.rules.sitting import SeatSign, SittingState
from lms.kernel.db import db
from sso.identification.models import Identification
from sso.identification.rules import IdentificationState

S = SittingState
PRESENT = (S.SEATED, S.WRITING, S.PAUSED)
NEWEST = 20


@dataclass(frozen=True, slots=True)
class Tile:
    """One seat on the board."""

    sitting: Sitting
    answered: int
    asked: int
    silent: timedelta | None
    """How long nothing was heard; None while the seat is heard of."""
    chip_read: bool

    @property
    def state(self) -> SittingState | SeatSign:
        """Return the word that the tile shows, gravest first."""
        if self.silent is not None:
            return SeatSign.SILENT
        return SeatSign.CHIP_READ if self.chip_read else self.sitting.state

    @property
    def silent_for(self) -> str:
        seconds = int(self.silent.total_seconds()) if self.silent else 0
        return f"{seconds // 60:02d}:{seconds % 60:02d}"


@dataclass(frozen=True, slots=True)
class Board:
    room: ExamRoom
    session: ExamSession
    tiles: list[Tile]
    proposals: Sequence[LostTime]
    incidents: Sequence[ExamIncident]

    @property
    def hands(self) -> list[Tile]:
        """Return who has a hand up, the longest wait first."""
        up = [tile for tile in self.tiles if tile.sitting.hand_raised_at]
        return sorted(up, key=lambda tile: str(tile.sitting.hand_raised_at))

    @property
    def counts(self) -> Counter[SittingState | SeatSign]:
        return Counter(tile.state for tile in self.tiles)


def board_of(room: ExamRoom, session: ExamSession, now: datetime) -> Board:
    sittings = db.session.scalars(
        select(Sitting)
        .filter_by(room_id=room.id, session_id=session.id)
        .options(joinedload(Sitting.candidate), joinedload(Sitting.paper))
        .order_by(Sitting.seat)
    ).all()
    ids = [sitting.id for sitting in sittings]
    answered, read = _answered(ids), _chips_read(sittings)
    return Board(
        room,
        session,
        [_tile(one, answered.get(one.id, 0), one.id in read, now) for one in sittings],
        _open_proposals(ids),
        incidents_of(session, room),
    )


def session_in(room: ExamRoom, session_id: int) -> ExamSession | None:
    """Return the session if it is one of the room's exam."""
    query = (
        select(ExamSession)
        .join(ExamSession.subject)
        .where(ExamSession.id == session_id, ExamSubject.exam_id == room.exam_id)
        .options(contains_eager(ExamSession.subject).joinedload(ExamSubject.exam))
    )
    return db.session.scalar(query)


@dataclass(frozen=True, slots=True)
class Standing:
    """How one room of a session stands."""

    room: ExamRoom
    counts: Counter[SittingState]
    silent: int
    hands: int
    incidents: int

    @property
    def expected(self) -> int:
        return sum(self.counts.values())

    @property
    def present(self) -> int:
        return self.expected - self.counts[S.EXPECTED] - self.counts[S.ABSENT]


def standings_of(session: ExamSession, now: datetime) -> list[Standing]:
    """Return how every room of a session stands, for the chief."""
    rooms = db.session.scalars(
        select(ExamRoom)
        .filter_by(exam_id=session.subject.exam_id)
        .order_by(ExamRoom.site, ExamRoom.name)
    ).all()
    rows = db.session.execute(
        select(
            Sitting.room_id, Sitting.state, Sitting.heard_at, Sitting.hand_raised_at
        ).filter_by(session_id=session.id)
    ).all()
    written = db.session.execute(
        select(ExamIncident.room_id, func.count().label("number"))
        .filter_by(session_id=session.id)
        .group_by(ExamIncident.room_id)
    )
    incidents = {row.room_id: row.number for row in written}
    made = []
    for room in rooms:
        inside = [row for row in rows if row.room_id == room.id]
        made.append(
            Standing(
                room,
                Counter(row.state for row in inside),
                sum(_silence(r.state, r.heard_at, now) is not None for r in inside),
                sum(row.hand_raised_at is not None for row in inside),
                incidents.get(room.id, 0),
            )
        )
    return [one for one in made if one.expected]


def rooms_watched(
    scopes: Sequence[str] | None, now: datetime
) -> Sequence[tuple[ExamRoom, ExamSession]]:
    """Return the rooms and sessions of these scopes that are not long over."""
    query = (
        select(ExamRoom, ExamSession)
        .join(Exam, Exam.id == ExamRoom.exam_id)
        .join(ExamSubject, ExamSubject.exam_id == Exam.id)
        .join(ExamSession, ExamSession.subject_id == ExamSubject.id)
        .where(ExamSession.bell_at > now - timedelta(days=1))
        .options(joinedload(ExamRoom.exam), joinedload(ExamSession.subject))
        .order_by(ExamSession.bell_at, ExamRoom.site, ExamRoom.name)
    )
    if scopes is not None:
        query = query.where(
            or_(
                ExamRoom.id.in_(_ids(scopes, "exam-room")),
                Exam.id.in_(_ids(scopes, "exam")),
                Exam.unit_id.in_(_ids(scopes, "unit")),
            )
        )
    return [(room, session) for room, session in db.session.execute(query)]


def incidents_of(session: ExamSession, room: ExamRoom) -> Sequence[ExamIncident]:
    query = (
        select(ExamIncident)
        .filter_by(session_id=session.id, room_id=room.id)
        .options(joinedload(ExamIncident.sitting).joinedload(Sitting.candidate))
    )
    newest = query.order_by(ExamIncident.id.desc()).limit(NEWEST)
    return db.session.scalars(newest).all()


def notices_of(session: ExamSession) -> Sequence[ExamNotice]:
    query = select(ExamNotice).filter_by(session_id=session.id)
    return db.session.scalars(query.order_by(ExamNotice.id.desc()).limit(NEWEST)).all()


def moves_of(sitting: Sitting) -> Sequence[SittingMove]:
    query = select(SittingMove).filter_by(sitting_id=sitting.id)
    return db.session.scalars(query.order_by(SittingMove.id.desc())).all()


def tile_of(sitting: Sitting, now: datetime) -> Tile:
    read = sitting.id in _chips_read([sitting])
    answered = _answered([sitting.id]).get(sitting.id, 0)
    return _tile(sitting, answered, read, now)


def free_seats(sitting: Sitting) -> list[int]:
    """Return the seats of the room that nobody has in this session."""
    query = select(Sitting.seat).filter_by(
        session_id=sitting.session_id, room_id=sitting.room_id
    )
    taken = set(db.session.scalars(query))
    return [seat for seat in range(1, sitting.room.seats + 1) if seat not in taken]


def _tile(sitting: Sitting, answered: int, read: bool, now: datetime) -> Tile:
    asked = sitting.paper.item_count if sitting.paper else 0
    silent = _silence(sitting.state, sitting.heard_at, now)
    waits = read and sitting.state is S.EXPECTED
    return Tile(sitting, answered, asked, silent, chip_read=waits)


def _silence(
    state: SittingState, heard_at: datetime | None, now: datetime
) -> timedelta | None:
    if state not in PRESENT or heard_at is None or now - heard_at <= LOST_AFTER:
        return None
    return now - heard_at


def _answered(ids: Sequence[int]) -> dict[int, int]:
    """Count the questions touched in each sitting."""
    query = (
        select(
            AnswerRow.sitting_id,
            func.count(AnswerRow.position.distinct()).label("number"),
        )
        .where(AnswerRow.sitting_id.in_(ids))
        .group_by(AnswerRow.sitting_id)
    )
    return {row.sitting_id: row.number for row in db.session.execute(query)}


def _chips_read(sittings: Sequence[Sitting]) -> set[int]:
    """Return the sittings whose candidate's chip was read and found genuine."""
    subjects = {f"sitting:{one.id}": one.id for one in sittings}
    query = select(Identification.subject).where(
        Identification.subject.in_(subjects),
        Identification.state == IdentificationState.VERIFIED,
    )
    return {subjects[subject] for subject in db.session.scalars(query)}


def _open_proposals(ids: Sequence[int]) -> Sequence[LostTime]:
    query = (
        select(LostTime)
        .join(LostTime.sitting)
        .where(
            LostTime.sitting_id.in_(ids),
            LostTime.worked.is_(False),
            LostTime.decided_at.is_(None),
            Sitting.state.in_((S.WRITING, S.PAUSED)),
        )
        .options(contains_eager(LostTime.sitting).joinedload(Sitting.candidate))
    )
    return db.session.scalars(query.order_by(LostTime.id)).all()


def _ids(scopes: Sequence[str], kind: str) -> list[int]:
    found = [scope.partition(":") for scope in scopes]
    return [int(number) for name, _, number in found if name == kind]
