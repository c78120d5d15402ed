"""Authlib's authorization server, fenced in: only ``grants.py`` knows it besides."""

from typing import Any

from authlib.common.urls import add_params_to_uri
from authlib.integrations.flask_oauth2 import AuthorizationServer
from authlib.integrations.flask_oauth2.requests import FlaskOAuth2Request
from authlib.oauth2 import OAuth2Error
from authlib.oauth2.rfc6749 import (
    InvalidClientError,
    InvalidRequestError,
    OAuth2Request,
    UnsupportedGrantTypeError,
    UnsupportedResponseTypeError,
)
from authlib.oauth2.rfc6749.requests import BasicOAuth2Payload
from flask import current_app
from flask import request as flask_request
from flask.typing import ResponseReturnValue

from lms.kernel import clock
from sso.provider.grants import (
    CodeGrant,
    IdToken,
    Introspection,
    KeyAssertion,
    Revocation,
    S256Challenge,
)
from sso.provider.identity import issuer
from sso.provider.models import Client, ClientAuth, SignInSession
from sso.provider.rules.lives import TOKEN_LIFE
from sso.provider.services import clients, codes
from sso.provider.vault import new_token


class RequestObjectRefused(OAuth2Error):
    error = "request_not_supported"


class RequestUriRefused(OAuth2Error):
    error = "request_uri_not_supported"


class Server(AuthorizationServer):
    def create_oauth2_request(self, request: Any) -> OAuth2Request:
        """Take a kept request as it is; Authlib reads only the one that came in."""
        if isinstance(request, OAuth2Request):
            return request
        return FlaskOAuth2Request(flask_request)

    def handle_error_response(self, request: Any, error: OAuth2Error) -> Any:
        if isinstance(error, InvalidClientError):
            # RFC 6749 allows 400 too, but a client that tries both reads 401 alike.
            error.status_code = 401
        return super().handle_error_response(request, error)

    def get_token_grant(self, request: OAuth2Request) -> Any:
        # What was sent does not belong into an answer's description.
        if request.payload.grant_type != CodeGrant.GRANT_TYPE:
            raise UnsupportedGrantTypeError("")
        return super().get_token_grant(request)

    def send_signal(self, name: str, *args: Any, **kwargs: Any) -> None:
        """Nobody listens."""


def _save_token(token: dict[str, Any], request: Any) -> None:
    codes.keep_token(token["access_token"], request.authorization_code, clock.now())


def make_server() -> Server:
    server = Server(query_client=clients.client_called, save_token=_save_token)
    server.register_token_generator("default", _bearer_token)
    server.register_grant(CodeGrant, [S256Challenge(), IdToken()])
    server.register_endpoint(Introspection)
    server.register_endpoint(Revocation)
    server.register_client_auth_method(ClientAuth.KEY.value, KeyAssertion())
    return server


def _bearer_token(scope: str, **_given: Any) -> dict[str, Any]:
    return {
        "token_type": "Bearer",
        "access_token": new_token(),
        "expires_in": int(TOKEN_LIFE.total_seconds()),
        "scope": scope,
    }


def _server() -> Server:
    found: Server = current_app.extensions["authorization_server"]
    return found


class Refused(Exception):
    """A request that is answered with an error: at the client's address, or here."""

    def __init__(self, error: OAuth2Error, parameters: Any) -> None:
        super().__init__(error.error)
        self.error: str = error.error
        self.description: str = error.description or ""
        self.redirect_uri: str | None = error.redirect_uri
        self.state: str | None = parameters.get("state")


def check_request(parameters: Any) -> Client:
    """Return the client whose request this is, or raise :class:`Refused`.

    *parameters* are a MultiDict of what came in.
    """
    try:
        return _grant_of(_kept(parameters, parameters.lists())).request.client  # type: ignore[no-any-return]
    except OAuth2Error as error:
        raise Refused(error, parameters) from error


def _grant_of(request: OAuth2Request) -> Any:
    """Validate a request; what is wrong with it is told at an address we know."""
    server, sent = _server(), request.payload.data
    CodeGrant.validate_no_multiple_request_parameter(request)
    client = server.query_client(sent.get("client_id"))
    if client is None:
        raise InvalidClientError(description="The client is not registered.")
    redirect_uri = CodeGrant.validate_authorization_redirect_uri(request, client)
    error: OAuth2Error | None = None
    if "request" in sent:
        error = RequestObjectRefused()
    elif "request_uri" in sent:
        error = RequestUriRefused()
    elif sent.get("response_type") != "code":
        error = UnsupportedResponseTypeError("")
        error.description = "Only the response type code is supported."
    elif sent.get("response_mode", "query") != "query":
        error = InvalidRequestError("Only the response mode query is supported.")
    if error is not None:
        error.redirect_uri = redirect_uri
        raise error
    return server.get_consent_grant(request, end_user=True)


def _kept(parameters: Any, lists: Any = None) -> OAuth2Request:
    request = OAuth2Request("GET", f"{issuer()}/authorize")
    request.payload = BasicOAuth2Payload(parameters)
    if lists is not None:
        request.payload._datalist = dict(lists)
    return request


def code_answer(parameters: dict[str, str], session: SignInSession) -> str:
    """Return the address with a fresh code for the session's person."""
    request = _kept(parameters)
    grant = _grant_of(request)
    answer = _server().create_authorization_response(request, session, grant=grant)
    return _with_issuer(answer.location)


def error_answer(
    redirect_uri: str, error: str, state: str | None, description: str = ""
) -> str:
    """Return the address that tells the client why not."""
    told = {"error": error, "error_description": description, "state": state}
    params = [(name, value) for name, value in told.items() if value]
    return _with_issuer(str(add_params_to_uri(redirect_uri, params)))


def _with_issuer(location: str) -> str:
    """Say who answers, always (RFC 9207): a client of two providers must know."""
    return str(add_params_to_uri(location, [("iss", issuer())]))


def with_state(address: str, state: str | None) -> str:
    return str(add_params_to_uri(address, [("state", state)])) if state else address


def token_answer() -> ResponseReturnValue:
    return _server().create_token_response()  # type: ignore[no-any-return]


def introspection_answer() -> ResponseReturnValue:
    return _server().create_endpoint_response("introspection")  # type: ignore[no-any-return]


def revocation_answer() -> ResponseReturnValue:
    return _server().create_endpoint_response("revocation")  # type: ignore[no-any-return]
