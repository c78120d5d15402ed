"""Why a timetable cannot be made, found by counting; and said in numbers.

A set of lessons that together has fewer slots than lessons can never be placed,
whatever else is changed (Hall's condition).  Such a set is sought for each teacher,
each class, and each kind of special room.  What counting cannot see is left to the
solver's proof.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from lms.timetable.rules.problem import Course, Problem, Slot


class Shortage(StrEnum):
    TEACHER = "teacher_slots"
    CLASS = "class_slots"
    ROOM = "room_slots"
    DAYS = "course_days"
    """More days of lessons than days on which it may be taught."""

    FIXED = "fixed_clash"
    CONFLICT = "conflict"
    """A set of rule groups that cannot hold together; proved, not counted."""


class Rule(StrEnum):
    """What somebody could relax, for one teacher, one subject, or the school."""

    TEACHER_UNAVAILABLE = "teacher_unavailable"
    MAX_CONSECUTIVE = "max_consecutive"
    TEACHER_CLASH = "teacher_clash"
    ROOM_POOL = "room_pool"
    FORBIDDEN_PERIOD = "forbidden_period"
    FIXED = "fixed"
    DOUBLES = "doubles"
    CLASS_GAP = "class_gap"


Group = tuple[Rule, str]
"""A rule, and whom it binds: (TEACHER_UNAVAILABLE, "GDTC03")."""


@dataclass(frozen=True)
class Reason:
    """*need* lessons (or days) have only *have* slots (or days)."""

    kind: Shortage
    need: int
    have: int
    teacher: str | None = None
    class_id: str | None = None
    subject: str | None = None
    groups: tuple[Group, ...] = ()
    """For a conflict: a smallest set."""


def shortages(problem: Problem) -> list[Reason]:
    """Return what counting alone shows to be impossible; empty if nothing."""
    return [
        *_fixed_clashes(problem),
        *_short_of_days(problem),
        *_short(problem, Shortage.TEACHER),
        *_short(problem, Shortage.CLASS),
        *_short(problem, Shortage.ROOM),
    ]


def _fixed_clashes(problem: Problem) -> Iterator[Reason]:
    held: Counter[tuple[str, str, Slot]] = Counter()
    for course in problem.courses.values():
        for slot in course.fixed:
            held["teacher", course.teacher, slot] += 1
            held["class", course.class_id, slot] += 1
    for (owner, name, _slot), count in held.items():
        if count > 1:
            yield Reason(
                Shortage.FIXED,
                count,
                1,
                teacher=name if owner == "teacher" else None,
                class_id=name if owner == "class" else None,
            )


def _short_of_days(problem: Problem) -> Iterator[Reason]:
    for course in problem.courses.values():
        need = course.lessons - course.doubles
        have = len({day for day, _period in problem.open_to(course)})
        if not course.fixed and need > have:
            yield Reason(
                Shortage.DAYS,
                need,
                have,
                teacher=course.teacher,
                class_id=course.class_id,
                subject=course.subject,
            )


def _short(problem: Problem, kind: Shortage) -> Iterator[Reason]:
    open_to = {
        course.id: problem.open_to(course) for course in problem.courses.values()
    }
    for name, courses in _owners(problem, kind).items():
        capacity = problem.room_pools[name] if kind is Shortage.ROOM else 1
        crowd = crowded({c.id: (c.lessons, open_to[c.id]) for c in courses}, capacity)
        if crowd is None:
            continue
        lessons, slots = crowd
        subjects = {problem.courses[course].subject for course in lessons}
        yield Reason(
            kind,
            need=sum(problem.courses[course].lessons for course in lessons),
            have=capacity * len(slots),
            teacher=name if kind is Shortage.TEACHER else None,
            class_id=name if kind is Shortage.CLASS else None,
            subject=subjects.pop() if len(subjects) == 1 else None,
        )


def _owners(problem: Problem, kind: Shortage) -> dict[str, list[Course]]:
    owners: dict[str, list[Course]] = {}
    for course in problem.courses.values():
        if kind is Shortage.ROOM and course.subject not in problem.room_pools:
            continue
        owner = {
            Shortage.TEACHER: course.teacher,
            Shortage.CLASS: course.class_id,
            Shortage.ROOM: course.subject,
        }[kind]
        owners.setdefault(owner, []).append(course)
    return owners


def crowded(
    demands: Mapping[str, tuple[int, Iterable[Slot]]], capacity: int
) -> tuple[frozenset[str], frozenset[Slot]] | None:
    """Return courses whose lessons have too few slots between them, and those slots.

    *demands* gives for each course its number of lessons and where they may stand; a
    slot takes *capacity* lessons.  None where every lesson finds a slot.
    """
    matching: dict[Slot, list[str]] = {}
    slots_of = {course: sorted(slots) for course, (_n, slots) in demands.items()}
    for course, (lessons, _slots) in demands.items():
        for _lesson in range(lessons):
            seen: set[Slot] = set()
            if not _seat(course, slots_of, matching, capacity, seen):
                crowd = [
                    who for who, slots in slots_of.items() if seen.issuperset(slots)
                ]
                return frozenset(crowd), frozenset(seen)
    return None


def _seat(
    course: str,
    slots_of: Mapping[str, list[Slot]],
    matching: dict[Slot, list[str]],
    capacity: int,
    seen: set[Slot],
) -> bool:
    """Find a slot for one more lesson, asking others to move on (augmenting path)."""
    for slot in slots_of[course]:
        if slot in seen:
            continue
        seen.add(slot)
        held = matching.setdefault(slot, [])
        if len(held) < capacity:
            held.append(course)
            return True
        for place, other in enumerate(held):
            if _seat(other, slots_of, matching, capacity, seen):
                held[place] = course
                return True
    return False
