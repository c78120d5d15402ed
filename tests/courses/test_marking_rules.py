"""Certainty, penalties, several attempts, feedback, markers, and regrading."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.quizzes.rules.attempts import AttemptPolicy
from courses.quizzes.rules.certainty import with_certainty, with_penalty
from courses.quizzes.rules.feedback import (
    AFTERWARDS,
    EVERYTHING,
    Part,
    Phase,
    feedback_in,
    is_checked_while_running,
    phase_of,
    stored_feedback,
)
from courses.quizzes.rules.marking import (
    Given,
    MarkingPolicy,
    MarkRefusal,
    OnDifference,
    Settlement,
    mark_refusal,
    settle,
)
from courses.quizzes.rules.regrading import (
    MOVES,
    Crossing,
    Move,
    RegradeRefusal,
    RunEvent,
    RunState,
    Standing,
    Summary,
    decide_refusal,
    summary_of,
)
from courses.quizzes.rules.results import Method, result_of
from courses.quizzes.rules.terms import Allowance, Terms, Window, terms_of
from courses.quizzes.rules.writers import WriterRefusal, writer_refusal

F = Fraction
NINE = datetime(2026, 9, 5, 9, tzinfo=UTC)
TEN = NINE + timedelta(hours=1)
A_MOMENT = timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("share", "certainty", "earned"),
    [
        (1, 1, 1),
        (1, 2, 2),
        (1, 3, 3),
        (0, 1, 0),
        (0, 2, -2),
        (0, 3, -6),
        (1, None, 1),
        (0, None, 0),
        (F(1, 2), 3, F(3, 2)),
        (1, 7, 1),
    ],
)
def test_certainty_pays_by_the_table_of_moodle(share, certainty, earned):
    assert with_certainty(F(share), certainty) == earned


@pytest.mark.parametrize(
    ("share", "penalty", "earned"),
    [(1, F(1, 4), 1), (0, F(1, 4), F(-1, 4)), (0, 0, 0), (F(1, 3), 1, F(1, 3))],
)
def test_only_what_is_wrong_altogether_costs(share, penalty, earned):
    assert with_penalty(F(share), F(penalty)) == earned


@pytest.mark.parametrize(
    ("method", "percent"),
    [
        (Method.HIGHEST, 90),
        (Method.AVERAGE, 63),
        (Method.FIRST, 40),
        (Method.LAST, 60),
    ],
)
def test_what_counts_of_three_attempts(method, percent):
    result = result_of(method, [(F(4), F(10)), (F(9), F(10)), (F(6), F(10))])

    assert result.percent == percent
    assert result.passes(percent)
    assert not result.passes(percent + 1)


def test_without_a_marked_attempt_there_is_no_result():
    assert result_of(Method.HIGHEST, []) is None
    assert result_of(Method.LAST, [(F(0), F(0))]).percent == 0


@pytest.mark.parametrize(
    ("submitted", "closes", "now", "phase"),
    [
        (None, None, NINE, Phase.DURING),
        (None, NINE, TEN, Phase.DURING),
        (NINE, None, NINE + timedelta(minutes=2) - A_MOMENT, Phase.RIGHT_AFTER),
        (NINE, None, NINE + timedelta(minutes=2), Phase.LATER),
        (NINE, TEN, TEN - A_MOMENT, Phase.LATER),
        (NINE, TEN, TEN, Phase.AFTER_CLOSE),
        (NINE, NINE, NINE, Phase.AFTER_CLOSE),
    ],
)
def test_the_phase_of_feedback(submitted, closes, now, phase):
    assert phase_of(submitted, closes, now) is phase


def test_feedback_is_kept_part_by_part():
    kept = stored_feedback({Phase.DURING: {Part.RIGHTNESS}, Phase.LATER: EVERYTHING})

    assert feedback_in(kept)[Phase.DURING] == {Part.RIGHTNESS}
    assert feedback_in(kept)[Phase.RIGHT_AFTER] == set()
    assert feedback_in(None) == AFTERWARDS
    assert is_checked_while_running(feedback_in(kept))
    assert not is_checked_while_running(AFTERWARDS)


DOUBLE = MarkingPolicy(markers=2, tolerance=F(1, 2))
AVERAGED = MarkingPolicy(
    markers=2, tolerance=F(1, 2), on_difference=OnDifference.AVERAGE
)


@pytest.mark.parametrize(
    ("policy", "points", "settled", "needed"),
    [
        (MarkingPolicy(), [], None, 1),
        (MarkingPolicy(), [7], 7, 1),
        (DOUBLE, [7], None, 2),
        (DOUBLE, [7, F(15, 2)], F(29, 4), 2),
        (DOUBLE, [5, 8], None, 3),
        (DOUBLE, [5, 8, 7], F(15, 2), 3),
        (DOUBLE, [5, 8, 6], F(11, 2), 3),
        (DOUBLE, [4, 8, 6], 6, 3),
        (AVERAGED, [5, 8], F(13, 2), 2),
    ],
)
def test_what_marks_lead_to(policy, points, settled, needed):
    given_marks = [Given(n, F(one)) for n, one in enumerate(points)]

    assert settle(policy, given_marks) == Settlement(settled, needed)


@given(st.lists(st.fractions(0, 10, max_denominator=4), max_size=3))
def test_what_is_settled_lies_among_the_marks(points):
    settlement = settle(DOUBLE, [Given(n, one) for n, one in enumerate(points)])

    if settlement.points is None:
        assert len(points) < settlement.markers_needed
    else:
        assert min(points) <= settlement.points <= max(points)


@pytest.mark.parametrize(
    ("before", "marker", "points", "refusal"),
    [
        ([], 1, 11, MarkRefusal.OUT_OF_RANGE),
        ([], 1, -1, MarkRefusal.OUT_OF_RANGE),
        ([], 9, 5, MarkRefusal.OWN_RESPONSE),
        ([(1, 5)], 1, 5, MarkRefusal.MARKED_BY_YOU),
        ([(1, 5), (2, 5)], 3, 5, MarkRefusal.ALREADY_SETTLED),
        ([(1, 5), (2, 8)], 3, 5, None),
        ([(1, 5)], 2, 10, None),
    ],
)
def test_who_may_give_which_mark(before, marker, points, refusal):
    given_marks = [Given(who, F(one)) for who, one in before]

    assert (
        mark_refusal(
            DOUBLE, given_marks, Given(marker, F(points)), worth=F(10), learner_id=9
        )
        is refusal
    )


@pytest.mark.parametrize("state", list(RunState))
@pytest.mark.parametrize("event", list(RunEvent))
def test_what_is_not_in_the_table_cannot_happen(state, event):
    refusal = decide_refusal(state, event, 1, 2)

    expected = None if (state, event) in MOVES else RegradeRefusal.WRONG_STATE
    assert refusal is expected


@pytest.mark.parametrize(
    ("state", "event", "refusal"),
    [
        (RunState.PROPOSED, RunEvent.APPROVE, RegradeRefusal.SAME_PERSON),
        (RunState.PROPOSED, RunEvent.REJECT, None),
        (RunState.APPLIED, RunEvent.UNDO, RegradeRefusal.SAME_PERSON),
    ],
)
def test_marks_never_change_on_one_persons_word(state, event, refusal):
    assert decide_refusal(state, event, 1, 1) is refusal


def test_the_list_says_who_crosses_the_pass_mark():
    def move(before, after, worth=10):
        return Move(Standing(F(before), F(10)), Standing(F(after), F(worth)), 50)

    moves = [move(4, 5), move(5, 4), move(8, 9), move(3, 3), move(4, 4, worth=8)]

    assert [one.crossing for one in moves] == [
        Crossing.UP,
        Crossing.DOWN,
        Crossing.NONE,
        Crossing.NONE,
        Crossing.UP,
    ]
    assert summary_of(moves) == Summary(attempts=5, changed=4, up=2, down=1)


def test_the_first_window_writes_and_another_is_told():
    assert writer_refusal(None, "one") is None
    assert writer_refusal("one", "one") is None
    assert writer_refusal("one", "two") is WriterRefusal.ELSEWHERE


LIMITED = AttemptPolicy(time_limit_minutes=45, max_attempts=2)


@pytest.mark.parametrize(
    ("allowances", "minutes", "attempts", "closes"),
    [
        ([], 45, 2, TEN),
        ([Allowance(False, extra_minutes=10), Allowance(False, 5, 1)], 55, 3, TEN),
        ([Allowance(False, 30), Allowance(True, 5)], 50, 2, TEN),
        ([Allowance(True, closes_at=TEN + timedelta(days=1))], 45, 2, "tomorrow"),
    ],
)
def test_a_personal_word_goes_before_a_groups(allowances, minutes, attempts, closes):
    terms = terms_of(LIMITED, Window(NINE, TEN), allowances)

    assert terms.policy == AttemptPolicy(minutes, attempts)
    assert terms.window.closes_at == (
        TEN + timedelta(days=1) if closes == "tomorrow" else closes
    )


def test_no_limit_stays_no_limit_whatever_is_granted():
    terms = terms_of(AttemptPolicy(), Window(), [Allowance(True, 10, 1)])

    assert terms == Terms(AttemptPolicy(), Window())
    assert terms.deadline(NINE) is None


def test_time_ends_at_the_limit_or_when_the_quiz_closes():
    terms = Terms(LIMITED, Window(closes_at=TEN))

    assert terms.deadline(NINE) == NINE + timedelta(minutes=45)
    assert terms.deadline(TEN - timedelta(minutes=5)) == TEN


@pytest.mark.parametrize(
    ("now", "is_open", "is_closed"),
    [
        (NINE - A_MOMENT, False, False),
        (NINE, True, False),
        (TEN - A_MOMENT, True, False),
        (TEN, False, True),
    ],
)
def test_a_quiz_is_open_from_one_moment_to_another(now, is_open, is_closed):
    window = Window(NINE, TEN)

    assert (window.is_open(now), window.is_closed(now)) == (is_open, is_closed)
