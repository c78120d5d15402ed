"""What persons allowed clients to learn."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import bindparam, select

from lms.kernel.db import db
from sso.provider.models import Client, Consent, Person
from sso.provider.services import events

_GIVEN = select(Consent).where(
    Consent.person_id == bindparam("person"), Consent.client_id == bindparam("client")
)


def covers(person: Person, client: Client, fields: Iterable[str]) -> bool:
    """Say whether all these fields were allowed before."""
    row = _consent(person.id, client.id)
    return row is not None and set(fields) <= set(row.fields)


def give(person: Person, client: Client, fields: Iterable[str], now: datetime) -> None:
    row = _consent(person.id, client.id) or Consent(
        person_id=person.id, client_id=client.id, fields=[]
    )
    row.fields = sorted({*row.fields, *fields})
    row.given_at = now
    db.session.add(row)
    events.record(
        "consent", now, person_id=person.id, client_id=client.id, fields=row.fields
    )


def _consent(person_id: int, client_id: int) -> Consent | None:
    return db.session.scalar(_GIVEN, {"person": person_id, "client": client_id})
