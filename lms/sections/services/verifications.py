"""Whether people are who the register says: checks, and what did not agree."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from lms.kernel import audit
from lms.kernel.db import db
from lms.sections.models import Verification
from lms.sections.rules import Check, Outcome


def note_check(
    account_id: int,
    school_id: int,
    check: Check,
    checked_by_id: int | None,
    now: datetime,
) -> Verification:
    """Keep the outcome of a check; what was compared is not kept."""
    made = Verification(
        account_id=account_id,
        school_id=school_id,
        method=check.method,
        outcome=check.outcome,
        differing=list(check.differing),
        checked_by_id=checked_by_id,
        checked_at=now,
    )
    db.session.add(made)
    audit.record(
        f"verify-{check.outcome}",
        f"account:{account_id}",
        checked_by_id,
        now,
        method=check.method,
    )
    return made


def _last(school_id: int) -> Sequence[Verification]:
    newest = (
        select(func.max(Verification.id))
        .filter_by(school_id=school_id)
        .group_by(Verification.account_id)
    )
    query = (
        select(Verification)
        .where(Verification.id.in_(newest))
        .options(joinedload(Verification.account))
    )
    return db.session.scalars(query).all()


def state_of(school_id: int) -> dict[int, Verification]:
    """Return the last check of each person of a school, by account."""
    return {one.account_id: one for one in _last(school_id)}


def mismatches(school_id: int) -> list[Verification]:
    """Return the people whose last check did not agree, for somebody to look into."""
    return [one for one in _last(school_id) if one.outcome is not Outcome.MATCH]
