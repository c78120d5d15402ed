"""Mark sheets: opened for a class's subjects, and read as a grid."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import contains_eager, joinedload

from lms.kernel import audit
from lms.kernel.db import db
from lms.marks.models import Mark, MarkSheet, TermResult
from lms.marks.rules.averages import COMMENT_REGULARS, regular_marks
from lms.marks.rules.entry import EMPTY, Value
from lms.people.models import Account
from lms.sections.models import Membership, Section, Subject, Term
from lms.sections.services import pupils, schools


@dataclass(frozen=True, slots=True)
class Cell:
    """What a cell holds, and its version; 0 where nothing was ever written."""

    value: Value = EMPTY
    version: int = 0
    by_id: int | None = None
    at: datetime | None = None
    corrected: bool = False


NOTHING = Cell()
Cells = Mapping[str, Cell]
"""One pupil's cells by assessment."""


@dataclass(frozen=True, slots=True)
class Row:
    membership: Membership
    cells: Cells
    result: TermResult | None
    exempt: bool = False


@dataclass(frozen=True, slots=True)
class Grid:
    sheet: MarkSheet
    rows: Sequence[Row]
    writers: Mapping[int, str] = field(default_factory=dict)
    """Names of who wrote, by account."""


def open_sheets(section: Section, term: Term) -> list[MarkSheet]:
    """Open the sheets of a class's term that are not open yet; return all of them."""
    there = {sheet.subject_id: sheet for sheet in sheets_of(section.id, term.id)}
    for taught in schools.curriculum(section.school_year_id, section.grade):
        if taught.subject_id not in there:
            count = (
                regular_marks(taught.yearly_periods)
                if taught.subject.is_scored
                else COMMENT_REGULARS
            )
            sheet = MarkSheet(
                section_id=section.id,
                term_id=term.id,
                subject_id=taught.subject_id,
                regulars=count,
                locked="",
            )
            db.session.add(sheet)
    db.session.flush()
    return list(sheets_of(section.id, term.id))


def sheets_of(section_id: int, term_id: int | None = None) -> Sequence[MarkSheet]:
    """Return a class's sheets in the subjects' order; of both terms for None."""
    query = (
        select(MarkSheet)
        .filter_by(section_id=section_id)
        .join(MarkSheet.subject)
        .join(MarkSheet.term)
        .options(contains_eager(MarkSheet.subject), contains_eager(MarkSheet.term))
        .order_by(Term.number, Subject.position)
    )
    if term_id is not None:
        query = query.filter(MarkSheet.term_id == term_id)
    return db.session.scalars(query).all()


def sheet_for(section_id: int, term_id: int, subject_id: int) -> MarkSheet | None:
    return db.session.scalar(
        select(MarkSheet).filter_by(
            section_id=section_id, term_id=term_id, subject_id=subject_id
        )
    )


LATEST = (
    Mark.pupil_id,
    Mark.assessment,
    Mark.version,
    Mark.tenths,
    Mark.comment,
    Mark.absence,
    Mark.remark,
    Mark.entered_by_id,
    Mark.entered_at,
    Mark.correction_id,
)


def cells_of(sheet_id: int, pupil_id: int | None = None) -> dict[int, dict[str, Cell]]:
    """Return what each cell of a sheet holds now, by pupil; of one pupil if named."""
    query = select(*LATEST).where(Mark.sheet_id == sheet_id).order_by(Mark.version)
    if pupil_id is not None:
        query = query.where(Mark.pupil_id == pupil_id)
    found: dict[int, dict[str, Cell]] = {}
    for row in db.session.execute(query):
        value = Value(row.tenths, row.comment, row.absence, row.remark)
        found.setdefault(row.pupil_id, {})[row.assessment] = Cell(
            value,
            row.version,
            row.entered_by_id,
            row.entered_at,
            row.correction_id is not None,
        )
    return found


def results_of(sheet_id: int) -> dict[int, TermResult]:
    rows = db.session.scalars(select(TermResult).filter_by(sheet_id=sheet_id))
    return {one.pupil_id: one for one in rows}


def grid_of(sheet: MarkSheet) -> Grid:
    """Return the sheet as its teacher sees it: names by *tên*, cells, averages."""
    members = pupils.members_of(sheet.section_id)
    cells, results = cells_of(sheet.id), results_of(sheet.id)
    exempt = pupils.exemptions_in(sheet.section.school_year_id)
    rows = [
        Row(
            member,
            cells.get(member.pupil_id, {}),
            results.get(member.pupil_id),
            sheet.subject_id in exempt.get(member.pupil_id, ()),
        )
        for member in members
    ]
    return Grid(sheet, rows, _writers(cells))


def _writers(cells: Mapping[int, Cells]) -> dict[int, str]:
    ids = {cell.by_id for own in cells.values() for cell in own.values()}
    query = select(Account.id, Account.full_name).where(Account.id.in_(ids))
    return dict(db.session.execute(query).all())


def history_of(sheet_id: int, pupil_id: int, assessment: str) -> Sequence[Mark]:
    """Return everything that was ever written into a cell, oldest first."""
    query = select(Mark).filter_by(
        sheet_id=sheet_id, pupil_id=pupil_id, assessment=assessment
    )
    return db.session.scalars(query.order_by(Mark.version)).all()


def publish(sheet: MarkSheet, actor_id: int, now: datetime) -> None:
    """Let pupils and guardians read the sheet from now on."""
    if sheet.published_at is None:
        sheet.published_at = now
        audit.record("publish-marks", f"mark-sheet:{sheet.id}", actor_id, now)


def withdraw(sheet: MarkSheet, actor_id: int, now: datetime) -> None:
    if sheet.published_at is not None:
        sheet.published_at = None
        audit.record("withdraw-marks", f"mark-sheet:{sheet.id}", actor_id, now)


def sheets_of_teaching(keys: Sequence[tuple[int, int]]) -> Sequence[MarkSheet]:
    """Return the sheets of these (class, subject) pairs, with class and term."""
    sections = {section for section, _subject in keys}
    query = (
        select(MarkSheet)
        .where(MarkSheet.section_id.in_(sections))
        .options(joinedload(MarkSheet.section), joinedload(MarkSheet.term))
    )
    wanted = set(keys)
    return [
        sheet
        for sheet in db.session.scalars(query)
        if (sheet.section_id, sheet.subject_id) in wanted
    ]
