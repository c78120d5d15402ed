"""The sealed envelope in which the profile ``envelope`` answers.

As one public implementer reads the direct sign-in of the population database: an AES
key under the client's RSA key (PKCS#1 v1.5), the content under AES-ECB, both in base64.
ECB hides no patterns and vouches for nothing; it is built to be met with, behind TLS,
and never for its own strength.
"""

import base64
import json
import secrets
from typing import Any

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.padding import PKCS7
from cryptography.hazmat.primitives.serialization import load_pem_public_key

KEY_BYTES = 32
SMALLEST_KEY_BITS = 2048


def seal_document(document: dict[str, Any], public_pem: str) -> dict[str, str]:
    """Return a JSON answer as ``{"data": …, "key": …}``."""
    data, key = seal(json.dumps(document, ensure_ascii=False), public_pem)
    return {"data": data, "key": key}


def seal(text: str, public_pem: str) -> tuple[str, str]:
    """Return the sealed text and the sealed key, both in base64."""
    key = secrets.token_bytes(KEY_BYTES)
    padder = PKCS7(128).padder()
    padded = padder.update(text.encode()) + padder.finalize()
    encryptor = Cipher(algorithms.AES(key), modes.ECB()).encryptor()  # noqa: S305
    sealed = encryptor.update(padded) + encryptor.finalize()
    wrapped = read_key(public_pem).encrypt(key, PKCS1v15())
    return base64.b64encode(sealed).decode(), base64.b64encode(wrapped).decode()


def read_key(public_pem: str) -> RSAPublicKey:
    """Read a client's public key; ValueError for what is no RSA key, or a short one."""
    key = load_pem_public_key(public_pem.encode())
    if not isinstance(key, RSAPublicKey) or key.key_size < SMALLEST_KEY_BITS:
        raise ValueError("an RSA key of at least 2048 bits is needed")
    return key
