"""Pages on which learners take quizzes."""

from collections.abc import Sequence
from datetime import datetime

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from courses.catalogue.models import Activity
from courses.enrolment.views import surroundings_of
from courses.quizzes.forms.responses import (
    FORM_WRITER,
    SaveForm,
    read_sheet,
    read_writer,
)
from courses.quizzes.models.attempts import Attempt
from courses.quizzes.models.quizzes import Quiz
from courses.quizzes.rules.attempts import seconds_left
from courses.quizzes.rules.feedback import is_checked_while_running
from courses.quizzes.services import attempts, grading, quizzes, reviews
from courses.quizzes.services.allowances import terms_for
from lms.kernel import clock
from lms.kernel.access import requires
from lms.kernel.permissions import Permission

bp = Blueprint(
    "quizzes",
    __name__,
    template_folder="../../templates",
    static_folder="../../static/quizzes",
    static_url_path="/static/quizzes",
)


@bp.get("/activities/<int:activity_id>/quiz")
@requires(Permission.COURSE_LEARN, on=Activity)
def show(activity: Activity) -> ResponseReturnValue:
    if activity.kind != "quiz":
        abort(404)
    now = clock.now()
    overview = quizzes.overview_for(activity, current_user.id, now)
    quiz, terms = (overview.quiz, overview.terms) if overview else (None, None)
    tries = attempts.attempts_of(quiz, current_user.id) if quiz else []
    return render_template(
        "quizzes/start.html",
        overview=overview,
        tries=tries,
        record=attempts.record_of(tries),
        best=attempts.best_of(tries),
        terms=terms,
        not_now=terms.start_refusal(len(tries), now) if terms else None,
        standing=grading.standing_of(quiz, tries) if quiz else None,
        **surroundings_of(activity),
    )


@bp.post("/quizzes/<int:quiz_id>/attempts")
@requires(Permission.ATTEMPT_START, on=Quiz)
def start(quiz: Quiz) -> ResponseReturnValue:
    attempt = attempts.start_attempt(quiz, current_user.id, clock.now())
    return redirect(url_for(".answer", attempt_id=attempt.id), 303)


@bp.get("/attempts/<int:attempt_id>")
@requires(Permission.ATTEMPT_ANSWER, on=Attempt)
def answer(attempt: Attempt) -> ResponseReturnValue:
    if not attempt.is_open:
        return redirect(url_for(".result", attempt_id=attempt.id), 303)
    asked = attempts.asked_in(attempt)
    saves = [one.place.saved_at for one in asked if one.place.saved_at]
    return render_template(
        "quizzes/attempt.html",
        attempt=attempt,
        quiz=attempts.with_course(attempt),
        asked=asked,
        seconds_left=seconds_left(attempt.deadline, clock.now()),
        saved_at=clock_time(max(saves, default=attempt.started_at)),
        checkable=is_checked_while_running(attempt.quiz.parts_shown),
    )


@bp.get("/attempts/<int:attempt_id>/clock")
@requires(Permission.ATTEMPT_ANSWER, on=Attempt)
def time_left(attempt: Attempt) -> ResponseReturnValue:
    """Tell a page that slept, or that has counted down, how much time there is."""
    left = seconds_left(attempt.deadline, clock.now()) if attempt.is_open else 0
    return {"seconds_left": left}


@bp.post("/attempts/<int:attempt_id>/responses")
@requires(Permission.ATTEMPT_ANSWER, on=Attempt)
def save(attempt: Attempt) -> ResponseReturnValue:
    """Keep one response; the answer is what "Đã lưu 09:41:07" is said from."""
    form = SaveForm.read(request.get_json(silent=True))
    if form is None:
        return {
            "error": _("Máy chủ không đọc được câu trả lời vừa gửi nên chưa lưu.")
        }, 422
    now = clock.now()
    place = attempts.save_response(attempt, form.position, form.save, form.writer, now)
    return {
        "saved_at": clock_time(place.saved_at or now),
        "sequence": place.sequence,
        "seconds_left": seconds_left(attempt.deadline, now),
    }


