"""How a candidate who is signed in enters: by VNeID, freshly proved."""

from flask import Blueprint, abort, render_template
from flask.typing import ResponseReturnValue
from flask_login import current_user

from courses.exams.models.plan import Gate
from courses.exams.models.sittings import Sitting
from courses.exams.rules import pins
from courses.exams.services import acting, writing
from lms.kernel import clock
from lms.kernel.access import requires
from lms.kernel.permissions import Permission
from lms.people.proof import EXAM
from lms.people.step_up import proven

P = Permission
bp = Blueprint("exam_entry", __name__, template_folder="../../templates")


@bp.get("/my-sittings")
@requires(P.HOME_VIEW)
def mine() -> ResponseReturnValue:
    found = writing.sittings_of_account(current_user.id)
    return render_template("exams/mine.html", sittings=found)


@bp.get("/sittings/<int:sitting_id>/entry")
@requires(P.SITTING_TAKE, on=Sitting)
@proven(EXAM)
def show(sitting: Sitting) -> ResponseReturnValue:
    return render_template("exams/entry.html", sitting=_by_vneid(sitting))


@bp.post("/sittings/<int:sitting_id>/entry")
@requires(P.SITTING_TAKE, on=Sitting)
@proven(EXAM)
def enter(sitting: Sitting) -> ResponseReturnValue:
    """Let the candidate in who has just proved it, and show the PIN, this once."""
    pin = acting.admit_by_vneid(_by_vneid(sitting), current_user.id, clock.now())
    return render_template("exams/slip.html", sitting=sitting, pin=pins.shown(pin))


def _by_vneid(sitting: Sitting) -> Sitting:
    if sitting.room.exam.gate is not Gate.VNEID:
        abort(404)
    return sitting
