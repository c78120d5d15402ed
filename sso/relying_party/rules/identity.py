"""One identity out of what any provider says of a person.

*Account level* (mức độ tài khoản 01, 02) says how the person was proofed when the
account was made; *authentication level* (mức độ xác thực 1 to 4, here ``acr``) what was
shown at this sign-in.  They are two numbers and are never mixed.

Source: decree 69/2024/NĐ-CP, articles 7 and 20.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any

from sso.relying_party.rules.provider import Claim, Provider
from sso.relying_party.rules.tokens import is_subject

LOWEST = 1
LONGEST_NAME = 120
_NUMBER = re.compile(r"[0-9]{12}")


class IdentityFault(StrEnum):
    """What a provider's words about a person lack; told to the log alone."""

    SUBJECT = "identity-subject"
    OTHER_SUBJECT = "identity-other-subject"
    NUMBER = "identity-number"
    FULL_NAME = "identity-name"
    BIRTH_DATE = "identity-birth-date"
    ORGANISATION = "identity-organisation"


@dataclass(frozen=True, slots=True)
class VerifiedIdentity:
    """Who signed in, as the provider vouches for it."""

    issuer: str
    sub: str = field(repr=False)
    """The person's name at this issuer, for us alone; may be the personal number."""

    personal_number: str | None = field(repr=False)
    full_name: str = field(repr=False)
    birth_date: date | None = field(repr=False)
    account_level: int
    acr: int
    amr: tuple[str, ...] = ()
    auth_time: datetime | None = None
    """None: the provider does not say, so nobody can call the sign-in fresh."""

    sid: str | None = None
    id_token: str | None = field(default=None, repr=False)
    """Shown to the provider when signing out there; None where there is none."""


def verified(
    provider: Provider, signed: Mapping[str, Any], told: Mapping[str, Any]
) -> VerifiedIdentity | IdentityFault:
    """Join the ID token (*signed*; empty if there is none) and the userinfo (*told*).

    Levels that are not known words are the lowest; a sign-in cannot gain by a claim
    that is missing or strange.
    """
    said = {claim: told.get(name) for claim, name in provider.habits.claims.items()}
    sub, number = said[Claim.SUB], said[Claim.NUMBER]
    full_name = said[Claim.FULL_NAME] or ""
    formats = provider.habits.date_formats
    birth_date = day_written(said[Claim.BIRTH_DATE], formats)
    checks = (
        (IdentityFault.SUBJECT, is_subject(sub)),
        (IdentityFault.OTHER_SUBJECT, signed.get("sub", sub) == sub),
        (IdentityFault.ORGANISATION, _is_citizen(provider, said[Claim.KIND])),
        (IdentityFault.NUMBER, number is None or is_number(number)),
        (IdentityFault.FULL_NAME, _is_name(full_name)),
        (IdentityFault.BIRTH_DATE, birth_date or not said[Claim.BIRTH_DATE]),
    )
    for fault, passed in checks:
        if not passed:
            return fault
    return VerifiedIdentity(
        issuer=provider.issuer,
        sub=str(sub),
        personal_number=number,
        full_name=" ".join(full_name.split()),
        birth_date=birth_date,
        account_level=account_level(provider, said[Claim.LEVEL]),
        acr=authentication_level(provider, signed.get("acr")),
        amr=_words(signed.get("amr")),
        auth_time=_moment(signed.get("auth_time")),
        sid=signed["sid"] if is_subject(signed.get("sid")) else None,
    )


def _is_citizen(provider: Provider, kind: Any) -> bool:
    """Say whether this is a person's account, as far as the provider says."""
    kinds = provider.habits.kinds
    return kind is None or not kinds or str(kind) in kinds


def _is_name(value: Any) -> bool:
    return isinstance(value, str) and len(value) <= LONGEST_NAME


def is_number(value: Any) -> bool:
    return isinstance(value, str) and _NUMBER.fullmatch(value) is not None


def day_written(value: Any, formats: tuple[str, ...]) -> date | None:
    """Read a day in the first of these formats that fits, or None."""
    for form in formats if isinstance(value, str) else ():
        try:
            return datetime.strptime(value, form).replace(tzinfo=UTC).date()
        except ValueError:
            continue
    return None


def account_level(provider: Provider, told: Any) -> int:
    # True is 1 to Python, and no level.
    if isinstance(told, bool) or not isinstance(told, int | str):
        return LOWEST
    return provider.account_levels.get(str(told), LOWEST)


def authentication_level(provider: Provider, acr: Any) -> int:
    if not isinstance(acr, str):
        return LOWEST
    return provider.acr_levels.get(acr, LOWEST)


def _words(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(map(is_subject, value)):
        return ()
    return tuple(value)[:10]


def _moment(value: Any) -> datetime | None:
    return None if value is None else datetime.fromtimestamp(value, UTC)
