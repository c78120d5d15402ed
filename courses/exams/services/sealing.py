"""Sealing what was answered, every few seconds and at the end."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select

from courses.exams.models.sittings import AnswerRow, AnswerSeal, Sitting
from courses.exams.rules.events import FIRST, seal
from courses.exams.rules.sitting import SittingState
from lms.kernel.db import db


def answers_of(sitting: Sitting) -> Sequence[AnswerRow]:
    """Return every acknowledged answer, as they came."""
    query = select(AnswerRow).filter_by(sitting_id=sitting.id)
    return db.session.scalars(query.order_by(AnswerRow.id)).all()


def seals_of(sitting: Sitting) -> Sequence[AnswerSeal]:
    query = select(AnswerSeal).filter_by(sitting_id=sitting.id)
    return db.session.scalars(query.order_by(AnswerSeal.number)).all()


def seal_answers(sitting: Sitting, now: datetime) -> int:
    """Seal what is not sealed yet; return how many answers that was.

    The sitting's row is held, so that no answer is on its way in meanwhile, and no two
    seal at once.
    """
    db.session.flush()
    db.session.refresh(sitting, with_for_update={"of": Sitting})
    last = db.session.scalar(
        select(AnswerSeal)
        .filter_by(sitting_id=sitting.id)
        .order_by(AnswerSeal.number.desc())
        .limit(1)
    )
    query = select(AnswerRow).where(
        AnswerRow.sitting_id == sitting.id,
        AnswerRow.id > (last.last_event_id if last else 0),
    )
    rows = db.session.scalars(query.order_by(AnswerRow.id)).all()
    if not rows:
        return 0
    number, previous = (last.number + 1, last.digest) if last else (1, FIRST)
    made = seal(
        sitting.receipt_key or b"", number, previous, [row.event for row in rows]
    )
    db.session.add(
        AnswerSeal(
            sitting_id=sitting.id,
            number=made.number,
            count=made.count,
            last_event_id=rows[-1].id,
            digest=made.digest,
            sealed_at=now,
        )
    )
    db.session.flush()
    return made.count


def unsealed(limit: int) -> Sequence[Sitting]:
    """Return some running sittings with answers that no seal holds yet."""
    newest = (
        select(func.max(AnswerRow.id))
        .where(AnswerRow.sitting_id == Sitting.id)
        .scalar_subquery()
    )
    sealed = (
        select(func.max(AnswerSeal.last_event_id))
        .where(AnswerSeal.sitting_id == Sitting.id)
        .scalar_subquery()
    )
    query = select(Sitting).where(
        Sitting.state.in_((SittingState.WRITING, SittingState.PAUSED)),
        func.coalesce(newest, 0) > func.coalesce(sealed, 0),
    )
    return db.session.scalars(query.order_by(Sitting.id).limit(limit)).all()
