"""Banks: who owns them, who may draw on them, and the tree of their categories."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import selectinload

from courses.catalogue.models import Course
from courses.items.models import BankShare, Item, ItemBank, ItemCategory
from courses.items.rules import BankRefusal
from lms.kernel import audit
from lms.kernel.db import db
from lms.kernel.errors import Refused
from lms.units.models import Unit

DEEPEST = 8


def add_bank(name: str, scope: str, actor_id: int | None, now: datetime) -> ItemBank:
    """Add a bank that *scope* owns, such as ``unit:3``."""
    bank = ItemBank(name=name, scope=scope, created_at=now)
    db.session.add(bank)
    db.session.flush()
    audit.record("item-bank:add", f"item-bank:{bank.id}", actor_id, now, scope=scope)
    return bank


def rename_bank(bank: ItemBank, name: str) -> None:
    bank.name = name
    db.session.flush()


def share_bank(
    bank: ItemBank, scope: str, actor_id: int | None, now: datetime
) -> BankShare:
    """Let *scope* draw on the bank; to share it again changes nothing."""
    found = [share for share in bank.shares if share.scope == scope]
    if found:
        return found[0]
    share = BankShare(scope=scope, created_by_id=actor_id, created_at=now)
    bank.shares.append(share)
    db.session.flush()
    audit.record("item-bank:share", f"item-bank:{bank.id}", actor_id, now, with_=scope)
    return share


def stop_sharing(share: BankShare, actor_id: int | None, now: datetime) -> None:
    """Offer the bank no longer; what was pinned stays in its papers."""
    subject = f"item-bank:{share.bank_id}"
    audit.record("item-bank:unshare", subject, actor_id, now, with_=share.scope)
    share.bank.shares.remove(share)
    db.session.flush()


def banks_of(scopes: Collection[str] | None) -> Sequence[ItemBank]:
    """Return the banks that these scopes own (None: all there are), oldest first."""
    query = (
        select(ItemBank).options(selectinload(ItemBank.shares)).order_by(ItemBank.id)
    )
    if scopes is not None:
        query = query.where(ItemBank.scope.in_(scopes))
    return db.session.scalars(query).all()


def banks_open_to(scopes: Collection[str] | None) -> Sequence[ItemBank]:
    """Return the banks that these scopes own or were given to draw on."""
    if scopes is None:
        return banks_of(None)
    given = select(BankShare.bank_id).where(BankShare.scope.in_(scopes))
    query = (
        select(ItemBank).options(selectinload(ItemBank.shares)).order_by(ItemBank.id)
    )
    query = query.where(or_(ItemBank.scope.in_(scopes), ItemBank.id.in_(given)))
    return db.session.scalars(query).all()


def reader_scopes(bank: ItemBank) -> tuple[str, ...]:
    """Return every scope in which a bank may be read and drawn on."""
    return (bank.scope, *(share.scope for share in bank.shares))


def sizes_of(banks: Collection[ItemBank]) -> dict[int, int]:
    """Count the items of each bank, in one query."""
    query = select(Item.bank_id, func.count()).group_by(Item.bank_id)
    rows = db.session.execute(query.where(Item.bank_id.in_([b.id for b in banks])))
    return {bank_id: int(count) for bank_id, count in rows}


def owners_of(scopes: Collection[str]) -> dict[str, str]:
    """Return the names of courses and units by scope, in two queries."""
    courses = {int(s[7:]): s for s in scopes if s.startswith("course:")}
    units = {int(s[5:]): s for s in scopes if s.startswith("unit:")}
    found: dict[str, str] = {}
    if courses:
        titles = select(Course.id, Course.title).where(Course.id.in_(courses))
        found |= {courses[key]: title for key, title in db.session.execute(titles)}
    if units:
        names = select(Unit.id, Unit.name).where(Unit.id.in_(units))
        found |= {units[key]: name for key, name in db.session.execute(names)}
    return found


def owner_of(bank: ItemBank) -> dict[str, str]:
    """Return what a bank without a name goes by, by its scope; nothing for others."""
    return {} if bank.name else owners_of([bank.scope])


def owners_for(scopes: Collection[str] | None) -> dict[str, str]:
    """Return the names of who may own a bank, by scope; None: of all there are."""
    if scopes is not None:
        return owners_of(scopes)
    units = db.session.execute(select(Unit.id, Unit.name).order_by(Unit.name))
    titles = select(Course.id, Course.title).order_by(Course.title)
    found = {f"unit:{key}": name for key, name in units}
    return found | {f"course:{key}": name for key, name in db.session.execute(titles)}


def categories_of(bank: ItemBank) -> list[ItemCategory]:
    """Return the tree from the top down, each category before those in it, by name."""
    query = select(ItemCategory).filter_by(bank_id=bank.id)
    rows = {row.id: row for row in db.session.scalars(query)}
    below: dict[int | None, list[ItemCategory]] = {}
    for row in sorted(rows.values(), key=lambda one: one.name.casefold()):
        below.setdefault(row.parent_id, []).append(row)
    found: list[ItemCategory] = []
    waiting = list(reversed(below.get(None, [])))
    while waiting:
        found.append(waiting.pop())
        waiting += reversed(below.get(found[-1].id, []))
    return found


def add_category(
    bank: ItemBank, name: str, parent: ItemCategory | None = None
) -> ItemCategory:
    if parent and parent.bank_id != bank.id:
        raise Refused(BankRefusal.OTHER_BANK)
    if parent and parent.depth + 1 >= DEEPEST:
        raise Refused(BankRefusal.CATEGORY_TOO_DEEP)
    made = ItemCategory(
        bank_id=bank.id, name=name, parent_id=parent.id if parent else None
    )
    db.session.add(made)
    db.session.flush()
    made.path = f"{parent.path if parent else ''}{made.id}/"
    db.session.flush()
    return made


def category_at(bank: ItemBank, names: Sequence[str]) -> ItemCategory | None:
    """Return the category with these names from the top down; what lacks is made.

    Names beyond the depth that a bank has are joined into the last.
    """
    kept = [*names[: DEEPEST - 1], " / ".join(names[DEEPEST - 1 :])]
    found: ItemCategory | None = None
    for name in (one.strip()[:200] for one in kept if one.strip()):
        query = select(ItemCategory).filter_by(
            bank_id=bank.id, parent_id=found.id if found else None, name=name
        )
        found = db.session.scalar(query.limit(1)) or add_category(bank, name, found)
    return found


def rename_category(category: ItemCategory, name: str) -> None:
    category.name = name
    db.session.flush()


def move_category(category: ItemCategory, parent: ItemCategory | None) -> None:
    """Hang a category, with all below it, under another one or at the top."""
    if parent and parent.bank_id != category.bank_id:
        raise Refused(BankRefusal.OTHER_BANK)
    if parent and parent.path.startswith(category.path):
        raise Refused(BankRefusal.CATEGORY_IN_ITSELF)
    old, new = category.path, f"{parent.path if parent else ''}{category.id}/"
    query = select(ItemCategory).where(ItemCategory.path.startswith(old))
    rows = db.session.scalars(query).all()
    if any((new + row.path.removeprefix(old)).count("/") > DEEPEST for row in rows):
        raise Refused(BankRefusal.CATEGORY_TOO_DEEP)
    for row in rows:
        row.path = new + row.path.removeprefix(old)
    category.parent_id = parent.id if parent else None
    db.session.flush()


def remove_category(category: ItemCategory) -> None:
    """Take an empty category away; one with items or categories in it is Refused."""
    inside = select(Item.id).filter_by(category_id=category.id).limit(1)
    below = select(ItemCategory.id).filter_by(parent_id=category.id).limit(1)
    if db.session.scalar(inside) or db.session.scalar(below):
        raise Refused(BankRefusal.CATEGORY_NOT_EMPTY)
    db.session.delete(category)
    db.session.flush()
