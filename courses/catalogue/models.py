"""Courses, their modules (chương) and activities (bài)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Column, ForeignKey, String, Table, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from courses.catalogue.activities import ACTIVITY_TYPES, parse
from courses.catalogue.activities.contract import ActivityType
from courses.catalogue.rules import CourseState
from lms.kernel.db import Base, Id


class Topic(Base):
    """What a course is about, for the catalogue's filter."""

    __tablename__ = "topic"

    id: Mapped[Id]
    slug: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    position: Mapped[int] = mapped_column(default=0)


class Course(Base):
    __tablename__ = "course"

    id: Mapped[Id]
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    title: Mapped[str] = mapped_column(String(200))
    summary: Mapped[str] = mapped_column(String(300))
    description: Mapped[str] = mapped_column(Text)
    """Rich text."""
    outcomes: Mapped[list[str]]
    """What the learner will be able to do."""
    audience: Mapped[str] = mapped_column(String(300))
    legal_basis: Mapped[list[str]]
    """Văn bản căn cứ: the documents that say why this must be learnt."""
    topic_id: Mapped[int] = mapped_column(ForeignKey("topic.id"), index=True)
    cover: Mapped[str] = mapped_column(String(40), default="overview")
    """The name of a drawing in ``static/covers``."""
    state: Mapped[CourseState] = mapped_column(default=CourseState.DRAFT, index=True)
    is_open: Mapped[bool] = mapped_column(default=True)
    """Whether people may enrol themselves."""
    search: Mapped[str] = mapped_column(Text)
    """Title, summary and audience without accents."""
    created_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    created_at: Mapped[datetime]
    published_at: Mapped[datetime | None]

    topic: Mapped[Topic] = relationship()
    modules: Mapped[list[Module]] = relationship(
        back_populates="course",
        order_by="Module.position",
        cascade="all, delete-orphan",
    )

    @property
    def scopes(self) -> tuple[str, ...]:
        return (f"course:{self.id}",)


class Module(Base):
    """A chapter (chương) of a course."""

    __tablename__ = "module"

    id: Mapped[Id]
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"), index=True)
    title: Mapped[str] = mapped_column(String(200))
    summary: Mapped[str] = mapped_column(String(500), default="")
    position: Mapped[int]

    course: Mapped[Course] = relationship(back_populates="modules")
    activities: Mapped[list[Activity]] = relationship(
        back_populates="module",
        order_by="Activity.position",
        cascade="all, delete-orphan",
    )

    @property
    def scopes(self) -> tuple[str, ...]:
        return (f"course:{self.course_id}",)


activity_prerequisite = Table(
    "activity_prerequisite",
    Base.metadata,
    Column(
        "activity_id",
        ForeignKey("activity.id", ondelete="CASCADE"),
        primary_key=True,
    ),
    Column(
        "required_id",
        ForeignKey("activity.id", ondelete="CASCADE"),
        primary_key=True,
        index=True,
    ),
)
"""Which activities must be done before another one opens."""


class Activity(Base):
    """One thing to read, watch or do (bài)."""

    __tablename__ = "activity"

    id: Mapped[Id]
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"), index=True)
    module_id: Mapped[int] = mapped_column(ForeignKey("module.id"), index=True)
    kind: Mapped[str] = mapped_column(String(40))
    title: Mapped[str] = mapped_column(String(200))
    minutes: Mapped[int] = mapped_column(default=5)
    """How long it usually takes."""
    required: Mapped[bool] = mapped_column(default=True)
    """Whether the course asks for it to be done."""
    position: Mapped[int]
    content: Mapped[dict[str, Any]] = mapped_column(deferred=True)
    """What its type stores; read it through :meth:`read`."""

    module: Mapped[Module] = relationship(back_populates="activities")
    course: Mapped[Course] = relationship()
    prerequisites: Mapped[list[Activity]] = relationship(
        secondary=activity_prerequisite,
        primaryjoin=lambda: Activity.id == activity_prerequisite.c.activity_id,
        secondaryjoin=lambda: Activity.id == activity_prerequisite.c.required_id,
    )

    @property
    def scopes(self) -> tuple[str, ...]:
        return (f"course:{self.course_id}",)

    @property
    def type(self) -> type[ActivityType]:
        return ACTIVITY_TYPES[self.kind]

    @property
    def url(self) -> str:
        return f"/activities/{self.id}{self.type.address}"

    def read(self) -> ActivityType:
        return parse(self.kind, self.content)
