"""Khóa sổ: closing columns over a school, grade or class; opening needs a reason."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from lms.kernel import audit
from lms.kernel.db import db
from lms.marks.models import MarkLock, MarkSheet
from lms.marks.rules.entry import EVERYTHING, with_locked, without_locked
from lms.sections.models import Section, Term
from lms.sections.rules import Act


@dataclass(frozen=True, slots=True)
class Reach:
    """What a lock covers: a term of a school, narrowed to a grade, class or column."""

    school_id: int
    term_id: int
    grade: int | None = None
    section_id: int | None = None
    assessment: str = EVERYTHING


def close(reach: Reach, act: Act) -> int:
    """Close what is reached, and return how many sheets that were."""
    sheets = _reached(reach)
    for sheet in sheets:
        sheet.locked = with_locked(sheet.locked, reach.assessment)
    _note(reach, act, opens=False)
    return len(sheets)


def open_again(reach: Reach, act: Act) -> int:
    """Open what was closed, for a reason that stays in the log."""
    sheets = _reached(reach)
    for sheet in sheets:
        sheet.locked = without_locked(sheet.locked, reach.assessment)
    _note(reach, act, opens=True)
    return len(sheets)


def _reached(reach: Reach) -> Sequence[MarkSheet]:
    query = (
        select(MarkSheet)
        .join(MarkSheet.section)
        .where(MarkSheet.term_id == reach.term_id, Section.school_id == reach.school_id)
    )
    if reach.grade is not None:
        query = query.where(Section.grade == reach.grade)
    if reach.section_id is not None:
        query = query.where(Section.id == reach.section_id)
    return db.session.scalars(query).all()


def _note(reach: Reach, act: Act, *, opens: bool) -> None:
    db.session.add(
        MarkLock(
            school_id=reach.school_id,
            term_id=reach.term_id,
            grade=reach.grade,
            section_id=reach.section_id,
            assessment=reach.assessment,
            opens=opens,
            reason=act.reason or None,
            by_id=act.actor_id,
            at=act.at,
        )
    )
    db.session.flush()
    audit.record(
        "open-marks" if opens else "close-marks",
        f"school:{reach.school_id}",
        act.actor_id,
        act.at,
        term=reach.term_id,
        grade=reach.grade,
        section=reach.section_id,
        assessment=reach.assessment,
    )


def locks_of(term: Term) -> Sequence[MarkLock]:
    """Return who closed and opened what, newest first."""
    query = (
        select(MarkLock)
        .filter_by(term_id=term.id)
        .options(joinedload(MarkLock.by))
        .order_by(MarkLock.id.desc())
    )
    return db.session.scalars(query).all()
