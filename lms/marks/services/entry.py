"""Writing marks: one row added for each change, and the term result beside it."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete, insert, select
from sqlalchemy.exc import IntegrityError

from lms.kernel.db import db
from lms.kernel.errors import Refusal
from lms.marks.models import Mark, MarkSheet, TermResult
from lms.marks.rules.averages import Comments, Scores, comment_term, term_average
from lms.marks.rules.entry import REMARK, MarkRefusal, Value, is_locked, read, shown
from lms.marks.rules.profiles import PROFILES
from lms.marks.rules.results import Average, CommentResult
from lms.marks.services.sheets import NOTHING, Cell, Cells, cells_of
from lms.people.models import Account
from lms.sections.models import Membership
from lms.sections.rules import Act, Ending


@dataclass(frozen=True, slots=True)
class Change:
    """One cell as somebody typed it, over the version that they saw."""

    pupil_id: int
    assessment: str
    typed: str
    version: int


@dataclass(frozen=True, slots=True)
class Written:
    """What became of a change."""

    change: Change
    cell: Cell
    """What the cell holds now, whoever wrote it."""
    refusal: Refusal | None = None
    conflict_with: str | None = None
    """Who wrote another value meanwhile; the change was not written."""
    result: "Average | CommentResult | None" = None


def write(sheet: MarkSheet, changes: Sequence[Change], act: Act) -> list[Written]:
    """Write changes into a sheet; each stands or falls by itself.

    A change over an older version than the cell's is not written, unless it says the
    same: so two teachers at once lose nothing, and a save sent twice is written once.
    """
    members = members_among(sheet, {change.pupil_id for change in changes})
    cells = {key: dict(own) for key, own in _cells(sheet, changes).items()}
    answers: list[Written] = []
    touched: set[int] = set()
    for change in changes:
        own = cells.setdefault(change.pupil_id, {})
        answer = _write_one(sheet, change, own, change.pupil_id in members, act)
        if answer.cell.version > own.get(change.assessment, NOTHING).version:
            own[change.assessment] = answer.cell
            touched.add(change.pupil_id)
        answers.append(answer)
    results = {key: keep_result(sheet, key, cells[key]) for key in touched}
    return [_with_result(one, results) for one in answers]


def members_among(sheet: MarkSheet, pupil_ids: set[int]) -> set[int]:
    """Return which of these pupils sit in the class: a posted id is never trusted."""
    query = select(Membership.pupil_id).where(
        Membership.section_id == sheet.section_id,
        Membership.pupil_id.in_(pupil_ids),
        (Membership.ending == Ending.YEAR_OVER) | Membership.ending.is_(None),
    )
    return set(db.session.scalars(query))


def _cells(sheet: MarkSheet, changes: Sequence[Change]) -> dict[int, dict[str, Cell]]:
    ids = {change.pupil_id for change in changes}
    return cells_of(sheet.id, ids.pop() if len(ids) == 1 else None)


def _write_one(
    sheet: MarkSheet, change: Change, own: Cells, is_member: bool, act: Act
) -> Written:
    there = own.get(change.assessment, NOTHING)
    value = entry_value(sheet, change, is_member)
    if isinstance(value, MarkRefusal):
        return Written(change, there, refusal=value)
    if value == there.value:
        return Written(change, there)
    if change.version != there.version:
        return Written(change, there, conflict_with=_name_of(there.by_id))
    if is_locked(sheet.locked, change.assessment):
        return Written(change, there, refusal=MarkRefusal.LOCKED)
    cell = add_mark(sheet, change, value, act)
    if cell is None:
        there = cells_of(sheet.id, change.pupil_id)[change.pupil_id][change.assessment]
        return Written(change, there, conflict_with=_name_of(there.by_id))
    return Written(change, cell)


def entry_value(
    sheet: MarkSheet, change: Change, is_member: bool
) -> Value | MarkRefusal:
    if change.assessment not in sheet.columns:
        return MarkRefusal.NO_SUCH_COLUMN
    if not is_member:
        return MarkRefusal.NOT_A_MEMBER
    return read(change.typed, change.assessment, is_scored=sheet.is_scored)


def add_mark(
    sheet: MarkSheet,
    change: Change,
    value: Value,
    act: Act,
    correction_id: int | None = None,
) -> Cell | None:
    """Add the next version of a cell; None where somebody else was a moment quicker."""
    version = change.version + 1
    try:
        with db.session.begin_nested():
            db.session.execute(
                insert(Mark).values(
                    sheet_id=sheet.id,
                    pupil_id=change.pupil_id,
                    assessment=change.assessment,
                    version=version,
                    tenths=value.tenths,
                    comment=value.comment,
                    absence=value.absence,
                    remark=value.remark,
                    entered_by_id=act.actor_id,
                    entered_at=act.at,
                    correction_id=correction_id,
                )
            )
    except IntegrityError:
        return None
    return Cell(value, version, act.actor_id, act.at, correction_id is not None)


def _name_of(account_id: int | None) -> str:
    found = db.session.get(Account, account_id) if account_id else None
    return found.full_name if found else ""


def _with_result(
    answer: Written, results: dict[int, Average | CommentResult]
) -> Written:
    result = results.get(answer.change.pupil_id)
    return Written(
        answer.change, answer.cell, answer.refusal, answer.conflict_with, result
    )


def result_of(sheet: MarkSheet, cells: Cells) -> Average | CommentResult:
    """Ask the circular what these cells make."""
    regular = [cells.get(f"tx{n}", NOTHING) for n in range(1, sheet.regulars + 1)]
    midterm, final = (cells.get(name, NOTHING).value for name in ("gk", "ck"))
    policies = PROFILES[sheet.section.profile].policies
    if sheet.is_scored:
        scores = Scores(
            [one.value.score for one in regular],
            midterm.score,
            final.score,
            midterm_absence=midterm.absence,
            final_absence=final.absence,
        )
        return term_average(scores, sheet.regulars, policies)
    comments = Comments(
        [one.value.comment for one in regular],
        midterm.comment,
        final.comment,
        midterm.absence,
        final.absence,
    )
    return comment_term(comments, sheet.regulars, policies)


def keep_result(
    sheet: MarkSheet, pupil_id: int, cells: Cells
) -> Average | CommentResult:
    """Work out a pupil's term result, and keep it beside the marks."""
    found = result_of(sheet, cells)
    db.session.execute(
        delete(TermResult).where(
            TermResult.sheet_id == sheet.id, TermResult.pupil_id == pupil_id
        )
    )
    if any(name != REMARK and shown(cell.value) for name, cell in cells.items()):
        db.session.execute(insert(TermResult).values(**kept(sheet, pupil_id, found)))
    return found


def kept(
    sheet: MarkSheet, pupil_id: int, found: Average | CommentResult
) -> dict[str, object]:
    """Return a result as its row keeps it."""
    tenths = comment = None
    if isinstance(found, CommentResult):
        comment = found.value
    elif found.value is not None:
        tenths = int(found.value * 10)
    return {
        "sheet_id": sheet.id,
        "pupil_id": pupil_id,
        "status": found.status,
        "tenths": tenths,
        "comment": comment,
        "profile": sheet.section.profile,
    }
