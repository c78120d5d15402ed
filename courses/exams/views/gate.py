"""The page that a machine in an exam room shows before anybody sits down at it."""

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from courses.exams.forms import EntryForm
from courses.exams.models.plan import ExamRoom
from courses.exams.rules.pins import PinRefusal
from courses.exams.services import gate
from courses.exams.views.seat import check_browser, hold_seat
from lms.kernel import clock
from lms.kernel.access import public
from lms.kernel.bodies import is_id
from lms.kernel.limits import limited

bp = Blueprint("exam_gate", __name__, template_folder="../../templates")
SLIP = "the slip opens one sitting at one seat, and wrong tries are counted"


@bp.get("/exam-rooms/<int:exam_room_id>/seats/<int:seat>")
@public(SLIP)
def show(exam_room_id: int, seat: int) -> ResponseReturnValue:
    return _page(_room(exam_room_id, seat), seat, EntryForm())


@bp.post("/exam-rooms/<int:exam_room_id>/seats/<int:seat>")
@public(SLIP)
@limited("300 per minute")
def enter(exam_room_id: int, seat: int) -> ResponseReturnValue:
    room, form = _room(exam_room_id, seat), EntryForm()
    if not form.validate():
        return _page(room, seat, form), 422
    code, pin = form.code.data or "", form.pin.data or ""
    held = gate.sit_down(room, seat, code, pin, clock.now())
    if isinstance(held, PinRefusal):
        # A wrong try is counted, so the transaction is kept.
        return _page(room, seat, form, held), 409
    hold_seat(held)
    return redirect(url_for("exam_paper.show"), 303)


def _room(room_id: int, seat: int) -> ExamRoom:
    room = gate.room_with(room_id, seat) if is_id(room_id) and is_id(seat) else None
    if room is None:
        abort(404)
    if room.exam.locked_browser:
        check_browser(f"{room.id}/{seat}")
    return room


def _page(
    room: ExamRoom, seat: int, form: EntryForm, refusal: PinRefusal | None = None
) -> str:
    return render_template(
        "exams/gate.html",
        room=room,
        seat=seat,
        form=form,
        refusal=refusal,
        address=request.full_path.removesuffix("?"),
    )
