"""Đính chính: the one way past a closed column, and it leaves its trace."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import contains_eager, joinedload

from lms.kernel import audit
from lms.kernel.db import db
from lms.kernel.errors import Refused
from lms.marks.models import Correction, CorrectionState, MarkSheet
from lms.marks.rules.entry import MarkRefusal, is_locked, read, shown
from lms.marks.rules.results import Average, CommentResult
from lms.marks.services.entry import (
    Change,
    add_mark,
    entry_value,
    keep_result,
    members_among,
    result_of,
)
from lms.marks.services.sheets import NOTHING, cells_of
from lms.sections.models import Section
from lms.sections.rules import Act


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a closed cell should hold, and why."""

    pupil_id: int
    assessment: str
    typed: str
    reason: str
    evidence: str


def ask(sheet: MarkSheet, wanted: Wanted, actor_id: int, now: datetime) -> Correction:
    """Ask for a closed mark to be changed; nothing changes before it is approved."""
    there = cells_of(sheet.id, wanted.pupil_id).get(wanted.pupil_id, {})
    cell = there.get(wanted.assessment, NOTHING)
    change = Change(wanted.pupil_id, wanted.assessment, wanted.typed, cell.version)
    is_member = wanted.pupil_id in members_among(sheet, {wanted.pupil_id})
    value = entry_value(sheet, change, is_member)
    if isinstance(value, MarkRefusal):
        raise Refused(value)
    if not is_locked(sheet.locked, wanted.assessment):
        raise Refused(MarkRefusal.NOT_LOCKED)
    if value == cell.value:
        raise Refused(MarkRefusal.SAME_VALUE)
    if _open_request(sheet.id, wanted) is not None:
        raise Refused(MarkRefusal.ALREADY_ASKED)
    made = Correction(
        sheet_id=sheet.id,
        pupil_id=wanted.pupil_id,
        assessment=wanted.assessment,
        base_version=cell.version,
        old=shown(cell.value),
        new=shown(value),
        reason=wanted.reason,
        evidence=wanted.evidence,
        state=CorrectionState.ASKED,
        asked_by_id=actor_id,
        asked_at=now,
        consequence={},
    )
    db.session.add(made)
    db.session.flush()
    audit.record("ask-correction", f"correction:{made.id}", actor_id, now)
    return made


def _open_request(sheet_id: int, wanted: Wanted) -> int | None:
    return db.session.scalar(
        select(Correction.id).filter_by(
            sheet_id=sheet_id,
            pupil_id=wanted.pupil_id,
            assessment=wanted.assessment,
            state=CorrectionState.ASKED,
        )
    )


def approve(correction: Correction, actor_id: int, now: datetime) -> None:
    """Write the corrected mark, and keep what it did to the average."""
    _decide(correction, CorrectionState.APPROVED, actor_id, now)
    db.session.flush()
    sheet = correction.sheet
    own = dict(cells_of(sheet.id, correction.pupil_id).get(correction.pupil_id, {}))
    cell = own.get(correction.assessment, NOTHING)
    value = read(correction.new, correction.assessment, is_scored=sheet.is_scored)
    if cell.version != correction.base_version or isinstance(value, MarkRefusal):
        raise Refused(MarkRefusal.CHANGED_SINCE)
    before = result_of(sheet, own)
    change = Change(
        correction.pupil_id, correction.assessment, correction.new, cell.version
    )
    written = add_mark(
        sheet, change, value, Act(correction.asked_by_id, now), correction.id
    )
    if written is None:
        raise Refused(MarkRefusal.CHANGED_SINCE)
    own[correction.assessment] = written
    after = keep_result(sheet, correction.pupil_id, own)
    correction.consequence = {"before": _said(before), "after": _said(after)}
    audit.record("approve-correction", f"correction:{correction.id}", actor_id, now)


def decline(correction: Correction, actor_id: int, now: datetime) -> None:
    _decide(correction, CorrectionState.DECLINED, actor_id, now)
    audit.record("decline-correction", f"correction:{correction.id}", actor_id, now)


def _decide(
    correction: Correction, state: CorrectionState, actor_id: int, now: datetime
) -> None:
    if correction.state is not CorrectionState.ASKED:
        raise Refused(MarkRefusal.ALREADY_DECIDED)
    if correction.asked_by_id == actor_id:
        raise Refused(MarkRefusal.OWN_REQUEST)
    correction.state = state
    correction.decided_by_id, correction.decided_at = actor_id, now


def _said(result: Average | CommentResult) -> str:
    if result.value is None:
        return ""
    return str(result.value).replace(".", ",")


def corrections_of(school_id: int, year_id: int) -> Sequence[Correction]:
    """Return a year's corrections of a school, those to be decided first."""
    query = (
        select(Correction)
        .join(Correction.sheet)
        .join(MarkSheet.section)
        .where(Section.school_id == school_id, Section.school_year_id == year_id)
        .options(
            contains_eager(Correction.sheet).contains_eager(MarkSheet.section),
            contains_eager(Correction.sheet).joinedload(MarkSheet.term),
            joinedload(Correction.pupil),
            joinedload(Correction.asked_by),
            joinedload(Correction.decided_by),
        )
        .order_by(Correction.state.desc(), Correction.id.desc())
    )
    found = db.session.scalars(query).all()
    return sorted(found, key=lambda one: one.state is not CorrectionState.ASKED)


def counts_of(pupil_ids: Sequence[int], section_id: int) -> dict[int, int]:
    """Return how many marks of each pupil of a class were corrected, as papers say."""
    query = (
        select(Correction.pupil_id, func.count())
        .join(Correction.sheet)
        .where(
            Correction.state == CorrectionState.APPROVED,
            MarkSheet.section_id == section_id,
            Correction.pupil_id.in_(pupil_ids),
        )
        .group_by(Correction.pupil_id)
    )
    return dict(db.session.execute(query).all())
