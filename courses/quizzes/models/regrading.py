"""Runs that mend marks after a wrong key."""

from __future__ import annotations

from datetime import datetime
from fractions import Fraction

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from courses.items.models import Item, ItemVersion
from courses.quizzes.models.attempts import Attempt
from courses.quizzes.models.quizzes import Quiz
from courses.quizzes.rules.regrading import Move, Remedy, RunState, Standing
from lms.kernel.db import Base, Id
from lms.people.models import Account


class RegradeRun(Base):
    """A correction of one item in one quiz.  Marks follow it while it is applied."""

    __tablename__ = "regrade_run"

    id: Mapped[Id]
    quiz_id: Mapped[int] = mapped_column(ForeignKey("quiz.id"), index=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"), index=True)
    remedy: Mapped[Remedy]
    version_id: Mapped[int | None] = mapped_column(ForeignKey("item_version.id"))
    """The version whose key is right, where the remedy is a new key."""
    reason: Mapped[str] = mapped_column(String(500))
    state: Mapped[RunState] = mapped_column(default=RunState.PROPOSED)
    digest: Mapped[str] = mapped_column(String(64), default="")
    """Of the list that was shown; approval is for this very list."""
    proposed_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    proposed_at: Mapped[datetime]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    decided_at: Mapped[datetime | None]
    undone_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    undone_at: Mapped[datetime | None]
    undo_reason: Mapped[str] = mapped_column(String(500), default="")

    quiz: Mapped[Quiz] = relationship()
    item: Mapped[Item] = relationship()
    version: Mapped[ItemVersion | None] = relationship()
    proposed_by: Mapped[Account] = relationship(foreign_keys=[proposed_by_id])
    decided_by: Mapped[Account | None] = relationship(foreign_keys=[decided_by_id])
    undone_by: Mapped[Account | None] = relationship(foreign_keys=[undone_by_id])
    lines: Mapped[list[RegradeLine]] = relationship(
        back_populates="run", cascade="all, delete-orphan"
    )

    @property
    def scopes(self) -> tuple[str, ...]:
        return self.quiz.scopes


class RegradeLine(Base):
    """One attempt before and after the run."""

    __tablename__ = "regrade_line"
    __table_args__ = (UniqueConstraint("run_id", "attempt_id"),)

    id: Mapped[Id]
    run_id: Mapped[int] = mapped_column(ForeignKey("regrade_run.id"))
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"), index=True)
    points_before: Mapped[str]
    worth_before: Mapped[str]
    points_after: Mapped[str]
    worth_after: Mapped[str]

    run: Mapped[RegradeRun] = relationship(back_populates="lines")
    attempt: Mapped[Attempt] = relationship()

    def move(self, pass_mark: int) -> Move:
        return Move(
            Standing(Fraction(self.points_before), Fraction(self.worth_before)),
            Standing(Fraction(self.points_after), Fraction(self.worth_after)),
            pass_mark,
        )
