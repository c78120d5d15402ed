"""Organisational units, and how they have changed."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.kernel.db import Base, Id


class Unit(Base):
    """An agency, a commune, a school: whatever people belong to and answer to.

    Its name, kind and superior here are those of today, for pages and joins; what
    they were or will be on another day stands in :class:`UnitState`.
    """

    __tablename__ = "unit"

    id: Mapped[Id]
    code: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(40))
    """A word of the district's own choosing (huyện, xã, phòng …): kinds are data."""
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    closed_on: Mapped[date | None]
    """The first day on which it no longer exists."""

    parent: Mapped[Unit | None] = relationship(remote_side=lambda: Unit.id)

    @property
    def scopes(self) -> tuple[str, ...]:
        return (f"unit:{self.id}",)

    def is_open_on(self, day: date) -> bool:
        """Say whether it has not been closed; the states know when it began."""
        return self.closed_on is None or day < self.closed_on


class UnitState(Base):
    """What a unit was called, what it was and where it stood, from a day to a day."""

    __tablename__ = "unit_state"
    __table_args__ = (
        UniqueConstraint("unit_id", "from_on"),
        CheckConstraint("to_on IS NULL OR to_on >= from_on", name="in_order"),
    )

    id: Mapped[Id]
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(40))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    from_on: Mapped[date] = mapped_column(index=True)
    to_on: Mapped[date | None]
    """The last day; none while it lasts."""

    unit: Mapped[Unit] = relationship(foreign_keys=unit_id)
    parent: Mapped[Unit | None] = relationship(foreign_keys=parent_id)


class UnitChange(StrEnum):
    CREATED = "unit-created"
    RENAMED = "unit-renamed"
    MOVED = "unit-moved"
    MERGED = "unit-merged"
    SPLIT = "unit-split"
    CLOSED = "unit-closed"


class UnitEvent(Base):
    """One change that was decided: what, from which day, by which paper."""

    __tablename__ = "unit_event"

    id: Mapped[Id]
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    change: Mapped[UnitChange]
    on: Mapped[date] = mapped_column("on_day")
    paper: Mapped[str] = mapped_column(String(200))
    """The number of the decision that it rests on; may be empty."""
    actor_id: Mapped[int | None]
    recorded_at: Mapped[datetime]


class UnitSuccession(Base):
    """Who follows a unit that was merged or split, from which day on."""

    __tablename__ = "unit_succession"
    __table_args__ = (UniqueConstraint("from_unit_id", "to_unit_id"),)

    id: Mapped[Id]
    from_unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    to_unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    on: Mapped[date] = mapped_column("on_day")

    from_unit: Mapped[Unit] = relationship(foreign_keys=from_unit_id)
    to_unit: Mapped[Unit] = relationship(foreign_keys=to_unit_id)
