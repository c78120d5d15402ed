"""Blueprints: whether the bank can serve them, what is missing, and equal papers."""

from collections import Counter
from decimal import Decimal
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from courses.quizzes.rules.attempts import Place, Slot
from courses.quizzes.rules.blueprint import (
    BlueprintProblem,
    Cell,
    Spread,
    Traits,
    blueprint_problem,
    cell_in,
    worth_of,
)
from courses.quizzes.rules.papers import (
    CannotServe,
    codes,
    digest,
    draw_papers,
    letters,
    part_starts,
    places_in,
    stored,
)
from courses.quizzes.rules.supply import Shortage, supply

EASY_SETS = Traits("Tập hợp", "recognise", "single_choice")
HARD_SETS = Traits("Tập hợp", "apply", "single_choice")
EASY_LINES = Traits("Hàm số/Bậc nhất", "recognise", "single_choice")
EASY_CURVES = Traits("Hàm số/Bậc hai", "recognise", "short_answer")


@pytest.mark.parametrize(
    ("cell", "traits", "fits"),
    [
        (Cell("", "", 1), EASY_SETS, True),
        (Cell("Tập hợp", "", 1), EASY_SETS, True),
        (Cell("Tập", "", 1), EASY_SETS, False),
        (Cell("Hàm số", "", 1), EASY_LINES, True),
        (Cell("Hàm số/Bậc nhất", "", 1), EASY_CURVES, False),
        (Cell("Tập hợp", "apply", 1), EASY_SETS, False),
        (Cell("", "", 1, kind="short_answer"), EASY_CURVES, True),
        (Cell("", "", 1, kind="short_answer"), EASY_LINES, False),
    ],
)
def test_a_cell_takes_what_its_filter_fits(cell, traits, fits):
    assert cell.fits(traits) is fits
    assert cell_in(cell.stored()) == cell


@pytest.mark.parametrize(
    ("cells", "problem"),
    [
        ([], BlueprintProblem.NO_CELLS),
        ([Cell("", "", 0)], BlueprintProblem.NO_CELLS),
        ([Cell("", "", 1)] * 61, BlueprintProblem.TOO_MANY_CELLS),
        ([Cell("", "", 2, Decimal(0))], BlueprintProblem.NOTHING_TO_EARN),
        ([Cell("", "", 2, Decimal("0.25"))], None),
    ],
)
def test_a_blueprint_says_what_is_wrong_with_it(cells, problem):
    assert blueprint_problem(cells) is problem


def test_a_blueprint_is_worth_what_its_cells_are():
    cells = [Cell("", "", 12, Decimal("0.25")), Cell("", "", 4, Decimal(1))]

    assert worth_of(cells) == Decimal("7.00")


def test_the_cell_that_lacks_items_is_named_with_what_is_there():
    cells = [Cell("Tập hợp", "recognise", 2), Cell("Tập hợp", "apply", 3)]

    served = supply(cells, {EASY_SETS: 5, HARD_SETS: 1})

    assert served.shortages == (Shortage((1,), wanted=3, found=1),)
    assert served.shortages[0].missing == 2


def test_an_overlapping_cell_gives_way_to_one_that_can_take_nothing_else():
    # Counted cell by cell in this order, the first cell takes what the second needs.
    cells = [Cell("", "", 2), Cell("Tập hợp", "apply", 2)]

    served = supply(cells, {HARD_SETS: 2, EASY_SETS: 2})

    assert served.shortages == ()
    assert served.flow == {(EASY_SETS, 0): 2, (HARD_SETS, 1): 2}


def test_cells_that_lack_items_together_are_named_together():
    # Each cell alone could be served; both at once ask for four of three.
    cells = [Cell("Hàm số", "", 2), Cell("", "recognise", 2), Cell("Tập hợp", "", 1)]

    served = supply(cells, {EASY_LINES: 3, HARD_SETS: 1})

    assert served.shortages == (Shortage((0, 1), wanted=4, found=3),)


TRAITS = st.builds(
    Traits,
    st.sampled_from(["a", "a/b", "a/c", "d"]),
    st.sampled_from(["nb", "th"]),
    st.sampled_from(["one", "two"]),
)
CELLS = st.builds(
    Cell,
    st.sampled_from(["", "a", "a/b", "d"]),
    st.sampled_from(["", "nb", "th"]),
    st.integers(0, 3),
    kind=st.sampled_from(["", "one"]),
)
BANKS = st.dictionaries(TRAITS, st.integers(0, 3), max_size=5)


def served_by_hand(cells, stocks):
    """Say by trying everything whether each wanted place can get an item of its own."""
    places = [cell for cell in cells for _ in range(cell.count)]
    held = {}

    def seat(place, tried):
        for traits in stocks:
            for number in range(stocks[traits]):
                item = (traits, number)
                if item in tried or not places[place].fits(traits):
                    continue
                tried.add(item)
                if item not in held or seat(held[item], tried):
                    held[item] = place
                    return True
        return False

    return all(seat(place, set()) for place in range(len(places)))


