"""QR codes: shown to one browser, scanned by one phone, used once."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update

from lms.kernel.db import db
from sso.provider.models import Interaction, Phone, QrRequest
from sso.provider.rules.levels import Factor
from sso.provider.rules.qr import (
    LARGEST_NUMBER,
    LEVEL_FOR_QR,
    MOVES,
    SMALLEST_NUMBER,
    QrEvent,
    QrRefusal,
    QrState,
    may_ask,
    state_now,
)
from sso.provider.services import events
from sso.provider.vault import digest, new_token


@dataclass(frozen=True, slots=True)
class Place:
    """Where the browser is that shows the code."""

    address: str
    device: str


def show(
    interaction: Interaction, browser: str, place: Place, now: datetime
) -> tuple[QrRequest, str]:
    """Make a code for this browser; the one it had before is over."""
    db.session.execute(
        update(QrRequest)
        .filter(QrRequest.interaction_id == interaction.id)
        .filter(QrRequest.state.in_([QrState.WAITING, QrState.SCANNED]))
        .values(state=QrState.DENIED)
    )
    token = new_token()
    row = QrRequest(
        token_hash=digest(token),
        interaction=interaction,
        browser_hash=digest(browser),
        number=SMALLEST_NUMBER
        + secrets.randbelow(LARGEST_NUMBER - SMALLEST_NUMBER + 1),
        state=QrState.WAITING,
        address=place.address[:60],
        device=place.device[:80],
        made_at=now,
        factors=[],
    )
    db.session.add(row)
    db.session.flush()
    return row, token


def shown(token: str | None, browser: str | None) -> QrRequest | None:
    """Return the code that this very browser shows."""
    if not token or not browser:
        return None
    return db.session.scalar(
        select(QrRequest).filter_by(
            token_hash=digest(token), browser_hash=digest(browser)
        )
    )


def poll(row: QrRequest, now: datetime) -> QrState | None:
    """Return the state for the waiting browser; None if it asks too often."""
    if not may_ask(row.polled_at, now):
        return None
    row.polled_at = now
    return state_now(row.state, row.made_at, now)


def scan(token: str, phone: Phone, now: datetime) -> QrRequest | QrRefusal:
    """Bind a code to the phone that scanned it first."""
    row = db.session.scalar(select(QrRequest).filter_by(token_hash=digest(token)))
    if row is None:
        return QrRefusal.UNKNOWN
    person = phone.person
    if not person.web_sign_in:
        return QrRefusal.WEB_SIGN_IN_OFF
    if person.level < LEVEL_FOR_QR:
        return QrRefusal.LEVEL_TOO_LOW
    if row.phone_id == phone.id and row.state is QrState.SCANNED:
        return row if not _is_over(row, now) else QrRefusal.OVER
    if not _move(row, QrEvent.SCAN, now, phone_id=phone.id):
        return QrRefusal.OVER
    return row


def asked_of(phone: Phone, request_id: int) -> QrRequest | None:
    """Return a request that this phone scanned."""
    row = db.session.get(QrRequest, request_id)
    return row if row is not None and row.phone_id == phone.id else None


def approve(
    row: QrRequest, phone: Phone, number: str, proof: Factor, now: datetime
) -> QrRefusal | None:
    """Let the browser in; the phone has proved itself by *proof* already.

    A wrong number means that its holder looks at another screen than the one that
    asks: the request is over, and the log says so.
    """
    if number != str(row.number):
        _move(row, QrEvent.DENY, now)
        events.record(
            "qr-wrong-number",
            now,
            person_id=phone.person_id,
            client_id=row.interaction.client_id,
            address=row.address,
        )
        return QrRefusal.WRONG_NUMBER
    factors = [Factor.DEVICE.value, proof.value, Factor.QR.value]
    if not _move(row, QrEvent.APPROVE, now, factors=factors):
        return QrRefusal.OVER
    return None


def deny(row: QrRequest, now: datetime, why: str) -> None:
    if _move(row, QrEvent.DENY, now):
        phone = db.session.get(Phone, row.phone_id) if row.phone_id else None
        events.record(
            "qr-denied",
            now,
            person_id=phone.person_id if phone else None,
            client_id=row.interaction.client_id,
            why=why,
        )


def use(row: QrRequest, now: datetime) -> tuple[Phone, Sequence[str]] | None:
    """Take what the phone approved, once; None if there is nothing to take."""
    if not _move(row, QrEvent.USE, now):
        return None
    phone = db.session.get(Phone, row.phone_id) if row.phone_id else None
    if phone is None or not phone.person.active:
        return None
    return phone, row.factors


def _is_over(row: QrRequest, now: datetime) -> bool:
    return state_now(row.state, row.made_at, now) is QrState.EXPIRED


def _move(row: QrRequest, event: QrEvent, now: datetime, **changed: object) -> bool:
    """Move the state in the database itself: of two that try, one succeeds."""
    to = MOVES.get((row.state, event))
    if to is None or _is_over(row, now):
        return False
    moved = db.session.execute(
        update(QrRequest)
        .filter_by(id=row.id, state=row.state)
        .values(state=to, **changed)
    )
    db.session.refresh(row)
    return bool(moved.rowcount)  # type: ignore[attr-defined]
