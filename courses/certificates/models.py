"""Certificates that were issued."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from courses.certificates.rules import (
    CertificateState,
    ResultBand,
    band_of,
    spaced,
)
from courses.enrolment.models import CourseCompletion
from lms.kernel.db import Base, Id


class Certificate(Base):
    """One certificate (giấy chứng nhận), with what is printed on it.

    The printed words are copied: a name corrected or a course renamed later must not
    change a paper that was handed out.  Only revocation is ever written afterwards.
    """

    __tablename__ = "certificate"
    __table_args__ = (UniqueConstraint("year", "serial"),)

    id: Mapped[Id]
    completion_id: Mapped[int] = mapped_column(
        ForeignKey("course_completion.id"), unique=True
    )
    holder_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"), index=True)
    year: Mapped[int]
    serial: Mapped[int]
    """Counts from 1 in each year, without gaps."""
    number: Mapped[str] = mapped_column(String(60), unique=True)
    """Số hiệu, as printed."""
    code: Mapped[str] = mapped_column(String(20), unique=True)
    """Mã tra cứu: what a stranger types to verify it."""
    holder_name: Mapped[str] = mapped_column(String(120))
    course_title: Mapped[str] = mapped_column(String(200))
    minutes: Mapped[int]
    result_percent: Mapped[int | None]
    """The mean of what had to be passed; none where nothing had to be."""
    issuer_name: Mapped[str] = mapped_column(String(200))
    issuer_place: Mapped[str] = mapped_column(String(100))
    """The place written before the date."""
    completed_on: Mapped[date]
    issued_on: Mapped[date]
    issued_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    revoked_because: Mapped[str | None] = mapped_column(String(300))
    """Told to the holder, not to whoever verifies the code."""

    completion: Mapped[CourseCompletion] = relationship()

    @property
    def scopes(self) -> tuple[str, ...]:
        return (f"account:{self.holder_id}",)

    @property
    def state(self) -> CertificateState:
        return CertificateState.REVOKED if self.revoked_at else CertificateState.VALID

    @property
    def is_valid(self) -> bool:
        return self.state is CertificateState.VALID

    @property
    def band(self) -> ResultBand:
        return band_of(self.result_percent)

    @property
    def printed_code(self) -> str:
        return spaced(self.code)
