"""Consents, and requests about one's own data."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.kernel.db import Base, Id
from lms.kernel.sealing import Sealed, sealed_text
from lms.people.models import Account
from lms.people.privacy.rules import Purpose, RequestKind, RequestState


class Consent(Base):
    """One answer to one text.  Rows are only ever added: the last one counts."""

    __tablename__ = "consent"
    __table_args__ = (Index("ix_consent_subject_id_purpose", "subject_id", "purpose"),)

    id: Mapped[Id]
    purpose: Mapped[Purpose]
    subject_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    """Whose data it is about."""
    giver_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    """Who answered: the person, or a guardian."""
    is_given: Mapped[bool]
    version: Mapped[int]
    text_hash: Mapped[str] = mapped_column(String(64))
    said_at: Mapped[datetime]


class DataRequest(Sealed, Base):
    """Somebody asks that what is held on them be corrected, erased, or left alone."""

    __tablename__ = "data_request"

    id: Mapped[Id]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    kind: Mapped[RequestKind]
    state: Mapped[RequestState] = mapped_column(default=RequestState.OPEN)
    asked_at: Mapped[datetime]
    due_at: Mapped[datetime] = mapped_column(index=True)
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    note_sealed: Mapped[bytes | None]
    answer_sealed: Mapped[bytes | None]

    note = sealed_text()
    answer = sealed_text()

    account: Mapped[Account] = relationship(foreign_keys=account_id)

    @property
    def scopes(self) -> tuple[str, ...]:
        """Never the person's own: who asks does not answer."""
        return self.account.scopes[1:]
