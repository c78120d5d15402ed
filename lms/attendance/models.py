"""Registers of classes, requests to be excused, notices to guardians."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.attendance.rules import ExcuseState, NoticeState, Presence, Session
from lms.kernel.db import Base, Id
from lms.people.models import Account
from lms.sections.models import Pupil, Section

WHOLE_SESSION = 0


class Register(Base):
    """A class was looked over, in one period or for a whole session."""

    __tablename__ = "register"
    __table_args__ = (UniqueConstraint("section_id", "day", "session", "period"),)

    id: Mapped[Id]
    section_id: Mapped[int] = mapped_column(ForeignKey("section.id"))
    day: Mapped[date]
    session: Mapped[Session]
    period: Mapped[int]
    """1 to 5; 0 for the session as a whole, which is what the year counts."""
    taken_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    taken_at: Mapped[datetime]
    before: Mapped[dict[str, Any]]
    """What it said before the last change, by pupil id, to be taken back to."""
    changed: Mapped[bool]
    """Whether there is something to take back."""

    section: Mapped[Section] = relationship()
    taken_by: Mapped[Account] = relationship()
    entries: Mapped[list[RegisterEntry]] = relationship(
        back_populates="register", cascade="all, delete-orphan"
    )

    @property
    def scopes(self) -> tuple[str, ...]:
        return self.section.scopes


class RegisterEntry(Base):
    """Somebody was away, or late."""

    __tablename__ = "register_entry"
    __table_args__ = (UniqueConstraint("register_id", "pupil_id"),)

    id: Mapped[Id]
    register_id: Mapped[int] = mapped_column(ForeignKey("register.id"))
    pupil_id: Mapped[int] = mapped_column(ForeignKey("pupil.id"), index=True)
    presence: Mapped[Presence]

    register: Mapped[Register] = relationship(back_populates="entries")


class Excuse(Base):
    """A guardian asks that a child be excused; the homeroom teacher decides."""

    __tablename__ = "excuse"

    id: Mapped[Id]
    pupil_id: Mapped[int] = mapped_column(ForeignKey("pupil.id"), index=True)
    section_id: Mapped[int] = mapped_column(ForeignKey("section.id"), index=True)
    from_on: Mapped[date]
    to_on: Mapped[date]
    reason: Mapped[str] = mapped_column(String(300))
    state: Mapped[ExcuseState]
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    asked_at: Mapped[datetime]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    decided_at: Mapped[datetime | None]

    pupil: Mapped[Pupil] = relationship()
    section: Mapped[Section] = relationship()
    asked_by: Mapped[Account] = relationship(foreign_keys=asked_by_id)

    @property
    def scopes(self) -> tuple[str, ...]:
        return self.section.scopes


class AbsenceNotice(Base):
    """Guardians are to hear that a child was away; sent only after the excuse check."""

    __tablename__ = "absence_notice"
    __table_args__ = (UniqueConstraint("register_id", "pupil_id"),)

    id: Mapped[Id]
    register_id: Mapped[int] = mapped_column(ForeignKey("register.id"))
    pupil_id: Mapped[int] = mapped_column(ForeignKey("pupil.id"), index=True)
    day: Mapped[date]
    session: Mapped[Session]
    state: Mapped[NoticeState] = mapped_column(index=True)
    due_at: Mapped[datetime]
    """Not before the register can no longer be taken back."""
    sent_at: Mapped[datetime | None]
