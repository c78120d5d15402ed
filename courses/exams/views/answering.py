"""What the exam page sends: answers, signs of life, and the hand-in.

The seat stands in the signed cookie since the start PIN was used; it opens one sitting,
for one writer.  Nobody signs in here.
"""

from typing import Any

import orjson
from flask import Blueprint, Response, request, session
from flask.typing import ResponseReturnValue

from courses.exams import answers
from courses.exams.answers import AnswerRefusal, Seat
from lms.kernel import clock
from lms.kernel.access import public
from lms.kernel.errors import Refused

bp = Blueprint("exam_answers", __name__)
SEAT = "exam-seat"
"""In the cookie: sitting, its seal id, writer, number of questions."""


@bp.post("/exam-answers")
@public("the signed seat cookie opens one sitting, for one writer")
def keep() -> ResponseReturnValue:
    sent = _sent()
    kept = answers.keep(
        seat_in_cookie(),
        sent["sequence"],
        sent["position"],
        sent["body"],
        clock.now(),
    )
    return _json(
        sequence=kept.sequence,
        at=kept.received_at.isoformat(),
        receipt=kept.receipt,
    )


def seat_in_cookie() -> Seat:
    """Return the seat that this machine holds, or raise Refused."""
    held = session.get(SEAT)
    if not held:
        raise Refused(AnswerRefusal.NO_SEAT)
    return Seat(*held)


def hold_seat(seat: Seat) -> None:
    session[SEAT] = [seat.sitting, seat.seal_id, seat.writer, seat.questions]


def _sent() -> dict[str, Any]:
    """Return what was sent, if it is what the page sends."""
    try:
        sent = orjson.loads(request.get_data(cache=False))
    except orjson.JSONDecodeError:
        raise Refused(AnswerRefusal.UNREADABLE) from None
    if not (
        isinstance(sent, dict)
        and type(sent.get("sequence")) is int
        and type(sent.get("position")) is int
        and 0 < sent["sequence"] <= answers.LARGEST_SEQUENCE
        and isinstance(sent.get("body"), str)
        and answers.is_body(sent["body"])
    ):
        raise Refused(AnswerRefusal.UNREADABLE)
    return sent


def _json(**values: Any) -> Response:
    return Response(orjson.dumps(values), mimetype="application/json")
