"""The endpoints that clients speak to, and the one they send browsers to."""

from collections.abc import Mapping

from flask import (
    Blueprint,
    Response,
    abort,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue

from lms.kernel import clock
from lms.kernel.access import public
from sso.provider import envelope, identity, server
from sso.provider.edge import writes
from sso.provider.models import AccessToken, Client, ClientAuth
from sso.provider.rules.fields import SCOPES, Profile, claims_told
from sso.provider.rules.levels import HIGHEST, LOWEST, Factor, acr_of
from sso.provider.rules.lives import JWKS_CACHE
from sso.provider.rules.steps import SILENT_ERRORS, Asked, Step
from sso.provider.services import codes, interactions, keys, persons
from sso.provider.views import answers, browser

bp = Blueprint("protocol", __name__)
FORM = "application/x-www-form-urlencoded"
CLIENT_METHODS = [method.value for method in ClientAuth]


@bp.get("/.well-known/openid-configuration")
@public("tells clients where everything is")
def discovery() -> ResponseReturnValue:
    def at(path: str) -> str:
        return identity.issuer() + path

    return jsonify(
        issuer=identity.issuer(),
        authorization_endpoint=at("/authorize"),
        token_endpoint=at("/token"),
        userinfo_endpoint=at("/userinfo"),
        jwks_uri=at("/jwks"),
        end_session_endpoint=at("/logout"),
        backchannel_logout_supported=True,
        backchannel_logout_session_supported=True,
        introspection_endpoint=at("/introspect"),
        revocation_endpoint=at("/revoke"),
        scopes_supported=list(SCOPES),
        response_types_supported=["code"],
        response_modes_supported=["query"],
        grant_types_supported=["authorization_code"],
        subject_types_supported=["pairwise"],
        id_token_signing_alg_values_supported=[keys.ALGORITHM],
        token_endpoint_auth_methods_supported=CLIENT_METHODS,
        token_endpoint_auth_signing_alg_values_supported=["RS256", "ES256"],
        introspection_endpoint_auth_methods_supported=CLIENT_METHODS,
        revocation_endpoint_auth_methods_supported=CLIENT_METHODS,
        code_challenge_methods_supported=["S256"],
        acr_values_supported=[acr_of(n) for n in range(LOWEST, HIGHEST + 1)],
        amr_values_supported=[factor.value for factor in Factor],
        prompt_values_supported=["none", "login", "consent", "select_account"],
        ui_locales_supported=["vi", "en"],
        claims_parameter_supported=False,
        request_parameter_supported=False,
        request_uri_parameter_supported=False,
        authorization_response_iss_parameter_supported=True,
    )


@bp.get("/jwks")
@public("holds public keys only")
def jwks() -> ResponseReturnValue:
    answer = jsonify(keys=keys.published(clock.now()))
    answer.headers["Cache-Control"] = f"public, max-age={JWKS_CACHE.seconds}"
    return answer


@bp.route("/authorize", methods=["GET", "POST"])
@writes("sends a browser on only to a registered address, after its person agreed")
def authorize() -> ResponseReturnValue:
    sent = request.args if request.method == "GET" else request.form
    now = clock.now()
    if any("\x00" in text for text in (*sent, *sent.values())):
        abort(400)
    try:
        client = server.check_request(sent)
    except server.Refused as refused:
        return _refuse(refused)
    parameters = {name: value for name, value in sent.items() if value}
    try:
        asked = answers.asked_of(parameters, _hinted(client, parameters))
    except ValueError:
        return _tell(parameters, "invalid_request")
    session = browser.session_here(now)
    step = answers.Wish(client, parameters, asked, now).step(session, now)
    if session is not None and step is Step.ANSWER:
        session.seen_at = now
        return redirect(server.code_answer(parameters, session), 303)
    return _ask(client, parameters, asked, step)


def _ask(
    client: Client, parameters: dict[str, str], asked: Asked, step: Step
) -> ResponseReturnValue:
    """Send the browser to the pages, unless the client forbids to show any."""
    if asked.is_silent:
        return _tell(parameters, SILENT_ERRORS[step])
    _row, token = interactions.begin(
        client, parameters, browser.mark(), asked.subject, clock.now()
    )
    return redirect(url_for("sign_in.show", token=token), 303)


def _hinted(client: Client, parameters: Mapping[str, str]) -> str | None:
    """Return whom the client means; ValueError for a hint that is none of its own."""
    hint = parameters.get("id_token_hint")
    if hint is None:
        return None
    claims = keys.read_own(hint)
    if claims is None or claims.get("aud") != client.client_id:
        raise ValueError("id_token_hint")
    return str(claims["sub"])


def _tell(parameters: Mapping[str, str], error: str) -> ResponseReturnValue:
    where = parameters["redirect_uri"]
    return redirect(server.error_answer(where, error, parameters.get("state")), 303)


def _refuse(refused: server.Refused) -> ResponseReturnValue:
    if refused.redirect_uri:
        where = server.error_answer(
            refused.redirect_uri, refused.error, refused.state, refused.description
        )
        return redirect(where, 303)
    # Whoever sent the browser here is unknown, so nobody is told but its person.
    return render_template("provider/bad_request.html", word=refused.error), 400


@bp.post("/token")
@writes("the client proves itself")
def token() -> ResponseReturnValue:
    if request.mimetype != FORM:
        return jsonify(error="invalid_request"), 415
    if request.args:
        # Secrets and codes in addresses end up in logs.
        return jsonify(error="invalid_request"), 400
    return server.token_answer()


@bp.post("/introspect")
@writes("the client proves itself")
def introspect() -> ResponseReturnValue:
    return server.introspection_answer()


@bp.post("/revoke")
@writes("the client proves itself")
def revoke() -> ResponseReturnValue:
    return server.revocation_answer()


@bp.route("/userinfo", methods=["GET", "POST"])
@public("opened by an access token")
def userinfo() -> ResponseReturnValue:
    found = codes.live_token(_bearer(), clock.now())
    if found is None:
        answer = make_response(jsonify(error="invalid_token"), 401)
        answer.headers["WWW-Authenticate"] = 'Bearer error="invalid_token"'
        return answer
    return jsonify(_told(found))


def _bearer() -> str:
    """Return the token of the header or the form body; in an address it is refused."""
    scheme, _space, found = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return found.strip()
    if request.method == "POST" and request.mimetype == FORM:
        return request.form.get("access_token", "")
    return ""


def _told(found: AccessToken) -> dict[str, object]:
    client, vault = found.client, identity.vault()
    told = claims_told(
        client.profile,
        found.scope.split(),
        identity.subject_of(client, found.person.uid),
        persons.facts_of(vault, found.person),
    )
    if client.profile is Profile.ENVELOPE and client.envelope_key:
        return dict(envelope.seal_document(told, client.envelope_key))
    return told


@bp.after_request
def _keep_nothing(response: Response) -> Response:
    response.headers.setdefault("Cache-Control", "no-store")
    return response
