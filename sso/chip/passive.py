"""Passive authentication, in nine steps: are these files what the state signed?

Source: ICAO 9303-11, 5.1, and 9303-12 for the certificates.  Each function answers for
one step; what it learns goes on the shared sheet for the steps after it.
"""

import hmac
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sso.chip import evidence as rules
from sso.chip import keys, mrz, personal, sod
from sso.chip.certificates import Certificate
from sso.chip.evidence import Evidence, Policy
from sso.chip.mrz import Zone
from sso.chip.sod import Sod
from sso.chip.tlv import Malformed
from sso.chip.trust import TrustStore
from sso.chip.verdicts import Doubt, Reason, Result, Step, Verdict

CARD_TIME = ZoneInfo("Asia/Ho_Chi_Minh")


@dataclass
class Sheet:
    """What is known so far about one card."""

    evidence: Evidence
    trust: TrustStore
    policy: Policy
    now: datetime
    signers: tuple[Certificate, ...] = ()
    """Certificates given beside the card, for cards that carry none."""
    sod: Sod | None = None
    signer: Certificate | None = None
    chain: list[Certificate] = field(default_factory=list)
    zone: Zone | None = None

    @property
    def today(self) -> date:
        return self.now.astimezone(CARD_TIME).date()

    @property
    def security_object(self) -> Sod:
        if self.sod is None:
            raise Doubt(Reason.NOT_REACHED, verdict=Verdict.NOT_CHECKED)
        return self.sod

    @property
    def proved_signer(self) -> Certificate:
        if self.signer is None:
            raise Doubt(Reason.NOT_REACHED, verdict=Verdict.NOT_CHECKED)
        return self.signer

    def lists(self, group: int) -> bool:
        return bool(self.sod and group in self.sod.security_object.hashes)


Check = Callable[[Sheet], Result]


def structure(sheet: Sheet) -> Result:
    """1. EF.SOD is exactly one SignedData of version 3 with one signer."""
    sheet.sod = sod.read_sod(sheet.evidence.sod, set(sheet.policy.content_types))
    return Result(Step.STRUCTURE, Verdict.OK)


def signer(sheet: Sheet) -> Result:
    """2. The certificate that the signature names is there."""
    wanted = sheet.security_object.signer_id
    for certificate in (*sheet.security_object.certificates, *sheet.signers):
        if wanted.names(certificate):
            sheet.signer = certificate
            return Result(Step.SIGNER, Verdict.OK)
    raise Doubt(Reason.SIGNER_NOT_FOUND)


def signature(sheet: Sheet) -> Result:
    """3. The attributes are signed, and name this content and its hash."""
    document, signed_by = sheet.security_object, sheet.proved_signer
    if document.signed_attributes is None:
        raise Doubt(Reason.NO_SIGNED_ATTRIBUTES)
    if document.attributes.get(sod.CONTENT_TYPE) != (document.content_type,):
        raise Doubt(Reason.CONTENT_TYPE_DIFFERS)
    hashed = keys.digest_of(document.digest, document.content)
    if document.attributes.get(sod.MESSAGE_DIGEST) != (hashed,):
        raise Doubt(Reason.CONTENT_ALTERED)
    try:
        key = signed_by.key
    except Malformed as error:
        raise Doubt(Reason.ALGORITHM_UNKNOWN, str(error)) from error
    if not keys.is_signed(
        key, document.scheme, document.signed_attributes, document.signature
    ):
        raise Doubt(Reason.SIGNATURE_WRONG, str(document.scheme))
    digests = {document.digest, document.scheme.digest}
    return _unless_weak(sheet, Step.SIGNATURE, digests, str(document.scheme))


def hashes(sheet: Sheet) -> Result:
    """4. Every file that was handed in has the hash that the state signed."""
    listed = sheet.security_object.security_object
    for group, content in sorted(sheet.evidence.groups.items()):
        name = f"DG{group}"
        if len(content) > rules.LARGEST_GROUP_BYTES:
            raise Doubt(Reason.FILE_TOO_LARGE, name)
        if group not in listed.hashes:
            raise Doubt(Reason.GROUP_NOT_LISTED, name)
        hashed = keys.digest_of(listed.digest, content)
        if not hmac.compare_digest(hashed, listed.hashes[group]):
            raise Doubt(Reason.GROUP_ALTERED, name)
    names = ", ".join(f"DG{group}" for group in sorted(sheet.evidence.groups))
    return _unless_weak(sheet, Step.HASHES, {listed.digest}, names)


def completeness(sheet: Sheet) -> Result:
    """5. No file is held back that must be there: EF.COM, unsigned, is not asked."""
    listed = set(sheet.security_object.security_object.hashes)
    wanted = rules.REQUIRED | (rules.REQUIRED_IF_LISTED & listed)
    missing = sorted(wanted - set(sheet.evidence.groups))
    if missing:
        raise Doubt(Reason.GROUP_MISSING, ", ".join(f"DG{g}" for g in missing))
    return Result(Step.COMPLETENESS, Verdict.OK)


def chain(sheet: Sheet) -> Result:
    """6. The signer's certificate leads up to an anchor, of the right country."""
    certificate = sheet.proved_signer
    if certificate.is_authority:
        raise Doubt(Reason.SIGNER_IS_AUTHORITY)
    links = (*sheet.security_object.certificates, *sheet.signers)
    found = sheet.trust.chain_of(certificate, links)
    if sheet.policy.country:
        for one in (certificate, *found):
            if one.countries != {sheet.policy.country}:
                raise Doubt(Reason.WRONG_COUNTRY, ", ".join(sorted(one.countries)))
    elif not certificate.countries & found[-1].countries:
        raise Doubt(Reason.WRONG_COUNTRY, ", ".join(sorted(certificate.countries)))
    sheet.chain = found
    digests = {one.scheme.digest for one in (certificate, *found[:-1])}
    return _unless_weak(sheet, Step.CHAIN, digests, found[-1].subject_text)


