"""Short-lived signed addresses of private files, and the keys that files lie under.

The signature stands before the path and covers the asset and the hour it ends, so the
relative addresses inside an HLS playlist are signed with it.
"""

import base64
import hashlib
import hmac
import re
import secrets
from datetime import datetime, timedelta

ROOT = "/media/s"
STEP_SECONDS = 900
"""Endings are rounded up to a quarter of an hour, so that an address stays the same for
a while and the browser's cache is of use."""

KEY = re.compile(r"[0-9a-f]{32}(?:/[a-z0-9](?:[a-z0-9_-]|\.(?!\.))*)+")
ADDRESS_PURPOSE = b"media: signed addresses"


def new_folder() -> str:
    """Return a name that nobody can guess: 128 random bits."""
    return secrets.token_hex(16)


def is_key(key: str) -> bool:
    """Say whether *key* is one that we could have made: no path can climb with it."""
    return KEY.fullmatch(key) is not None


def derived_key(secret: str) -> bytes:
    """Return a key for this purpose alone, so that no other signature fits here."""
    return hmac.digest(secret.encode(), ADDRESS_PURPOSE, hashlib.sha256)


def expiry(now: datetime, life: timedelta) -> int:
    """Return the second at which an address made now ends: at least *life* from now."""
    end = int((now + life).timestamp())
    return -(-end // STEP_SECONDS) * STEP_SECONDS


def signature(key: bytes, asset_id: int, expires: int) -> str:
    digest = hmac.digest(key, f"{asset_id}:{expires}".encode(), hashlib.sha256)
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def address(key: bytes, asset_id: int, expires: int, path: str) -> str:
    return f"{ROOT}/{signature(key, asset_id, expires)}/{expires}/{asset_id}/{path}"


def is_genuine(
    key: bytes, signed: str, asset_id: int, expires: int, now: datetime
) -> bool:
    """Say whether we signed this address and its time has not come yet."""
    expected = signature(key, asset_id, expires)
    genuine = hmac.compare_digest(expected.encode(), signed.encode())
    return genuine and now.timestamp() < expires
