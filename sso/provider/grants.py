"""Authlib's grants and endpoints, each mended; ``server.py`` puts them together.

As documented Authlib hands out two tokens for one code under a race, takes ``plain``
for a PKCE method, assumes a missing redirect address and lets the userinfo overwrite
the id token's claims.  Each mend below says what it is against.
"""

import base64
import hashlib
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from authlib.oauth2.rfc6749 import InvalidClientError, InvalidRequestError
from authlib.oauth2.rfc6749.grants import AuthorizationCodeGrant
from authlib.oauth2.rfc7009 import RevocationEndpoint
from authlib.oauth2.rfc7523 import JWTBearerClientAssertion
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oauth2.rfc7662 import IntrospectionEndpoint
from authlib.oidc.core import OpenIDCode
from joserfc.jwk import KeySet

from lms.kernel import clock
from sso.provider import envelope
from sso.provider.identity import issuer, subject_of, vault
from sso.provider.models import (
    AccessToken,
    Client,
    ClientAuth,
    Code,
    Person,
    SignInSession,
)
from sso.provider.rules.fields import Profile
from sso.provider.rules.levels import acr_of
from sso.provider.rules.lives import ID_TOKEN_LIFE
from sso.provider.services import codes, keys
from sso.provider.vault import digest, new_token

METHODS = [method.value for method in ClientAuth]
ASSERTION_LIFE = ID_TOKEN_LIFE
ONCE = ("code_challenge", "code_challenge_method", "nonce", "prompt", "max_age")
"""Parameters that Authlib does not count, besides those that it does."""


class CodeGrant(AuthorizationCodeGrant):
    TOKEN_ENDPOINT_AUTH_METHODS = METHODS

    @staticmethod
    def validate_authorization_redirect_uri(request: Any, client: Client) -> str:
        """Refuse a missing address too; Authlib would take the first registered one."""
        wanted = request.payload.redirect_uri
        if not wanted or not client.check_redirect_uri(wanted):
            raise InvalidRequestError("The redirect_uri is not registered.")
        return str(wanted)

    @staticmethod
    def validate_no_multiple_request_parameter(request: Any) -> None:
        AuthorizationCodeGrant.validate_no_multiple_request_parameter(request)
        counts = request.payload.datalist
        if any(len(counts.get(name, ())) > 1 for name in ONCE):
            raise InvalidRequestError("A parameter was sent twice.")

    def generate_authorization_code(self) -> str:
        return new_token()

    def save_authorization_code(self, code: str, request: Any) -> None:
        request.kept_code = codes.keep_code(
            code,
            request.client,
            request.user,
            request.payload.data,
            clock.now(),
        )

    def create_authorization_response(
        self, redirect_uri: str, grant_user: SignInSession | None
    ) -> Any:
        answer = super().create_authorization_response(redirect_uri, grant_user)
        client: Client = self.request.client
        if client.profile is not Profile.ENVELOPE or not client.envelope_key:
            return answer
        code = new_token()
        self.request.kept_code.code_hash = digest(code)
        sealed, key = envelope.seal(code, client.envelope_key)
        self.request.kept_code.envelope_key_hash = digest(key)
        params = {"code": sealed, "encrypt_key": key}
        if self.request.payload.state:
            params["state"] = self.request.payload.state
        return 302, "", [("Location", f"{redirect_uri}?{urlencode(params)}")]

    def query_authorization_code(self, code: str, client: Client) -> Code | None:
        found = codes.redeem(code, client, clock.now())
        expected = found.envelope_key_hash if found else None
        if expected and digest(self.request.form.get("encrypt_key", "")) != expected:
            return None
        return found

    def delete_authorization_code(self, _code: Code) -> None:
        """It was used up by being found; it stays, to be known when it comes again."""

    def authenticate_user(self, code: Code) -> Person | None:
        return code.person if code.person.active else None

    def create_token_response(self) -> Any:
        status, token, headers = super().create_token_response()
        client: Client = self.request.client
        if client.profile is Profile.ENVELOPE and client.envelope_key:
            token = envelope.seal_document(token, client.envelope_key)
        return status, token, headers


