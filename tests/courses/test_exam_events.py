"""Nobody alters, removes or reorders an acknowledged answer without being found out."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from courses.exams.rules.events import (
    FIRST,
    AnswerEvent,
    Fault,
    findings,
    folded,
    receipt,
    seal,
)
from tests.conftest import NINE

KEY, FORGED = b"k" * 32, b"f" * 32


def event(number, position=1, body='{"value":"a","flagged":false}', writer=1):
    return AnswerEvent(
        7, writer, number, position, body, NINE + number * timedelta(seconds=1)
    )


def kept(events, key=KEY):
    return [(one, receipt(key, one)) for one in events]


def sealed(events, size=3):
    seals, previous = [], FIRST
    for number, begin in enumerate(range(0, len(events), size), 1):
        seals.append(seal(KEY, number, previous, events[begin : begin + size]))
        previous = seals[-1].digest
    return seals


EVENTS = [event(number, position=number % 4 + 1) for number in range(1, 9)]
places = st.integers(0, len(EVENTS) - 1)


def faults(events, seals):
    return {finding.fault for finding in findings(KEY, events, seals)}


def test_untouched_answers_are_found_whole():
    assert findings(KEY, kept(EVENTS), sealed(EVENTS)) == []


@given(places)
def test_an_altered_answer_is_named(at):
    touched = kept(EVENTS)
    altered = replace(EVENTS[at], body='{"value":"b","flagged":false}')
    touched[at] = (altered, touched[at][1])

    found = findings(KEY, touched, sealed(EVENTS))

    assert (Fault.RECEIPT, f"1/{at + 1}") in [(f.fault, f.where) for f in found]
    assert Fault.SEAL in {f.fault for f in found}


@given(places)
def test_a_receipt_made_without_the_key_is_no_help(at):
    altered = replace(EVENTS[at], body="{}")
    touched = kept(EVENTS)
    touched[at] = (altered, receipt(FORGED, altered))

    assert faults(touched, []) == {Fault.RECEIPT}


@given(places)
def test_a_removed_answer_is_found(at):
    left = EVENTS[:at] + EVENTS[at + 1 :]

    assert Fault.SEAL in faults(kept(left), sealed(EVENTS))
    if at < len(EVENTS) - 1:
        assert Fault.GAP in faults(kept(left), [])


@given(places, places)
def test_answers_that_changed_places_are_found(one, other):
    moved = list(EVENTS)
    moved[one], moved[other] = moved[other], moved[one]

    assert (Fault.SEAL in faults(kept(moved), sealed(EVENTS))) == (one != other)


@given(st.permutations(range(3)))
def test_seals_hold_each_other(order):
    seals = sealed(EVENTS)

    found = faults(kept(EVENTS), [seals[at] for at in order])

    assert (found == {Fault.SEAL}) == (list(order) != [0, 1, 2])


def test_the_newest_answer_counts_however_it_arrived():
    old, new = event(1, body="old"), event(2, body="new")
    taken_over = event(1, body="on the other machine", writer=2)

    assert folded([new, old]) == {1: new}
    assert folded([taken_over, new, old]) == {1: taken_over}
    assert folded([]) == {}


@given(st.permutations(EVENTS), st.lists(st.sampled_from(EVENTS)))
def test_repeats_and_order_change_nothing(shuffled, repeats):
    assert folded([*shuffled, *repeats]) == folded(EVENTS)


@given(st.text(), st.text())
def test_no_two_events_are_written_alike(one, other):
    first, second = event(1, body=one), event(1, body=other)

    assert (first.written == second.written) == (one == other)
