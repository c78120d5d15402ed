"""Accounts and roles: adding them, finding them."""

import secrets
import unicodedata
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import String, cast, func, literal, or_, select
from sqlalchemy.orm import joinedload

from lms.kernel import audit
from lms.kernel.clock import day_of
from lms.kernel.clock import now as clock_now
from lms.kernel.db import db
from lms.kernel.errors import Refused
from lms.kernel.permissions import Grant, Role
from lms.kernel.vietnamese import fold, name_sort_key
from lms.people.models import Account, Guardianship, Post, RoleGrant
from lms.people.rules import PostRefusal, Span, post_refusal
from lms.units.changes import Decision
from lms.units.models import Unit
from lms.units.services import ids_below, tree_on


def add_account(full_name: str, now: datetime) -> Account:
    account = new_account(full_name, now)
    db.session.add(account)
    db.session.flush()
    return account


def new_account(full_name: str, now: datetime) -> Account:
    """Return an account that is not in the session yet, for lists of many."""
    account = Account(seal_id=secrets.token_hex(16), created_at=now)
    rename(account, full_name)
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
    below = ids_below(heads, day_of(clock_now())) if heads else {}
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


def give_post(
    account: Account, unit: Unit, title: str, from_on: date, to_on: date | None = None
) -> Post:
    """Write down a post, primary if no other is meanwhile, or raise Refused."""
    span = Span(from_on, to_on)
    is_primary = post_refusal(span, _primary_spans(account)) is None
    return _add_post(account, unit, title, span, is_primary)


def give_primary_post(
    account: Account, unit: Unit, title: str, from_on: date, to_on: date | None = None
) -> Post:
    """Write down a person's primary post; raise Refused while another lasts."""
    span = Span(from_on, to_on)
    if refusal := post_refusal(span, _primary_spans(account)):
        raise Refused(refusal)
    return _add_post(account, unit, title, span, True)


def _primary_spans(account: Account) -> list[Span]:
    # Two posts given at once must not both find the way free.
    db.session.scalar(select(Account.id).filter_by(id=account.id).with_for_update())
    query = select(Post.from_on, Post.to_on)
    rows = db.session.execute(query.filter_by(account_id=account.id, is_primary=True))
    return [Span(from_on, to_on) for from_on, to_on in rows]


def _add_post(
    account: Account, unit: Unit, title: str, span: Span, is_primary: bool
) -> Post:
    if refusal := post_refusal(span):
        raise Refused(refusal)
    if unit.id not in tree_on(span.from_on):
        raise Refused(PostRefusal.UNIT_NOT_OPEN)
    post = Post(
        account_id=account.id,
        unit_id=unit.id,
        title=title,
        from_on=span.from_on,
        to_on=span.to_on,
        is_primary=is_primary,
    )
    db.session.add(post)
    db.session.flush()
    return post


def end_post(post: Post, to_on: date, actor_id: int, now: datetime) -> None:
    """Let a post end with this day, or raise Refused."""
    if refusal := post_refusal(Span(post.from_on, to_on)):
        raise Refused(refusal)
    post.to_on = to_on
    subject = f"account:{post.account_id}"
    audit.record("post-ended", subject, actor_id, now, post=post.id)


def follow_unit(source: Unit, target: Unit, decision: Decision) -> int:
    """Let the posts of a unit that becomes part of another go on there; count them.

    Up to the day before they stay what they were, for the reports of that time.
    """
    day_before = decision.on - timedelta(days=1)
    query = select(Post).filter_by(unit_id=source.id)
    lasting = query.where(or_(Post.to_on.is_(None), Post.to_on >= decision.on))
    posts = db.session.scalars(lasting).all()
    for post in posts:
        if post.from_on >= decision.on:
            post.unit_id = target.id
            continue
        db.session.add(
            Post(
                account_id=post.account_id,
                unit_id=target.id,
                title=post.title,
                from_on=decision.on,
                to_on=post.to_on,
                is_primary=post.is_primary,
            )
        )
        post.to_on = day_before
    db.session.flush()
    return len(posts)


def people_in_units(on: date) -> dict[int, int]:
    """Count people by the unit of their primary post on this day: each once."""
    query = (
        select(Post.unit_id, func.count(Post.account_id.distinct()))
        .where(Post.is_primary)
        .where(Post.from_on <= on, or_(Post.to_on.is_(None), Post.to_on >= on))
        .group_by(Post.unit_id)
    )
    counts: dict[int, int] = {}
    for unit_id, number in db.session.execute(query):
        counts[unit_id] = number
    return counts


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
