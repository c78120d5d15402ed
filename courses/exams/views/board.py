"""The invigilator's board: a tile for each seat of a room, and what is done to all."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from courses.exams.forms import (
    IncidentForm,
    NoticeForm,
    ReasonForm,
    TimeForm,
    set_apart,
)
from courses.exams.models.incidents import LostTime
from courses.exams.models.plan import ExamRoom, ExamSession
from courses.exams.services import acting, rooms
from lms.kernel import clock
from lms.kernel.access import requires, scopes_with
from lms.kernel.bodies import is_id
from lms.kernel.forms import Form
from lms.kernel.permissions import Permission

P = Permission
bp = Blueprint("exam_board", __name__, template_folder="../../templates")
ROOM = "/exam-rooms/<int:exam_room_id>/sessions/<int:session>"


@bp.get("/exam-rooms")
@requires(P.ROOM_WATCH, anywhere=True)
def mine() -> ResponseReturnValue:
    found = rooms.rooms_watched(scopes_with(P.ROOM_WATCH), clock.now())
    return render_template("exams/rooms.html", rooms=found)


@bp.get(ROOM)
@requires(P.ROOM_WATCH, on=ExamRoom)
def show(exam_room: ExamRoom, session: int) -> ResponseReturnValue:
    return _page(exam_room, _session(exam_room, session))


@bp.get(f"{ROOM}/tiles")
@requires(P.ROOM_WATCH, on=ExamRoom)
def tiles(exam_room: ExamRoom, session: int) -> ResponseReturnValue:
    """Give what changes on the board, every few seconds."""
    board = rooms.board_of(exam_room, _session(exam_room, session), clock.now())
    return render_template("exams/_tiles.html", board=board)


@bp.post(f"{ROOM}/pause")
@requires(P.ROOM_ACT, on=ExamRoom)
def pause(exam_room: ExamRoom, session: int) -> ResponseReturnValue:
    held, form = _session(exam_room, session), ReasonForm()

    def act() -> None:
        count = acting.pause_room(
            held, exam_room, current_user.id, clock.now(), form.reason.data or ""
        )
        flash(_("Đã tạm dừng %(count)d bài thi.", count=count), "success")

    return _done(exam_room, held, form, act, pause_form=form)


@bp.post(f"{ROOM}/resumption")
@requires(P.ROOM_ACT, on=ExamRoom)
def resume(exam_room: ExamRoom, session: int) -> ResponseReturnValue:
    held = _session(exam_room, session)
    count = acting.resume_room(held, exam_room, current_user.id, clock.now())
    flash(_("Đã cho %(count)d bài thi tiếp tục.", count=count), "success")
    return _back(exam_room, held)


@bp.post(f"{ROOM}/extra-time")
@requires(P.ROOM_ACT, on=ExamRoom)
def add_time(exam_room: ExamRoom, session: int) -> ResponseReturnValue:
    held, form = _session(exam_room, session), TimeForm()

    def act() -> None:
        said = (clock.now(), form.reason.data or "")
        count = acting.add_time_to_room(
            held, exam_room, form.added, current_user.id, said
        )
        flash(_("Đã bù giờ cho %(count)d thí sinh.", count=count), "success")

    return _done(exam_room, held, form, act, time_form=form)


@bp.post(f"{ROOM}/incidents")
@requires(P.ROOM_ACT, on=ExamRoom)
def record(exam_room: ExamRoom, session: int) -> ResponseReturnValue:
    held, form = _session(exam_room, session), IncidentForm()

    def act() -> None:
        said = (clock.now(), form.reason.data or "")
        acting.note_room(held, exam_room, form.kind_of, current_user.id, said)
        flash(_("Đã ghi sự cố của phòng."), "success")

    return _done(exam_room, held, form, act, incident_form=form)


@bp.post(f"{ROOM}/notices")
@requires(P.ROOM_ACT, on=ExamRoom)
def say(exam_room: ExamRoom, session: int) -> ResponseReturnValue:
    held, form = _session(exam_room, session), NoticeForm()

    def act() -> None:
        acting.send_notice(
            held, exam_room, current_user.id, clock.now(), form.words.data or ""
        )
        flash(_("Đã gửi thông báo tới cả phòng."), "success")

    return _done(exam_room, held, form, act, notice_form=form)


@bp.post("/lost-times/<int:lost_time_id>/confirmation")
@requires(P.ROOM_ACT, on=LostTime)
def confirm(lost_time: LostTime) -> ResponseReturnValue:
    reason = _("Mất kết nối %(seconds)d giây", seconds=lost_time.lasted.seconds)
    given = acting.confirm_lost_time(lost_time, current_user.id, clock.now(), reason)
    said = _("Đã bù giờ.") if given else _("Đã xác nhận. Cần thêm một người nữa.")
    flash(said, "success")
    sitting = lost_time.sitting
    return _back(sitting.room, sitting.session)


@bp.post("/lost-times/<int:lost_time_id>/refusal")
@requires(P.ROOM_ACT, on=LostTime)
def refuse(lost_time: LostTime) -> ResponseReturnValue:
    acting.refuse_lost_time(lost_time, current_user.id, clock.now())
    flash(_("Đã bỏ đề xuất bù giờ."), "success")
    sitting = lost_time.sitting
    return _back(sitting.room, sitting.session)


def _session(room: ExamRoom, session_id: int) -> ExamSession:
    found = rooms.session_in(room, session_id) if is_id(session_id) else None
    if found is None:
        abort(404)
    return found


def _done(
    room: ExamRoom,
    session: ExamSession,
    form: Form,
    act: Callable[[], None],
    **forms: Any,
) -> ResponseReturnValue:
    """Act and go back to the board, or show what is wrong with the form."""
    if not form.validate():
        return _page(room, session, **forms), 422
    act()
    return _back(room, session)


def _back(room: ExamRoom, session: ExamSession) -> ResponseReturnValue:
    address = url_for("exam_board.show", exam_room_id=room.id, session=session.id)
    return redirect(address, 303)


def _page(room: ExamRoom, session: ExamSession, **forms: Any) -> str:
    empty = {
        "pause_form": ReasonForm(formdata=None),
        "time_form": TimeForm(formdata=None),
        "incident_form": IncidentForm(formdata=None),
        "notice_form": NoticeForm(formdata=None),
    }
    shown = {**empty, **forms}
    set_apart(shown)
    board = rooms.board_of(room, session, clock.now())
    return render_template("exams/board.html", board=board, **shown)
