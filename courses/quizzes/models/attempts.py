"""Attempts, the responses in them, and the marks that people give."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from sqlalchemy import ForeignKey, Index, Numeric, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from courses.items.models import ItemVersion
from courses.quizzes.models.papers import Paper
from courses.quizzes.models.quizzes import Quiz
from courses.quizzes.rules.attempts import Ended, percent_of, shown_points
from lms.kernel.db import Base, Id
from lms.people.models import Account


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
    """None where nothing bounds the time."""
    seed: Mapped[str] = mapped_column(String(32))
    """What its layout was drawn from, so that it can be drawn again; never shown."""
    paper_id: Mapped[int | None] = mapped_column(ForeignKey("paper.id"), index=True)
    sections: Mapped[list[Any]] = mapped_column(default=list)
    """``{"position", "title", "instructions"}`` where each section begins."""
    writer: Mapped[str | None] = mapped_column(String(40))
    """The window that writes; none before the first has spoken."""
    submitted_at: Mapped[datetime | None]
    ended: Mapped[Ended | None]
    points: Mapped[str | None]
    """What was earned, an exact fraction such as ``17/2``; none while people mark."""
    worth: Mapped[str | None]
    """What could be earned."""
    passed: Mapped[bool | None]

    quiz: Mapped[Quiz] = relationship()
    paper: Mapped[Paper | None] = relationship()
    learner: Mapped[Account] = relationship()
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
    def is_marked(self) -> bool:
        return self.points is not None

    @property
    def mark(self) -> tuple[Fraction, Fraction] | None:
        """What was earned of what, exact; None while people mark."""
        if self.points is None or self.worth is None:
            return None
        return Fraction(self.points), Fraction(self.worth)

    @property
    def earned(self) -> Decimal | None:
        return None if self.points is None else shown_points(Fraction(self.points))

    @property
    def possible(self) -> Decimal | None:
        return None if self.worth is None else shown_points(Fraction(self.worth))

    @property
    def percent(self) -> int | None:
        """What was earned, in whole percent rounded down: 79.9 % does not pass 80."""
        return None if self.mark is None else percent_of(*self.mark)


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
    certainty: Mapped[int | None]
    """How sure the learner says to be, 1 to 3."""
    checked_at: Mapped[datetime | None]
    """When the learner had it judged before the end; it is locked from then on."""
    share: Mapped[str | None]
    """The share of full marks given, an exact fraction; none before grading."""
    left_out: Mapped[bool] = mapped_column(default=False)
    """Whether a correction took the item out of everybody's mark."""

    attempt: Mapped[Attempt] = relationship(back_populates="places")
    item_version: Mapped[ItemVersion] = relationship()
    marks: Mapped[list[ResponseMark]] = relationship(
        back_populates="place", order_by="ResponseMark.id"
    )

    @property
    def scopes(self) -> tuple[str, ...]:
        """What markers are granted is granted for the quiz."""
        return self.attempt.quiz.scopes

    @property
    def value(self) -> Any:
        """The response as the item type understands it; None while there is none."""
        return None if self.response is None else self.response["value"]


class ResponseMark(Base):
    """One marker's word about one response.  Rows are only ever added."""

    __tablename__ = "response_mark"
    __table_args__ = (UniqueConstraint("place_id", "marker_id"),)

    id: Mapped[Id]
    place_id: Mapped[int] = mapped_column(ForeignKey("attempt_place.id"))
    marker_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    points: Mapped[str]
    """An exact fraction, in points."""
    comment: Mapped[str] = mapped_column(Text, default="")
    """For the learner."""
    given_at: Mapped[datetime]

    place: Mapped[AttemptPlace] = relationship(back_populates="marks")
    marker: Mapped[Account] = relationship()
