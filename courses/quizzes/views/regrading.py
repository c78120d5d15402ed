"""After a wrong key: proposing a run, deciding about it, and taking it back."""

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from courses.quizzes.forms.decisions import ReasonForm, RegradeForm
from courses.quizzes.models.quizzes import Quiz
from courses.quizzes.models.regrading import RegradeRun
from courses.quizzes.rules.regrading import Remedy
from courses.quizzes.services import regrading
from courses.quizzes.views.places import around
from lms.kernel import clock
from lms.kernel.access import requires
from lms.kernel.permissions import Permission
from lms.kernel.wording import say

bp = Blueprint("quiz_regrading", __name__, template_folder="../../templates")


@bp.get("/quizzes/<int:quiz_id>/regrades/new/<int:item_id>")
@requires(Permission.REGRADE_PROPOSE, on=Quiz)
def new(quiz: Quiz, item_id: int) -> ResponseReturnValue:
    return _new_page(quiz, item_id, RegradeForm())


@bp.post("/quizzes/<int:quiz_id>/regrades/<int:item_id>")
@requires(Permission.REGRADE_PROPOSE, on=Quiz)
def propose(quiz: Quiz, item_id: int) -> ResponseReturnValue:
    form, case = RegradeForm(), _case(quiz, item_id)
    if not form.validate():
        return _new_page(quiz, item_id, form), 422
    run = regrading.propose(
        quiz,
        case.item,
        Remedy(form.remedy.data),
        reason=form.reason.data,
        actor_id=current_user.id,
        now=clock.now(),
    )
    flash(_("Đã gửi đề nghị. Chưa có điểm nào thay đổi."), "success")
    return _to(run)


def _case(quiz: Quiz, item_id: int) -> regrading.Case:
    case = regrading.case_of(quiz, item_id)
    if case is None:
        abort(404)
    return case


def _new_page(quiz: Quiz, item_id: int, form: RegradeForm) -> str:
    return render_template(
        "quizzes/regrade_new.html",
        form=form,
        case=_case(quiz, item_id),
        **around(quiz),
    )


@bp.get("/regrade-runs/<int:regrade_run_id>")
@requires(Permission.REGRADE_PROPOSE, on=RegradeRun)
def show(regrade_run: RegradeRun) -> ResponseReturnValue:
    quiz = regrade_run.quiz
    moves = regrading.moves_of(regrade_run)
    return render_template(
        "quizzes/regrade_run.html",
        run=regrade_run,
        moves=moves,
        summary=regrading.summary(regrade_run),
        question=regrading.question_of(regrade_run),
        form=ReasonForm(),
        **around(quiz),
    )


@bp.post("/regrade-runs/<int:regrade_run_id>/approve")
@requires(Permission.REGRADE_DECIDE, on=RegradeRun)
def approve(regrade_run: RegradeRun) -> ResponseReturnValue:
    stale = regrading.approve(regrade_run, current_user.id, clock.now())
    if stale:
        flash(say(stale), "warning")
    else:
        flash(_("Đã áp dụng. Điểm và kết quả đã tính lại."), "success")
    return _to(regrade_run)


@bp.post("/regrade-runs/<int:regrade_run_id>/reject")
@requires(Permission.REGRADE_DECIDE, on=RegradeRun)
def reject(regrade_run: RegradeRun) -> ResponseReturnValue:
    regrading.reject(regrade_run, current_user.id, clock.now())
    flash(_("Đã từ chối đề nghị. Điểm giữ nguyên."), "success")
    return _to(regrade_run)


@bp.post("/regrade-runs/<int:regrade_run_id>/undo")
@requires(Permission.REGRADE_DECIDE, on=RegradeRun)
def undo(regrade_run: RegradeRun) -> ResponseReturnValue:
    form = ReasonForm()
    if not form.validate():
        flash(_("Hãy ghi lý do hoàn tác."), "warning")
        return _to(regrade_run)
    regrading.undo(regrade_run, form.reason.data, current_user.id, clock.now())
    flash(_("Đã hoàn tác. Điểm trở lại như trước khi chấm lại."), "success")
    return _to(regrade_run)


def _to(run: RegradeRun) -> ResponseReturnValue:
    return redirect(url_for(".show", regrade_run_id=run.id), 303)
