"""The QR code in the browser that signs in: shown, waited for, and taken."""

import segno
from flask import Blueprint, jsonify, redirect, render_template, request, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue

from lms.kernel import clock
from sso.provider import identity
from sso.provider.edge import writes
from sso.provider.models import QrRequest
from sso.provider.rules.places import device_of
from sso.provider.rules.qr import QR_LIFE, QrState, state_now
from sso.provider.services import consents, qr
from sso.provider.services.qr import Place
from sso.provider.views import answers, browser, sign_in

bp = Blueprint("qr", __name__)


@bp.post("/interactions/<token>/qr")
@writes("open to the browser alone in which the request began")
def show(token: str) -> ResponseReturnValue:
    found, now = sign_in.waiting(token), clock.now()
    if found is None:
        return answers.begin_again()
    place = Place(browser.address(), device_of(request.user_agent.string))
    _row, cookie["qr"] = qr.show(found, browser.mark(), place, now)
    return redirect(url_for(".wait", token=token), 303)


@bp.get("/interactions/<token>/qr")
@writes("open to the browser alone in which the request began")
def wait(token: str) -> ResponseReturnValue:
    found, now = sign_in.waiting(token), clock.now()
    row = _shown_here()
    if found is None or row is None or row.interaction_id != found.id:
        return answers.begin_again()
    state = state_now(row.state, row.made_at, now)
    left = QR_LIFE - (now - row.made_at)
    return render_template(
        "provider/qr.html",
        token=token,
        client=found.client,
        host=sign_in.host_of(found),
        row=row,
        state=state,
        is_open=state in (QrState.WAITING, QrState.SCANNED, QrState.APPROVED),
        seconds_left=max(0, int(left.total_seconds())),
        scan_address=_scan_address(),
        picture=_picture(),
    )


@bp.post("/interactions/<token>/qr/state")
@writes("tells only the browser that shows the code")
def tell(token: str) -> ResponseReturnValue:
    found, row = sign_in.waiting(token), _shown_here()
    if found is None or row is None or row.interaction_id != found.id:
        return jsonify(state=QrState.EXPIRED.value), 410
    state = qr.poll(row, clock.now())
    if state is None:
        return jsonify(error="slow_down"), 429
    return jsonify(state=state.value)


@bp.post("/interactions/<token>/qr/finish")
@writes("lets in only the browser that shows the code, once a phone has approved")
def finish(token: str) -> ResponseReturnValue:
    found, row, now = sign_in.waiting(token), _shown_here(), clock.now()
    if found is None or row is None or row.interaction_id != found.id:
        return answers.begin_again()
    approved = qr.use(row, now)
    if approved is None:
        return redirect(url_for(".wait", token=token), 303)
    phone, factors = approved
    # The phone named the fields, and its holder agreed to them there.
    told = answers.told_to(found.client, found.parameters)
    consents.give(phone.person, found.client, told, now)
    session = browser.sign_in(phone.person, list(factors), now)
    return sign_in.go_on(found, token, session, now)


def _shown_here() -> QrRequest | None:
    return qr.shown(cookie.get("qr"), browser.known_mark())


def _scan_address() -> str:
    return f"{identity.issuer()}/phone/scan/{cookie['qr']}"


def _picture() -> str:
    """Return the code as an image that needs no inline style."""
    made = segno.make(_scan_address(), error="m", micro=False)
    return str(made.svg_data_uri(border=2, dark="#04211d", light="#fff"))
