"""The pages on which accounts are kept."""

from datetime import date
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from lms.kernel import clock
from lms.kernel.access import grants_of, requires, scopes_with
from lms.kernel.errors import Refused
from lms.kernel.forms import choices
from lms.kernel.permissions import Permission, Role
from lms.kernel.transactions import all_or_nothing
from lms.kernel.wording import label, say
from lms.people import services as people
from lms.people.administration import services
from lms.people.administration.forms import GrantForm, LockForm, PostForm
from lms.people.administration.rules import roles_to_give
from lms.people.administration.services import Giver
from lms.people.models import Account, AccountState, Post, RoleGrant
from lms.people.rules import PostRefusal
from lms.people.second_factor.services import factor_of
from lms.units.services import tree_on, unit_of

bp = Blueprint("accounts", __name__)


def _today() -> date:
    return clock.day_of(clock.now())


def _giver() -> Giver:
    return Giver(current_user.id, grants_of(current_user.id), clock.now())


@bp.get("/accounts")
@requires(Permission.ACCOUNT_EDIT, anywhere=True)
def index() -> ResponseReturnValue:
    words = request.args.get("q", "")[:100]
    kind = request.args.get("state", "")
    state = AccountState(kind) if kind in [*AccountState] else None
    page = services.accounts_page(
        words,
        state,
        scopes_with(Permission.ACCOUNT_EDIT),
        request.args.get("page", 1, int),
    )
    return render_template(
        "people/accounts.html",
        page=page,
        words=words,
        state=state,
        states=[*AccountState],
        today=_today(),
    )


def _grant_form() -> GrantForm:
    form = GrantForm()
    grants = grants_of(current_user.id)
    form.role.choices = choices(
        (role.value, label(role)) for role in roles_to_give(grants)
    )
    form.unit_id.choices = _units([(0, _("Toàn hệ thống"))])
    return form


def _units(first: list[tuple[int, Any]]) -> list[Any]:
    tree = tree_on(_today())
    rest = [(node.id, f"{'– ' * depth}{node.name}") for node, depth in tree.walk()]
    return choices([*first, *rest])


def _post_form(**given: Any) -> PostForm:
    form = PostForm(**given)
    form.unit_id.choices = _units([])
    return form


def _page(account: Account, **forms: Any) -> str:
    grants = services.grants_given(account)
    return render_template(
        "people/keep_account.html",
        account=account,
        posts=services.all_posts_of(account),
        today=_today(),
        grants=grants,
        units=services.units_named(grants),
        has_factor=factor_of(account.id) is not None,
        **(
            {
                "grant_form": _grant_form(),
                "lock_form": LockForm(),
                "post_form": _post_form(
                    formdata=None,
                    data={"unit_id": account.unit_id, "from_on": _today()},
                ),
            }
            | forms
        ),
    )


def _back(account: Account) -> ResponseReturnValue:
    flash(_("Đã ghi thay đổi."), "success")
    return redirect(url_for(".show", account_id=account.id), 303)


@bp.get("/accounts/<int:account_id>")
@requires(Permission.ACCOUNT_EDIT, on=Account)
def show(account: Account) -> ResponseReturnValue:
    return _page(account)


@bp.post("/accounts/<int:account_id>/grants")
@requires(Permission.ACCOUNT_EDIT, on=Account)
def give(account: Account) -> ResponseReturnValue:
    form = _grant_form()
    if not form.validate():
        return _page(account, grant_form=form), 422
    try:
        services.give_role(account, Role(form.role.data), form.unit_id.data, _giver())
    except Refused as refused:
        form.form_errors.append(say(refused.reason))
        return _page(account, grant_form=form), 422
    return _back(account)


@bp.post("/role-grants/<int:role_grant_id>/take")
@requires(Permission.ACCOUNT_EDIT, on=RoleGrant)
def take(role_grant: RoleGrant) -> ResponseReturnValue:
    account = people.account_of(role_grant.account_id)
    services.take_role(role_grant, _giver())
    return _back(account)


@bp.post("/accounts/<int:account_id>/posts")
@requires(Permission.ACCOUNT_EDIT, on=Account)
def give_post(account: Account) -> ResponseReturnValue:
    form = _post_form()
    if not form.validate() or form.from_on.data is None:
        return _page(account, post_form=form), 422
    give = people.give_primary_post if form.is_primary.data else people.give_post
    unit = unit_of(form.unit_id.data)
    try:
        with all_or_nothing():
            if unit is None:
                raise Refused(PostRefusal.UNIT_NOT_OPEN)
            give(account, unit, form.title.data, form.from_on.data, form.to_on.data)
    except Refused as refused:
        form.form_errors.append(say(refused.reason))
        return _page(account, post_form=form), 422
    return _back(account)


@bp.post("/posts/<int:post_id>/end")
@requires(Permission.ACCOUNT_EDIT, on=Post)
def end_post(post: Post) -> ResponseReturnValue:
    people.end_post(post, _today(), current_user.id, clock.now())
    return _back(people.account_of(post.account_id))


@bp.post("/accounts/<int:account_id>/lock")
@requires(Permission.ACCOUNT_EDIT, on=Account)
def lock(account: Account) -> ResponseReturnValue:
    form = LockForm()
    if not form.validate():
        return _page(account, lock_form=form), 422
    services.lock(account, form.reason.data, _giver())
    return _back(account)


@bp.post("/accounts/<int:account_id>/unlock")
@requires(Permission.ACCOUNT_EDIT, on=Account)
def unlock(account: Account) -> ResponseReturnValue:
    services.unlock(account, _giver())
    return _back(account)


@bp.post("/accounts/<int:account_id>/password-card")
@requires(Permission.ACCOUNT_EDIT, on=Account)
def card(account: Account) -> ResponseReturnValue:
    """Show a card once, to print; it cannot be read again."""
    made = services.password_card(account, _giver())
    return render_template("people/password_card.html", cards=[made], account=account)


@bp.post("/accounts/<int:account_id>/second-factor/remove")
@requires(Permission.ACCOUNT_EDIT, on=Account)
def reset_factor(account: Account) -> ResponseReturnValue:
    services.reset_factor(account, _giver())
    return _back(account)
