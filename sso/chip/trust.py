"""Whom to believe: the anchors that an administrator loaded, and chains up to them.

An anchor is a certificate of a signing authority (CSCA) that was loaded by hand:
self-signed, or the link in which an older key vouches for it, as states hand them out.
A link that arrives with a card leads on but holds nothing up.  Names only say where to
look; what decides is the signature.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from asn1crypto import cms, core, x509

from sso.chip import certificates, keys, sod
from sso.chip.certificates import Certificate, Crl, Name
from sso.chip.tlv import Malformed
from sso.chip.verdicts import Doubt, Reason, Verdict

MASTER_LIST = "2.23.136.1.1.2"
LONGEST_CHAIN = 5
LARGEST_MASTER_LIST_BYTES = 8 * 1024 * 1024


class Certificates(core.SetOf):
    _child_spec = x509.Certificate


class MasterList(core.Sequence):
    _fields = [("version", core.Integer), ("certificates", Certificates)]


@dataclass(frozen=True)
class TrustStore:
    """Anchors and revocation lists, ready to be asked."""

    authorities: tuple[Certificate, ...] = ()
    crls: tuple[Crl, ...] = ()

    @cached_property
    def by_key_id(self) -> dict[bytes, list[Certificate]]:
        found: dict[bytes, list[Certificate]] = {}
        for authority in self.authorities:
            if authority.key_id:
                found.setdefault(authority.key_id, []).append(authority)
        return found

    @cached_property
    def by_subject(self) -> dict[Name, list[Certificate]]:
        found: dict[Name, list[Certificate]] = {}
        for authority in self.authorities:
            found.setdefault(authority.subject, []).append(authority)
        return found

    def issuers_of(
        self, certificate: Certificate, more: Iterable[Certificate] = ()
    ) -> Iterator[Certificate]:
        """Yield every authority that may have signed it, likeliest first, once each."""
        seen: set[bytes] = {certificate.der}
        likely = self.by_key_id.get(certificate.issuer_key_id or b"", [])
        named = self.by_subject.get(certificate.issuer, [])
        for authority in (*likely, *named, *more):
            if authority.der not in seen:
                seen.add(authority.der)
                yield authority

    def chain_of(
        self, signer: Certificate, links: Iterable[Certificate] = ()
    ) -> list[Certificate]:
        """Return the authorities from the signer's issuer up to an anchor.

        *links* are certificates of no standing of their own that may lead there.
        Raises Doubt: nobody known, or somebody of that name with another key.
        """
        between = [link for link in links if link.is_authority and link != signer]
        looked_alike = False
        paths: list[list[Certificate]] = [[signer]]
        while paths:
            path = paths.pop(0)
            for issuer in self.issuers_of(path[-1], between):
                if not issuer.is_authority or issuer in path:
                    continue
                if not path[-1].is_signed_by(issuer):
                    looked_alike |= issuer not in between
                    continue
                if issuer not in between:
                    return [*path[1:], issuer]
                if len(path) < LONGEST_CHAIN:
                    paths.append([*path, issuer])
        if looked_alike:
            raise Doubt(Reason.CSCA_SIGNATURE_WRONG)
        raise Doubt(Reason.UNKNOWN_CSCA)

    def look_up_revocation(
        self, certificate: Certificate, chain: list[Certificate], now: datetime
    ) -> str:
        """Return the day of the list that clears the certificate.

        Raises Doubt where it is revoked, and, as "not checked", where no list of its
        issuer is there, genuine and fresh.  An old list still condemns.
        """
        lists = [crl for crl in self.crls if crl.issuer == certificate.issuer]
        genuine = [crl for crl in lists if self._is_genuine(crl, chain)]
        if any(certificate.serial in crl.revoked for crl in genuine):
            raise Doubt(Reason.SIGNER_REVOKED)
        fresh = [c for c in genuine if c.next_update and c.next_update >= now]
        if not fresh:
            reason = Reason.CRL_MISSING
            if lists:
                reason = Reason.CRL_STALE if genuine else Reason.CRL_SIGNATURE_WRONG
            raise Doubt(reason, verdict=Verdict.NOT_CHECKED)
        return max(crl.this_update for crl in fresh).date().isoformat()

    def _is_genuine(self, crl: Crl, chain: list[Certificate]) -> bool:
        """A list is signed by the authority itself, with this key or a later one."""
        candidates = (*chain, *self.by_subject.get(crl.issuer, []))
        return any(crl.is_signed_by(authority) for authority in candidates)


def read_anchors(data: bytes) -> list[Certificate]:
    """Read one certificate, or all those of a master list; raise Malformed."""
    if len(data) > LARGEST_MASTER_LIST_BYTES:
        raise Malformed("a file of this size is no certificate and no list")
    try:
        found = [certificates.read_certificate(data)]
    except Malformed:
        return read_master_list(data)
    if not found[0].is_authority:
        raise Malformed("the certificate may not sign others")
    return found


def read_master_list(data: bytes) -> list[Certificate]:
    """Read a master list (ICAO 9303-12, 9) whose signature is right.

    Its signer travels with it, so the signature says that the list is whole, not who
    made it: who loads it must know that from elsewhere.
    """
    with certificates.reading("master list"):
        signed = cms.ContentInfo.load(data, strict=True)["content"]
        wrapped = signed["encap_content_info"]
        if wrapped["content_type"].dotted != MASTER_LIST:
            raise Malformed("neither a certificate nor a master list")
        content = bytes(wrapped["content"])
        _check_master_list(signed, content)
        listed = MasterList.load(content, strict=True)["certificates"]
        return list(_readable(listed))


def _readable(listed: Iterable[x509.Certificate]) -> Iterator[Certificate]:
    """Yield what can be read: one odd certificate must not cost the other states."""
    for one in listed:
        try:
            found = certificates.from_asn1(one)
        except Malformed:
            continue
        if found.is_authority:
            yield found


def _check_master_list(signed: cms.SignedData, content: bytes) -> None:
    signer = signed["signer_infos"][0]
    digest = keys.digest_name(signer["digest_algorithm"]["algorithm"].dotted)
    attributes = sod.values_of(signer["signed_attrs"])
    if attributes.get(sod.MESSAGE_DIGEST) != (keys.digest_of(digest, content),):
        raise Malformed("the master list was altered")
    scheme = keys.read_scheme(signer["signature_algorithm"], digest)
    to_be_signed = sod.as_signed(signer["signed_attrs"]) or b""
    sid = sod.signer_id_of(signer["sid"])
    if not any(
        sid.names(one)
        and keys.is_signed(one.key, scheme, to_be_signed, signer["signature"].native)
        for one in sod.certificates_of(signed["certificates"])
    ):
        raise Malformed("the signature of the master list is wrong")
