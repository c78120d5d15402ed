"""Registers and excuses: what may be written, and when it may be taken back."""

from datetime import date, datetime, timedelta
from enum import StrEnum

from lms.kernel.errors import Refusal

UNDO_WITHIN = timedelta(minutes=10)
"""So long a register may be taken back; until then no guardian is told anything."""

LONGEST_EXCUSE = timedelta(days=60)
MOST_PERIODS = 5


class AttendanceRefusal(Refusal):
    NOT_YET = "register-in-the-future"
    OUTSIDE_YEAR = "register-outside-year"
    NOTHING_TO_UNDO = "register-nothing-to-undo"
    TOO_LATE_TO_UNDO = "register-too-late-to-undo"
    EXCUSE_TURNED = "excuse-days-turned"
    EXCUSE_TOO_LONG = "excuse-too-long"
    EXCUSE_DECIDED = "excuse-decided"


class Session(StrEnum):
    """Half a school day (buổi)."""

    MORNING = "morning"
    AFTERNOON = "afternoon"


class Presence(StrEnum):
    """How somebody was not simply there; who has no row was present."""

    EXCUSED = "P"  # nghỉ có phép
    UNEXCUSED = "K"  # nghỉ không phép
    LATE = "M"  # đi muộn


class ExcuseState(StrEnum):
    ASKED = "excuse-asked"
    ACCEPTED = "excuse-accepted"
    DECLINED = "excuse-declined"


class NoticeState(StrEnum):
    WAITING = "notice-waiting"
    SENT = "notice-sent"
    DROPPED = "notice-dropped"


ABSENT = (Presence.EXCUSED, Presence.UNEXCUSED)


def register_refusal(
    day: date, today: date, starts_on: date, ends_on: date
) -> AttendanceRefusal | None:
    if day > today:
        return AttendanceRefusal.NOT_YET
    return None if starts_on <= day <= ends_on else AttendanceRefusal.OUTSIDE_YEAR


def undo_refusal(
    taken_at: datetime, now: datetime, *, changed: bool
) -> AttendanceRefusal | None:
    if not changed:
        return AttendanceRefusal.NOTHING_TO_UNDO
    late = now - taken_at > UNDO_WITHIN
    return AttendanceRefusal.TOO_LATE_TO_UNDO if late else None


def excuse_refusal(from_on: date, to_on: date) -> AttendanceRefusal | None:
    if to_on < from_on:
        return AttendanceRefusal.EXCUSE_TURNED
    long = to_on - from_on > LONGEST_EXCUSE
    return AttendanceRefusal.EXCUSE_TOO_LONG if long else None


def session_of(hour: int) -> Session:
    """Return the half of the day that an hour lies in, in the district's time."""
    return Session.MORNING if hour < 12 else Session.AFTERNOON  # noqa: PLR2004
