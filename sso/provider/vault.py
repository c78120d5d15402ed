"""The provider's secrets: one master key, and what is sealed, marked or named by it.

Each use has a key of its own, derived by HKDF, so that none helps against another.
"""

import base64
import hashlib
import hmac
import secrets

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from joserfc.jwk import RSAKey

_NONCE_BYTES = 12


class Vault:
    """Seals with AES-256-GCM, and marks with HMAC-SHA-256."""

    def __init__(self, master: str) -> None:
        self._seal = AESGCM(_derived(master, "seal"))
        self._index = _derived(master, "index")
        self._subject = _derived(master, "subject")
        self._sid = _derived(master, "sid")
        self.signing: tuple[float, str, RSAKey] | None = None
        """When it was asked for, the kid and the key that signs (``services.keys``):
        reading one from PEM costs more than signing with it."""
        self.cookie_key = _derived(master, "cookie").hex()

    def seal(self, text: str, about: str) -> str:
        """Encrypt *text*; it opens only as *about* the same thing."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        sealed = self._seal.encrypt(nonce, text.encode(), about.encode())
        return base64.b64encode(nonce + sealed).decode()

    def open(self, sealed: str, about: str) -> str:
        raw = base64.b64decode(sealed)
        return self._seal.decrypt(
            raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], about.encode()
        ).decode()

    def index(self, number: str) -> str:
        """Mark a personal number, so that it is found without being kept in clear.

        A plain hash would not do: all numbers there are can be tried in a minute.
        """
        return hmac.new(self._index, number.encode(), hashlib.sha256).hexdigest()

    def subject(self, sector: str, person_uid: str) -> str:
        """Name a person to one sector: nobody else knows them by that name."""
        return _name(self._subject, sector, person_uid)

    def sid(self, client_id: str, session_id: int) -> str:
        """Name a session to one client."""
        return _name(self._sid, client_id, str(session_id))


def digest(token: str) -> str:
    """Return what is kept of a random token."""
    return hashlib.sha256(token.encode()).hexdigest()


def new_token() -> str:
    return secrets.token_urlsafe(32)


def _derived(master: str, use: str) -> bytes:
    kdf = HKDF(algorithm=SHA256(), length=32, salt=None, info=f"vneid {use}".encode())
    return kdf.derive(master.encode())


def _name(key: bytes, *parts: str) -> str:
    message = "\x00".join(parts).encode()
    mark = hmac.new(key, message, hashlib.sha256).digest()
    return base64.urlsafe_b64encode(mark).rstrip(b"=").decode()
