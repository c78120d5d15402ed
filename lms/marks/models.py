"""Mark sheets, and the marks in them: rows are only ever added.

The database itself refuses to change a mark, and to add one to a closed column without
an approved correction (see the migration).
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.kernel.db import Base, Id
from lms.marks.rules.entry import Value, columns_of
from lms.marks.rules.words import Absence, Comment, Decision, Level, Status, Title
from lms.people.models import Account
from lms.sections.models import Pupil, Section, Subject, Term


class MarkSheet(Base):
    """The marks of one class in one subject and term."""

    __tablename__ = "mark_sheet"
    __table_args__ = (UniqueConstraint("section_id", "term_id", "subject_id"),)

    id: Mapped[Id]
    section_id: Mapped[int] = mapped_column(ForeignKey("section.id"))
    term_id: Mapped[int] = mapped_column(ForeignKey("term.id"), index=True)
    subject_id: Mapped[int] = mapped_column(ForeignKey("subject.id"))
    regulars: Mapped[int]
    """How many regular marks each pupil must have (by the subject's yearly periods)."""
    locked: Mapped[str] = mapped_column(String(80), default="")
    """The closed columns, ``,tx1,gk,``, or ``,*,`` for all; written by locks alone."""
    published_at: Mapped[datetime | None]
    """Since when pupils and guardians read it; closing is another matter."""

    section: Mapped[Section] = relationship()
    term: Mapped[Term] = relationship()
    subject: Mapped[Subject] = relationship(lazy="joined", innerjoin=True)

    @property
    def columns(self) -> tuple[str, ...]:
        return columns_of(self.regulars)

    @property
    def is_scored(self) -> bool:
        return self.subject.is_scored

    @property
    def scopes(self) -> tuple[str, ...]:
        own = f"teaching:{self.section_id}:{self.subject_id}"
        return (own, *self.section.scopes)


class Mark(Base):
    """What was written into one cell, once.  The highest version is what it holds."""

    __tablename__ = "mark"
    __table_args__ = (
        UniqueConstraint("sheet_id", "pupil_id", "assessment", "version"),
        CheckConstraint("tenths BETWEEN 0 AND 100", name="on_the_scale"),
    )

    id: Mapped[Id]
    sheet_id: Mapped[int] = mapped_column(ForeignKey("mark_sheet.id"))
    pupil_id: Mapped[int] = mapped_column(ForeignKey("pupil.id"))
    assessment: Mapped[str] = mapped_column(String(4))
    """``tx1`` …, ``gk``, ``ck``; ``nx`` for the teacher's remark."""
    version: Mapped[int]
    """1, 2, …: two writers cannot both follow the same one."""
    tenths: Mapped[int | None]
    comment: Mapped[Comment | None]
    absence: Mapped[Absence | None]
    remark: Mapped[str | None] = mapped_column(String(300))
    entered_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    entered_at: Mapped[datetime]
    correction_id: Mapped[int | None] = mapped_column(ForeignKey("correction.id"))

    @property
    def value(self) -> Value:
        return Value(self.tenths, self.comment, self.absence, self.remark)


class TermResult(Base):
    """What a sheet's marks make of one pupil: kept beside them, to be read quickly.

    Written with every mark of the pupil; ``lms marks verify`` works all out anew.
    """

    __tablename__ = "term_result"

    sheet_id: Mapped[int] = mapped_column(ForeignKey("mark_sheet.id"), primary_key=True)
    pupil_id: Mapped[int] = mapped_column(ForeignKey("pupil.id"), primary_key=True)
    status: Mapped[Status]
    tenths: Mapped[int | None]
    comment: Mapped[Comment | None]
    profile: Mapped[str] = mapped_column(String(20))

    @property
    def average(self) -> Decimal | None:
        return None if self.tenths is None else Decimal(self.tenths).scaleb(-1)


class TransferredResult(Base):
    """A term's result that a pupil brings from a school outside the district."""

    __tablename__ = "transferred_result"
    __table_args__ = (UniqueConstraint("pupil_id", "term_id", "subject_id"),)

    id: Mapped[Id]
    pupil_id: Mapped[int] = mapped_column(ForeignKey("pupil.id"))
    term_id: Mapped[int] = mapped_column(ForeignKey("term.id"))
    subject_id: Mapped[int] = mapped_column(ForeignKey("subject.id"))
    tenths: Mapped[int | None]
    comment: Mapped[Comment | None]
    school_name: Mapped[str] = mapped_column(String(200))
    entered_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    entered_at: Mapped[datetime]


class MarkLock(Base):
    """Somebody closed columns, or opened them again, over a part of a school."""

    __tablename__ = "mark_lock"

    id: Mapped[Id]
    school_id: Mapped[int] = mapped_column(ForeignKey("school.id"), index=True)
    term_id: Mapped[int] = mapped_column(ForeignKey("term.id"))
    grade: Mapped[int | None]
    section_id: Mapped[int | None] = mapped_column(ForeignKey("section.id"))
    assessment: Mapped[str] = mapped_column(String(4))
    """One column, or ``*`` for the whole term."""
    opens: Mapped[bool]
    reason: Mapped[str | None] = mapped_column(String(300))
    """Needed to open again what was closed."""
    by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    at: Mapped[datetime]

    by: Mapped[Account] = relationship()


class CorrectionState(StrEnum):
    ASKED = "asked"
    APPROVED = "approved"
    DECLINED = "declined"


class Correction(Base):
    """Đính chính: a closed mark is to change, why, on what evidence, and who agreed."""

    __tablename__ = "correction"

    id: Mapped[Id]
    sheet_id: Mapped[int] = mapped_column(ForeignKey("mark_sheet.id"), index=True)
    pupil_id: Mapped[int] = mapped_column(ForeignKey("pupil.id"), index=True)
    assessment: Mapped[str] = mapped_column(String(4))
    base_version: Mapped[int]
    old: Mapped[str] = mapped_column(String(300))
    """As the grid shows it."""
    new: Mapped[str] = mapped_column(String(300))
    reason: Mapped[str] = mapped_column(String(300))
    evidence: Mapped[str] = mapped_column(String(300))
    """The paper that shows it: number, date, where it is kept."""
    state: Mapped[CorrectionState]
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    asked_at: Mapped[datetime]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    decided_at: Mapped[datetime | None]
    consequence: Mapped[dict[str, Any]]
    """The averages before and after: ``{"before": "7,4", "after": "7,9"}``."""

    sheet: Mapped[MarkSheet] = relationship()
    pupil: Mapped[Pupil] = relationship()
    asked_by: Mapped[Account] = relationship(foreign_keys=asked_by_id)
    decided_by: Mapped[Account | None] = relationship(foreign_keys=decided_by_id)

    @property
    def scopes(self) -> tuple[str, ...]:
        return self.sheet.section.scopes


class Conduct(Base):
    """Kết quả rèn luyện of a term, given by the homeroom teacher; the last counts."""

    __tablename__ = "conduct"
    __table_args__ = (UniqueConstraint("term_id", "pupil_id", "version"),)

    id: Mapped[Id]
    term_id: Mapped[int] = mapped_column(ForeignKey("term.id"))
    pupil_id: Mapped[int] = mapped_column(ForeignKey("pupil.id"), index=True)
    version: Mapped[int]
    level: Mapped[Level]
    remark: Mapped[str | None] = mapped_column(String(300))
    by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    at: Mapped[datetime]


class YearResult(Base):
    """A pupil's year as it was concluded; a later row replaces an earlier one."""

    __tablename__ = "year_result"
    __table_args__ = (UniqueConstraint("section_id", "pupil_id", "version"),)

    id: Mapped[Id]
    section_id: Mapped[int] = mapped_column(ForeignKey("section.id"))
    pupil_id: Mapped[int] = mapped_column(ForeignKey("pupil.id"), index=True)
    version: Mapped[int]
    profile: Mapped[str] = mapped_column(String(20))
    """The regulation and its version by which this was judged."""
    study: Mapped[Level | None]
    conduct: Mapped[Level | None]
    title: Mapped[Title | None]
    decision: Mapped[Decision | None]
    absences: Mapped[int]
    averages: Mapped[dict[str, Any]]
    """By subject code, as printed: ``{"TOAN": "7,9", "GDTC": "Đ"}``."""
    by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    at: Mapped[datetime]
