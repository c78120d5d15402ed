"""Our own file of a timetable problem: JSON, one object, courses by class and teacher.

``{"name", "days": [name], "periods": n, "break_after": [period], "classes": [id],
"teachers": [{"id", "unavailable": [[day, period]], "max_consecutive",
"prefer_free_day"}], "courses": [{"id", "class", "subject", "teacher", "lessons",
"doubles", "fixed": [[day, period]]}], "subjects": {id: {"name"}}, "room_pools":
{subject: n}, "subject_forbidden_periods": {subject: [period]}, "rules":
{"class_no_gap"}, "weights": {wish: n}}``; a solution is ``{"assign": {course id: [[day,
period]]}}``.  Days and periods count from 0.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from lms.timetable.formats.faults import Unreadable
from lms.timetable.rules.problem import (
    Assignment,
    Course,
    Problem,
    Slot,
    Teacher,
    Weights,
)

WISHES = frozenset(Weights.__dataclass_fields__)


def is_native(data: bytes) -> bool:
    return data.lstrip()[:1] == b"{"


def read(data: bytes) -> Problem:
    """Return the problem, or raise Unreadable with the place that is wrong."""
    try:
        document = json.loads(data)
    except ValueError as fault:
        raise Unreadable("file", str(fault)) from None
    try:
        return _problem(document)
    except Unreadable:
        raise
    except (KeyError, TypeError, ValueError, AttributeError) as fault:
        raise Unreadable("file", f"{type(fault).__name__}: {fault}") from None


def write(assignment: Assignment) -> bytes:
    solution = {name: sorted(map(list, slots)) for name, slots in assignment.items()}
    return json.dumps({"assign": solution}, ensure_ascii=False).encode()


def _problem(document: Mapping[str, Any]) -> Problem:
    days, periods = [str(day) for day in document["days"]], int(document["periods"])
    grid = {(day, p) for day in range(len(days)) for p in range(periods)}

    def slots(pairs: Sequence[Sequence[int]], where: str) -> tuple[Slot, ...]:
        found = tuple((int(day), int(period)) for day, period in pairs)
        if not grid.issuperset(found):
            raise Unreadable(where, "a slot outside the week")
        return found

    teachers = {}
    for entry in document["teachers"]:
        name = str(entry["id"])
        teachers[name] = Teacher(
            name,
            unavailable=frozenset(slots(entry.get("unavailable", ()), name)),
            max_consecutive=entry.get("max_consecutive"),
            prefer_free_day=entry.get("prefer_free_day"),
        )
    classes = [str(name) for name in document["classes"]]
    courses: dict[str, Course] = {}
    for entry in document["courses"]:
        course = Course(
            id=str(entry["id"]),
            class_id=str(entry["class"]),
            subject=str(entry["subject"]),
            teacher=str(entry["teacher"]),
            lessons=int(entry["lessons"]),
            doubles=int(entry.get("doubles", 0)),
            fixed=slots(entry.get("fixed", ()), str(entry["id"])),
        )
        _check(course, classes, teachers, courses)
        courses[course.id] = course
    never = document.get("subject_forbidden_periods", {})
    weights = {w: int(n) for w, n in document.get("weights", {}).items() if w in WISHES}
    return Problem(
        name=str(document.get("name", "")),
        days=days,
        periods=periods,
        classes=classes,
        teachers=teachers,
        courses=courses,
        break_after=frozenset(map(int, document.get("break_after", ()))),
        room_pools={k: int(n) for k, n in document.get("room_pools", {}).items()},
        forbidden_periods={k: frozenset(map(int, v)) for k, v in never.items()},
        weights=Weights(**weights),
        class_no_gap=bool(document.get("rules", {}).get("class_no_gap", True)),
        subject_names={
            key: str(value.get("name", key))
            for key, value in document.get("subjects", {}).items()
        },
    )


def _check(
    course: Course,
    classes: Sequence[str],
    teachers: Mapping[str, Teacher],
    known: Mapping[str, Course],
) -> None:
    if course.id in known:
        raise Unreadable(course.id, "the id stands twice")
    if course.class_id not in classes:
        raise Unreadable(course.id, f"no class {course.class_id}")
    if course.teacher not in teachers:
        raise Unreadable(course.id, f"no teacher {course.teacher}")
    if course.lessons < 1 or course.doubles < 0 or 2 * course.doubles > course.lessons:
        raise Unreadable(course.id, "lessons and doubles do not agree")
    if course.fixed and len(set(course.fixed)) != course.lessons:
        raise Unreadable(course.id, "as many fixed slots as lessons are needed")
