"""The start PIN: eight letters on a slip, good once, for one candidate at one seat.

The server keeps a digest only, bound to the sitting and the seat: the same letters at
another seat are another PIN.  Wrong tries are counted; after five, the invigilator must
give a new one.
"""

import hmac
import secrets
from datetime import datetime, timedelta

from lms.kernel.errors import Refusal

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Nothing that looks like something else when it is read off a slip."""

LENGTH = 8
LIFE = timedelta(minutes=45)
TRIES = 5


class PinRefusal(Refusal):
    WRONG = "pin-wrong"
    USED = "pin-used"
    EXPIRED = "pin-expired"
    TOO_MANY = "pin-too-many"


def new_pin() -> str:
    return "".join(secrets.choice(ALPHABET) for _letter in range(LENGTH))


def shown(pin: str) -> str:
    """Return it as the slip prints it, in two fours."""
    return f"{pin[:4]}-{pin[4:]}"


def digest(key: bytes, pin: str, sitting: int, seat: str) -> str:
    """Return what is kept of a PIN; however it was typed."""
    letters = "".join(letter for letter in pin.upper() if letter in ALPHABET)
    return hmac.new(key, f"{sitting}\n{seat}\n{letters}".encode(), "sha256").hexdigest()


def fits(kept: str, key: bytes, pin: str, sitting: int, seat: str) -> bool:
    return hmac.compare_digest(kept, digest(key, pin, sitting, seat))


def pin_refusal(
    issued_at: datetime, used_at: datetime | None, tries: int, now: datetime
) -> PinRefusal | None:
    """Say why a PIN can no longer be tried, or None."""
    if used_at is not None:
        return PinRefusal.USED
    if tries >= TRIES:
        return PinRefusal.TOO_MANY
    return PinRefusal.EXPIRED if now >= issued_at + LIFE else None
