"""Posts by .xlsx: who holds which, where, from when to when."""

from collections.abc import Sequence
from typing import Any

from flask import current_app
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from lms.kernel import audit
from lms.kernel.clock import day_of
from lms.kernel.db import db
from lms.kernel.imports.rules import Change, Intake, Task
from lms.kernel.permissions import Permission
from lms.kernel.spreadsheets.cells import choice, code, day, text
from lms.kernel.spreadsheets.sheets import Column, Row, Sheet
from lms.people.intakes.persons import CHUNK, People, Who
from lms.people.models import Account, Post
from lms.people.rules import PersonRefusal, PostRefusal, Span, post_refusal
from lms.units.models import Unit
from lms.units.services import tree_on, units_below

WHO = Who("code", "personal_number", "full_name")
KINDS = {"Chính": True, "Kiêm nhiệm": False}


def sheet(unit: Unit | None) -> Sheet:
    invented = bool(current_app.config["INVENTED_NUMBERS"])
    own = f"Để trống: {unit.name}." if unit else ""
    return Sheet(
        title="Chức danh",
        columns=(
            *WHO.columns("", invented=invented),
            Column("title", "Chức danh", text(120), True, example="Giáo viên Toán"),
            Column("unit", "Mã đơn vị", code(), unit is None, help=own),
            Column("from_on", "Từ ngày", day(), True, example="05/09/2025"),
            Column("to_on", "Đến hết ngày", day(), help="Để trống: đang giữ."),
            Column(
                "is_primary",
                "Chính hay kiêm nhiệm",
                choice(KINDS),
                help="Chính hoặc Kiêm nhiệm; để trống: chính. Mỗi ngày một người chỉ "
                "có một chức danh chính.",
                example="Chính",
            ),
        ),
    )


def plan(task: Task) -> None:
    """Compare each row with the posts that its person holds and will hold."""
    units = _units(task)
    people = People(task.rows, WHO, {unit.id for unit in units.values()})
    named = {row.number: people.of(row) for row in task.rows}
    held = _posts([one.id for one in named.values() if one])
    spans = _primary_spans(held)
    trees: dict[Any, Any] = {}
    for row in task.rows:
        person, unit = named[row.number], _unit(row, task, units)
        if row.errors or person is None or unit is None:
            continue
        span = Span(row.values["from_on"], row.values["to_on"])
        if span.from_on not in trees:
            trees[span.from_on] = tree_on(span.from_on)
        if unit.id not in trees[span.from_on]:
            row.refuse("unit", PostRefusal.UNIT_NOT_OPEN)
            continue
        _compare(row, task, _same_post(row, person, unit, held), spans[person.id])


def _units(task: Task) -> dict[str, Unit]:
    return {one.code: one for one in units_below(task.place, day_of(task.now))}


def _unit(row: Row, task: Task, units: dict[str, Unit]) -> Unit | None:
    unit: Unit | None = units.get(row.values["unit"] or "") or (
        None if row.values["unit"] else task.place
    )
    if unit is None:
        row.refuse("unit", PersonRefusal.UNIT_UNKNOWN)
    return unit


def _posts(account_ids: Sequence[int]) -> list[Post]:
    found: list[Post] = []
    for start in range(0, len(account_ids), CHUNK):
        chunk = account_ids[start : start + CHUNK]
        found += db.session.scalars(select(Post).where(Post.account_id.in_(chunk)))
    return found


class _Spans(dict[int, dict[Any, Span]]):
    def __missing__(self, key: int) -> dict[Any, Span]:
        return self.setdefault(key, {})


def _primary_spans(held: Sequence[Post]) -> _Spans:
    spans = _Spans()
    for post in held:
        if post.is_primary:
            spans[post.account_id][post.id] = Span(post.from_on, post.to_on)
    return spans


def _same_post(
    row: Row, person: Account, unit: Unit, held: Sequence[Post]
) -> Post | None:
    wanted = (person.id, unit.id, row.values["title"], row.values["from_on"])
    for post in held:
        if (post.account_id, post.unit_id, post.title, post.from_on) == wanted:
            return post
    return None


def _compare(row: Row, task: Task, post: Post | None, primary: dict[Any, Span]) -> None:
    """Mark the row; remember its span, so that later rows of the file heed it."""
    span = Span(row.values["from_on"], row.values["to_on"])
    is_primary = row.values["is_primary"] is not False
    others = [one for key, one in primary.items() if post is None or key != post.id]
    if refusal := post_refusal(span, others if is_primary else ()):
        is_end = refusal is PostRefusal.DAYS
        row.refuse("to_on" if is_end else "is_primary", refusal)
        return
    if is_primary:
        primary[post.id if post else ("row", row.number)] = span
    if post is None:
        task.mark(row, Change.NEW)
        return
    changed = [] if post.to_on == span.to_on else ["to_on"]
    changed += [] if post.is_primary == is_primary else ["is_primary"]
    task.mark(row, Change.CHANGED if changed else Change.SAME, changed)


def apply(task: Task, rows: Sequence[Row]) -> None:
    units = _units(task)
    people = People(rows, WHO, {unit.id for unit in units.values()})
    named = {row.number: people.of(row) for row in rows}
    held = _posts([one.id for one in named.values() if one])
    for row in rows:
        person, unit = named[row.number], _unit(row, task, units)
        if person is None or unit is None:
            continue
        post = _same_post(row, person, unit, held)
        if post is None:
            post = Post(
                account_id=person.id,
                unit_id=unit.id,
                title=row.values["title"],
                from_on=row.values["from_on"],
            )
            db.session.add(post)
        post.to_on = row.values["to_on"]
        post.is_primary = row.values["is_primary"] is not False
        db.session.flush()
        audit.record(
            "post-written",
            f"account:{person.id}",
            task.actor_id,
            task.now,
            post=post.id,
        )


POSTS = Intake(
    name="posts",
    title=_l("Chức danh"),
    lead=_l("Ai giữ chức danh gì, ở đơn vị nào, từ ngày nào đến ngày nào."),
    permission=Permission.ACCOUNT_EDIT,
    place=Unit,
    sheet=sheet,
    plan=plan,
    apply=apply,
)
