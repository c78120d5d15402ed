"""Test persons: added by the operator, found by their number, proofed by what they
know and have."""

import json
import uuid
from dataclasses import asdict, dataclass
from datetime import date, datetime

import pyotp
from sqlalchemy import select

from lms.kernel.db import db
from sso.provider import passwords
from sso.provider.models import Person
from sso.provider.rules.fields import Gender, PersonFacts
from sso.provider.rules.lockout import SignInRefusal
from sso.provider.services import events, lockout
from sso.provider.vault import Vault

OTP_STEP_SECONDS = 30
OTP_DRIFT = (-1, 0, 1)
"""Steps around now that are taken, for clocks that do not quite agree."""


@dataclass(frozen=True, slots=True)
class Secrets:
    """What a test person signs in with."""

    password: str
    passcode: str
    otp_secret: str


@dataclass(frozen=True, slots=True)
class Typed:
    """What somebody typed, and from which IP address."""

    number: str
    password: str
    address: str


def add(
    vault: Vault, facts: PersonFacts, secrets: Secrets, now: datetime
) -> Person | None:
    """Add a test person; None if the number is taken."""
    index = vault.index(facts.number)
    if db.session.scalar(select(Person.id).filter_by(number_index=index)):
        return None
    uid = str(uuid.uuid4())
    person = Person(
        uid=uid,
        number_index=index,
        sealed=vault.seal(_written(facts), f"person:{uid}"),
        full_name=facts.full_name,
        level=facts.level,
        password_hash=passwords.hashed(secrets.password),
        passcode_hash=passwords.hashed(secrets.passcode),
        otp_sealed=vault.seal(secrets.otp_secret, f"otp:{uid}"),
        created_at=now,
    )
    db.session.add(person)
    db.session.flush()
    return person


def facts_of(vault: Vault, person: Person) -> PersonFacts:
    read = json.loads(vault.open(person.sealed, f"person:{person.uid}"))
    return PersonFacts(
        **read
        | {
            "birth_on": date.fromisoformat(read["birth_on"]),
            "gender": Gender(read["gender"]),
            "level": person.level,
        }
    )


def _written(facts: PersonFacts) -> str:
    return json.dumps(
        asdict(facts) | {"birth_on": facts.birth_on.isoformat()}, ensure_ascii=False
    )


def person_by_password(
    vault: Vault, typed: Typed, now: datetime
) -> Person | SignInRefusal:
    """Return whose number and password these are, or why nobody is told.

    A number that nobody has costs the same time and gets the same words.
    """
    index = vault.index(typed.number)
    keys = lockout.keys_of(index, typed.address)
    if lockout.is_barred(keys, now):
        return SignInRefusal.TOO_MANY
    person = db.session.scalar(select(Person).filter_by(number_index=index))
    expected = person.password_hash if person else passwords.NOBODY
    right = passwords.is_right(expected, typed.password)
    if person is None or not right or not person.active:
        lockout.count(keys, now)
        events.record("password-wrong", now, person_id=person.id if person else None)
        return SignInRefusal.WRONG
    lockout.forget(keys[0])
    return person


def takes_otp(vault: Vault, person: Person, code: str, now: datetime) -> bool:
    """Say whether this is the person's OTP of this moment, and use it up."""
    maker = _otp_of(vault, person)
    step_now = int(now.timestamp()) // OTP_STEP_SECONDS
    for drift in OTP_DRIFT:
        step = step_now + drift
        if step > person.otp_step and pyotp.utils.strings_equal(
            maker.generate_otp(step), code
        ):
            person.otp_step = step
            return True
    return False


def otp_now(vault: Vault, person: Person, now: datetime) -> str:
    """Return the OTP that the person's app shows now."""
    step = int(now.timestamp()) // OTP_STEP_SECONDS
    return _otp_of(vault, person).generate_otp(step)


def _otp_of(vault: Vault, person: Person) -> pyotp.TOTP:
    return pyotp.TOTP(vault.open(person.otp_sealed, f"otp:{person.uid}"))


def lock(person: Person, now: datetime) -> None:
    """Close the account; its sessions are ended by the caller."""
    person.active = False
    events.record("locked", now, person_id=person.id)
