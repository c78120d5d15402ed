"""An issuing state in small: authorities, document signers, revocation lists."""

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any

import ecdsa
from asn1crypto import algos, crl, keys, x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from sso.chip import tlv
from sso.chip.curves import CURVES
from sso.chip.keys import EC_KEY, HASHES, RSA_PSS_KEY

EPOCH = datetime(2021, 1, 1, tzinfo=UTC)
YEAR = timedelta(days=365)
EC_SIGNATURES = {
    "sha1": "1.2.840.10045.4.1",
    "sha224": "1.2.840.10045.4.3.1",
    "sha256": "1.2.840.10045.4.3.2",
    "sha384": "1.2.840.10045.4.3.3",
    "sha512": "1.2.840.10045.4.3.4",
}


@dataclass(frozen=True)
class RsaPair:
    """An RSA key that signs by PKCS #1 v1.5, or by PSS if it has a salt."""

    private: rsa.RSAPrivateKey
    digest: str = "sha256"
    salt_bytes: int | None = None

    @cached_property
    def info(self) -> bytes:
        """SubjectPublicKeyInfo."""
        return self.private.public_key().public_bytes(
            serialization.Encoding.DER,
            serialization.PublicFormat.SubjectPublicKeyInfo,
        )

    @cached_property
    def algorithm(self) -> algos.SignedDigestAlgorithm:
        if self.salt_bytes is None:
            name = f"{self.digest}_rsa"
            return algos.SignedDigestAlgorithm({"algorithm": name})
        digest = {"algorithm": self.digest}
        parameters = {
            "hash_algorithm": digest,
            "mask_gen_algorithm": {"algorithm": "mgf1", "parameters": digest},
            "salt_length": self.salt_bytes,
        }
        return algos.SignedDigestAlgorithm(
            {"algorithm": RSA_PSS_KEY, "parameters": parameters}
        )

    def sign(self, message: bytes) -> bytes:
        digest: hashes.HashAlgorithm = HASHES[self.digest]()
        way: padding.AsymmetricPadding = padding.PKCS1v15()
        if self.salt_bytes is not None:
            mask = padding.MGF1(HASHES[self.digest]())
            way = padding.PSS(mgf=mask, salt_length=self.salt_bytes)
        return self.private.sign(message, way, digest)


@dataclass(frozen=True)
class EcPair:
    """A key on a curve; with *explicit* its parameters are written out, as many do."""

    private: ecdsa.SigningKey
    curve_name: str
    digest: str = "sha256"
    explicit: bool = False

    @property
    def point(self) -> bytes:
        encoded: bytes = self.private.verifying_key.to_string("uncompressed")
        return encoded

    @cached_property
    def info(self) -> bytes:
        """SubjectPublicKeyInfo."""
        maths = CURVES[self.curve_name].maths
        parameters = tlv.build(0x06, tlv.oid_bytes(".".join(map(str, maths.oid))))
        if self.explicit:
            parameters = maths.to_der("explicit")
        algorithm = tlv.build(0x30, tlv.build(0x06, tlv.oid_bytes(EC_KEY)) + parameters)
        return tlv.build(0x30, algorithm + tlv.build(0x03, b"\x00" + self.point))

    @cached_property
    def algorithm(self) -> algos.SignedDigestAlgorithm:
        return algos.SignedDigestAlgorithm({"algorithm": EC_SIGNATURES[self.digest]})

    def sign(self, message: bytes) -> bytes:
        """Sign in the ASN.1 form of r and s."""
        return self._sign(message, ecdsa.util.sigencode_der)

    def sign_plain(self, message: bytes) -> bytes:
        """Sign with r and s side by side."""
        return self._sign(message, ecdsa.util.sigencode_string)

    def _sign(self, message: bytes, encode: Any) -> bytes:
        signed: bytes = self.private.sign_deterministic(
            message, hashfunc=getattr(hashlib, self.digest), sigencode=encode
        )
        return signed


Pair = RsaPair | EcPair


def rsa_pair(
    bits: int = 2048, digest: str = "sha256", salt_bytes: int | None = None
) -> RsaPair:
    return RsaPair(rsa.generate_private_key(65537, bits), digest, salt_bytes)


def ec_pair(
    curve_name: str = "BRAINPOOLP256r1", digest: str = "sha256", explicit: bool = False
) -> EcPair:
    private = ecdsa.SigningKey.generate(curve=CURVES[curve_name].maths)
    return EcPair(private, curve_name, digest, explicit)


@dataclass(frozen=True)
class Issued:
    """A certificate with the key it speaks for."""

    certificate: x509.Certificate
    pair: Pair

    @property
    def der(self) -> bytes:
        dumped: bytes = self.certificate.dump()
        return dumped


