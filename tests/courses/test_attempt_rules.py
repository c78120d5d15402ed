"""When attempts start, are saved and end; layout, marks and review."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.quizzes.rules.attempts import (
    GRACE,
    AttemptPolicy,
    Ended,
    QuizProblem,
    Record,
    ReviewPolicy,
    ReviewRefusal,
    Save,
    SaveRefusal,
    Slot,
    StartRefusal,
    Write,
    end_of,
    has_passed,
    is_over,
    layout,
    percent_of,
    quiz_problem,
    review_refusal,
    save_refusal,
    seconds_left,
    shown_points,
    write_of,
)

NINE = datetime(2026, 9, 5, 9, tzinfo=UTC)
TEN = NINE + timedelta(hours=1)
A_MOMENT = timedelta(microseconds=1)
ONE = Decimal(1)


@pytest.mark.parametrize(
    ("most", "made", "refusal", "left"),
    [
        (None, 0, None, None),
        (None, 99, None, None),
        (2, 0, None, 2),
        (2, 1, None, 1),
        (2, 2, StartRefusal.NO_ATTEMPTS_LEFT, 0),
        (2, 3, StartRefusal.NO_ATTEMPTS_LEFT, 0),
    ],
)
def test_attempts_start_while_some_are_left(most, made, refusal, left):
    policy = AttemptPolicy(max_attempts=most)

    assert policy.refusal(made) is refusal
    assert policy.left(made) == left


def test_the_deadline_counts_from_the_start():
    assert AttemptPolicy(60).deadline(NINE) == TEN
    assert AttemptPolicy(None).deadline(NINE) is None


@pytest.mark.parametrize(
    ("now", "refusal"),
    [
        (NINE, None),
        (TEN - A_MOMENT, None),
        (TEN, None),
        (TEN + GRACE - A_MOMENT, None),
        (TEN + GRACE, SaveRefusal.TIME_OVER),
        (TEN + GRACE + A_MOMENT, SaveRefusal.TIME_OVER),
    ],
)
def test_a_save_is_taken_until_the_very_end_of_the_grace(now, refusal):
    assert save_refusal(None, TEN, now) is refusal
    assert is_over(TEN, now) is (refusal is not None)


def test_without_a_deadline_time_is_never_over():
    assert save_refusal(None, None, TEN) is None
    assert seconds_left(None, TEN) is None


def test_nothing_is_saved_after_handing_in():
    assert save_refusal(NINE, TEN, NINE) is SaveRefusal.SUBMITTED


@pytest.mark.parametrize(
    ("now", "left"),
    [
        (NINE, 3600),
        (NINE + A_MOMENT, 3600),
        (TEN - A_MOMENT, 1),
        (TEN, 0),
        (TEN + GRACE, 0),
    ],
)
def test_seconds_left_are_whole_and_never_negative(now, left):
    assert seconds_left(TEN, now) == left


@pytest.mark.parametrize(
    ("deadline", "now", "end"),
    [
        (None, NINE, (NINE, Ended.BY_LEARNER)),
        (TEN, TEN - A_MOMENT, (TEN - A_MOMENT, Ended.BY_LEARNER)),
        (TEN, TEN, (TEN, Ended.BY_TIME)),
        (TEN, TEN + GRACE, (TEN, Ended.BY_TIME)),
    ],
)
def test_an_attempt_never_ends_after_its_deadline(deadline, now, end):
    assert end_of(deadline, now) == end


KEPT = Save(3, "b", flagged=False)


@pytest.mark.parametrize(
    ("sent", "verdict"),
    [
        (Save(4, "a", flagged=False), Write.NEW),
        (Save(9, "b", flagged=False), Write.NEW),
        (Save(3, "b", flagged=False), Write.REPEATED),
        (Save(3, "a", flagged=False), Write.OVERTAKEN),
        (Save(3, "b", flagged=True), Write.OVERTAKEN),
        (Save(2, "b", flagged=False), Write.OVERTAKEN),
    ],
)
def test_only_a_newer_save_is_written(sent, verdict):
    assert write_of(KEPT, sent) is verdict


SLOTS = [Slot(n, ONE, ("a", "b", "c", "d")) for n in range(1, 6)]
MIXED = {"shuffle_items": True, "shuffle_options": True}


def test_without_shuffling_a_layout_is_the_quiz_itself():
    places = layout("seed", SLOTS, shuffle_items=False, shuffle_options=False)

    assert [place.position for place in places] == [1, 2, 3, 4, 5]
    assert [place.slot for place in places] == SLOTS
    assert {place.option_order for place in places} == {("a", "b", "c", "d")}


def test_the_same_seed_gives_the_same_layout_for_ever():
    places = layout("0123", SLOTS, **MIXED)

    assert places == layout("0123", SLOTS, **MIXED)
    assert [place.slot.item_version_id for place in places] == [5, 2, 1, 4, 3]
    assert places[0].option_order == ("b", "a", "c", "d")


@given(seed=st.text(max_size=40), size=st.integers(0, 12))
def test_shuffling_loses_and_adds_nothing(seed, size):
    slots = [Slot(n, ONE, ("a", "b", "c")) for n in range(size)]

    places = layout(seed, slots, **MIXED)

    assert [place.position for place in places] == list(range(1, size + 1))
    assert sorted(place.slot.item_version_id for place in places) == list(range(size))
    assert all(sorted(place.option_order) == ["a", "b", "c"] for place in places)


def test_every_order_comes_about_as_often():
    slots = [Slot(n, ONE) for n in range(3)]
    seen = [
        tuple(p.slot.item_version_id for p in layout(str(seed), slots, **MIXED))
        for seed in range(1200)
    ]

    counts = [seen.count(order) for order in set(seen)]

    assert len(counts) == 6
    assert min(counts) > 140
    assert max(counts) < 260


@pytest.mark.parametrize(
    ("earned", "worth", "percent", "passed"),
    [
        (Fraction(799, 10), 100, 79, False),
        (80, 100, 80, True),
        (Fraction(4, 5), 1, 80, True),
        (Fraction(7999, 10000), 1, 79, False),
        (0, 10, 0, False),
        (0, 0, 0, False),
    ],
)
def test_percent_is_rounded_down(earned, worth, percent, passed):
    earned, worth = Fraction(earned), Fraction(worth)

    assert percent_of(earned, worth) == percent
    assert has_passed(earned, worth, 80) is passed


def test_points_are_shown_to_the_hundredth_and_never_rounded_up():
    assert shown_points(Fraction(17, 2)) == Decimal("8.5")
    assert shown_points(Fraction(2, 3)) == Decimal("0.66")


R = ReviewPolicy
NEW = Record(made=1, has_open=False, passed=False)
LAST = Record(made=2, has_open=False, passed=False)
PASSED = Record(made=1, has_open=False, passed=True)
OPEN = Record(made=2, has_open=True, passed=True)


@pytest.mark.parametrize(
    ("review", "record", "refusal"),
    [
        (R.AFTER_SUBMIT, NEW, None),
        (R.AFTER_SUBMIT, OPEN, ReviewRefusal.ATTEMPT_OPEN),
        (R.AFTER_PASSING, NEW, ReviewRefusal.NOT_PASSED),
        (R.AFTER_PASSING, PASSED, None),
        (R.AFTER_PASSING, OPEN, ReviewRefusal.ATTEMPT_OPEN),
        (R.AFTER_LAST_ATTEMPT, NEW, ReviewRefusal.ATTEMPTS_LEFT),
        (R.AFTER_LAST_ATTEMPT, PASSED, ReviewRefusal.ATTEMPTS_LEFT),
        (R.AFTER_LAST_ATTEMPT, LAST, None),
        (R.AFTER_LAST_ATTEMPT, OPEN, ReviewRefusal.ATTEMPT_OPEN),
        (R.NEVER, PASSED, ReviewRefusal.NEVER),
        (R.NEVER, LAST, ReviewRefusal.NEVER),
    ],
)
def test_the_review_opens_when_its_policy_says(review, record, refusal):
    assert review_refusal(review, AttemptPolicy(max_attempts=2), record) is refusal


def test_without_a_limit_there_is_no_last_attempt():
    verdict = review_refusal(R.AFTER_LAST_ATTEMPT, AttemptPolicy(), LAST)

    assert verdict is ReviewRefusal.ATTEMPTS_LEFT


@pytest.mark.parametrize(
    ("worths", "pass_mark", "review", "most", "problem"),
    [
        ([ONE], 80, R.AFTER_SUBMIT, None, None),
        ([ONE], 100, R.AFTER_LAST_ATTEMPT, 3, None),
        ([], 80, R.AFTER_SUBMIT, None, QuizProblem.NO_ITEMS),
        ([Decimal(0)], 80, R.AFTER_SUBMIT, None, QuizProblem.NOTHING_TO_EARN),
        ([ONE], 101, R.AFTER_SUBMIT, None, QuizProblem.MARK_UNREACHABLE),
        ([ONE], -1, R.AFTER_SUBMIT, None, QuizProblem.MARK_UNREACHABLE),
        ([ONE], 80, R.AFTER_LAST_ATTEMPT, None, QuizProblem.REVIEW_NEVER_OPENS),
    ],
)
def test_a_quiz_that_nobody_can_pass_is_not_published(
    worths, pass_mark, review, most, problem
):
    policy = AttemptPolicy(max_attempts=most)

    assert quiz_problem(worths, pass_mark, review, policy) is problem
