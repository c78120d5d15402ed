"""Basic Access Control from the chip's side (ICAO 9303-11, 4.3)."""

import hmac
from hashlib import sha1

from sso.chip.messaging import (
    FOR_ENCRYPTION,
    FOR_MAC,
    SUITES,
    Channel,
    decrypt,
    derive,
    encrypt,
    mac,
)

SUITE = SUITES["3des"]
SENT_BYTES = 40


def answer(
    mrz_information: str, nonce: bytes, data: bytes, own_key: bytes
) -> tuple[bytes, Channel] | None:
    """Answer EXTERNAL AUTHENTICATE; none where the reader does not know the zone."""
    seed = sha1(mrz_information.encode()).digest()[:16]  # noqa: S324 -- the standard
    encryption = derive(SUITE, seed, FOR_ENCRYPTION)
    sealing = derive(SUITE, seed, FOR_MAC)
    hidden, seal = data[:-8], data[-8:]
    if len(data) != SENT_BYTES:
        return None
    if not hmac.compare_digest(mac(SUITE, sealing, hidden), seal):
        return None
    opened = decrypt(SUITE, encryption, hidden)
    reader_nonce, returned, reader_key = opened[:8], opened[8:16], opened[16:]
    if returned != nonce:
        return None
    reply = encrypt(SUITE, encryption, nonce + reader_nonce + own_key)
    secret = bytes(a ^ b for a, b in zip(reader_key, own_key, strict=True))
    counter = int.from_bytes(nonce[4:] + reader_nonce[4:], "big")
    return reply + mac(SUITE, sealing, reply), Channel(SUITE, secret, counter)
