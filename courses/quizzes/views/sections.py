"""Sections of a quiz, and places that draw from the bank."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from courses.quizzes.forms.responses import whole_number
from courses.quizzes.forms.settings import DrawForm, SectionForm
from courses.quizzes.models.quizzes import Quiz, QuizSection, QuizSlot
from courses.quizzes.services import sections, stock
from courses.quizzes.views.places import activity_of, around
from lms.kernel.access import requires
from lms.kernel.permissions import Permission
from lms.kernel.wording import label

bp = Blueprint("quiz_sections", __name__, template_folder="../../templates")


def _back(quiz: Quiz) -> ResponseReturnValue:
    address = url_for("quiz_authoring.edit", activity_id=activity_of(quiz).id)
    return redirect(address, 303)


@bp.get("/quizzes/<int:quiz_id>/sections/new")
@requires(Permission.COURSE_EDIT, on=Quiz)
def new(quiz: Quiz) -> ResponseReturnValue:
    return _page(quiz, SectionForm())


@bp.post("/quizzes/<int:quiz_id>/sections")
@requires(Permission.COURSE_EDIT, on=Quiz)
def add(quiz: Quiz) -> ResponseReturnValue:
    form = SectionForm()
    if not form.validate():
        return _page(quiz, form), 422
    sections.add_section(quiz, form.title.data, form.instructions.data or "")
    flash(_("Đã thêm phần."), "success")
    return _back(quiz)


@bp.get("/quiz-sections/<int:quiz_section_id>")
@requires(Permission.COURSE_EDIT, on=QuizSection)
def edit(quiz_section: QuizSection) -> ResponseReturnValue:
    return _page(quiz_section.quiz, SectionForm(obj=quiz_section), quiz_section)


@bp.post("/quiz-sections/<int:quiz_section_id>")
@requires(Permission.COURSE_EDIT, on=QuizSection)
def save(quiz_section: QuizSection) -> ResponseReturnValue:
    form = SectionForm()
    if not form.validate():
        return _page(quiz_section.quiz, form, quiz_section), 422
    sections.edit_section(quiz_section, form.title.data, form.instructions.data or "")
    flash(_("Đã lưu phần."), "success")
    return _back(quiz_section.quiz)


@bp.post("/quiz-sections/<int:quiz_section_id>/delete")
@requires(Permission.COURSE_EDIT, on=QuizSection)
def remove(quiz_section: QuizSection) -> ResponseReturnValue:
    quiz = quiz_section.quiz
    sections.remove_section(quiz_section)
    flash(_("Đã bỏ phần. Các câu của phần chuyển lên đầu bài."), "success")
    return _back(quiz)


def _page(quiz: Quiz, form: SectionForm, section: QuizSection | None = None) -> str:
    return render_template(
        "quizzes/section.html", form=form, section=section, **around(quiz)
    )


@bp.post("/quiz-slots/<int:quiz_slot_id>/section")
@requires(Permission.COURSE_EDIT, on=QuizSlot)
def move(quiz_slot: QuizSlot) -> ResponseReturnValue:
    sections.put_in_section(quiz_slot, whole_number(request.form.get("section_id", "")))
    flash(_("Đã chuyển câu hỏi sang phần khác."), "success")
    return _back(quiz_slot.quiz)


@bp.get("/quizzes/<int:quiz_id>/draws/new")
@requires(Permission.COURSE_EDIT, on=Quiz)
def new_draw(quiz: Quiz) -> ResponseReturnValue:
    return _draw_page(quiz, _draw_form(quiz))


@bp.post("/quizzes/<int:quiz_id>/draws")
@requires(Permission.COURSE_EDIT, on=Quiz)
def add_draw(quiz: Quiz) -> ResponseReturnValue:
    form = _draw_form(quiz)
    if not form.validate():
        return _draw_page(quiz, form), 422
    sections.add_draw(quiz, form.cell())
    flash(_("Đã thêm ô rút câu ngẫu nhiên."), "success")
    return _back(quiz)


def _draw_form(quiz: Quiz) -> DrawForm:
    offer = stock.offer_in(stock.counts_in(sections.bank_ids_of(quiz)))
    form = DrawForm()
    form.offer(
        topics=[(topic, topic) for topic in offer.topics],
        levels=[(level.value, label(level)) for level in offer.levels],
        kinds=[(kind, label(kind)) for kind in offer.kinds],
    )
    return form


def _draw_page(quiz: Quiz, form: DrawForm) -> str:
    return render_template("quizzes/draw.html", form=form, **around(quiz))
