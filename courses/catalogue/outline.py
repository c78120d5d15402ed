"""A course's outline as plain values: read in one query, whatever its length."""

from dataclasses import dataclass

from sqlalchemy import select

from courses.catalogue.activities import ACTIVITY_TYPES
from courses.catalogue.activities.contract import ActivityType
from courses.catalogue.models import Activity, Module, activity_prerequisite
from lms.kernel.db import db


@dataclass(frozen=True, slots=True)
class OutlineActivity:
    id: int
    title: str
    kind: str
    minutes: int
    required: bool
    needs: frozenset[int]

    @property
    def type(self) -> type[ActivityType]:
        return ACTIVITY_TYPES[self.kind]

    @property
    def url(self) -> str:
        return f"/activities/{self.id}{self.type.address}"


@dataclass(frozen=True, slots=True)
class OutlineModule:
    id: int
    title: str
    summary: str
    activities: tuple[OutlineActivity, ...]


@dataclass(frozen=True, slots=True)
class Outline:
    modules: tuple[OutlineModule, ...]

    @property
    def activities(self) -> tuple[OutlineActivity, ...]:
        return tuple(a for module in self.modules for a in module.activities)

    @property
    def minutes(self) -> int:
        return sum(activity.minutes for activity in self.activities)

    def around(
        self, activity_id: int
    ) -> tuple[OutlineActivity | None, OutlineActivity | None]:
        """Return the activities before and after this one."""
        row = self.activities
        at = next(i for i, activity in enumerate(row) if activity.id == activity_id)
        before = row[at - 1] if at else None
        return before, row[at + 1] if at + 1 < len(row) else None

    def position(self, activity_id: int) -> int:
        """Count from 1."""
        row = [activity.id for activity in self.activities]
        return row.index(activity_id) + 1


def outline_of(course_id: int) -> Outline:
    links = activity_prerequisite.c
    rows = db.session.execute(
        select(
            Module.id,
            Module.title,
            Module.summary,
            links.required_id,
            Activity.id,
            Activity.title,
            Activity.kind,
            Activity.minutes,
            Activity.required,
        )
        .outerjoin(Activity, Activity.module_id == Module.id)
        .outerjoin(activity_prerequisite, links.activity_id == Activity.id)
        .where(Module.course_id == course_id)
        .order_by(Module.position, Module.id, Activity.position, Activity.id)
    )
    modules: dict[int, tuple[str, str, dict[int, OutlineActivity]]] = {}
    for module_id, title, summary, needed, *about in rows:
        inside = modules.setdefault(module_id, (title, summary, {}))[2]
        # The joins give a module without activities one row, and an activity one row
        # for each that it waits for.
        key, name, kind, minutes, required = about
        if key is not None:
            needs = inside[key].needs if key in inside else frozenset()
            needs |= {needed} if needed else set()
            inside[key] = OutlineActivity(key, name, kind, minutes, required, needs)
    return Outline(
        tuple(
            OutlineModule(key, title, summary, tuple(inside.values()))
            for key, (title, summary, inside) in modules.items()
        )
    )
