"""Signing in and out, and the list of one's open sessions."""

from flask import (
    Blueprint,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user, logout_user

from lms.kernel import clock
from lms.kernel.access import public, requires
from lms.kernel.limits import limited
from lms.kernel.links import next_or
from lms.kernel.pages import is_fragment
from lms.kernel.permissions import Permission
from lms.people import services, sign_in
from lms.people.forms import NewPasswordForm, SignInForm
from lms.people.halfway import CODE, NEW_PASSWORD, Halfway, read_halfway, turn_halfway
from lms.people.models import Account, UserSession
from lms.people.proof import PASSWORD, local_proof
from lms.people.rules import SignInRefusal
from lms.people.second_factor import services as second_factor
from lms.people.signed_in import (
    begin_session,
    clear_cookie,
    is_shared_machine,
    lives,
    sign_out_elsewhere,
)

bp = Blueprint("people", __name__)


@bp.get("/sign-in")
@public("a stranger must be able to say who they are")
def show_sign_in() -> ResponseReturnValue:
    if current_user.is_authenticated:
        return redirect(next_or("/"), 303)
    form = SignInForm(shared=is_shared_machine())
    return render_template("people/sign_in.html", form=form, refusal=None)


@bp.post("/sign-in")
@public("a stranger must be able to say who they are")
@limited("120 per minute")  # a whole computer room shares one address
def enter() -> ResponseReturnValue:
    form = SignInForm()
    if not form.validate():
        return render_template("people/sign_in.html", form=form, refusal=None), 422
    now = clock.now()
    found = sign_in.check(
        form.sign_in_name.data or "",
        form.password.data or "",
        request.remote_addr or "",
        now,
    )
    if isinstance(found, SignInRefusal):
        page = render_template("people/sign_in.html", form=form, refusal=found)
        return page, 429 if found is SignInRefusal.TOO_MANY else 422
    note = Halfway(found.id, int(now.timestamp()), next_or("/"), bool(form.shared.data))
    if sign_in.must_change(found):
        return turn_halfway(note, NEW_PASSWORD)
    if _needs_code(found):
        return turn_halfway(note, CODE)
    return open_for(found, note, (PASSWORD,))


def _needs_code(account: Account) -> bool:
    strict = current_app.config["STAFF_SECOND_FACTOR"]
    return second_factor.is_needed(account.id, for_all_staff=strict)


def open_for(
    account: Account, note: Halfway, factors: tuple[str, ...]
) -> ResponseReturnValue:
    """Sign somebody in who has shown all that was asked, and lead on."""
    now = clock.now()
    begin_session(account, local_proof(factors, now), now, shared=note.shared)
    return redirect(note.next, 303)


def halfway(endpoint: str) -> tuple[Account, Halfway] | None:
    """Return whose password was right here a moment ago, if this page is due next."""
    note = read_halfway(endpoint)
    account = services.account_of(note.account_id) if note else None
    return (account, note) if note and account and account.may_sign_in else None


@bp.get("/sign-in/new-password")
@public("shows a field; opens nothing without the password of a card before it")
def ask_password() -> ResponseReturnValue:
    if halfway(NEW_PASSWORD) is None:
        return redirect(url_for(".show_sign_in"), 303)
    return render_template("people/new_password.html", form=NewPasswordForm())


@bp.post("/sign-in/new-password")
@public("takes a new password from somebody who had the one of a card")
@limited("30 per minute")
def choose_password() -> ResponseReturnValue:
    found, form = halfway(NEW_PASSWORD), NewPasswordForm()
    if found is None:
        return redirect(url_for(".show_sign_in"), 303)
    if not form.validate():
        return render_template("people/new_password.html", form=form), 422
    account, note = found
    sign_in.change_password(account, form.password.data or "", clock.now())
    if _needs_code(account):
        return turn_halfway(note, CODE)
    return open_for(account, note, (PASSWORD,))


@bp.post("/sign-out")
@public("ends only the session that asks")
def leave() -> ResponseReturnValue:
    elsewhere = None
    if current_user.is_authenticated:
        elsewhere = sign_out_elsewhere(current_user.user_session)
        sign_in.close_session(current_user.user_session, clock.now())
        logout_user()
    return _left(elsewhere)


def _left(elsewhere: str | None) -> ResponseReturnValue:
    """Forget the browser, and lead it to sign out at its provider if it has one."""
    clear_cookie()
    answer = redirect(elsewhere or "/", 303)
    answer.headers["Clear-Site-Data"] = '"cache"'
    return answer


@bp.get("/account")
@requires(Permission.HOME_VIEW)
def account() -> ResponseReturnValue:
    now = clock.now()
    return render_template(
        "people/account.html",
        account=services.account_of(current_user.id),
        has_factor=second_factor.factor_of(current_user.id) is not None,
        posts=services.posts_of(current_user.id, clock.day_of(now)),
        sessions=sign_in.open_sessions_of(current_user.user_session, now, lives()),
    )


@bp.post("/accounts/<int:account_id>/personal-number")
@requires(Permission.ACCOUNT_REVEAL, on=Account)
@limited("30 per hour")  # who looks up many numbers is asked to slow down
def reveal(account: Account) -> ResponseReturnValue:
    """Show the whole number on one click; the log keeps who looked at whose."""
    number = services.reveal_number(account, current_user.id, clock.now())
    page = "people/_number.html" if is_fragment() else "people/number.html"
    return render_template(page, account=account, number=number)


@bp.post("/sessions/<int:user_session_id>/close")
@requires(Permission.SESSION_CLOSE, on=UserSession)
def close(user_session: UserSession) -> ResponseReturnValue:
    sign_in.close_session(user_session, clock.now())
    flash(_("Đã đăng xuất khỏi thiết bị đó."), "success")
    return redirect(url_for(".account"), 303)


@bp.post("/sessions/close")
@requires(Permission.HOME_VIEW)
def close_all() -> ResponseReturnValue:
    elsewhere = sign_out_elsewhere(current_user.user_session)
    sign_in.close_sessions_of(current_user.id, clock.now())
    logout_user()
    return _left(elsewhere)
