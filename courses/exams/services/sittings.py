"""Moving sittings: admitting, seating, the bell, pauses, transfers, handing in."""

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from courses.exams.answers import Seat
from courses.exams.models.papers import ExamPaper
from courses.exams.models.plan import ExamSession
from courses.exams.models.sittings import Sitting, SittingMove, StartPin, TimeAdded
from courses.exams.rules.hours import GRACE
from courses.exams.rules.pins import (
    PinRefusal,
    digest,
    fits,
    new_pin,
    pin_refusal,
)
from courses.exams.rules.sitting import (
    MOVES,
    SittingEvent,
    SittingState,
    move_refusal,
)
from courses.exams.services import papers, receipts, sealing
from courses.exams.services.papers import PaperRefusal
from lms.kernel import audit
from lms.kernel.db import db
from lms.kernel.errors import Refusal, Refused

BATCH = 200
E = SittingEvent


class SittingRefusal(Refusal):
    TOO_LATE_TO_ENTER = "sitting-too-late-to-enter"
    TOO_EARLY_TO_ENTER = "sitting-too-early-to-enter"
    REASON_NEEDED_FOR_TIME = "sitting-time-reason"
    NOT_RINGING_TWICE = "sitting-rung-already"
    NO_TIME = "sitting-no-time"


def move(
    sitting: Sitting,
    event: SittingEvent,
    actor_id: int | None,
    now: datetime,
    reason: str = "",
) -> None:
    """Move a sitting as the table allows, and write down who did it; or Refused."""
    _hold(sitting)
    if refusal := move_refusal(sitting.state, event, reason):
        raise Refused(refusal)
    sitting.state = MOVES[sitting.state, event]
    db.session.add(
        SittingMove(
            sitting_id=sitting.id,
            event=event,
            actor_id=actor_id,
            reason=reason.strip(),
            at=now,
        )
    )
    db.session.flush()
    if actor_id is not None:
        audit.record(f"sitting:{event}", f"sitting:{sitting.id}", actor_id, now)


def admit(sitting: Sitting, actor_id: int, now: datetime) -> str:
    """Let a proven candidate in; return the start PIN for the slip."""
    if sitting.session.hours.entry_at > now:
        raise Refused(SittingRefusal.TOO_EARLY_TO_ENTER)
    if not sitting.session.hours.may_enter(now):
        raise Refused(SittingRefusal.TOO_LATE_TO_ENTER)
    move(sitting, E.ADMIT, actor_id, now)
    return issue_pin(sitting, actor_id, now)


def issue_pin(sitting: Sitting, actor_id: int, now: datetime) -> str:
    """Give a new PIN; older ones of this sitting are good no more."""
    for old in _pins(sitting):
        old.used_at = old.used_at or now
    pin = new_pin()
    db.session.add(
        StartPin(
            sitting_id=sitting.id,
            digest=_digest(sitting, pin),
            issued_by_id=actor_id,
            issued_at=now,
        )
    )
    db.session.flush()
    audit.record("sitting:pin", f"sitting:{sitting.id}", actor_id, now)
    return pin


def take_seat(sitting: Sitting, pin: str, now: datetime) -> Seat | PinRefusal:
    """Use the PIN at its seat; a wrong try is counted, and so is returned, not raised.

    The window that used the newest PIN is the one that may write.
    """
    _hold(sitting)
    slip = next(iter(_pins(sitting)), None)
    if slip is None:
        return PinRefusal.WRONG
    if refusal := pin_refusal(slip.issued_at, slip.used_at, slip.tries, now):
        return refusal
    if not fits(slip.digest, _pin_key(sitting), pin, sitting.id, sitting.seat_name):
        slip.tries += 1
        db.session.flush()
        return PinRefusal.WRONG
    slip.used_at = now
    sitting.writer += 1
    sitting.heard_at = now
    sitting.window_name = None
    if sitting.state is SittingState.ADMITTED:
        move(sitting, E.SEAT, None, now)
        if sitting.session.rung_at is not None:
            _start(sitting, now)
    db.session.flush()
    return seat_of(sitting)


def seat_of(sitting: Sitting) -> Seat:
    count = sitting.paper.item_count if sitting.paper else 0
    locked = sitting.session.subject.exam.locked_browser
    machine = sitting.seat_name if locked else ""
    return Seat(sitting.id, sitting.seal_id, sitting.writer, count, machine)


def assign_papers(session: ExamSession, available: Sequence[ExamPaper]) -> None:
    """Give neighbours different papers: by seat, round and round."""
    if not available or not all(papers.is_approved(paper) for paper in available):
        raise Refused(PaperRefusal.NOT_APPROVED)
    for sitting in sittings_of(session):
        sitting.paper_id = available[sitting.seat % len(available)].id
    db.session.flush()


