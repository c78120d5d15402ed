"""Enrolments, the progress made in them, and the courses completed."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from courses.catalogue.models import Activity, Course
from lms.kernel.db import Base, Id
from lms.people.models import Account


class Enrolment(Base):
    """One person taking one course."""

    __tablename__ = "enrolment"
    __table_args__ = (UniqueConstraint("course_id", "learner_id"),)

    id: Mapped[Id]
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))
    learner_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    enrolled_at: Mapped[datetime]
    last_activity_id: Mapped[int | None] = mapped_column(
        ForeignKey("activity.id", ondelete="SET NULL")
    )
    """Where the learner was last, on any device."""
    last_at: Mapped[datetime | None]

    course: Mapped[Course] = relationship()
    learner: Mapped[Account] = relationship()
    last_activity: Mapped[Activity | None] = relationship()

    @property
    def scopes(self) -> tuple[str, ...]:
        return (f"account:{self.learner_id}",)


class ActivityProgress(Base):
    """What one learner has done of one activity.  No row: not opened yet."""

    __tablename__ = "activity_progress"
    __table_args__ = (UniqueConstraint("enrolment_id", "activity_id"),)

    id: Mapped[Id]
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"))
    activity_id: Mapped[int] = mapped_column(ForeignKey("activity.id"), index=True)
    """No cascade: an activity that somebody has learnt cannot be deleted."""
    opened_at: Mapped[datetime]
    reached: Mapped[int | None]
    """Percent watched or scored so far, for activities that are not done by reading."""
    done_at: Mapped[datetime | None]


class CourseCompletion(Base):
    """The fact that a learner completed a course.  Written once, never changed."""

    __tablename__ = "course_completion"

    id: Mapped[Id]
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"), unique=True)
    completed_at: Mapped[datetime]
    minutes: Mapped[int]
    """The length of the course's required activities on that day."""
    basis: Mapped[list[str]]
    """What was counted: ``activity:<id>`` for each required activity."""

    enrolment: Mapped[Enrolment] = relationship()

    @property
    def scopes(self) -> tuple[str, ...]:
        return self.enrolment.scopes


class ContentReport(Base):
    """What a learner found wrong with an activity (Báo lỗi nội dung)."""

    __tablename__ = "content_report"

    id: Mapped[Id]
    activity_id: Mapped[int] = mapped_column(
        ForeignKey("activity.id", ondelete="CASCADE"), index=True
    )
    reporter_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    words: Mapped[str] = mapped_column(String(1000))
    reported_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
    """When an author said that it was mended."""

    activity: Mapped[Activity] = relationship()
    reporter: Mapped[Account] = relationship()

    @property
    def scopes(self) -> tuple[str, ...]:
        return self.activity.scopes
