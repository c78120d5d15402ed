"""Accounts, how they sign in, and the posts and roles given to them."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.kernel.clock import day_of, now
from lms.kernel.db import Base, Id
from lms.kernel.permissions import Role
from lms.kernel.personal_number import Gender, masked
from lms.kernel.sealing import Sealed, sealed_date, sealed_text
from lms.people.proof import Proof
from lms.people.rules import device_name
from lms.units.models import Unit


class AccountState(StrEnum):
    UNCLAIMED = "unclaimed"
    """Known from a list; nobody has proved yet, by VNeID, to be this person."""
    ACTIVE = "active"
    LOCKED = "locked"
    MERGED = "merged"
    """A second record of somebody; ``merged_into_id`` names the one that counts."""


class Account(Sealed, Base):
    """A person whom the institution knows."""

    __tablename__ = "account"

    id: Mapped[Id]
    full_name: Mapped[str] = mapped_column(String(120))
    name_sort: Mapped[str] = mapped_column(String(400), index=True)
    """Sorts by *tên*, then *họ đệm* (``vietnamese.name_sort_key``)."""
    name_search: Mapped[str] = mapped_column(String(120))
    state: Mapped[AccountState] = mapped_column(default=AccountState.UNCLAIMED)
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    code: Mapped[str | None] = mapped_column(String(40), unique=True)
    """The institution's own number for the person: of a pupil, of a member of staff."""
    gender: Mapped[Gender | None]
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    """The unit that keeps the record up to date: a pupil's school, an officer's agency;
    none for people who came by themselves."""
    birth_date_sealed: Mapped[bytes | None]
    personal_number_sealed: Mapped[bytes | None]
    personal_number_index: Mapped[str | None] = mapped_column(String(64), unique=True)
    phone_sealed: Mapped[bytes | None]
    email_sealed: Mapped[bytes | None]
    created_at: Mapped[datetime]

    birth_date = sealed_date()
    personal_number = sealed_text(indexed=True)
    phone = sealed_text()
    email = sealed_text()

    unit: Mapped[Unit | None] = relationship()
    posts: Mapped[list["Post"]] = relationship(viewonly=True)

    @property
    def may_sign_in(self) -> bool:
        return self.state in (AccountState.UNCLAIMED, AccountState.ACTIVE)

    @property
    def masked_number(self) -> str:
        """Return the personal number as screens show it; empty where there is none."""
        return masked(self.personal_number) if self.personal_number else ""

    @property
    def scopes(self) -> tuple[str, ...]:
        """The person, the unit that keeps the record, and those of posts held today."""
        today = day_of(now())
        units = {self.unit_id} | {
            post.unit_id for post in self.posts if post.is_held_on(today)
        }
        return (f"account:{self.id}", *(f"unit:{unit}" for unit in units if unit))


class LocalCredential(Base):
    """A sign-in name and a password, for those who have no other way in."""

    __tablename__ = "local_credential"

    id: Mapped[Id]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), unique=True)
    sign_in_name: Mapped[str] = mapped_column(String(80), unique=True)
    """Lower case; what people type is lowered before it is looked up."""
    password_hash: Mapped[str] = mapped_column(String(200))
    must_change: Mapped[bool] = mapped_column(default=False)
    """It was printed on a card: who signs in with it chooses another at once."""

    account: Mapped[Account] = relationship()


class SignInFailure(Base):
    """Failed sign-ins under one key, counted in the database for all processes."""

    __tablename__ = "sign_in_failure"

    key: Mapped[str] = mapped_column(String(80), primary_key=True)
    """``name:<sha256 of the sign-in name>`` or ``address:<IP address>``."""
    count: Mapped[int]
    last_at: Mapped[datetime]


class UserSession(Sealed, Base):
    """One signed-in browser.  The cookie holds the token; here is only its hash."""

    __tablename__ = "user_session"
    __table_args__ = (Index(None, "issuer", "sub"), Index(None, "issuer", "sid"))

    id: Mapped[Id]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    device: Mapped[str] = mapped_column(String(200))
    """What the browser calls itself (User-Agent)."""
    opened_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    issuer: Mapped[str | None] = mapped_column(String(255))
    """Who vouched for the person; none for a local sign-in."""
    sub: Mapped[str | None] = mapped_column(String(255))
    sid: Mapped[str | None] = mapped_column(String(255))
    acr: Mapped[int] = mapped_column(default=1)
    """The authentication level of this sign-in, 1 to 4."""
    muc: Mapped[int] = mapped_column(default=0)
    """The account level at the provider, 1 or 2; 0 for a local sign-in."""
    amr: Mapped[list[str]] = mapped_column(default=list)
    auth_at: Mapped[datetime | None]
    """When the person was recognised; none where the provider does not say."""
    shared: Mapped[bool] = mapped_column(default=False)
    """On a machine of many people: it ends after ten idle minutes."""
    id_token_sealed: Mapped[bytes | None]

    id_token = sealed_text()

    account: Mapped[Account] = relationship()

    @property
    def scopes(self) -> tuple[str, ...]:
        return (f"account:{self.account_id}",)

    @property
    def proof(self) -> Proof:
        return Proof(
            acr=self.acr,
            muc=self.muc,
            amr=tuple(self.amr),
            auth_time=self.auth_at,
            issuer=self.issuer,
            sub=self.sub,
            sid=self.sid,
        )

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

    @property
    def scopes(self) -> tuple[str, ...]:
        """Where it holds: who may give it there may take it there."""
        return (self.scope,)


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
    is_primary: Mapped[bool]
    """Where the person is counted: of all posts held on a day, at most one."""

    account: Mapped[Account] = relationship(overlaps="posts")
    unit: Mapped[Unit] = relationship()

    @property
    def scopes(self) -> tuple[str, ...]:
        return (f"unit:{self.unit_id}",)

    def is_held_on(self, day: date) -> bool:
        return self.from_on <= day and (self.to_on is None or day <= self.to_on)


class Relation(StrEnum):
    """What a guardian is to a pupil."""

    FATHER = "father"
    MOTHER = "mother"
    OTHER = "other-guardian"


class Guardianship(Base):
    """Somebody answers for a pupil; it opens nothing before the school confirms it."""

    __tablename__ = "guardianship"
    __table_args__ = (
        UniqueConstraint("guardian_id", "pupil_id"),
        CheckConstraint("guardian_id <> pupil_id", name="two_people"),
    )

    id: Mapped[Id]
    guardian_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    pupil_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    relation: Mapped[Relation]
    confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    confirmed_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    """Since when it no longer holds; the row stays for what was done under it."""

    guardian: Mapped[Account] = relationship(foreign_keys=guardian_id)
    pupil: Mapped[Account] = relationship(foreign_keys=pupil_id)

    @property
    def holds(self) -> bool:
        return self.confirmed_at is not None and self.ended_at is None

    @property
    def scopes(self) -> tuple[str, ...]:
        """The school's: neither of the two may confirm it."""
        return self.pupil.scopes[1:]
