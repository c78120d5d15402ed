"""Blueprints, and the papers drawn by them.

Both belong to whatever their scope names: a course, or a plan of exams.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from courses.quizzes.rules.attempts import Place
from courses.quizzes.rules.blueprint import Cell, Spread, cell_in
from courses.quizzes.rules.papers import places_in
from lms.kernel.db import Base, Id


class Blueprint(Base):
    """How many items of which topic and level its papers ask."""

    __tablename__ = "blueprint"

    id: Mapped[Id]
    scope: Mapped[str] = mapped_column(String(60), index=True)
    """The owner: ``course:7``, ``exam:3``."""
    title: Mapped[str] = mapped_column(String(200))
    bank_ids: Mapped[list[Any]]
    """The banks that its papers draw from."""
    cells: Mapped[list[Any]]
    spread: Mapped[Spread] = mapped_column(default=Spread.DRAWN)
    batch: Mapped[int] = mapped_column(default=0)
    """How often papers were drawn; those of the newest batch are in use."""

    papers: Mapped[list[Paper]] = relationship(
        back_populates="blueprint", order_by="Paper.id"
    )

    @property
    def scopes(self) -> tuple[str, ...]:
        return (self.scope,)

    def read_cells(self) -> list[Cell]:
        return [cell_in(stored) for stored in self.cells]


class Paper(Base):
    """A paper (mã đề), frozen when it was drawn."""

    __tablename__ = "paper"
    __table_args__ = (UniqueConstraint("blueprint_id", "batch", "code"),)

    id: Mapped[Id]
    blueprint_id: Mapped[int] = mapped_column(
        ForeignKey("blueprint.id", ondelete="CASCADE")
    )
    batch: Mapped[int]
    code: Mapped[str] = mapped_column(String(10))
    places: Mapped[list[Any]]
    """``rules.papers.stored``: versions, orders and points; never changed."""
    parts: Mapped[list[Any]]
    """``[position, name]`` where a named part begins."""
    digest: Mapped[str] = mapped_column(String(64))
    """SHA-256 of the places, as minutes print it."""
    drawn_at: Mapped[datetime]
    drawn_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))

    blueprint: Mapped[Blueprint] = relationship(back_populates="papers")

    @property
    def scopes(self) -> tuple[str, ...]:
        return self.blueprint.scopes

    def read(self) -> Sequence[Place]:
        return places_in(self.places)
