"""Item statistics against cases worked by hand."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.quizzes.rules.distractors import (
    Flag,
    Raised,
    flags_of,
    option_letters,
    option_table,
)
from courses.quizzes.rules.statistics import (
    correlation,
    item_figures,
    median,
    paper_figures,
    reliability,
    totals_of,
    variance,
    weights_of_groups,
)

F = Fraction
ONE = F(1)
# Five learners, four items of one point, worked by hand:
# totals 4, 3, 2, 1, 0; mean 2, variance 2.
# Item variances: .16, .24, .24, .16, sum .8; KR-20 = 4/3 * (1 - .8/2) = .8.
# SEM = sqrt(2.5 * .2) = sqrt(.5).
FIVE = [
    [ONE, ONE, ONE, ONE],
    [ONE, ONE, ONE, F(0)],
    [ONE, ONE, F(0), F(0)],
    [ONE, F(0), F(0), F(0)],
    [F(0), F(0), F(0), F(0)],
]
WORTHS = [ONE] * 4
NEAR = Decimal("1e-9")


def column(sheets, number):
    return [sheet[number] for sheet in sheets]


def test_a_paper_worked_by_hand():
    figures = paper_figures(FIVE, WORTHS)

    assert (figures.learners, figures.items) == (5, 4)
    assert (figures.mean, figures.median, figures.variance) == (2, 2, 2)
    assert figures.is_kr20
    assert figures.reliability == F(4, 5)
    assert abs(figures.deviation - Decimal("1.5811388300841896660")) < NEAR
    assert abs(figures.sem - Decimal("0.7071067811865475244")) < NEAR


def test_an_item_worked_by_hand():
    # Item 2: right for the first three.  Upper 27 % of 5 is one learner, and so the
    # lower: D = 1 - 0.  Covariance with the total: 9/5 - 3/5 * 2 = 3/5;
    # r = .6 / sqrt(.24 * 2) = .866025...  Rest: 3, 2, 1, 1, 0 with mean 7/5,
    # variance 15/5 - 49/25 = 26/25, covariance 6/5 - 21/25 = 9/25;
    # r = .36 / sqrt(.24 * 1.04) = .720576...
    totals = totals_of(FIVE, WORTHS)

    figures = item_figures(column(FIVE, 1), ONE, totals)

    assert figures.difficulty == F(3, 5)
    assert figures.discrimination == 1
    assert abs(figures.point_biserial - Decimal("0.8660254037844386468")) < NEAR
    assert abs(figures.item_rest - Decimal("0.7205766921228920888")) < NEAR


def test_alpha_of_items_that_give_parts_worked_by_hand():
    # Points (2, 1), (4, 4), (6, 7): variances 8/3 and 6, totals 3, 8, 13 with 50/3;
    # alpha = 2 * (1 - (26/3) / (50/3)) = 24/25.
    sheets = [[F(1, 4), F(1, 8)], [F(1, 2), F(1, 2)], [F(3, 4), F(7, 8)]]

    assert reliability(sheets, [F(8), F(8)]) == F(24, 25)
    assert not paper_figures(sheets, [F(8), F(8)]).is_kr20


def test_a_correlation_below_nothing_keeps_its_sign():
    assert correlation([F(1), F(2), F(3)], [F(3), F(2), F(1)]) == -1


def test_what_does_not_vary_has_no_correlation_and_no_reliability():
    alike = [[ONE, F(0)]] * 4

    figures = paper_figures(alike, [ONE, ONE])

    assert correlation([ONE] * 4, [F(n) for n in range(4)]) is None
    assert (figures.reliability, figures.sem, figures.deviation) == (None, None, 0)
    assert paper_figures([], []) is None
    assert paper_figures([[ONE, ONE]], [ONE, ONE]).deviation is None


def test_learners_at_the_edge_of_a_group_belong_to_it_in_equal_parts():
    # 27 % of 10 is three: one above, and two places for four alike.
    totals = [F(n) for n in (9, 7, 7, 7, 7, 3, 3, 3, 2, 1)]

    upper, lower = weights_of_groups(totals)

    assert upper == [1, *4 * [F(1, 2)], *5 * [0]]
    assert lower == [*5 * [0], *3 * [F(1, 3)], 1, 1]


SHEETS = st.integers(2, 5).flatmap(
    lambda items: st.lists(
        st.lists(
            st.sampled_from([F(0), F(1, 2), F(1)]), min_size=items, max_size=items
        ),
        min_size=2,
        max_size=12,
    )
)


@given(SHEETS, st.randoms(use_true_random=False))
def test_figures_do_not_hang_on_the_order_of_learners(sheets, lots):
    mixed = list(sheets)
    lots.shuffle(mixed)
    worths = [ONE] * len(sheets[0])

    assert paper_figures(mixed, worths) == paper_figures(sheets, worths)
    for number in range(len(worths)):
        assert item_figures(
            column(mixed, number), ONE, totals_of(mixed, worths)
        ) == item_figures(column(sheets, number), ONE, totals_of(sheets, worths))


@given(SHEETS)
def test_figures_stay_within_their_bounds(sheets):
    worths = [ONE] * len(sheets[0])
    totals = totals_of(sheets, worths)

    for number in range(len(worths)):
        figures = item_figures(column(sheets, number), ONE, totals)
        assert 0 <= figures.difficulty <= 1
        assert -1 <= figures.discrimination <= 1
        for value in (figures.point_biserial, figures.item_rest):
            assert value is None or abs(value) <= 1 + NEAR
    alpha = reliability(sheets, worths)
    assert alpha is None or alpha <= 1


@given(st.lists(st.fractions(0, 10, max_denominator=8), min_size=1, max_size=9))
def test_mean_square_and_median_agree_with_their_definitions(values):
    middle = sum(values) / len(values)

    assert variance(values) == sum((v - middle) ** 2 for v in values) / len(values)
    assert sum(v <= median(values) for v in values) * 2 >= len(values)
    assert sum(v >= median(values) for v in values) * 2 >= len(values)


def picks(words):
    return [frozenset() if word == "-" else frozenset(word) for word in words]


def test_the_distractor_table_counts_the_strong_and_the_weak():
    totals = [F(n) for n in (10, 9, 8, 7, 6, 5, 4, 3, 2, 1)]

    rows = option_table(["a", "b", "c"], frozenset("b"), picks("bbcbbacaa-"), totals)

    assert [(r.option, r.is_key, r.picks) for r in rows] == [
        ("a", False, 3),
        ("b", True, 4),
        ("c", False, 2),
        (None, False, 1),
    ]
    by = {row.option: row for row in rows}
    assert (by["b"].upper, by["b"].lower, by["b"].pull) == (F(2, 3), 0, F(2, 3))
    assert (by["a"].upper, by["a"].lower) == (0, F(2, 3))
    assert by["c"].mean_total == 6
    assert by[None].share == F(1, 10)


def flagged(key, words):
    """Flag one item of a paper whose other items give totals 40, 38, 36 …"""
    right = [word == key for word in words]
    totals = [F(40 - 2 * n + hit) for n, hit in enumerate(right)]
    rows = option_table(["a", "b", "c"], frozenset(key), picks(words), totals)
    figures = item_figures([F(hit) for hit in right], ONE, totals)
    return flags_of(figures, rows, len(words))


@pytest.mark.parametrize(
    ("words", "raised"),
    [
        ("bbb", [Raised(Flag.FEW_LEARNERS)]),
        ("bbbbbbacacac", []),
        (
            "ccccacabbbab",
            [Raised(Flag.STRONG_PICK_WRONG, ("c",)), Raised(Flag.NEGATIVE)],
        ),
        (
            "bbbbbbbbbbbb",
            [Raised(Flag.TOO_EASY), Raised(Flag.UNUSED_OPTION, ("a", "c"))],
        ),
        ("bacacacacaca", [Raised(Flag.TOO_HARD)]),
        ("bcabcaabcbca", [Raised(Flag.WEAK)]),
    ],
)
def test_flags_say_what_to_look_at_again(words, raised):
    assert flagged("b", words) == raised


def test_options_are_named_as_on_paper():
    assert option_letters(["x", "y"]) == {"x": "A", "y": "B"}
