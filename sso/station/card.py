"""One card in the reader: opened, read file by file, asked and answered for.

Reads are bounded: a file says its own length in its first bytes, and a length past what
such files can have ends the reading.
"""

import secrets
from collections.abc import Callable, Iterable

from sso.chip import security_infos, tlv
from sso.chip.apdu import SHORT, Command, Response, read_command, read_response
from sso.chip.curves import Curve
from sso.chip.messaging import Broken, Channel
from sso.chip.security_infos import Protocol
from sso.chip.tlv import Malformed
from sso.station import access
from sso.station.access import Random, Transmit
from sso.station.troubles import Stopped, Trouble

FILES = {"COM": 0x011E, "SOD": 0x011D}
FILES |= {f"DG{number}": 0x0100 + number for number in range(1, 17)}
CARD_ACCESS = 0x011C
LARGEST_BYTES = {"DG2": 200 * 1024}
LARGEST_OTHER_BYTES = 64 * 1024
HEADER_BYTES = 6
NEAR = 0x8000
"""Offsets from here on need the far form of READ BINARY."""
SHORT_PART, EXTENDED_PART = 223, 2000
NOT_FOUND = {0x6A82, 0x6A83, 0x6982}
EXTENDED_BIT = 0x40

Progress = Callable[[str, float], None]


class Card:
    """A card that has been opened; made by :func:`opened`."""

    def __init__(self, transmit: Transmit, channel: Channel, *, extended: bool) -> None:
        self.transmit, self.channel = transmit, channel
        self.part_bytes = EXTENDED_PART if extended else SHORT_PART
        self.most = EXTENDED_PART if extended else SHORT

    def send(self, command: Command) -> Response:
        """Send one command through the channel."""
        try:
            return self.channel.unwrap(self.transmit(self.channel.wrap(command)))
        except Broken as error:
            raise Stopped(Trouble.CHANNEL_BROKEN) from error

    def read(
        self, name: str, progress: Progress = lambda name, part: None
    ) -> bytes | None:
        """Read a file whole; None where the card has none of that name."""
        file_id = FILES[name].to_bytes(2, "big")
        chosen = self.send(Command(0x00, 0xA4, 0x02, 0x0C, file_id))
        if chosen.status in NOT_FOUND:
            return None
        if not chosen.is_success:
            raise Stopped(Trouble.ACCESS_FAILED)
        content = self._part(0, HEADER_BYTES)
        length = whole_length(content)
        if length > LARGEST_BYTES.get(name, LARGEST_OTHER_BYTES):
            raise Stopped(Trouble.FILE_TOO_LARGE)
        while len(content) < length:
            wanted = min(self.part_bytes, length - len(content))
            content += self._part(len(content), wanted)
            progress(name, len(content) / length)
        return content[:length]

    def answer(self, challenge: bytes) -> bytes | None:
        """Ask for Active Authentication; None where the chip gives no answer."""
        asked = Command(0x00, 0x88, 0x00, 0x00, challenge, self.most)
        answer = self.send(asked)
        return answer.data if answer.is_success and answer.data else None

    def relay(self, commands: Iterable[bytes], sealed: bytes) -> bytes:
        """Begin what the server asks for, then carry its own sealed command.

        What comes back is for the server alone; the station cannot read it.
        """
        for command in commands:
            self.send(access_command(command))
        return self.transmit(sealed)

    def _part(self, offset: int, length: int) -> bytes:
        if offset < NEAR:
            near = Command(0x00, 0xB0, offset >> 8, offset & 0xFF, b"", length)
            answer = self.send(near)
            found = answer.data
        else:
            place = tlv.build(0x54, offset.to_bytes(3, "big"))
            answer = self.send(Command(0x00, 0xB1, 0x00, 0x00, place, length + 4))
            found = _discretionary(answer.data)
        if not found or len(found) > length:
            raise Stopped(Trouble.ACCESS_FAILED)
        return found


