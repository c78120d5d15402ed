"""Who teaches what to whom, and who looks after a class."""

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import joinedload

from lms.kernel.db import db
from lms.kernel.errors import Refused
from lms.people.models import Account
from lms.sections.models import (
    CurriculumSubject,
    Homeroom,
    Section,
    Subject,
    TeachingAssignment,
)
from lms.sections.rules import SectionsRefusal, days_refusal

Dated = type[TeachingAssignment] | type[Homeroom]


def held_on(kind: Dated, day: date) -> ColumnElement[bool]:
    """Return the condition that an assignment runs on this day."""
    still = or_(kind.to_on.is_(None), kind.to_on >= day)
    return (kind.from_on <= day) & still


def assign(
    section: Section,
    subject: Subject,
    teacher: Account,
    from_on: date,
    content: str | None = None,
) -> TeachingAssignment:
    """Let somebody teach a subject to a class; two may share its contents."""
    taught = select(CurriculumSubject.id).filter_by(
        school_year_id=section.school_year_id,
        grade=section.grade,
        subject_id=subject.id,
    )
    if db.session.scalar(taught) is None:
        raise Refused(SectionsRefusal.NOT_TAUGHT_HERE)
    made = TeachingAssignment(
        section_id=section.id,
        subject_id=subject.id,
        teacher_id=teacher.id,
        content=content,
        from_on=from_on,
    )
    db.session.add(made)
    db.session.flush()
    return made


def end_assignment(assignment: TeachingAssignment, on: date) -> None:
    if reason := days_refusal(assignment.from_on, on):
        raise Refused(reason)
    assignment.to_on = on


def look_after(section: Section, teacher: Account, from_on: date) -> Homeroom:
    """Make somebody the homeroom teacher; who was before ends the day before."""
    before = db.session.scalars(
        select(Homeroom)
        .filter_by(section_id=section.id)
        .where(held_on(Homeroom, from_on))
    )
    for one in before:
        one.to_on = max(one.from_on, from_on - timedelta(days=1))
    made = Homeroom(section_id=section.id, teacher_id=teacher.id, from_on=from_on)
    db.session.add(made)
    db.session.flush()
    return made


def homeroom_of(section_id: int, day: date) -> Account | None:
    query = (
        select(Account)
        .join(Homeroom, Homeroom.teacher_id == Account.id)
        .where(Homeroom.section_id == section_id, held_on(Homeroom, day))
        .order_by(Homeroom.from_on.desc())
    )
    return db.session.scalars(query).first()


def homerooms_of(section_ids: Sequence[int], day: date) -> dict[int, Account]:
    """Return the homeroom teacher of each class that has one."""
    query = (
        select(Homeroom)
        .where(Homeroom.section_id.in_(section_ids), held_on(Homeroom, day))
        .options(joinedload(Homeroom.teacher))
    )
    return {one.section_id: one.teacher for one in db.session.scalars(query)}


def assignments_of_section(section_id: int, day: date) -> Sequence[TeachingAssignment]:
    query = (
        select(TeachingAssignment)
        .filter_by(section_id=section_id)
        .where(held_on(TeachingAssignment, day))
        .join(TeachingAssignment.subject)
        .options(joinedload(TeachingAssignment.teacher))
        .order_by(Subject.position)
    )
    return db.session.scalars(query).all()


def assignments_of_teacher(account_id: int, day: date) -> Sequence[TeachingAssignment]:
    query = (
        select(TeachingAssignment)
        .filter_by(teacher_id=account_id)
        .where(held_on(TeachingAssignment, day))
        .join(TeachingAssignment.section)
        .options(joinedload(TeachingAssignment.section))
        .order_by(Section.grade, Section.name)
    )
    return db.session.scalars(query).all()


def homeroom_sections(account_id: int, day: date) -> Sequence[Section]:
    query = (
        select(Section)
        .join(Homeroom, Homeroom.section_id == Section.id)
        .where(Homeroom.teacher_id == account_id, held_on(Homeroom, day))
        .order_by(Section.name)
    )
    return db.session.scalars(query).all()