class S256Challenge(CodeChallenge):
    """PKCE by S256 alone, for every client that is not excused by the operator."""

    SUPPORTED_CODE_CHALLENGE_METHOD = ["S256"]

    def validate_code_challenge(self, grant: Any, redirect_uri: str) -> None:
        super().validate_code_challenge(grant, redirect_uri)
        sent = grant.request.payload.data
        client: Client = grant.request.client
        if sent.get("code_challenge"):
            if sent.get("code_challenge_method") != "S256":
                # A missing method would mean plain (RFC 7636, section 4.3).
                raise InvalidRequestError("The code_challenge_method must be S256.")
        elif client.require_pkce:
            raise InvalidRequestError("A code_challenge is required.")


class IdToken(OpenIDCode):
    def exists_nonce(self, _nonce: str, _request: Any) -> bool:
        # The client compares it with its own; a reloaded page may send it again.
        return False

    def validate_openid_authorization_request(
        self, grant: Any, redirect_uri: str
    ) -> None:
        if grant.request.client.require_nonce and not grant.request.payload.data.get(
            "nonce"
        ):
            raise InvalidRequestError("A nonce is required.")

    def process_token(self, grant: Any, response: Any) -> Any:
        if grant.request.client.profile is Profile.ENVELOPE:
            return response[1]
        return super().process_token(grant, response)

    def encode_id_token(self, token: Any, request: Any) -> str:
        """Sign exactly these claims: Authlib's own would let userinfo overwrite them.

        Nothing personal is among them: the token travels in id_token_hint addresses.
        """
        code: Code = request.authorization_code
        client: Client = request.client
        now = clock.now()
        claims = {
            "iss": issuer(),
            "aud": client.client_id,
            "sub": subject_of(client, request.user.uid),
            "iat": seconds(now),
            "exp": seconds(now + ID_TOKEN_LIFE),
            "auth_time": seconds(code.auth_at),
            "acr": acr_of(code.level),
            "amr": code.factors,
            "sid": vault().sid(client.client_id, code.session_id),
            "at_hash": half_hash(token["access_token"]),
        }
        if code.nonce:
            claims["nonce"] = code.nonce
        return keys.sign(vault(), claims)


class KeyAssertion(JWTBearerClientAssertion):
    """private_key_jwt: each assertion is taken once."""

    CLIENT_AUTH_METHOD = ClientAuth.KEY.value

    def get_audiences(self) -> list[str]:
        return [issuer(), f"{issuer()}/token"]

    def validate_jti(self, claims: Any, jti: Any) -> bool:
        until = datetime.fromtimestamp(int(claims["exp"]), UTC)
        if until > clock.now() + ASSERTION_LIFE:
            return False
        return codes.is_first_use(f"{claims['sub']} {jti}", until, clock.now())

    def resolve_client_public_key(self, client: Client) -> KeySet:
        if not client.jwks:
            raise InvalidClientError(description="The client has no key.")
        return KeySet.import_key_set(client.jwks)  # type: ignore[arg-type]


class Introspection(IntrospectionEndpoint):
    CLIENT_AUTH_METHODS = METHODS

    def check_permission(
        self, token: AccessToken, client: Client, _request: Any
    ) -> bool:
        return token.client_id == client.id

    def query_token(self, token: str, _hint: str | None) -> AccessToken | None:
        return codes.live_token(token, clock.now())

    def create_introspection_payload(self, token: AccessToken | None) -> Any:
        if token is None:
            return {"active": False}
        return {
            "active": True,
            "client_id": token.client.client_id,
            "token_type": "Bearer",
            "scope": token.scope,
            "sub": subject_of(token.client, token.person.uid),
            "aud": token.client.client_id,
            "iss": issuer(),
            "iat": seconds(token.issued_at),
            "exp": seconds(token.expires_at),
        }


class Revocation(RevocationEndpoint):
    CLIENT_AUTH_METHODS = METHODS

    def authenticate_token(self, request: Any, client: Client) -> AccessToken | None:
        """Find the client's own token; another's is answered like one unknown."""
        self.check_params(request, client)
        found = codes.live_token(request.form["token"], clock.now())
        return found if found and found.client_id == client.id else None

    def revoke_token(self, token: AccessToken, _request: Any) -> None:
        token.revoked_at = clock.now()


def seconds(moment: datetime) -> int:
    return int(moment.timestamp())


def half_hash(text: str) -> str:
    half = hashlib.sha256(text.encode("ascii")).digest()[:16]
    return base64.urlsafe_b64encode(half).rstrip(b"=").decode()
