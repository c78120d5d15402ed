"""X.509 certificates and revocation lists, read once into plain values.

``asn1crypto`` reads them, for ``cryptography`` refuses several that states issue; names
are compared as sets, for states order their parts differently in different places.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256

from asn1crypto import crl as asn1_crl
from asn1crypto import pem, x509

from sso.chip import keys
from sso.chip.keys import PublicKey, Scheme
from sso.chip.tlv import Malformed

Name = frozenset[frozenset[tuple[str, str]]]
COUNTRY = "2.5.4.6"
LARGEST_BYTES = 64 * 1024


@dataclass(frozen=True)
class Certificate:
    """What the house needs of a certificate; equal where the bytes are equal."""

    der: bytes
    subject: Name = field(compare=False)
    issuer: Name = field(compare=False)
    subject_text: str = field(compare=False)
    title: str = field(compare=False)
    """What its subject is called for short: the common name, or the organisation."""
    serial: int = field(compare=False)
    key_id: bytes | None = field(compare=False)
    issuer_key_id: bytes | None = field(compare=False)
    not_before: datetime = field(compare=False)
    not_after: datetime = field(compare=False)
    key_used_from: datetime | None = field(compare=False)
    key_used_until: datetime | None = field(compare=False)
    is_authority: bool = field(compare=False)
    """May it sign certificates?  By basic constraints or by key usage."""
    key_info: bytes = field(compare=False)
    tbs: bytes = field(compare=False)
    scheme: Scheme = field(compare=False)
    signature: bytes = field(compare=False)

    @property
    def key(self) -> PublicKey:
        return keys.read_key(self.key_info)

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the whole certificate, 64 hexadecimal characters."""
        return sha256(self.der).hexdigest()

    @property
    def countries(self) -> set[str]:
        """The country codes in subject and issuer, in capitals."""
        parts = {
            part for name in (self.subject, self.issuer) for rdn in name for part in rdn
        }
        return {text.upper() for kind, text in parts if kind == COUNTRY}

    def is_signed_by(self, issuer: "Certificate") -> bool:
        try:
            return keys.is_signed(issuer.key, self.scheme, self.tbs, self.signature)
        except Malformed:
            return False


@dataclass(frozen=True)
class Crl:
    """A revocation list."""

    issuer: Name
    this_update: datetime
    next_update: datetime | None
    revoked: frozenset[int]
    """Serial numbers."""
    tbs: bytes
    scheme: Scheme
    signature: bytes
    der: bytes

    def is_signed_by(self, issuer: Certificate) -> bool:
        try:
            return keys.is_signed(issuer.key, self.scheme, self.tbs, self.signature)
        except Malformed:
            return False


@contextmanager
def reading(what: str) -> Iterator[None]:
    """Turn whatever a parser says about hostile bytes into Malformed.

    asn1crypto is lazy and raises half a dozen kinds of error, some of them by accident,
    far from where the bytes came in.
    """
    try:
        yield
    except Malformed:
        raise
    except Exception as error:
        raise Malformed(f"{what}: {type(error).__name__}") from error


def read_certificate(data: bytes) -> Certificate:
    """Read one certificate, DER or PEM; raise Malformed."""
    with reading("certificate"):
        if pem.detect(data):
            _kind, _headers, data = pem.unarmor(data)
        return from_asn1(x509.Certificate.load(data, strict=True))


def from_asn1(certificate: x509.Certificate) -> Certificate:
    with reading("certificate"):
        body = certificate["tbs_certificate"]
        validity = body["validity"]
        period = certificate.private_key_usage_period_value
        issuer_key = certificate.authority_key_identifier_value
        return Certificate(
            der=certificate.dump(),
            subject=name_of(body["subject"]),
            issuer=name_of(body["issuer"]),
            subject_text=body["subject"].human_friendly,
            title=_title(body["subject"].native),
            serial=body["serial_number"].native,
            key_id=_octets(certificate.key_identifier_value),
            issuer_key_id=_octets(issuer_key and issuer_key["key_identifier"]),
            not_before=validity["not_before"].native,
            not_after=validity["not_after"].native,
            key_used_from=period["not_before"].native if period else None,
            key_used_until=period["not_after"].native if period else None,
            is_authority=_is_authority(certificate),
            key_info=body["subject_public_key_info"].dump(),
            tbs=body.dump(),
            scheme=keys.read_scheme(certificate["signature_algorithm"], "sha1"),
            signature=certificate["signature_value"].native,
        )


def read_crl(data: bytes) -> Crl:
    """Read one revocation list, DER or PEM; raise Malformed."""
    with reading("revocation list"):
        if pem.detect(data):
            _kind, _headers, data = pem.unarmor(data)
        whole = asn1_crl.CertificateList.load(data, strict=True)
        body = whole["tbs_cert_list"]
        entries = body["revoked_certificates"]
        return Crl(
            issuer=name_of(body["issuer"]),
            this_update=body["this_update"].native,
            next_update=body["next_update"].native,
            revoked=frozenset(entry["user_certificate"].native for entry in entries),
            tbs=body.dump(),
            scheme=keys.read_scheme(whole["signature_algorithm"], "sha1"),
            signature=whole["signature"].native,
            der=data,
        )


def name_of(name: x509.Name) -> Name:
    """Return a name as a set of its parts, blind to their order, case and spaces."""
    return frozenset(
        frozenset(
            (
                part["type"].dotted,
                " ".join(str(part["value"].native).split()).casefold(),
            )
            for part in rdn
        )
        for rdn in name.chosen
    )


def _title(subject: Mapping[str, object]) -> str:
    for part in ("common_name", "organizational_unit_name", "organization_name"):
        if isinstance(found := subject.get(part), str):
            return found
    return "?"


def _octets(value: object) -> bytes | None:
    native = getattr(value, "native", None)
    return native if isinstance(native, bytes) else None


def _is_authority(certificate: x509.Certificate) -> bool:
    constraints = certificate.basic_constraints_value
    usage = certificate.key_usage_value
    # Several states set only one of the two, and mean the same.
    may_sign = bool(usage and "key_cert_sign" in usage.native)
    return may_sign or bool(constraints and constraints["ca"].native)
