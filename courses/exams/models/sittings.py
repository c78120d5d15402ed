"""Sittings, every move of them, and the answers given in them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from courses.exams.models.papers import ExamPaper
from courses.exams.models.plan import Candidate, ExamRoom, ExamSession, Gate
from courses.exams.rules import events
from courses.exams.rules.sitting import SittingEvent, SittingState
from lms.kernel.db import Base, Id
from lms.kernel.sealing import Sealed, sealed_bytes


class Sitting(Sealed, Base):
    """One candidate in one session: the seat, the paper, and how far it is."""

    __tablename__ = "sitting"
    __table_args__ = (
        UniqueConstraint("session_id", "candidate_id"),
        UniqueConstraint("session_id", "room_id", "seat"),
        UniqueConstraint("receipt_code"),
    )

    id: Mapped[Id]
    session_id: Mapped[int] = mapped_column(ForeignKey("exam_session.id"), index=True)
    candidate_id: Mapped[int] = mapped_column(ForeignKey("candidate.id"), index=True)
    room_id: Mapped[int] = mapped_column(ForeignKey("exam_room.id"), index=True)
    seat: Mapped[int]
    paper_id: Mapped[int | None] = mapped_column(ForeignKey("exam_paper.id"))
    state: Mapped[SittingState] = mapped_column(default=SittingState.EXPECTED)
    writer: Mapped[int] = mapped_column(default=0)
    """Counts who may write: one more with each start PIN that is used."""
    added_seconds: Mapped[int] = mapped_column(default=0)
    deadline_at: Mapped[datetime | None] = mapped_column(index=True)
    """Set by the bell; moved by added time and pauses."""
    paused_at: Mapped[datetime | None]
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    heard_at: Mapped[datetime | None]
    """When the seat was last heard of."""
    at_position: Mapped[int | None]
    """The question that the candidate looks at, to come back to after a crash."""
    window_name: Mapped[str | None] = mapped_column(String(40))
    """The one window of the writer's machine that is in use."""
    hand_raised_at: Mapped[datetime | None]
    proof: Mapped[Gate | None]
    """How the candidate was let in; the reason of an attestation is in the move."""
    receipt_key_sealed: Mapped[bytes]
    receipt_key = sealed_bytes()
    receipt_code: Mapped[str | None] = mapped_column(String(20))
    """Of the whole sitting, from the hand-in on."""
    points: Mapped[str | None] = mapped_column(String(40))
    """What was earned, an exact fraction; none before marking or while a person must
    decide."""
    worth: Mapped[str | None] = mapped_column(String(40))

    session: Mapped[ExamSession] = relationship()
    candidate: Mapped[Candidate] = relationship()
    room: Mapped[ExamRoom] = relationship()
    paper: Mapped[ExamPaper | None] = relationship()

    @property
    def seat_name(self) -> str:
        """Return what a PIN is bound to."""
        return f"{self.room_id}/{self.seat}"

    @property
    def scopes(self) -> tuple[str, ...]:
        own = self.candidate.account_id
        return (*((f"account:{own}",) if own else ()), *self.room.scopes)


class SittingMove(Base):
    """What moved a sitting, who did it, and why.  Rows are only ever added."""

    __tablename__ = "sitting_move"

    id: Mapped[Id]
    sitting_id: Mapped[int] = mapped_column(ForeignKey("sitting.id"), index=True)
    event: Mapped[SittingEvent]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    """None for the candidate's own acts and the server's."""
    reason: Mapped[str] = mapped_column(String(500), default="")
    at: Mapped[datetime]


class StartPin(Base):
    """A slip with which one candidate takes one seat, once."""

    __tablename__ = "start_pin"

    id: Mapped[Id]
    sitting_id: Mapped[int] = mapped_column(ForeignKey("sitting.id"), index=True)
    digest: Mapped[str] = mapped_column(String(64))
    issued_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    issued_at: Mapped[datetime]
    tries: Mapped[int] = mapped_column(default=0)
    used_at: Mapped[datetime | None]


class TimeAdded(Base):
    """Minutes given to one sitting, by whom and why.  Rows are only ever added."""

    __tablename__ = "time_added"

    id: Mapped[Id]
    sitting_id: Mapped[int] = mapped_column(ForeignKey("sitting.id"), index=True)
    seconds: Mapped[int]
    reason: Mapped[str] = mapped_column(String(500))
    decided_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    at: Mapped[datetime]


class AnswerRow(Base):
    """One acknowledged change of one answer: the truth.  Rows are only ever added."""

    __tablename__ = "answer_event"
    __table_args__ = (
        UniqueConstraint("sitting_id", "writer", "sequence"),
        Index("ix_answer_event_order", "sitting_id", "id"),
    )

    id: Mapped[Id]
    sitting_id: Mapped[int] = mapped_column(ForeignKey("sitting.id"))
    writer: Mapped[int]
    sequence: Mapped[int]
    position: Mapped[int]
    body: Mapped[str] = mapped_column(Text)
    received_at: Mapped[datetime]
    receipt: Mapped[str] = mapped_column(String(16))

    @property
    def event(self) -> events.AnswerEvent:
        return events.AnswerEvent(
            self.sitting_id,
            self.writer,
            self.sequence,
            self.position,
            self.body,
            self.received_at,
        )


class AnswerSeal(Base):
    """Holds the answers so far, and the seal before.  Rows are only ever added."""

    __tablename__ = "answer_seal"
    __table_args__ = (
        UniqueConstraint("sitting_id", "number"),
        Index("ix_answer_seal_last", "sitting_id", "last_event_id"),
    )

    id: Mapped[Id]
    sitting_id: Mapped[int] = mapped_column(ForeignKey("sitting.id"))
    number: Mapped[int]
    count: Mapped[int]
    last_event_id: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))
    sealed_at: Mapped[datetime]

    @property
    def seal(self) -> events.Seal:
        return events.Seal(self.number, self.count, self.digest)
