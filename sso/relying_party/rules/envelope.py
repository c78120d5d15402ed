"""Envelopes: an AES key under our RSA key, and the content under that AES key.

The way of sealing (RSA PKCS#1 v1.5, AES-ECB, PKCS#7) is the provider's, not ours: it
hides the content from the browser that carries it and proves nothing about who wrote
it.  What vouches for the content is TLS to the provider and the one-time state; so
whatever does not open, or opens to anything but the one form that is expected, is
turned away without saying why.
"""

import json
from base64 import b64decode
from collections.abc import Mapping
from typing import Any

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import ECB
from cryptography.hazmat.primitives.padding import PKCS7
from cryptography.hazmat.primitives.serialization import load_pem_private_key

KEY_SIZES = (16, 24, 32)
LARGEST = 65_536


def private_key(pem: str) -> RSAPrivateKey:
    """Read our key, or raise ValueError."""
    key = load_pem_private_key(pem.encode(), password=None)
    if not isinstance(key, RSAPrivateKey):
        raise ValueError("an envelope is opened with an RSA key")
    return key


def from_address(value: str) -> str:
    """Give back the plus signs that a query string turned into blanks."""
    return value.replace(" ", "+")


def opened(sealed_key: str, sealed: str, key: RSAPrivateKey) -> bytes | None:
    """Open one envelope; None whatever may be wrong with it."""
    try:
        content_key = key.decrypt(b64decode(sealed_key, validate=True), PKCS1v15())
        content = b64decode(sealed, validate=True)
        if len(content_key) not in KEY_SIZES or len(content) > LARGEST:
            return None
        # ECB is how the provider seals; see the module's words.
        decryptor = Cipher(AES(content_key), ECB()).decryptor()  # noqa: S305
        padded = decryptor.update(content) + decryptor.finalize()
        unpadder = PKCS7(128).unpadder()
        return unpadder.update(padded) + unpadder.finalize()
    except (ValueError, TypeError):
        return None


def opened_text(sealed_key: str, sealed: str, key: RSAPrivateKey) -> str | None:
    content = opened(sealed_key, sealed, key)
    try:
        return None if content is None else content.decode("ascii")
    except UnicodeDecodeError:
        return None


def opened_document(answer: Any, key: RSAPrivateKey) -> Mapping[str, Any] | None:
    """Open ``{"data": …, "key": …}`` to the one JSON object in it."""
    if not isinstance(answer, dict):
        return None
    sealed, sealed_key = answer.get("data"), answer.get("key")
    if not isinstance(sealed, str) or not isinstance(sealed_key, str):
        return None
    content = opened(sealed_key, sealed, key)
    return None if content is None else document(content)


def document(content: bytes) -> Mapping[str, Any] | None:
    """Read a JSON object in which nothing is said twice; None if it is none."""
    try:
        read = json.loads(
            content.decode("utf-8"),
            object_pairs_hook=_said_once,
            parse_constant=_refuse,
        )
    except (ValueError, RecursionError):
        return None
    return read if isinstance(read, dict) else None


def _said_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name is said twice")
    return found


def _refuse(word: str) -> None:
    raise ValueError(word)
