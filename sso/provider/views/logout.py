"""Signing out (OpenID Connect RP-Initiated Logout 1.0)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue

from lms.kernel import clock
from sso.provider import courier, identity, server
from sso.provider.edge import writes
from sso.provider.models import Client, SignInSession
from sso.provider.services import clients, keys, logouts
from sso.provider.views import browser

bp = Blueprint("logout", __name__)


class BadLogout(Exception):
    """A request to sign out that is wrong in itself: nobody is signed out by it."""


@dataclass(frozen=True, slots=True)
class Wanted:
    client: Client | None
    sid: str | None
    """The session that a verified hint names; none without a hint."""
    back: str | None
    state: str | None


@bp.route("/logout", methods=["GET", "POST"])
@writes("ends a session by its client's own hint, or asks its person")
def end_session() -> ResponseReturnValue:
    now = clock.now()
    session = browser.session_here(now)
    try:
        wanted = read(request.args if request.method == "GET" else request.form)
    except BadLogout:
        page = render_template("provider/bad_request.html", word="invalid_request")
        return page, 400
    if session is None:
        return _gone(wanted)
    if wanted.client and wanted.sid == _sid(wanted.client, session):
        return _end(session, wanted, now)
    return render_template("provider/logout.html", wanted=wanted)


@bp.post("/logout/confirm")
@writes("ends only the session of the browser that asks")
def confirm() -> ResponseReturnValue:
    now = clock.now()
    session = browser.session_here(now)
    try:
        wanted = read(request.form)
    except BadLogout:
        page = render_template("provider/bad_request.html", word="invalid_request")
        return page, 400
    return _gone(wanted) if session is None else _end(session, wanted, now)


def read(sent: Mapping[str, Any]) -> Wanted:
    """Read a request to sign out, or raise BadLogout."""
    client_id, sid = sent.get("client_id"), None
    if hint := sent.get("id_token_hint"):
        claims = keys.read_own(hint)
        if claims is None or (client_id and claims.get("aud") != client_id):
            raise BadLogout
        client_id, sid = claims["aud"], claims.get("sid")
    client = clients.client_called(client_id) if client_id else None
    back = sent.get("post_logout_redirect_uri") or None
    if back and (client is None or back not in client.post_logout_redirect_uris):
        raise BadLogout
    return Wanted(client, sid, back, sent.get("state"))


def _sid(client: Client, session: SignInSession) -> str:
    return identity.vault().sid(client.client_id, session.id)


def _end(session: SignInSession, wanted: Wanted, now: datetime) -> ResponseReturnValue:
    """End it, and let its clients hear of it before the browser comes to them."""
    courier.carry(logouts.end(session, now))
    browser.forget()
    return _gone(wanted)


def _gone(wanted: Wanted) -> ResponseReturnValue:
    if wanted.back:
        return redirect(server.with_state(wanted.back, wanted.state), 303)
    return render_template("provider/logged_out.html")
