"""Guardians by .xlsx: who answers for which pupil; who sends it confirms it."""

from collections.abc import Iterable, Sequence

from flask import current_app
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from lms.kernel import audit
from lms.kernel.clock import day_of
from lms.kernel.db import db
from lms.kernel.imports.rules import Change, Intake, Task
from lms.kernel.permissions import Permission
from lms.kernel.spreadsheets.cells import choice
from lms.kernel.spreadsheets.sheets import Column, Row, Sheet
from lms.people.intakes.persons import CHUNK, People, Who
from lms.people.models import Guardianship, Relation
from lms.people.rules import PersonRefusal
from lms.units.models import Unit
from lms.units.services import units_below

PUPIL = Who("pupil_code", "pupil_number", "pupil_name")
GUARDIAN = Who("guardian_code", "guardian_number", "guardian_name")
RELATIONS = {
    "Cha": Relation.FATHER,
    "Mẹ": Relation.MOTHER,
    "Người giám hộ": Relation.OTHER,
}
Pair = tuple[int, int]


def sheet(_unit: Unit | None) -> Sheet:
    invented = bool(current_app.config["INVENTED_NUMBERS"])
    return Sheet(
        title="Phụ huynh của học sinh",
        columns=(
            *PUPIL.columns("học sinh", invented=invented),
            *GUARDIAN.columns("phụ huynh", invented=invented),
            Column(
                "relation",
                "Quan hệ",
                choice(RELATIONS),
                True,
                help="Cha, Mẹ hoặc Người giám hộ",
                example="Mẹ",
            ),
        ),
        help="Cả hai phải có hồ sơ trước. Nhà trường gửi danh sách là đã xác nhận.",
    )


def plan(task: Task) -> None:
    pairs = _pairs(task, task.rows)
    known = _known(pairs.values())
    seen: dict[Pair, int] = {}
    for row in task.rows:
        pair = pairs.get(row.number)
        if row.errors or pair is None:
            continue
        if pair in seen:
            row.refuse("guardian_code", PersonRefusal.PAIR_TWICE, number=seen[pair])
            continue
        seen[pair] = row.number
        found = known.get(pair)
        if found is None:
            task.mark(row, Change.NEW)
            continue
        changed = [] if found.relation is row.values["relation"] else ["relation"]
        same = found.holds and not changed
        task.mark(row, Change.SAME if same else Change.CHANGED, changed)


def _pairs(task: Task, rows: Sequence[Row]) -> dict[int, Pair]:
    """Return guardian and pupil of each row that names both rightly."""
    own = {unit.id for unit in units_below(task.place, day_of(task.now))}
    pupils, guardians = People(rows, PUPIL, own), People(rows, GUARDIAN, own)
    found: dict[int, Pair] = {}
    for row in rows:
        pupil, guardian = pupils.of(row), guardians.of(row)
        if pupil and pupil.unit_id not in own:
            row.refuse(PUPIL.name, PersonRefusal.KEPT_ELSEWHERE)
        elif pupil and guardian and pupil.id == guardian.id:
            row.refuse(GUARDIAN.name, PersonRefusal.OWN_GUARDIAN)
        elif pupil and guardian:
            found[row.number] = guardian.id, pupil.id
    return found


def _known(pairs: Iterable[Pair]) -> dict[Pair, Guardianship]:
    wanted = list(pairs)
    found: dict[Pair, Guardianship] = {}
    for start in range(0, len(wanted), CHUNK):
        pupils = {pupil for _guardian, pupil in wanted[start : start + CHUNK]}
        query = select(Guardianship).where(Guardianship.pupil_id.in_(pupils))
        for row in db.session.scalars(query):
            found[row.guardian_id, row.pupil_id] = row
    return found


def apply(task: Task, rows: Sequence[Row]) -> None:
    pairs = _pairs(task, rows)
    known = _known(pairs.values())
    for row in rows:
        pair = pairs.get(row.number)
        if pair is None:
            continue
        found = known.get(pair) or Guardianship(guardian_id=pair[0], pupil_id=pair[1])
        found.relation = row.values["relation"]
        found.confirmed_by_id = task.actor_id
        found.confirmed_at, found.ended_at = task.now, None
        db.session.add(found)
        audit.record(
            "guardianship-confirmed",
            f"account:{pair[1]}",
            task.actor_id,
            task.now,
            guardian=pair[0],
        )


GUARDIANS = Intake(
    name="guardians",
    title=_l("Phụ huynh của học sinh"),
    lead=_l("Ai là cha, mẹ hoặc người giám hộ của học sinh nào."),
    permission=Permission.ACCOUNT_EDIT,
    place=Unit,
    sheet=sheet,
    plan=plan,
    apply=apply,
)
