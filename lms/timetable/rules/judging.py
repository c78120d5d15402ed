"""Judge a timetable: which rules it breaks, and what its unfulfilled wishes cost.

Written apart from the solver and slower: what the solver believes of its own work is
never reported, this is.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from itertools import pairwise

from lms.timetable.rules.problem import Assignment, Course, Problem, Slot

DOUBLE = 2
"""Lessons that stand together."""


@dataclass
class Verdict:
    """*broken* counts violations by rule, *wishes* unfulfilled wishes by name."""

    broken: Counter[str] = field(default_factory=Counter)
    wishes: Counter[str] = field(default_factory=Counter)
    cost_by_wish: dict[str, int] = field(default_factory=dict)

    @property
    def hard_violations(self) -> int:
        return self.broken.total()

    @property
    def cost(self) -> int:
        return sum(self.cost_by_wish.values())


def judge(problem: Problem, assignment: Assignment) -> Verdict:
    verdict = Verdict()
    _judge_courses(problem, assignment, verdict)
    _judge_rooms(problem, assignment, verdict)
    _judge_classes(problem, assignment, verdict)
    _judge_teachers(problem, assignment, verdict)
    verdict.cost_by_wish = {
        wish: getattr(problem.weights, wish) * count
        for wish, count in sorted(verdict.wishes.items())
        if count
    }
    return verdict


def placed(problem: Problem, assignment: Assignment) -> int:
    """Count the lessons that stand somewhere."""
    return sum(
        min(len(set(assignment.get(course.id, ()))), course.lessons)
        for course in problem.courses.values()
    )


def _judge_courses(problem: Problem, assignment: Assignment, verdict: Verdict) -> None:
    for course in problem.courses.values():
        slots = sorted((day, p) for day, p in assignment.get(course.id, ()))
        if len(slots) != course.lessons or len(set(slots)) != len(slots):
            verdict.broken["lesson_count"] += abs(len(set(slots)) - course.lessons) or 1
        if course.fixed and slots != sorted(course.fixed):
            verdict.broken["fixed"] += 1
        teacher = problem.teachers[course.teacher]
        never = problem.forbidden_periods.get(course.subject, frozenset())
        verdict.broken["forbidden_period"] += sum(p in never for _day, p in slots)
        verdict.broken["teacher_unavailable"] += sum(
            (day, p) in teacher.unavailable for day, p in slots
        )
        _judge_days(problem, course, slots, verdict)


def _judge_days(
    problem: Problem, course: Course, slots: list[Slot], verdict: Verdict
) -> None:
    by_day: dict[int, list[int]] = defaultdict(list)
    for day, period in slots:
        by_day[day].append(period)
    pairs = [periods for periods in by_day.values() if len(periods) == DOUBLE]
    for first, second in pairs:
        if not course.doubles:
            verdict.broken["max_per_day"] += 1
        elif second - first != 1:
            verdict.broken["double_not_adjacent"] += 1
        elif first in problem.break_after:
            verdict.broken["double_across_break"] += 1
    verdict.broken["max_per_day"] += sum(
        max(0, len(periods) - DOUBLE) for periods in by_day.values()
    )
    if course.doubles:
        verdict.broken["double_count"] += abs(course.doubles - len(pairs))
    if is_spread(problem, course):
        days = sorted(by_day)
        verdict.wishes["spread"] += sum(
            later - day == 1 for day, later in pairwise(days)
        )


def is_spread(problem: Problem, course: Course) -> bool:
    """Tell whether its two or three lessons are wished not to follow day on day."""
    return course.subject not in problem.unspread and course.lessons in (2, 3)


def _judge_rooms(problem: Problem, assignment: Assignment, verdict: Verdict) -> None:
    used = Counter(
        (course.subject, *slot)
        for course in problem.courses.values()
        if course.subject in problem.room_pools
        for slot in assignment.get(course.id, ())
    )
    for (subject, _day, _period), count in used.items():
        verdict.broken["room_pool"] += max(0, count - problem.room_pools[subject])


def _judge_classes(problem: Problem, assignment: Assignment, verdict: Verdict) -> None:
    busy = _busy(problem, assignment, "class_id")
    for name in problem.classes:
        verdict.broken["class_clash"] += sum(n - 1 for n in busy[name].values())
        for day in range(len(problem.days)):
            periods = [p for p in range(problem.periods) if busy[name][day, p]]
            if problem.class_no_gap and periods != list(range(len(periods))):
                verdict.broken["class_gap"] += 1


def _judge_teachers(problem: Problem, assignment: Assignment, verdict: Verdict) -> None:
    busy = _busy(problem, assignment, "teacher")
    for teacher in problem.teachers.values():
        lessons = busy[teacher.id]
        verdict.broken["teacher_clash"] += sum(n - 1 for n in lessons.values())
        for day in range(len(problem.days)):
            periods = [p for p in range(problem.periods) if lessons[day, p]]
            if not periods:
                continue
            verdict.wishes["teacher_extra_day"] += 1
            verdict.wishes["teacher_gap"] += periods[-1] - periods[0] + 1 - len(periods)
            verdict.wishes["teacher_single_lesson_day"] += len(periods) == 1
            verdict.wishes["teacher_free_day_pref"] += day == teacher.prefer_free_day
            if longest_run(periods) > (teacher.max_consecutive or problem.periods):
                verdict.broken["max_consecutive"] += 1


def longest_run(periods: list[int]) -> int:
    """Return how many of the sorted *periods* follow each other at the most."""
    best = run = 0
    for at, period in enumerate(periods):
        run = run + 1 if at and period == periods[at - 1] + 1 else 1
        best = max(best, run)
    return best


def _busy(
    problem: Problem, assignment: Assignment, whose: str
) -> dict[str, Counter[Slot]]:
    """Return, by class or by teacher, how many lessons stand in each slot."""
    busy: dict[str, Counter[Slot]] = defaultdict(Counter)
    for course in problem.courses.values():
        lessons = busy[getattr(course, whose)]
        for day, period in assignment.get(course.id, ()):
            lessons[day, period] += 1
    return busy
