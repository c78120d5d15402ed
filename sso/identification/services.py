"""Open an identification, judge its evidence, and end it; each try is kept.

The answers of a station are not refusals that roll back: a refused card, a replayed
challenge, a late answer are all written down.
"""

import secrets
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update

from lms.kernel import audit, clock
from lms.kernel.db import db
from lms.kernel.errors import Refused
from sso.anchors import services as anchors
from sso.chip import security_infos
from sso.chip.agreement import ChipAgreement, chip_agreement
from sso.chip.certificates import reading
from sso.chip.evidence import Evidence, Report
from sso.chip.tlv import Malformed
from sso.chip.verdicts import Reason
from sso.chip.verification import verify
from sso.identification import photographs, rules
from sso.identification.models import Identification, Station, StationNonce
from sso.identification.rules import (
    Expected,
    Finding,
    IdentificationEvent,
    IdentificationState,
    StationRefusal,
)
from sso.station import signing

NONCES_KEPT = timedelta(minutes=5)
SECRET_BITS = 640
Source = Callable[[str, str, datetime], Expected | None]
"""Asked with a room, a number and the moment: is anybody of that number expected?"""


@dataclass(frozen=True)
class Answer:
    """What a station is told: a refusal, or the state with what it found."""

    row: Identification | None
    refusal: StationRefusal | None = None
    relay: ChipAgreement | None = None
    reasons: tuple[Reason, ...] = ()

    @property
    def accepted(self) -> bool:
        state = self.row.state if self.row and not self.refusal else None
        return state is IdentificationState.VERIFIED


def register(name: str, room: str, key: str, actor_id: int, now: datetime) -> Station:
    """Register a station by the public key that it printed, 64 hexadecimal digits."""
    try:
        public = bytes.fromhex(key)
        known = db.session.scalar(
            select(Station.id).filter_by(key_id=signing.key_id(public))
        )
    except ValueError as error:
        raise Refused(StationRefusal.KEY_UNREADABLE) from error
    if len(public) != 32:  # noqa: PLR2004 -- an Ed25519 key
        raise Refused(StationRefusal.KEY_UNREADABLE)
    if known is not None:
        raise Refused(StationRefusal.KEY_KNOWN)
    row = Station(
        name=name,
        room=room,
        key_id=signing.key_id(public),
        public_key=public,
        is_enabled=True,
        registered_by_id=actor_id,
        registered_at=now,
    )
    db.session.add(row)
    db.session.flush()
    audit.record("station:register", f"station:{row.id}", actor_id, now)
    return row


def switch(station: Station, actor_id: int, now: datetime) -> None:
    """Enable a station that was off, or the other way round."""
    station.is_enabled = not station.is_enabled
    act = "station:enable" if station.is_enabled else "station:disable"
    audit.record(act, f"station:{station.id}", actor_id, now)


def stations() -> list[Station]:
    return list(
        db.session.scalars(select(Station).order_by(Station.room, Station.name))
    )


def station_that_signed(
    request: tuple[str, str, bytes], headers: Mapping[str, str], now: datetime
) -> Station | StationRefusal:
    """Return the enabled station that signed this request, and just now, and once."""
    station = db.session.scalar(
        select(Station).filter_by(key_id=headers.get(signing.STATION, "")[:64])
    )
    if station is None or not station.is_enabled:
        return _unheard(station, StationRefusal.UNKNOWN, now)
    if not signing.is_genuine(station.public_key, request, headers, now.timestamp()):
        return _unheard(station, StationRefusal.SIGNATURE, now)
    nonce = headers[signing.NONCE]
    seen = select(StationNonce.id).filter_by(station_id=station.id, nonce=nonce)
    if db.session.scalar(seen) is not None:
        audit.record("station:repeated", f"station:{station.id}", None, now)
        return StationRefusal.REPEATED
    db.session.execute(
        delete(StationNonce).where(StationNonce.seen_at < now - NONCES_KEPT)
    )
    db.session.add(StationNonce(station_id=station.id, nonce=nonce, seen_at=now))
    db.session.flush()
    return station


