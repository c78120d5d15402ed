"""What was brought in: a file, its items one by one, and what became of them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from courses.exchange.rules import ImportState, LineState
from courses.items.models import ItemBank
from lms.kernel.db import Base, Id


class ItemImport(Base):
    """One file of questions on its way into a bank."""

    __tablename__ = "item_import"

    id: Mapped[Id]
    bank_id: Mapped[int] = mapped_column(ForeignKey("item_bank.id"), index=True)
    created_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    created_at: Mapped[datetime]
    file_name: Mapped[str] = mapped_column(String(200))
    format: Mapped[str] = mapped_column(String(20))
    state: Mapped[ImportState] = mapped_column(default=ImportState.OPEN)
    left_over: Mapped[list[str]]
    """Lines of the file that belong to no item."""
    kept_at: Mapped[datetime | None]

    bank: Mapped[ItemBank] = relationship()

    @property
    def scopes(self) -> tuple[str, ...]:
        return self.bank.scopes


class ImportLine(Base):
    """One item of the file: as it was understood, or as far as it was."""

    __tablename__ = "item_import_line"
    __table_args__ = (Index("ix_item_import_line_place", "item_import_id", "number"),)

    id: Mapped[Id]
    item_import_id: Mapped[int] = mapped_column(
        ForeignKey("item_import.id", ondelete="CASCADE")
    )
    number: Mapped[int]
    state: Mapped[LineState]
    place: Mapped[str] = mapped_column(String(200))
    """Where in the file it stands, for people."""
    kind: Mapped[str] = mapped_column(String(40))
    title: Mapped[str] = mapped_column(String(300))
    external_id: Mapped[str] = mapped_column(String(200))
    """What names it within the bank: brought in again, it is the same item."""
    topic: Mapped[str] = mapped_column(String(500))
    """The names from the top down, with a stroke between."""
    level: Mapped[str] = mapped_column(String(10))
    tags: Mapped[list[str]]
    points: Mapped[str] = mapped_column(String(20))
    spec: Mapped[dict[str, Any]]
    """The stored form; of one that was not understood, as much of it as was."""
    trouble: Mapped[str] = mapped_column(String(40))
    """Why it was not understood; empty where it was."""
    detail: Mapped[str] = mapped_column(Text)
    notes: Mapped[list[str]]
    outcome: Mapped[str] = mapped_column(String(20), default="")
    """What became of it in the bank, once kept."""

    item_import: Mapped[ItemImport] = relationship()

    @property
    def scopes(self) -> tuple[str, ...]:
        return self.item_import.scopes

    @property
    def is_ready(self) -> bool:
        return self.state in (LineState.UNDERSTOOD, LineState.MENDED)
