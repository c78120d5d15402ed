"""The plan of an exam: subjects, sessions, rooms, candidates."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from courses.exams.rules.hours import Hours
from lms.kernel.db import Base, Id
from lms.kernel.sealing import Sealed, sealed_date, sealed_text


class Gate(StrEnum):
    """How a candidate is let in."""

    CHIP = "chip"
    VNEID = "vneid"
    ATTESTED = "attested"
    """By the invigilator, who knows the candidate or has a list with pictures."""


class Exam(Base):
    """An exam (kỳ thi), held by the council that a decision appointed."""

    __tablename__ = "exam"

    id: Mapped[Id]
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    decision_number: Mapped[str] = mapped_column(String(60))
    """Of the decision that appointed the council."""
    decision_on: Mapped[date]
    number_prefix: Mapped[str] = mapped_column(String(8), default="")
    gate: Mapped[Gate] = mapped_column(default=Gate.CHIP)
    locked_browser: Mapped[bool] = mapped_column(default=False)
    """Whether every exam page wants the Safe Exam Browser's header."""
    appeals_until: Mapped[date | None]
    released_at: Mapped[datetime | None]

    @property
    def scopes(self) -> tuple[str, ...]:
        return (f"exam:{self.id}", f"unit:{self.unit_id}")


class ExamSubject(Base):
    """A subject (môn thi) and its papers."""

    __tablename__ = "exam_subject"

    id: Mapped[Id]
    exam_id: Mapped[int] = mapped_column(ForeignKey("exam.id"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    duration_minutes: Mapped[int]

    exam: Mapped[Exam] = relationship()

    @property
    def scopes(self) -> tuple[str, ...]:
        return self.exam.scopes


class ExamSession(Base):
    """One session (ca thi): a subject, at an hour, in all rooms at once."""

    __tablename__ = "exam_session"

    id: Mapped[Id]
    subject_id: Mapped[int] = mapped_column(ForeignKey("exam_subject.id"), index=True)
    entry_at: Mapped[datetime]
    bell_at: Mapped[datetime]
    """When it is planned to ring; it rings when the head of the site rings it."""
    rung_at: Mapped[datetime | None]

    subject: Mapped[ExamSubject] = relationship()

    @property
    def hours(self) -> Hours:
        duration = timedelta(minutes=self.subject.duration_minutes)
        return Hours(self.entry_at, self.rung_at or self.bell_at, duration)

    @property
    def scopes(self) -> tuple[str, ...]:
        return self.subject.scopes


class ExamRoom(Base):
    """A room (phòng thi) of a site, with so many machines."""

    __tablename__ = "exam_room"
    __table_args__ = (UniqueConstraint("exam_id", "site", "name"),)

    id: Mapped[Id]
    exam_id: Mapped[int] = mapped_column(ForeignKey("exam.id"), index=True)
    site: Mapped[str] = mapped_column(String(120))
    name: Mapped[str] = mapped_column(String(60))
    seats: Mapped[int]

    exam: Mapped[Exam] = relationship()

    @property
    def scopes(self) -> tuple[str, ...]:
        return (f"exam-room:{self.id}", *self.exam.scopes)


class Candidate(Sealed, Base):
    """Somebody on the list of an exam."""

    __tablename__ = "candidate"
    __table_args__ = (
        UniqueConstraint("exam_id", "personal_number_index"),
        UniqueConstraint("exam_id", "code"),
    )

    id: Mapped[Id]
    exam_id: Mapped[int] = mapped_column(ForeignKey("exam.id"), index=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    """Where the institution knows the person; an open exam takes others too."""
    full_name: Mapped[str] = mapped_column(String(120))
    name_sort: Mapped[str] = mapped_column(String(400))
    group_name: Mapped[str] = mapped_column(String(120))
    """The class or unit; two of one group do not sit side by side."""
    code: Mapped[str | None] = mapped_column(String(20))
    """Số báo danh; none before numbers are given."""
    personal_number_sealed: Mapped[bytes | None]
    personal_number_index: Mapped[str | None] = mapped_column(String(64), index=True)
    birth_date_sealed: Mapped[bytes | None]

    personal_number = sealed_text(indexed=True)
    birth_date = sealed_date()

    exam: Mapped[Exam] = relationship()

    @property
    def scopes(self) -> tuple[str, ...]:
        own = (f"account:{self.account_id}",) if self.account_id else ()
        return (*own, *self.exam.scopes)