def _unheard(
    station: Station | None, refusal: StationRefusal, now: datetime
) -> StationRefusal:
    """Write down that somebody spoke who is not listened to."""
    subject = f"station:{station.id}" if station else "station"
    audit.record("station:refused", subject, None, now, why=refusal.value)
    return refusal


def open_identification(
    station: Station, number: str, sources: Iterable[Source], now: datetime
) -> Answer:
    """Ask whether anybody of this number is expected here, and give a challenge."""
    found = (source(station.room, number, now) for source in sources)
    expected = next((one for one in found if one), None)
    if expected is None:
        # The number may be anybody's: it is counted, not kept.
        audit.record("identification:unexpected", f"station:{station.id}", None, now)
        return Answer(None, StationRefusal.NOT_EXPECTED)
    live = db.session.scalar(
        select(Identification).where(
            Identification.subject == expected.subject,
            Identification.state.in_(rules.LIVE),
        )
    )
    if live and live.state is IdentificationState.VERIFIED:
        _late(live, StationRefusal.ALREADY_VERIFIED, now)
        return Answer(live, StationRefusal.ALREADY_VERIFIED)
    if live:
        _move(live, IdentificationEvent.SUPERSEDE, now)
        db.session.flush()
    row = Identification(
        code=secrets.token_hex(16),
        station_id=station.id,
        subject=expected.subject,
        photo_scope=expected.photo_scope,
        state=IdentificationState.OPENED,
        opened_at=now,
        verdicts=[],
        findings=[],
        is_simulated=False,
    )
    row.number, row.birth_date = expected.number, expected.birth_date
    row.challenge = secrets.token_bytes(rules.CHALLENGE_BYTES)
    db.session.add(row)
    db.session.flush()
    _record("identification:open", row, now)
    return Answer(row)


def take_evidence(
    row: Identification,
    files: Mapping[str, bytes],
    answer: bytes | None,
    note: tuple[str, int, int],
    now: datetime,
) -> Answer:
    """Use the challenge up, then judge; *note*: access, read and answer time in ms."""
    challenge = row.challenge
    if not _use_up(row) or challenge is None:
        return _late(row, StationRefusal.CHALLENGE_USED, now)
    if refusal := rules.evidence_refusal(row.state, row.opened_at, now):
        _lapse(row, now)
        return _late(row, refusal, now)
    row.evidence_at = now
    row.access, row.read_ms, row.active_ms = note
    hashed = rules.hash_of(files, answer)
    seen = db.session.scalar(
        select(Identification.id).filter_by(evidence_hash=hashed).limit(1)
    )
    row.evidence_hash = hashed
    groups = {int(name[2:]): part for name, part in files.items() if name != "SOD"}
    evidence = Evidence(files.get("SOD", b""), groups, challenge, answer)
    report = verify(evidence, anchors.trust_store(), now)
    expected = (row.number or "", row.birth_date)
    found = rules.findings_on(report, expected, note[2], clock.day_of(now))
    if seen is not None:
        found.append(Finding.EVIDENCE_SEEN_BEFORE)
    return _judge(row, report, found, groups, now)


def take_chip_answer(row: Identification, answer: bytes, now: datetime) -> Answer:
    """Judge what the chip said to the server's own sealed command."""
    if refusal := rules.chip_refusal(row.state, row.evidence_at, now):
        if row.state is IdentificationState.AWAITING_CHIP:
            _lapse(row, now)
        return _late(row, refusal, now)
    agreement, head = _agreement_of(row)
    row.agreement, row.dg14 = None, None
    if agreement is None or not agreement.is_confirmed(answer, head):
        return _end(row, [Finding.CHIP_DID_NOT_CONFIRM], now)
    return _end(row, [], now)


def identification_called(code: str, station: Station) -> Identification | None:
    """Find an identification of this very station."""
    query = select(Identification).filter_by(code=code, station_id=station.id)
    return db.session.scalar(query)


