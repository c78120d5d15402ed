"""What was filled once is never filled again, whatever people made of it since.

The audit log remembers it: nobody can rename or delete a row of that.
"""

from datetime import datetime

from sqlalchemy import select

from lms.kernel import audit
from lms.kernel.audit import AuditEvent
from lms.kernel.db import db

ACT = "demo-filled"


def is_first(thing: str, now: datetime) -> bool:
    """Say whether *thing* was never filled, and remember that it is now."""
    subject = f"demo:{thing}"
    known = select(AuditEvent.id).filter_by(act=ACT, subject=subject)
    if db.session.scalar(known) is not None:
        return False
    audit.record(ACT, subject, None, now)
    return True
