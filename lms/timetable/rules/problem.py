"""What is to be timetabled: classes, teachers, courses, and what binds them.

A *course* is one subject taught by one teacher to one class, some lessons a week.  Days
and periods count from 0; a *slot* is a pair (day, period).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

Slot = tuple[int, int]


@dataclass(frozen=True)
class Teacher:
    id: str
    unavailable: frozenset[Slot] = frozenset()
    max_consecutive: int | None = None
    """The most lessons in a row on one day; none where there is no limit."""

    prefer_free_day: int | None = None


@dataclass(frozen=True)
class Course:
    id: str
    class_id: str
    subject: str
    teacher: str
    lessons: int
    doubles: int = 0
    """On so many days two lessons stand together; on all others stands one."""

    fixed: tuple[Slot, ...] = ()
    """Where all its lessons stand, for a course that may not move."""


@dataclass(frozen=True)
class Weights:
    """What each unfulfilled wish costs."""

    teacher_gap: int = 3
    teacher_single_lesson_day: int = 2
    teacher_free_day_pref: int = 2
    teacher_extra_day: int = 0
    spread: int = 1


@dataclass(frozen=True)
class Problem:
    name: str
    days: Sequence[str]
    periods: int
    classes: Sequence[str]
    teachers: Mapping[str, Teacher]
    courses: Mapping[str, Course]
    break_after: frozenset[int] = frozenset()
    """No double lesson goes across the break after such a period."""

    room_pools: Mapping[str, int] = field(default_factory=dict)
    """Subjects taught in special rooms, and how many such rooms there are."""

    forbidden_periods: Mapping[str, frozenset[int]] = field(default_factory=dict)
    """By subject: periods in which it is not taught."""

    unspread: frozenset[str] = frozenset({"CC", "SHL"})
    """Subjects that no wish spreads over the week (chào cờ, sinh hoạt lớp)."""

    weights: Weights = Weights()
    class_no_gap: bool = True
    """A class's day begins with the first period and has no gap."""

    subject_names: Mapping[str, str] = field(default_factory=dict)

    @property
    def slots(self) -> list[Slot]:
        return [(day, p) for day in range(len(self.days)) for p in range(self.periods)]

    def slot_name(self, slot: Slot) -> str:
        day, period = slot
        return f"{self.days[day]} tiết {period + 1}"

    def subject_name(self, subject: str) -> str:
        return self.subject_names.get(subject, subject)

    def taken_by_fixed(self) -> dict[str, frozenset[Slot]]:
        """Return, by class, the slots that its fixed courses hold."""
        taken: dict[str, set[Slot]] = {name: set() for name in self.classes}
        for course in self.courses.values():
            taken[course.class_id] |= set(course.fixed)
        return {name: frozenset(slots) for name, slots in taken.items()}

    def open_to(self, course: Course) -> frozenset[Slot]:
        """Return the slots where a lesson of *course* could stand, alone in the school.

        Counted are its fixed slots, its teacher's unavailability, its subject's
        periods, and what other fixed courses hold of its class and of its teacher.
        """
        if course.fixed:
            return frozenset(course.fixed)
        held = self.taken_by_fixed()[course.class_id] | {
            slot
            for other in self.courses.values()
            if other.teacher == course.teacher
            for slot in other.fixed
        }
        never = self.forbidden_periods.get(course.subject, frozenset())
        teacher = self.teachers[course.teacher]
        return frozenset(
            slot
            for slot in self.slots
            if slot[1] not in never
            and slot not in teacher.unavailable
            and slot not in held
        )


Assignment = Mapping[str, Sequence[Slot]]
"""By course id: where its lessons stand."""
