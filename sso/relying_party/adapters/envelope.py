"""The profile ``envelope``: encrypted answers, no ID token.

Nothing here is signed.  What is told is believed because it came over TLS from the
token and userinfo endpoints, for a code whose state this browser was given; so there is
no ``acr``, no ``auth_time`` and no logout token, and no step-up is ever met.
"""

from collections.abc import Mapping
from datetime import datetime
from functools import cached_property
from typing import Any

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from sso.relying_party.adapters.code_flow import Asked, CodeFlow
from sso.relying_party.faults import Distrusted
from sso.relying_party.rules import envelope
from sso.relying_party.rules.tokens import TokenFault
from sso.relying_party.transport import Exchange


class Envelope(CodeFlow):
    @cached_property
    def _key(self) -> RSAPrivateKey:
        return envelope.private_key(self.provider.private_key)

    def _tokens(
        self, answer: Mapping[str, str], asked: Asked, exchange: Exchange
    ) -> Mapping[str, Any]:
        sealed_key = envelope.from_address(answer.get("encrypt_key", ""))
        sealed_code = envelope.from_address(answer["code"])
        code = envelope.opened_text(sealed_key, sealed_code, self._key)
        if not code or not code.isprintable():
            raise Distrusted(TokenFault.FORM)
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "encrypt_key": sealed_key,
            "redirect_uri": asked.redirect_uri,
        }
        return self._asked_as_client(form, exchange)

    def _read(self, answer: Any) -> Mapping[str, Any]:
        opened = envelope.opened_document(answer, self._key)
        if opened is None:
            raise Distrusted(TokenFault.FORM)
        return opened

    def _signed(
        self,
        tokens: Mapping[str, Any],
        access_token: str,
        asked: Asked,
        exchange: Exchange,
        now: datetime,
    ) -> Mapping[str, Any]:
        return {}
