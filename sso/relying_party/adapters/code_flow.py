"""The authorization code flow with an ID token: the profiles ``oidc`` and ``dvcqg``.

Authlib makes the parts that are sent (PKCE, authentication of the client); joserfc
opens what comes back.  Authlib's own Flask client is not used: as of 1.9 it signs
people in without an ID token, with other clients' tokens and with replayed answers.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from authlib.common.urls import add_params_to_uri
from authlib.oauth2.auth import ClientAuth as AuthlibClientAuth
from authlib.oauth2.rfc7523 import PrivateKeyJWT
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from joserfc.jwk import RSAKey

from sso.relying_party.adapters.directory import Directory
from sso.relying_party.faults import Distrusted
from sso.relying_party.rules.identity import (
    IdentityFault,
    VerifiedIdentity,
    verified,
)
from sso.relying_party.rules.provider import ClientAuth, Provider
from sso.relying_party.rules.tokens import (
    Expected,
    Signed,
    TokenFault,
    header_of,
    id_token_fault,
    key_for,
    logout_token_fault,
    opened,
)
from sso.relying_party.transport import Exchange


@dataclass(frozen=True, slots=True)
class Asked:
    """One request to sign in, as it was sent and as its answer is judged."""

    state: str
    nonce: str
    verifier: str
    redirect_uri: str
    prompt: str = ""
    acr_values: str = ""
    max_age: timedelta | None = None
    id_token_hint: str = ""


class CodeFlow:
    """Speaks to one provider."""

    def __init__(self, provider: Provider, directory: Directory) -> None:
        self.provider, self.directory = provider, directory

    def sign_in_address(self, asked: Asked, exchange: Exchange) -> str:
        """Return where the browser is sent to sign in."""
        habits = self.provider.habits
        parameters = {
            "response_type": "code",
            "client_id": self.provider.client_id,
            "redirect_uri": asked.redirect_uri,
            "scope": habits.scope,
            "state": asked.state,
            "nonce": asked.nonce if habits.sends_nonce else "",
            "acr_values": asked.acr_values or habits.acr_values,
            "prompt": asked.prompt,
            "ui_locales": "vi",
        }
        if habits.sends_pkce:
            parameters["code_challenge"] = create_s256_code_challenge(asked.verifier)
            parameters["code_challenge_method"] = "S256"
        if asked.max_age is not None:
            parameters["max_age"] = str(int(asked.max_age.total_seconds()))
        endpoint = self.directory.metadata(exchange).endpoints.authorization
        return str(
            add_params_to_uri(endpoint, [(k, v) for k, v in parameters.items() if v])
        )

    def identity(
        self,
        answer: Mapping[str, str],
        asked: Asked,
        exchange: Exchange,
        now: datetime,
    ) -> VerifiedIdentity:
        """Turn the answer in the browser's address into an identity.

        Raises Distrusted or Unreachable; nothing in between signs anybody in.
        """
        self._check_issuer(answer, exchange)
        tokens = self._tokens(answer, asked, exchange)
        access_token = tokens.get("access_token")
        if not isinstance(access_token, str) or not access_token.isprintable():
            raise Distrusted(TokenFault.ACCESS_TOKEN)
        signed = self._signed(tokens, access_token, asked, exchange, now)
        told = self._userinfo(access_token, exchange)
        found = verified(self.provider, signed, told)
        if isinstance(found, IdentityFault):
            raise Distrusted(found)
        return replace(found, id_token=tokens.get("id_token") if signed else None)

    def _check_issuer(self, answer: Mapping[str, str], exchange: Exchange) -> None:
        """Refuse an answer of another provider (RFC 9207)."""
        required = self.provider.requires_iss
        if required is None:
            required = self.directory.metadata(exchange).announces_iss
        issuer = answer.get("iss")
        if issuer is None and not required:
            return
        if issuer != self.provider.issuer:
            raise Distrusted(TokenFault.ISSUER)

    def _tokens(
        self, answer: Mapping[str, str], asked: Asked, exchange: Exchange
    ) -> Mapping[str, Any]:
        form = {
            "grant_type": "authorization_code",
            "code": answer["code"],
            "redirect_uri": asked.redirect_uri,
        }
        if self.provider.habits.sends_pkce:
            form["code_verifier"] = asked.verifier
        return self._asked_as_client(form, exchange)

    def _asked_as_client(
        self, form: Mapping[str, str], exchange: Exchange
    ) -> Mapping[str, Any]:
        endpoint = self.directory.metadata(exchange).endpoints.token
        _address, headers, body = self._client_auth(endpoint).prepare(
            "POST", endpoint, {}, urlencode(form)
        )
        return self._read(exchange.post(endpoint, body.encode(), headers))

    def _client_auth(self, endpoint: str) -> Any:
        provider, method = self.provider, self.provider.habits.client_auth
        if method is not ClientAuth.PRIVATE_KEY:
            return AuthlibClientAuth(
                provider.client_id, provider.client_secret, method.value
            )
        key = RSAKey.import_key(provider.private_key)
        return AuthlibClientAuth(
            provider.client_id, key, PrivateKeyJWT(endpoint, alg="RS256").sign
        )

    def _read(self, answer: Any) -> Mapping[str, Any]:
        """Return what an answer says; envelopes are opened here."""
        found: Mapping[str, Any] = answer
        return found

    def _signed(
        self,
        tokens: Mapping[str, Any],
        access_token: str,
        asked: Asked,
        exchange: Exchange,
        now: datetime,
    ) -> Mapping[str, Any]:
        """Return the claims of the ID token."""
        signed = self._opened(tokens.get("id_token"), exchange)
        expected = Expected(
            issuer=self.provider.issuer,
            client_id=self.provider.client_id,
            nonce=asked.nonce if self.provider.habits.sends_nonce else None,
            now=now,
            access_token=access_token,
            other_audiences=self.provider.other_audiences,
            max_age=asked.max_age,
        )
        if fault := id_token_fault(signed, expected):
            raise Distrusted(fault)
        return signed.claims

    def _opened(
        self, token: Any, exchange: Exchange, *, from_stranger: bool = False
    ) -> Signed:
        header = header_of(token)
        if isinstance(header, TokenFault):
            raise Distrusted(header)
        key = key_for(header, self.directory.keys(exchange))
        may_ask = not from_stranger or self.directory.may_ask_for_a_stranger()
        if key is None and may_ask:
            key = key_for(header, self.directory.new_keys(exchange))
        if key is None:
            raise Distrusted(TokenFault.KEY)
        signed = opened(token, header, key)
        if isinstance(signed, TokenFault):
            raise Distrusted(signed)
        return signed

    def _userinfo(self, access_token: str, exchange: Exchange) -> Mapping[str, Any]:
        endpoint = self.directory.metadata(exchange).endpoints.userinfo
        bearer = {"Authorization": f"Bearer {access_token}"}
        if self.provider.habits.userinfo_method == "POST":
            return self._read(exchange.post(endpoint, b"", bearer))
        return self._read(exchange.get(endpoint, bearer))

    def logout(self, token: str, exchange: Exchange, now: datetime) -> Signed:
        """Open a logout token that anybody may have sent, or raise Distrusted."""
        signed = self._opened(token, exchange, from_stranger=True)
        expected = Expected(
            issuer=self.provider.issuer,
            client_id=self.provider.client_id,
            nonce=None,
            now=now,
            other_audiences=self.provider.other_audiences,
        )
        if fault := logout_token_fault(signed, expected):
            raise Distrusted(fault)
        return signed

    def sign_out_address(self, id_token: str | None, back: str) -> str | None:
        """Return where the browser signs out at the provider; None if unknown.

        Asks nobody: signing out must work while the provider is down.
        """
        metadata = self.directory.known_metadata()
        if metadata is None or not metadata.endpoints.end_session:
            return None
        parameters = {
            "id_token_hint": id_token or "",
            "client_id": self.provider.client_id,
            "post_logout_redirect_uri": back,
        }
        return str(
            add_params_to_uri(
                metadata.endpoints.end_session,
                [(name, value) for name, value in parameters.items() if value],
            )
        )
