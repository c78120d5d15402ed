"""The two steps of signing in by number: the password, then the OTP."""

from datetime import datetime

from lms.kernel.db import db
from sso.provider.models import Interaction, Person
from sso.provider.rules.lockout import SignInRefusal
from sso.provider.services import events, lockout, persons
from sso.provider.services.persons import Typed
from sso.provider.vault import Vault

OTP_TRIES = 5
"""After so many wrong ones the password is asked for again."""


def take_password(
    vault: Vault,
    interaction: Interaction,
    typed: Typed,
    now: datetime,
) -> Person | SignInRefusal:
    """Note whose password it is, or return why not."""
    found = persons.person_by_password(vault, typed, now)
    if isinstance(found, Person):
        interaction.password_by = found.id
        interaction.wrong_otps = 0
    return found


def take_otp(
    vault: Vault, interaction: Interaction, code: str, now: datetime
) -> SignInRefusal | None:
    """Use up the OTP; None if it was right."""
    person = person_waiting(interaction)
    if person is None:
        return SignInRefusal.BEGIN_AGAIN
    key = f"otp:{person.number_index}"
    if lockout.is_barred([key], now):
        return SignInRefusal.TOO_MANY
    if persons.takes_otp(vault, person, code, now):
        lockout.forget(key)
        return None
    events.record("otp-wrong", now, person_id=person.id)
    lockout.count([key], now)
    interaction.wrong_otps += 1
    if interaction.wrong_otps < OTP_TRIES:
        return SignInRefusal.WRONG_OTP
    interaction.password_by = None
    return SignInRefusal.BEGIN_AGAIN


def person_waiting(interaction: Interaction) -> Person | None:
    if interaction.password_by is None:
        return None
    person = db.session.get(Person, interaction.password_by)
    return person if person and person.active else None
