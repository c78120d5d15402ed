"""Accounts, how they sign in, and the posts and roles given to them."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.kernel.db import Base, Id
from lms.kernel.permissions import Role
from lms.people.rules import device_name
from lms.units.models import Unit


class Account(Base):
    """A person whom the institution knows."""

    __tablename__ = "account"

    id: Mapped[Id]
    full_name: Mapped[str] = mapped_column(String(120))
    name_sort: Mapped[str] = mapped_column(String(400), index=True)
    """Sorts by *tên*, then *họ đệm* (``vietnamese.name_sort_key``)."""
    name_search: Mapped[str] = mapped_column(String(120))
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]

    @property
    def scopes(self) -> tuple[str, ...]:
        return (f"account:{self.id}",)


class LocalCredential(Base):
    """A sign-in name and a password, for those who have no other way in."""

    __tablename__ = "local_credential"

    id: Mapped[Id]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), unique=True)
    sign_in_name: Mapped[str] = mapped_column(String(80), unique=True)
    """Lower case; what people type is lowered before it is looked up."""
    password_hash: Mapped[str] = mapped_column(String(200))

    account: Mapped[Account] = relationship()


class SignInFailure(Base):
    """Failed sign-ins under one key, counted in the database for all processes."""

    __tablename__ = "sign_in_failure"

    key: Mapped[str] = mapped_column(String(80), primary_key=True)
    """``name:<sha256 of the sign-in name>`` or ``address:<IP address>``."""
    count: Mapped[int]
    last_at: Mapped[datetime]


class UserSession(Base):
    """One signed-in browser.  The cookie holds the token; here is only its hash."""

    __tablename__ = "user_session"

    id: Mapped[Id]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    device: Mapped[str] = mapped_column(String(200))
    """What the browser calls itself (User-Agent)."""
    opened_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]

    account: Mapped[Account] = relationship()

    @property
    def scopes(self) -> tuple[str, ...]:
        return (f"account:{self.account_id}",)

    @property
    def device_name(self) -> str:
        return device_name(self.device)


class RoleGrant(Base):
    __tablename__ = "role_grant"
    __table_args__ = (UniqueConstraint("account_id", "role", "scope"),)

    id: Mapped[Id]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    role: Mapped[Role]
    scope: Mapped[str] = mapped_column(String(60))


class Post(Base):
    """A post (chức danh) that a person holds in a unit, from a day to a day."""

    __tablename__ = "post"

    id: Mapped[Id]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    title: Mapped[str] = mapped_column(String(120))
    from_on: Mapped[date]
    to_on: Mapped[date | None]
    """The last day; none while the person holds it."""

    account: Mapped[Account] = relationship()
    unit: Mapped[Unit] = relationship()
