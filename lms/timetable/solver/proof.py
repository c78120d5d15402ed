"""Constraint programming: find any lawful week, or prove that there is none and why.

Each group of rules that somebody could relax hangs on a switch of its own.  Where no
week exists with all switches on, the solver names a set of switches that cannot be on
together; taking them out one by one leaves a smallest such set.
"""

import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from ortools.sat.python import cp_model

from lms.timetable.rules.problem import Course, Problem, Slot
from lms.timetable.rules.reasons import Group, Reason, Rule, Shortage

Owner = tuple[str, str]
TEACHER, CLASS, SUBJECT = "teacher", "class", "subject"
WORKERS = 2
"""One worker finds nothing in a minute where two need seconds."""


@dataclass
class Proof:
    """*assignment* where a week was found; *reason* where none can be."""

    assignment: dict[str, list[Slot]] | None = None
    reason: Reason | None = None


@dataclass
class _Model:
    problem: Problem
    switched: frozenset[Group] | None
    """The groups that hold; None for all, built in without switches."""

    cp: cp_model.CpModel = field(default_factory=cp_model.CpModel)
    stands: dict[tuple[str, Slot], cp_model.IntVar] = field(default_factory=dict)
    switches: dict[Group, cp_model.IntVar] = field(default_factory=dict)

    def add(self, group: Group, constraint: Any) -> None:
        if self.switched is None:
            self.cp.add(constraint)
        elif group in self.switched:
            if group not in self.switches:
                self.switches[group] = self.cp.new_bool_var(":".join(group))
            self.cp.add(constraint).only_enforce_if(self.switches[group])


def prove(
    problem: Problem, seconds: float, should_stop: Callable[[], bool] = lambda: False
) -> Proof:
    """Look for a lawful week for *seconds*; an empty Proof where time ran out."""
    ends = time.monotonic() + seconds
    model = _Model(problem, None)
    _build(model)
    solver = _solver(ends - time.monotonic())
    status = solver.solve(model.cp)
    if status in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return Proof(assignment=_assignment(model, solver))
    if status == cp_model.INFEASIBLE and not should_stop():
        return Proof(reason=_smallest_conflict(problem, ends, should_stop))
    return Proof()


def _smallest_conflict(
    problem: Problem, ends: float, should_stop: Callable[[], bool]
) -> Reason:
    groups = _conflict(problem, groups_of(problem), ends) or groups_of(problem)
    for group in sorted(groups):
        if should_stop() or time.monotonic() > ends:
            break
        if smaller := _conflict(problem, groups - {group}, ends):
            groups = smaller
    return Reason(Shortage.CONFLICT, 0, 0, groups=tuple(sorted(groups)))


def _conflict(
    problem: Problem, groups: frozenset[Group], ends: float
) -> frozenset[Group] | None:
    """Return those of *groups* that cannot hold together; None if not proved."""
    model = _Model(problem, groups)
    _build(model)
    model.cp.add_assumptions(list(model.switches.values()))
    solver = _solver(max(0.1, ends - time.monotonic()))
    if solver.solve(model.cp) != cp_model.INFEASIBLE:
        return None
    core = set(solver.sufficient_assumptions_for_infeasibility())
    return frozenset(g for g, switch in model.switches.items() if switch.index in core)


def groups_of(problem: Problem) -> frozenset[Group]:
    """List the groups of rules that somebody could relax."""
    return frozenset(
        {
            *(
                (Rule.TEACHER_UNAVAILABLE, teacher.id)
                for teacher in problem.teachers.values()
                if teacher.unavailable
            ),
            *((Rule.MAX_CONSECUTIVE, teacher) for teacher in problem.teachers),
            *((Rule.TEACHER_CLASH, teacher) for teacher in problem.teachers),
            *((Rule.ROOM_POOL, subject) for subject in problem.room_pools),
            *(
                (Rule.FORBIDDEN_PERIOD, subject)
                for subject in problem.forbidden_periods
            ),
            *((Rule.FIXED, c.subject) for c in problem.courses.values() if c.fixed),
            *((Rule.DOUBLES, course.subject) for course in problem.courses.values()),
            *([(Rule.CLASS_GAP, "")] if problem.class_no_gap else []),
        }
    )


def _solver(seconds: float) -> cp_model.CpSolver:
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = max(0.1, seconds)
    solver.parameters.num_workers = WORKERS
    solver.parameters.random_seed = 1
    return solver


