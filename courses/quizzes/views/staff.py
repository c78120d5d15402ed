"""Running a quiz: allowances, item analysis, and the queue of markers."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from courses.quizzes.forms.decisions import AllowanceForm, MarkForm
from courses.quizzes.models.attempts import AttemptPlace
from courses.quizzes.models.quizzes import Quiz, QuizAllowance
from courses.quizzes.services import allowances, analysis, marking, regrading
from courses.quizzes.services.analysis import Counted
from courses.quizzes.services.quizzes import course_id_of, slots_by_item
from courses.quizzes.views.places import around
from lms.kernel import clock
from lms.kernel.access import requires
from lms.kernel.forms import choices
from lms.kernel.permissions import Permission

bp = Blueprint("quiz_staff", __name__, template_folder="../../templates")


@bp.get("/quizzes/<int:quiz_id>/allowances")
@requires(Permission.QUIZ_ALLOW, on=Quiz)
def show_allowances(quiz: Quiz) -> ResponseReturnValue:
    return _allowances_page(quiz, _allowance_form(quiz))


@bp.post("/quizzes/<int:quiz_id>/allowances")
@requires(Permission.QUIZ_ALLOW, on=Quiz)
def allow(quiz: Quiz) -> ResponseReturnValue:
    form = _allowance_form(quiz)
    if not form.validate():
        return _allowances_page(quiz, form), 422
    allowances.allow(quiz, form.to.data, current_user.id, clock.now(), **form.granted())
    flash(_("Đã cho thêm. Lượt đang làm được áp dụng ngay."), "success")
    return redirect(url_for(".show_allowances", quiz_id=quiz.id), 303)


@bp.post("/quiz-allowances/<int:quiz_allowance_id>/delete")
@requires(Permission.QUIZ_ALLOW, on=QuizAllowance)
def revoke(quiz_allowance: QuizAllowance) -> ResponseReturnValue:
    allowances.revoke(quiz_allowance, current_user.id, clock.now())
    flash(_("Đã thôi áp dụng."), "success")
    return redirect(url_for(".show_allowances", quiz_id=quiz_allowance.quiz_id), 303)


def _allowance_form(quiz: Quiz) -> AllowanceForm:
    form = AllowanceForm()
    offered = allowances.recipients_in(course_id_of(quiz))
    form.to.choices = choices([("", _("Chọn một người hoặc một đơn vị")), *offered])
    return form


def _allowances_page(quiz: Quiz, form: AllowanceForm) -> str:
    return render_template(
        "quizzes/allowances.html",
        form=form,
        granted=allowances.allowances_of(quiz),
        **around(quiz),
    )


@bp.get("/quizzes/<int:quiz_id>/analysis")
@requires(Permission.QUIZ_ANALYSE, on=Quiz)
def analyse(quiz: Quiz) -> ResponseReturnValue:
    word = request.args.get("counted", "")
    counted = Counted(word) if word in list(Counted) else Counted.FIRST
    report = analysis.analyse(quiz, counted)
    return render_template(
        "quizzes/analysis.html",
        report=report,
        names={
            one.item_id: _("Câu %(number)d", number=one.number) for one in report.items
        },
        slots=slots_by_item(quiz),
        kinds_of_count=list(Counted),
        waiting=marking.count_waiting(quiz),
        runs=regrading.runs_of(quiz),
        summary_of=regrading.summary,
        **around(quiz),
    )


@bp.get("/quizzes/<int:quiz_id>/marking")
@requires(Permission.QUIZ_MARK, on=Quiz)
def queue(quiz: Quiz) -> ResponseReturnValue:
    return render_template(
        "quizzes/marking.html",
        queue=marking.queue_for(quiz, current_user.id),
        waiting=marking.count_waiting(quiz),
        **around(quiz),
    )


@bp.get("/attempt-places/<int:attempt_place_id>/mark")
@requires(Permission.QUIZ_MARK, on=AttemptPlace)
def read(attempt_place: AttemptPlace) -> ResponseReturnValue:
    return _mark_page(attempt_place, MarkForm())


@bp.post("/attempt-places/<int:attempt_place_id>/mark")
@requires(Permission.QUIZ_MARK, on=AttemptPlace)
def mark(attempt_place: AttemptPlace) -> ResponseReturnValue:
    form = MarkForm()
    if not form.validate():
        return _mark_page(attempt_place, form), 422
    quiz = attempt_place.attempt.quiz
    settlement = marking.give_mark(
        attempt_place,
        current_user.id,
        form.share(),
        form.comment.data or "",
        clock.now(),
    )
    if settlement.points is None:
        flash(_("Đã ghi điểm của bạn. Bài làm còn chờ người chấm khác."), "success")
    else:
        flash(_("Đã chấm xong bài làm này."), "success")
    return redirect(url_for(".queue", quiz_id=quiz.id), 303)


def _mark_page(place: AttemptPlace, form: MarkForm) -> str:
    return render_template(
        "quizzes/mark.html",
        seen=marking.seen_by(place, current_user.id),
        form=form,
        **around(place.attempt.quiz),
    )
