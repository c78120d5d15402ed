"""The turn of the school year: planned in the open, applied whole, undone whole."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from lms.kernel import audit
from lms.kernel.db import db
from lms.kernel.errors import Refused
from lms.sections.models import (
    CurriculumSubject,
    Membership,
    Pupil,
    Rollover,
    SchoolYear,
    Section,
    Term,
)
from lms.sections.rules import (
    Ending,
    PupilState,
    RolloverState,
    SectionsRefusal,
    Step,
    section_name_up,
    step_of,
)
from lms.sections.services import schools
from lms.sections.services.pupils import members_of

Decisions = Mapping[int, str | None]
"""The year's decision for each pupil id, as the marks have it."""


def plan(
    year: SchoolYear,
    to_name: str,
    decisions: Decisions,
    actor_id: int,
    now: datetime,
) -> Rollover:
    """Preview what the turn would do with each pupil; nothing else is changed."""
    if schools.year_called(year.school_id, to_name) is not None:
        raise Refused(SectionsRefusal.YEAR_TAKEN)
    highest = year.school.highest_grade
    rows: list[dict[str, Any]] = []
    for section in schools.sections_of(year.id):
        for member in members_of(section.id):
            step = step_of(decisions.get(member.pupil_id), section.grade, highest)
            rows.append(
                {
                    "membership": member.id,
                    "pupil": member.pupil_id,
                    "name": member.pupil.full_name,
                    "section": section.name,
                    "step": step,
                    "to": _next(section, step),
                }
            )
    made = Rollover(
        school_id=year.school_id,
        from_year_id=year.id,
        to_name=to_name,
        state=RolloverState.PREVIEWED,
        plan=rows,
        made={},
        planned_by_id=actor_id,
        planned_at=now,
    )
    db.session.add(made)
    db.session.flush()
    return made


def _next(section: Section, step: Step) -> str | None:
    """Return the class to come: none for who finishes, or waits where they are."""
    if step is Step.UP:
        return section_name_up(section.name, section.grade)
    return section.name if step is Step.REPEAT else None


def apply(rollover: Rollover, starts_on: date, actor_id: int, now: datetime) -> None:
    """Open the new year and seat everybody as previewed, or refuse and do nothing."""
    if rollover.state is not RolloverState.PREVIEWED:
        raise Refused(SectionsRefusal.ROLLOVER_STATE)
    year = rollover.from_year
    if _membership_ids(year) != {row["membership"] for row in rollover.plan}:
        raise Refused(SectionsRefusal.ROLLOVER_CHANGED)
    new = schools.open_year(
        year.school,
        rollover.to_name,
        starts_on,
        starts_on.replace(year=starts_on.year + 1, month=1, day=15),
        starts_on.replace(year=starts_on.year + 1, month=5, day=31),
    )
    seats = _Seats(new)
    ended: list[int] = []
    finished: list[int] = []
    for row in rollover.plan:
        member = db.session.get_one(Membership, row["membership"])
        if member.to_on is None and row["step"] != Step.WAIT:
            member.to_on, member.ending = year.ends_on, Ending.YEAR_OVER
            ended.append(member.id)
        if row["to"]:
            seats.take(row["pupil"], row["to"], starts_on)
        elif row["step"] == Step.FINISH:
            pupil = db.session.get_one(Pupil, row["pupil"])
            pupil.state, pupil.left_on = PupilState.FINISHED, year.ends_on
            finished.append(pupil.id)
    db.session.flush()
    rollover.state, rollover.applied_at = RolloverState.APPLIED, now
    rollover.to_year_id = new.id
    rollover.made = {"ended": ended, "finished": finished}
    audit.record(
        "rollover-applied",
        f"school:{rollover.school_id}",
        actor_id,
        now,
        rollover=rollover.id,
        pupils=len(rollover.plan),
    )


class _Seats:
    """The classes of the new year, opened as they are asked for."""

    def __init__(self, year: SchoolYear) -> None:
        self._year = year
        self._sections: dict[str, Section] = {}

    def take(self, pupil_id: int, name: str, from_on: date) -> None:
        if name not in self._sections:
            grade = int("".join(c for c in name[:2] if c.isdigit()))
            self._sections[name] = schools.add_section(self._year, grade, name)
        section = self._sections[name]
        db.session.add(
            Membership(section_id=section.id, pupil_id=pupil_id, from_on=from_on)
        )


def _membership_ids(year: SchoolYear) -> set[int]:
    return {
        member.id
        for section in schools.sections_of(year.id)
        for member in members_of(section.id)
    }


def undo(rollover: Rollover, actor_id: int, now: datetime) -> None:
    """Take an applied turn back: the new year goes, everybody sits as before.

    Refused once somebody has begun to work in the new year's classes (marks,
    registers, assignments): the database keeps the classes that those name.
    """
    if rollover.state is not RolloverState.APPLIED or rollover.to_year_id is None:
        raise Refused(SectionsRefusal.ROLLOVER_STATE)
    for member in _found(Membership, rollover.made["ended"]):
        member.to_on = member.ending = None
    for pupil in _found(Pupil, rollover.made["finished"]):
        pupil.state, pupil.left_on = PupilState.STUDYING, None
    year_id, rollover.to_year_id = rollover.to_year_id, None
    db.session.flush()
    try:
        _remove_year(year_id)
    except IntegrityError:
        raise Refused(SectionsRefusal.ROLLOVER_IN_USE) from None
    rollover.state, rollover.undone_at = RolloverState.UNDONE, now
    audit.record(
        "rollover-undone",
        f"school:{rollover.school_id}",
        actor_id,
        now,
        rollover=rollover.id,
    )


def _found(kind: type[Any], ids: list[int]) -> list[Any]:
    return list(db.session.scalars(select(kind).where(kind.id.in_(ids))))


def _remove_year(year_id: int) -> None:
    own = select(Section.id).filter_by(school_year_id=year_id)
    db.session.execute(delete(Membership).where(Membership.section_id.in_(own)))
    for kind in (Section, CurriculumSubject, Term):
        db.session.execute(delete(kind).where(kind.school_year_id == year_id))
    db.session.execute(delete(SchoolYear).where(SchoolYear.id == year_id))
    db.session.expire_all()
