"""The files of an invented person's card, written as a state would write them."""

import hashlib
import io
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from asn1crypto import algos, cms
from PIL import Image, ImageDraw

from sso.chip import mrz, tlv
from sso.chip.mrz import check_digit
from sso.chip.security_infos import (
    ACTIVE_AUTHENTICATION,
    BSI,
    CHIP_AUTHENTICATION_ECDH,
    PACE_ECDH_GM,
    PUBLIC_KEY_ECDH,
)
from sso.chip.sod import LDS_SECURITY_OBJECT
from sso.virtual_card.issuing import EC_SIGNATURES, EcPair, Issued, Pair

FIELD_NAMES = (
    *("number", "name", "born_on", "sex", "nationality", "ethnicity", "religion"),
    *("origin", "residence", "marks", "issued_on", "expires_on"),
)
PRINTABLE = {"number", "born_on", "issued_on"}
FILLER = "<"


@dataclass(frozen=True)
class Person:
    """Somebody who does not exist."""

    number: str = "001203012345"
    surname: str = "NGUYEN"
    given_names: str = "VAN AN"
    name: str = "Nguyễn Văn An"
    born_on: date = date(2003, 1, 15)
    sex: str = "M"
    issued_on: date = date(2023, 5, 10)
    expires_on: date | None = date(2043, 1, 15)

    @property
    def zone(self) -> str:
        """The TD1 zone of a Vietnamese card, 90 characters."""
        tail = self.number[-9:]
        first = f"IDVNM{tail}{check_digit(tail)}{self.number}<<"
        first += check_digit(self.number)
        birth, expiry = f"{self.born_on:%y%m%d}", mrz.NO_EXPIRY
        if self.expires_on:
            expiry = f"{self.expires_on:%y%m%d}"
        second = f"{birth}{check_digit(birth)}{self.sex}{expiry}{check_digit(expiry)}"
        second += "VNM" + FILLER * 11
        summed = first[5:30] + second[:7] + second[8:15] + second[18:29]
        name = f"{self.surname}<<{self.given_names}".replace(" ", FILLER)
        return first + second + check_digit(summed) + name[:30].ljust(30, FILLER)


@dataclass(frozen=True)
class Document:
    """All that is stored on one chip, and the keys that it keeps to itself."""

    person: Person
    sod: bytes
    groups: Mapping[int, bytes]
    active_key: Pair | None = None
    agreement_key: EcPair | None = None

    @property
    def can(self) -> str:
        """What opens it: the last six digits of the number."""
        return self.person.number[-6:]

    @property
    def mrz_information(self) -> str:
        zone = self.person.zone
        return zone[5:15] + zone[30:37] + zone[38:45]

    @property
    def com(self) -> bytes:
        tags = {1: 0x61, 2: 0x75, 13: 0x6D, 14: 0x6E, 15: 0x6F}
        listed = bytes(tags[number] for number in sorted(self.groups))
        return tlv.build(
            0x60,
            tlv.build(0x5F01, b"0107")
            + tlv.build(0x5F36, b"040000")
            + tlv.build(0x5C, listed),
        )


@dataclass(frozen=True)
class Wish:
    """What a document shall have; the defaults are a lawful card with everything."""

    person: Person = field(default_factory=Person)
    digest: str = "sha256"
    active_key: Pair | None = None
    agreement_key: EcPair | None = None
    has_personal_data: bool = True
    signed_at: datetime | None = None
    image: bytes | None = None
    groups: Mapping[int, bytes] = field(default_factory=dict)
    """Groups to put in place of, or beside, those that are made."""


def make(signed_by: Issued, wish: Wish) -> Document:
    """Write and sign a document."""
    groups = {1: dg1(wish.person), 2: dg2(wish.image or portrait(wish.person))}
    if wish.has_personal_data:
        groups[13] = dg13(wish.person)
    if wish.active_key or wish.agreement_key:
        groups[14] = dg14(wish.active_key, wish.agreement_key)
    if wish.active_key:
        groups[15] = tlv.build(0x6F, wish.active_key.info)
    groups |= wish.groups
    signed = sod(groups, signed_by, wish.digest, wish.signed_at)
    return Document(wish.person, signed, groups, wish.active_key, wish.agreement_key)


