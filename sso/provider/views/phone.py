"""A page that plays the app on a person's phone, for demonstrations and tests.

It has a cookie of its own, so that it is another device than the browser beside it.
"""

from urllib.parse import urlsplit

from flask import (
    Blueprint,
    Response,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue

from lms.kernel import clock
from sso.provider import courier, identity
from sso.provider.edge import writes
from sso.provider.forms import ApproveForm, PasscodeForm, ScanForm, SignInForm
from sso.provider.models import Person, Phone, QrRequest
from sso.provider.rules.levels import Factor
from sso.provider.rules.places import is_this_machine
from sso.provider.rules.qr import QrRefusal, QrState, state_now
from sso.provider.services import logouts, persons, phones, qr
from sso.provider.services.persons import Typed
from sso.provider.views import answers, browser

bp = Blueprint("phone", __name__, url_prefix="/phone")
COOKIE = "vneid_phone"
DECIDED = (QrState.APPROVED, QrState.USED, QrState.DENIED, QrState.EXPIRED)


def _phone() -> Phone | None:
    return phones.phone_of(request.cookies.get(COOKIE))


@bp.get("")
@writes("shows a phone to whoever holds it")
def home() -> ResponseReturnValue:
    phone = _phone()
    if phone is None:
        return render_template("provider/phone_enrol.html", form=SignInForm())
    return _home(phone)


def _home(phone: Phone, status: int = 200, **given: object) -> ResponseReturnValue:
    number = persons.facts_of(identity.vault(), phone.person).number
    shown = {
        "phone": phone,
        "person": phone.person,
        "masked": f"••••••••{number[-4:]}",
        "scan_form": ScanForm(formdata=None),
        "passcode_form": PasscodeForm(formdata=None),
        "refusal": None,
        "otp": None,
    }
    return render_template("provider/phone_home.html", **shown | given), status


@bp.post("/enrol")
@writes("a stranger must be able to say who they are")
def enrol() -> ResponseReturnValue:
    form, now = SignInForm(), clock.now()
    if not form.validate():
        return render_template("provider/phone_enrol.html", form=form), 422
    typed = Typed(form.number.data or "", form.password.data or "", browser.address())
    found = persons.person_by_password(identity.vault(), typed, now)
    if not isinstance(found, Person):
        page = render_template("provider/phone_enrol.html", form=form, refusal=found)
        return page, 422
    _row, token = phones.enrol(found, now)
    answer = make_response(redirect(url_for(".home"), 303))
    _set_cookie(answer, token)
    return answer


def _set_cookie(answer: Response, token: str) -> None:
    secure = urlsplit(identity.issuer()).scheme == "https"
    answer.set_cookie(
        COOKIE, token, path="/phone", secure=secure, httponly=True, samesite="Lax"
    )


@bp.post("/leave")
@writes("ends only the phone that asks")
def leave() -> ResponseReturnValue:
    phone = _phone()
    if phone is not None:
        phones.leave(phone, clock.now())
    answer = make_response(redirect(url_for(".home"), 303))
    answer.delete_cookie(COOKIE, path="/phone")
    return answer


@bp.post("/otp")
@writes("shows the holder's code after the passcode")
def show_otp() -> ResponseReturnValue:
    phone, form, now = _phone(), PasscodeForm(), clock.now()
    if phone is None:
        return redirect(url_for(".home"), 303)
    if not form.validate():
        return _home(phone, 422, passcode_form=form)
    refusal = phones.passcode_refusal(phone, form.passcode.data or "", now)
    if refusal is not None:
        return _home(phone, 422, passcode_form=form, refusal=refusal)
    return _home(phone, otp=persons.otp_now(identity.vault(), phone.person, now))


@bp.post("/web-sign-in")
@writes("changes only the holder's own setting")
def permit() -> ResponseReturnValue:
    phone = _phone()
    if phone is not None:
        phone.person.web_sign_in = request.form.get("permit") == "yes"
    return redirect(url_for(".home"), 303)


@bp.post("/sign-out-everywhere")
@writes("ends only the holder's own sessions")
def sign_out_everywhere() -> ResponseReturnValue:
    phone = _phone()
    if phone is not None:
        courier.carry(logouts.end_all_of(phone.person_id, clock.now()))
    return redirect(url_for(".home"), 303)


@bp.get("/scan/<code>")
@writes("scans nothing yet: a preview of a link must not")
def arrive(code: str) -> ResponseReturnValue:
    phone = _phone()
    address = f"{identity.issuer()}/phone/scan/{code}"
    if phone is None:
        return render_template("provider/phone_enrol.html", form=SignInForm())
    return render_template("provider/phone_scan.html", address=address, phone=phone)


@bp.post("/scan")
@writes("binds a code to the phone that scans it")
def scan() -> ResponseReturnValue:
    phone, form = _phone(), ScanForm()
    if phone is None:
        return redirect(url_for(".home"), 303)
    if not form.validate():
        return _home(phone, 422, scan_form=form)
    code = _code_in(form.address.data or "")
    found: QrRequest | QrRefusal = QrRefusal.ELSEWHERE
    if code:
        found = qr.scan(code, phone, clock.now())
    if isinstance(found, QrRefusal):
        return _home(phone, 422, scan_form=form, refusal=found)
    return redirect(url_for(".ask", request_id=found.id), 303)


def _code_in(address: str) -> str | None:
    """Return the code that a scanned address holds, if the address is ours."""
    begin = f"{identity.issuer()}/phone/scan/"
    code = address.removeprefix(begin)
    return code if address.startswith(begin) and code.isascii() else None


@bp.get("/requests/<int:request_id>")
@writes("shown to the phone that scanned it")
def ask(request_id: int) -> ResponseReturnValue:
    phone = _phone()
    row = qr.asked_of(phone, request_id) if phone else None
    if phone is None or row is None:
        return redirect(url_for(".home"), 303)
    return _request_page(row, ApproveForm())


def _request_page(
    row: QrRequest,
    form: ApproveForm,
    refusal: QrRefusal | None = None,
) -> ResponseReturnValue:
    state = state_now(row.state, row.made_at, clock.now())
    waiting = row.interaction
    page = render_template(
        "provider/phone_request.html",
        row=row,
        state=state,
        is_decided=state in DECIDED,
        client=waiting.client,
        host=urlsplit(waiting.parameters["redirect_uri"]).netloc,
        fields=answers.told_to(waiting.client, waiting.parameters),
        is_this_machine=is_this_machine(row.address),
        form=form,
        refusal=refusal,
    )
    return page, 422 if refusal or form.errors else 200


@bp.post("/requests/<int:request_id>/approve")
@writes("asks for the passcode and the number on the holder's own screen")
def approve(request_id: int) -> ResponseReturnValue:
    phone, form, now = _phone(), ApproveForm(), clock.now()
    row = qr.asked_of(phone, request_id) if phone else None
    if phone is None or row is None:
        return redirect(url_for(".home"), 303)
    if not form.validate():
        return _request_page(row, form)
    refusal = phones.passcode_refusal(phone, form.passcode.data or "", now)
    if refusal is QrRefusal.PHONE_LOCKED:
        qr.deny(row, now, "phone-locked")
    if refusal is None:
        number = form.number.data or ""
        refusal = qr.approve(row, phone, number, Factor.PASSCODE, now)
    return _request_page(row, form, refusal)


@bp.post("/requests/<int:request_id>/deny")
@writes("only closes what the phone scanned")
def deny(request_id: int) -> ResponseReturnValue:
    phone = _phone()
    row = qr.asked_of(phone, request_id) if phone else None
    if row is not None:
        qr.deny(row, clock.now(), "holder")
        return _request_page(row, ApproveForm(formdata=None))
    return redirect(url_for(".home"), 303)
