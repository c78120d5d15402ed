"""Second factors, and the codes kept for need."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from lms.kernel.db import Base, Id
from lms.kernel.sealing import Sealed, sealed_text


class SecondFactor(Sealed, Base):
    """The secret that a person's app shares with us."""

    __tablename__ = "second_factor"

    id: Mapped[Id]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), unique=True)
    secret_sealed: Mapped[bytes]
    confirmed_at: Mapped[datetime | None]
    """When a first code was right; before that it protects nothing."""
    last_step: Mapped[int | None]
    """The time step of the code that was used last: none opens twice."""

    secret = sealed_text()


class RecoveryCode(Base):
    """A code for the day on which the phone is gone; each opens once."""

    __tablename__ = "recovery_code"

    id: Mapped[Id]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    code_hash: Mapped[str] = mapped_column(String(64), unique=True)
    """Eighty bits by lot need no slow hash."""
    used_at: Mapped[datetime | None]
    expires_at: Mapped[datetime | None]
    """Of a code that the operator made in an emergency."""
    reason: Mapped[str] = mapped_column(String(200))
    """Why the operator made it; empty for the person's own."""
