"""Signing out: at the provider, and because the provider says so."""

from flask import Blueprint, abort, current_app, request, url_for
from flask.typing import ResponseReturnValue

from lms.kernel import clock, transactions
from lms.kernel.access import public
from lms.kernel.limits import limited
from lms.people.models import UserSession
from sso.relying_party.faults import Distrusted, Unreachable
from sso.relying_party.services import logout
from sso.relying_party.settings import adapter
from sso.relying_party.transport import Exchange

bp = Blueprint("vneid_logout", __name__)


@bp.post("/sign-in/vneid/logout-notices")
@public("the provider cannot sign in; it signs what it says instead")
@limited("600 per minute")
def obey() -> ResponseReturnValue:
    """Back-channel logout: end every session of whom a signed token names."""
    spoken, now = adapter(), clock.now()
    token = request.form.get("logout_token", "")
    if spoken is None or not token:
        abort(400)
    transactions.release()
    try:
        with Exchange(float(current_app.config["VNEID_TIMEOUT"])) as exchange:
            signed = spoken.logout(token, exchange, now)
    except (Distrusted, Unreachable):
        abort(400)
    if not logout.obey(spoken.provider.issuer, signed.claims, now):
        abort(400)
    return "", 200, {"Cache-Control": "no-store"}


def sign_out_address(user_session: UserSession) -> str | None:
    """Return where this browser must sign out as well; None for a local session."""
    spoken = adapter()
    if spoken is None or user_session.issuer != spoken.provider.issuer:
        return None
    back = f"{current_app.config['BASE_URL']}{url_for('people.show_sign_in')}"
    return spoken.sign_out_address(user_session.id_token, back)
