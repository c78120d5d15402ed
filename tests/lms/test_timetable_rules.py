"""What a timetable must not do, what it should not, and what can never be."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.timetable.rules.judging import judge, longest_run, placed
from lms.timetable.rules.problem import Course, Problem, Teacher
from lms.timetable.rules.reasons import Shortage, crowded, shortages
from tests.factories import timetables

AN, BINH = Teacher("AN", max_consecutive=2), Teacher("BINH", prefer_free_day=1)


def small(*courses: Course, **changes) -> Problem:
    settings = {
        "name": "",
        "days": ("T2", "T3", "T4"),
        "periods": 4,
        "classes": sorted({course.class_id for course in courses}),
        "teachers": {"AN": AN, "BINH": BINH},
        "courses": {course.id: course for course in courses},
        "break_after": frozenset({1}),
        "class_no_gap": False,
    }
    return Problem(**settings | changes)


def maths(lessons=2, doubles=0, **changes) -> Course:
    given = {"id": "m", "class_id": "6A", "subject": "TOAN", "teacher": "AN"}
    return Course(**given | {"lessons": lessons, "doubles": doubles} | changes)


def broken(problem, assignment):
    return {rule for rule, count in judge(problem, assignment).broken.items() if count}


ABSENT = {"AN": Teacher("AN", frozenset({(0, 1)})), "BINH": BINH}


@pytest.mark.parametrize(
    ("problem", "assignment", "rules"),
    [
        (small(maths()), {"m": [(0, 0), (2, 0)]}, set()),
        (small(maths()), {"m": [(0, 0)]}, {"lesson_count"}),
        (small(maths(1)), {"m": [(0, 0), (1, 0)]}, {"lesson_count"}),
        (small(maths()), {"m": [(0, 0), (0, 1)]}, {"max_per_day"}),
        (small(maths(2, 1)), {"m": [(0, 0), (0, 1)]}, set()),
        (small(maths(2, 1)), {"m": [(0, 0), (0, 2)]}, {"double_not_adjacent"}),
        (small(maths(2, 1)), {"m": [(0, 1), (0, 2)]}, {"double_across_break"}),
        (small(maths(2, 1)), {"m": [(0, 0), (1, 1)]}, {"double_count"}),
        (
            small(maths(3, 1)),
            {"m": [(0, 0), (0, 1), (0, 2)]},
            {"max_per_day", "double_count", "max_consecutive"},
        ),
        (small(maths(1, fixed=((0, 0),))), {"m": [(0, 1)]}, {"fixed"}),
        (small(maths(1), teachers=ABSENT), {"m": [(0, 1)]}, {"teacher_unavailable"}),
        (
            small(maths(1), forbidden_periods={"TOAN": frozenset({3})}),
            {"m": [(0, 3)]},
            {"forbidden_period"},
        ),
        (
            small(maths(1), maths(1, id="n", class_id="6B")),
            {"m": [(0, 0)], "n": [(0, 0)]},
            {"teacher_clash"},
        ),
        (
            small(maths(1), maths(1, id="n", teacher="BINH")),
            {"m": [(0, 0)], "n": [(0, 0)]},
            {"class_clash"},
        ),
        (
            small(
                maths(1),
                maths(1, id="n", class_id="6B", teacher="BINH"),
                room_pools={"TOAN": 1},
            ),
            {"m": [(0, 0)], "n": [(0, 0)]},
            {"room_pool"},
        ),
        (small(maths(1), class_no_gap=True), {"m": [(0, 1)]}, {"class_gap"}),
    ],
)
def test_every_broken_rule_is_named(problem, assignment, rules):
    assert broken(problem, assignment) == rules


def test_unfulfilled_wishes_are_counted_and_weighed():
    problem = small(
        maths(2, teacher="BINH"), maths(2, id="n", class_id="6B", teacher="BINH")
    )

    verdict = judge(problem, {"m": [(0, 0), (1, 0)], "n": [(0, 3), (2, 0)]})

    assert verdict.wishes == {
        "spread": 1,
        "teacher_gap": 2,
        "teacher_single_lesson_day": 2,
        "teacher_free_day_pref": 1,
        "teacher_extra_day": 3,
    }
    assert verdict.cost == 1 + 3 * 2 + 2 * 2 + 2 * 1


@pytest.mark.parametrize(
    ("periods", "longest"), [([], 0), ([2], 1), ([0, 1, 3], 2), ([0, 2, 3, 4], 3)]
)
def test_a_row_of_lessons_ends_at_a_gap(periods, longest):
    assert longest_run(periods) == longest


def test_lessons_that_stand_nowhere_are_not_called_placed():
    assert placed(small(maths(3)), {"m": [(0, 0), (0, 0)]}) == 1


def test_a_school_that_can_be_timetabled_has_no_shortage():
    assert shortages(timetables.school()) == []


def test_a_teacher_with_more_lessons_than_slots_is_named_with_both_numbers():
    everything_but_monday = {(day, p) for day in range(1, 6) for p in range(4)}
    problem = timetables.with_absence(
        timetables.school(), "KHTN01", everything_but_monday
    )

    [reason] = [r for r in shortages(problem) if r.kind is Shortage.TEACHER]

    # On Monday the first period is the flag's, for both of her classes.
    assert (reason.teacher, reason.subject) == ("KHTN01", "KHTN")
    assert (reason.need, reason.have) == (8, 3)


def test_special_rooms_can_run_out():
    courses = [
        maths(3, id=f"m{n}", class_id=f"6{n}", teacher=f"T{n}") for n in range(5)
    ]
    teachers = {f"T{n}": Teacher(f"T{n}") for n in range(5)}
    problem = small(*courses, teachers=teachers, room_pools={"TOAN": 1})

    [reason] = shortages(problem)

    assert (reason.kind, reason.need, reason.have) == (Shortage.ROOM, 15, 12)


def test_two_fixed_lessons_in_one_slot_are_a_shortage():
    at_nine = {"lessons": 1, "fixed": ((0, 0),)}
    problem = small(maths(**at_nine), maths(id="n", class_id="6B", **at_nine))

    assert shortages(problem)[0].kind is Shortage.FIXED


slots = st.frozensets(st.tuples(st.integers(0, 2), st.integers(0, 2)), max_size=6)
crowds = st.dictionaries(
    st.sampled_from("abcde"), st.tuples(st.integers(1, 4), slots), max_size=5
)


@given(crowds, st.integers(1, 2))
def test_a_crowd_really_has_too_few_slots(demands, capacity):
    crowd = crowded(demands, capacity)

    if crowd:
        courses, held = crowd
        assert held == frozenset().union(*(demands[c][1] for c in courses))
        assert sum(demands[c][0] for c in courses) > capacity * len(held)


@given(crowds, st.integers(1, 2))
def test_no_crowd_is_overlooked(demands, capacity):
    """Against brute force: every set of courses, and all their slots together."""
    names = sorted(demands)
    sets = [
        [name for at, name in enumerate(names) if bits >> at & 1]
        for bits in range(1, 2 ** len(names))
    ]
    short = any(
        sum(demands[c][0] for c in some)
        > capacity * len(frozenset().union(*(demands[c][1] for c in some)))
        for some in sets
    )

    assert (crowded(demands, capacity) is not None) == short