def clock_time(moment: datetime) -> str:
    """Write a moment as 09:41:07 in the district's time."""
    return moment.astimezone(clock.DISTRICT_TIME).strftime("%H:%M:%S")


@bp.post("/attempts/<int:attempt_id>/answers")
@requires(Permission.ATTEMPT_ANSWER, on=Attempt)
def save_all(attempt: Attempt) -> ResponseReturnValue:
    """Keep a whole form, and go on to the summary before handing in."""
    _keep_sheet(attempt, clock.now())
    return redirect(url_for(".summary", attempt_id=attempt.id), 303)


@bp.post("/attempts/<int:attempt_id>/writer")
@requires(Permission.ATTEMPT_ANSWER, on=Attempt)
def claim(attempt: Attempt) -> ResponseReturnValue:
    """Let one window write; another is told that it does not, and may take over."""
    body = request.get_json(silent=True) or {}
    script = isinstance(body, dict) and bool(body)
    attempts.claim(
        attempt,
        read_writer(body.get("writer") if script else FORM_WRITER),
        current_user.id,
        clock.now(),
        take_over=body.get("take_over") is True if script else True,
    )
    if script:
        return {"writer": attempt.writer}
    return redirect(url_for(".answer", attempt_id=attempt.id), 303)


@bp.post("/attempts/<int:attempt_id>/places/<int:position>/check")
@requires(Permission.ATTEMPT_ANSWER, on=Attempt)
def check(attempt: Attempt, position: int) -> ResponseReturnValue:
    """Judge one response at once, where the quiz shows that while it runs."""
    now = clock.now()
    _keep_sheet(attempt, now)
    attempts.check(attempt, position, now)
    address = url_for(".answer", attempt_id=attempt.id, _anchor=f"cau-{position}")
    return redirect(address, 303)


def _keep_sheet(attempt: Attempt, now: datetime) -> None:
    _say_left_out(
        attempts.save_form(attempt, read_sheet(request.form), _form_writer(), now)
    )


def _form_writer() -> str:
    return read_writer(request.form.get("writer") or FORM_WRITER)


def _say_left_out(left_out: Sequence[int]) -> None:
    if left_out:
        numbers = ", ".join(str(position) for position in left_out)
        flash(_("Chưa lưu được câu %(numbers)s.", numbers=numbers), "warning")


@bp.get("/attempts/<int:attempt_id>/submit")
@requires(Permission.ATTEMPT_ANSWER, on=Attempt)
def summary(attempt: Attempt) -> ResponseReturnValue:
    """Say what is still blank, before it is too late."""
    if not attempt.is_open:
        return redirect(url_for(".result", attempt_id=attempt.id), 303)
    return render_template(
        "quizzes/summary.html",
        attempt=attempt,
        quiz=attempts.with_course(attempt),
        places=attempts.places_of(attempt),
        seconds_left=seconds_left(attempt.deadline, clock.now()),
    )


@bp.post("/attempts/<int:attempt_id>/submit")
@requires(Permission.ATTEMPT_ANSWER, on=Attempt)
def submit(attempt: Attempt) -> ResponseReturnValue:
    _say_left_out(
        attempts.hand_in(attempt, read_sheet(request.form), _form_writer(), clock.now())
    )
    return redirect(url_for(".result", attempt_id=attempt.id), 303)


@bp.get("/attempts/<int:attempt_id>/result")
@requires(Permission.ATTEMPT_ANSWER, on=Attempt)
def result(attempt: Attempt) -> ResponseReturnValue:
    if attempt.is_open:
        return redirect(url_for(".answer", attempt_id=attempt.id), 303)
    quiz = attempts.with_course(attempt)
    tries = attempts.attempts_of(quiz, current_user.id)
    now = clock.now()
    terms = terms_for(quiz, current_user.id, now)
    return render_template(
        "quizzes/result.html",
        attempt=attempt,
        quiz=quiz,
        review=reviews.review_of(quiz, attempt, tries, now),
        record=attempts.record_of(tries),
        best=attempts.best_of(tries),
        left=terms.policy.left(len(tries)),
        not_now=terms.start_refusal(len(tries), now),
        standing=grading.standing_of(quiz, tries),
    )
