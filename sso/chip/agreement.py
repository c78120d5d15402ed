"""Agreeing on keys: PACE with a short secret, Chip Authentication with the chip's key.

For Chip Authentication the *server* chooses the other key and the station only carries
bytes.  A station that chose it could compute the same session keys from the public
EF.DG14 and forge every answer without a card.  The state between requests is one
secret number; all else follows from it and from EF.DG14, which the state signed.
"""

import hmac
from dataclasses import dataclass

from ecdsa.ellipticcurve import PointJacobi

from sso.chip import tlv
from sso.chip.apdu import SHORT, Command
from sso.chip.curves import Curve
from sso.chip.messaging import SUITES, Broken, Channel, Suite, mac
from sso.chip.security_infos import ChipKey, Protocol, SecurityInfos
from sso.chip.tlv import Malformed

PROBED_BYTES = 8
DG1_SHORT_ID = 0x01
PUBLIC_POINT = 0x7F49


def times(curve: Curve, point: PointJacobi, secret: int) -> PointJacobi:
    """Multiply; a result at infinity means that somebody chose the point to cheat."""
    product = point * (secret % curve.order)
    if product.x() is None:
        raise Malformed("a point of small order")
    return product


def mapped_generator(curve: Curve, nonce: bytes, shared: PointJacobi) -> PointJacobi:
    """Return the generator that only both sides know (generic mapping, 4.4.3.3.2)."""
    generator = curve.maths.generator * int.from_bytes(nonce, "big")
    return (generator + shared).to_affine()


def x_of(curve: Curve, point: PointJacobi) -> bytes:
    """Return the shared secret that a point stands for."""
    return int(point.x()).to_bytes(curve.field_bytes, "big")


def token(suite: Suite, mac_key: bytes, protocol: str, point: bytes) -> bytes:
    """Vouch for the other side's point (ICAO 9303-11, 4.4.3.4)."""
    named = tlv.build(0x06, tlv.oid_bytes(protocol)) + tlv.build(0x86, point)
    return mac(suite, mac_key, tlv.build(PUBLIC_POINT, named))


@dataclass(frozen=True)
class ChipAgreement:
    """One Chip Authentication from the server's side."""

    chip: ChipKey
    protocol: Protocol
    secret: int
    """The server's own key: a number below the curve's order, used once."""

    @property
    def curve(self) -> Curve:
        return self.chip.key.curve

    @property
    def point(self) -> bytes:
        own = times(self.curve, self.curve.maths.generator, self.secret)
        return self.curve.encode(own)

    def commands(self) -> list[Command]:
        """Return what the station sends within its own channel to begin."""
        key_id = b""
        if self.protocol.key_id is not None:
            key_id = tlv.build(0x84, _unsigned(self.protocol.key_id))
        if self.protocol.cipher == "3des":
            body = tlv.build(0x91, self.point) + key_id
            return [Command(0x00, 0x22, 0x41, 0xA6, body)]
        named = tlv.build(0x80, tlv.oid_bytes(self.protocol.oid)) + key_id
        shown = tlv.build(0x7C, tlv.build(0x80, self.point))
        return [
            Command(0x00, 0x22, 0x41, 0xA4, named),
            Command(0x00, 0x86, 0x00, 0x00, shown, SHORT),
        ]

    def channel(self) -> Channel:
        """Return the channel that only this server and the genuine chip can hold."""
        chip_point = self.curve.point(self.chip.key.encoded)
        shared = times(self.curve, chip_point, self.secret)
        return Channel(SUITES[self.protocol.cipher], x_of(self.curve, shared))

    def probe(self) -> bytes:
        """Return the protected command that only the genuine chip can answer."""
        return self.channel().wrap(_probe())

    def is_confirmed(self, answer: bytes, dg1: bytes) -> bool:
        """Say whether *answer* to the probe came from the chip, and holds this DG1."""
        channel = self.channel()
        channel.wrap(_probe())
        try:
            response = channel.unwrap(answer)
        except Broken:
            return False
        begin = dg1[:PROBED_BYTES]
        return response.is_success and hmac.compare_digest(response.data, begin)


def chip_agreement(infos: SecurityInfos, secret: int) -> ChipAgreement | None:
    """Begin Chip Authentication with *secret*; none where the card offers none."""
    if offer := infos.chip_agreement():
        return ChipAgreement(*offer, 1 + secret % (offer[0].key.curve.order - 1))
    return None


def _probe() -> Command:
    return Command(0x00, 0xB0, 0x80 | DG1_SHORT_ID, 0x00, b"", PROBED_BYTES)


def _unsigned(number: int) -> bytes:
    return number.to_bytes((number.bit_length() + 7) // 8 or 1, "big")
