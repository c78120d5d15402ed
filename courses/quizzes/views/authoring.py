"""Pages on which authors write quizzes."""

import secrets

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from courses.catalogue.models import Activity
from courses.items.forms import FORMS, ItemForm
from courses.items.models import ItemVersion
from courses.quizzes.forms.responses import read_order, whole_number
from courses.quizzes.forms.settings import SettingsForm
from courses.quizzes.models.quizzes import Quiz, QuizSlot
from courses.quizzes.rules.attempts import EditRefusal
from courses.quizzes.rules.feedback import AFTERWARDS
from courses.quizzes.services import attempts, layouts, quizzes, sections
from courses.quizzes.views.places import activity_of
from lms.kernel import clock
from lms.kernel.access import requires
from lms.kernel.errors import Refused
from lms.kernel.permissions import Permission

bp = Blueprint("quiz_authoring", __name__, template_folder="../../templates")


@bp.get("/activities/<int:activity_id>/quiz/edit")
@requires(Permission.COURSE_EDIT, on=Activity)
def edit(activity: Activity) -> ResponseReturnValue:
    quiz = _quiz_in(activity)
    form = SettingsForm(obj=quiz)
    form.show_feedback(quiz.parts_shown if quiz else AFTERWARDS)
    return _edit_page(activity, quiz, form)


@bp.post("/activities/<int:activity_id>/quiz/edit")
@requires(Permission.COURSE_EDIT, on=Activity)
def save_settings(activity: Activity) -> ResponseReturnValue:
    quiz, form = _quiz_in(activity), SettingsForm()
    if not form.validate():
        return _edit_page(activity, quiz, form), 422
    quizzes.set_up(activity, **form.settings())
    flash(_("Đã lưu cách làm bài kiểm tra."), "success")
    return redirect(url_for(".edit", activity_id=activity.id), 303)


def _quiz_in(activity: Activity) -> Quiz | None:
    """Return the activity's quiz, None while it has none; 404 for another kind."""
    if activity.kind != "quiz":
        abort(404)
    return quizzes.quiz_of(activity)


def _edit_page(activity: Activity, quiz: Quiz | None, form: SettingsForm) -> str:
    words = request.args.get("q", "")[:100]
    return render_template(
        "quizzes/edit.html",
        activity=activity,
        course=activity.course,
        quiz=quiz,
        form=form,
        groups=layouts.by_section(quizzes.slots_of(quiz)) if quiz else [],
        sections=sections.sections_of(quiz) if quiz else [],
        taken=bool(quiz and quizzes.has_attempts(quiz)),
        kinds=FORMS,
        words=words,
        spare=quizzes.spare_items(activity.course_id, quiz, words),
    )


@bp.get("/activities/<int:activity_id>/quiz/preview")
@requires(Permission.COURSE_EDIT, on=Activity)
def preview(activity: Activity) -> ResponseReturnValue:
    quiz, problem, shown = _quiz_in(activity), None, None
    try:
        shown = attempts.previewed(quiz, secrets.token_hex(8)) if quiz else None
    except Refused as refused:
        problem = refused.reason
    return render_template(
        "quizzes/preview.html",
        activity=activity,
        course=activity.course,
        quiz=quiz,
        preview=shown,
        problem=problem,
    )


@bp.get("/activities/<int:activity_id>/quiz/items/new")
@requires(Permission.COURSE_EDIT, on=Activity)
def new_item(activity: Activity) -> ResponseReturnValue:
    _quiz_in(activity)
    return _item_page(activity, _new_form())


@bp.post("/activities/<int:activity_id>/quiz/items")
@requires(Permission.COURSE_EDIT, on=Activity)
def add_item(activity: Activity) -> ResponseReturnValue:
    quiz, form = _quiz_in(activity), _new_form()
    if not form.validate():
        return _item_page(activity, form), 422
    slot = quizzes.add_item(
        quiz or quizzes.set_up(activity),
        form.spec(),
        current_user.id,
        clock.now(),
        points=form.points.data,
    )
    flash(_("Đã thêm câu hỏi."), "success")
    return _back_to(activity, slot)


def _new_form() -> ItemForm:
    """Make the form of the kind that the address asks for; 404 for another word."""
    kind = request.args.get("kind", "")
    if kind not in FORMS:
        abort(404)
    return FORMS[kind]()


def _item_page(activity: Activity, form: ItemForm, slot: QuizSlot | None = None) -> str:
    return render_template(
        "quizzes/item.html",
        activity=activity,
        course=activity.course,
        form=form,
        slot=slot,
        taken=bool(slot and quizzes.has_attempts(slot.quiz)),
    )


def _back_to(activity: Activity, slot: QuizSlot) -> ResponseReturnValue:
    address = url_for(".edit", activity_id=activity.id, _anchor=f"slot-{slot.id}")
    return redirect(address, 303)


@bp.get("/quiz-slots/<int:quiz_slot_id>")
@requires(Permission.COURSE_EDIT, on=QuizSlot)
def edit_item(quiz_slot: QuizSlot) -> ResponseReturnValue:
    item = _version_in(quiz_slot).read()
    form = FORMS[item.kind]()
    form.fill(item, quiz_slot.points)
    return _item_page(activity_of(quiz_slot.quiz), form, quiz_slot)


def _version_in(slot: QuizSlot) -> ItemVersion:
    """Return what the slot asks; 404 for one that draws."""
    if slot.item_version is None:
        abort(404)
    return slot.item_version


@bp.post("/quiz-slots/<int:quiz_slot_id>")
@requires(Permission.COURSE_EDIT, on=QuizSlot)
def save_item(quiz_slot: QuizSlot) -> ResponseReturnValue:
    activity = activity_of(quiz_slot.quiz)
    version = _version_in(quiz_slot)
    form = FORMS[version.item.kind]()
    form.keep(version.spec)
    if not form.validate():
        return _item_page(activity, form, quiz_slot), 422
    quizzes.edit_item(
        quiz_slot, form.spec(), form.points.data, current_user.id, clock.now()
    )
    flash(_("Đã lưu câu hỏi."), "success")
    return _back_to(activity, quiz_slot)


@bp.post("/quiz-slots/<int:quiz_slot_id>/delete")
@requires(Permission.COURSE_EDIT, on=QuizSlot)
def remove_item(quiz_slot: QuizSlot) -> ResponseReturnValue:
    activity_id = quiz_slot.quiz.activity_id
    quizzes.remove_slot(quiz_slot)
    flash(_("Đã bỏ câu hỏi khỏi bài kiểm tra. Câu hỏi vẫn ở trong kho."), "success")
    return redirect(url_for(".edit", activity_id=activity_id), 303)


@bp.post("/quizzes/<int:quiz_id>/slots")
@requires(Permission.COURSE_EDIT, on=Quiz)
def add_from_bank(quiz: Quiz) -> ResponseReturnValue:
    item_id = whole_number(request.form.get("item_id", ""))
    slot = quizzes.add_from_bank(quiz, item_id or 0)
    flash(_("Đã thêm câu hỏi từ kho."), "success")
    return _back_to(activity_of(quiz), slot)


@bp.post("/quizzes/<int:quiz_id>/order")
@requires(Permission.COURSE_EDIT, on=Quiz)
def arrange(quiz: Quiz) -> ResponseReturnValue:
    order = read_order(request.get_json(silent=True))
    if order is None:
        raise Refused(EditRefusal.WRONG_ORDER)
    quizzes.arrange(quiz, order)
    return {"order": order}
