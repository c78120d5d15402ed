"""Pages of banks: the list, one bank with its filters, sharing, near-equal items."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from courses.items.forms import FORMS
from courses.items.forms.banks import (
    BankForm,
    BulkForm,
    CategoryForm,
    ShareForm,
    filter_in,
    ticked_ids,
)
from courses.items.models import BankShare, ItemBank, ItemCategory
from courses.items.rules import BankRefusal, ItemState
from courses.items.services import banks, duplicates, finding, reviewing
from courses.items.views.blueprint import bp
from lms.kernel import clock
from lms.kernel.access import may, requires, scopes_with
from lms.kernel.errors import Refused
from lms.kernel.permissions import Permission

P = Permission


@bp.get("/item-banks")
@requires(P.ITEM_VIEW, anywhere=True)
def show_banks() -> ResponseReturnValue:
    return _banks_page(_bank_form())


@bp.post("/item-banks")
@requires(P.ITEM_EDIT, anywhere=True)
def add_bank() -> ResponseReturnValue:
    form = _bank_form()
    if not form.validate():
        return _banks_page(form), 422
    made = banks.add_bank(
        form.name.data or "", form.scope.data, current_user.id, clock.now()
    )
    flash(_("Đã lập ngân hàng câu hỏi."), "success")
    return redirect(url_for(".show_bank", item_bank_id=made.id), 303)


def _bank_form() -> BankForm:
    form = BankForm()
    form.offer(banks.owners_for(scopes_with(P.ITEM_EDIT)))
    return form


def _banks_page(form: BankForm) -> str:
    found = banks.banks_open_to(scopes_with(P.ITEM_VIEW))
    return render_template(
        "banks/banks.html",
        banks=found,
        owners=banks.owners_of({bank.scope for bank in found}),
        sizes=banks.sizes_of(found),
        given={
            one.bank_id: one.id
            for bank in found
            for one in bank.shares
            if may(P.ITEM_VIEW, one)
        },
        form=form,
    )


@bp.get("/item-banks/<int:item_bank_id>")
@requires(P.ITEM_VIEW, on=ItemBank)
def show_bank(item_bank: ItemBank) -> ResponseReturnValue:
    return _bank_page(item_bank, BulkForm(formdata=None))


def _bank_page(bank: ItemBank, form: BulkForm) -> str:
    wanted = filter_in(request.args, bank.id)
    counts = finding.counts_of(wanted)
    number = request.args.get("page", 1, type=int) or 1
    return render_template(
        "banks/bank.html",
        bank=bank,
        owners=banks.owner_of(bank),
        wanted=wanted,
        page=finding.items_page(wanted, number, total=counts.total),
        counts=counts,
        categories=banks.categories_of(bank),
        kinds=FORMS,
        states=list(ItemState),
        bulk=form,
        editable=may(P.ITEM_EDIT, bank),
        category_form=CategoryForm(formdata=None),
    )


@bp.get("/shared-item-banks/<int:item_bank_share_id>")
@requires(P.ITEM_VIEW, on=BankShare)
def show_shared(item_bank_share: BankShare) -> ResponseReturnValue:
    """Show a bank to whom it was given to draw on: its items and keys, no forms."""
    bank = item_bank_share.bank
    wanted = filter_in(request.args, bank.id)
    return render_template(
        "banks/shared.html",
        bank=bank,
        owners=banks.owner_of(bank),
        wanted=wanted,
        page=finding.items_page(wanted, request.args.get("page", 1, type=int) or 1),
    )


@bp.post("/item-banks/<int:item_bank_id>/changes")
@requires(P.ITEM_EDIT, on=ItemBank)
def change_items(item_bank: ItemBank) -> ResponseReturnValue:
    form = BulkForm()
    if not form.validate():
        return _bank_page(item_bank, form), 422
    found = [one.item for one in finding.newest_of(ticked_ids(request.form))]
    own = [item for item in found if item.bank_id == item_bank.id]
    count = reviewing.change_many(own, form.change(), current_user.id, clock.now())
    flash(_("Đã đổi %(count)d câu hỏi.", count=count), "success")
    return redirect(url_for(".show_bank", item_bank_id=item_bank.id), 303)


@bp.get("/item-banks/<int:item_bank_id>/duplicates")
@requires(P.ITEM_VIEW, on=ItemBank)
def show_duplicates(item_bank: ItemBank) -> ResponseReturnValue:
    return render_template(
        "banks/duplicates.html",
        bank=item_bank,
        owners=banks.owner_of(item_bank),
        found=duplicates.duplicates_in(item_bank),
    )


@bp.get("/item-banks/<int:item_bank_id>/settings")
@requires(P.ITEM_EDIT, on=ItemBank)
def show_settings(item_bank: ItemBank) -> ResponseReturnValue:
    form = ShareForm(formdata=None)
    form.offer(banks.owners_for(scopes_with(P.ITEM_EDIT)))
    return render_template(
        "banks/settings.html",
        bank=item_bank,
        owners=banks.owners_of(
            {item_bank.scope, *(share.scope for share in item_bank.shares)}
        ),
        form=form,
        category_form=CategoryForm(formdata=None),
        categories=banks.categories_of(item_bank),
    )


@bp.post("/item-banks/<int:item_bank_id>/shares")
@requires(P.ITEM_EDIT, on=ItemBank)
def share(item_bank: ItemBank) -> ResponseReturnValue:
    form = ShareForm()
    form.offer(banks.owners_for(scopes_with(P.ITEM_EDIT)))
    if not form.validate():
        abort(422)
    banks.share_bank(item_bank, form.scope.data, current_user.id, clock.now())
    flash(_("Đã cho dùng chung ngân hàng."), "success")
    return redirect(url_for(".show_settings", item_bank_id=item_bank.id), 303)


@bp.post("/item-bank-shares/<int:item_bank_share_id>/delete")
@requires(P.ITEM_EDIT, on=BankShare)
def stop_sharing(item_bank_share: BankShare) -> ResponseReturnValue:
    bank_id = item_bank_share.bank_id
    banks.stop_sharing(item_bank_share, current_user.id, clock.now())
    flash(_("Đã thôi dùng chung. Các đề đã rút câu vẫn giữ câu của mình."), "success")
    return redirect(url_for(".show_settings", item_bank_id=bank_id), 303)


@bp.post("/item-banks/<int:item_bank_id>/categories")
@requires(P.ITEM_EDIT, on=ItemBank)
def add_category(item_bank: ItemBank) -> ResponseReturnValue:
    form = CategoryForm()
    if not form.validate():
        raise Refused(BankRefusal.NO_NAME)
    banks.add_category(item_bank, form.name.data or "")
    flash(_("Đã thêm thư mục."), "success")
    return redirect(url_for(".show_settings", item_bank_id=item_bank.id), 303)


@bp.post("/item-categories/<int:item_category_id>/delete")
@requires(P.ITEM_EDIT, on=ItemCategory)
def remove_category(item_category: ItemCategory) -> ResponseReturnValue:
    bank_id = item_category.bank_id
    banks.remove_category(item_category)
    flash(_("Đã xóa thư mục."), "success")
    return redirect(url_for(".show_settings", item_bank_id=bank_id), 303)
