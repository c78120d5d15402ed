"""What invigilators do in a room: let in, move, pause, give time, write down, say."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select

from courses.exams.models.incidents import (
    ExamIncident,
    ExamNotice,
    IncidentKind,
    LostTime,
)
from courses.exams.models.plan import ExamRoom, ExamSession, Gate
from courses.exams.models.sittings import Sitting
from courses.exams.rules.sitting import SittingState
from courses.exams.services import rooms, sittings
from lms.kernel import audit
from lms.kernel.db import db
from lms.kernel.errors import Refusal, Refused

S = SittingState
KEEPS_SEAT = (S.SEATED, S.WRITING, S.PAUSED)


class RoomRefusal(Refusal):
    NO_CHIP = "room-no-chip"
    """No card of this candidate was read and found genuine."""

    REASON_NEEDED = "room-reason-needed"
    SEAT_TAKEN = "room-seat-taken"
    SAME_PERSON = "room-same-person"
    DECIDED = "room-decided-already"


def admit_by_chip(sitting: Sitting, actor_id: int, now: datetime) -> str:
    """Let somebody in whose chip was read, and who is that person; return the PIN."""
    if not rooms.tile_of(sitting, now).chip_read:
        raise Refused(RoomRefusal.NO_CHIP)
    return _admit(sitting, Gate.CHIP, actor_id, now)


def admit_attested(sitting: Sitting, actor_id: int, now: datetime, reason: str) -> str:
    """Let somebody in by the officer's own word, which is written down as such."""
    if not reason.strip():
        raise Refused(RoomRefusal.REASON_NEEDED)
    pin = _admit(sitting, Gate.ATTESTED, actor_id, now)
    note(sitting, IncidentKind.NOTE, actor_id, now, reason)
    return pin


def admit_by_vneid(sitting: Sitting, account_id: int, now: datetime) -> str:
    """Let a candidate in who has just proved it; the view asked for the proof."""
    return _admit(sitting, Gate.VNEID, account_id, now)


def _admit(sitting: Sitting, proof: Gate, actor_id: int, now: datetime) -> str:
    pin = sittings.admit(sitting, actor_id, now)
    sitting.proof = proof
    db.session.flush()
    audit.record(
        "sitting:proof", f"sitting:{sitting.id}", actor_id, now, proof=proof.value
    )
    return pin


def new_slip(
    sitting: Sitting, seat: int | None, actor_id: int, now: datetime, reason: str
) -> str:
    """Give a slip for going on: at this machine again, or at another seat.

    The machine that was used before writes no more.
    """
    if sitting.state is S.ADMITTED:
        return sittings.issue_pin(sitting, actor_id, now)
    if seat is not None and seat != sitting.seat:
        if seat not in rooms.free_seats(sitting):
            raise Refused(RoomRefusal.SEAT_TAKEN)
        sitting.seat = seat
        db.session.flush()
    pin = sittings.transfer(sitting, actor_id, now, reason)
    note(sitting, IncidentKind.MACHINE, actor_id, now, reason)
    return pin


def expel(sitting: Sitting, actor_id: int, now: datetime, reason: str) -> None:
    sittings.expel(sitting, actor_id, now, reason)
    note(sitting, IncidentKind.EXPULSION, actor_id, now, reason)


def note(
    sitting: Sitting, kind: IncidentKind, actor_id: int, now: datetime, reason: str
) -> ExamIncident:
    """Write down what befell one candidate."""
    return _written(
        sitting.session, sitting.room, sitting, kind, (actor_id, now, reason)
    )


def note_room(
    session: ExamSession,
    room: ExamRoom,
    kind: IncidentKind,
    actor_id: int,
    said: tuple[datetime, str],
) -> ExamIncident:
    """Write down what befell a whole room."""
    now, reason = said
    return _written(session, room, None, kind, (actor_id, now, reason))


def pause_room(
    session: ExamSession, room: ExamRoom, actor_id: int, now: datetime, reason: str
) -> int:
    """Pause everybody who writes in a room; return how many."""
    writing = _inside(session, room, (S.WRITING,))
    for sitting in writing:
        sittings.pause(sitting, actor_id, now, reason)
    return len(writing)


def resume_room(
    session: ExamSession, room: ExamRoom, actor_id: int, now: datetime
) -> int:
    paused = _inside(session, room, (S.PAUSED,))
    for sitting in paused:
        sittings.resume(sitting, actor_id, now)
    return len(paused)


def add_time_to_room(
    session: ExamSession,
    room: ExamRoom,
    added: timedelta,
    actor_id: int,
    said: tuple[datetime, str],
) -> int:
    """Give time to everybody of a room who has not ended."""
    now, reason = said
    inside = _inside(session, room, KEEPS_SEAT)
    for sitting in inside:
        sittings.add_time(sitting, added, actor_id, now, reason)
    return len(inside)


def send_notice(
    session: ExamSession,
    room: ExamRoom | None,
    actor_id: int,
    now: datetime,
    words: str,
) -> ExamNotice:
    """Say something to a room, or to all."""
    notice = ExamNotice(
        session_id=session.id,
        room_id=room.id if room else None,
        words=words.strip(),
        sent_by_id=actor_id,
        at=now,
    )
    db.session.add(notice)
    db.session.flush()
    audit.record("exam:notice", f"exam_session:{session.id}", actor_id, now)
    return notice


def confirm_lost_time(
    lost: LostTime, actor_id: int, now: datetime, reason: str
) -> bool:
    """Confirm that lost time is given back; the second of two people gives it.

    Return whether it was given.
    """
    _hold(lost)
    if lost.first_by_id is None:
        lost.first_by_id = actor_id
        db.session.flush()
        return False
    if lost.first_by_id == actor_id:
        raise Refused(RoomRefusal.SAME_PERSON)
    lost.second_by_id, lost.decided_at = actor_id, now
    sittings.add_time(lost.sitting, lost.lasted, actor_id, now, reason)
    return True


def refuse_lost_time(lost: LostTime, actor_id: int, now: datetime) -> None:
    _hold(lost)
    lost.refused_by_id, lost.decided_at = actor_id, now
    db.session.flush()
    audit.record("lost-time:refuse", f"lost_time:{lost.id}", actor_id, now)


def _hold(lost: LostTime) -> None:
    db.session.refresh(lost, with_for_update={"of": LostTime})
    if lost.decided_at is not None:
        raise Refused(RoomRefusal.DECIDED)


def _inside(
    session: ExamSession, room: ExamRoom, states: tuple[SittingState, ...]
) -> Sequence[Sitting]:
    query = select(Sitting).where(
        Sitting.session_id == session.id,
        Sitting.room_id == room.id,
        Sitting.state.in_(states),
    )
    return db.session.scalars(query.order_by(Sitting.id)).all()


def _written(
    session: ExamSession,
    room: ExamRoom,
    sitting: Sitting | None,
    kind: IncidentKind,
    by: tuple[int, datetime, str],
) -> ExamIncident:
    actor_id, now, reason = by
    if not reason.strip():
        raise Refused(RoomRefusal.REASON_NEEDED)
    incident = ExamIncident(
        session_id=session.id,
        room_id=room.id,
        sitting_id=sitting.id if sitting else None,
        kind=kind,
        reason=reason.strip(),
        recorded_by_id=actor_id,
        at=now,
    )
    db.session.add(incident)
    db.session.flush()
    about = f"sitting:{sitting.id}" if sitting else f"exam_room:{room.id}"
    audit.record("exam:incident", about, actor_id, now, kind=kind.value)
    return incident
