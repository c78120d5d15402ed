"""Item banks, items, and the versions that quizzes pin."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from courses.items.rules import Item as Question
from courses.items.types import parse
from lms.kernel.db import Base, Id


class ItemBank(Base):
    """Where items are kept; owned by whatever its scope names."""

    __tablename__ = "item_bank"

    id: Mapped[Id]
    name: Mapped[str] = mapped_column(String(200))
    scope: Mapped[str] = mapped_column(String(60), index=True)
    """The owner: ``course:7``, ``unit:3``."""

    @property
    def scopes(self) -> tuple[str, ...]:
        return (self.scope,)


class Item(Base):
    """A question, through all its versions."""

    __tablename__ = "item"

    id: Mapped[Id]
    bank_id: Mapped[int] = mapped_column(ForeignKey("item_bank.id"), index=True)
    kind: Mapped[str] = mapped_column(String(40))
    search: Mapped[str] = mapped_column(Text)
    """The words of the newest version without accents."""
    created_at: Mapped[datetime]

    bank: Mapped[ItemBank] = relationship()
    versions: Mapped[list[ItemVersion]] = relationship(
        back_populates="item", order_by="ItemVersion.number"
    )

    @property
    def scopes(self) -> tuple[str, ...]:
        return self.bank.scopes


class ItemVersion(Base):
    """One wording of an item.  Never changed: an edit adds the next."""

    __tablename__ = "item_version"
    __table_args__ = (UniqueConstraint("item_id", "number"),)

    id: Mapped[Id]
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"))
    number: Mapped[int]
    spec: Mapped[dict[str, Any]]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    created_at: Mapped[datetime]

    item: Mapped[Item] = relationship(back_populates="versions")

    @property
    def scopes(self) -> tuple[str, ...]:
        return self.item.scopes

    def read(self) -> Question:
        return parse(self.spec)
