"""A chip made of software: it answers commands as a card of our country does.

It speaks BAC, PACE with a card access number, secure messaging, Active and Chip
Authentication, and can be told to cheat or to fail.  Source: ICAO 9303-11; what is
peculiar to Vietnamese cards (SELECT MF answers 6D00) is imitated.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import new

from sso.chip import agreement, tlv
from sso.chip.apdu import SECURE, SHORT, Command, Response, read_command
from sso.chip.curves import CURVES
from sso.chip.messaging import SUITES, Broken, Channel
from sso.chip.tlv import Malformed
from sso.virtual_card import bac
from sso.virtual_card.documents import Document, card_access
from sso.virtual_card.issuing import EcPair, Pair
from sso.virtual_card.pace import PROTOCOL, Pace, Refused

AID = bytes.fromhex("A0000002471001")
CARD_ACCESS, COM, SOD = 0x011C, 0x011E, 0x011D
CAN, OWN_POINT = b"\x02", 0x80
LARGEST_ANSWER = 4096
OK, WRONG_LENGTH, NOT_SATISFIED, NO_FILE = 0x9000, 0x6700, 0x6982, 0x6A82
NOT_SUPPORTED, BAD_DATA, WRONG_PASSWORD, SM_WRONG = 0x6D00, 0x6A80, 0x6300, 0x6988
PAST_END = 0x6B00


class Gone(Exception):
    """The card has left the reader."""


@dataclass(frozen=True)
class Behaviour:
    """How the chip behaves; the defaults are those of a lawful card."""

    speaks_pace: bool = True
    speaks_bac: bool = True
    takes_extended: bool = True
    answers_active: bool = True
    recorded_answer: bytes | None = None
    """What it gives to every challenge, whatever that is."""
    agrees: bool = True
    leaves_after: int | None = None
    """Pulled out of the reader after so many commands."""


LAWFUL = Behaviour()


@dataclass
class _Session:
    """What one stay in the reader has come to."""

    selected: int | None = None
    in_application: bool = False
    channel: Channel | None = None
    next_channel: Channel | None = None
    bac_nonce: bytes | None = None
    pace: Pace | None = None
    agreement_named: bool = False
    served: int = 0


class VirtualChip:
    """One card in one reader."""

    def __init__(
        self,
        document: Document,
        behaviour: Behaviour = LAWFUL,
        random: Callable[[int], bytes] = secrets.token_bytes,
    ) -> None:
        self.document, self.behaviour, self.random = document, behaviour, random
        self.files = {COM: document.com, SOD: document.sod}
        self.files |= {0x0100 + n: content for n, content in document.groups.items()}
        self.session = _Session()

    @property
    def atr(self) -> bytes:
        """Historical bytes say whether extended lengths are understood."""
        capability = 0x40 if self.behaviour.takes_extended else 0x00
        history = bytes((0x80, 0x73, 0xC0, 0x21, capability))
        body = bytes((0x80 | len(history), 0x80, 0x01)) + history
        check = 0
        for byte in body:
            check ^= byte
        return b"\x3b" + body + bytes([check])

    def reset(self) -> None:
        """Power up anew."""
        self.session = _Session(served=self.session.served)

    def transmit(self, data: bytes) -> bytes:
        """Answer one command."""
        self.session.served += 1
        limit = self.behaviour.leaves_after
        if limit is not None and self.session.served > limit:
            raise Gone
        try:
            return self._answer(read_command(data))
        except Malformed:
            return Response(b"", WRONG_LENGTH).encode()

    def _answer(self, command: Command) -> bytes:
        if command.is_extended and not self.behaviour.takes_extended:
            return Response(b"", WRONG_LENGTH).encode()
        session = self.session
        if command.cla & SECURE != SECURE:
            session.channel = None
            response = self._serve(command)
            session.channel, session.next_channel = session.next_channel, None
            return response.encode()
        if session.channel is None:
            return Response(b"", SM_WRONG).encode()
        try:
            plain = session.channel.open(command)
        except Broken:
            session.channel = None
            return Response(b"", SM_WRONG).encode()
        # What agrees on new keys is still answered under the old ones.
        sealed = session.channel.seal(self._serve(plain))
        if session.next_channel:
            session.channel, session.next_channel = session.next_channel, None
        return sealed

    def _serve(self, command: Command) -> Response:
        served = {
            0xA4: self._select,
            0xB0: self._read,
            0xB1: self._read_far,
            0x84: self._challenge,
            0x82: self._authenticate,
            0x22: self._set_environment,
            0x86: self._general_authenticate,
            0x88: self._internal_authenticate,
        }.get(command.ins)
        return served(command) if served else Response(b"", NOT_SUPPORTED)

    def _select(self, command: Command) -> Response:
        if (command.p1, command.p2) == (0x00, 0x0C):
            return Response(b"", NOT_SUPPORTED)
        if command.p1 == 0x04:  # noqa: PLR2004
            found = command.data == AID
            self.session.in_application = found
            return Response(b"", OK if found else NO_FILE)
        return self._choose(int.from_bytes(command.data, "big"))

    def _choose(self, file_id: int) -> Response:
        if file_id == CARD_ACCESS and self.behaviour.speaks_pace:
            self.session.selected = file_id
            return Response(b"", OK)
        if not self.session.in_application or file_id not in self.files:
            return Response(b"", NO_FILE)
        if self.session.channel is None:
            return Response(b"", NOT_SATISFIED)
        self.session.selected = file_id
        return Response(b"", OK)

    def _read(self, command: Command) -> Response:
        offset = command.p1 << 8 | command.p2
        if command.p1 & 0x80:
            chosen = self._choose(0x0100 | command.p1 & 0x1F)
            if not chosen.is_success:
                return chosen
            offset = command.p2
        return self._part(offset, command.expected)

    def _read_far(self, command: Command) -> Response:
        """Read beyond 32 kB: the offset travels as an object, and so do the bytes."""
        offset = int.from_bytes(tlv.value(command.data, 0x54), "big")
        part = self._part(offset, (command.expected or SHORT) - 4)
        if not part.is_success:
            return part
        return Response(tlv.build(0x53, part.data), OK)

    def _part(self, offset: int, expected: int | None) -> Response:
        selected = self.session.selected
        if selected is None:
            return Response(b"", NO_FILE)
        if selected != CARD_ACCESS and self.session.channel is None:
            return Response(b"", NOT_SATISFIED)
        content = card_access() if selected == CARD_ACCESS else self.files[selected]
        if offset >= len(content):
            return Response(b"", PAST_END)
        return Response(
            content[offset : offset + min(expected or 0, LARGEST_ANSWER)], OK
        )

    def _challenge(self, command: Command) -> Response:
        if not (self.behaviour.speaks_bac and self.session.in_application):
            return Response(b"", NOT_SATISFIED)
        self.session.bac_nonce = self.random(8)
        return Response(self.session.bac_nonce, OK)

    def _authenticate(self, command: Command) -> Response:
        nonce, self.session.bac_nonce = self.session.bac_nonce, None
        if nonce is None:
            return Response(b"", NOT_SATISFIED)
        information = self.document.mrz_information
        found = bac.answer(information, nonce, command.data, self.random(16))
        if found is None:
            return Response(b"", WRONG_PASSWORD)
        answer, self.session.next_channel = found
        return Response(answer, OK)

    def _set_environment(self, command: Command) -> Response:
        if (command.p1, command.p2) == (0xC1, 0xA4) and self.behaviour.speaks_pace:
            parts = {part.tag: part.value for part in tlv.walk(command.data)}
            known = parts.get(0x80) == tlv.oid_bytes(PROTOCOL)
            if not known or parts.get(0x83) != CAN:
                return Response(b"", BAD_DATA)
            self.session.pace = Pace(self.document.can, self.random)
            return Response(b"", OK)
        if (command.p1, command.p2) == (0x41, 0xA4) and self._may_agree():
            self.session.agreement_named, self.session.pace = True, None
            return Response(b"", OK)
        return Response(b"", BAD_DATA)

    def _general_authenticate(self, command: Command) -> Response:
        parts = {
            part.tag: part.value for part in tlv.walk(tlv.value(command.data, 0x7C))
        }
        if self.session.pace:
            return self._pace(self.session.pace, parts)
        if self.session.agreement_named and OWN_POINT in parts and self._may_agree():
            return self._agree(parts[OWN_POINT])
        return Response(b"", NOT_SATISFIED)

    def _may_agree(self) -> bool:
        key = self.document.agreement_key
        return key is not None and self.behaviour.agrees and bool(self.session.channel)

    def _agree(self, point: bytes) -> Response:
        key = self.document.agreement_key
        assert key is not None  # noqa: S101 -- asked before
        curve = CURVES[key.curve_name]
        secret = int(key.private.privkey.secret_multiplier)
        shared = agreement.times(curve, curve.point(point), secret)
        secret_x = agreement.x_of(curve, shared)
        self.session.next_channel = Channel(SUITES["aes128"], secret_x)
        return Response(tlv.build(0x7C, b""), OK)

    def _internal_authenticate(self, command: Command) -> Response:
        if self.session.channel is None:
            return Response(b"", NOT_SATISFIED)
        key, behaviour = self.document.active_key, self.behaviour
        if behaviour.recorded_answer is not None:
            return Response(behaviour.recorded_answer, OK)
        if key is None or not behaviour.answers_active:
            return Response(b"", NOT_SUPPORTED)
        return Response(active_answer(key, command.data, self.random), OK)

    def _pace(self, run: Pace, parts: dict[int, bytes]) -> Response:
        tag = next(iter(parts), None)
        try:
            answer = run.answer(tag, parts[tag] if tag else b"")
        except Refused:
            self.session.pace = None
            return Response(b"", WRONG_PASSWORD)
        if not run.awaits:
            self.session.pace, self.session.next_channel = None, run.channel
        return Response(tlv.build(0x7C, tlv.build(*answer)), OK)


def active_answer(
    key: Pair, challenge: bytes, random: Callable[[int], bytes] = secrets.token_bytes
) -> bytes:
    """Answer a challenge as the chip that holds the key does."""
    if isinstance(key, EcPair):
        return key.sign_plain(challenge)
    numbers = key.private.private_numbers()
    n = numbers.public_numbers.n
    size = (n.bit_length() + 7) // 8
    nonce = random(size - 3 - 32)
    hashed = new("sha256", nonce + challenge).digest()
    block = int.from_bytes(b"\x6a" + nonce + hashed + b"\x34\xcc", "big")
    return pow(block, numbers.d, n).to_bytes(size, "big")