def opened(
    transmit: Transmit,
    atr: bytes,
    number: str,
    dates: tuple[str, str] | None = None,
    random: Random = secrets.token_bytes,
) -> tuple[Card, str]:
    """Open the card that is in the reader; say also how: "pace" or "bac"."""
    extended = takes_extended(atr)
    if offer := _pace_offer(transmit):
        channel = access.pace(transmit, number[-6:], offer, random)
        card = Card(transmit, channel, extended=extended)
        if not card.send(_application()).is_success:
            raise Stopped(Trouble.NOT_AN_ID_CARD)
        return card, "pace"
    if not _plain(transmit, _application()).is_success:
        raise Stopped(Trouble.NOT_AN_ID_CARD)
    if dates is None:
        raise Stopped(Trouble.NEEDS_DATES)
    channel = access.bac(transmit, number, dates, random)
    return Card(transmit, channel, extended=extended), "bac"


def takes_extended(atr: bytes) -> bool:
    """Read from the historical bytes whether extended lengths are understood.

    Source: ISO 7816-4, 12.1.1.9 (card capabilities, third byte).
    """
    history = historical_bytes(atr)
    at = 1
    while history[:1] in (b"\x80", b"\x00") and at < len(history):
        tag, length = history[at] >> 4, history[at] & 0x0F
        if tag == 7 and length == 3:  # noqa: PLR2004
            return any(byte & EXTENDED_BIT for byte in history[at + 3 : at + 4])
        at += 1 + length
    return False


def historical_bytes(atr: bytes) -> bytes:
    """Find the historical bytes of an ATR (ISO 7816-3, 8.2)."""
    if len(atr) < 2:  # noqa: PLR2004
        return b""
    count, follow, at = atr[1] & 0x0F, atr[1] >> 4, 2
    while follow:
        present = bin(follow).count("1")
        more = follow & 0x8
        at += present
        follow = atr[at - 1] >> 4 if more and at <= len(atr) else 0
    return atr[at : at + count]


def whole_length(begin: bytes) -> int:
    """Return the length of a file, header and all, from its first bytes."""
    try:
        tag_bytes = 1 if begin[0] & 0x1F != 0x1F else 2  # noqa: PLR2004
        length = begin[tag_bytes]
        if length < 0x80:  # noqa: PLR2004
            return tag_bytes + 1 + length
        count = length & 0x7F
        if not 1 <= count <= 3:  # noqa: PLR2004
            raise Stopped(Trouble.FILE_TOO_LARGE)
        end = tag_bytes + 1 + count
        return end + int.from_bytes(begin[tag_bytes + 1 : end], "big")
    except IndexError as error:
        raise Stopped(Trouble.ACCESS_FAILED) from error


def access_command(data: bytes) -> Command:
    try:
        return read_command(data)
    except Malformed as error:
        raise Stopped(Trouble.SERVER_UNREADABLE) from error


def _pace_offer(transmit: Transmit) -> tuple[Protocol, Curve] | None:
    """Read EF.CardAccess; none where the card has none, or none that we speak."""
    file_id = CARD_ACCESS.to_bytes(2, "big")
    # Some cards select the master file first, others refuse it; either is harmless.
    _plain(transmit, Command(0x00, 0xA4, 0x00, 0x0C, b"\x3f\x00"))
    if not _plain(transmit, Command(0x00, 0xA4, 0x02, 0x0C, file_id)).is_success:
        return None
    answer = _plain(transmit, Command(0x00, 0xB0, 0x00, 0x00, b"", SHORT))
    try:
        whole = answer.data[: whole_length(answer.data)]
        return security_infos.read_infos(whole).pace()
    except (Malformed, Stopped):
        return None


def _application() -> Command:
    return Command(0x00, 0xA4, 0x04, 0x0C, access.AID)


def _plain(transmit: Transmit, command: Command) -> Response:
    try:
        return read_response(transmit(command.encode()))
    except Malformed as error:
        raise Stopped(Trouble.NOT_AN_ID_CARD) from error


def _discretionary(data: bytes) -> bytes:
    try:
        return tlv.value(data, 0x53)
    except Malformed as error:
        raise Stopped(Trouble.ACCESS_FAILED) from error
