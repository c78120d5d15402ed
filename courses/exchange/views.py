"""Pages on which questions come in from files and go out into them."""

from dataclasses import replace
from typing import Any

from flask import (
    Blueprint,
    abort,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from courses.catalogue.models import Course
from courses.exchange.checking import checked_reading
from courses.exchange.formats import WRITERS, excel
from courses.exchange.forms import ExportForm, FileForm
from courses.exchange.models import ImportLine, ItemImport
from courses.exchange.rules import LineState, Note, NotTaken, Reading, Trouble
from courses.exchange.services import bringing as services
from courses.exchange.services import taking
from courses.exchange.wording import FORMATS
from courses.items.forms import FORMS, ItemForm
from courses.items.models import ItemBank
from courses.items.services.items import bank_of_course
from courses.items.types import ITEM_TYPES, parse
from lms.kernel import clock, transactions
from lms.kernel.access import requires
from lms.kernel.forms import file_name_of
from lms.kernel.pages import wants_json
from lms.kernel.permissions import Permission
from lms.kernel.wording import label

LARGEST_UPLOAD_BYTES = 32 * 1024 * 1024
FORM_OVERHEAD_BYTES = 64 * 1024
FILTERS = {
    "all": (),
    "ready": (LineState.UNDERSTOOD, LineState.MENDED),
    "refused": (LineState.REFUSED,),
    "skipped": (LineState.SKIPPED,),
}

bp = Blueprint("exchange", __name__, template_folder="../templates")
bp.add_app_template_filter(lambda word: label(Trouble(word)), "trouble_said")
bp.add_app_template_filter(lambda word: label(Note(word)), "note_said")
bp.add_app_template_filter(
    lambda kind: label(kind) if kind in ITEM_TYPES else "", "kind_name"
)


@bp.url_value_preprocessor
def allow_upload(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Raise the bound of uploads; this runs before anything reads the body."""
    if endpoint in ("exchange.begin_for_course", "exchange.begin"):
        request.max_content_length = LARGEST_UPLOAD_BYTES + FORM_OVERHEAD_BYTES


@bp.get("/courses/<int:course_id>/items/import")
@requires(Permission.ITEM_EDIT, on=Course)
def ask_for_course(course: Course) -> ResponseReturnValue:
    return _file_page(FileForm(), course.title, _address_for(course))


@bp.post("/courses/<int:course_id>/items/import")
@requires(Permission.ITEM_EDIT, on=Course)
def begin_for_course(course: Course) -> ResponseReturnValue:
    course_id, title, address = course.id, course.title, _address_for(course)
    form = FileForm()
    reading = _read(form)
    if reading is None:
        return _file_page(form, title, address), 422
    return _begun(bank_of_course(course_id), form, reading)


def _address_for(course: Course) -> str:
    return url_for(".begin_for_course", course_id=course.id)


@bp.get("/item-imports/template.xlsx")
@requires(Permission.ITEM_EDIT, anywhere=True)
def template() -> ResponseReturnValue:
    answer = make_response(excel.template())
    answer.headers["Content-Type"] = excel.MEDIA_TYPE
    answer.headers["Content-Disposition"] = 'attachment; filename="mau-cau-hoi.xlsx"'
    return answer


@bp.get("/item-banks/<int:item_bank_id>/import")
@requires(Permission.ITEM_EDIT, on=ItemBank)
def ask(item_bank: ItemBank) -> ResponseReturnValue:
    address = url_for(".begin", item_bank_id=item_bank.id)
    return _file_page(FileForm(), item_bank.name, address)


@bp.post("/item-banks/<int:item_bank_id>/import")
@requires(Permission.ITEM_EDIT, on=ItemBank)
def begin(item_bank: ItemBank) -> ResponseReturnValue:
    form, address = FileForm(), url_for(".begin", item_bank_id=item_bank.id)
    name = item_bank.name
    reading = _read(form)
    if reading is None:
        return _file_page(form, name, address), 422
    return _begun(item_bank, form, reading)


def _file_page(form: FileForm, owner: str, address: str) -> str:
    return render_template(
        "exchange/file.html", form=form, owner=owner, address=address
    )


def _read(form: FileForm) -> Reading | None:
    """Read the file that was sent; None where it is wrong, which the form then says.

    Nothing is held meanwhile: a large file takes some seconds.
    """
    if not form.validate():
        return None
    transactions.release()
    try:
        reading = checked_reading(form.file.data.read())
    except NotTaken as problem:
        said = str(label(problem.trouble))
        detail = f" ({problem.detail})" if problem.detail else ""
        form.file.errors = [f"{said}{detail}"]
        return None
    if not reading.items:
        form.file.errors = [_("Tệp không có câu hỏi nào.")]
        return None
    return reading


def _begun(bank: ItemBank, form: FileForm, reading: Reading) -> ResponseReturnValue:
    name = file_name_of(form.file.data)
    made = services.begin_import(bank, name, reading, current_user.id, clock.now())
    return redirect(url_for(".show", item_import_id=made.id), 303)


@bp.get("/item-imports/<int:item_import_id>")
@requires(Permission.ITEM_EDIT, on=ItemImport)
def show(item_import: ItemImport) -> ResponseReturnValue:
    wanted = request.args.get("show", "all")
    if wanted not in FILTERS:
        abort(404)
    number = request.args.get("page", 1, type=int)
    page = services.lines_of(item_import, number, FILTERS[wanted])
    return render_template(
        "exchange/show.html",
        made=item_import,
        page=page,
        asked=[services.asked_of(line) for line in page.items],
        counts=services.counts_of(item_import),
        wanted=wanted,
        formats=FORMATS,
        kinds=FORMS,
    )


@bp.get("/item-import-lines/<int:item_import_line_id>")
@requires(Permission.COURSE_EDIT, on=ImportLine)
def edit(item_import_line: ImportLine) -> ResponseReturnValue:
    form = _form_for(item_import_line)
    _fill(form, item_import_line)
    return _line_page(item_import_line, form)


@bp.post("/item-import-lines/<int:item_import_line_id>")
@requires(Permission.COURSE_EDIT, on=ImportLine)
def mend(item_import_line: ImportLine) -> ResponseReturnValue:
    form = _form_for(item_import_line)
    if not form.validate():
        return _line_page(item_import_line, form), 422
    services.mend_line(item_import_line, form.spec(), form.points.data)
    flash(_("Đã sửa câu này."), "success")
    return _back_to(item_import_line)


def _form_for(line: ImportLine) -> ItemForm:
    """Make the form of the item's kind, or of another that the address asks for."""
    kind = request.args.get("kind", line.kind)
    if kind not in FORMS:
        abort(404)
    return FORMS[kind]()


def _fill(form: ItemForm, line: ImportLine) -> None:
    """Show what there is of an item; a key only where one was understood."""
    points = services.points_of(line)
    is_whole = line.is_ready and line.kind == form.kind
    item = parse(line.spec) if is_whole else services.sketched(line, form.kind)
    if item is None:
        form.stem.data = line.spec.get("stem", "")
        form.points.data = points
        return
    form.fill(item, points)
    if is_whole:
        return
    if hasattr(form, "options"):
        form.options.data = [replace(one, correct=False) for one in form.options.data]
    if hasattr(form, "accepted"):
        form.accepted.data = []


def _line_page(line: ImportLine, form: ItemForm) -> str:
    return render_template("exchange/line.html", line=line, form=form, kinds=FORMS)


def _back_to(line: ImportLine) -> ResponseReturnValue:
    page = (line.number - 1) // 20 + 1
    address = url_for(
        ".show",
        item_import_id=line.item_import_id,
        page=page,
        _anchor=f"cau-{line.number}",
    )
    return redirect(address, 303)


@bp.post("/item-import-lines/<int:item_import_line_id>/skip")
@requires(Permission.COURSE_EDIT, on=ImportLine)
def skip(item_import_line: ImportLine) -> ResponseReturnValue:
    services.skip_line(item_import_line)
    return _back_to(item_import_line)


@bp.post("/item-imports/<int:item_import_id>/keep")
@requires(Permission.ITEM_EDIT, on=ItemImport)
def keep(item_import: ItemImport) -> ResponseReturnValue:
    counts = services.keep_import(item_import, current_user.id, clock.now())
    flash(
        _(
            "Đã đưa vào ngân hàng: %(added)d câu mới, %(changed)d câu có bản mới, "
            "%(same)d câu không đổi.",
            added=counts.get("added", 0),
            changed=counts.get("changed", 0),
            same=counts.get("same", 0),
        ),
        "success",
    )
    if wants_json():
        return counts
    return redirect(url_for(".show", item_import_id=item_import.id), 303)


@bp.post("/item-imports/<int:item_import_id>/drop")
@requires(Permission.ITEM_EDIT, on=ItemImport)
def drop(item_import: ItemImport) -> ResponseReturnValue:
    bank = item_import.bank
    services.drop_import(item_import, current_user.id, clock.now())
    flash(_("Đã bỏ lần nhập này. Ngân hàng câu hỏi không thay đổi."), "success")
    return redirect(url_for(".ask", item_bank_id=bank.id), 303)


@bp.get("/item-banks/<int:item_bank_id>/export")
@requires(Permission.ITEM_EDIT, on=ItemBank)
def choose(item_bank: ItemBank) -> ResponseReturnValue:
    return render_template("exchange/export.html", bank=item_bank, form=ExportForm())


@bp.get("/item-banks/<int:item_bank_id>/export/<format_>")
@requires(Permission.ITEM_EDIT, on=ItemBank)
def export(item_bank: ItemBank, format_: str) -> ResponseReturnValue:
    if format_ not in WRITERS:
        abort(404)
    written = taking.export_bank(item_bank, format_)
    answer = make_response(written.content)
    answer.headers["Content-Type"] = written.media_type
    answer.headers["Content-Disposition"] = f'attachment; filename="{written.name}"'
    return answer
