"""Schools, years, classes, pupils, and who teaches whom."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.kernel.db import Base, Id
from lms.people.models import Account
from lms.sections.rules import (
    Ending,
    Method,
    Office,
    Outcome,
    PupilState,
    RolloverState,
    SchoolLevel,
    SubjectKind,
    level_of,
)
from lms.units.models import Unit


class School(Base):
    """A unit that teaches classes of some grades."""

    __tablename__ = "school"

    id: Mapped[Id]
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), unique=True)
    lowest_grade: Mapped[int]
    highest_grade: Mapped[int]

    unit: Mapped[Unit] = relationship(lazy="joined", innerjoin=True)

    @property
    def name(self) -> str:
        return self.unit.name

    @property
    def grades(self) -> range:
        return range(self.lowest_grade, self.highest_grade + 1)

    @property
    def scopes(self) -> tuple[str, ...]:
        return (f"school:{self.id}", f"unit:{self.unit_id}")


class SchoolYear(Base):
    __tablename__ = "school_year"
    __table_args__ = (UniqueConstraint("school_id", "name"),)

    id: Mapped[Id]
    school_id: Mapped[int] = mapped_column(ForeignKey("school.id"))
    name: Mapped[str] = mapped_column(String(20))
    """As people say it: 2026-2027."""
    starts_on: Mapped[date]
    ends_on: Mapped[date]

    school: Mapped[School] = relationship()
    terms: Mapped[list[Term]] = relationship(
        back_populates="school_year", order_by="Term.number"
    )

    @property
    def scopes(self) -> tuple[str, ...]:
        return self.school.scopes

    def term_on(self, day: date) -> Term:
        """Return the term of this day; the nearest where there is none."""
        begun = [term for term in self.terms if term.starts_on <= day]
        return begun[-1] if begun else self.terms[0]


class Term(Base):
    __tablename__ = "term"
    __table_args__ = (UniqueConstraint("school_year_id", "number"),)

    id: Mapped[Id]
    school_year_id: Mapped[int] = mapped_column(ForeignKey("school_year.id"))
    number: Mapped[int]
    """1 or 2."""
    starts_on: Mapped[date]
    ends_on: Mapped[date]

    school_year: Mapped[SchoolYear] = relationship(back_populates="terms")

    @property
    def scopes(self) -> tuple[str, ...]:
        return self.school_year.scopes


class Subject(Base):
    """A subject of the programme; the same for all schools."""

    __tablename__ = "subject"

    id: Mapped[Id]
    code: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    kind: Mapped[SubjectKind]
    position: Mapped[int]

    @property
    def is_scored(self) -> bool:
        return self.kind is SubjectKind.SCORED


class CurriculumSubject(Base):
    """A school teaches a subject to a grade in a year, so many periods."""

    __tablename__ = "curriculum_subject"
    __table_args__ = (UniqueConstraint("school_year_id", "grade", "subject_id"),)

    id: Mapped[Id]
    school_year_id: Mapped[int] = mapped_column(ForeignKey("school_year.id"))
    grade: Mapped[int]
    subject_id: Mapped[int] = mapped_column(ForeignKey("subject.id"))
    yearly_periods: Mapped[int]

    subject: Mapped[Subject] = relationship(lazy="joined", innerjoin=True)


class Section(Base):
    """A class (lớp) of one school year."""

    __tablename__ = "section"
    __table_args__ = (UniqueConstraint("school_year_id", "name"),)

    id: Mapped[Id]
    school_id: Mapped[int] = mapped_column(ForeignKey("school.id"), index=True)
    school_year_id: Mapped[int] = mapped_column(ForeignKey("school_year.id"))
    grade: Mapped[int]
    name: Mapped[str] = mapped_column(String(20))
    profile: Mapped[str] = mapped_column(String(20))
    """The regulation profile its year is judged by: ``tt22-2021/1``."""

    school: Mapped[School] = relationship()
    school_year: Mapped[SchoolYear] = relationship()

    @property
    def level(self) -> SchoolLevel:
        return level_of(self.grade)

    @property
    def scopes(self) -> tuple[str, ...]:
        return (f"section:{self.id}", *self.school.scopes)


class Pupil(Base):
    """A learner in a school's register."""

    __tablename__ = "pupil"

    id: Mapped[Id]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), unique=True)
    school_id: Mapped[int] = mapped_column(ForeignKey("school.id"), index=True)
    state: Mapped[PupilState] = mapped_column(default=PupilState.STUDYING)
    joined_on: Mapped[date]
    left_on: Mapped[date | None]
    came_from: Mapped[str | None] = mapped_column(String(200))
    """The school before this one, where the pupil was transferred in."""
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("pupil.id"))

    account: Mapped[Account] = relationship(lazy="joined", innerjoin=True)
    school: Mapped[School] = relationship()

    @property
    def full_name(self) -> str:
        return self.account.full_name

    @property
    def scopes(self) -> tuple[str, ...]:
        return (f"account:{self.account_id}", *self.school.scopes)