def altered(document: Document, group: int, content: bytes) -> Document:
    """Return the document with another content in one group; the signature stays."""
    return replace(document, groups={**document.groups, group: content})


def without(document: Document, *hidden: int) -> Document:
    """Return the document with groups taken away, as a clone hides them."""
    left = {n: content for n, content in document.groups.items() if n not in hidden}
    return replace(document, groups=left)


def dg1(person: Person) -> bytes:
    return tlv.build(0x61, tlv.build(0x5F1F, person.zone.encode()))


def dg2(image: bytes) -> bytes:
    """Wrap an image by ISO 19794-5."""
    face = b"\x00" * 16 + b"\x00" * 12 + image
    face = (len(face) + 4).to_bytes(4, "big") + face
    record = (
        b"FAC\x00010\x00" + (14 + len(face)).to_bytes(4, "big") + b"\x00\x01" + face
    )
    header = tlv.build(
        0xA1, tlv.build(0x87, b"\x01\x01") + tlv.build(0x88, b"\x00\x08")
    )
    template = tlv.build(0x7F60, header + tlv.build(0x5F2E, record))
    return tlv.build(0x75, tlv.build(0x7F61, tlv.build(0x02, b"\x01") + template))


def dg13(person: Person) -> bytes:
    """Write the Vietnamese fields in the order of their numbers, as cards have them."""
    expires = f"{person.expires_on:%d/%m/%Y}" if person.expires_on else "Không thời hạn"
    said = {
        "number": person.number,
        "name": person.name,
        "born_on": f"{person.born_on:%d/%m/%Y}",
        "sex": "Nam" if person.sex == "M" else "Nữ",
        "nationality": "Việt Nam",
        "ethnicity": "Kinh",
        "religion": "Không",
        "origin": "Phong Điền, Thừa Thiên Huế",
        "residence": "Tổ dân phố Mẫu, phường Mẫu, thị xã Phong Điền, thành phố Huế",
        "marks": "Nốt ruồi cách 1 cm dưới đuôi mắt trái",
        "issued_on": f"{person.issued_on:%d/%m/%Y}",
        "expires_on": expires,
    }
    fields = b"".join(
        _field(
            number, tlv.build(0x13 if name in PRINTABLE else 0x0C, said[name].encode())
        )
        for number, name in enumerate(FIELD_NAMES, start=1)
    )
    parents = (
        tlv.build(0x30, tlv.build(0x0C, n.encode())) for n in ("Cha Mẫu", "Mẹ Mẫu")
    )
    fields += _field(13, b"".join(parents)) + _field(14, b"")
    charset = tlv.build(0x06, bytes.fromhex("28D316010008"))
    body = tlv.build(0x02, b"\x01") + charset + tlv.build(0x31, fields)
    return tlv.build(0x6D, tlv.build(0x30, body))


def dg14(active: Pair | None, agreement: EcPair | None) -> bytes:
    infos = []
    if agreement:
        key = agreement.info
        infos += [
            _info(PUBLIC_KEY_ECDH, key),
            _info(f"{CHIP_AUTHENTICATION_ECDH}.2", b"\x02\x01\x01"),
        ]
    if isinstance(active, EcPair):
        plain = f"0.4.0.127.0.7.1.1.4.1.{list(EC_SIGNATURES).index(active.digest) + 1}"
        named = tlv.build(0x06, tlv.oid_bytes(plain))
        infos.append(_info(ACTIVE_AUTHENTICATION, b"\x02\x01\x01" + named))
    return tlv.build(0x6E, tlv.build(0x31, b"".join(infos)))


