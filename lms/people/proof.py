"""How somebody proved who they are, and what a page may demand of that.

Two levels are kept apart: ``muc`` is the *account level* (mức độ tài khoản định danh
điện tử 01, 02; 0 for a local account), ``acr`` the *authentication level* of this
sign-in (mức độ xác thực 1 to 4).

Source: decree 69/2024/NĐ-CP, articles 7 and 20.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from lms.kernel.errors import Refusal

PASSWORD, OTP, QR = "pwd", "otp", "qr"
TWO_FACTORS = 2


@dataclass(frozen=True, slots=True)
class Proof:
    """What a session knows of how it was opened."""

    acr: int
    muc: int
    amr: tuple[str, ...]
    auth_time: datetime | None
    """None: the provider does not say when, so it is never fresh."""

    issuer: str | None = None
    """None: a local sign-in, without a provider."""

    sub: str | None = field(default=None, repr=False)
    sid: str | None = field(default=None, repr=False)
    id_token: str | None = field(default=None, repr=False)

    @property
    def is_local(self) -> bool:
        return self.issuer is None


def local_proof(factors: tuple[str, ...], now: datetime) -> Proof:
    """Return what a password, alone or with a one-time code, proves."""
    acr = TWO_FACTORS if {PASSWORD, OTP} <= set(factors) else 1
    return Proof(acr=acr, muc=0, amr=factors, auth_time=now)


class Shortfall(Refusal):
    """What a proof lacks of a demand."""

    ACCOUNT_LEVEL = "proof-account-level"
    DEVICE = "proof-device"
    LEVEL = "proof-level"
    AGE = "proof-age"


@dataclass(frozen=True, slots=True)
class Demand:
    """What a page asks of the proof behind a session."""

    muc: int = 0
    acr: int = 1
    max_age: timedelta | None = None
    same_device: bool = False
    """The phone and the browser must have been in one hand: a code shown as a QR can
    be sent to somebody elsewhere (RFC 10027)."""


NOTHING = Demand()
EXAM = Demand(muc=2, acr=2, max_age=timedelta(minutes=15), same_device=True)
"""What an exam asks unless it says otherwise; the invigilator's word is the other way
in, for those who cannot meet it."""


def shortfall(proof: Proof, demand: Demand, now: datetime) -> Shortfall | None:
    """Say what the proof lacks, gravest first, or None.

    A provider that does not say how it recognised somebody has not said that it was on
    this device.
    """
    if proof.muc < demand.muc:
        return Shortfall.ACCOUNT_LEVEL
    if demand.same_device and (not proof.amr or QR in proof.amr):
        return Shortfall.DEVICE
    if proof.acr < demand.acr:
        return Shortfall.LEVEL
    if demand.max_age is not None and (
        proof.auth_time is None or now - proof.auth_time > demand.max_age
    ):
        return Shortfall.AGE
    return None
