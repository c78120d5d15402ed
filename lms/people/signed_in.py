"""The browser's side of a session: what its cookie holds, and who is behind it.

Both ways of signing in, the local one and that through a provider, begin here.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from flask import current_app, request
from flask import session as cookie
from flask_login import UserMixin, login_user

from lms.kernel import clock
from lms.people import sign_in
from lms.people.models import Account, UserSession
from lms.people.proof import Proof

KEPT = ("language", "shared")
"""What outlives a session in the cookie: taste, and that the machine is shared."""

SEEN_STEP_SECONDS = 30
SignOutElsewhere = Callable[[UserSession], str | None]


class SignedIn(UserMixin):
    """The person behind a request, through one open session."""

    def __init__(self, user_session: UserSession, token: str) -> None:
        # Copied, so that a request that rolls back can still say who asked.
        self.id = user_session.account_id
        self.full_name = user_session.account.full_name
        self.user_session = user_session
        self.proof = user_session.proof
        self._token = token

    def get_id(self) -> str:
        return self._token


def load_signed_in(token: str) -> SignedIn | None:
    """Return who holds this token, for Flask-Login."""
    now = clock.now()
    found = sign_in.live_session(token, now, lives(), seen_at=_seen_at())
    if found is None:
        return None
    if request.method == "POST":
        sign_in.note_seen(found, now)
    if found.shared:
        _note_seen_in_cookie(now)
    return SignedIn(found, token)


def lives() -> sign_in.Lives:
    """Return how long sessions of this installation live."""
    settings = current_app.config
    return sign_in.Lives(
        idle=settings["SESSION_IDLE_LIFE"],
        whole=settings["SESSION_LIFE"],
        shared_idle=settings["SHARED_IDLE_LIFE"],
    )


def _seen_at() -> datetime | None:
    """Return when the cookie says that this browser was last seen.

    Reading writes nothing to the database, and on a shared machine ten minutes of
    reading must not sign anybody out; so the signed cookie carries that clock.
    """
    seen = cookie.get("seen")
    return datetime.fromtimestamp(seen, UTC) if isinstance(seen, int) else None


def _note_seen_in_cookie(now: datetime) -> None:
    moment = int(now.timestamp())
    if moment - cookie.get("seen", 0) >= SEEN_STEP_SECONDS:
        cookie["seen"] = moment


def begin_session(
    account: Account, proof: Proof, now: datetime, *, shared: bool
) -> None:
    """Give the browser a new session: nothing of the one before survives but taste."""
    clear_cookie()
    # Never a remembered one: it ends with the browser.
    cookie.permanent = False
    if shared:
        cookie["shared"] = True
    else:
        cookie.pop("shared", None)
    token = sign_in.open_session(
        account, request.user_agent.string, now, proof, shared=shared
    )
    opened = sign_in.live_session(token, now, lives())
    if opened is None:
        raise RuntimeError("a session that was just opened is not live")
    login_user(SignedIn(opened, token))


def clear_cookie() -> None:
    kept = {name: cookie[name] for name in KEPT if name in cookie}
    cookie.clear()
    cookie.update(kept)


def is_shared_machine() -> bool:
    """Say whether somebody has said that this machine is used by many."""
    return bool(cookie.get("shared")) or "shared" in request.args


def sign_out_elsewhere(user_session: UserSession) -> str | None:
    """Return where the browser must go to sign out there too, or None."""
    ask: SignOutElsewhere = current_app.extensions["sign_out_elsewhere"]
    return ask(user_session)


def step_up_address(**asked: Any) -> str:
    """Return the page that asks for a better proof; the roof says which it is."""
    ask: Callable[..., str] = current_app.extensions["step_up_address"]
    return ask(**asked)