def card_access() -> bytes:
    """EF.CardAccess as Vietnamese cards have it."""
    return tlv.build(
        0x31,
        _info(f"{BSI}.2", b"\x02\x01\x01")
        + _info(f"{CHIP_AUTHENTICATION_ECDH}.2", b"\x02\x01\x01")
        + _info(f"{PACE_ECDH_GM}.2", b"\x02\x01\x02\x02\x01\x0d"),
    )


def sod(
    groups: Mapping[int, bytes],
    signed_by: Issued,
    digest: str = "sha256",
    signed_at: datetime | None = None,
) -> bytes:
    """Sign the hashes of the groups (ICAO 9303-10, 4.6.2)."""
    content = lds_object(groups, digest)
    signed_digest = signed_by.pair.digest
    attributes: list[dict[str, Any]] = [
        {"type": "content_type", "values": [LDS_SECURITY_OBJECT]},
        {
            "type": "message_digest",
            "values": [hashlib.new(signed_digest, content).digest()],
        },
    ]
    if signed_at:
        moment = cms.Time({"utc_time": signed_at})
        attributes.append({"type": "signing_time", "values": [moment]})
    signed_attributes = cms.CMSAttributes(attributes)
    signer_info = {
        "version": "v1",
        "sid": cms.SignerIdentifier(
            {
                "issuer_and_serial_number": {
                    "issuer": signed_by.certificate.issuer,
                    "serial_number": signed_by.certificate.serial_number,
                }
            }
        ),
        "digest_algorithm": {"algorithm": signed_digest},
        "signed_attrs": signed_attributes,
        "signature_algorithm": signed_by.pair.algorithm,
        "signature": signed_by.pair.sign(signed_attributes.dump()),
    }
    signed = cms.SignedData(
        {
            "version": "v3",
            "digest_algorithms": [{"algorithm": signed_digest}],
            "encap_content_info": {
                "content_type": LDS_SECURITY_OBJECT,
                "content": content,
            },
            "certificates": [signed_by.certificate],
            "signer_infos": [signer_info],
        }
    )
    outer = cms.ContentInfo({"content_type": "signed_data", "content": signed})
    return tlv.build(0x77, outer.dump())


def lds_object(groups: Mapping[int, bytes], digest: str) -> bytes:
    algorithm: bytes = algos.DigestAlgorithm({"algorithm": digest}).dump()
    listed = b"".join(
        tlv.build(
            0x30,
            tlv.build(0x02, bytes([number]))
            + tlv.build(0x04, hashlib.new(digest, content).digest()),
        )
        for number, content in sorted(groups.items())
    )
    return tlv.build(0x30, b"\x02\x01\x00" + algorithm + tlv.build(0x30, listed))


def portrait(person: Person, size: tuple[int, int] = (240, 320)) -> bytes:
    """Draw a face that is nobody's: a JPEG."""
    hue = int(hashlib.sha256(person.number.encode()).hexdigest()[:4], 16) % 360
    image = Image.new("RGB", size, "#dfe6ee")
    draw = ImageDraw.Draw(image)
    draw.ellipse((70, 60, 170, 190), fill=f"hsl({hue}, 40%, 72%)")
    draw.pieslice((20, 190, 220, 430), 180, 360, fill=f"hsl({hue}, 35%, 38%)")
    for left in (96, 130):
        draw.ellipse((left, 110, left + 14, 120), fill="#222222")
    draw.arc((100, 130, 142, 160), 20, 160, fill="#222222", width=3)
    draw.text((60, 296), "MO PHONG", fill="#a02020")
    written = io.BytesIO()
    image.save(written, "JPEG", quality=90)
    return written.getvalue()


def _field(number: int, value: bytes) -> bytes:
    return tlv.build(0x30, tlv.build(0x02, bytes([number])) + value)


def _info(name: str, data: bytes) -> bytes:
    return tlv.build(0x30, tlv.build(0x06, tlv.oid_bytes(name)) + data)
