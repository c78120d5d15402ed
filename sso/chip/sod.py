"""EF.SOD, the document security object: hashes of the other files, signed by the state.

It is CMS SignedData (RFC 5652) around an LDSSecurityObject (ICAO 9303-10, 4.6.2).
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from asn1crypto import cms

from sso.chip import certificates, keys, tlv
from sso.chip.certificates import Certificate, Name
from sso.chip.keys import Scheme
from sso.chip.tlv import Malformed
from sso.chip.verdicts import Doubt, Reason

GROUP = 0x77
SIGNED_DATA = "1.2.840.113549.1.7.2"
LDS_SECURITY_OBJECT = "2.23.136.1.1.1"
LEGACY_CONTENT_TYPES = {
    "1.3.27.1.1.1",
    "1.2.528.1.1006.1.20.1",
    "1.2.840.113549.1.7.1",
}
"""What some states wrote before, or instead."""
CONTENT_TYPE, MESSAGE_DIGEST, SIGNING_TIME = (
    "1.2.840.113549.1.9.3",
    "1.2.840.113549.1.9.4",
    "1.2.840.113549.1.9.5",
)
LARGEST_BYTES = 64 * 1024
SET_OF = 0x31
LDS_VERSIONS = (0, 1)


@dataclass(frozen=True)
class SignerId:
    """How a signature names its certificate: by issuer and number, or by key."""

    issuer: Name | None
    serial: int | None
    key_id: bytes | None

    def names(self, certificate: Certificate) -> bool:
        if self.key_id is not None:
            return certificate.key_id == self.key_id
        return (certificate.issuer, certificate.serial) == (self.issuer, self.serial)


@dataclass(frozen=True)
class SecurityObject:
    digest: str
    hashes: Mapping[int, bytes]
    """By the number of the data group."""


@dataclass(frozen=True)
class Sod:
    content_type: str
    content: bytes
    security_object: SecurityObject
    digest: str
    signer_id: SignerId
    scheme: Scheme
    signature: bytes
    signed_attributes: bytes | None
    """As they are signed: a SET OF, whatever tag they travel under."""
    attributes: Mapping[str, tuple[object, ...]]
    certificates: tuple[Certificate, ...]

    @property
    def signed_at(self) -> datetime | None:
        times = self.attributes.get(SIGNING_TIME, ())
        return times[0] if times and isinstance(times[0], datetime) else None


def read_sod(data: bytes, content_types: set[str]) -> Sod:
    """Read EF.SOD; raise Doubt with the reason for anything out of order."""
    if len(data) > LARGEST_BYTES:
        raise Doubt(Reason.FILE_TOO_LARGE, "EF.SOD")
    try:
        with certificates.reading("EF.SOD"):
            return _read(tlv.value(data, GROUP), content_types)
    except Malformed as error:
        if isinstance(error.__cause__, Doubt):
            raise error.__cause__ from None
        raise Doubt(Reason.SOD_MALFORMED, str(error)) from error


def read_security_object(content: bytes) -> SecurityObject:
    """Read an LDSSecurityObject; raise Doubt."""
    try:
        version, algorithm, listed, *_ = tlv.walk(tlv.value(content, 0x30))
        if tlv.integer(version.value) not in LDS_VERSIONS:
            raise Doubt(Reason.LDS_VERSION, str(tlv.integer(version.value)))
        digest = keys.digest_name(tlv.oid(tlv.first(algorithm.value, 0x06)))
        hashes: dict[int, bytes] = {}
        for entry in tlv.walk(listed.value):
            number, value = tlv.walk(entry.value)
            group = tlv.integer(number.value)
            if group in hashes or not 1 <= group <= 16:  # noqa: PLR2004
                raise Malformed("a group listed twice, or one that cannot be")
            hashes[group] = value.value
    except (Malformed, ValueError) as error:
        raise Doubt(Reason.LDS_MALFORMED, str(error)) from error
    size = hashlib.new(digest).digest_size
    if not hashes or any(len(value) != size for value in hashes.values()):
        raise Doubt(Reason.LDS_MALFORMED)
    return SecurityObject(digest, hashes)


def _read(body: bytes, content_types: set[str]) -> Sod:
    outer = cms.ContentInfo.load(body, strict=True)
    if outer["content_type"].dotted != SIGNED_DATA:
        raise Doubt(Reason.CONTENT_TYPE, outer["content_type"].dotted)
    signed = outer["content"]
    version = signed["version"].native
    if version != "v3":
        raise Doubt(Reason.SIGNED_DATA_VERSION, str(version))
    if len(signed["signer_infos"]) != 1:
        raise Doubt(Reason.SIGNER_COUNT, str(len(signed["signer_infos"])))
    wrapped = signed["encap_content_info"]
    content_type = wrapped["content_type"].dotted
    if content_type not in content_types:
        raise Doubt(Reason.CONTENT_TYPE, content_type)
    content = bytes(wrapped["content"])
    signer = signed["signer_infos"][0]
    digest = keys.digest_name(signer["digest_algorithm"]["algorithm"].dotted)
    attributes = signer["signed_attrs"]
    return Sod(
        content_type=content_type,
        content=content,
        security_object=read_security_object(content),
        digest=digest,
        signer_id=signer_id_of(signer["sid"]),
        scheme=keys.read_scheme(signer["signature_algorithm"], digest),
        signature=signer["signature"].native,
        signed_attributes=as_signed(attributes),
        attributes=values_of(attributes),
        certificates=tuple(certificates_of(signed["certificates"])),
    )


def as_signed(attributes: cms.CMSAttributes) -> bytes | None:
    return tlv.build(SET_OF, attributes.contents) if attributes else None


def values_of(attributes: cms.CMSAttributes) -> dict[str, tuple[object, ...]]:
    """Return the values by type; a type that stands twice is malformed."""
    found: dict[str, tuple[object, ...]] = {}
    for attribute in attributes or ():
        kind = attribute["type"].dotted
        if kind in found:
            raise Malformed("a signed attribute that stands twice")
        found[kind] = tuple(
            value.dotted if kind == CONTENT_TYPE else value.native
            for value in attribute["values"]
        )
    return found


def signer_id_of(sid: cms.SignerIdentifier) -> SignerId:
    if sid.name == "subject_key_identifier":
        return SignerId(None, None, sid.chosen.native)
    named = sid.chosen
    return SignerId(
        certificates.name_of(named["issuer"]), named["serial_number"].native, None
    )


def certificates_of(choices: cms.CertificateSet) -> list[Certificate]:
    return [
        certificates.from_asn1(choice.chosen)
        for choice in choices or ()
        if choice.name == "certificate"
    ]