def _build(model: _Model) -> None:
    problem = model.problem
    for course in problem.courses.values():
        for slot in problem.slots:
            name = f"{course.id}@{slot}"
            model.stands[course.id, slot] = model.cp.new_bool_var(name)
        model.cp.add(_sum(model, course, problem.slots) == course.lessons)
        _place(model, course)
        _lie_over_days(model, course)
    _share(model)


def _sum(model: _Model, course: Course, slots: Iterable[Slot]) -> cp_model.LinearExprT:
    return sum(model.stands[course.id, slot] for slot in slots)


def _place(model: _Model, course: Course) -> None:
    """Hold a course to its fixed slots, its teacher's hours, its subject's periods."""
    problem = model.problem
    for slot in course.fixed:
        model.add((Rule.FIXED, course.subject), model.stands[course.id, slot] == 1)
    teacher = problem.teachers[course.teacher]
    never = problem.forbidden_periods.get(course.subject, frozenset())
    for slot in problem.slots:
        stands = model.stands[course.id, slot]
        if slot in teacher.unavailable:
            model.add((Rule.TEACHER_UNAVAILABLE, teacher.id), stands == 0)
        if slot[1] in never:
            model.add((Rule.FORBIDDEN_PERIOD, course.subject), stands == 0)


def _lie_over_days(model: _Model, course: Course) -> None:
    """One lesson a day, but two together on as many days as there are doubles."""
    problem, group = model.problem, (Rule.DOUBLES, course.subject)
    doubles = []
    for day in range(len(problem.days)):
        lessons = _sum(model, course, [(day, p) for p in range(problem.periods)])
        if not course.doubles:
            model.add(group, lessons <= 1)
            continue
        today = []
        for period in set(range(problem.periods - 1)) - problem.break_after:
            double = model.cp.new_bool_var("")
            for slot in ((day, period), (day, period + 1)):
                model.cp.add_implication(double, model.stands[course.id, slot])
            today.append(double)
        model.cp.add_at_most_one(today)
        model.add(group, lessons <= 1 + sum(today))
        doubles += today
    if course.doubles:
        model.add(group, sum(doubles) == course.doubles)


def _share(model: _Model) -> None:
    """Teachers, rooms and classes are each in one place; days have no gaps."""
    problem = model.problem
    by: dict[Owner, list[Course]] = defaultdict(list)
    for course in problem.courses.values():
        by[TEACHER, course.teacher].append(course)
        by[CLASS, course.class_id].append(course)
        by[SUBJECT, course.subject].append(course)

    def busy(owner: Owner, slot: Slot) -> cp_model.LinearExprT:
        return sum(model.stands[course.id, slot] for course in by[owner])

    for slot in problem.slots:
        for name in problem.classes:
            model.cp.add(busy((CLASS, name), slot) <= 1)
        for teacher in problem.teachers:
            owner = (TEACHER, teacher)
            model.add((Rule.TEACHER_CLASH, teacher), busy(owner, slot) <= 1)
        for subject, rooms in problem.room_pools.items():
            model.add(
                (Rule.ROOM_POOL, subject), busy((SUBJECT, subject), slot) <= rooms
            )
    for day in range(len(problem.days)):
        _keep_days_whole(model, day, busy)


def _keep_days_whole(
    model: _Model, day: int, busy: Callable[[Owner, Slot], cp_model.LinearExprT]
) -> None:
    """Classes have no gaps, teachers no more in a row than they may."""
    problem = model.problem
    for period in range(1, problem.periods if problem.class_no_gap else 0):
        for name in problem.classes:
            earlier = busy((CLASS, name), (day, period - 1))
            model.add(
                (Rule.CLASS_GAP, ""), busy((CLASS, name), (day, period)) <= earlier
            )
    for teacher in problem.teachers.values():
        most = teacher.max_consecutive or problem.periods
        for period in range(problem.periods - most):
            row = [
                busy((TEACHER, teacher.id), (day, period + n)) for n in range(most + 1)
            ]
            model.add((Rule.MAX_CONSECUTIVE, teacher.id), sum(row) <= most)


def _assignment(model: _Model, solver: cp_model.CpSolver) -> dict[str, list[Slot]]:
    return {
        course: [
            slot
            for slot in model.problem.slots
            if solver.boolean_value(model.stands[course, slot])
        ]
        for course in model.problem.courses
    }