class Membership(Base):
    """A pupil sits in a class from a day to a day."""

    __tablename__ = "membership"
    __table_args__ = (Index("ix_membership_pupil_id_to_on", "pupil_id", "to_on"),)

    id: Mapped[Id]
    section_id: Mapped[int] = mapped_column(ForeignKey("section.id"), index=True)
    pupil_id: Mapped[int] = mapped_column(ForeignKey("pupil.id"))
    from_on: Mapped[date]
    to_on: Mapped[date | None]
    """The last day; none while the pupil is there."""
    ending: Mapped[Ending | None]

    section: Mapped[Section] = relationship()
    pupil: Mapped[Pupil] = relationship()

    @property
    def scopes(self) -> tuple[str, ...]:
        return (f"account:{self.pupil.account_id}", *self.section.scopes)


class Exemption(Base):
    """A pupil is not assessed in a subject in a year (TT 22/2021, article 11.2)."""

    __tablename__ = "exemption"
    __table_args__ = (UniqueConstraint("pupil_id", "school_year_id", "subject_id"),)

    id: Mapped[Id]
    pupil_id: Mapped[int] = mapped_column(ForeignKey("pupil.id"))
    school_year_id: Mapped[int] = mapped_column(ForeignKey("school_year.id"))
    subject_id: Mapped[int] = mapped_column(ForeignKey("subject.id"))
    reason: Mapped[str] = mapped_column(String(300))
    granted_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    granted_at: Mapped[datetime]


class TeachingAssignment(Base):
    """Somebody teaches a subject to a class from a day to a day (phân công)."""

    __tablename__ = "teaching_assignment"
    __table_args__ = (
        CheckConstraint("to_on IS NULL OR to_on >= from_on", name="days_in_order"),
    )

    id: Mapped[Id]
    section_id: Mapped[int] = mapped_column(ForeignKey("section.id"), index=True)
    subject_id: Mapped[int] = mapped_column(ForeignKey("subject.id"))
    teacher_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    content: Mapped[str | None] = mapped_column(String(60))
    """The part of a shared subject (Vật lí within KHTN); none for all of it."""
    from_on: Mapped[date]
    to_on: Mapped[date | None]

    section: Mapped[Section] = relationship()
    subject: Mapped[Subject] = relationship(lazy="joined", innerjoin=True)
    teacher: Mapped[Account] = relationship()

    @property
    def scopes(self) -> tuple[str, ...]:
        return self.section.scopes


class Homeroom(Base):
    """Somebody is a class's homeroom teacher from a day to a day (chủ nhiệm)."""

    __tablename__ = "homeroom"

    id: Mapped[Id]
    section_id: Mapped[int] = mapped_column(ForeignKey("section.id"), index=True)
    teacher_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    from_on: Mapped[date]
    to_on: Mapped[date | None]

    section: Mapped[Section] = relationship()
    teacher: Mapped[Account] = relationship()


class SchoolOffice(Base):
    """Somebody manages a school from a day to a day."""

    __tablename__ = "school_office"

    id: Mapped[Id]
    school_id: Mapped[int] = mapped_column(ForeignKey("school.id"), index=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    office: Mapped[Office]
    from_on: Mapped[date]
    to_on: Mapped[date | None]

    account: Mapped[Account] = relationship()
    school: Mapped[School] = relationship()


class Verification(Base):
    """Somebody's identity was checked.  Rows are only ever added; the last counts."""

    __tablename__ = "verification"

    id: Mapped[Id]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    school_id: Mapped[int] = mapped_column(ForeignKey("school.id"), index=True)
    method: Mapped[Method]
    outcome: Mapped[Outcome]
    differing: Mapped[list[str]]
    """The fields that did not agree: ``full_name``, ``birth_date`` …; never values."""
    checked_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    """Who saw the document; none where a machine compared."""
    checked_at: Mapped[datetime]

    account: Mapped[Account] = relationship(foreign_keys=account_id)


class Rollover(Base):
    """The turn of a school year: planned, applied, and undone if need be."""

    __tablename__ = "rollover"

    id: Mapped[Id]
    school_id: Mapped[int] = mapped_column(ForeignKey("school.id"), index=True)
    from_year_id: Mapped[int] = mapped_column(ForeignKey("school_year.id"))
    to_name: Mapped[str] = mapped_column(String(20))
    to_year_id: Mapped[int | None] = mapped_column(ForeignKey("school_year.id"))
    state: Mapped[RolloverState]
    plan: Mapped[list[Any]]
    """One row for each pupil: membership, step, and the class to come."""
    made: Mapped[dict[str, Any]]
    """The ids of what applying it added and ended, so that it can be undone."""
    planned_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    planned_at: Mapped[datetime]
    applied_at: Mapped[datetime | None]
    undone_at: Mapped[datetime | None]

    from_year: Mapped[SchoolYear] = relationship(foreign_keys=from_year_id)

    @property
    def scopes(self) -> tuple[str, ...]:
        return self.from_year.scopes
