"""Keys made for one exam: of receipts, of papers, of PINs."""

import secrets

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE_SIZE = 12


def new_receipt_key() -> bytes:
    return secrets.token_bytes(32)


def lock(document: bytes, bound_to: str) -> tuple[bytes, bytes]:
    """Encrypt under a new key; return what is locked, and the key."""
    key, nonce = AESGCM.generate_key(256), secrets.token_bytes(NONCE_SIZE)
    return nonce + AESGCM(key).encrypt(nonce, document, bound_to.encode()), key


def unlock(locked: bytes, key: bytes, bound_to: str) -> bytes:
    """Decrypt; ``InvalidTag`` where a byte was changed or it is another's."""
    nonce, rest = locked[:NONCE_SIZE], locked[NONCE_SIZE:]
    return AESGCM(key).decrypt(nonce, rest, bound_to.encode())
