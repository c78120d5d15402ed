"""Schools, their years, subjects, classes and offices."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload, selectinload

from lms.kernel import audit
from lms.kernel.db import db
from lms.kernel.errors import Refused
from lms.sections.models import (
    CurriculumSubject,
    School,
    SchoolOffice,
    SchoolYear,
    Section,
    Subject,
    Term,
)
from lms.sections.rules import (
    CURRICULUM,
    UPPER_CORE,
    Office,
    SchoolLevel,
    SectionsRefusal,
    curriculum_of,
    days_refusal,
    level_of,
)
from lms.units.models import Unit

PROFILES = {
    SchoolLevel.PRIMARY: "tt27-2020/1",
    SchoolLevel.LOWER: "tt22-2021/1",
    SchoolLevel.UPPER: "tt22-2021/1",
}
"""The regulation profile that a new class is bound to; ``lms.marks`` knows them."""


def found_school(unit: Unit, lowest_grade: int, highest_grade: int) -> School:
    school = School(
        unit_id=unit.id, lowest_grade=lowest_grade, highest_grade=highest_grade
    )
    db.session.add(school)
    db.session.flush()
    return school


def schools_within(ids: Sequence[int] | None) -> Sequence[School]:
    """Return these schools by name; all of them for None."""
    query = select(School).join(School.unit).order_by(Unit.name)
    if ids is not None:
        query = query.where(School.id.in_(ids))
    return db.session.scalars(query).unique().all()


def subjects() -> dict[str, Subject]:
    """Return the programme's subjects by code, added where they are not there yet."""
    found = {one.code: one for one in db.session.scalars(select(Subject))}
    for position, taught in enumerate(CURRICULUM, 1):
        if taught.code not in found:
            subject = Subject(
                code=taught.code,
                name=taught.name,
                kind=taught.kind,
                position=position,
            )
            db.session.add(subject)
            found[taught.code] = subject
    db.session.flush()
    return found


def open_year(
    school: School, name: str, starts_on: date, second_term_on: date, ends_on: date
) -> SchoolYear:
    """Open a school year of two terms with the programme's subjects for each grade."""
    if not starts_on < second_term_on < ends_on:
        raise Refused(SectionsRefusal.DAYS_TURNED)
    if year_called(school.id, name) is not None:
        raise Refused(SectionsRefusal.YEAR_TAKEN)
    year = SchoolYear(
        school_id=school.id, name=name, starts_on=starts_on, ends_on=ends_on
    )
    last_of_first = date.fromordinal(second_term_on.toordinal() - 1)
    year.terms = [
        Term(number=1, starts_on=starts_on, ends_on=last_of_first),
        Term(number=2, starts_on=second_term_on, ends_on=ends_on),
    ]
    db.session.add(year)
    db.session.flush()
    _fill_curriculum(school, year)
    return year


def _fill_curriculum(school: School, year: SchoolYear) -> None:
    known = subjects()
    for grade in school.grades:
        for taught, periods in curriculum_of(grade):
            if level_of(grade) is SchoolLevel.UPPER and taught.code not in UPPER_CORE:
                continue
            db.session.add(
                CurriculumSubject(
                    school_year_id=year.id,
                    grade=grade,
                    subject_id=known[taught.code].id,
                    yearly_periods=periods,
                )
            )
    db.session.flush()


def year_called(school_id: int, name: str) -> SchoolYear | None:
    return db.session.scalar(
        select(SchoolYear).filter_by(school_id=school_id, name=name)
    )


def years_of(school_id: int) -> Sequence[SchoolYear]:
    """Return a school's years with their terms, newest first."""
    query = (
        select(SchoolYear)
        .filter_by(school_id=school_id)
        .options(selectinload(SchoolYear.terms))
        .order_by(SchoolYear.starts_on.desc())
    )
    return db.session.scalars(query).all()


def year_on(school_id: int, day: date) -> SchoolYear | None:
    """Return the year of this day: the newest that has begun, else the first to come.

    Pupils must not vanish because the new year has not begun.
    """
    years = years_of(school_id)
    begun = [year for year in years if year.starts_on <= day]
    return begun[0] if begun else (years[-1] if years else None)


def curriculum(year_id: int, grade: int) -> Sequence[CurriculumSubject]:
    query = (
        select(CurriculumSubject)
        .filter_by(school_year_id=year_id, grade=grade)
        .join(CurriculumSubject.subject)
        .order_by(Subject.position)
    )
    return db.session.scalars(query).all()


def subjects_by_grade(year_id: int) -> dict[int, list[Subject]]:
    """Return what each grade of a year learns, in the subjects' order."""
    query = (
        select(CurriculumSubject)
        .filter_by(school_year_id=year_id)
        .join(CurriculumSubject.subject)
        .order_by(Subject.position)
    )
    found: dict[int, list[Subject]] = {}
    for one in db.session.scalars(query):
        found.setdefault(one.grade, []).append(one.subject)
    return found


def teach(year: SchoolYear, grade: int, subject: Subject, yearly_periods: int) -> None:
    """Put a subject into a grade's curriculum, or change its periods."""
    found = db.session.scalar(
        select(CurriculumSubject).filter_by(
            school_year_id=year.id, grade=grade, subject_id=subject.id
        )
    )
    if found is None:
        found = CurriculumSubject(
            school_year_id=year.id, grade=grade, subject_id=subject.id
        )
    found.yearly_periods = yearly_periods
    db.session.add(found)
    db.session.flush()


def add_section(year: SchoolYear, grade: int, name: str) -> Section:
    if grade not in year.school.grades:
        raise Refused(SectionsRefusal.GRADE_NOT_TAUGHT)
    taken = select(Section.id).filter_by(school_year_id=year.id, name=name)
    if db.session.scalar(taken) is not None:
        raise Refused(SectionsRefusal.SECTION_TAKEN)
    section = Section(
        school_id=year.school_id,
        school_year_id=year.id,
        grade=grade,
        name=name,
        profile=PROFILES[level_of(grade)],
    )
    db.session.add(section)
    db.session.flush()
    return section


def sections_of(year_id: int) -> Sequence[Section]:
    query = select(Section).filter_by(school_year_id=year_id)
    return db.session.scalars(query.order_by(Section.grade, Section.name)).all()


def give_office(
    school: School,
    account_id: int,
    office: Office,
    from_on: date,
    *,
    to_on: date | None = None,
) -> SchoolOffice:
    if reason := days_refusal(from_on, to_on):
        raise Refused(reason)
    held = SchoolOffice(
        school_id=school.id,
        account_id=account_id,
        office=office,
        from_on=from_on,
        to_on=to_on,
    )
    db.session.add(held)
    db.session.flush()
    return held


def offices_of(school_id: int, day: date) -> Sequence[SchoolOffice]:
    query = (
        select(SchoolOffice)
        .filter_by(school_id=school_id)
        .where(or_(SchoolOffice.to_on.is_(None), SchoolOffice.to_on >= day))
        .options(joinedload(SchoolOffice.account))
        .order_by(SchoolOffice.office)
    )
    return db.session.scalars(query).all()


def end_office(held: SchoolOffice, on: date, actor_id: int, now: datetime) -> None:
    held.to_on = on
    audit.record(
        "end-school-office",
        f"school:{held.school_id}",
        actor_id,
        now,
        account=held.account_id,
    )
