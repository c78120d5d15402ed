"""The chief's view: all rooms of a session at once, the bell, and a word to all."""

import io
import zipfile

from flask import (
    Blueprint,
    current_app,
    flash,
    make_response,
    redirect,
    render_template,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from courses.exams.forms import NoticeForm
from courses.exams.models.plan import ExamRoom, ExamSession
from courses.exams.services import acting, gate, rooms, sittings
from courses.exams.views.seat import base_address
from lms.kernel import clock
from lms.kernel.access import requires
from lms.kernel.permissions import Permission

P = Permission
bp = Blueprint("exam_chief", __name__, template_folder="../../templates")


@bp.get("/exam-sessions/<int:exam_session_id>/rooms")
@requires(P.EXAM_BROADCAST, on=ExamSession)
def show(exam_session: ExamSession) -> ResponseReturnValue:
    return _page(exam_session, NoticeForm(formdata=None))


@bp.get("/exam-sessions/<int:exam_session_id>/rooms/standings")
@requires(P.EXAM_BROADCAST, on=ExamSession)
def standings(exam_session: ExamSession) -> ResponseReturnValue:
    """Give what changes on the view, every few seconds."""
    found = rooms.standings_of(exam_session, clock.now())
    return render_template(
        "exams/_standings.html", session=exam_session, standings=found
    )


@bp.post("/exam-sessions/<int:exam_session_id>/notices")
@requires(P.EXAM_BROADCAST, on=ExamSession)
def say(exam_session: ExamSession) -> ResponseReturnValue:
    form = NoticeForm()
    if not form.validate():
        return _page(exam_session, form), 422
    acting.send_notice(
        exam_session, None, current_user.id, clock.now(), form.words.data or ""
    )
    flash(_("Đã gửi thông báo tới mọi phòng."), "success")
    return redirect(url_for(".show", exam_session_id=exam_session.id), 303)


@bp.post("/exam-sessions/<int:exam_session_id>/bell")
@requires(P.EXAM_RING, on=ExamSession)
def ring(exam_session: ExamSession) -> ResponseReturnValue:
    count = sittings.ring(exam_session, current_user.id, clock.now())
    flash(_("Đã phát hiệu lệnh. %(count)d thí sinh làm bài.", count=count), "success")
    return redirect(url_for(".show", exam_session_id=exam_session.id), 303)


@bp.get("/exam-rooms/<int:exam_room_id>/browsers.zip")
@requires(P.ROOM_ACT, on=ExamRoom)
def browsers(exam_room: ExamRoom) -> ResponseReturnValue:
    """Give the files of Safe Exam Browser, one for each machine of the room."""
    secret = current_app.config["SECRET_KEY"]
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for seat in range(1, exam_room.seats + 1):
            made = gate.browser_file(base_address(), secret, exam_room.id, seat)
            archive.writestr(f"cho-{seat:02d}.seb", made)
    answer = make_response(held.getvalue())
    answer.mimetype = "application/zip"
    name = f"phong-{exam_room.id}.zip"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _page(session: ExamSession, form: NoticeForm) -> str:
    return render_template(
        "exams/chief.html",
        session=session,
        standings=rooms.standings_of(session, clock.now()),
        notices=rooms.notices_of(session),
        form=form,
    )
