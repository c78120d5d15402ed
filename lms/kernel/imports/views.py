"""The pages on which lists come in, the same for every kind of list."""

from typing import Any

from flask import (
    Blueprint,
    Response,
    abort,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from lms.kernel import clock
from lms.kernel.access import may, requires
from lms.kernel.bodies import is_id
from lms.kernel.errors import Refused
from lms.kernel.forms import file_name_of
from lms.kernel.imports import services
from lms.kernel.imports.forms import SendForm
from lms.kernel.imports.models import ImportRun
from lms.kernel.imports.rules import KNOWN, Change, ImportState, Intake
from lms.kernel.jobs.models import JobState
from lms.kernel.limits import limited
from lms.kernel.permissions import Permission
from lms.kernel.spreadsheets import writing
from lms.kernel.spreadsheets.sheets import SheetRefusal
from lms.kernel.wording import say

bp = Blueprint("imports", __name__)


def _opened(what: str, place_id: int) -> tuple[Intake, Any]:
    """Return the intake and its place, if the person may take in such a list there."""
    intake = KNOWN.get(what)
    if intake is None or not (is_id(place_id) or place_id == 0):
        abort(404)
    place = services.place_of(intake, place_id)
    if (place is None) != (place_id == 0) or not may(intake.permission, place):
        abort(404)
    return intake, place


def _still_open(row: ImportRun) -> Intake:
    return _opened(row.intake, row.place_id)[0]


@bp.get("/imports/<what>/<int:place_id>")
@requires(Permission.IMPORT_SEND)
def start(what: str, place_id: int) -> ResponseReturnValue:
    intake, place = _opened(what, place_id)
    return _start_page(intake, place, place_id, SendForm())


def _start_page(
    intake: Intake, place: Any, place_id: int, form: SendForm, refusal: Any = None
) -> str:
    return render_template(
        "kernel/imports/start.html",
        intake=intake,
        place=place,
        place_id=place_id,
        sheet=intake.sheet(place),
        form=form,
        refusal=refusal,
        runs=services.runs_of(current_user.id, intake.name),
    )


@bp.get("/imports/<what>/<int:place_id>/template.xlsx")
@requires(Permission.IMPORT_SEND)
def template(what: str, place_id: int) -> ResponseReturnValue:
    intake, place = _opened(what, place_id)
    return workbook(services.template(intake, place), intake.sheet(place).title)


@bp.post("/imports/<what>/<int:place_id>")
@requires(Permission.IMPORT_SEND)
@limited("60 per hour")
def send(what: str, place_id: int) -> ResponseReturnValue:
    intake, place = _opened(what, place_id)
    form = SendForm()
    if not form.validate():
        return _start_page(intake, place, place_id, form), 422
    sent = services.Sent(
        form.file.data.read(), file_name_of(form.file.data), current_user.id
    )
    try:
        row = services.receive(intake, place_id, sent, clock.now())
    except Refused as refused:
        if not isinstance(refused.reason, SheetRefusal):
            raise
        return _start_page(intake, place, place_id, form, refused.reason), 422
    return redirect(url_for(".show", import_run_id=row.id), 303)


@bp.get("/import-runs/<int:import_run_id>")
@requires(Permission.IMPORT_VIEW, on=ImportRun)
def show(import_run: ImportRun) -> ResponseReturnValue:
    intake = _still_open(import_run)
    kind = request.args.get("kind", "")
    chosen = Change(kind) if kind in [*Change] else None
    is_checked = import_run.state is ImportState.CHECKED
    job = import_run.job
    return render_template(
        "kernel/imports/run.html",
        intake=intake,
        run=import_run,
        sheet=services.sheet_of(import_run),
        chosen=chosen,
        changes=[*Change],
        sentence=lambda wrong: say(wrong[0], **wrong[1]),
        is_lost=job is not None and job.state is JobState.DEAD,
        page=services.preview(import_run, chosen, request.args.get("page", 1, int))
        if is_checked
        else None,
    )


@bp.post("/import-runs/<int:import_run_id>/confirm")
@requires(Permission.IMPORT_VIEW, on=ImportRun)
def confirm(import_run: ImportRun) -> ResponseReturnValue:
    _still_open(import_run)
    services.confirm(import_run, clock.now())
    return redirect(url_for(".show", import_run_id=import_run.id), 303)


@bp.post("/import-runs/<int:import_run_id>/cancel")
@requires(Permission.IMPORT_VIEW, on=ImportRun)
def cancel(import_run: ImportRun) -> ResponseReturnValue:
    intake = _still_open(import_run)
    services.cancel(import_run, clock.now())
    where = url_for(".start", what=intake.name, place_id=import_run.place_id)
    return redirect(where, 303)


@bp.get("/import-runs/<int:import_run_id>/errors.xlsx")
@requires(Permission.IMPORT_VIEW, on=ImportRun)
def errors(import_run: ImportRun) -> ResponseReturnValue:
    """Give the bad cells as a list, to mend them beside the file."""
    _still_open(import_run)
    rows = [
        (number, title, cell, say(word, **about))
        for number, title, cell, word, about in services.errors_of(import_run)
    ]
    columns = ((_("Dòng"), 8), (_("Cột"), 24), (_("Đang có"), 30), (_("Lỗi"), 70))
    return workbook(writing.write(_("Danh sách lỗi"), columns, rows), _("Lỗi"))


def workbook(content: bytes, title: str) -> Response:
    """Answer with an .xlsx for people to keep; other features use it too."""
    answer = make_response(content)
    answer.headers["Content-Type"] = writing.CONTENT_TYPE
    answer.headers.set("Content-Disposition", "attachment", filename=f"{title}.xlsx")
    return answer
