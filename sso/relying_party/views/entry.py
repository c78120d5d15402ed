"""To the provider and back: signing in, and proving oneself anew."""

import secrets
from typing import Any

import structlog
from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    redirect,
    render_template,
    request,
    url_for,
)
from flask import session as cookie
from flask.typing import ResponseReturnValue
from flask_login import current_user

from lms.kernel import clock, headers, transactions
from lms.kernel.access import public, requires
from lms.kernel.limits import limited
from lms.kernel.links import next_or, stays_here
from lms.kernel.permissions import Permission
from lms.people.proof import NOTHING, Demand, Shortfall, shortfall
from lms.people.sign_in import close_session
from lms.people.signed_in import begin_session, is_shared_machine
from sso.relying_party.adapters.code_flow import Asked, CodeFlow
from sso.relying_party.faults import Distrusted, Unreachable
from sso.relying_party.forms import EnterForm
from sso.relying_party.rules.identity import VerifiedIdentity
from sso.relying_party.rules.linking import EntryRefusal
from sso.relying_party.rules.provider import Profile
from sso.relying_party.services import linking, requests
from sso.relying_party.services.linking import Entry
from sso.relying_party.services.requests import Browser, Pending, Wanted
from sso.relying_party.settings import adapter
from sso.relying_party.transport import Exchange

bp = Blueprint("vneid", __name__, template_folder="../../templates")
log = structlog.get_logger("vneid")

BROWSER = "vneid_browser"
ACR_NAMES = {1: "LoA1", 2: "LoA2", 3: "LoA3", 4: "LoA4"}
STATUSES = {
    EntryRefusal.STALE: 400,
    EntryRefusal.UNREACHABLE: 503,
    EntryRefusal.PROVIDER_ERROR: 502,
    EntryRefusal.UNTRUSTED: 502,
}


@bp.after_app_request
def _let_forms_lead_there(response: Response) -> Response:
    """Signing in and out are forms of ours that end at the provider by redirect."""
    found = adapter()
    for origin in found.provider.origins if found else ():
        headers.allow("form-action", origin)
    return response


@bp.app_context_processor
def _offer() -> dict[str, Any]:
    """Tell the pages of the front door that there is this way in."""
    offered = adapter() is not None
    return {"provider_entry": url_for("vneid.start") if offered else None}


@bp.post("/sign-in/vneid")
@public("a stranger must be able to say who they are")
@limited("120 per minute")
def start() -> ResponseReturnValue:
    spoken = _spoken()
    form = EnterForm()
    if not form.validate():
        abort(400)
    demand = form.demand
    shared = bool(form.shared.data)
    signed_in = current_user.id if current_user.is_authenticated else None
    if signed_in is not None and demand == NOTHING:
        return redirect(next_or("/"), 303)
    wanted = Wanted(
        next_path=next_or("/")[:1000],
        shared=shared or (signed_in is not None and current_user.user_session.shared),
        account_id=signed_in,
        demand=demand,
    )
    transactions.release()
    try:
        with _exchange() as exchange:
            # Before the database is written: the provider may be slow to say.
            spoken.directory.metadata(exchange)
            address = _address(spoken, wanted, exchange)
    except (Distrusted, Unreachable) as problem:
        return _turned_back(_note(problem))
    return redirect(address, 303)


def _spoken() -> CodeFlow:
    found = adapter()
    if found is None:
        abort(404)
    return found


def _exchange() -> Exchange:
    return Exchange(float(current_app.config["VNEID_TIMEOUT"]))


def _address(spoken: CodeFlow, wanted: Wanted, exchange: Exchange) -> str:
    state = requests.open_request(wanted, _browser(), clock.now())
    pending = requests.pending(wanted, _browser(), state)
    return spoken.sign_in_address(_asked(state, pending), exchange)


def _browser() -> Browser:
    """Return this browser's secret; its signed cookie keeps it until somebody is in."""
    secret = cookie.get(BROWSER)
    if not isinstance(secret, str):
        secret = cookie[BROWSER] = secrets.token_urlsafe(32)
    return Browser(secret, current_app.config["SECRET_KEY"])


def _asked(state: str, pending: Pending) -> Asked:
    demand, anew = pending.wanted.demand, pending.wanted.account_id is not None
    return Asked(
        state=state,
        nonce=pending.nonce,
        verifier=pending.verifier,
        redirect_uri=f"{current_app.config['BASE_URL']}{url_for('.come_back')}",
        prompt="login" if anew or pending.wanted.shared else "",
        acr_values=ACR_NAMES[demand.acr] if demand.acr > 1 else "",
        max_age=demand.max_age if anew else None,
    )


