"""Blueprints (ma trận đề): the grid, what the bank lacks, papers, keys, print-outs."""

from flask import Blueprint as Pages
from flask import (
    Response,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from courses.quizzes import pdf
from courses.quizzes.forms.blueprints import GridForm
from courses.quizzes.forms.responses import whole_number
from courses.quizzes.models.papers import Blueprint, Paper
from courses.quizzes.models.quizzes import Quiz
from courses.quizzes.services import papers, sections, stock
from courses.quizzes.views.places import around
from lms.kernel import clock
from lms.kernel.access import requires
from lms.kernel.permissions import Permission
from lms.kernel.wording import label

bp = Pages("quiz_blueprints", __name__, template_folder="../../templates")
SPARE_ROWS = 4


@bp.get("/quizzes/<int:quiz_id>/blueprint")
@requires(Permission.BLUEPRINT_EDIT, on=Quiz)
def show(quiz: Quiz) -> ResponseReturnValue:
    blueprint = quiz.blueprint
    grid = GridForm()
    if blueprint:
        grid = GridForm(blueprint.read_cells(), blueprint.spread)
    return _page(quiz, blueprint, grid)


def _page(quiz: Quiz, blueprint: Blueprint | None, grid: GridForm) -> str:
    bank_ids = blueprint.bank_ids if blueprint else sections.bank_ids_of(quiz)
    check = papers.check_cells(grid.cells, bank_ids)
    drawn = papers.papers_of(blueprint) if blueprint else []
    offer = stock.offer_in(check.stocks)
    return render_template(
        "quizzes/blueprint.html",
        blueprint=blueprint,
        grid=grid,
        check=check,
        topics=[(topic, topic) for topic in offer.topics],
        levels={level.value: label(level) for level in offer.levels},
        kinds=[(kind, label(kind)) for kind in offer.kinds],
        spare=SPARE_ROWS,
        papers=drawn,
        keys=papers.key_table(drawn) if drawn else None,
        **around(quiz),
    )


@bp.post("/quizzes/<int:quiz_id>/blueprint")
@requires(Permission.BLUEPRINT_EDIT, on=Quiz)
def save(quiz: Quiz) -> ResponseReturnValue:
    bank_ids = sections.bank_ids_of(quiz)
    offer = stock.offer_in(stock.counts_in(bank_ids))
    grid = GridForm.read(request.form, offer.known)
    if grid.errors:
        return _page(quiz, quiz.blueprint, grid), 422
    papers.shape(papers.blueprint_of(quiz), grid.cells, grid.spread)
    flash(_("Đã lưu ma trận đề."), "success")
    return _back(quiz)


@bp.post("/quizzes/<int:quiz_id>/papers")
@requires(Permission.BLUEPRINT_EDIT, on=Quiz)
def draw(quiz: Quiz) -> ResponseReturnValue:
    count = whole_number(request.form.get("count", "")) or 0
    drawn = papers.draw(papers.blueprint_of(quiz), count, current_user.id, clock.now())
    flash(_("Đã tạo %(count)d mã đề.", count=len(drawn)), "success")
    return _back(quiz)


@bp.post("/quizzes/<int:quiz_id>/blueprint/delete")
@requires(Permission.BLUEPRINT_EDIT, on=Quiz)
def leave(quiz: Quiz) -> ResponseReturnValue:
    """Let the quiz ask its own items again; papers stay for those who hold them."""
    papers.leave(quiz)
    flash(
        _("Bài kiểm tra dùng lại các câu đã chọn, không theo ma trận nữa."), "success"
    )
    address = url_for("quiz_authoring.edit", activity_id=quiz.activity_id)
    return redirect(address, 303)


def _back(quiz: Quiz) -> ResponseReturnValue:
    return redirect(url_for(".show", quiz_id=quiz.id), 303)


@bp.get("/papers/<int:paper_id>")
@requires(Permission.BLUEPRINT_EDIT, on=Paper)
def show_paper(paper: Paper) -> ResponseReturnValue:
    quiz = papers.quiz_with(paper.blueprint)
    return render_template(
        "quizzes/paper.html",
        paper=paper,
        asked=papers.printed([paper])[paper.id],
        parts=dict(paper.parts),
        **around(quiz),
    )


@bp.get("/papers/<int:paper_id>/pdf")
@requires(Permission.BLUEPRINT_EDIT, on=Paper)
def print_paper(paper: Paper) -> ResponseReturnValue:
    quiz = papers.quiz_with(paper.blueprint)
    made = pdf.paper(
        paper,
        papers.printed([paper])[paper.id],
        quiz,
        current_app.config["ISSUER_NAME"],
    )
    return _pdf(made, f"de-{paper.code}.pdf")


@bp.get("/blueprints/<int:blueprint_id>/keys/pdf")
@requires(Permission.BLUEPRINT_EDIT, on=Blueprint)
def print_keys(blueprint: Blueprint) -> ResponseReturnValue:
    quiz = papers.quiz_with(blueprint)
    table = papers.key_table(papers.papers_of(blueprint))
    return _pdf(
        pdf.keys(table, quiz, current_app.config["ISSUER_NAME"], clock.now()),
        "dap-an.pdf",
    )


def _pdf(made: bytes, name: str) -> Response:
    answer = Response(made, mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f'inline; filename="{name}"'
    return answer
