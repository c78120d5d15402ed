"""Signed tokens: which may be believed.

Sources: OpenID Connect Core 1.0, section 3.1.3.7; Back-Channel Logout 1.0, section 2.6;
RFC 8725 (JSON Web Token Best Current Practices).
"""

import hashlib
import hmac
import json
from base64 import urlsafe_b64encode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, TypeGuard

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, RSAKey, import_key

ALGORITHMS = {"RS256": "RSA", "PS256": "RSA", "ES256": "EC"}
"""No algorithm with a shared secret: whoever holds our client secret could sign."""

SHORTEST_RSA_BITS = 2048
LEEWAY = timedelta(seconds=60)
OLDEST = timedelta(minutes=10)
"""How long ago a token may have been made: it comes straight from the provider."""

LAST_MOMENT = 10**11
"""Seconds since 1970; beyond lie numbers that no calendar holds."""

ANY_AGE = timedelta(days=365)
LONGEST_TOKEN = 16_384
LONGEST_SUB = 255
LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout"
LOGOUT_TYPES = (None, "logout+jwt", "JWT")


class TokenFault(StrEnum):
    """What is wrong with a token; told to the log alone."""

    MISSING = "missing"
    FORM = "form"
    ALGORITHM = "algorithm"
    KEY = "key"
    SIGNATURE = "signature"
    ISSUER = "issuer"
    AUDIENCE = "audience"
    TIME = "time"
    NONCE = "nonce"
    SUBJECT = "subject"
    ACCESS_TOKEN = "access-token"  # noqa: S105 -- the word for it, not one
    AUTH_TIME = "auth-time"
    TYPE = "type"
    EVENT = "event"
    REPLAYED = "replayed"


@dataclass(frozen=True, slots=True)
class Expected:
    """What an ID token must say, as we asked for it."""

    issuer: str
    client_id: str
    nonce: str | None
    now: datetime
    access_token: str = ""
    other_audiences: frozenset[str] = frozenset()
    max_age: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Signed:
    """A token whose signature is good; what it says is yet to be judged."""

    claims: Mapping[str, Any]
    algorithm: str
    type: str | None


Key = RSAKey | ECKey


def usable_keys(document: Any) -> list[Key]:
    """Return the keys of a JWKS that may vouch for a token; the rest is passed over."""
    keys = document.get("keys") if isinstance(document, dict) else None
    found = [_usable(one) for one in keys] if isinstance(keys, list) else []
    return [key for key in found if key is not None]


def _usable(one: Any) -> Key | None:
    if not isinstance(one, dict) or one.get("use", "sig") != "sig":
        return None
    if one.get("kty") not in ALGORITHMS.values() or "d" in one:
        return None
    try:
        key = import_key(one)
    except (JoseError, ValueError, TypeError, KeyError):
        return None
    if isinstance(key, RSAKey):
        return key if key.raw_value.key_size >= SHORTEST_RSA_BITS else None
    return key if isinstance(key, ECKey) else None


def header_of(token: Any) -> Mapping[str, Any] | TokenFault:
    """Read the header of a token that is in good form, and nothing more."""
    if not token:
        return TokenFault.MISSING
    if not isinstance(token, str) or len(token) > LONGEST_TOKEN:
        return TokenFault.FORM
    try:
        header: Mapping[str, Any] = jws.extract_compact(token.encode()).headers()
    except (JoseError, ValueError, TypeError):
        return TokenFault.FORM
    if not isinstance(header, dict) or "crit" in header:
        return TokenFault.FORM
    return header if header.get("alg") in ALGORITHMS else TokenFault.ALGORITHM


def key_for(header: Mapping[str, Any], keys: Iterable[Key]) -> Key | None:
    """Return the one key that this header names among those of the provider.

    What the header itself brings along (``jwk``, ``jku``, ``x5u``) is never looked at.
    Without a ``kid`` there must be one key only that fits.
    """
    kind, kid = ALGORITHMS[header["alg"]], header.get("kid")
    fitting = [
        key for key in keys if key.key_type == kind and key.alg in (None, header["alg"])
    ]
    if kid is not None:
        fitting = [key for key in fitting if key.kid == kid]
    return fitting[0] if len(fitting) == 1 else None


def opened(token: str, header: Mapping[str, Any], key: Key) -> Signed | TokenFault:
    """Check the signature and return what it covers."""
    try:
        content = jws.deserialize_compact(token, key, algorithms=[header["alg"]])
        claims = json.loads(content.payload)
    except (JoseError, ValueError, TypeError):
        return TokenFault.SIGNATURE
    if not isinstance(claims, dict):
        return TokenFault.FORM
    return Signed(claims, header["alg"], header.get("typ"))


