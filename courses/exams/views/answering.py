"""What the exam page sends most: answers.

The seat stands in the signed cookie since the start PIN was used; it opens one sitting,
for one writer.  Nobody signs in here.
"""

from typing import Any

import orjson
from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from courses.exams import answers
from courses.exams.answers import AnswerRefusal
from courses.exams.views.seat import OPENS_ONE, seat_in_cookie
from lms.kernel import clock
from lms.kernel.access import public
from lms.kernel.errors import Refused

bp = Blueprint("exam_answers", __name__)


@bp.post("/exam-answers")
@public(OPENS_ONE)
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
