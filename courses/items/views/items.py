"""Pages of one item: as a learner sees it, its key, its versions; its review."""

from dataclasses import replace
from decimal import Decimal
from types import SimpleNamespace

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from courses.items.forms import FORMS, ItemForm
from courses.items.forms.banks import NotesForm, ReviewForm
from courses.items.models import Item, ItemBank
from courses.items.rules import About, ItemEvent
from courses.items.services import banks, items, reviewing
from courses.items.views.blueprint import bp
from courses.items.views.shown import uses_of
from lms.kernel import clock
from lms.kernel.access import requires
from lms.kernel.permissions import Permission

P = Permission


@bp.get("/item-banks/<int:item_bank_id>/items/new")
@requires(P.ITEM_EDIT, on=ItemBank)
def new(item_bank: ItemBank) -> ResponseReturnValue:
    return _edit_page(item_bank, _new_form(), NotesForm(formdata=None))


@bp.post("/item-banks/<int:item_bank_id>/items")
@requires(P.ITEM_EDIT, on=ItemBank)
def add(item_bank: ItemBank) -> ResponseReturnValue:
    form, notes = _new_form(), NotesForm()
    if not (form.validate() & notes.validate()):
        return _edit_page(item_bank, form, notes), 422
    about = notes.about(About(points=form.points.data))
    version = items.add_item(
        item_bank, form.spec(), current_user.id, clock.now(), about
    )
    flash(_("Đã thêm câu hỏi."), "success")
    return redirect(url_for(".show", item_id=version.item_id), 303)


def _new_form() -> ItemForm:
    """Make the form of the kind that the address asks for; 404 for another word."""
    kind = request.args.get("kind", "")
    if kind not in FORMS:
        abort(404)
    return FORMS[kind]()


@bp.get("/items/<int:item_id>")
@requires(P.ITEM_VIEW, on=Item)
def show(item: Item) -> ResponseReturnValue:
    versions, reviews = items.versions_of(item), items.reviews_of(item)
    question = versions[0].read()
    asked = question.shuffled(question.option_ids)
    return render_template(
        "banks/item.html",
        item=item,
        bank=item.bank,
        owners=banks.owner_of(item.bank),
        versions=versions,
        reviews=reviews,
        one=SimpleNamespace(item=asked, place=_place(item)),
        uses=uses_of(item.id),
        names=items.names_of(
            {one.created_by_id for one in versions} | {one.actor_id for one in reviews}
        ),
        form=ReviewForm(formdata=None),
    )


def _place(item: Item) -> SimpleNamespace:
    """Stand in for a place of an attempt: nothing is answered, nothing is kept."""
    return SimpleNamespace(
        position=1, value=None, points=item.points, sequence=0, flagged=False
    )


@bp.get("/items/<int:item_id>/edit")
@requires(P.ITEM_EDIT, on=Item)
def edit(item: Item) -> ResponseReturnValue:
    form, notes = FORMS[item.kind](), NotesForm(formdata=None)
    form.fill(items.newest_version(item).read(), Decimal(item.points))
    notes.fill(items.about_of(item))
    return _edit_page(item.bank, form, notes, item)


@bp.post("/items/<int:item_id>/edit")
@requires(P.ITEM_EDIT, on=Item)
def save(item: Item) -> ResponseReturnValue:
    form, notes = FORMS[item.kind](), NotesForm()
    form.keep(items.newest_version(item).spec)
    if not (form.validate() & notes.validate()):
        return _edit_page(item.bank, form, notes, item), 422
    items.edit_item(item, form.spec(), current_user.id, clock.now())
    before = items.about_of(item)
    about = notes.about(replace(before, points=form.points.data))
    if about != before:
        items.describe_item(item, about)
    flash(_("Đã lưu câu hỏi."), "success")
    return redirect(url_for(".show", item_id=item.id), 303)


def _edit_page(
    bank: ItemBank, form: ItemForm, notes: NotesForm, item: Item | None = None
) -> str:
    return render_template(
        "banks/edit.html",
        bank=bank,
        owners=banks.owner_of(bank),
        form=form,
        notes=notes,
        item=item,
    )


@bp.post("/items/<int:item_id>/reviews")
@requires(P.ITEM_REVIEW, on=Item)
def review(item: Item) -> ResponseReturnValue:
    form = ReviewForm()
    if not form.validate():
        abort(422)
    word = request.form.get("version_id", "")
    version_id = int(word) if word.isascii() and word.isdigit() else 0
    reviewing.judge(
        item,
        version_id,
        ItemEvent(form.event.data),
        current_user.id,
        clock.now(),
        form.note.data or "",
    )
    flash(_("Đã ghi kết luận."), "success")
    return redirect(url_for(".show", item_id=item.id), 303)


@bp.post("/items/<int:item_id>/retire")
@requires(P.ITEM_EDIT, on=Item)
def retire(item: Item) -> ResponseReturnValue:
    reviewing.retire(item, current_user.id, clock.now())
    flash(_("Câu hỏi đã ngừng dùng: đề mới không rút câu này nữa."), "success")
    return redirect(url_for(".show", item_id=item.id), 303)


@bp.post("/items/<int:item_id>/restore")
@requires(P.ITEM_EDIT, on=Item)
def restore(item: Item) -> ResponseReturnValue:
    reviewing.restore(item, current_user.id, clock.now())
    flash(_("Câu hỏi được dùng lại, ở trạng thái chưa duyệt."), "success")
    return redirect(url_for(".show", item_id=item.id), 303)
