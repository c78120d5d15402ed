"""Stations, identifications, and the keys that photographs are kept under."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.kernel.db import Base, Id
from lms.kernel.sealing import Sealed, sealed_bytes, sealed_date, sealed_text
from sso.identification.rules import LIVE, IdentificationState

_LIVE = text("state IN ({})".format(", ".join(f"'{state.value}'" for state in LIVE)))


class Station(Base):
    """One check-in program at one desk, known by its key."""

    __tablename__ = "station"

    id: Mapped[Id]
    name: Mapped[str] = mapped_column(String(120))
    room: Mapped[str] = mapped_column(String(120))
    key_id: Mapped[str] = mapped_column(String(64), unique=True)
    """SHA-256 of the public key."""
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    is_enabled: Mapped[bool]
    registered_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    registered_at: Mapped[datetime]

    @property
    def scopes(self) -> tuple[str, ...]:
        """Stations are the whole site's matter."""
        return ()


class StationNonce(Base):
    """A request that a station made: each is heard once."""

    __tablename__ = "station_nonce"
    __table_args__ = (UniqueConstraint("station_id", "nonce"),)

    id: Mapped[Id]
    station_id: Mapped[int] = mapped_column(ForeignKey("station.id"))
    nonce: Mapped[str] = mapped_column(String(32))
    seen_at: Mapped[datetime] = mapped_column(index=True)


class PhotoKey(Sealed, Base):
    """The key of all photographs of one exam; with it they go."""

    __tablename__ = "photo_key"

    id: Mapped[Id]
    scope: Mapped[str] = mapped_column(String(60), unique=True)
    key_sealed: Mapped[bytes | None]
    """None once it was destroyed."""
    key = sealed_bytes()
    destroyed_at: Mapped[datetime | None]


class Identification(Sealed, Base):
    """One try to identify somebody by card.  Tries are kept, whatever came of them."""

    __tablename__ = "identification"
    __table_args__ = (
        Index(
            "uq_identification_live_subject",
            "subject",
            unique=True,
            sqlite_where=_LIVE,
            postgresql_where=_LIVE,
        ),
    )

    id: Mapped[Id]
    code: Mapped[str] = mapped_column(String(32), unique=True)
    """What the station calls it: chance, so that nobody counts."""
    station_id: Mapped[int] = mapped_column(ForeignKey("station.id"), index=True)
    subject: Mapped[str] = mapped_column(String(60), index=True)
    photo_scope: Mapped[str] = mapped_column(String(60), index=True)
    state: Mapped[IdentificationState]
    opened_at: Mapped[datetime]
    evidence_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]

    number_sealed: Mapped[bytes | None]
    number = sealed_text()
    """Whom the exam expects; gone after the purge."""
    birth_date_sealed: Mapped[bytes | None]
    birth_date = sealed_date()
    challenge_sealed: Mapped[bytes | None]
    challenge = sealed_bytes()
    """None once it was used: a challenge serves once."""
    agreement_sealed: Mapped[bytes | None]
    agreement = sealed_bytes()
    """The server's secret number for Chip Authentication, while the chip is awaited."""
    dg14: Mapped[bytes | None]
    """The chip's public protocols, while it is awaited."""

    evidence_hash: Mapped[str | None] = mapped_column(String(64), index=True)
    verdicts: Mapped[list[Any]]
    """Each step with its verdict and reason."""
    findings: Mapped[list[str]]
    access: Mapped[str | None] = mapped_column(String(4))
    read_ms: Mapped[int | None]
    active_ms: Mapped[int | None]
    anchor: Mapped[str | None] = mapped_column(String(64))
    """The fingerprint of the authority that the card led to."""
    is_simulated: Mapped[bool]
    photo: Mapped[bytes | None] = mapped_column(LargeBinary)
    """The chip's photograph under its exam's key; gone after the purge."""

    station: Mapped[Station] = relationship()

    @property
    def birth_day(self) -> date | None:
        return self.birth_date

    @property
    def scopes(self) -> tuple[str, ...]:
        return (self.photo_scope,)
