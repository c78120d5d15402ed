"""The problem as arrays of numbers, for compiled code.

A class's week is a row of slots; a slot holds a lesson or nothing.  What may not move
is marked; all else moves by exchanging two slots of one class, so that no class is ever
in two places and no lesson is ever lost.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from lms.timetable.rules.judging import is_spread
from lms.timetable.rules.problem import Assignment, Course, Problem

Numbers = npt.NDArray[np.int64]
NOTHING = -1


TEACHER, POOL, DOUBLES, LESSONS, SPREAD = range(5)
"""Columns of ``Tables.courses``."""

MAX_RUN, FREE_DAY = range(2)
"""Columns of ``Tables.teachers``."""

GAP, SINGLE, WORKED_FREE_DAY, DAY, SPREAD_WISH = range(5)
"""Places in ``Tables.weights``."""


class Tables(NamedTuple):
    """Everything that stays the same while a timetable is sought."""

    periods: int
    no_gap: int
    courses: Numbers
    teachers: Numbers
    unfit: Numbers
    """By course and slot: how many rules forbid it there (its teacher, its subject)."""

    capacity: Numbers
    """By kind of special room; one more of none, since an array cannot be empty."""

    breaks: Numbers
    """By period: 1 where a double lesson may not begin."""

    weights: Numbers
    movable: Numbers
    """By class and slot: 0 where a fixed lesson stands."""


@dataclass
class Week:
    """What changes: who stands where."""

    grid: Numbers
    """By class and slot: the course, or ``NOTHING``."""

    rng: Numbers

    def copy(self) -> "Week":
        return replace(self, grid=self.grid.copy(), rng=self.rng.copy())


def tables_of(problem: Problem) -> Tables:
    courses = list(problem.courses.values())
    teachers = {name: number for number, name in enumerate(problem.teachers)}
    pools = {subject: number for number, subject in enumerate(problem.room_pools)}
    slots, weights = problem.slots, problem.weights

    def numbers(values: Sequence[int] | Sequence[list[int]]) -> Numbers:
        return np.array(values, dtype=np.int64)

    movable = np.ones((len(problem.classes), len(slots)), dtype=np.int64)
    for name, held in problem.taken_by_fixed().items():
        for day, period in held:
            movable[problem.classes.index(name), day * problem.periods + period] = 0
    return Tables(
        periods=problem.periods,
        no_gap=int(problem.class_no_gap),
        courses=numbers(
            [
                [
                    teachers[course.teacher],
                    pools.get(course.subject, NOTHING),
                    course.doubles,
                    course.lessons,
                    is_spread(problem, course),
                ]
                for course in courses
            ]
        ),
        teachers=numbers(
            [
                [
                    teacher.max_consecutive or problem.periods,
                    NOTHING
                    if teacher.prefer_free_day is None
                    else teacher.prefer_free_day,
                ]
                for teacher in problem.teachers.values()
            ]
        ),
        unfit=numbers([_unfit(problem, course) for course in courses]),
        capacity=numbers([*problem.room_pools.values(), 0]),
        breaks=numbers([p in problem.break_after for p in range(problem.periods)]),
        weights=numbers(
            [
                weights.teacher_gap,
                weights.teacher_single_lesson_day,
                weights.teacher_free_day_pref,
                weights.teacher_extra_day,
                weights.spread,
            ]
        ),
        movable=movable,
    )


def _unfit(problem: Problem, course: Course) -> list[int]:
    unavailable = problem.teachers[course.teacher].unavailable
    never = problem.forbidden_periods.get(course.subject, frozenset())
    return [(slot in unavailable) + (slot[1] in never) for slot in problem.slots]


def random_week(problem: Problem, seed: int) -> Week:
    """Put every lesson somewhere in its class's week; free slots end the days."""
    chance = np.random.default_rng(seed)
    numbers = {name: number for number, name in enumerate(problem.courses)}
    slots = problem.slots
    grid = np.full((len(problem.classes), len(slots)), NOTHING, dtype=np.int64)
    for row, class_id in enumerate(problem.classes):
        own = [c for c in problem.courses.values() if c.class_id == class_id]
        for course in own:
            for day, period in course.fixed:
                grid[row, day * problem.periods + period] = numbers[course.id]
        moving = _lessons(own, numbers)
        chance.shuffle(moving)
        free = [at for at in range(len(slots)) if grid[row, at] == NOTHING]
        days = chance.permutation(len(problem.days))
        # The last periods come last, so that they are the ones that stay empty.
        free.sort(
            key=lambda at: (
                at % problem.periods == problem.periods - 1,
                days[at // problem.periods],
            )
        )
        for at, course_number in zip(free, moving, strict=False):
            grid[row, at] = course_number
    state = chance.integers(1, 2**62, size=1, dtype=np.int64)
    return Week(grid, state)


def week_of(problem: Problem, assignment: Assignment, seed: int) -> Week:
    """Take up a timetable that is there; it must hold every lesson once."""
    numbers = {name: number for number, name in enumerate(problem.courses)}
    rows = {name: row for row, name in enumerate(problem.classes)}
    grid = np.full((len(rows), len(problem.slots)), NOTHING, dtype=np.int64)
    for course in problem.courses.values():
        for day, period in assignment[course.id]:
            at = day * problem.periods + period
            grid[rows[course.class_id], at] = numbers[course.id]
    chance = np.random.default_rng(seed)
    return Week(grid, chance.integers(1, 2**62, size=1, dtype=np.int64))


def assignment_of(problem: Problem, grid: Numbers) -> dict[str, list[tuple[int, int]]]:
    names = list(problem.courses)
    found: dict[str, list[tuple[int, int]]] = {name: [] for name in names}
    for row in grid:
        for at, course in enumerate(row):
            if course != NOTHING:
                found[names[int(course)]].append(divmod(at, problem.periods))
    return found


def _lessons(courses: Sequence[Course], numbers: dict[str, int]) -> list[int]:
    return [
        numbers[course.id]
        for course in courses
        if not course.fixed
        for _lesson in range(course.lessons)
    ]
