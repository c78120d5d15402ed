"""Public keys, and the signatures that they check.

``cryptography`` does the work; it knows neither curves that are written out nor some of
the smaller brainpool curves, so keys are read here and the rest goes to ``ecdsa``.
"""

import hashlib
from dataclasses import dataclass

import ecdsa
from asn1crypto import algos
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from sso.chip import tlv
from sso.chip.curves import Curve, read_parameters
from sso.chip.tlv import Malformed

RSA_KEY, RSA_PSS_KEY, EC_KEY = (
    "1.2.840.113549.1.1.1",
    "1.2.840.113549.1.1.10",
    "1.2.840.10045.2.1",
)
HASHES: dict[str, type[hashes.HashAlgorithm]] = {
    "sha1": hashes.SHA1,
    "sha224": hashes.SHA224,
    "sha256": hashes.SHA256,
    "sha384": hashes.SHA384,
    "sha512": hashes.SHA512,
}
DIGESTS = {
    "1.3.14.3.2.26": "sha1",
    "2.16.840.1.101.3.4.2.4": "sha224",
    "2.16.840.1.101.3.4.2.1": "sha256",
    "2.16.840.1.101.3.4.2.2": "sha384",
    "2.16.840.1.101.3.4.2.3": "sha512",
}
RSA_SIGNATURES = {
    "1.2.840.113549.1.1.5": "sha1",
    "1.2.840.113549.1.1.14": "sha224",
    "1.2.840.113549.1.1.11": "sha256",
    "1.2.840.113549.1.1.12": "sha384",
    "1.2.840.113549.1.1.13": "sha512",
}
ECDSA_SIGNATURES = {
    "1.2.840.10045.4.1": "sha1",
    "1.2.840.10045.4.3.1": "sha224",
    "1.2.840.10045.4.3.2": "sha256",
    "1.2.840.10045.4.3.3": "sha384",
    "1.2.840.10045.4.3.4": "sha512",
}
PLAIN_ECDSA_SIGNATURES = {
    "0.4.0.127.0.7.1.1.4.1.1": "sha1",
    "0.4.0.127.0.7.1.1.4.1.2": "sha224",
    "0.4.0.127.0.7.1.1.4.1.3": "sha256",
    "0.4.0.127.0.7.1.1.4.1.4": "sha384",
    "0.4.0.127.0.7.1.1.4.1.5": "sha512",
}
"""r and s side by side (BSI TR-03111, 5.2.1)."""
SMALLEST_RSA_BITS, LARGEST_RSA_BITS = 1024, 8192
INTEGER, SEQUENCE, BIT_STRING = 0x02, 0x30, 0x03


@dataclass(frozen=True, slots=True)
class RsaKey:
    n: int
    e: int

    @property
    def size_bytes(self) -> int:
        return (self.n.bit_length() + 7) // 8


@dataclass(frozen=True, slots=True)
class EcKey:
    curve: Curve
    encoded: bytes
    """The public point, as it was written."""


PublicKey = RsaKey | EcKey


@dataclass(frozen=True, slots=True)
class Scheme:
    """How a signature is made; *salt_bytes* and *mask_digest* are for PSS alone."""

    kind: str
    digest: str
    mask_digest: str = ""
    salt_bytes: int = 0

    def __str__(self) -> str:
        return f"{self.kind} {self.digest.upper().replace('SHA', 'SHA-')}"


def read_key(info: bytes) -> PublicKey:
    """Read a SubjectPublicKeyInfo; raise Malformed where it cannot be used."""
    algorithm, key, *_ = tlv.walk(tlv.value(info, SEQUENCE))
    kind, *parameters = tlv.walk(algorithm.value)
    if key.tag != BIT_STRING or key.value[:1] != b"\x00":
        raise Malformed("a public key that is no string of whole bytes")
    name = tlv.oid(kind.value)
    if name in (RSA_KEY, RSA_PSS_KEY):
        return _rsa(key.value[1:])
    if name == EC_KEY and parameters:
        curve = read_parameters(parameters[0])
        _check_point(curve, key.value[1:])
        return EcKey(curve, key.value[1:])
    raise Malformed(f"a key of the kind {name}")


def read_scheme(algorithm: algos.SignedDigestAlgorithm, digest: str) -> Scheme:
    """Read an AlgorithmIdentifier; *digest* is used where it names none of its own."""
    name = algorithm["algorithm"].dotted
    if name == RSA_PSS_KEY:
        return _pss(algorithm["parameters"])
    if name == RSA_KEY:
        return Scheme("RSA", digest)
    for kind, names in (
        ("RSA", RSA_SIGNATURES),
        ("ECDSA", ECDSA_SIGNATURES),
        ("ECDSA-plain", PLAIN_ECDSA_SIGNATURES),
    ):
        if name in names:
            return Scheme(kind, names[name])
    raise Malformed(f"a signature of the kind {name}")


