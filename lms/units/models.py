"""Organisational units."""

from __future__ import annotations

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.kernel.db import Base, Id


class Unit(Base):
    """An agency, a commune, a school: whatever people belong to and answer to."""

    __tablename__ = "unit"

    id: Mapped[Id]
    code: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(40))
    """A word of the district's own choosing (huyện, xã, phòng …): kinds are data."""
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)

    parent: Mapped[Unit | None] = relationship(remote_side=lambda: Unit.id)

    @property
    def scopes(self) -> tuple[str, ...]:
        return (f"unit:{self.id}",)
