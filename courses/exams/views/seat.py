"""The seat that a machine holds: in its signed cookie, in the right browser."""

from flask import current_app, request, session

from courses.exams.answers import AnswerRefusal, Seat
from courses.exams.rules.browser import HEADER
from courses.exams.services import gate
from lms.kernel.errors import Refused

SEAT = "exam-seat"
"""In the cookie: sitting, its seal id, writer, number of questions, machine."""
OPENS_ONE = "the signed seat cookie opens one sitting, for one writer"


def seat_in_cookie() -> Seat:
    """Return the seat that this machine holds, or raise Refused."""
    held = session.get(SEAT)
    if not held:
        raise Refused(AnswerRefusal.NO_SEAT)
    seat = Seat(*held)
    if seat.machine:
        check_browser(seat.machine)
    return seat


def hold_seat(seat: Seat) -> None:
    session[SEAT] = [
        seat.sitting,
        seat.seal_id,
        seat.writer,
        seat.questions,
        seat.machine,
    ]


def leave_seat() -> None:
    session.pop(SEAT, None)


def check_browser(machine: str) -> None:
    """Raise Refused unless the machine's locked browser asks, on every request."""
    refusal = gate.browser_refusal(
        base_address(),
        current_app.config["SECRET_KEY"],
        machine,
        request.full_path.removesuffix("?"),
        request.headers.get(HEADER),
    )
    if refusal:
        raise Refused(refusal)


def base_address() -> str:
    return str(current_app.config["BASE_URL"]).rstrip("/")
