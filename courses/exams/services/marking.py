"""Marks from the events and the frozen paper, and the audit that recomputes them."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from courses.exams.models.plan import Exam, ExamSession, ExamSubject
from courses.exams.models.sittings import Sitting, SittingMove
from courses.exams.rules.events import AnswerEvent, Fault, Finding, findings, folded
from courses.exams.rules.sitting import ENDED, SittingState, replayed
from courses.exams.services import papers, sealing
from courses.exams.services.papers import Question
from lms.kernel.db import db

BATCH = 200


@dataclass(frozen=True, slots=True)
class Marked:
    """*points* is None while a person must decide about an answer."""

    points: Fraction | None
    worth: Fraction


def marked(questions: Sequence[Question], answers: dict[int, AnswerEvent]) -> Marked:
    """Grade the answers that count by the frozen paper; blank ones earn nothing."""
    worth = sum((question.points for question in questions), Fraction())
    total = Fraction()
    for question in questions:
        event = answers.get(question.position)
        value = json.loads(event.body)["value"] if event else None
        earned = question.item.grade(value).points(question.points)
        if earned is None:
            return Marked(None, worth)
        total += earned
    return Marked(total, worth)


def mark(sitting: Sitting) -> Marked:
    """Mark a sitting that has ended; the second time gives the same."""
    result = _recomputed(sitting)
    sitting.points = None if result.points is None else str(result.points)
    sitting.worth = str(result.worth)
    db.session.flush()
    return result


@dataclass(frozen=True, slots=True)
class Audited:
    """What was found of one sitting; nothing, if it is whole."""

    sitting: Sitting
    findings: list[Finding]


def audit_exam(exam: Exam) -> Iterator[Audited]:
    """Check every chain and receipt, every state and every mark of an exam."""
    sessions = (
        select(ExamSession.id).join(ExamSubject).where(ExamSubject.exam_id == exam.id)
    )
    last = 0
    while True:
        query = (
            select(Sitting)
            .where(Sitting.session_id.in_(sessions), Sitting.id > last)
            .options(
                joinedload(Sitting.candidate),
                joinedload(Sitting.paper),
                joinedload(Sitting.session).joinedload(ExamSession.subject),
            )
            .order_by(Sitting.id)
            .limit(BATCH)
        )
        batch = db.session.scalars(query).all()
        if not batch:
            return
        yield from (Audited(sitting, _findings(sitting)) for sitting in batch)
        last = batch[-1].id


def _findings(sitting: Sitting) -> list[Finding]:
    key = sitting.receipt_key or b""
    rows = sealing.answers_of(sitting)
    seals = [row.seal for row in sealing.seals_of(sitting)]
    found = findings(key, [(row.event, row.receipt) for row in rows], seals)
    if sitting.state in ENDED and sum(one.count for one in seals) < len(rows):
        found.append(Finding(Fault.SEAL, "not sealed at the end"))
    if not _moves_lead_to(sitting):
        found.append(Finding(Fault.STATE, str(sitting.state)))
    if sitting.worth is not None and not _mark_is_right(sitting):
        found.append(Finding(Fault.MARK, f"{sitting.points}/{sitting.worth}"))
    return found


def _moves_lead_to(sitting: Sitting) -> bool:
    query = select(SittingMove.event).filter_by(sitting_id=sitting.id)
    events = db.session.scalars(query.order_by(SittingMove.id))
    try:
        return replayed(events) is sitting.state
    except ValueError:
        return False


def _mark_is_right(sitting: Sitting) -> bool:
    again = _recomputed(sitting)
    points = None if again.points is None else str(again.points)
    return (points, str(again.worth)) == (sitting.points, sitting.worth)


def _recomputed(sitting: Sitting) -> Marked:
    if sitting.paper is None or sitting.state is SittingState.ABSENT:
        return Marked(Fraction(), Fraction())
    answers = folded(row.event for row in sealing.answers_of(sitting))
    return marked(papers.questions_of(sitting.paper, sitting.session), answers)
