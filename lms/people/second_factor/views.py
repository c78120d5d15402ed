"""The second half of signing in, and enrolling for it."""

import segno
from flask import (
    Blueprint,
    current_app,
    flash,
    redirect,
    render_template,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from lms.kernel import clock
from lms.kernel.access import public, requires
from lms.kernel.limits import limited
from lms.kernel.permissions import Permission
from lms.people.halfway import CODE
from lms.people.models import Account
from lms.people.proof import OTP, PASSWORD
from lms.people.second_factor import services
from lms.people.second_factor.forms import CodeForm
from lms.people.second_factor.rules import FactorRefusal
from lms.people.services import account_of
from lms.people.views import halfway, open_for

bp = Blueprint("second_factor", __name__)


def _ask_for_password() -> ResponseReturnValue:
    flash(_("Đã quá thời gian chờ mã. Hãy đăng nhập lại."), "info")
    return redirect(url_for("people.show_sign_in"), 303)


@bp.get("/sign-in/code")
@public("shows a field for a code; opens nothing without the password before it")
def ask() -> ResponseReturnValue:
    found = halfway(CODE)
    if found is None:
        return _ask_for_password()
    if services.factor_of(found[0].id) is None:
        return redirect(url_for(".enrol"), 303)
    return render_template("people/second_factor.html", form=CodeForm(), refusal=None)


@bp.post("/sign-in/code")
@public("takes a code; opens nothing without the password before it")
@limited("60 per minute")
def enter() -> ResponseReturnValue:
    found, form = halfway(CODE), CodeForm()
    if found is None:
        return _ask_for_password()
    account, note = found
    page = "people/second_factor.html"
    if not form.validate():
        return render_template(page, form=form, refusal=None), 422
    refusal = services.check(account.id, form.code.data or "", clock.now())
    if refusal:
        return render_template(page, form=form, refusal=refusal), _status(refusal)
    return open_for(account, note, (PASSWORD, OTP))


def _status(refusal: FactorRefusal) -> int:
    return 429 if refusal is FactorRefusal.TOO_MANY else 422


def _enrolling() -> Account | None:
    """Return who may enrol now: somebody halfway in, or signed in."""
    if current_user.is_authenticated:
        return account_of(current_user.id)
    found = halfway(CODE)
    return found[0] if found else None


def _enrol_page(account: Account, form: CodeForm, refusal: FactorRefusal | None) -> str:
    factor = services.begin(account.id)
    uri = services.address_for_app(factor, account, current_app.config["SITE_NAME"])
    return render_template(
        "people/enrol_factor.html",
        form=form,
        refusal=refusal,
        secret=factor.secret,
        picture=segno.make(uri, error="m").svg_data_uri(scale=5, border=3),
        is_halfway=not current_user.is_authenticated,
    )


@bp.get("/sign-in/enrol")
@public("tells how to enrol; shows no secret before it is asked for by a form")
def enrol() -> ResponseReturnValue:
    account = _enrolling()
    if account is None:
        return _ask_for_password()
    if services.factor_of(account.id):
        return redirect(
            url_for(".ask") if halfway(CODE) else url_for("people.account"), 303
        )
    return render_template("people/begin_factor.html")


@bp.post("/sign-in/enrol")
@public("gives its secret to somebody whose password was right, and to nobody else")
@limited("30 per minute")
def begin() -> ResponseReturnValue:
    account = _enrolling()
    if account is None:
        return _ask_for_password()
    if services.factor_of(account.id):
        return redirect(url_for(".enrol"), 303)
    return _enrol_page(account, CodeForm(), None)


@bp.post("/sign-in/enrol/confirm")
@public("takes the first code from somebody whose password was right")
@limited("60 per minute")
def confirm() -> ResponseReturnValue:
    account, form = _enrolling(), CodeForm()
    if account is None:
        return _ask_for_password()
    if services.factor_of(account.id):
        return redirect(url_for(".enrol"), 303)
    if not form.validate():
        return _enrol_page(account, form, None), 422
    found = services.confirm(account.id, form.code.data or "", clock.now())
    if isinstance(found, FactorRefusal):
        return _enrol_page(account, form, found), _status(found)
    waiting = None if current_user.is_authenticated else halfway(CODE)
    if waiting:
        open_for(*waiting, (PASSWORD, OTP))
    return render_template("people/recovery_codes.html", codes=found)


@bp.post("/account/recovery-codes")
@requires(Permission.HOME_VIEW)
def new_codes() -> ResponseReturnValue:
    if services.factor_of(current_user.id) is None:
        return redirect(url_for(".enrol"), 303)
    codes = services.new_recovery_codes(current_user.id, clock.now())
    return render_template("people/recovery_codes.html", codes=codes)
