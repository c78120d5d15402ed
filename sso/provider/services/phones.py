"""The phone of a person: one at a time, opened by a passcode."""

from datetime import datetime

from sqlalchemy import select, update

from lms.kernel.db import db
from sso.provider import passwords
from sso.provider.models import Person, Phone
from sso.provider.rules.qr import PASSCODE_TRIES, PASSCODE_WAIT, QrRefusal
from sso.provider.services import events
from sso.provider.vault import digest, new_token


def enrol(person: Person, now: datetime) -> tuple[Phone, str]:
    """Make this phone the person's; the one before is signed out."""
    db.session.execute(
        update(Phone).filter_by(person_id=person.id, left_at=None).values(left_at=now)
    )
    token = new_token()
    row = Phone(token_hash=digest(token), person=person, wrong_passcodes=0, made_at=now)
    db.session.add(row)
    db.session.flush()
    events.record("phone-enrolled", now, person_id=person.id)
    return row, token


def phone_of(token: str | None) -> Phone | None:
    if not token:
        return None
    row = db.session.scalar(
        select(Phone).filter_by(token_hash=digest(token), left_at=None)
    )
    return row if row is not None and row.person.active else None


def passcode_refusal(phone: Phone, passcode: str, now: datetime) -> QrRefusal | None:
    """Check the passcode; five wrong ones lock the app for a while."""
    if phone.locked_until and now < phone.locked_until:
        return QrRefusal.PHONE_LOCKED
    if passwords.is_right(phone.person.passcode_hash, passcode):
        phone.wrong_passcodes = 0
        phone.locked_until = None
        return None
    phone.wrong_passcodes += 1
    events.record("passcode-wrong", now, person_id=phone.person_id)
    if phone.wrong_passcodes < PASSCODE_TRIES:
        return QrRefusal.WRONG_PASSCODE
    phone.wrong_passcodes = 0
    phone.locked_until = now + PASSCODE_WAIT
    return QrRefusal.PHONE_LOCKED


def leave(phone: Phone, now: datetime) -> None:
    phone.left_at = now
