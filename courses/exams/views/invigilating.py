"""One candidate as the invigilator sees one, and what is done at that seat."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from courses.exams.forms import (
    IncidentForm,
    ReasonForm,
    TimeForm,
    TransferForm,
    set_apart,
)
from courses.exams.models.sittings import Sitting
from courses.exams.rules import pins
from courses.exams.rules.sitting import SittingEvent
from courses.exams.services import acting, rooms, sittings, writing
from lms.kernel import clock
from lms.kernel.access import requires
from lms.kernel.permissions import Permission

P = Permission
bp = Blueprint("exam_seats", __name__, template_folder="../../templates")


@bp.get("/sittings/<int:sitting_id>")
@requires(P.ROOM_WATCH, on=Sitting)
def show(sitting: Sitting) -> ResponseReturnValue:
    return _page(sitting)


@bp.post("/sittings/<int:sitting_id>/chip-admission")
@requires(P.SITTING_ADMIT, on=Sitting)
def admit_by_chip(sitting: Sitting) -> ResponseReturnValue:
    pin = acting.admit_by_chip(sitting, current_user.id, clock.now())
    return _slip(sitting, pin)


@bp.post("/sittings/<int:sitting_id>/attested-admission")
@requires(P.SITTING_ADMIT, on=Sitting)
def admit_attested(sitting: Sitting) -> ResponseReturnValue:
    form = ReasonForm()
    if not form.validate():
        return _page(sitting, admit_form=form), 422
    pin = acting.admit_attested(
        sitting, current_user.id, clock.now(), form.reason.data or ""
    )
    return _slip(sitting, pin)


@bp.post("/sittings/<int:sitting_id>/absence")
@requires(P.SITTING_ADMIT, on=Sitting)
def miss(sitting: Sitting) -> ResponseReturnValue:
    sittings.move(sitting, SittingEvent.MISS, current_user.id, clock.now())
    return _done(sitting, _("Đã ghi vắng thi."))


@bp.post("/sittings/<int:sitting_id>/slip")
@requires(P.ROOM_ACT, on=Sitting)
def transfer(sitting: Sitting) -> ResponseReturnValue:
    """Give a slip for another seat, or for the same one after its machine failed."""
    form = _transfer_form(sitting, TransferForm())
    if not form.validate():
        return _page(sitting, transfer_form=form), 422
    pin = acting.new_slip(
        sitting, form.seat.data, current_user.id, clock.now(), form.reason.data or ""
    )
    return _slip(sitting, pin)


@bp.post("/sittings/<int:sitting_id>/pause")
@requires(P.ROOM_ACT, on=Sitting)
def pause(sitting: Sitting) -> ResponseReturnValue:
    form = ReasonForm()
    if not form.validate():
        return _page(sitting, pause_form=form), 422
    sittings.pause(sitting, current_user.id, clock.now(), form.reason.data or "")
    return _done(sitting, _("Đã tạm dừng bài thi."))


@bp.post("/sittings/<int:sitting_id>/resumption")
@requires(P.ROOM_ACT, on=Sitting)
def resume(sitting: Sitting) -> ResponseReturnValue:
    sittings.resume(sitting, current_user.id, clock.now())
    return _done(sitting, _("Bài thi đã tiếp tục."))


@bp.post("/sittings/<int:sitting_id>/extra-time")
@requires(P.ROOM_ACT, on=Sitting)
def add_time(sitting: Sitting) -> ResponseReturnValue:
    form = TimeForm()
    if not form.validate():
        return _page(sitting, time_form=form), 422
    reason = form.reason.data or ""
    sittings.add_time(sitting, form.added, current_user.id, clock.now(), reason)
    return _done(sitting, _("Đã bù giờ. Đồng hồ của thí sinh đổi trong 10 giây."))


@bp.post("/sittings/<int:sitting_id>/expulsion")
@requires(P.ROOM_ACT, on=Sitting)
def expel(sitting: Sitting) -> ResponseReturnValue:
    form = ReasonForm()
    if not form.validate():
        return _page(sitting, expel_form=form), 422
    acting.expel(sitting, current_user.id, clock.now(), form.reason.data or "")
    return _done(sitting, _("Đã đình chỉ thi."))


@bp.post("/sittings/<int:sitting_id>/incidents")
@requires(P.ROOM_ACT, on=Sitting)
def record(sitting: Sitting) -> ResponseReturnValue:
    form = IncidentForm()
    if not form.validate():
        return _page(sitting, incident_form=form), 422
    acting.note(
        sitting,
        form.kind_of,
        current_user.id,
        clock.now(),
        form.reason.data or "",
    )
    return _done(sitting, _("Đã ghi sự cố."))


@bp.post("/sittings/<int:sitting_id>/hand")
@requires(P.ROOM_ACT, on=Sitting)
def attend(sitting: Sitting) -> ResponseReturnValue:
    """Somebody has gone to the candidate: the hand is down."""
    writing.lower_hand(sitting)
    return _done(sitting, _("Đã ghi nhận: cán bộ đã tới chỗ thí sinh."))


def _done(sitting: Sitting, words: str) -> ResponseReturnValue:
    flash(words, "success")
    return redirect(url_for(".show", sitting_id=sitting.id), 303)


def _slip(sitting: Sitting, pin: str) -> ResponseReturnValue:
    """Show the PIN, this once."""
    return render_template("exams/slip.html", sitting=sitting, pin=pins.shown(pin))


def _transfer_form(sitting: Sitting, form: TransferForm) -> TransferForm:
    form.offer(sitting.seat, rooms.free_seats(sitting))
    return form


def _page(sitting: Sitting, **forms: Any) -> str:
    empty = {
        "admit_form": ReasonForm(formdata=None),
        "pause_form": ReasonForm(formdata=None),
        "expel_form": ReasonForm(formdata=None),
        "time_form": TimeForm(formdata=None),
        "incident_form": IncidentForm(formdata=None),
        "transfer_form": _transfer_form(sitting, TransferForm(formdata=None)),
    }
    shown, now = {**empty, **forms}, clock.now()
    set_apart(shown)
    return render_template(
        "exams/sitting.html",
        sitting=sitting,
        tile=rooms.tile_of(sitting, now),
        moves=rooms.moves_of(sitting),
        minutes_left=_minutes(writing.seconds_left(sitting, now)),
        **shown,
    )


def _minutes(seconds: int | None) -> int | None:
    return None if seconds is None else -(-seconds // 60)
