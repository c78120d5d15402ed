"""The organisation tree on any day, and the pages that change it."""

from collections.abc import Callable
from datetime import date
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from lms.kernel import clock
from lms.kernel.access import requires
from lms.kernel.errors import Refused
from lms.kernel.forms import choices
from lms.kernel.permissions import Permission
from lms.kernel.spreadsheets.cells import day as day_cell
from lms.kernel.spreadsheets.sheets import BadCell
from lms.kernel.transactions import all_or_nothing
from lms.kernel.wording import say
from lms.units import changes, services
from lms.units.changes import Decision
from lms.units.forms import (
    CloseForm,
    CreateForm,
    DecisionForm,
    MergeForm,
    MoveForm,
    RenameForm,
    SplitForm,
)
from lms.units.models import Unit
from lms.units.rules import Tree

bp = Blueprint("units", __name__)


def _today() -> date:
    return clock.day_of(clock.now())


def _carry_out(
    page: str, form: DecisionForm, act: Callable[[Decision], Unit], **given: Any
) -> ResponseReturnValue:
    """Do what the form asks, wholly or not at all; show it again where it cannot be."""
    if form.validate():
        decision = Decision(
            form.on.data or _today(),
            form.paper.data or "",
            current_user.id,
            clock.now(),
        )
        try:
            with all_or_nothing():
                changed = act(decision)
        except Refused as refused:
            form.form_errors.append(say(refused.reason))
        else:
            flash(_("Đã ghi thay đổi."), "success")
            return redirect(url_for(".show", unit_id=changed.id), 303)
    return render_template(page, form=form, **given), 422


@bp.get("/units")
@requires(Permission.UNIT_VIEW)
def index() -> ResponseReturnValue:
    typed = request.args.get("on", "")
    try:
        on, wrong = (day_cell()(typed) if typed else _today()), False
    except BadCell:
        on, wrong = _today(), True
    return render_template(
        "units/index.html", tree=services.tree_on(on), on=on, typed=typed, wrong=wrong
    )


@bp.get("/units/<int:unit_id>")
@requires(Permission.UNIT_VIEW, on=Unit)
def show(unit: Unit) -> ResponseReturnValue:
    return render_template(
        "units/unit.html",
        unit=unit,
        tree=services.tree_on(_today()),
        states=services.states_of(unit),
        events=services.events_of(unit),
        successions=services.successions_of(unit),
    )


@bp.get("/units/<int:unit_id>/units/new")
@requires(Permission.UNIT_EDIT, on=Unit)
def new_below(unit: Unit) -> ResponseReturnValue:
    form = CreateForm(data={"on": _today()})
    return render_template("units/create.html", form=form, parent=unit)


@bp.post("/units/<int:unit_id>/units")
@requires(Permission.UNIT_EDIT, on=Unit)
def create_below(unit: Unit) -> ResponseReturnValue:
    return _create(unit)


@bp.get("/units/new")
@requires(Permission.UNIT_EDIT)
def new_top() -> ResponseReturnValue:
    form = CreateForm(data={"on": _today()})
    return render_template("units/create.html", form=form, parent=None)


@bp.post("/units")
@requires(Permission.UNIT_EDIT)
def create_top() -> ResponseReturnValue:
    return _create(None)


def _create(parent: Unit | None) -> ResponseReturnValue:
    form = CreateForm()
    return _carry_out(
        "units/create.html",
        form,
        lambda decision: changes.create(form.described(), parent, decision),
        parent=parent,
    )


@bp.get("/units/<int:unit_id>/rename")
@requires(Permission.UNIT_EDIT, on=Unit)
def ask_name(unit: Unit) -> ResponseReturnValue:
    given = {"on": _today(), "name": unit.name, "kind": unit.kind}
    return render_template("units/rename.html", form=RenameForm(data=given), unit=unit)


@bp.post("/units/<int:unit_id>/rename")
@requires(Permission.UNIT_EDIT, on=Unit)
def rename(unit: Unit) -> ResponseReturnValue:
    form = RenameForm()
    return _carry_out(
        "units/rename.html",
        form,
        lambda decision: changes.rename(unit, form.name.data, form.kind.data, decision),
        unit=unit,
    )


def _units_in(tree: Tree) -> list[Any]:
    """Return every unit of the tree with dashes for its depth, for a select."""
    return choices(
        (node.id, f"{'– ' * depth}{node.name}") for node, depth in tree.walk()
    )


def _move_form(**given: Any) -> MoveForm:
    form = MoveForm(**given)
    top = choices([(0, _("(đứng đầu, không trực thuộc)"))])
    form.parent_id.choices = top + _units_in(services.tree_on(_today()))
    return form


@bp.get("/units/<int:unit_id>/move")
@requires(Permission.UNIT_EDIT, on=Unit)
def ask_place(unit: Unit) -> ResponseReturnValue:
    form = _move_form(data={"on": _today(), "parent_id": unit.parent_id or 0})
    return render_template("units/move.html", form=form, unit=unit)


@bp.post("/units/<int:unit_id>/move")
@requires(Permission.UNIT_EDIT, on=Unit)
def move(unit: Unit) -> ResponseReturnValue:
    form = _move_form()
    return _carry_out(
        "units/move.html",
        form,
        lambda decision: changes.move(
            unit, services.unit_of(form.parent_id.data), decision
        ),
        unit=unit,
    )


@bp.get("/units/<int:unit_id>/close")
@requires(Permission.UNIT_EDIT, on=Unit)
def ask_end(unit: Unit) -> ResponseReturnValue:
    form = CloseForm(data={"on": _today()})
    return render_template("units/close.html", form=form, unit=unit)


@bp.post("/units/<int:unit_id>/close")
@requires(Permission.UNIT_EDIT, on=Unit)
def close(unit: Unit) -> ResponseReturnValue:
    return _carry_out(
        "units/close.html",
        CloseForm(),
        lambda decision: changes.close(unit, decision),
        unit=unit,
    )


def _merge_form(unit: Unit, **given: Any) -> MergeForm:
    form, tree = MergeForm(**given), services.tree_on(_today())
    below = tree.children(unit.id)
    form.source_ids.choices = choices((node.id, node.name) for node in below)
    form.target_id.choices = _units_in(tree)
    return form


@bp.get("/units/<int:unit_id>/merge")
@requires(Permission.UNIT_EDIT, on=Unit)
def ask_merge(unit: Unit) -> ResponseReturnValue:
    form = _merge_form(unit, data={"on": _today(), "into": "new"})
    return render_template("units/merge.html", form=form, unit=unit)


@bp.post("/units/<int:unit_id>/merge")
@requires(Permission.UNIT_EDIT, on=Unit)
def merge(unit: Unit) -> ResponseReturnValue:
    """Merge units below this one, into a new one below it or into any other."""
    form = _merge_form(unit)
    return _carry_out(
        "units/merge.html",
        form,
        lambda decision: changes.merge_units(
            form.source_ids.data or [], form.target(), unit, decision
        ),
        unit=unit,
    )


@bp.get("/units/<int:unit_id>/split")
@requires(Permission.UNIT_EDIT, on=Unit)
def ask_split(unit: Unit) -> ResponseReturnValue:
    form = SplitForm(data={"on": _today()})
    return render_template("units/split.html", form=form, unit=unit)


@bp.post("/units/<int:unit_id>/split")
@requires(Permission.UNIT_EDIT, on=Unit)
def split(unit: Unit) -> ResponseReturnValue:
    form = SplitForm()
    return _carry_out(
        "units/split.html",
        form,
        lambda decision: changes.split_unit(unit, form.described(), decision),
        unit=unit,
    )
