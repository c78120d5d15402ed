"""The mimic's own log of what happened."""

from datetime import datetime
from typing import Any

from lms.kernel.db import db
from sso.provider.models import Event


def record(
    act: str,
    now: datetime,
    *,
    person_id: int | None = None,
    client_id: int | None = None,
    **detail: Any,
) -> None:
    """Add a row; *detail* holds words and counts, never numbers of people."""
    db.session.add(
        Event(at=now, act=act, person_id=person_id, client_id=client_id, detail=detail)
    )
