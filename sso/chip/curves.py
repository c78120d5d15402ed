"""Elliptic curves: names for what certificates write out as numbers.

Most issuers of passports write a curve's parameters out in full.  They are looked up
here, generator and all: a certificate that keeps a curve's equation but brings its own
generator can be given any private key (CVE-2020-0601).
"""

from dataclasses import dataclass

import ecdsa.curves
from cryptography.hazmat.primitives.asymmetric import ec
from ecdsa.ellipticcurve import Point, PointJacobi
from ecdsa.errors import MalformedPointError

from sso.chip import tlv
from sso.chip.tlv import Malformed

IN_CRYPTOGRAPHY: dict[str, type[ec.EllipticCurve]] = {
    "NIST192p": ec.SECP192R1,
    "NIST224p": ec.SECP224R1,
    "NIST256p": ec.SECP256R1,
    "NIST384p": ec.SECP384R1,
    "NIST521p": ec.SECP521R1,
    "BRAINPOOLP256r1": ec.BrainpoolP256R1,
    "BRAINPOOLP384r1": ec.BrainpoolP384R1,
    "BRAINPOOLP512r1": ec.BrainpoolP512R1,
}
ONLY_IN_ECDSA = (
    *("BRAINPOOLP160r1", "BRAINPOOLP192r1", "BRAINPOOLP224r1", "BRAINPOOLP320r1"),
    *("BRAINPOOLP160t1", "BRAINPOOLP192t1", "BRAINPOOLP224t1", "BRAINPOOLP256t1"),
    *("BRAINPOOLP320t1", "BRAINPOOLP384t1", "BRAINPOOLP512t1"),
)
ENCODINGS = ("uncompressed", "compressed")
PRIME_FIELD = "1.2.840.10045.1.1"


@dataclass(frozen=True, slots=True)
class Curve:
    """One curve that the house knows; sizes in bytes."""

    name: str
    maths: ecdsa.curves.Curve

    @property
    def field_bytes(self) -> int:
        return (int(self.maths.curve.p()).bit_length() + 7) // 8

    @property
    def order(self) -> int:
        return int(self.maths.order)

    @property
    def order_bytes(self) -> int:
        return (self.order.bit_length() + 7) // 8

    @property
    def native(self) -> ec.EllipticCurve | None:
        """The same curve in the fast library, where that has it."""
        kind = IN_CRYPTOGRAPHY.get(self.name)
        return kind() if kind else None

    @property
    def numbers(self) -> tuple[int, int, int, int, int, int]:
        """p, a, b, the generator and its order: what makes the curve."""
        maths, generator = self.maths.curve, self.maths.generator
        p = int(maths.p())
        return (
            p,
            int(maths.a()) % p,
            int(maths.b()) % p,
            int(generator.x()),
            int(generator.y()),
            self.order,
        )

    @property
    def generator_forms(self) -> tuple[bytes, bytes]:
        """How the generator may be written: whole, or by x and the parity of y."""
        whole = self.encode(self.maths.generator)
        half = 1 + self.field_bytes
        return whole, bytes([2 + whole[-1] % 2]) + whole[1:half]

    def point(self, encoded: bytes) -> PointJacobi:
        """Read a point; one that is not on the curve is refused."""
        try:
            return PointJacobi.from_bytes(
                self.maths.curve, encoded, valid_encodings=ENCODINGS, order=self.order
            )
        except MalformedPointError as error:
            raise Malformed("a point that is not on its curve") from error

    def encode(self, point: Point | PointJacobi) -> bytes:
        """Write a point uncompressed."""
        size = self.field_bytes
        return (
            b"\x04"
            + int(point.x()).to_bytes(size, "big")
            + int(point.y()).to_bytes(size, "big")
        )


CURVES = {
    name: Curve(name, next(c for c in ecdsa.curves.curves if c.name == name))
    for name in (*IN_CRYPTOGRAPHY, *ONLY_IN_ECDSA)
}
BY_OID = {".".join(map(str, c.maths.oid)): c for c in CURVES.values()}
BY_NUMBERS = {c.numbers: c for c in CURVES.values()}
BY_PARAMETER_ID = {
    8: CURVES["NIST192p"],
    9: CURVES["BRAINPOOLP192r1"],
    10: CURVES["NIST224p"],
    11: CURVES["BRAINPOOLP224r1"],
    12: CURVES["NIST256p"],
    13: CURVES["BRAINPOOLP256r1"],
    14: CURVES["BRAINPOOLP320r1"],
    15: CURVES["NIST384p"],
    16: CURVES["BRAINPOOLP384r1"],
    17: CURVES["BRAINPOOLP512r1"],
    18: CURVES["NIST521p"],
}
"""The standardised domain parameters (ICAO 9303-11, table 4)."""


def read_parameters(parameters: tlv.Tlv) -> Curve:
    """Find the curve that an AlgorithmIdentifier names or writes out."""
    if parameters.tag == 0x06:  # noqa: PLR2004
        curve = BY_OID.get(tlv.oid(parameters.value))
    elif parameters.tag == 0x30:  # noqa: PLR2004
        curve = _written_out(parameters.value)
    else:
        raise Malformed("a key without its curve")
    if curve is None:
        raise Malformed("a curve that nobody knows")
    return curve


def _written_out(body: bytes) -> Curve | None:
    """Read SpecifiedECDomain (RFC 3279, 2.3.5)."""
    _version, field, coefficients, base, order, *rest = tlv.walk(body)
    kind, prime = tlv.walk(field.value)
    if tlv.oid(kind.value) != PRIME_FIELD:
        return None
    if rest and rest[0].tag == 0x02 and tlv.integer(rest[0].value) != 1:  # noqa: PLR2004
        return None
    a, b, *_seed = (int.from_bytes(part.value, "big") for part in _two(coefficients))
    p = tlv.integer(prime.value)
    for curve in CURVES.values():
        known = curve.numbers
        same = known[:3] == (p, a, b) and known[5] == tlv.integer(order.value)
        if same and base.value in curve.generator_forms:
            return curve
    return None


def _two(coefficients: tlv.Tlv) -> list[tlv.Tlv]:
    return list(tlv.walk(coefficients.value))[:2]