def dates(sheet: Sheet) -> Result:
    """7. All were valid when it was signed, and the card is valid now.

    Not "valid now" for the certificates: cards outlive the key that signed them.
    """
    certificate = sheet.proved_signer
    if not sheet.chain:
        raise Doubt(Reason.NOT_REACHED, verdict=Verdict.NOT_CHECKED)
    begin, end, known = _signing(sheet, certificate)
    if begin > sheet.now:
        raise Doubt(Reason.SIGNED_IN_FUTURE, begin.date().isoformat())
    if known and not _within(certificate.not_before, begin, end, certificate.not_after):
        raise Doubt(Reason.SIGNED_OUTSIDE_VALIDITY, begin.date().isoformat())
    for one in sheet.chain:
        if not _within(one.not_before, begin, end, one.not_after):
            raise Doubt(Reason.CSCA_OUTSIDE_VALIDITY, begin.date().isoformat())
    used_from, used_until = certificate.key_used_from, certificate.key_used_until
    if known and not _within(used_from, begin, end, used_until):
        raise Doubt(Reason.KEY_PERIOD_OVER, begin.date().isoformat())
    _check_card(sheet)
    if not known:
        return Result(Step.DATES, Verdict.WARNING, Reason.SIGNING_TIME_UNKNOWN)
    return Result(Step.DATES, Verdict.OK, detail=begin.date().isoformat())


def revocation(sheet: Sheet) -> Result:
    """8. No certificate of the chain is on its issuer's list."""
    certificate = sheet.proved_signer
    if not sheet.chain:
        raise Doubt(Reason.NOT_REACHED, verdict=Verdict.NOT_CHECKED)
    for one in sheet.chain[:-1]:
        try:
            sheet.trust.look_up_revocation(one, sheet.chain, sheet.now)
        except Doubt as doubt:
            if doubt.verdict is Verdict.REFUSED:
                raise
    day = sheet.trust.look_up_revocation(certificate, sheet.chain, sheet.now)
    return Result(Step.REVOCATION, Verdict.OK, detail=day)


def holder(sheet: Sheet) -> Result:
    """9. DG1 reads, its check digits are right, and it is of the right state."""
    zone = _zone(sheet)
    if zone is None:
        raise Doubt(Reason.NOT_READ, "DG1", Verdict.NOT_CHECKED)
    if not zone.checked:
        raise Doubt(Reason.CHECK_DIGIT_WRONG)
    if sheet.policy.issuer is None:
        return Result(Step.HOLDER, Verdict.OK)
    if zone.issuer != sheet.policy.issuer:
        raise Doubt(Reason.WRONG_ISSUER, zone.issuer)
    if zone.number is None:
        raise Doubt(Reason.NUMBER_MALFORMED)
    if mrz.unlike_holder(zone.number, zone):
        return Result(Step.HOLDER, Verdict.WARNING, Reason.NUMBER_UNLIKE_HOLDER)
    return Result(Step.HOLDER, Verdict.OK)


NINE_STEPS: tuple[tuple[Step, Check], ...] = (
    (Step.STRUCTURE, structure),
    (Step.SIGNER, signer),
    (Step.SIGNATURE, signature),
    (Step.HASHES, hashes),
    (Step.COMPLETENESS, completeness),
    (Step.CHAIN, chain),
    (Step.DATES, dates),
    (Step.REVOCATION, revocation),
    (Step.HOLDER, holder),
)


def _zone(sheet: Sheet) -> Zone | None:
    if sheet.zone is None and 1 in sheet.evidence.groups:
        try:
            sheet.zone = mrz.read_dg1(sheet.evidence.groups[1])
        except Malformed as error:
            raise Doubt(Reason.DG1_MALFORMED, str(error)) from error
    return sheet.zone


def _check_card(sheet: Sheet) -> None:
    try:
        zone = _zone(sheet)
    except Doubt:
        return
    last = zone.expires_on if zone else None
    if last and last < sheet.today:
        refused = not sheet.policy.allows_expired_cards
        verdict = Verdict.REFUSED if refused else Verdict.WARNING
        raise Doubt(Reason.CARD_EXPIRED, last.isoformat(), verdict)


def _signing(sheet: Sheet, certificate: Certificate) -> tuple[datetime, datetime, bool]:
    """Return the earliest and latest moment of signing, and whether it is known.

    The signed time, else the day of issue in DG13, else when the signer's own
    certificate began.
    """
    if signed_at := sheet.security_object.signed_at:
        return signed_at, signed_at, True
    if issued_on := _issued_on(sheet):
        begin = datetime.combine(issued_on, time(), CARD_TIME)
        return begin, begin + timedelta(days=1), True
    return certificate.not_before, certificate.not_before, False


def _issued_on(sheet: Sheet) -> date | None:
    try:
        return personal.read_dg13(sheet.evidence.groups.get(13, b"")).issued_on
    except (Malformed, ValueError):
        return None


def _within(
    first: datetime | None, begin: datetime, end: datetime, last: datetime | None
) -> bool:
    return (first is None or end >= first) and (last is None or begin <= last)


def _unless_weak(sheet: Sheet, step: Step, digests: set[str], detail: str) -> Result:
    if "sha1" not in digests:
        return Result(step, Verdict.OK, detail=detail)
    if sheet.policy.allows_sha1:
        return Result(step, Verdict.WARNING, Reason.WEAK_DIGEST, detail)
    raise Doubt(Reason.WEAK_DIGEST, detail)
