"""What persons allowed clients to learn."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select

from lms.kernel.db import db
from sso.provider.models import Client, Consent, Person
from sso.provider.services import events


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
    return db.session.scalar(
        select(Consent).filter_by(person_id=person_id, client_id=client_id)
    )