def reopen(row: Identification, actor_id: int, reason: str, now: datetime) -> None:
    """Let somebody who was identified be identified again."""
    _move(row, IdentificationEvent.SUPERSEDE, now)
    audit.record(
        "identification:reopen", f"identification:{row.id}", actor_id, now,
        reason=reason,
    )  # fmt: skip


def _use_up(row: Identification) -> bool:
    """Take the challenge away, first of all: two requests cannot both have had it."""
    used = db.session.execute(
        update(Identification)
        .where(
            Identification.id == row.id,
            Identification.challenge_sealed.is_not(None),
        )
        .values(challenge_sealed=None)
    )
    db.session.refresh(row)
    return bool(used.rowcount)  # type: ignore[attr-defined]


def _judge(
    row: Identification,
    report: Report,
    found: list[Finding],
    groups: Mapping[int, bytes],
    now: datetime,
) -> Answer:
    row.verdicts = [
        [one.step.value, one.verdict.value, one.reason.value] for one in report.results
    ]
    row.anchor = report.anchor
    row.is_simulated = report.anchor is None or anchors.is_simulated(report.anchor)
    if row.is_simulated and report.anchor:
        found.append(Finding.SIMULATED)
    reasons = tuple(one.reason for one in report.refused)
    if not report.accepted or rules.REFUSING & set(found):
        return _end(row, found, now, reasons)
    photographs.keep(row, report.faces[0].image if report.faces else b"")
    if rules.is_proved(report):
        return _end(row, found, now)
    agreement = _new_agreement(row, groups)
    if agreement is None:
        return _end(row, [*found, Finding.NOT_PROTECTED], now)
    row.findings = [one.value for one in found]
    _move(row, IdentificationEvent.ASK_CHIP, now)
    _record("identification:ask-chip", row, now)
    return Answer(row, relay=agreement)


def _new_agreement(
    row: Identification, groups: Mapping[int, bytes]
) -> ChipAgreement | None:
    secret = secrets.randbits(SECRET_BITS)
    head = groups[1][:8]
    row.agreement = head + secret.to_bytes(SECRET_BITS // 8, "big")
    row.dg14 = groups.get(14)
    return _agreement_of(row)[0]


def _agreement_of(row: Identification) -> tuple[ChipAgreement | None, bytes]:
    kept = row.agreement or b""
    try:
        with reading("DG14"):
            infos = security_infos.read_dg14(row.dg14 or b"")
            return chip_agreement(infos, int.from_bytes(kept[8:], "big")), kept[:8]
    except Malformed:
        return None, kept[:8]


def _end(
    row: Identification,
    found: list[Finding],
    now: datetime,
    reasons: tuple[Reason, ...] = (),
) -> Answer:
    row.findings = [*dict.fromkeys([*row.findings, *(one.value for one in found)])]
    refused = bool(reasons) or bool(rules.REFUSING & set(found))
    if refused:
        row.photo = None
    event = IdentificationEvent.REFUSE if refused else IdentificationEvent.VERIFY
    _move(row, event, now)
    _record(f"identification:{row.state.value}", row, now)
    return Answer(row, reasons=reasons)


def _late(row: Identification, refusal: StationRefusal, now: datetime) -> Answer:
    audit.record(
        "identification:late", f"identification:{row.id}", None, now, why=refusal.value
    )
    return Answer(row, refusal)


def _lapse(row: Identification, now: datetime) -> None:
    row.photo, row.agreement, row.dg14 = None, None, None
    _move(row, IdentificationEvent.LAPSE, now)


def _move(row: Identification, event: IdentificationEvent, now: datetime) -> None:
    row.state = rules.MOVES[row.state, event]
    if row.state is not IdentificationState.AWAITING_CHIP:
        row.ended_at = now


def _record(act: str, row: Identification, now: datetime) -> None:
    refused = [v[2] for v in row.verdicts if v[1] == "refused"]
    audit.record(
        act,
        f"identification:{row.id}",
        None,
        now,
        station=row.station_id,
        evidence=row.evidence_hash,
        reasons=[*refused, *row.findings],
        simulated=row.is_simulated,
    )
