"""Signing in and out, and the list of one's open sessions."""

from typing import Any

from flask import (
    Blueprint,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    url_for,
)
from flask import session as cookie
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import UserMixin, current_user, login_user, logout_user

from lms.kernel import clock
from lms.kernel.access import public, requires
from lms.kernel.limits import limited
from lms.kernel.links import next_or
from lms.kernel.pages import is_fragment
from lms.kernel.permissions import Permission
from lms.people import services, sign_in
from lms.people.forms import SignInForm
from lms.people.models import Account, UserSession
from lms.people.rules import SignInRefusal

bp = Blueprint("people", __name__)


class SignedIn(UserMixin):
    """The person behind a request, through one open session."""

    def __init__(self, user_session: UserSession, token: str) -> None:
        # Copied, so that a request that rolls back can still say who asked.
        self.id = user_session.account_id
        self.full_name = user_session.account.full_name
        self.user_session = user_session
        self._token = token

    def get_id(self) -> str:
        return self._token


def load_signed_in(token: str) -> SignedIn | None:
    """Return who holds this token, for Flask-Login."""
    now = clock.now()
    found = sign_in.live_session(token, now, **_lives())
    if found is None:
        return None
    if request.method == "POST":
        sign_in.note_seen(found, now)
    return SignedIn(found, token)


def _lives() -> dict[str, Any]:
    return {
        "idle_life": current_app.config["SESSION_IDLE_LIFE"],
        "life": current_app.config["SESSION_LIFE"],
    }


@bp.get("/sign-in")
@public("a stranger must be able to say who they are")
def show_sign_in() -> ResponseReturnValue:
    if current_user.is_authenticated:
        return redirect(next_or("/"), 303)
    return render_template("people/sign_in.html", form=SignInForm(), refusal=None)


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
    _begin_session(found, now)
    return redirect(next_or("/"), 303)


def _begin_session(account: Any, now: Any) -> None:
    """Give the browser a new session: nothing of the one before survives but taste."""
    language = cookie.get("language")
    cookie.clear()
    if language:
        cookie["language"] = language
    token = sign_in.open_session(account, request.user_agent.string, now)
    opened = sign_in.live_session(token, now, **_lives())
    if opened is None:
        raise RuntimeError("a session that was just opened is not live")
    login_user(SignedIn(opened, token))


@bp.post("/sign-out")
@public("ends only the session that asks")
def leave() -> ResponseReturnValue:
    if current_user.is_authenticated:
        sign_in.close_session(current_user.user_session, clock.now())
        logout_user()
    cookie.clear()
    answer = redirect("/", 303)
    answer.headers["Clear-Site-Data"] = '"cache"'
    return answer


@bp.get("/account")
@requires(Permission.HOME_VIEW)
def account() -> ResponseReturnValue:
    now = clock.now()
    return render_template(
        "people/account.html",
        account=services.account_of(current_user.id),
        posts=services.posts_of(current_user.id, clock.day_of(now)),
        sessions=sign_in.open_sessions_of(current_user.id, now, **_lives()),
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
