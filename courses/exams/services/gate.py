"""At the seat: who may sit down here, with which slip, in which browser."""

import hmac
from datetime import datetime
from functools import lru_cache

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from courses.exams.answers import Seat
from courses.exams.models.plan import Candidate, Exam, ExamRoom, ExamSession
from courses.exams.models.sittings import Sitting
from courses.exams.rules import browser
from courses.exams.rules.pins import PinRefusal
from courses.exams.rules.sitting import SittingState
from courses.exams.services import sittings
from lms.kernel.db import db
from lms.kernel.errors import Refusal

S = SittingState
MAY_SIT_DOWN = (S.ADMITTED, S.WRITING, S.PAUSED)
OPEN_PAGES = ("/exam*", "/static/*")


class BrowserRefusal(Refusal):
    NOT_LOCKED = "exam-browser-not-locked"


def room_with(room_id: int, seat: int) -> ExamRoom | None:
    """Return the room if it has such a seat."""
    query = select(ExamRoom).filter_by(id=room_id).options(joinedload(ExamRoom.exam))
    room = db.session.scalar(query)
    return room if room and 1 <= seat <= room.seats else None


def sit_down(
    room: ExamRoom, seat: int, code: str, pin: str, now: datetime
) -> Seat | PinRefusal:
    """Take a seat with the slip of the candidate of this number, or say why not.

    The slip is good for one candidate at one seat.  Somebody else's number at this seat
    is told what a wrong PIN is told, and uses up no try of the candidate's.
    """
    sitting = _sitting_at(room, seat, code, now)
    if sitting is None:
        return PinRefusal.WRONG
    return sittings.take_seat(sitting, pin, now)


def _sitting_at(room: ExamRoom, seat: int, code: str, now: datetime) -> Sitting | None:
    query = (
        select(Sitting)
        .join(Sitting.session)
        .join(Sitting.candidate)
        .where(
            Sitting.room_id == room.id,
            Sitting.seat == seat,
            Sitting.state.in_(MAY_SIT_DOWN),
            Candidate.code == code.strip().upper(),
            ExamSession.entry_at <= now,
        )
        .order_by(ExamSession.entry_at.desc())
        .limit(1)
    )
    return db.session.scalar(query)


def seat_address(room_id: int, seat: int) -> str:
    return f"/exam-rooms/{room_id}/seats/{seat}"


def browser_file(base: str, secret: str, room_id: int, seat: int) -> bytes:
    """Write the ``.seb`` of one machine."""
    return browser.written(_settings(base, secret, room_id, seat))


def browser_refusal(
    base: str, secret: str, machine: str, asked: str, header: str | None
) -> BrowserRefusal | None:
    """Say why this request does not come from the machine's locked browser.

    *asked* is the address with its query, below *base*: a proxy does not change it.
    """
    room, _slash, seat = machine.partition("/")
    key = _config_key(base, secret, int(room), int(seat))
    genuine = browser.is_genuine(header, f"{base}{asked}", key)
    return None if genuine else BrowserRefusal.NOT_LOCKED


def wants_locked_browser(exam: Exam) -> bool:
    return exam.locked_browser


@lru_cache(maxsize=10_000)
def _config_key(base: str, secret: str, room_id: int, seat: int) -> str:
    return browser.config_key(_settings(base, secret, room_id, seat))


def _settings(base: str, secret: str, room_id: int, seat: int) -> dict[str, object]:
    """Return the settings of a machine.

    The start address carries a word that only the platform can make: without it
    anybody who reads the source could work out the Config Key.
    """
    bound = f"exam machine\n{room_id}/{seat}".encode()
    word = hmac.digest(secret.encode(), bound, "sha256").hex()[:32]
    start = f"{base}{seat_address(room_id, seat)}?machine={word}"
    allowed = [f"{base}{pages}" for pages in OPEN_PAGES]
    return browser.settings_for(start, f"{base}/exam-end", allowed)
