"""Quizzes: what is asked, and under which conditions."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from sqlalchemy import JSON, ForeignKey, Numeric, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from courses.catalogue.models import Activity
from courses.items.models import ItemVersion
from courses.quizzes.models.papers import Blueprint
from courses.quizzes.rules.attempts import AttemptPolicy, ReviewPolicy
from courses.quizzes.rules.feedback import Feedback, feedback_in
from courses.quizzes.rules.marking import OnDifference
from courses.quizzes.rules.results import Method
from courses.quizzes.rules.terms import Allowance, Terms, Window, terms_of
from lms.kernel.db import Base, Id


class Quiz(Base):
    """What is asked, in an activity of a course or, without one, wherever its owner
    asks it (an exam)."""

    __tablename__ = "quiz"

    id: Mapped[Id]
    activity_id: Mapped[int | None] = mapped_column(
        ForeignKey("activity.id", ondelete="CASCADE"), unique=True
    )
    """None for a quiz that stands in no course."""
    title: Mapped[str] = mapped_column(String(200), default="")
    """What a quiz without an activity is called."""
    owner: Mapped[str] = mapped_column(String(60), default="")
    """The scope of a quiz without an activity: ``exam:3``."""
    instructions: Mapped[str] = mapped_column(Text, default="")
    """Rich text, shown before the start."""
    pass_mark: Mapped[int] = mapped_column(default=50)
    """Percent of all points."""
    opens_at: Mapped[datetime | None]
    closes_at: Mapped[datetime | None]
    """From here on nobody starts; running attempts end."""
    time_limit_minutes: Mapped[int | None]
    max_attempts: Mapped[int | None]
    method: Mapped[Method] = mapped_column(default=Method.HIGHEST)
    shuffle_items: Mapped[bool] = mapped_column(default=False)
    """Within each section."""
    shuffle_options: Mapped[bool] = mapped_column(default=False)
    penalty: Mapped[str] = mapped_column(String(8), default="0")
    """What a wrong response costs, a share of its points: ``1/4``."""
    certainty: Mapped[bool] = mapped_column(default=False)
    """Whether learners say how sure they are, and are marked by it."""
    review: Mapped[ReviewPolicy] = mapped_column(default=ReviewPolicy.AFTER_SUBMIT)
    feedback: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    """Which parts a learner sees in which phase; none for everything afterwards."""
    on_difference: Mapped[OnDifference] = mapped_column(
        default=OnDifference.THIRD_MARKER
    )
    blind_marking: Mapped[bool] = mapped_column(default=True)
    blueprint_id: Mapped[int | None] = mapped_column(ForeignKey("blueprint.id"))
    """Where set, attempts get one of its papers, and the slots are not asked."""

    activity: Mapped[Activity | None] = relationship()
    blueprint: Mapped[Blueprint | None] = relationship()
    sections: Mapped[list[QuizSection]] = relationship(
        back_populates="quiz",
        order_by="QuizSection.position",
        cascade="all, delete-orphan",
    )
    slots: Mapped[list[QuizSlot]] = relationship(
        back_populates="quiz",
        order_by="QuizSlot.position",
        cascade="all, delete-orphan",
    )

    @property
    def name(self) -> str:
        return self.activity.title if self.activity else self.title

    @property
    def policy(self) -> AttemptPolicy:
        return AttemptPolicy(self.time_limit_minutes, self.max_attempts)

    @property
    def window(self) -> Window:
        return Window(self.opens_at, self.closes_at)

    def terms(self, allowances: list[Allowance]) -> Terms:
        return terms_of(self.policy, self.window, allowances)

    @property
    def parts_shown(self) -> Feedback:
        return feedback_in(self.feedback)

    @property
    def wrong_costs(self) -> Fraction:
        return Fraction(self.penalty)

    @property
    def scopes(self) -> tuple[str, ...]:
        return self.activity.scopes if self.activity else (self.owner,)


class QuizSection(Base):
    """A run of slots under a heading of their own."""

    __tablename__ = "quiz_section"

    id: Mapped[Id]
    quiz_id: Mapped[int] = mapped_column(
        ForeignKey("quiz.id", ondelete="CASCADE"), index=True
    )
    position: Mapped[int]
    title: Mapped[str] = mapped_column(String(200))
    instructions: Mapped[str] = mapped_column(Text, default="")
    """Rich text, shown above its first question."""

    quiz: Mapped[Quiz] = relationship(back_populates="sections")

    @property
    def scopes(self) -> tuple[str, ...]:
        return self.quiz.scopes


class QuizSlot(Base):
    """One place in a quiz: the very version of an item, or a draw from the bank."""

    __tablename__ = "quiz_slot"

    id: Mapped[Id]
    quiz_id: Mapped[int] = mapped_column(
        ForeignKey("quiz.id", ondelete="CASCADE"), index=True
    )
    section_id: Mapped[int | None] = mapped_column(
        ForeignKey("quiz_section.id", ondelete="SET NULL"), index=True
    )
    """None for what stands before the first section."""
    position: Mapped[int]
    item_version_id: Mapped[int | None] = mapped_column(
        ForeignKey("item_version.id"), index=True
    )
    """None where items are drawn."""
    draw: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    """``{"cell", "bank_ids"}``: what is drawn anew for each attempt, and from where."""
    points: Mapped[Decimal] = mapped_column(Numeric(6, 2), default=Decimal(1))
    """Of each item asked here."""

    quiz: Mapped[Quiz] = relationship(back_populates="slots")
    section: Mapped[QuizSection | None] = relationship()
    item_version: Mapped[ItemVersion | None] = relationship()

    @property
    def scopes(self) -> tuple[str, ...]:
        return self.quiz.scopes

    @property
    def asks(self) -> int:
        """How many items this place asks."""
        return int(self.draw["cell"]["count"]) if self.draw else 1

    @property
    def worth(self) -> Decimal:
        return self.asks * self.points


class QuizAllowance(Base):
    """More time, tries or days for one person or one group, with the reason."""

    __tablename__ = "quiz_allowance"

    id: Mapped[Id]
    quiz_id: Mapped[int] = mapped_column(
        ForeignKey("quiz.id", ondelete="CASCADE"), index=True
    )
    scope: Mapped[str] = mapped_column(String(60))
    """``account:12`` or ``unit:5``."""
    extra_minutes: Mapped[int] = mapped_column(default=0)
    extra_attempts: Mapped[int] = mapped_column(default=0)
    opens_at: Mapped[datetime | None]
    closes_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(String(500))
    granted_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    granted_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]

    quiz: Mapped[Quiz] = relationship()

    @property
    def scopes(self) -> tuple[str, ...]:
        return self.quiz.scopes

    @property
    def is_personal(self) -> bool:
        return self.scope.startswith("account:")

    def read(self) -> Allowance:
        return Allowance(
            self.is_personal,
            self.extra_minutes,
            self.extra_attempts,
            closes_at=self.closes_at,
            opens_at=self.opens_at,
        )
