"""Units by .xlsx: those that are new, another name, another place, from a day on."""

from collections.abc import Sequence

from flask_babel import lazy_gettext as _l

from lms.kernel.imports.rules import Change, Intake, Task
from lms.kernel.permissions import Permission
from lms.kernel.spreadsheets.cells import code, day, text
from lms.kernel.spreadsheets.sheets import Column, Row, Sheet
from lms.units import changes
from lms.units.changes import Decision
from lms.units.models import Unit
from lms.units.rules import Description, Node, Tree, UnitRefusal, move_refusal
from lms.units.services import tree_on, unit_by_code

LONGEST = (40, 200, 40)


def sheet(unit: Unit | None) -> Sheet:
    own = f"Để trống: trực thuộc {unit.name}." if unit else "Để trống: đứng đầu."
    return Sheet(
        title="Đơn vị",
        columns=(
            Column(
                "code", "Mã đơn vị", code(LONGEST[0]), True, example="thcs-phong-an"
            ),
            Column(
                "name",
                "Tên đơn vị",
                text(LONGEST[1]),
                True,
                example="Trường THCS Phong An",
            ),
            Column("kind", "Loại đơn vị", text(LONGEST[2]), True, example="trường"),
            Column("parent", "Mã đơn vị cấp trên", code(LONGEST[0]), help=own),
            Column(
                "on",
                "Có hiệu lực từ ngày",
                day(),
                True,
                help="Từ ngày này đơn vị mang tên, loại và chỗ đứng như dòng này ghi.",
                example="01/07/2025",
            ),
            Column(
                "paper", "Văn bản", text(200), example="Nghị quyết 1675/NQ-UBTVQH15"
            ),
        ),
        unique=("code",),
        help="Ghi đơn vị cấp trên trước đơn vị trực thuộc.",
    )


def plan(task: Task) -> None:
    """Compare each row with the tree of its day; parents may stand in earlier rows."""
    trees: dict[object, Tree] = {}
    coming: set[str] = set()
    for row in task.rows:
        if row.errors:
            continue
        on = row.values["on"]
        if on not in trees:
            trees[on] = tree_on(on)
        tree = trees[on]
        nodes = {node.code: node for node in tree.nodes.values()}
        parent_id = _parent_id(row, task, nodes, coming)
        if row.errors:
            continue
        found = nodes.get(row.values["code"])
        if found is None:
            _check_new(row, task)
            coming.add(row.values["code"])
            continue
        _compare(row, task, tree, found, parent_id)


def _parent_id(
    row: Row, task: Task, nodes: dict[str, Node], coming: set[str]
) -> int | None:
    """Return the superior's id, or None: at the top, or in an earlier row."""
    wanted = row.values["parent"]
    if not wanted:
        return task.place.id if task.place else None
    if wanted not in nodes and wanted not in coming:
        row.refuse("parent", UnitRefusal.PARENT_NOT_OPEN)
        return None
    return nodes[wanted].id if wanted in nodes else None


def _check_new(row: Row, task: Task) -> None:
    if unit_by_code(row.values["code"]):
        # It exists, but not on that day.
        row.refuse("on", UnitRefusal.NOT_OPEN)
        return
    task.mark(row, Change.NEW)


def _compare(
    row: Row, task: Task, tree: Tree, found: Node, parent_id: int | None
) -> None:
    changed = [
        key for key in ("name", "kind") if row.values[key] != getattr(found, key)
    ]
    if parent_id != found.parent_id:
        if refusal := move_refusal(tree, found.id, parent_id):
            row.refuse("parent", refusal)
            return
        changed.append("parent")
    if changed and task.place and found.id not in tree.below(task.place.id):
        row.refuse("code", UnitRefusal.CODE_TAKEN)
        return
    if changed and changes.is_recorded_after(found.id, row.values["on"]):
        row.refuse("on", UnitRefusal.DAY_TOO_EARLY)
        return
    task.mark(row, Change.CHANGED if changed else Change.SAME, changed)


def apply(task: Task, rows: Sequence[Row]) -> None:
    for row in rows:
        values = row.values
        decision = Decision(
            values["on"], values["paper"] or "", task.actor_id, task.now
        )
        parent = unit_by_code(values["parent"]) if values["parent"] else task.place
        found = unit_by_code(values["code"])
        if found is None:
            what = Description(values["code"], values["name"], values["kind"])
            changes.create(what, parent, decision)
            continue
        _, changed = task.changes[row.number]
        if "name" in changed or "kind" in changed:
            changes.rename(found, values["name"], values["kind"], decision)
        if "parent" in changed:
            changes.move(found, parent, decision)


UNITS = Intake(
    name="units",
    title=_l("Đơn vị"),
    lead=_l("Thêm đơn vị, đổi tên hoặc đổi đơn vị cấp trên từ một ngày."),
    permission=Permission.UNIT_EDIT,
    place=Unit,
    sheet=sheet,
    plan=plan,
    apply=apply,
)
