"""What counts as watched."""

import itertools
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.kernel.errors import Refused
from media.rules.ledger import (
    LARGEST_ALLOWANCE_MS,
    MAX_RATE,
    MOST_KEPT,
    SLACK_MS,
    Ledger,
    Report,
    credit,
    credit_report,
    merged,
    missing,
    percent,
    read_report,
    resume_at,
    total,
)

HOUR = 3_600_000
MOMENT = st.integers(0, HOUR)
PART = st.tuples(MOMENT, MOMENT).map(lambda pair: (min(pair), max(pair)))
PARTS = st.lists(PART, max_size=20)
CLAIM = st.tuples(PART, st.integers(-5000, 60_000), st.floats(0.01, 100))


@given(PARTS)
def test_merged_parts_are_sorted_apart_and_not_empty(parts):
    found = merged(parts)

    assert all(start < end for start, end in found)
    assert all(a[1] < b[0] for a, b in itertools.pairwise(found))


@given(PARTS, st.randoms())
def test_merging_heeds_neither_order_nor_repetition(parts, random):
    shuffled = [*parts, *parts]
    random.shuffle(shuffled)

    assert merged(shuffled) == merged(merged(parts)) == merged(parts)


@given(PARTS, MOMENT)
def test_a_moment_is_covered_after_merging_exactly_if_it_was_before(parts, moment):
    def covers(found):
        return any(start <= moment < end for start, end in found)

    assert covers(merged(parts)) == covers(parts)


@given(PART, PARTS)
def test_what_is_missing_and_what_is_covered_make_the_whole_part(part, parts):
    covered = merged(parts)
    gaps = missing(part, covered)

    assert total(merged([*covered, *gaps])) == total(covered) + total(gaps)
    assert merged([*covered, *gaps]) == merged([*covered, part])


@given(st.lists(CLAIM, max_size=40))
def test_covered_never_exceeds_what_the_clock_allows(claims):
    ledger, waited = Ledger(), 0
    for (start, end), elapsed, rate in claims:
        ledger = credit(ledger, start, end, elapsed, rate)
        waited += max(elapsed, 0)

    assert ledger.covered_ms <= SLACK_MS + MAX_RATE * waited
    assert 0 <= ledger.allowance_ms <= LARGEST_ALLOWANCE_MS


@given(CLAIM, PARTS)
def test_credit_takes_nothing_back_and_gives_nothing_that_was_not_claimed(claim, parts):
    (start, end), elapsed, rate = claim
    before = Ledger(merged(parts))

    after = credit(before, start, end, elapsed, rate)

    assert merged([*before.covered, *after.covered]) == after.covered
    assert merged([*after.covered, *before.covered, (start, end)]) == merged(
        [*before.covered, (start, end)]
    )


@given(st.lists(st.integers(5_000, 15_000), min_size=1, max_size=30))
def test_an_honest_learner_is_credited_with_every_second(pauses):
    ledger, at = credit_report(Ledger(), Report((), 0), 0, HOUR), 0
    for elapsed in pauses:
        played = at + elapsed * 3 // 2
        ledger = credit_report(ledger, Report(((at, played),), 0, 1.5), elapsed, HOUR)
        at = played

    assert ledger.covered == ((0, at),)


def test_a_line_lost_for_some_minutes_costs_nothing():
    five_minutes = 300_000

    ledger = credit(Ledger(), 0, five_minutes, five_minutes, 1)

    assert ledger.covered == ((0, five_minutes),)


def test_a_forged_report_of_the_whole_video_is_worth_the_slack():
    ledger = credit(Ledger(), 0, HOUR, 0, 1)

    assert ledger.covered == ((0, SLACK_MS),)


def test_claiming_sixteen_times_the_speed_earns_twice():
    ledger = credit(Ledger(allowance_ms=0), 0, HOUR, 10_000, 16)

    assert ledger.covered == ((0, 20_000),)


def test_a_thousand_reports_a_second_earn_no_more_than_one():
    ledger = Ledger()
    for _ in range(1000):
        ledger = credit(ledger, 0, HOUR, 1, 2)

    assert ledger.covered_ms == SLACK_MS + 2000


def test_seeing_a_part_again_spends_nothing():
    ledger = Ledger(((0, 60_000),), allowance_ms=1000)

    assert credit(ledger, 0, 60_000, 0, 1).allowance_ms == 1000


def test_nothing_is_credited_beyond_the_end():
    report = Report(((0, 5000), (7000, 9000)), 0)

    assert credit_report(Ledger(), report, 60_000, 3000).covered == ((0, 3000),)


def test_a_row_of_very_many_crumbs_stays_small():
    crumbs = tuple((n * 10, n * 10 + 1) for n in range(MOST_KEPT))
    ledger = credit(Ledger(crumbs), HOUR, HOUR + 100, 0, 1)

    assert len(ledger.covered) == MOST_KEPT
    assert ledger.covered[-1] == (HOUR, HOUR + 100)


@pytest.mark.parametrize(
    ("watched", "length", "shown"),
    [
        ((), 100_000, 0),
        (((0, 50_000),), 100_000, 50),
        (((0, 98_000),), 100_000, 98),
        (((0, 98_500),), 100_000, 100),
        (((1_000, 100_000),), 100_000, 100),
        (((0, 940),), 1000, 94),
        (((0, 950),), 1000, 100),
        (((0, 10),), 0, 0),
    ],
)
def test_percent_is_rounded_down_and_forgives_a_silent_end(watched, length, shown):
    assert percent(watched, length) == shown


@pytest.mark.parametrize(
    ("stopped", "length", "resumed"),
    [(0, 60, 0), (1, 60, 0), (30, 60, 28), (51, 60, 49), (53, 60, 0), (30, None, 28)],
)
def test_one_goes_on_just_before_where_one_stopped(stopped, length, resumed):
    assert resume_at(stopped, length) == resumed


@pytest.mark.parametrize(
    ("played", "position", "rate"),
    [
        ("all", 0, 1),
        (None, 0, 1),
        ([[0]], 0, 1),
        ([[0, 1, 2]], 0, 1),
        ([["0", "9"]], 0, 1),
        ([[9, 1]], 0, 1),
        ([[-1, 1]], 0, 1),
        ([[0, math.inf]], 0, 1),
        ([[0, math.nan]], 0, 1),
        ([[0, True]], 0, 1),
        ([[0, 1e9]], 0, 1),
        ([[0, 1]] * 101, 0, 1),
        ([], "0", 1),
        ([], None, 1),
        ([], 0, 0),
        ([], 0, -1),
        ([], 0, math.inf),
        ([], 0, "2"),
    ],
)
def test_a_report_that_makes_no_sense_is_refused(played, position, rate):
    with pytest.raises(Refused):
        read_report(played, position, rate)


def test_a_report_is_read_in_whole_milliseconds():
    report = read_report([[0, 9.9996], (12, 13.25)], 13.25, 1.5)

    assert report == Report(((0, 10_000), (12_000, 13_250)), 13_250, 1.5)
