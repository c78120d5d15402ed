"""What happens in a room beside answering: incidents, notices, and lost minutes."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from courses.exams.models.sittings import Sitting
from lms.kernel.db import Base, Id


class IncidentKind(StrEnum):
    MACHINE = "machine"
    POWER = "power"
    NETWORK = "network"
    ILLNESS = "illness"
    REPRIMAND = "reprimand"
    WARNING = "warning"
    EXPULSION = "expulsion"
    NOTE = "note"


class ExamIncident(Base):
    """What an invigilator wrote down, of a seat or a whole room.  Only ever added."""

    __tablename__ = "exam_incident"

    id: Mapped[Id]
    session_id: Mapped[int] = mapped_column(ForeignKey("exam_session.id"), index=True)
    room_id: Mapped[int] = mapped_column(ForeignKey("exam_room.id"), index=True)
    sitting_id: Mapped[int | None] = mapped_column(ForeignKey("sitting.id"), index=True)
    """None for what befell the whole room."""
    kind: Mapped[IncidentKind]
    reason: Mapped[str] = mapped_column(String(500))
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    at: Mapped[datetime]

    sitting: Mapped[Sitting | None] = relationship()


class ExamNotice(Base):
    """What is said to all candidates of a session, or of one room.  Only ever added."""

    __tablename__ = "exam_notice"

    id: Mapped[Id]
    session_id: Mapped[int] = mapped_column(ForeignKey("exam_session.id"), index=True)
    room_id: Mapped[int | None] = mapped_column(ForeignKey("exam_room.id"))
    """None for all rooms."""
    words: Mapped[str] = mapped_column(String(500))
    sent_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    at: Mapped[datetime]


class LostTime(Base):
    """A silence of a seat, and what two people decided to give back for it."""

    __tablename__ = "lost_time"

    id: Mapped[Id]
    sitting_id: Mapped[int] = mapped_column(ForeignKey("sitting.id"), index=True)
    began_at: Mapped[datetime]
    ended_at: Mapped[datetime]
    worked: Mapped[bool]
    """Whether the page says that it ran all the while: the candidate could go on, and
    nothing is proposed."""
    first_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    second_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    refused_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    decided_at: Mapped[datetime | None]

    sitting: Mapped[Sitting] = relationship()

    @property
    def lasted(self) -> timedelta:
        """Return how much is proposed, in whole seconds rounded up."""
        whole = -(-(self.ended_at - self.began_at) // timedelta(seconds=1))
        return timedelta(seconds=whole)

    @property
    def scopes(self) -> tuple[str, ...]:
        return self.sitting.scopes
