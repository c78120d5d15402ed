"""The one judgement of completion."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.catalogue.activities.contract import DoneBy
from courses.enrolment.rules import (
    ENOUGH_WATCHED,
    Progress,
    Standing,
    Step,
    is_done,
    judge,
)

DONE, BEGUN = Progress(True), Progress(False)


def step(number, *, required=True, minutes=5, needs=(), done_by=DoneBy.READING):
    return Step(number, f"Bài {number}", minutes, required, done_by, frozenset(needs))


@st.composite
def courses(draw):
    """Draw any course, circles among its prerequisites included, and any progress."""
    ids = draw(st.lists(st.integers(1, 12), unique=True, max_size=8))
    others = st.sampled_from([*ids, 99])
    steps = [
        step(
            number,
            required=draw(st.booleans()),
            minutes=draw(st.integers(1, 60)),
            needs=draw(st.frozensets(others, max_size=3)),
            done_by=draw(st.sampled_from(DoneBy)),
        )
        for number in ids
    ]
    made = st.builds(Progress, st.booleans(), st.none() | st.integers(0, 100))
    return steps, draw(st.dictionaries(others, made))


@given(courses())
def test_done_never_exceeds_what_is_required(given_course):
    verdict = judge(*given_course)

    assert 0 <= verdict.done <= verdict.required
    assert 0 <= verdict.percent <= 100


@given(courses())
def test_what_is_locked_never_counts(given_course):
    for one in judge(*given_course).steps:
        assert not (one.standing is Standing.LOCKED and one.counts)


@given(courses())
def test_what_is_locked_says_what_it_waits_for(given_course):
    for one in judge(*given_course).steps:
        if one.standing is Standing.LOCKED:
            assert one.waits_for
        if one.standing in (Standing.NEW, Standing.BEGUN):
            assert not one.waits_for


@given(courses(), st.randoms())
def test_the_order_of_the_steps_changes_no_verdict(given_course, lots):
    steps, progress = given_course
    shuffled = list(steps)
    lots.shuffle(shuffled)

    one, other = judge(steps, progress), judge(shuffled, progress)

    assert one.by_activity == other.by_activity
    assert (one.done, one.percent, one.complete, one.minutes_left) == (
        other.done,
        other.percent,
        other.complete,
        other.minutes_left,
    )


@given(courses())
def test_complete_means_a_hundred_percent_and_nothing_left(given_course):
    verdict = judge(*given_course)

    assert verdict.complete == (verdict.percent == 100)
    if verdict.complete:
        assert verdict.minutes_left == 0
        assert verdict.next_step is None


@given(courses(), st.integers(0, 7))
def test_doing_one_more_never_takes_anything_away(given_course, which):
    steps, progress = given_course
    if not steps:
        return
    more = progress | {steps[which % len(steps)].id: DONE}

    before, after = judge(steps, progress), judge(steps, more)

    assert after.done >= before.done
    assert after.minutes_left <= before.minutes_left
    assert not (before.complete and not after.complete)


@given(courses())
def test_the_next_step_is_open_and_still_counts(given_course):
    following = judge(*given_course).next_step

    if following is not None:
        assert following.step.required
        assert following.standing in (Standing.NEW, Standing.BEGUN)


@pytest.mark.parametrize(
    ("made", "needs", "standing"),
    [
        (None, [], Standing.NEW),
        (BEGUN, [], Standing.BEGUN),
        (DONE, [], Standing.DONE),
        (None, [2], Standing.LOCKED),
        (BEGUN, [2], Standing.LOCKED),
        # A prerequisite added afterwards takes nothing back.
        (DONE, [2], Standing.DONE),
        (None, [3], Standing.NEW),
        # What was deleted is not waited for.
        (None, [99], Standing.NEW),
    ],
)
def test_how_an_activity_stands(made, needs, standing):
    progress = {3: DONE} | ({1: made} if made else {})

    verdict = judge([step(1, needs=needs), step(2), step(3)], progress)

    assert verdict.of(1).standing is standing


def test_a_locked_activity_names_what_is_missing():
    verdict = judge([step(1), step(2), step(3, needs=[1, 2])], {1: DONE})

    assert verdict.of(3).waits_for == ("Bài 2",)


def test_only_required_activities_count():
    steps = [step(1), step(2, required=False, minutes=30), step(3, minutes=7)]

    verdict = judge(steps, {1: DONE, 2: DONE})

    assert (verdict.done, verdict.required, verdict.percent) == (1, 2, 50)
    assert verdict.minutes_left == 7
    assert not verdict.complete
    assert verdict.next_step.step.id == 3


def test_percent_is_rounded_down():
    verdict = judge([step(1), step(2), step(3)], {1: DONE, 2: DONE})

    assert verdict.percent == 66


def test_a_course_that_asks_nothing_is_never_completed():
    assert not judge([], {}).complete
    assert judge([], {}).percent == 0
    assert not judge([step(1, required=False)], {1: DONE}).complete


def test_what_was_reached_is_shown():
    verdict = judge([step(1, done_by=DoneBy.PASSING)], {1: Progress(False, 40)})

    assert verdict.of(1).reached == 40
    assert verdict.of(1).standing is Standing.BEGUN


@pytest.mark.parametrize(
    ("done_by", "percent", "passed", "done"),
    [
        (DoneBy.WATCHING, ENOUGH_WATCHED - 1, True, False),
        (DoneBy.WATCHING, ENOUGH_WATCHED, False, True),
        (DoneBy.PASSING, 100, False, False),
        (DoneBy.PASSING, 0, True, True),
        (DoneBy.READING, 100, True, False),
    ],
)
def test_what_makes_an_activity_done(done_by, percent, passed, done):
    assert is_done(done_by, percent=percent, passed=passed) is done
