"""What is kept of signing in through a provider."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.kernel.db import Base, Id
from lms.kernel.sealing import Sealed, sealed_date
from lms.people.models import Account
from lms.people.proof import Demand
from sso.relying_party.rules.linking import Doubt
from sso.relying_party.rules.provider import Profile


class Identity(Base):
    """An account is this person at this provider.  From then on the number is not
    asked for: whoever is (issuer, sub) is the account."""

    __tablename__ = "identity"
    __table_args__ = (
        UniqueConstraint("issuer", "sub"),
        UniqueConstraint("issuer", "account_id"),
    )

    id: Mapped[Id]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    issuer: Mapped[str] = mapped_column(String(255))
    sub: Mapped[str] = mapped_column(String(255))
    """As the provider says it; where that is a personal number, its blind index."""
    profile: Mapped[Profile]
    muc: Mapped[int]
    """The account level, 1 or 2, as it was last told."""
    first_seen_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]

    account: Mapped[Account] = relationship()


class SignInRequest(Base):
    """Somebody was sent to the provider.  One answer is taken, from this browser."""

    __tablename__ = "sign_in_request"

    id: Mapped[Id]
    state_hash: Mapped[str] = mapped_column(String(64), unique=True)
    browser_hash: Mapped[str] = mapped_column(String(64))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    """Who must come back, where somebody signed in is asked for a better proof."""
    next_path: Mapped[str] = mapped_column(String(1000))
    shared: Mapped[bool]
    demand: Mapped[dict[str, Any]]
    made_at: Mapped[datetime] = mapped_column(index=True)
    used_at: Mapped[datetime | None]

    @property
    def demanded(self) -> Demand:
        return demand_of(self.demand)


def stored_demand(demand: Demand) -> dict[str, Any]:
    age = demand.max_age
    return {
        "muc": demand.muc,
        "acr": demand.acr,
        "max_age": None if age is None else int(age.total_seconds()),
        "same_device": demand.same_device,
    }


def demand_of(stored: dict[str, Any]) -> Demand:
    age = stored["max_age"]
    return Demand(**stored | {"max_age": None if age is None else timedelta(0, age)})


class LinkRequest(Sealed, Base):
    """An identity that says it is an account, and does not agree with its record.

    Somebody of the unit looks at the person's papers and decides.  What is confirmed is
    this identity for this account and no other.
    """

    __tablename__ = "link_request"
    __table_args__ = (UniqueConstraint("account_id", "issuer", "sub"),)

    id: Mapped[Id]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    issuer: Mapped[str] = mapped_column(String(255))
    sub: Mapped[str] = mapped_column(String(255))
    profile: Mapped[Profile]
    muc: Mapped[int]
    full_name: Mapped[str] = mapped_column(String(120))
    """As the provider says it, for the eye that compares."""
    birth_date_sealed: Mapped[bytes | None]
    reasons: Mapped[list[str]]
    """Words of ``rules.linking.Doubt``."""
    asked_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    accepted: Mapped[bool | None]

    birth_date = sealed_date()

    account: Mapped[Account] = relationship(foreign_keys=account_id)

    @property
    def doubts(self) -> list[Doubt]:
        return [Doubt(reason) for reason in self.reasons]

    @property
    def scopes(self) -> tuple[str, ...]:
        """The unit's that keeps the record: nobody confirms for themselves."""
        return self.account.scopes[1:]


class LogoutNotice(Base):
    """A logout token that was obeyed; shown again it is refused."""

    __tablename__ = "logout_notice"

    id: Mapped[Id]
    jti_hash: Mapped[str] = mapped_column(String(64), unique=True)
    received_at: Mapped[datetime] = mapped_column(index=True)