@dataclass(frozen=True)
class Order:
    """What goes into a certificate; *issuer* is None for one that signs itself."""

    pair: Pair
    name: str
    country: str = "VN"
    issuer: Issued | None = None
    is_authority: bool = False
    not_before: datetime = EPOCH
    not_after: datetime = EPOCH + 15 * YEAR
    key_used_until: datetime | None = None


def authority(pair: Pair, name: str = "CSCA MÔ PHỎNG", **more: Any) -> Issued:
    """Make a signing authority of its own right."""
    return issue(Order(pair, name, is_authority=True, **more))


def signer(issuer: Issued, pair: Pair, **more: Any) -> Issued:
    """Make a document signer under an authority."""
    return issue(Order(pair, "Document signer MÔ PHỎNG", issuer=issuer, **more))


def link(old: Issued, new: Issued) -> Issued:
    """Let an older authority vouch for the key of a newer one."""
    subject = new.certificate.subject.native["common_name"]
    order = Order(new.pair, subject, issuer=old, is_authority=True)
    return issue(order)


def issue(order: Order) -> Issued:
    """Sign a certificate."""
    name = _name(order.name, order.country)
    issuer_name = order.issuer.certificate.subject if order.issuer else name
    issuer_pair = order.issuer.pair if order.issuer else order.pair
    body = x509.TbsCertificate(
        {
            "version": "v3",
            "serial_number": secrets.randbits(63) | 1 << 62,
            "signature": issuer_pair.algorithm,
            "issuer": issuer_name,
            "validity": {
                "not_before": x509.Time({"utc_time": order.not_before}),
                "not_after": x509.Time({"utc_time": order.not_after}),
            },
            "subject": name,
            "subject_public_key_info": keys.PublicKeyInfo.load(order.pair.info),
            "extensions": [
                {"extn_id": kind, "critical": critical, "extn_value": value}
                for kind, critical, value in _extensions(order, issuer_pair)
            ],
        }
    )
    whole = x509.Certificate(
        {
            "tbs_certificate": body,
            "signature_algorithm": issuer_pair.algorithm,
            "signature_value": issuer_pair.sign(body.dump()),
        }
    )
    return Issued(x509.Certificate.load(whole.dump()), order.pair)


def revocation_list(
    issuer: Issued,
    revoked: Iterable[Issued] = (),
    this_update: datetime = EPOCH + 5 * YEAR,
    next_update: datetime = EPOCH + 7 * YEAR,
) -> bytes:
    """Sign a list of the certificates that are no longer to be believed."""
    entries = [
        {
            "user_certificate": one.certificate.serial_number,
            "revocation_date": x509.Time({"utc_time": this_update}),
        }
        for one in revoked
    ]
    body = crl.TbsCertList(
        {
            "version": "v2",
            "signature": issuer.pair.algorithm,
            "issuer": issuer.certificate.subject,
            "this_update": x509.Time({"utc_time": this_update}),
            "next_update": x509.Time({"utc_time": next_update}),
            **({"revoked_certificates": entries} if entries else {}),
        }
    )
    whole = crl.CertificateList(
        {
            "tbs_cert_list": body,
            "signature_algorithm": issuer.pair.algorithm,
            "signature": issuer.pair.sign(body.dump()),
        }
    )
    dumped: bytes = whole.dump()
    return dumped


def with_digest(pair: Pair, digest: str) -> Pair:
    """Return the same key, signing with another digest."""
    return replace(pair, digest=digest)


def _name(name: str, country: str) -> x509.Name:
    return x509.Name.build(
        {
            "country_name": country,
            "organization_name": "MÔ PHỎNG - không phải cơ quan cấp thẻ",
            "common_name": name,
        }
    )


def _extensions(order: Order, issuer: Pair) -> list[tuple[str, bool, Any]]:
    usage = {"key_cert_sign", "crl_sign"} if order.is_authority else None
    found: list[tuple[str, bool, Any]] = [
        ("key_usage", True, usage or {"digital_signature"}),
        ("key_identifier", False, _key_id(order.pair)),
        ("authority_key_identifier", False, {"key_identifier": _key_id(issuer)}),
    ]
    if order.is_authority:
        found.append(
            ("basic_constraints", True, {"ca": True, "path_len_constraint": 0})
        )
    if order.key_used_until:
        period = {"not_before": order.not_before, "not_after": order.key_used_until}
        found.append(("private_key_usage_period", False, period))
    return found


def _key_id(pair: Pair) -> bytes:
    return hashlib.sha1(pair.info).digest()  # noqa: S324 -- a name, not a seal
