"""Where a provider is asked and with which keys it signs: fetched, checked, kept."""

import time
from dataclasses import dataclass

from sso.relying_party.faults import Distrusted, Unreachable
from sso.relying_party.rules.provider import Endpoints, Provider, is_safe
from sso.relying_party.rules.tokens import Key, TokenFault, usable_keys
from sso.relying_party.transport import Exchange

KEPT_SECONDS = 3600.0
STRANGERS_WAIT_SECONDS = 5.0
"""Anybody may send us a logout token with a made-up key id; the keys are not fetched
anew for each."""


@dataclass(frozen=True, slots=True)
class Metadata:
    endpoints: Endpoints
    announces_iss: bool


class Directory:
    """What one process knows of its provider.

    Two threads that find it out of date both fetch it, and either result is good.
    """

    def __init__(self, provider: Provider) -> None:
        self._provider = provider
        self._metadata: tuple[float, Metadata] | None = None
        self._keys: tuple[float, list[Key]] | None = None

    def metadata(self, exchange: Exchange) -> Metadata:
        """Return the endpoints, from the configuration or by discovery."""
        if self._provider.endpoints:
            return Metadata(self._provider.endpoints, announces_iss=False)
        if self._metadata is None or _is_old(self._metadata[0]):
            self._metadata = time.monotonic(), self._discovered(exchange)
        return self._metadata[1]

    def known_metadata(self) -> Metadata | None:
        """Return what is known without asking."""
        if self._provider.endpoints:
            return Metadata(self._provider.endpoints, announces_iss=False)
        return self._metadata[1] if self._metadata else None

    def keys(self, exchange: Exchange) -> list[Key]:
        if self._keys is None or _is_old(self._keys[0]):
            return self.new_keys(exchange)
        return self._keys[1]

    def new_keys(self, exchange: Exchange) -> list[Key]:
        """Fetch the keys anew: the provider may have changed them a moment ago."""
        address = self.metadata(exchange).endpoints.jwks
        if not address:
            raise Distrusted(TokenFault.KEY)
        self._keys = time.monotonic(), usable_keys(exchange.get(address))
        return self._keys[1]

    def may_ask_for_a_stranger(self) -> bool:
        return self._keys is None or (
            time.monotonic() - self._keys[0] > STRANGERS_WAIT_SECONDS
        )

    def _discovered(self, exchange: Exchange) -> Metadata:
        issuer = self._provider.issuer
        address = f"{issuer.rstrip('/')}/.well-known/openid-configuration"
        document = exchange.get(address)
        if document.get("issuer") != issuer:
            # Another provider's endpoints under this one's name (mix-up).
            raise Distrusted(TokenFault.ISSUER)
        places = {
            name: document.get(f"{name}_endpoint", "")
            for name in ("authorization", "token", "userinfo", "end_session")
        } | {"jwks": document.get("jwks_uri", "")}
        for place in filter(None, places.values()):
            if not isinstance(place, str) or not is_safe(place):
                raise Unreachable("discovery names an address that must not be asked")
        if not all(places[name] for name in ("authorization", "token", "userinfo")):
            raise Unreachable("discovery leaves out an endpoint")
        announced = document.get("authorization_response_iss_parameter_supported")
        return Metadata(Endpoints(**places), announces_iss=announced is True)


def _is_old(fetched_at: float) -> bool:
    return time.monotonic() - fetched_at > KEPT_SECONDS
