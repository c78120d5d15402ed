"""Papers: frozen, sealed, and opened by a key that is kept apart."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from courses.exams.models.plan import ExamSubject
from lms.kernel.db import Base, Id
from lms.kernel.sealing import Sealed, sealed_bytes


class ExamPaper(Base):
    """One paper (mã đề) of a subject.  It cannot be read without its key."""

    __tablename__ = "exam_paper"
    __table_args__ = (UniqueConstraint("subject_id", "code"),)

    id: Mapped[Id]
    subject_id: Mapped[int] = mapped_column(ForeignKey("exam_subject.id"), index=True)
    code: Mapped[str] = mapped_column(String(10))
    locked: Mapped[bytes]
    """The frozen document under the paper's own key (AES-256-GCM)."""
    digest: Mapped[str] = mapped_column(String(64))
    """SHA-256 of the document, printed in the minutes."""
    item_count: Mapped[int]
    made_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    made_at: Mapped[datetime]

    subject: Mapped[ExamSubject] = relationship()

    @property
    def scopes(self) -> tuple[str, ...]:
        return self.subject.scopes


class ExamPaperKey(Sealed, Base):
    """What opens a paper, itself under the platform's keys; read at the bell."""

    __tablename__ = "exam_paper_key"

    id: Mapped[Id]
    paper_id: Mapped[int] = mapped_column(ForeignKey("exam_paper.id"), unique=True)
    key_sealed: Mapped[bytes]
    key = sealed_bytes()

    paper: Mapped[ExamPaper] = relationship()


class ExamPaperApproval(Base):
    """One of the two people who vouch for a paper; neither made it."""

    __tablename__ = "exam_paper_approval"
    __table_args__ = (UniqueConstraint("paper_id", "approved_by_id"),)

    id: Mapped[Id]
    paper_id: Mapped[int] = mapped_column(ForeignKey("exam_paper.id"))
    approved_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    digest: Mapped[str] = mapped_column(String(64))
    """What was approved: a paper made anew needs approving anew."""
    approved_at: Mapped[datetime]
