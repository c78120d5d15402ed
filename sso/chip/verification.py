"""Judge one card: all steps, in order, each with its own verdict."""

from collections.abc import Iterable
from datetime import datetime

from sso.chip import active, faces, passive, personal, security_infos
from sso.chip.certificates import Certificate, reading
from sso.chip.evidence import VIETNAMESE, Evidence, Policy, Report
from sso.chip.faces import Face
from sso.chip.passive import Check, Sheet
from sso.chip.security_infos import SecurityInfos
from sso.chip.tlv import Malformed
from sso.chip.trust import TrustStore
from sso.chip.verdicts import Doubt, Reason, Result, Step, Verdict

CHALLENGE_BYTES = 8


def verify(
    evidence: Evidence,
    trust: TrustStore,
    now: datetime,
    *,
    policy: Policy = VIETNAMESE,
    signers: Iterable[Certificate] = (),
) -> Report:
    """Judge the evidence by the policy; never raises for what a card can hold.

    *signers* are certificates for cards that do not carry their signer's own.
    """
    sheet = Sheet(evidence, trust, policy, now, tuple(signers))
    results = tuple(_result(step, check, sheet) for step, check in STEPS)
    anchor = sheet.chain[-1].fingerprint if sheet.chain else None
    return Report(results, sheet.zone, tuple(_faces(evidence)), anchor)


def photo(sheet: Sheet) -> Result:
    """The photograph can be found; a card without one is judged by a person."""
    if 2 not in sheet.evidence.groups:  # noqa: PLR2004
        raise Doubt(Reason.NOT_READ, "DG2", Verdict.NOT_CHECKED)
    found = _faces(sheet.evidence)
    if not found:
        raise Doubt(Reason.PHOTO_UNREADABLE, verdict=Verdict.WARNING)
    return Result(Step.PHOTO, Verdict.OK, detail=found[0].format.value)


def personal_data(sheet: Sheet) -> Result:
    """DG13, where it was read at all, says the same as the zone."""
    if 13 not in sheet.evidence.groups:  # noqa: PLR2004
        raise Doubt(Reason.NOT_READ, "DG13", Verdict.NOT_CHECKED)
    if sheet.policy.issuer is None:
        # Group 13 is each state's own; only Vietnam's layout is known here.
        raise Doubt(Reason.NOT_READ, "DG13", Verdict.NOT_CHECKED)
    try:
        with reading("DG13"):
            said = personal.read_dg13(sheet.evidence.groups[13])
    except Malformed as error:
        raise Doubt(Reason.DG13_MALFORMED, str(error)) from error
    if sheet.zone and (differing := said.disagrees_with(sheet.zone, sheet.today)):
        words = ", ".join(field.name.lower() for field in differing)
        raise Doubt(Reason.DG13_MISMATCH, words)
    return Result(Step.PERSONAL_DATA, Verdict.OK)


def active_authentication(sheet: Sheet) -> Result:
    """The chip answered our challenge; a card that can and does not is refused."""
    evidence = sheet.evidence
    if sheet.sod is None:
        raise Doubt(Reason.NOT_REACHED, verdict=Verdict.NOT_CHECKED)
    if not sheet.lists(15):
        raise Doubt(Reason.NOT_ON_THIS_CARD, verdict=Verdict.NOT_CHECKED)
    if 15 not in evidence.groups:  # noqa: PLR2004
        raise Doubt(Reason.GROUP_MISSING, "DG15")
    if not evidence.active_answer or len(evidence.active_answer) <= 2:  # noqa: PLR2004
        raise Doubt(Reason.AA_MISSING)
    if evidence.challenge is None or len(evidence.challenge) != CHALLENGE_BYTES:
        raise Doubt(Reason.CHALLENGE_MISSING)
    try:
        with reading("DG15"):
            key = active.read_dg15(evidence.groups[15])
    except Malformed as error:
        raise Doubt(Reason.DG15_MALFORMED, str(error)) from error
    if not active.is_answered(
        key, evidence.challenge, evidence.active_answer, _infos(sheet)
    ):
        raise Doubt(Reason.AA_WRONG)
    return Result(Step.ACTIVE_AUTHENTICATION, Verdict.OK)


def chip_authentication(sheet: Sheet) -> Result:
    """The chip agreed on keys with the server; and in all, is a copy ruled out?"""
    if sheet.sod is None:
        raise Doubt(Reason.NOT_REACHED, verdict=Verdict.NOT_CHECKED)
    infos = _infos(sheet)
    offered = bool(infos and infos.chip_agreement())
    if sheet.evidence.chip_authentication is not None:
        if not sheet.evidence.chip_authentication:
            raise Doubt(Reason.CA_WRONG)
        return Result(Step.CHIP_AUTHENTICATION, Verdict.OK)
    if sheet.lists(15):
        raise Doubt(
            Reason.CA_MISSING if offered else Reason.NOT_ON_THIS_CARD,
            verdict=Verdict.NOT_CHECKED,
        )
    if offered or sheet.lists(14):
        raise Doubt(Reason.CLONE_PROTECTION_NOT_SHOWN, verdict=Verdict.WARNING)
    raise Doubt(Reason.NO_CLONE_PROTECTION, verdict=Verdict.WARNING)


STEPS: tuple[tuple[Step, Check], ...] = (
    *passive.NINE_STEPS,
    (Step.PHOTO, photo),
    (Step.PERSONAL_DATA, personal_data),
    (Step.ACTIVE_AUTHENTICATION, active_authentication),
    (Step.CHIP_AUTHENTICATION, chip_authentication),
)


def _result(step: Step, check: Check, sheet: Sheet) -> Result:
    try:
        return check(sheet)
    except Doubt as doubt:
        return doubt.result(step)


def _faces(evidence: Evidence) -> list[Face]:
    try:
        with reading("DG2"):
            return faces.read_dg2(evidence.groups.get(2, b""))
    except Malformed:
        return []


def _infos(sheet: Sheet) -> SecurityInfos | None:
    if 14 not in sheet.evidence.groups:  # noqa: PLR2004
        return None
    try:
        with reading("DG14"):
            return security_infos.read_dg14(sheet.evidence.groups[14])
    except Malformed as error:
        raise Doubt(Reason.DG14_MALFORMED, str(error)) from error
