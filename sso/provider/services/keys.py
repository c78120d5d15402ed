"""The keys that sign: one next, one current, and those whose tokens still live.

The next key is published before it signs, so that a client that keeps the key set for
its cache time knows it by then; a retired one stays published until the last token it
signed is over.
"""

import time
from datetime import datetime
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, RSAKey
from sqlalchemy import or_, select

from lms.kernel.db import db
from sso.provider.models import SigningKey
from sso.provider.rules.lives import ID_TOKEN_LIFE, JWKS_CACHE, KEY_LIFE
from sso.provider.vault import Vault, new_token

BITS = 2048
ALGORITHM = "RS256"
AFTERLIFE = ID_TOKEN_LIFE + JWKS_CACHE
KNOWN_SECONDS = 5
"""For so long a process signs on without asking whether another has rotated the keys;
the one before stays published far longer."""


def ensure(vault: Vault, now: datetime) -> None:
    """See that there is a current key and a next one; rotate where it is time."""
    current = _current()
    if current is None:
        _make(vault, now).current_from = now
        _make(vault, now)
    elif current.current_from and now - current.current_from > KEY_LIFE:
        rotate(vault, now)


def rotate(vault: Vault, now: datetime) -> SigningKey:
    """Let the next key sign, retire the current one, and make another next."""
    current, following = _current(), _next()
    if current is not None:
        current.retired_at = now
    if following is None:
        following = _make(vault, now)
    following.current_from = now
    _make(vault, now)
    db.session.flush()
    vault.signing = None
    return following


def _make(vault: Vault, now: datetime) -> SigningKey:
    kid = new_token()[:16]
    made = RSAKey.generate_key(BITS, {"kid": kid, "use": "sig", "alg": ALGORITHM})
    row = SigningKey(
        kid=kid,
        sealed=vault.seal(made.as_pem(private=True).decode(), f"key:{kid}"),
        public=dict(made.as_dict(private=False)),
        made_at=now,
    )
    db.session.add(row)
    db.session.flush()
    return row


def _current() -> SigningKey | None:
    query = select(SigningKey).filter_by(retired_at=None)
    query = query.filter(SigningKey.current_from.is_not(None))
    return db.session.scalar(query.order_by(SigningKey.id.desc()).limit(1))


def _next() -> SigningKey | None:
    query = select(SigningKey).filter_by(current_from=None, retired_at=None)
    return db.session.scalar(query.order_by(SigningKey.id).limit(1))


def published(now: datetime) -> list[dict[str, Any]]:
    """Return the public keys that clients may need now."""
    still = or_(
        SigningKey.retired_at.is_(None), SigningKey.retired_at > now - AFTERLIFE
    )
    query = select(SigningKey.public).filter(still).order_by(SigningKey.id)
    return list(db.session.scalars(query))


def sign(vault: Vault, claims: dict[str, Any], typ: str = "JWT") -> str:
    kid, key = _signing_key(vault)
    header = {"alg": ALGORITHM, "kid": kid, "typ": typ}
    return jwt.encode(header, claims, key, [ALGORITHM])


def _signing_key(vault: Vault) -> tuple[str, RSAKey]:
    known = vault.signing
    if known is not None and time.monotonic() - known[0] < KNOWN_SECONDS:
        return known[1], known[2]
    row = _current()
    if row is None:
        raise RuntimeError("there is no key to sign with")
    if known is not None and known[1] == row.kid:
        key = known[2]
    else:
        key = RSAKey.import_key(vault.open(row.sealed, f"key:{row.kid}"))
    vault.signing = (time.monotonic(), row.kid, key)
    return row.kid, key


def read_own(token: str) -> dict[str, Any] | None:
    """Return the claims of a token that we signed, were it long over, or None."""
    every = [dict(row) for row in db.session.scalars(select(SigningKey.public))]
    try:
        keys = KeySet.import_key_set({"keys": every})
        return dict(jwt.decode(token, keys, algorithms=[ALGORITHM]).claims)
    except (JoseError, ValueError):
        return None
