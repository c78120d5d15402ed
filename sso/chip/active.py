"""Active Authentication: the chip signs a challenge with a key that never leaves it.

RSA signs by ISO 9796-2, scheme 1, and the message is half recovered from the signature;
ECDSA signs plainly, though some states wrap it in ASN.1 (ICAO 9303-11, 6.1).
"""

import hmac

from sso.chip import keys, tlv
from sso.chip.keys import EcKey, PublicKey, RsaKey
from sso.chip.security_infos import SecurityInfos

DG15 = 0x6F
HEADER, SHORT_TRAILER, LONG_TRAILER = 0x6A, 0xBC, 0xCC
TRAILERS = {0x33: "sha1", 0x38: "sha224", 0x34: "sha256", 0x36: "sha384"}
TRAILERS |= {0x35: "sha512"}
SUCCESS = b"\x90\x00"


def read_dg15(data: bytes) -> PublicKey:
    """Read EF.DG15; raise Malformed."""
    return keys.read_key(tlv.value(data, DG15))


def is_answered(
    key: PublicKey, challenge: bytes, answer: bytes, infos: SecurityInfos | None
) -> bool:
    """Say whether *answer* proves that the chip holds the key to *challenge*.

    A status word of success behind the answer is cut off.
    """
    if isinstance(key, RsaKey):
        answer = _without_status(answer, key.size_bytes)
        return _is_answered_by_rsa(key, challenge, answer)
    digest = digest_of(key, infos)
    pairs = (
        keys.plain_pair(key.curve, _without_status(answer, 2 * key.curve.order_bytes)),
        keys.der_pair(answer) or keys.der_pair(answer.removesuffix(SUCCESS)),
    )
    return any(keys.is_signed_pair(key, digest, challenge, p) for p in pairs if p)


def digest_of(key: EcKey, infos: SecurityInfos | None) -> str:
    """Return the digest that DG14 names; else the longest that the key can hold."""
    named = infos.active_authentication if infos else None
    known = keys.PLAIN_ECDSA_SIGNATURES | keys.ECDSA_SIGNATURES
    if named in known:
        return known[named]
    sizes = {"sha512": 512, "sha384": 384, "sha256": 256, "sha224": 224}
    bits = key.curve.order.bit_length()
    return next((name for name, size in sizes.items() if bits >= size), "sha1")


def recover(key: RsaKey, answer: bytes) -> tuple[bytes, bytes, str] | None:
    """Return M1, the hash and its name out of an RSA signature; none if malformed.

    Source: ISO 9796-2:2010, scheme 1, with either of the two forms of a signature.
    """
    number = int.from_bytes(answer, "big")
    if len(answer) != key.size_bytes or number >= key.n:
        return None
    opened = pow(number, key.e, key.n)
    for candidate in (opened, key.n - opened):
        block = candidate.to_bytes(key.size_bytes, "big")
        if block[0] == HEADER and (found := _split(block)):
            return found
    return None


def _split(block: bytes) -> tuple[bytes, bytes, str] | None:
    if block[-1] == SHORT_TRAILER:
        name, end = "sha1", len(block) - 1
    elif block[-1] == LONG_TRAILER and block[-2] in TRAILERS:
        name, end = TRAILERS[block[-2]], len(block) - 2
    else:
        return None
    begin = end - len(keys.digest_of(name, b""))
    return (block[1:begin], block[begin:end], name) if begin > 1 else None


def _is_answered_by_rsa(key: RsaKey, challenge: bytes, answer: bytes) -> bool:
    found = recover(key, answer)
    if found is None:
        return False
    nonce, hashed, name = found
    return hmac.compare_digest(keys.digest_of(name, nonce + challenge), hashed)


def _without_status(answer: bytes, size: int) -> bytes:
    if len(answer) == size + 2 and answer.endswith(SUCCESS):
        return answer[:size]
    return answer
