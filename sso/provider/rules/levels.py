"""Two things that are both called *mức*, and must never be mixed.

*Account level* (mức độ tài khoản 01, 02) says how the person was proofed when the
account was made: decree 69/2024/NĐ-CP, article 7.  *Authentication level* (mức độ xác
thực 1 to 4) says what was shown at this sign-in: article 20, clause 1.  The names LoA1
to LoA4 for the latter are ours; no public document gives them a meaning.
"""

from collections.abc import Iterable
from enum import StrEnum

LOWEST, HIGHEST = 1, 4
DEFAULT_LEVEL = 2
"""What is asked of somebody when the client asks for nothing: password and OTP."""


class Factor(StrEnum):
    """What was shown; the words of RFC 8176 where it has one."""

    PASSWORD = "pwd"  # noqa: S105 -- the word for it, not one
    OTP = "otp"
    DEVICE = "swk"
    PASSCODE = "pin"
    FACE = "face"
    QR = "qr"
    """Not in RFC 8176: the phone stood apart from the browser that signs in.  Whoever
    must know that both were in one hand (an exam) refuses answers that hold it."""


KNOWLEDGE = {Factor.PASSWORD, Factor.PASSCODE}
POSSESSION = {Factor.OTP, Factor.DEVICE}
BIOMETRIC = {Factor.FACE}


def level_reached(factors: Iterable[str]) -> int:
    """Return the authentication level of what was shown.

    Source: decree 69/2024/NĐ-CP, article 20, clause 1: one factor is 1, two of
    different kinds 2, one of two biometric 3, all three kinds together 4.
    """
    shown = set(factors)
    kinds = [bool(shown & kind) for kind in (KNOWLEDGE, POSSESSION, BIOMETRIC)]
    if all(kinds):
        return 4
    if sum(kinds) == 2:  # noqa: PLR2004
        return 3 if kinds[2] else 2
    return LOWEST


def acr_of(level: int) -> str:
    return f"LoA{level}"


def levels_asked(acr_values: str) -> tuple[int, ...]:
    """Read ``acr_values``; what is unknown is left out, for it is voluntary."""
    known = {acr_of(level): level for level in range(LOWEST, HIGHEST + 1)}
    return tuple(known[word] for word in acr_values.split() if word in known)


def level_needed(asked: tuple[int, ...]) -> int | None:
    """Return the least level that answers the request, or None if any does."""
    return min(asked) if asked else None
