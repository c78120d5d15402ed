"""Open a chip: PACE with the last six digits, or BAC with the zone's dates.

Neither says anything about who holds the card: whoever knows the number can do it.
Source: ICAO 9303-11, 4.3 and 4.4.
"""

import secrets
from collections.abc import Callable
from hashlib import sha1

from sso.chip import agreement, tlv
from sso.chip.apdu import SHORT, Command, Response, read_response
from sso.chip.curves import Curve
from sso.chip.messaging import (
    FOR_ENCRYPTION,
    FOR_MAC,
    FOR_PASSWORD,
    SUITES,
    Channel,
    decrypt,
    derive,
    encrypt,
    mac,
)
from sso.chip.mrz import check_digit
from sso.chip.security_infos import Protocol
from sso.chip.tlv import Malformed
from sso.station.troubles import Stopped, Trouble

Transmit = Callable[[bytes], bytes]
Random = Callable[[int], bytes]
AID = bytes.fromhex("A0000002471001")
CAN = b"\x02"
BAC = SUITES["3des"]
MORE_TO_COME = 0x10
"""In the class byte: this command is one of a chain."""


def pace(
    transmit: Transmit,
    can: str,
    offer: tuple[Protocol, Curve],
    random: Random = secrets.token_bytes,
) -> Channel:
    """Agree on a channel with the card access number; raise Stopped."""
    protocol, curve = offer
    suite = SUITES[protocol.cipher]
    named = tlv.build(0x80, tlv.oid_bytes(protocol.oid)) + tlv.build(0x83, CAN)
    _done(transmit, Command(0x00, 0x22, 0xC1, 0xA4, named))
    password = derive(suite, can.encode(), FOR_PASSWORD)
    nonce = decrypt(suite, password, _step(transmit, b"", 0x80))

    secret = _secret(curve, random)
    own = curve.encode(agreement.times(curve, curve.maths.generator, secret))
    theirs = curve.point(_step(transmit, tlv.build(0x81, own), 0x82))
    shared = agreement.times(curve, theirs, secret)
    generator = agreement.mapped_generator(curve, nonce, shared)

    secret = _secret(curve, random)
    own = curve.encode(agreement.times(curve, generator, secret))
    shown = _step(transmit, tlv.build(0x83, own), 0x84)
    if shown == own:
        raise Stopped(Trouble.ACCESS_FAILED)
    shared = agreement.times(curve, curve.point(shown), secret)
    channel = Channel(suite, agreement.x_of(curve, shared))

    mine = agreement.token(suite, channel.mac_key, protocol.oid, shown)
    try:
        answer = _step(transmit, tlv.build(0x85, mine), 0x86, last=True)
    except Stopped as stopped:
        raise Stopped(Trouble.WRONG_NUMBER) from stopped
    if answer != agreement.token(suite, channel.mac_key, protocol.oid, own):
        raise Stopped(Trouble.ACCESS_FAILED)
    return channel


def bac(
    transmit: Transmit,
    number: str,
    dates: tuple[str, str],
    random: Random = secrets.token_bytes,
) -> Channel:
    """Agree on a channel with what is printed; *dates* are yymmdd: born, expires."""
    parts = (number[-9:], *dates)
    information = "".join(part + check_digit(part) for part in parts)
    seed = sha1(information.encode()).digest()[:16]  # noqa: S324 -- the standard
    encryption = derive(BAC, seed, FOR_ENCRYPTION)
    sealing = derive(BAC, seed, FOR_MAC)
    nonce = _done(transmit, Command(0x00, 0x84, 0x00, 0x00, b"", 8)).data
    own_nonce, own_key = random(8), random(16)
    hidden = encrypt(BAC, encryption, own_nonce + nonce + own_key)
    data = hidden + mac(BAC, sealing, hidden)
    answer = _sent(transmit, Command(0x00, 0x82, 0x00, 0x00, data, 40))
    if not answer.is_success:
        raise Stopped(Trouble.WRONG_NUMBER)
    hidden, seal = answer.data[:-8], answer.data[-8:]
    opened = decrypt(BAC, encryption, hidden)
    if mac(BAC, sealing, hidden) != seal or opened[:16] != nonce + own_nonce:
        raise Stopped(Trouble.ACCESS_FAILED)
    secret = bytes(a ^ b for a, b in zip(own_key, opened[16:32], strict=True))
    return Channel(BAC, secret, int.from_bytes(nonce[4:] + own_nonce[4:], "big"))


def _step(
    transmit: Transmit, content: bytes, wanted: int, *, last: bool = False
) -> bytes:
    cla = 0x00 if last else MORE_TO_COME
    data = tlv.build(0x7C, content)
    answer = _done(transmit, Command(cla, 0x86, 0x00, 0x00, data, SHORT))
    try:
        return tlv.first(tlv.value(answer.data, 0x7C), wanted)
    except Malformed as error:
        raise Stopped(Trouble.ACCESS_FAILED) from error


def _done(transmit: Transmit, command: Command) -> Response:
    answer = _sent(transmit, command)
    if not answer.is_success:
        raise Stopped(Trouble.ACCESS_FAILED)
    return answer


def _sent(transmit: Transmit, command: Command) -> Response:
    try:
        return read_response(transmit(command.encode()))
    except Malformed as error:
        raise Stopped(Trouble.ACCESS_FAILED) from error


def _secret(curve: Curve, random: Random) -> int:
    return 1 + int.from_bytes(random(curve.order_bytes + 8), "big") % (curve.order - 1)
