"""PACE from the chip's side: generic mapping on one curve (ICAO 9303-11, 4.4)."""

from collections.abc import Callable
from dataclasses import dataclass, field

from sso.chip import agreement
from sso.chip.curves import CURVES
from sso.chip.messaging import FOR_PASSWORD, SUITES, Channel, derive, encrypt

PROTOCOL = "0.4.0.127.0.7.2.2.4.2.2"
CURVE = CURVES["BRAINPOOLP256r1"]
SUITE = SUITES["aes128"]
ASK_NONCE, MAP, AGREE, CONFIRM = (None, 0x81, 0x83, 0x85)
"""What the reader sends at each step, by its tag."""


class Refused(Exception):
    """Out of order, or with the wrong secret."""


@dataclass
class Pace:
    """One run; the steps come in order or not at all."""

    can: str
    random: Callable[[int], bytes]
    nonce: bytes = b""
    generator: bytes = b""
    own: bytes = b""
    theirs: bytes = b""
    channel: Channel | None = None
    """There once both sides share a secret; to be used once they proved it."""
    awaits: list[int | None] = field(
        default_factory=lambda: [ASK_NONCE, MAP, AGREE, CONFIRM]
    )

    def answer(self, tag: int | None, point: bytes) -> tuple[int, bytes]:
        """Take what the reader sent; return the tag and content of the answer."""
        if not self.awaits or self.awaits.pop(0) != tag:
            raise Refused
        steps = {MAP: self._map, AGREE: self._agree, CONFIRM: self._confirm}
        return steps[tag](point) if tag in steps else self._begin()

    def _begin(self) -> tuple[int, bytes]:
        self.nonce = self.random(16)
        password = derive(SUITE, self.can.encode(), FOR_PASSWORD)
        return 0x80, encrypt(SUITE, password, self.nonce)

    def _map(self, point: bytes) -> tuple[int, bytes]:
        secret = self._secret()
        own = agreement.times(CURVE, CURVE.maths.generator, secret)
        shared = agreement.times(CURVE, CURVE.point(point), secret)
        mapped = agreement.mapped_generator(CURVE, self.nonce, shared)
        self.generator = CURVE.encode(mapped)
        return 0x82, CURVE.encode(own)

    def _agree(self, point: bytes) -> tuple[int, bytes]:
        secret = self._secret()
        generator = CURVE.point(self.generator)
        self.own = CURVE.encode(agreement.times(CURVE, generator, secret))
        self.theirs = point
        shared = agreement.times(CURVE, CURVE.point(point), secret)
        self.channel = Channel(SUITE, agreement.x_of(CURVE, shared))
        return 0x84, self.own

    def _confirm(self, token: bytes) -> tuple[int, bytes]:
        if self.channel is None or token != self._token(self.own):
            raise Refused
        return 0x86, self._token(self.theirs)

    def _token(self, point: bytes) -> bytes:
        key = self.channel.mac_key if self.channel else b""
        return agreement.token(SUITE, key, PROTOCOL, point)

    def _secret(self) -> int:
        return 1 + int.from_bytes(self.random(40), "big") % (CURVE.order - 1)
