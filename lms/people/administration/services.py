"""Finding accounts, and changing what they may do."""

import re
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload, selectinload

from lms.kernel import audit
from lms.kernel.db import db
from lms.kernel.errors import Refused
from lms.kernel.paging import Page, page_of
from lms.kernel.permissions import SITE, Grant, Role
from lms.kernel.personal_number import LENGTH, read
from lms.kernel.vietnamese import fold
from lms.people import sign_in
from lms.people.administration.rules import (
    AccountRefusal,
    GrantRefusal,
    grant_refusal,
    may_give,
)
from lms.people.models import (
    Account,
    AccountState,
    LocalCredential,
    Post,
    RoleGrant,
    UserSession,
)
from lms.people.second_factor.rules import EVERYDAY
from lms.people.second_factor.services import remove as remove_factor
from lms.people.services import unit_in
from lms.units.models import Unit

PAGE_SIZE = 50
CARD_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without those that look alike on paper."""

CARD_LENGTH = 8


def accounts_page(
    words: str, state: AccountState | None, scopes: Iterable[str] | None, number: int
) -> Page[Account]:
    """Return people by name, found without accents, by code, or by personal number.

    *scopes* bound whom the reader sees; None is everybody.
    """
    query = select(Account).options(
        joinedload(Account.unit), selectinload(Account.posts).joinedload(Post.unit)
    )
    if scopes is not None:
        units = {unit for scope in scopes if (unit := unit_in(scope))}
        holders = select(Post.account_id).where(Post.unit_id.in_(units))
        query = query.where(or_(Account.unit_id.in_(units), Account.id.in_(holders)))
    if state:
        query = query.where(Account.state == state)
    if words:
        query = query.where(_matches(words))
    return page_of(query.order_by(Account.name_sort, Account.id), number, PAGE_SIZE)


def _matches(words: str) -> Any:
    digits = read(words)
    if re.fullmatch(rf"[0-9]{{{LENGTH}}}", digits):
        index = Account.personal_number.index_of(digits)
        return Account.personal_number_index == index
    pattern = fold(words).replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return or_(
        Account.name_search.like(f"%{pattern}%", escape="\\"),
        Account.code == words.strip(),
    )


def grants_given(account: Account) -> Sequence[RoleGrant]:
    query = select(RoleGrant).filter_by(account_id=account.id).order_by(RoleGrant.id)
    return db.session.scalars(query).all()


def all_posts_of(account: Account) -> Sequence[Post]:
    query = select(Post).filter_by(account_id=account.id).options(joinedload(Post.unit))
    return db.session.scalars(query.order_by(Post.from_on.desc())).all()


def units_named(grants: Iterable[RoleGrant]) -> dict[str, Unit]:
    """Return the units that grants hold in, by their scopes."""
    ids = {unit for grant in grants if (unit := unit_in(grant.scope))}
    found = db.session.scalars(select(Unit).where(Unit.id.in_(ids)))
    return {f"unit:{unit.id}": unit for unit in found}


@dataclass(frozen=True, slots=True)
class Giver:
    """Who acts, with what they hold."""

    account_id: int
    grants: Sequence[Grant]
    now: datetime


def give_role(account: Account, role: Role, unit_id: int, giver: Giver) -> None:
    """Give a role in a unit (or, with 0, everywhere), or raise Refused."""
    if unit_id and db.session.get(Unit, unit_id) is None:
        raise Refused(GrantRefusal.UNIT_UNKNOWN)
    scope = f"unit:{unit_id}" if unit_id else SITE
    _must_be_allowed(account, role, scope, giver)
    wanted = {"account_id": account.id, "role": role, "scope": scope}
    if db.session.scalar(select(RoleGrant).filter_by(**wanted)):
        return
    db.session.add(RoleGrant(**wanted))
    _record("role-given", account, giver, role=role.value, scope=scope)


def take_role(grant: RoleGrant, giver: Giver) -> None:
    account = db.session.get_one(Account, grant.account_id)
    _must_be_allowed(account, grant.role, grant.scope, giver)
    _record("role-taken", account, giver, role=grant.role.value, scope=grant.scope)
    db.session.delete(grant)


def _must_be_allowed(account: Account, role: Role, scope: str, giver: Giver) -> None:
    oneself = account.id == giver.account_id
    if refusal := grant_refusal(giver.grants, role, scope, oneself=oneself):
        raise Refused(refusal)


def _record(act: str, account: Account, giver: Giver, **detail: Any) -> None:
    audit.record(act, f"account:{account.id}", giver.account_id, giver.now, **detail)


def _must_rank(account: Account, giver: Giver) -> None:
    """Refuse power over somebody who holds what the giver could not have given.

    Else a password card would be a way up: sign in as one's own head of unit.
    """
    for held in grants_given(account):
        is_everyday = held.role in EVERYDAY
        if not is_everyday and not may_give(giver.grants, held.role, held.scope):
            raise Refused(AccountRefusal.ABOVE)


def lock(account: Account, reason: str, giver: Giver) -> None:
    """Shut an account out at once, with all its sessions, or raise Refused."""
    if account.id == giver.account_id:
        raise Refused(AccountRefusal.ONESELF)
    _must_rank(account, giver)
    account.state = AccountState.LOCKED
    _close_sessions(account, giver.now)
    _record("account-locked", account, giver, reason=reason)


def unlock(account: Account, giver: Giver) -> None:
    _must_rank(account, giver)
    account.state = AccountState.UNCLAIMED
    _record("account-unlocked", account, giver)


def _close_sessions(account: Account, now: datetime) -> None:
    query = select(UserSession).filter_by(account_id=account.id, closed_at=None)
    for row in db.session.scalars(query):
        row.closed_at = now


@dataclass(frozen=True, slots=True)
class Card:
    """What is printed for somebody who has no other way in."""

    full_name: str
    sign_in_name: str
    password: str


def password_card(account: Account, giver: Giver) -> Card:
    """Make a one-time password, which must be changed when it is first used.

    The sign-in name is the code of the unit and the person's own.  Whatever was open
    under the old password is closed.
    """
    _must_rank(account, giver)
    if account.state is not AccountState.UNCLAIMED:
        raise Refused(AccountRefusal.CLAIMED)
    credential = db.session.scalar(
        select(LocalCredential).filter_by(account_id=account.id)
    )
    name = credential.sign_in_name if credential else _name_for(account)
    password = "".join(secrets.choice(CARD_LETTERS) for _ in range(CARD_LENGTH))
    sign_in.set_card_password(account, name, password)
    _close_sessions(account, giver.now)
    _record("password-card-made", account, giver)
    return Card(account.full_name, name, password)


def _name_for(account: Account) -> str:
    if not account.code:
        raise Refused(AccountRefusal.NO_CODE)
    unit = account.unit.code if account.unit else ""
    name = f"{unit}.{account.code}".strip(".").lower()
    taken = select(LocalCredential.id).filter_by(sign_in_name=name)
    if db.session.scalar(taken) is not None:
        raise Refused(AccountRefusal.NAME_TAKEN)
    return name


def reset_factor(account: Account, giver: Giver) -> None:
    """Take away the second factor of somebody whose phone is gone."""
    _must_rank(account, giver)
    remove_factor(account.id, giver.account_id, giver.now)


def held_today(account: Account, on: date) -> list[Post]:
    return [post for post in account.posts if post.is_held_on(on)]
