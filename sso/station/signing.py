"""How a station signs what it says; the server checks it with the same lines.

An Ed25519 key, registered by an administrator.  What is signed is six lines: a version
word, method, path, moment, nonce, and the SHA-256 of the body.  The server takes a
moment that is at most :data:`TOLERANCE_S` off, and each nonce once.
"""

import base64
import binascii
import hashlib
import os
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)

from sso.station.troubles import Stopped, Trouble

VERSION = "lms-station-1"
TOLERANCE_S = 60
STATION, MOMENT, NONCE, SIGNATURE = (
    "X-Station",
    "X-Station-Time",
    "X-Station-Nonce",
    "X-Station-Signature",
)


@dataclass(frozen=True)
class Key:
    private: Ed25519PrivateKey

    @property
    def public(self) -> bytes:
        """The 32 bytes that are registered."""
        return self.private.public_key().public_bytes_raw()

    @property
    def id(self) -> str:
        return key_id(self.public)

    def headers(self, method: str, path: str, body: bytes) -> dict[str, str]:
        """Sign one request."""
        moment, nonce = str(int(time.time())), secrets.token_hex(16)
        message = signed_message(method, path, moment, nonce, body)
        signature = self.private.sign(message)
        return {
            STATION: self.id,
            MOMENT: moment,
            NONCE: nonce,
            SIGNATURE: base64.b64encode(signature).decode(),
        }


def key_id(public: bytes) -> str:
    """Name a public key: SHA-256, 64 hexadecimal characters."""
    return hashlib.sha256(public).hexdigest()


def signed_message(
    method: str, path: str, moment: str, nonce: str, body: bytes
) -> bytes:
    lines = (VERSION, method, path, moment, nonce, hashlib.sha256(body).hexdigest())
    return "\n".join(lines).encode()


def is_genuine(
    public: bytes,
    request: tuple[str, str, bytes],
    headers: Mapping[str, str],
    now_s: float,
) -> bool:
    """Say whether the headers sign *request* (method, path, body), and just now.

    That the nonce is new is for the caller to see, who keeps them.
    """
    method, path, body = request
    moment, nonce = headers.get(MOMENT, ""), headers.get(NONCE, "")
    if not (moment.isascii() and moment.isdigit() and len(moment) <= 12):  # noqa: PLR2004
        return False
    if abs(now_s - int(moment)) > TOLERANCE_S or len(nonce) != 32:  # noqa: PLR2004
        return False
    try:
        signature = base64.b64decode(headers.get(SIGNATURE, ""), validate=True)
        Ed25519PublicKey.from_public_bytes(public).verify(
            signature, signed_message(method, path, moment, nonce, body)
        )
    except (InvalidSignature, binascii.Error, ValueError):
        return False
    return True


def read_key(path: Path) -> Key:
    """Read the station's key, a PEM file; raise Stopped."""
    try:
        private = serialization.load_pem_private_key(path.read_bytes(), None)
    except (OSError, ValueError, TypeError) as error:
        raise Stopped(Trouble.KEY_UNUSABLE) from error
    if not isinstance(private, Ed25519PrivateKey):
        raise Stopped(Trouble.KEY_UNUSABLE)
    return Key(private)


def make_key(path: Path) -> Key:
    """Make a key that only this account of the machine may read."""
    private = Ed25519PrivateKey.generate()
    written = private.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(written)
    return Key(private)
