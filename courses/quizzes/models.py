"""Quizzes, attempts, and the responses in them."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from sqlalchemy import ForeignKey, Index, Numeric, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from courses.catalogue.models import Activity
from courses.items.models import ItemVersion
from courses.quizzes.rules.attempts import (
    AttemptPolicy,
    Ended,
    ReviewPolicy,
    percent_of,
    shown_points,
)
from lms.kernel.db import Base, Id


class Quiz(Base):
    """What is asked in one activity, and under which conditions."""

    __tablename__ = "quiz"

    id: Mapped[Id]
    activity_id: Mapped[int] = mapped_column(
        ForeignKey("activity.id", ondelete="CASCADE"), unique=True
    )
    instructions: Mapped[str] = mapped_column(Text, default="")
    """Rich text, shown before the start."""
    pass_mark: Mapped[int] = mapped_column(default=50)
    """Percent of all points."""
    time_limit_minutes: Mapped[int | None]
    max_attempts: Mapped[int | None]
    shuffle_items: Mapped[bool] = mapped_column(default=False)
    shuffle_options: Mapped[bool] = mapped_column(default=False)
    review: Mapped[ReviewPolicy] = mapped_column(default=ReviewPolicy.AFTER_SUBMIT)

    activity: Mapped[Activity] = relationship()
    slots: Mapped[list[QuizSlot]] = relationship(
        back_populates="quiz",
        order_by="QuizSlot.position",
        cascade="all, delete-orphan",
    )

    @property
    def policy(self) -> AttemptPolicy:
        return AttemptPolicy(self.time_limit_minutes, self.max_attempts)

    @property
    def scopes(self) -> tuple[str, ...]:
        return self.activity.scopes


class QuizSlot(Base):
    """One place in a quiz, with the very version of the item that stands in it."""

    __tablename__ = "quiz_slot"

    id: Mapped[Id]
    quiz_id: Mapped[int] = mapped_column(
        ForeignKey("quiz.id", ondelete="CASCADE"), index=True
    )
    position: Mapped[int]
    item_version_id: Mapped[int] = mapped_column(
        ForeignKey("item_version.id"), index=True
    )
    points: Mapped[Decimal] = mapped_column(Numeric(6, 2), default=Decimal(1))

    quiz: Mapped[Quiz] = relationship(back_populates="slots")
    item_version: Mapped[ItemVersion] = relationship()

    @property
    def scopes(self) -> tuple[str, ...]:
        return self.quiz.scopes


class Attempt(Base):
    """One try at a quiz.  Its questions and their order are fixed when it starts."""

    __tablename__ = "attempt"
    __table_args__ = (
        UniqueConstraint("quiz_id", "learner_id", "number"),
        # Two starts at once give one attempt: the database refuses the second.
        Index(
            "uq_attempt_open",
            "quiz_id",
            "learner_id",
            unique=True,
            sqlite_where=text("submitted_at IS NULL"),
            postgresql_where=text("submitted_at IS NULL"),
        ),
    )

    id: Mapped[Id]
    quiz_id: Mapped[int] = mapped_column(ForeignKey("quiz.id"))
    learner_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    number: Mapped[int]
    """The learner's first, second … attempt at this quiz."""
    started_at: Mapped[datetime]
    deadline: Mapped[datetime | None] = mapped_column(index=True)
    """None where the quiz has no time limit."""
    seed: Mapped[str] = mapped_column(String(32))
    """What its layout was drawn from, so that it can be drawn again; never shown."""
    submitted_at: Mapped[datetime | None]
    ended: Mapped[Ended | None]
    points: Mapped[str | None]
    """What was earned, an exact fraction such as ``17/2``."""
    worth: Mapped[str | None]
    """What could be earned."""
    passed: Mapped[bool | None]

    quiz: Mapped[Quiz] = relationship()
    places: Mapped[list[AttemptPlace]] = relationship(
        back_populates="attempt", order_by="AttemptPlace.position"
    )

    @property
    def scopes(self) -> tuple[str, ...]:
        """An attempt is its learner's own."""
        return (f"account:{self.learner_id}",)

    @property
    def is_open(self) -> bool:
        return self.submitted_at is None

    @property
    def earned(self) -> Decimal | None:
        return None if self.points is None else shown_points(Fraction(self.points))

    @property
    def possible(self) -> Decimal | None:
        return None if self.worth is None else shown_points(Fraction(self.worth))

    @property
    def percent(self) -> int | None:
        """What was earned, in whole percent rounded down: 79.9 % does not pass 80."""
        if self.points is None or self.worth is None:
            return None
        return percent_of(Fraction(self.points), Fraction(self.worth))


class AttemptPlace(Base):
    """One question as this attempt asks it, and the learner's response to it."""

    __tablename__ = "attempt_place"
    __table_args__ = (UniqueConstraint("attempt_id", "position"),)

    id: Mapped[Id]
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"))
    position: Mapped[int]
    item_version_id: Mapped[int] = mapped_column(
        ForeignKey("item_version.id"), index=True
    )
    option_order: Mapped[list[str]]
    points: Mapped[Decimal] = mapped_column(Numeric(6, 2))
    response: Mapped[dict[str, Any] | None]
    """``{"value": …}``; none while nothing was answered."""
    sequence: Mapped[int] = mapped_column(default=0)
    """The writer's count of its saves: an older save never overwrites a newer one."""
    saved_at: Mapped[datetime | None]
    flagged: Mapped[bool] = mapped_column(default=False)
    share: Mapped[str | None]
    """The share of full marks given, an exact fraction; none before grading."""

    attempt: Mapped[Attempt] = relationship(back_populates="places")
    item_version: Mapped[ItemVersion] = relationship()

    @property
    def value(self) -> Any:
        """The response as the item type understands it; None while there is none."""
        return None if self.response is None else self.response["value"]
