"""Accounts and roles: adding them, finding them."""

import unicodedata
from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from lms.kernel.db import db
from lms.kernel.permissions import Grant, Role
from lms.kernel.vietnamese import fold, name_sort_key
from lms.people.models import Account, Post, RoleGrant
from lms.units.models import Unit


def add_account(full_name: str, now: datetime) -> Account:
    name = unicodedata.normalize("NFC", " ".join(full_name.split()))
    account = Account(
        full_name=name,
        name_sort=name_sort_key(name),
        name_search=fold(name),
        created_at=now,
    )
    db.session.add(account)
    db.session.flush()
    return account


def grant_role(account_id: int, role: Role, scope: str) -> None:
    """Give a role once, however often it is asked for."""
    wanted = {"account_id": account_id, "role": role, "scope": scope}
    if db.session.scalar(select(RoleGrant).filter_by(**wanted)) is None:
        db.session.add(RoleGrant(**wanted))
        db.session.flush()


def role_grants(account_id: int) -> list[Grant]:
    rows = db.session.execute(
        select(RoleGrant.role, RoleGrant.scope).filter_by(account_id=account_id)
    )
    return [Grant(role, scope) for role, scope in rows]


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
