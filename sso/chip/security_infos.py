"""EF.DG14 and EF.CardAccess: which protocols a chip speaks (BSI TR-03110-3, A.1)."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from sso.chip import keys, tlv
from sso.chip.curves import BY_PARAMETER_ID, Curve
from sso.chip.keys import EcKey
from sso.chip.tlv import Malformed

DG14 = 0x6E
SET, OID, INTEGER, SEQUENCE = 0x31, 0x06, 0x02, 0x30
BSI = "0.4.0.127.0.7.2.2"
PUBLIC_KEY_ECDH = f"{BSI}.1.2"
CHIP_AUTHENTICATION_ECDH = f"{BSI}.3.2"
PACE_ECDH_GM = f"{BSI}.4.2"
ACTIVE_AUTHENTICATION = "2.23.136.1.1.5"
MOST_INFOS = 64
CIPHERS = {"1": "3des", "2": "aes128", "3": "aes192", "4": "aes256"}
"""The last arc of a protocol's name, and the cipher it stands for."""


@dataclass(frozen=True, slots=True)
class ChipKey:
    """A key for Chip Authentication, with the number it has if there are several."""

    key: EcKey
    key_id: int | None


@dataclass(frozen=True, slots=True)
class Protocol:
    oid: str
    version: int
    key_id: int | None = None
    """For PACE the number of the standardised domain parameters."""

    @property
    def cipher(self) -> str:
        return CIPHERS[self.oid.rpartition(".")[2]]


@dataclass(frozen=True, slots=True)
class SecurityInfos:
    chip_keys: list[ChipKey] = field(default_factory=list)
    chip_authentications: list[Protocol] = field(default_factory=list)
    paces: list[Protocol] = field(default_factory=list)
    active_authentication: str | None = None
    """The name of the signature that Active Authentication uses, where it is ECDSA."""

    def chip_agreement(self) -> tuple[ChipKey, Protocol] | None:
        """Choose a key and its protocol: the strongest cipher that has a key.

        A card may leave the protocol out; then 3DES belongs to the key, as older cards
        that do so have it (ICAO 9303-11, 6.2).
        """
        offers = sorted(self.chip_authentications, key=lambda p: p.oid, reverse=True)
        for protocol in offers:
            for key in self.chip_keys:
                if key.key_id == protocol.key_id:
                    return key, protocol
        if self.chip_keys and not offers:
            key = self.chip_keys[0]
            return key, Protocol(f"{CHIP_AUTHENTICATION_ECDH}.1", 1, key.key_id)
        return None

    def pace(self) -> tuple[Protocol, Curve] | None:
        """Choose the PACE that this house can speak: ECDH with generic mapping."""
        for protocol in sorted(self.paces, key=lambda p: p.oid, reverse=True):
            if curve := BY_PARAMETER_ID.get(protocol.key_id or 0):
                return protocol, curve
        return None


def read_dg14(data: bytes) -> SecurityInfos:
    return read_infos(tlv.value(data, DG14))


def read_infos(data: bytes) -> SecurityInfos:
    """Read a set of SecurityInfo; what is not known is left out; raise Malformed."""
    found = SecurityInfos()
    active = None
    infos = list(tlv.walk(tlv.value(data, SET)))
    if len(infos) > MOST_INFOS:
        raise Malformed("more protocols than any card speaks")
    for info in infos:
        kind, *parts = tlv.walk(info.value)
        if info.tag != SEQUENCE or kind.tag != OID or not parts:
            raise Malformed("a security info without its name or data")
        name = tlv.oid(kind.value)
        family, _, last = name.rpartition(".")
        if name == PUBLIC_KEY_ECDH:
            found.chip_keys.extend(_chip_key(parts))
        elif family == CHIP_AUTHENTICATION_ECDH and last in CIPHERS:
            found.chip_authentications.append(_protocol(name, parts))
        elif family == PACE_ECDH_GM and last in CIPHERS:
            found.paces.append(_protocol(name, parts))
        elif name == ACTIVE_AUTHENTICATION and len(parts) > 1:
            active = tlv.oid(parts[1].value)
    return SecurityInfos(
        found.chip_keys, found.chip_authentications, found.paces, active
    )


def _chip_key(parts: list[tlv.Tlv]) -> Iterator[ChipKey]:
    key = keys.read_key(tlv.build(parts[0].tag, parts[0].value))
    if isinstance(key, EcKey):
        yield ChipKey(key, _number(parts, 1))


def _protocol(name: str, parts: list[tlv.Tlv]) -> Protocol:
    return Protocol(name, tlv.integer(parts[0].value), _number(parts, 1))


def _number(parts: list[tlv.Tlv], place: int) -> int | None:
    if len(parts) <= place or parts[place].tag != INTEGER:
        return None
    return tlv.integer(parts[place].value)