def id_token_fault(signed: Signed, expected: Expected) -> TokenFault | None:
    """Say what an ID token says wrong, or None."""
    claims = signed.claims
    return _first_failed(
        (TokenFault.ISSUER, claims.get("iss") == expected.issuer),
        (TokenFault.AUDIENCE, _is_for(claims, expected)),
        (TokenFault.TIME, _is_of_now(claims, expected.now)),
        (TokenFault.NONCE, _same(claims.get("nonce"), expected.nonce)),
        (TokenFault.SUBJECT, is_subject(claims.get("sub"))),
        (TokenFault.ACCESS_TOKEN, _vouches_for(signed, expected.access_token)),
        (TokenFault.AUTH_TIME, _is_fresh(claims, expected)),
    )


def logout_token_fault(signed: Signed, expected: Expected) -> TokenFault | None:
    """Say what a logout token says wrong, or None.

    One with a nonce is an ID token shown again.
    """
    claims = signed.claims
    named = is_subject(claims.get("sub")) or is_subject(claims.get("sid"))
    return _first_failed(
        (TokenFault.TYPE, signed.type in LOGOUT_TYPES),
        (TokenFault.ISSUER, claims.get("iss") == expected.issuer),
        (TokenFault.AUDIENCE, _is_for(claims, expected)),
        (TokenFault.TIME, _is_of_now(claims, expected.now)),
        (TokenFault.EVENT, _is_logout(claims.get("events"))),
        (TokenFault.NONCE, "nonce" not in claims),
        (TokenFault.SUBJECT, named),
        (TokenFault.REPLAYED, is_subject(claims.get("jti"))),
    )


def _first_failed(*checks: tuple[TokenFault, bool]) -> TokenFault | None:
    return next((fault for fault, passed in checks if not passed), None)


def _is_logout(events: Any) -> bool:
    return isinstance(events, dict) and isinstance(events.get(LOGOUT_EVENT), dict)


def is_subject(value: Any) -> bool:
    """Say whether this names somebody: a text that is neither empty nor endless."""
    if not isinstance(value, str) or not value.strip() or len(value) > LONGEST_SUB:
        return False
    return value.isprintable()


def _is_for(claims: Mapping[str, Any], expected: Expected) -> bool:
    audience = claims.get("aud")
    named = audience if isinstance(audience, list) else [audience]
    if not all(isinstance(one, str) for one in named):
        return False
    others = set(named) - {expected.client_id} - expected.other_audiences
    authorized = claims.get("azp", expected.client_id)
    return (
        expected.client_id in named
        and not others
        and authorized == expected.client_id
        and (len(named) == 1 or "azp" in claims)
    )


def _is_of_now(claims: Mapping[str, Any], now: datetime) -> bool:
    issued, expires = claims.get("iat"), claims.get("exp")
    begins = claims.get("nbf", issued)
    if not (_is_moment(issued) and _is_moment(expires) and _is_moment(begins)):
        return False
    moment, leeway = now.timestamp(), LEEWAY.total_seconds()
    oldest = moment - OLDEST.total_seconds() - leeway
    return (
        oldest <= issued <= moment + leeway
        and begins <= moment + leeway
        and moment < expires + leeway
    )


def _is_moment(value: Any) -> TypeGuard[float]:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return abs(value) < LAST_MOMENT


def _same(told: Any, expected: str | None) -> bool:
    """Compare what is told with what is expected, if anything is."""
    if expected is None:
        return True
    return isinstance(told, str) and hmac.compare_digest(
        told.encode(), expected.encode()
    )


def _vouches_for(signed: Signed, access_token: str) -> bool:
    """Check ``at_hash`` where there is one (it may be left out in the code flow)."""
    if "at_hash" not in signed.claims:
        return True
    digest = hashlib.sha256(access_token.encode()).digest()
    half = urlsafe_b64encode(digest[: len(digest) // 2]).rstrip(b"=").decode()
    return _same(signed.claims["at_hash"], half)


def _is_fresh(claims: Mapping[str, Any], expected: Expected) -> bool:
    signed_in = claims.get("auth_time")
    if signed_in is None:
        return expected.max_age is None
    if not _is_moment(signed_in):
        return False
    age = ANY_AGE if expected.max_age is None else expected.max_age
    oldest = expected.now - age - LEEWAY
    return oldest.timestamp() <= signed_in <= (expected.now + LEEWAY).timestamp()
