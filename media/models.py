"""Uploaded files, what was made of them, and who watched how much."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.kernel.db import Base, Id
from media.rules.files import AssetKind
from media.rules.ledger import SLACK_MS, Ledger


class AssetState(StrEnum):
    STORED = "stored"
    PROCESSING = "processing"
    READY = "ready"
    FAILED = "failed"


class AssetProblem(StrEnum):
    """Why nothing could be made of an upload."""

    UNREADABLE = "unreadable"
    TOO_LONG = "too-long"
    TOO_LARGE = "too-large"
    TIMED_OUT = "timed-out"
    GIVEN_UP = "given-up"
    """The machine failed at it again and again; the operator's log says why."""


class Asset(Base):
    """One uploaded file.  Its bytes never change; a new version is a new asset."""

    __tablename__ = "asset"
    __table_args__ = (CheckConstraint("size_bytes > 0", name="size_positive"),)

    id: Mapped[Id]
    owner_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    kind: Mapped[AssetKind]
    state: Mapped[AssetState]
    problem: Mapped[AssetProblem | None]
    folder: Mapped[str] = mapped_column(String(32), unique=True)
    """Where everything that belongs to it is stored; 128 random bits in hex."""
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    """Of the file as it was sent."""
    display_name: Mapped[str] = mapped_column(String(160))
    content_type: Mapped[str] = mapped_column(String(120))
    """What the bytes are, which is not always what was claimed."""
    size_bytes: Mapped[int] = mapped_column(BigInteger)
    duration_seconds: Mapped[float | None]
    width: Mapped[int | None]
    height: Mapped[int | None]
    poster_path: Mapped[str | None] = mapped_column(String(60))
    """Relative to the folder, as every path here."""
    stream_path: Mapped[str | None] = mapped_column(String(60))
    """The HLS playlist; none while a video plays as it was uploaded."""
    job_id: Mapped[int | None] = mapped_column(
        ForeignKey("job.id", ondelete="SET NULL")
    )
    created_at: Mapped[datetime] = mapped_column(index=True)

    @property
    def scopes(self) -> tuple[str, ...]:
        return (f"account:{self.owner_id}",)

    @property
    def original_key(self) -> str:
        return self.key_of("original")

    def key_of(self, path: str) -> str:
        return f"{self.folder}/{path}"


class Rendition(Base):
    """One size that a video is offered in."""

    __tablename__ = "rendition"
    __table_args__ = (UniqueConstraint("asset_id", "name"),)

    id: Mapped[Id]
    asset_id: Mapped[int] = mapped_column(ForeignKey("asset.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(20))
    """As people call it: 360p."""
    width: Mapped[int]
    height: Mapped[int]
    size_bytes: Mapped[int] = mapped_column(BigInteger)
    """What a learner downloads to see all of it."""


class Caption(Base):
    """Side-car captions in one language."""

    __tablename__ = "caption"
    __table_args__ = (UniqueConstraint("asset_id", "language"),)

    id: Mapped[Id]
    asset_id: Mapped[int] = mapped_column(ForeignKey("asset.id", ondelete="CASCADE"))
    language: Mapped[str] = mapped_column(String(8))
    label: Mapped[str] = mapped_column(String(60))
    path: Mapped[str] = mapped_column(String(60))


class Watch(Base):
    """How much one person has really played of one video, and where they stopped."""

    __tablename__ = "watch"
    __table_args__ = (UniqueConstraint("account_id", "asset_id"),)

    id: Mapped[Id]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    asset_id: Mapped[int] = mapped_column(
        ForeignKey("asset.id", ondelete="CASCADE"), index=True
    )
    covered: Mapped[list[Any]] = mapped_column(default=list)
    """Pairs of milliseconds, sorted and disjoint."""
    allowance_ms: Mapped[int] = mapped_column(default=SLACK_MS)
    """What the clock has earned and no report has spent yet; see ``rules.ledger``."""
    position_seconds: Mapped[float] = mapped_column(default=0.0)
    updated_at: Mapped[datetime]

    @property
    def scopes(self) -> tuple[str, ...]:
        return (f"account:{self.account_id}",)

    @property
    def ledger(self) -> Ledger:
        covered = tuple((start, end) for start, end in self.covered)
        return Ledger(covered, self.allowance_ms)
