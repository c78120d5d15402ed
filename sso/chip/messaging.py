"""Secure messaging: commands and responses under keys that both sides agreed on.

One class serves both ends, for each undoes what the other does.  Source: ICAO 9303-11,
9.8; the keys are derived by 9.7.1.
"""

import hashlib
import hmac
from dataclasses import dataclass, replace
from typing import Final

from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives.ciphers import (
    BlockCipherAlgorithm,
    Cipher,
    algorithms,
    modes,
)
from cryptography.hazmat.primitives.cmac import CMAC

from sso.chip import tlv
from sso.chip.apdu import EXTENDED, SECURE, SHORT, Command, Response, read_response
from sso.chip.tlv import Malformed

FOR_ENCRYPTION, FOR_MAC, FOR_PASSWORD = 1, 2, 3
MAC_BYTES = 8
ENCRYPTED, ENCRYPTED_BARE, EXPECTED, STATUS, MAC = 0x87, 0x85, 0x97, 0x99, 0x8E


class Broken(Exception):
    """The other side does not hold the keys: the channel is over."""


@dataclass(frozen=True, slots=True)
class Suite:
    """A cipher with the lengths that go with it, in bytes."""

    name: str
    key_bytes: int
    block_bytes: int
    digest: str


SUITES: Final = {
    suite.name: suite
    for suite in (
        Suite("3des", 16, 8, "sha1"),
        Suite("aes128", 16, 16, "sha1"),
        Suite("aes192", 24, 16, "sha256"),
        Suite("aes256", 32, 16, "sha256"),
    )
}


def derive(suite: Suite, secret: bytes, purpose: int) -> bytes:
    """Derive one key from a shared secret."""
    hashed = hashlib.new(suite.digest, secret + purpose.to_bytes(4, "big")).digest()
    return hashed[: suite.key_bytes]


def encrypt(suite: Suite, key: bytes, data: bytes, iv: bytes | None = None) -> bytes:
    """Encrypt whole blocks by CBC, from zero unless told otherwise."""
    mode = modes.CBC(iv or bytes(suite.block_bytes))
    encryptor = Cipher(_algorithm(suite, key), mode).encryptor()
    return encryptor.update(data) + encryptor.finalize()


def decrypt(suite: Suite, key: bytes, data: bytes, iv: bytes | None = None) -> bytes:
    if not data or len(data) % suite.block_bytes:
        raise Broken("encrypted data that are no whole blocks")
    mode = modes.CBC(iv or bytes(suite.block_bytes))
    decryptor = Cipher(_algorithm(suite, key), mode).decryptor()
    return decryptor.update(data) + decryptor.finalize()


def mac(suite: Suite, key: bytes, data: bytes) -> bytes:
    """Compute the eight bytes that vouch for *data*; 3DES pads, AES does not."""
    if suite.name == "3des":
        return _retail_mac(key, pad(suite, data))
    maker = CMAC(algorithms.AES(key))
    maker.update(data)
    return maker.finalize()[:MAC_BYTES]


def pad(suite: Suite, data: bytes) -> bytes:
    """Pad to whole blocks: 80, then zeros (ISO 9797-1, method 2)."""
    data += b"\x80"
    return data + bytes(-len(data) % suite.block_bytes)


def unpad(data: bytes) -> bytes:
    stripped = data.rstrip(b"\x00")
    if not stripped.endswith(b"\x80"):
        raise Broken("padding that is not one")
    return stripped[:-1]


