"""The network face of check-in: what ``docs/station.md`` promises to stations."""

import base64
import binascii
from typing import Any

import orjson
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
from flask_login import current_user

from lms.kernel import clock
from lms.kernel.access import public, requires
from lms.kernel.limits import limited
from lms.kernel.permissions import Permission
from lms.kernel.wording import label, say
from sso.chip.agreement import ChipAgreement
from sso.identification import rules, services
from sso.identification.forms import StationForm
from sso.identification.models import Identification, Station
from sso.identification.rules import Finding, StationRefusal
from sso.identification.services import Answer

bp = Blueprint("identification", __name__, template_folder="../templates")
SIGNED = "a station signs what it sends; no person is signed in there"
LARGEST_BODY_BYTES = 640 * 1024
LARGEST_TEXT = 280 * 1024
STATUS = {
    StationRefusal.UNKNOWN: 403,
    StationRefusal.SIGNATURE: 403,
    StationRefusal.UNREADABLE: 400,
    StationRefusal.NOT_EXPECTED: 404,
    StationRefusal.NO_IDENTIFICATION: 404,
}
"""All others are 409: they clash with what was said before."""


@bp.post("/api/checkin/start")
@public(SIGNED)
@limited("240 per minute")
def start() -> ResponseReturnValue:
    heard = _heard()
    if isinstance(heard, StationRefusal):
        return _refused(heard)
    station, said = heard
    number = said.get("number")
    if not (isinstance(number, str) and len(number) == 12 and number.isdigit()):  # noqa: PLR2004
        return _refused(StationRefusal.UNREADABLE)
    sources = current_app.extensions["expected_persons"]
    answer = services.open_identification(station, number, sources, clock.now())
    if answer.refusal or answer.row is None:
        return _refused(answer.refusal or StationRefusal.NOT_EXPECTED)
    challenge = answer.row.challenge or b""
    return {
        "checkin": answer.row.code,
        "challenge": challenge.hex(),
        "files": list(rules.FILES),
    }


@bp.post("/api/checkin/<code>/evidence")
@public(SIGNED)
@limited("240 per minute")
def evidence(code: str) -> ResponseReturnValue:
    heard = _heard_of(code)
    if isinstance(heard, StationRefusal):
        return _refused(heard)
    row, said = heard
    try:
        files = {name: _bytes(said["files"][name]) for name in said["files"]}
        answer = said.get("active_answer")
        active = None if answer is None else _bytes(answer)
        spent = said["milliseconds"]
        note = (str(said["access"])[:4], _ms(spent["read"]), _ms(spent["active"]))
    except (KeyError, TypeError, ValueError, binascii.Error):
        return _refused(StationRefusal.UNREADABLE)
    if not {"SOD"} <= set(files) <= set(rules.FILES):
        return _refused(StationRefusal.UNREADABLE)
    return _told(services.take_evidence(row, files, active, note, clock.now()))


@bp.post("/api/checkin/<code>/chip")
@public(SIGNED)
@limited("240 per minute")
def chip(code: str) -> ResponseReturnValue:
    heard = _heard_of(code)
    if isinstance(heard, StationRefusal):
        return _refused(heard)
    row, said = heard
    try:
        answer = _bytes(said["sealed_answer"])
    except (KeyError, TypeError, ValueError, binascii.Error):
        return _refused(StationRefusal.UNREADABLE)
    return _told(services.take_chip_answer(row, answer, clock.now()))


@bp.get("/stations")
@requires(Permission.STATION_EDIT)
def index() -> ResponseReturnValue:
    return _page(StationForm())


@bp.post("/stations")
@requires(Permission.STATION_EDIT)
def register() -> ResponseReturnValue:
    form = StationForm()
    if not form.validate():
        return _page(form), 422
    services.register(
        form.name.data or "",
        form.room.data or "",
        form.key.data or "",
        current_user.id,
        clock.now(),
    )
    flash(_("Đã đăng ký trạm."), "success")
    return redirect(url_for(".index"), 303)


@bp.post("/stations/<int:station_id>/switch")
@requires(Permission.STATION_EDIT, on=Station)
def switch(station: Station) -> ResponseReturnValue:
    services.switch(station, current_user.id, clock.now())
    flash(_("Đã đổi trạng thái của trạm."), "success")
    return redirect(url_for(".index"), 303)


def _page(form: StationForm) -> str:
    return render_template(
        "identification/stations.html", form=form, stations=services.stations()
    )


def _heard() -> tuple[Station, dict[str, Any]] | StationRefusal:
    """Return who speaks and what they say; nothing unsigned is looked into."""
    body = request.get_data(cache=False)
    if len(body) > LARGEST_BODY_BYTES:
        return StationRefusal.UNREADABLE
    signed = (request.method, request.script_root + request.path, body)
    station = services.station_that_signed(signed, dict(request.headers), clock.now())
    if isinstance(station, StationRefusal):
        return station
    try:
        said = orjson.loads(body)
    except orjson.JSONDecodeError:
        return StationRefusal.UNREADABLE
    return (station, said) if isinstance(said, dict) else StationRefusal.UNREADABLE


def _heard_of(code: str) -> tuple[Identification, dict[str, Any]] | StationRefusal:
    heard = _heard()
    if isinstance(heard, StationRefusal):
        return heard
    station, said = heard
    row = services.identification_called(code[:32], station)
    return (row, said) if row else StationRefusal.NO_IDENTIFICATION


def _told(answer: Answer) -> ResponseReturnValue:
    if answer.refusal or answer.row is None:
        return _refused(answer.refusal or StationRefusal.NO_IDENTIFICATION)
    findings = [label(Finding(word)) for word in answer.row.findings]
    reasons = [label(reason) for reason in answer.reasons]
    return {
        "accepted": answer.accepted,
        "sentences": [label(answer.row.state), *reasons, *findings],
        "relay": _relay(answer.relay) if answer.relay else None,
    }


def _relay(agreement: ChipAgreement) -> dict[str, Any]:
    commands = [command.encode().hex() for command in agreement.commands()]
    return {"commands": commands, "sealed": agreement.probe().hex()}


def _refused(refusal: StationRefusal) -> ResponseReturnValue:
    return {"sentence": say(refusal)}, STATUS.get(refusal, 409)


def _bytes(text: object) -> bytes:
    if not isinstance(text, str) or len(text) > LARGEST_TEXT:
        raise ValueError("not a text of a bearable length")
    return base64.b64decode(text, validate=True)


def _ms(number: object) -> int:
    if not isinstance(number, int) or not 0 <= number < 1 << 31:
        raise ValueError("not a time")
    return number
