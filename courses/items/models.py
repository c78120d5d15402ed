"""Item banks, items, and the versions that quizzes pin."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    ForeignKey,
    Index,
    Numeric,
    SmallInteger,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from courses.items.rules import Item as Question
from courses.items.rules import ItemEvent, ItemLevel, ItemState
from courses.items.types import parse
from lms.kernel.db import Base, Id

BUCKETS = 1024


class ItemBank(Base):
    """Where items are kept; owned by whatever its scope names."""

    __tablename__ = "item_bank"

    id: Mapped[Id]
    name: Mapped[str] = mapped_column(String(200))
    """Empty for a course's own bank, which goes by the name of the course."""
    scope: Mapped[str] = mapped_column(String(60), index=True)
    """The owner: ``course:7``, ``unit:3``, ``section:12``."""
    created_at: Mapped[datetime | None]

    shares: Mapped[list[BankShare]] = relationship(
        back_populates="bank", cascade="all, delete-orphan", order_by="BankShare.id"
    )

    @property
    def scopes(self) -> tuple[str, ...]:
        return (self.scope,)


class BankShare(Base):
    """Who else may draw on a bank: they read its items and pin them, and edit none."""

    __tablename__ = "item_bank_share"
    __table_args__ = (UniqueConstraint("bank_id", "scope"),)

    id: Mapped[Id]
    bank_id: Mapped[int] = mapped_column(ForeignKey("item_bank.id", ondelete="CASCADE"))
    scope: Mapped[str] = mapped_column(String(60), index=True)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    created_at: Mapped[datetime]

    bank: Mapped[ItemBank] = relationship(back_populates="shares")

    @property
    def scopes(self) -> tuple[str, ...]:
        """The scope it was given to, which may give it back, and the owner's."""
        return (self.scope, *self.bank.scopes)


class ItemCategory(Base):
    """One folder of a bank's tree."""

    __tablename__ = "item_category"

    id: Mapped[Id]
    bank_id: Mapped[int] = mapped_column(
        ForeignKey("item_bank.id", ondelete="CASCADE"), index=True
    )
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("item_category.id"))
    name: Mapped[str] = mapped_column(String(200))
    path: Mapped[str] = mapped_column(String(200), default="", index=True)
    """The ids from the root down to this one, each with a stroke behind: ``3/17/``."""
    external_id: Mapped[str | None] = mapped_column(String(200))

    bank: Mapped[ItemBank] = relationship()

    @property
    def scopes(self) -> tuple[str, ...]:
        return self.bank.scopes

    @property
    def depth(self) -> int:
        """0 at the root."""
        return self.path.count("/") - 1


class Item(Base):
    """A question, through all its versions."""

    __tablename__ = "item"
    __table_args__ = (
        UniqueConstraint("bank_id", "external_id"),
        # Draws: a cell of a blueprint, and a few buckets of a whole bank.
        Index("ix_item_cell", "bank_id", "topic", "level", "state"),
        Index("ix_item_draw", "bank_id", "bucket", "state", "level", "topic", "kind"),
    )

    id: Mapped[Id]
    bank_id: Mapped[int] = mapped_column(ForeignKey("item_bank.id"), index=True)
    kind: Mapped[str] = mapped_column(String(40))
    search: Mapped[str] = mapped_column(Text)
    """The words of the newest version without accents: the stem, a stroke, the rest."""
    created_at: Mapped[datetime]
    newest_number: Mapped[int] = mapped_column(default=1)
    name: Mapped[str] = mapped_column(String(300), default="")
    """A short name, where somebody gave it one; learners never see it."""
    topic: Mapped[str] = mapped_column(String(200), default="")
    level: Mapped[ItemLevel | None]
    state: Mapped[ItemState] = mapped_column(default=ItemState.DRAFT)
    category_id: Mapped[int | None] = mapped_column(
        ForeignKey("item_category.id"), index=True
    )
    external_id: Mapped[str | None] = mapped_column(String(200))
    """What the file it came from calls it: brought in again, it is the same item."""
    points: Mapped[Decimal] = mapped_column(Numeric(6, 2), default=Decimal(1))
    bucket: Mapped[int] = mapped_column(SmallInteger, default=0)
    """A number below ``BUCKETS`` given by chance, so that draws read little."""

    # Whoever opens an item is asked for its bank's scope at once.
    # Unnested, for SQLite works out a nested join whole before it looks at the slot.
    bank: Mapped[ItemBank] = relationship(
        lazy="joined",
        innerjoin="unnested",  # type: ignore[arg-type]  # its hint forgets this value
    )
    category: Mapped[ItemCategory | None] = relationship()
    tags: Mapped[list[ItemTag]] = relationship(
        cascade="all, delete-orphan", order_by="ItemTag.name"
    )
    versions: Mapped[list[ItemVersion]] = relationship(
        back_populates="item", order_by="ItemVersion.number"
    )

    @property
    def scopes(self) -> tuple[str, ...]:
        return self.bank.scopes


class ItemTag(Base):
    __tablename__ = "item_tag"

    item_id: Mapped[int] = mapped_column(
        ForeignKey("item.id", ondelete="CASCADE"), primary_key=True
    )
    name: Mapped[str] = mapped_column(String(60), primary_key=True, index=True)


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


class ItemReview(Base):
    """What somebody decided about a version.  Rows are only ever added."""

    __tablename__ = "item_review"

    id: Mapped[Id]
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"), index=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("item_version.id"))
    event: Mapped[ItemEvent]
    note: Mapped[str] = mapped_column(Text, default="")
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    at: Mapped[datetime]