class Channel:
    """A channel from one side; the counter moves with every message, both ways."""

    def __init__(self, suite: Suite, secret: bytes, counter: int = 0) -> None:
        self.suite, self.counter = suite, counter
        self.encryption_key = derive(suite, secret, FOR_ENCRYPTION)
        self.mac_key = derive(suite, secret, FOR_MAC)

    def wrap(self, command: Command) -> bytes:
        """Protect a command; the terminal's side."""
        self._step()
        header = bytes((command.cla | SECURE, command.ins, command.p1, command.p2))
        body = b""
        if command.data:
            body = self._encrypted(command.data, bare=bool(command.ins & 1))
        if command.expected is not None:
            body += tlv.build(EXPECTED, _le(command))
        sealed = tlv.build(MAC, self._mac(pad(self.suite, header) + body))
        most = EXTENDED if command.is_extended else SHORT
        whole = replace(command, cla=header[0], data=body + sealed, expected=most)
        return whole.encode()

    def unwrap(self, data: bytes) -> Response:
        """Open a response; raise Broken where it was not protected by the card."""
        self._step()
        try:
            answer = read_response(data)
            parts = {part.tag: part.value for part in tlv.walk(answer.data)}
        except Malformed as error:
            raise Broken(str(error)) from error
        if MAC not in parts or STATUS not in parts:
            raise Broken(f"an answer without protection: {answer.status:04X}")
        self._check(answer.data, parts[MAC])
        return Response(self._decrypted(parts), int.from_bytes(parts[STATUS], "big"))

    def open(self, command: Command) -> Command:
        """Open a command; the card's side."""
        self._step()
        try:
            parts = {part.tag: part.value for part in tlv.walk(command.data)}
        except Malformed as error:
            raise Broken(str(error)) from error
        if MAC not in parts:
            raise Broken("a command without protection")
        self._check(command.data, parts[MAC], pad(self.suite, command.header))
        expected = None
        if EXPECTED in parts:
            le = parts[EXPECTED]
            expected = int.from_bytes(le, "big") or (
                SHORT if len(le) == 1 else EXTENDED
            )
        return replace(
            command,
            cla=command.cla & ~SECURE,
            data=self._decrypted(parts),
            expected=expected,
        )

    def seal(self, response: Response) -> bytes:
        """Protect a response; the card's side."""
        self._step()
        body = self._encrypted(response.data) if response.data else b""
        body += tlv.build(STATUS, response.status.to_bytes(2, "big"))
        body += tlv.build(MAC, self._mac(body))
        return Response(body, response.status).encode()

    def _step(self) -> None:
        self.counter = (self.counter + 1) % (1 << 8 * self.suite.block_bytes)

    @property
    def _counter_block(self) -> bytes:
        return self.counter.to_bytes(self.suite.block_bytes, "big")

    @property
    def _iv(self) -> bytes | None:
        if self.suite.name == "3des":
            return None
        return encrypt(self.suite, self.encryption_key, self._counter_block)

    def _mac(self, data: bytes) -> bytes:
        whole = self._counter_block + data
        # Retail MAC pads by itself; CMAC is given whole blocks by the standard.
        padded = whole if self.suite.name == "3des" else pad(self.suite, whole)
        return mac(self.suite, self.mac_key, padded)

    def _check(self, body: bytes, given: bytes, before: bytes = b"") -> None:
        covered = body[: body.rfind(tlv.build(MAC, given))]
        if not hmac.compare_digest(self._mac(before + covered), given):
            raise Broken("a wrong seal")

    def _encrypted(self, data: bytes, *, bare: bool = False) -> bytes:
        hidden = encrypt(
            self.suite, self.encryption_key, pad(self.suite, data), self._iv
        )
        if bare:
            return tlv.build(ENCRYPTED_BARE, hidden)
        return tlv.build(ENCRYPTED, b"\x01" + hidden)

    def _decrypted(self, parts: dict[int, bytes]) -> bytes:
        hidden = parts.get(ENCRYPTED_BARE)
        if ENCRYPTED in parts:
            if not parts[ENCRYPTED].startswith(b"\x01"):
                raise Broken("padding of another kind")
            hidden = parts[ENCRYPTED][1:]
        if hidden is None:
            return b""
        return unpad(decrypt(self.suite, self.encryption_key, hidden, self._iv))


def _le(command: Command) -> bytes:
    expected = command.expected or 0
    if command.is_extended:
        return (expected % EXTENDED).to_bytes(2, "big")
    return bytes([expected % SHORT])


def _algorithm(suite: Suite, key: bytes) -> BlockCipherAlgorithm:
    if suite.name == "3des":
        return TripleDES(key + key[:8])
    return algorithms.AES(key)


def _retail_mac(key: bytes, padded: bytes) -> bytes:
    """Compute ISO 9797-1, algorithm 3; single DES is 3DES with one key thrice."""
    single = Suite("3des", 16, 8, "sha1")
    chained = encrypt(single, key[:8] * 2, padded)[-8:]
    opened = decrypt(single, key[8:16] * 2, chained)
    return encrypt(single, key[:8] * 2, opened)