@bp.get("/sign-in/vneid/callback")
@public("what is brought back is checked before it opens anything")
@transactions.keeps("the provider sends people back by GET, with a state used once")
@limited("120 per minute")
def come_back() -> ResponseReturnValue:
    spoken = _spoken()
    answer = _answer()
    now = clock.now()
    state = answer.get("state", "")
    pending = requests.take_request(state, _browser(), now) if state else None
    if pending is None:
        return _turned_back(EntryRefusal.STALE)
    # Nothing is held while the provider is asked: one that is slow stops nobody else.
    transactions.release()
    identity = _identity(spoken, answer, _asked(state, pending))
    if isinstance(identity, EntryRefusal):
        return _turned_back(identity, pending)
    return _let_in(identity, spoken.provider.profile, pending)


def _answer() -> dict[str, str]:
    """Return the parameters of the address; one that is said twice is not said."""
    return {
        name: values[0]
        for name, values in request.args.lists()
        if len(values) == 1 and values[0].isprintable()
    }


def _identity(
    spoken: CodeFlow, answer: dict[str, str], asked: Asked
) -> VerifiedIdentity | EntryRefusal:
    if "error" in answer:
        denied = answer["error"] == "access_denied"
        return EntryRefusal.DENIED if denied else EntryRefusal.PROVIDER_ERROR
    if not answer.get("code"):
        return EntryRefusal.STALE
    try:
        with _exchange() as exchange:
            return spoken.identity(answer, asked, exchange, clock.now())
    except (Distrusted, Unreachable) as problem:
        return _note(problem)


def _note(problem: Distrusted | Unreachable) -> EntryRefusal:
    """Write one line for the operator, without anything that the provider said."""
    if isinstance(problem, Distrusted):
        log.warning("answer-distrusted", fault=problem.fault.value)
        return EntryRefusal.UNTRUSTED
    log.warning("provider-unreachable", why=str(problem))
    return EntryRefusal.UNREACHABLE


def _let_in(
    identity: VerifiedIdentity, profile: Profile, pending: Pending
) -> ResponseReturnValue:
    now, wanted = clock.now(), pending.wanted
    if profile is Profile.ENVELOPE:
        log.info("envelope-relies-on", what="TLS, state and code; nothing is signed")
    found = linking.enter(identity, profile, now)
    if isinstance(found, EntryRefusal):
        return _turned_back(found, pending)
    if wanted.account_id not in (None, found.account.id):
        return _turned_back(EntryRefusal.OTHER_PERSON, pending)
    if lacking := shortfall(found.proof, wanted.demand, now):
        return _turned_back(lacking, pending)
    _open(found, wanted.shared)
    goal = wanted.next_path if stays_here(wanted.next_path) else "/"
    return redirect(goal, 303)


def _open(found: Entry, shared: bool) -> None:
    now = clock.now()
    if current_user.is_authenticated:
        close_session(current_user.user_session, now)
    begin_session(found.account, found.proof, now, shared=shared)


def _turned_back(
    reason: EntryRefusal | Shortfall, pending: Pending | None = None
) -> ResponseReturnValue:
    page = render_template(
        "relying_party/turned_back.html",
        reason=reason,
        next_path=pending.wanted.next_path if pending else "/",
        shared=pending.wanted.shared if pending else is_shared_machine(),
        demand=pending.wanted.demand if pending else NOTHING,
    )
    status = STATUSES.get(reason, 403) if isinstance(reason, EntryRefusal) else 403
    return page, status


@bp.get("/step-up")
@requires(Permission.HOME_VIEW)
def step_up() -> ResponseReturnValue:
    """Say what the page behind this one demands, and how to meet it."""
    form = EnterForm(request.args, meta={"csrf": False})
    if not form.validate():
        abort(400)
    return render_template(
        "relying_party/step_up.html",
        demand=form.demand,
        lacking=shortfall(current_user.proof, form.demand, clock.now()),
        next_path=next_or("/"),
        form=form,
    )


def step_up_address(demand: Demand, wanted: str) -> str:
    """Return the address of :func:`step_up`, for the guard ``@proven``."""
    age = demand.max_age
    return url_for(
        "vneid.step_up",
        muc=demand.muc or None,
        acr=demand.acr if demand.acr > 1 else None,
        age=None if age is None else int(age.total_seconds()),
        here="1" if demand.same_device else None,
        next=wanted or None,
    )
