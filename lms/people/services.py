"""Accounts and roles: adding them, finding them."""

import secrets
import unicodedata
from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import String, cast, literal, or_, select
from sqlalchemy.orm import joinedload

from lms.kernel import audit
from lms.kernel.db import db
from lms.kernel.permissions import Grant, Role
from lms.kernel.vietnamese import fold, name_sort_key
from lms.people.models import Account, Guardianship, Post, RoleGrant
from lms.units.models import Unit
from lms.units.services import ids_below


def add_account(full_name: str, now: datetime) -> Account:
    account = Account(seal_id=secrets.token_hex(16), created_at=now)
    rename(account, full_name)
    db.session.add(account)
    db.session.flush()
    return account


def rename(account: Account, full_name: str) -> None:
    name = unicodedata.normalize("NFC", " ".join(full_name.split()))
    account.full_name = name
    account.name_sort = name_sort_key(name)
    account.name_search = fold(name)


def account_of(account_id: int) -> Account:
    return db.session.get_one(Account, account_id)


def account_by_number(number: str) -> Account | None:
    """Return whose personal number this is, however many units know the person."""
    index = Account.personal_number.index_of(number)
    return db.session.scalar(select(Account).filter_by(personal_number_index=index))


def account_by_code(code: str) -> Account | None:
    return db.session.scalar(select(Account).filter_by(code=code))


def reveal_number(account: Account, actor_id: int, now: datetime) -> str:
    """Return the whole personal number, and write down who looked."""
    audit.record("personal-number-shown", f"account:{account.id}", actor_id, now)
    return account.personal_number or ""


def grant_role(account_id: int, role: Role, scope: str) -> None:
    """Give a role once, however often it is asked for."""
    wanted = {"account_id": account_id, "role": role, "scope": scope}
    if db.session.scalar(select(RoleGrant).filter_by(**wanted)) is None:
        db.session.add(RoleGrant(**wanted))
        db.session.flush()


def grants_of(account_id: int) -> list[Grant]:
    """Return what was granted, that in a unit spread over the units below it.

    A guardian is GUARDIAN in ``account:<pupil>``, once the school has confirmed it.
    All in one query, for every page asks; and one more for those who hold a unit.
    """
    granted = select(RoleGrant.role, RoleGrant.scope).filter_by(account_id=account_id)
    pupil = literal("account:") + cast(Guardianship.pupil_id, String)
    guarded = (
        select(literal(Role.GUARDIAN, RoleGrant.role.type), pupil)
        .filter_by(guardian_id=account_id, ended_at=None)
        .where(Guardianship.confirmed_at.is_not(None))
    )
    rows = db.session.execute(granted.union_all(guarded))
    given = [Grant(role, scope) for role, scope in rows]
    heads = {unit for grant in given if (unit := unit_in(grant.scope))}
    below = ids_below(heads) if heads else {}
    spread = {
        Grant(grant.role, f"unit:{inner}")
        for grant in given
        for inner in below.get(unit_in(grant.scope) or 0, ())
    }
    return [*given, *sorted(spread.difference(given))]


def unit_in(scope: str) -> int | None:
    """Return the id of the unit that a scope names, or None."""
    kind, _colon, key = scope.partition(":")
    return int(key) if kind == "unit" and key.isdigit() else None


def give_post(account: Account, unit: Unit, title: str, from_on: date) -> Post:
    post = Post(account_id=account.id, unit_id=unit.id, title=title, from_on=from_on)
    db.session.add(post)
    db.session.flush()
    return post


def posts_of(account_id: int, on: date) -> Sequence[Post]:
    """Return the posts that the person holds on this day, with their units."""
    query = (
        select(Post)
        .filter_by(account_id=account_id)
        .where(Post.from_on <= on, or_(Post.to_on.is_(None), Post.to_on >= on))
        .options(joinedload(Post.unit))
        .order_by(Post.from_on)
    )
    return db.session.scalars(query).all()