def is_signed(key: PublicKey, scheme: Scheme, message: bytes, signature: bytes) -> bool:
    """Say whether *signature* is the key's own on *message*."""
    if isinstance(key, RsaKey):
        return scheme.kind in ("RSA", "RSA-PSS") and _is_signed_by_rsa(
            key, scheme, message, signature
        )
    if not scheme.kind.startswith("ECDSA"):
        return False
    if scheme.kind == "ECDSA-plain":
        pair = plain_pair(key.curve, signature)
    else:
        pair = der_pair(signature)
    return pair is not None and is_signed_pair(key, scheme.digest, message, pair)


def is_signed_pair(
    key: EcKey, digest: str, message: bytes, pair: tuple[int, int]
) -> bool:
    """Say whether (r, s) is the key's signature on *message*."""
    r, s = pair
    if not (0 < r < key.curve.order and 0 < s < key.curve.order):
        return False
    native = key.curve.native
    if native is None:
        return _is_signed_by_small_curve(key, digest, message, pair)
    public = ec.EllipticCurvePublicKey.from_encoded_point(native, key.encoded)
    try:
        public.verify(encode_dss_signature(r, s), message, ec.ECDSA(HASHES[digest]()))
    except InvalidSignature:
        return False
    return True


def plain_pair(curve: Curve, signature: bytes) -> tuple[int, int] | None:
    """Read r and s that stand side by side, each as long as the curve's order."""
    size = curve.order_bytes
    if len(signature) != 2 * size:
        return None
    r, s = signature[:size], signature[size:]
    return int.from_bytes(r, "big"), int.from_bytes(s, "big")


def der_pair(signature: bytes) -> tuple[int, int] | None:
    """Read r and s from their ASN.1 sequence; none where it is not one."""
    try:
        parts = list(tlv.walk(tlv.value(signature, SEQUENCE)))
    except Malformed:
        return None
    if [part.tag for part in parts] != [INTEGER, INTEGER]:
        return None
    return tlv.integer(parts[0].value), tlv.integer(parts[1].value)


def _is_signed_by_rsa(
    key: RsaKey, scheme: Scheme, message: bytes, signature: bytes
) -> bool:
    digest = HASHES[scheme.digest]()
    way: padding.AsymmetricPadding = padding.PKCS1v15()
    if scheme.kind == "RSA-PSS":
        mask = padding.MGF1(HASHES[scheme.mask_digest]())
        way = padding.PSS(mgf=mask, salt_length=scheme.salt_bytes)
    try:
        public = rsa.RSAPublicNumbers(key.e, key.n).public_key()
        public.verify(signature, message, way, digest)
    except (InvalidSignature, UnsupportedAlgorithm, ValueError):
        return False
    return True


def _is_signed_by_small_curve(
    key: EcKey, digest: str, message: bytes, pair: tuple[int, int]
) -> bool:
    point = key.curve.point(key.encoded)
    public = ecdsa.ecdsa.Public_key(key.curve.maths.generator, point, verify=False)
    hashed = digest_of(digest, message)
    number = int.from_bytes(hashed, "big")
    number >>= max(0, 8 * len(hashed) - key.curve.order.bit_length())
    return bool(public.verifies(number, ecdsa.ecdsa.Signature(*pair)))


def _check_point(curve: Curve, encoded: bytes) -> None:
    """Refuse a point that is not on its curve, by the fast library if it can."""
    native = curve.native
    if native is None:
        curve.point(encoded)
        return
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(native, encoded)
    except ValueError as error:
        raise Malformed("a point that is not on its curve") from error


def _rsa(encoded: bytes) -> RsaKey:
    parts = list(tlv.walk(tlv.value(encoded, SEQUENCE)))
    if [part.tag for part in parts] != [INTEGER, INTEGER]:
        raise Malformed("an RSA key that is not two numbers")
    n, e = (tlv.integer(part.value) for part in parts)
    if not SMALLEST_RSA_BITS <= n.bit_length() <= LARGEST_RSA_BITS:
        raise Malformed("an RSA key of a size that nobody uses")
    if not (n > 0 and n % 2 and e % 2 and 3 <= e < 1 << 64):  # noqa: PLR2004
        raise Malformed("an RSA key that cannot work")
    return RsaKey(n, e)


def _pss(parameters: algos.RSASSAPSSParams) -> Scheme:
    """Read RSASSA-PSS-params (RFC 4055, 3.1); what is left out is SHA-1 and 20."""
    mask = parameters["mask_gen_algorithm"]
    if mask["algorithm"].dotted != "1.2.840.113549.1.1.8":
        raise Malformed("a mask that is not MGF1")
    salt = int(parameters["salt_length"].native)
    if not 0 <= salt <= 512:  # noqa: PLR2004
        raise Malformed("a salt of a length that cannot be")
    return Scheme(
        "RSA-PSS",
        digest_name(parameters["hash_algorithm"]["algorithm"].dotted),
        digest_name(mask["parameters"]["algorithm"].dotted),
        salt,
    )


def digest_name(dotted: str) -> str:
    """Return the name that hashlib has for a digest; raise Malformed for others."""
    if dotted not in DIGESTS:
        raise Malformed(f"a digest of the kind {dotted}")
    return DIGESTS[dotted]


def digest_of(name: str, content: bytes) -> bytes:
    return hashlib.new(name, content).digest()
