"""Signing in by a QR code that a phone scans.

It crosses devices, so somebody may show the code to a stranger and let them sign in in
their stead (RFC 10027).  What makes that hard: the phone says who asks and from where,
its holder types the number that stands on *their own* screen, a wrong number ends it,
and the code lives for two minutes, for one phone and one browser.
"""

from datetime import datetime, timedelta
from enum import StrEnum

from lms.kernel.errors import Refusal

QR_LIFE = timedelta(seconds=120)
LEAST_POLL_GAP = timedelta(milliseconds=500)
SMALLEST_NUMBER, LARGEST_NUMBER = 10, 99
PASSCODE_TRIES = 5
PASSCODE_WAIT = timedelta(minutes=15)
LEVEL_FOR_QR = 2
"""Account level: the app signs in to web pages with mức 02 alone."""


class QrState(StrEnum):
    WAITING = "waiting"
    SCANNED = "scanned"
    APPROVED = "approved"
    DENIED = "denied"
    USED = "used"
    EXPIRED = "expired"
    """Never stored: time alone makes it so."""


class QrEvent(StrEnum):
    SCAN = "scan"
    APPROVE = "approve"
    DENY = "deny"
    USE = "use"


MOVES: dict[tuple[QrState, QrEvent], QrState] = {
    (QrState.WAITING, QrEvent.SCAN): QrState.SCANNED,
    (QrState.WAITING, QrEvent.DENY): QrState.DENIED,
    (QrState.SCANNED, QrEvent.APPROVE): QrState.APPROVED,
    (QrState.SCANNED, QrEvent.DENY): QrState.DENIED,
    (QrState.APPROVED, QrEvent.USE): QrState.USED,
}


class QrRefusal(Refusal):
    UNKNOWN = "qr-unknown"
    OVER = "qr-over"
    ELSEWHERE = "qr-elsewhere"
    WEB_SIGN_IN_OFF = "qr-web-sign-in-off"
    LEVEL_TOO_LOW = "qr-level-too-low"
    WRONG_NUMBER = "qr-wrong-number"
    WRONG_PASSCODE = "qr-wrong-passcode"
    PHONE_LOCKED = "qr-phone-locked"


def state_now(state: QrState, made_at: datetime, now: datetime) -> QrState:
    """Return the state as it is now; what nobody used in time has expired."""
    if state in (QrState.USED, QrState.DENIED) or now - made_at <= QR_LIFE:
        return state
    return QrState.EXPIRED


def may_ask(polled_at: datetime | None, now: datetime) -> bool:
    """Say whether a browser that waits may ask again already."""
    return polled_at is None or now - polled_at >= LEAST_POLL_GAP
