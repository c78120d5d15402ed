"""Files of trust, with who wanted them and who agreed."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.kernel.db import Base, Id
from lms.people.models import Account
from sso.anchors.rules import AnchorKind, AnchorState, spaced


class TrustAnchor(Base):
    """One authority's certificate, or one of its revocation lists.

    Nothing is ever deleted: what was believed on an exam's day must be known later.
    """

    __tablename__ = "trust_anchor"

    id: Mapped[Id]
    kind: Mapped[AnchorKind]
    state: Mapped[AnchorState] = mapped_column(index=True)
    fingerprint: Mapped[str] = mapped_column(String(64), index=True)
    """SHA-256 of the file's DER form."""
    content: Mapped[bytes] = mapped_column(LargeBinary)
    """DER, whatever form it was handed in."""
    name: Mapped[str] = mapped_column(String(300))
    """What the authority calls itself, for short; of a list, its issuer."""
    subject: Mapped[str] = mapped_column(String(500))
    """The authority's whole name, as its certificate has it."""
    is_simulated: Mapped[bool]
    """An invented authority: no card under it may ever look like a real one."""
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime | None]
    """None for a list that does not say when the next one comes."""
    basis: Mapped[str] = mapped_column(String(300))
    """The paper that the file came with."""
    proposed_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    proposed_at: Mapped[datetime]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    decided_at: Mapped[datetime | None]
    """When it was approved or rejected."""
    withdrawn_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    withdrawn_at: Mapped[datetime | None]
    reason: Mapped[str | None] = mapped_column(String(300))
    """Why it was rejected or withdrawn."""

    proposed_by: Mapped[Account] = relationship(foreign_keys=[proposed_by_id])
    decided_by: Mapped[Account | None] = relationship(foreign_keys=[decided_by_id])
    withdrawn_by: Mapped[Account | None] = relationship(foreign_keys=[withdrawn_by_id])

    @property
    def scopes(self) -> tuple[str, ...]:
        """Trust is the whole site's matter."""
        return ()

    @property
    def spaced_fingerprint(self) -> str:
        return spaced(self.fingerprint)