def ring(session: ExamSession, actor_id: int, now: datetime) -> int:
    """Ring the bell: papers may be opened, and everybody seated writes.  How many?"""
    db.session.refresh(session, with_for_update=True)
    if session.rung_at is not None:
        raise Refused(SittingRefusal.NOT_RINGING_TWICE)
    if any(sitting.paper_id is None for sitting in sittings_of(session)):
        raise Refused(PaperRefusal.NOT_APPROVED)
    session.rung_at = now
    seated = [s for s in sittings_of(session) if s.state is SittingState.SEATED]
    for sitting in seated:
        _start(sitting, now)
    audit.record("exam:ring", f"exam_session:{session.id}", actor_id, now)
    return len(seated)


def pause(sitting: Sitting, actor_id: int, now: datetime, reason: str) -> None:
    move(sitting, E.PAUSE, actor_id, now, reason)
    sitting.paused_at = now
    db.session.flush()


def resume(sitting: Sitting, actor_id: int, now: datetime) -> None:
    """Go on; the time of the pause is given back to the microsecond."""
    move(sitting, E.RESUME, actor_id, now)
    if sitting.paused_at is not None and sitting.deadline_at is not None:
        sitting.deadline_at += now - sitting.paused_at
    sitting.paused_at = None
    db.session.flush()


def transfer(sitting: Sitting, actor_id: int, now: datetime, reason: str) -> str:
    """Let the candidate go on at another machine; return the PIN for it.

    From now on the old machine writes no more, whatever it still sends.
    """
    move(sitting, E.TRANSFER, actor_id, now, reason)
    sitting.writer += 1
    return issue_pin(sitting, actor_id, now)


def add_time(
    sitting: Sitting, added: timedelta, actor_id: int, now: datetime, reason: str
) -> None:
    """Give time while the candidate writes; the reason stands in the minutes."""
    if added <= timedelta():
        raise Refused(SittingRefusal.NO_TIME)
    if not reason.strip():
        raise Refused(SittingRefusal.REASON_NEEDED_FOR_TIME)
    _hold(sitting)
    seconds = int(added.total_seconds())
    sitting.added_seconds += seconds
    if sitting.deadline_at is not None:
        sitting.deadline_at += timedelta(seconds=seconds)
    db.session.add(
        TimeAdded(
            sitting_id=sitting.id,
            seconds=seconds,
            reason=reason.strip(),
            decided_by_id=actor_id,
            at=now,
        )
    )
    db.session.flush()
    audit.record(
        "sitting:add-time", f"sitting:{sitting.id}", actor_id, now, seconds=seconds
    )


def hand_in(sitting: Sitting, now: datetime) -> None:
    """Hand in by the candidate's own word."""
    move(sitting, E.SUBMIT, None, now)
    _end(sitting, now)


def expel(sitting: Sitting, actor_id: int, now: datetime, reason: str) -> None:
    move(sitting, E.EXPEL, actor_id, now, reason)
    _end(sitting, now)


def collect_overdue(now: datetime) -> int:
    """Hand in some sittings whose time and grace are over; return how many."""
    query = (
        select(Sitting)
        .where(
            Sitting.state == SittingState.WRITING, Sitting.deadline_at <= now - GRACE
        )
        .order_by(Sitting.deadline_at)
        .limit(BATCH)
    )
    overdue = db.session.scalars(query).all()
    for sitting in overdue:
        move(sitting, E.COLLECT, None, now)
        _end(sitting, sitting.deadline_at or now)
    return len(overdue)


def sittings_of(session: ExamSession) -> Sequence[Sitting]:
    query = select(Sitting).filter_by(session_id=session.id)
    query = query.options(joinedload(Sitting.candidate), joinedload(Sitting.room))
    return db.session.scalars(query.order_by(Sitting.room_id, Sitting.seat)).all()


def count_by_state(session: ExamSession) -> dict[SittingState, int]:
    query = select(Sitting.state, func.count().label("number")).filter_by(
        session_id=session.id
    )
    counted = db.session.execute(query.group_by(Sitting.state))
    return {row.state: row.number for row in counted}


def _start(sitting: Sitting, now: datetime) -> None:
    move(sitting, E.START, None, now)
    added = timedelta(seconds=sitting.added_seconds)
    sitting.started_at = now
    sitting.deadline_at = sitting.session.hours.deadline(added)
    db.session.flush()


def _end(sitting: Sitting, at: datetime) -> None:
    sitting.ended_at = at
    sitting.hand_raised_at = None
    db.session.flush()
    sealing.seal_answers(sitting, at)
    receipts.issue(sitting)


def _hold(sitting: Sitting) -> None:
    """Keep others from moving the sitting until this transaction ends."""
    db.session.flush()
    db.session.refresh(sitting, with_for_update={"of": Sitting})


def _pins(sitting: Sitting) -> Sequence[StartPin]:
    """Return the slips of a sitting, the newest first."""
    query = select(StartPin).filter_by(sitting_id=sitting.id)
    return db.session.scalars(query.order_by(StartPin.id.desc())).all()


def _digest(sitting: Sitting, pin: str) -> str:
    return digest(_pin_key(sitting), pin, sitting.id, sitting.seat_name)


def _pin_key(sitting: Sitting) -> bytes:
    """Derive a key for PINs from the sitting's own secret."""
    return hashlib.sha256(b"start pin\0" + (sitting.receipt_key or b"")).digest()
