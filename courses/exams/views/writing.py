"""The candidate's pages: waiting for the bell, the paper, the hand-in, the receipt."""

from datetime import datetime
from typing import Any

import segno
from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from courses.exams.forms import read_beat
from courses.exams.models.sittings import Sitting
from courses.exams.rules.sitting import ENDED, SittingState
from courses.exams.services import receipts, sittings, writing
from courses.exams.views.seat import (
    OPENS_ONE,
    base_address,
    leave_seat,
    seat_in_cookie,
)
from lms.kernel import clock
from lms.kernel.access import public
from lms.kernel.limits import limited

bp = Blueprint(
    "exam_paper",
    __name__,
    template_folder="../../templates",
    static_folder="../../static/exams",
    static_url_path="/static/exams",
)
S = SittingState
RUNNING = (S.WRITING, S.PAUSED)


@bp.get("/exam")
@public(OPENS_ONE)
def show() -> ResponseReturnValue:
    sitting, now = _sitting(), clock.now()
    if sitting.state in ENDED:
        return redirect(url_for(".receipt"), 303)
    if sitting.state not in RUNNING:
        return render_template("exams/waiting.html", sitting=sitting)
    asked = writing.asked_of(sitting)
    return render_template(
        "exams/paper.html",
        sitting=sitting,
        asked=asked,
        next_sequence=writing.next_sequence(sitting),
        seconds_left=writing.seconds_left(sitting, now),
        saved_at=clock_time(sitting.heard_at or now),
        is_paused=sitting.state is S.PAUSED,
    )


@bp.post("/exam-beats")
@public(OPENS_ONE)
def beat() -> ResponseReturnValue:
    """Hear that the page is there, and tell it how things stand."""
    sent = read_beat(request.get_json(silent=True))
    if sent is None:
        abort(400)
    sitting, now = _sitting(), clock.now()
    writing.hear(sitting, sent, now)
    return {
        "state": sitting.state,
        "seconds_left": writing.seconds_left(sitting, now),
        "next": writing.next_sequence(sitting),
        "hand": sitting.hand_raised_at is not None,
        "notices": [_notice(one) for one in writing.notices_for(sitting)],
    }


@bp.get("/exam-clock")
@public(OPENS_ONE)
def time_left() -> ResponseReturnValue:
    sitting = _sitting()
    left = writing.seconds_left(sitting, clock.now())
    return {"seconds_left": left if sitting.state in RUNNING else 0}


@bp.post("/exam-hand")
@public(OPENS_ONE)
def raise_hand() -> ResponseReturnValue:
    writing.raise_hand(_sitting(), clock.now())
    return {"hand": True}


@bp.post("/exam-hand/lowering")
@public(OPENS_ONE)
def lower_hand() -> ResponseReturnValue:
    writing.lower_hand(_sitting())
    return {"hand": False}


@bp.get("/exam-summary")
@public(OPENS_ONE)
def summary() -> ResponseReturnValue:
    """Say what is still blank, before it is too late."""
    sitting = _sitting()
    if sitting.state not in RUNNING:
        return redirect(url_for(".show"), 303)
    return render_template(
        "exams/summary.html",
        sitting=sitting,
        lines=writing.lines_of(sitting),
        next_sequence=writing.next_sequence(sitting),
        seconds_left=writing.seconds_left(sitting, clock.now()),
    )


@bp.post("/exam-submission")
@public(OPENS_ONE)
def submit() -> ResponseReturnValue:
    """Hand in; a second click, or one after the server did it, changes nothing."""
    sitting = _sitting()
    if sitting.state not in ENDED:
        sittings.hand_in(sitting, clock.now())
    return redirect(url_for(".receipt"), 303)


@bp.get("/exam-receipt")
@public(OPENS_ONE)
def receipt() -> ResponseReturnValue:
    sitting = _sitting()
    if sitting.state not in ENDED:
        return redirect(url_for(".show"), 303)
    return render_template("exams/receipt.html", **receipt_of(sitting))


def receipt_of(sitting: Sitting) -> dict[str, Any]:
    code = sitting.receipt_code or ""
    address = f"{base_address()}{url_for('exam_paper.check', code=code or '-')}"
    picture = segno.make(address, error="m").svg_data_uri(scale=4, border=3)
    return {
        "sitting": sitting,
        "checked": receipts.of(sitting),
        "code": receipts.shown(code),
        "address": address,
        "picture": picture,
    }


@bp.get("/exam-receipts")
@public("a stranger who holds a receipt must be able to check it")
@limited("60 per minute")
def ask() -> ResponseReturnValue:
    typed = request.args.get("code", "").strip()[:40]
    if not typed:
        return render_template("exams/check.html", typed="", checked=None)
    return redirect(url_for(".check", code=typed), 303)


@bp.get("/exam-receipts/<code>")
@public("a stranger who holds a receipt must be able to check it")
@limited("60 per minute")
def check(code: str) -> ResponseReturnValue:
    checked = receipts.checked(code)
    page = render_template("exams/check.html", typed=code, checked=checked)
    return page, 200 if checked else 404


@bp.get("/exam-end")
@public(OPENS_ONE)
def end() -> ResponseReturnValue:
    """Let the next candidate have the machine, once this one has handed in."""
    sitting = _sitting()
    if sitting.state not in ENDED:
        return redirect(url_for(".show"), 303)
    leave_seat()
    return render_template("exams/end.html")


def clock_time(moment: datetime) -> str:
    """Write a moment as 09:41:07 in the district's time."""
    return moment.astimezone(clock.DISTRICT_TIME).strftime("%H:%M:%S")


def _sitting() -> Sitting:
    return writing.sitting_of(seat_in_cookie())


def _notice(one: Any) -> dict[str, Any]:
    return {"id": one.id, "words": one.words, "at": clock_time(one.at)}