@given(st.lists(CELLS, max_size=5), BANKS)
@settings(max_examples=200)
def test_a_blueprint_is_short_exactly_when_no_way_serves_it(cells, stocks):
    served = supply(cells, stocks)

    assert (not served.shortages) == served_by_hand(cells, stocks)
    for shortage in served.shortages:
        fitting = {t for t in stocks for n in shortage.cells if cells[n].fits(t)}
        assert shortage.found == sum(stocks[t] for t in fitting)
        assert shortage.wanted == sum(cells[n].count for n in shortage.cells)
        assert shortage.missing > 0


@given(st.lists(CELLS, min_size=1, max_size=5), BANKS)
def test_the_flow_takes_no_more_than_there_is_and_serves_what_it_can(cells, stocks):
    served = supply(cells, stocks)

    for traits, amount in stocks.items():
        taken = sum(n for (t, _c), n in served.flow.items() if t == traits)
        assert taken <= amount
    for number, cell in enumerate(cells):
        given = sum(n for (_t, c), n in served.flow.items() if c == number)
        assert given <= cell.count
        if not served.shortages:
            assert given == cell.count
    assert all(cells[c].fits(traits) for traits, c in served.flow)


def drawn(cells, stock, count, spread, seed):
    """Draw papers from a stock that is all in memory."""
    sizes = {traits: len(ids) for traits, ids in stock.items()}
    return draw_papers(cells, sizes, stock.__getitem__, count, spread, seed)


def bank(**sizes):
    """A stock with so many items of each of the four traits."""
    traits = {"es": EASY_SETS, "hs": HARD_SETS, "el": EASY_LINES, "ec": EASY_CURVES}
    return {
        traits[name]: [1000 * n + i for i in range(size)]
        for n, (name, size) in enumerate(sizes.items(), 1)
    }


PARTED = [
    Cell("Tập hợp", "recognise", 3, part="Phần I"),
    Cell("Tập hợp", "apply", 2, part="Phần II"),
    Cell("Hàm số", "", 2, part="Phần I"),
]


@pytest.mark.parametrize("spread", list(Spread))
def test_papers_ask_the_same_of_every_candidate(spread):
    papers = drawn(PARTED, bank(es=9, hs=5, el=4, ec=4), 24, spread, "lot")

    for paper in papers:
        assert Counter(one.cell for one in paper) == {0: 3, 1: 2, 2: 2}
        assert len({one.item_id for one in paper}) == 7
        assert [PARTED[one.cell].part for one in paper] == 5 * ["Phần I"] + 2 * [
            "Phần II"
        ]


def test_shuffled_papers_ask_the_same_items_in_another_order():
    papers = drawn(PARTED, bank(es=9, hs=5, el=4), 6, Spread.SHUFFLED, "lot")

    assert len({frozenset(one.item_id for one in paper) for paper in papers}) == 1
    assert len({tuple(one.item_id for one in paper) for paper in papers}) > 1


def test_drawn_papers_repeat_nothing_while_the_bank_has_more():
    papers = drawn(PARTED, bank(es=12, hs=8, el=8), 4, Spread.DRAWN, "lot")

    asked = Counter(one.item_id for paper in papers for one in paper)
    assert set(asked.values()) == {1}


def test_drawn_papers_share_evenly_what_must_be_repeated():
    papers = drawn([Cell("", "", 2)], bank(es=4), 6, Spread.DRAWN, "lot")

    asked = Counter(one.item_id for paper in papers for one in paper)
    assert set(asked.values()) == {3}


def test_the_same_seed_draws_the_same_papers_for_ever():
    stock = bank(es=9, hs=5, el=4)

    first = drawn(PARTED, stock, 3, Spread.DRAWN, "one")

    assert drawn(PARTED, stock, 3, Spread.DRAWN, "one") == first
    assert drawn(PARTED, stock, 3, Spread.DRAWN, "other") != first


def test_no_paper_is_drawn_from_a_bank_that_lacks_items():
    with pytest.raises(CannotServe) as refused:
        drawn(PARTED, bank(es=9, hs=1, el=4), 2, Spread.DRAWN, "lot")

    assert refused.value.shortages == (Shortage((1,), wanted=2, found=1),)


def test_a_frozen_paper_gives_its_places_back():
    places = [Place(1, Slot(7, Decimal("0.25"), ("a", "b")), ("b", "a"))]

    assert places_in(stored(places)) == places
    assert digest(stored(places)) != digest([])


def test_codes_and_letters_are_those_of_the_printed_paper():
    assert codes(3) == ["101", "102", "103"]
    assert letters(["c", "a", "b"], ["b", "c"]) == "A, C"
    assert part_starts(["I", "I", "II", "", "II"]) == [(1, "I"), (3, "II"), (5, "II")]


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_the_order_of_cells_does_not_decide_what_is_missing(order):
    cells = [Cell("Hàm số", "", 2), Cell("", "recognise", 2), Cell("Tập hợp", "", 1)]

    served = supply([cells[n] for n in order], {EASY_LINES: 3, HARD_SETS: 1})

    assert [(s.wanted, s.found) for s in served.shortages] == [(4, 3)]
