"""Seats, hours, states, PINs and the browser of an exam."""

from datetime import datetime, timedelta
from itertools import pairwise
from random import Random

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from courses.exams.rules import browser
from courses.exams.rules.hours import (
    GRACE,
    Hours,
    Phase,
    Silence,
    counts,
    proposed,
    silences,
)
from courses.exams.rules.pins import (
    LIFE,
    TRIES,
    PinRefusal,
    digest,
    fits,
    new_pin,
    pin_refusal,
    shown,
)
from courses.exams.rules.seating import (
    Entrant,
    Room,
    TooFewSeats,
    apart,
    duplicates,
    neighbours_of_one_group,
    numbered,
    seated,
)
from courses.exams.rules.sitting import (
    ENDED,
    MOVES,
    MoveRefusal,
    SittingEvent,
    SittingState,
    move_refusal,
    replayed,
)
from lms.kernel.vietnamese import name_sort_key
from tests.conftest import NINE

MINUTE, SECOND, TICK = (
    timedelta(**{u: 1}) for u in ("minutes", "seconds", "microseconds")
)
S, E = SittingState, SittingEvent


def entrants(names, group="9A"):
    return [Entrant(at, name_sort_key(name), group) for at, name in enumerate(names)]


def test_numbers_follow_the_order_of_names():
    people = entrants(["Trần Văn Bình", "Lê Thị Ánh", "Nguyễn Văn An", "Đỗ Văn An"])

    assert numbered(people, "PD") == {3: "PD001", 2: "PD002", 1: "PD003", 0: "PD004"}


crowds = st.lists(st.sampled_from("ABCD"), min_size=1, max_size=40)


@given(crowds, st.integers())
def test_classmates_sit_apart_wherever_that_can_be(groups, seed):
    people = [Entrant(at, str(at), group) for at, group in enumerate(groups)]
    most = max(groups.count(group) for group in groups)

    line = apart(people, Random(seed))

    assert sorted(one.id for one in line) == list(range(len(people)))
    beside = sum(a.group == b.group for a, b in pairwise(line))
    # More than every second seat: so many must sit beside a classmate, and no more.
    assert beside == max(0, 2 * most - len(people) - 1)


@given(crowds, st.lists(st.integers(1, 12), min_size=1, max_size=6))
def test_everybody_has_one_seat_and_no_seat_has_two(groups, sizes):
    people = [Entrant(at, f"{at:03d}", group) for at, group in enumerate(groups)]
    rooms = [Room(number, size) for number, size in enumerate(sizes)]
    assume(sum(sizes) >= len(people))

    places = seated(people, rooms, "seed")

    assert sorted(place.entrant for place in places) == list(range(len(people)))
    assert len({(place.room, place.seat) for place in places}) == len(people)
    assert all(1 <= place.seat <= rooms[place.room].seats for place in places)
    assert places == seated(people, rooms, "seed")


def test_the_last_room_is_not_left_with_a_handful():
    people = [Entrant(at, f"{at:03d}", str(at)) for at in range(26)]

    places = seated(people, [Room(1, 24), Room(2, 24), Room(3, 24)], "seed")

    assert [sum(p.room == room for p in places) for room in (1, 2, 3)] == [13, 13, 0]


def test_too_few_seats_are_counted():
    with pytest.raises(TooFewSeats) as caught:
        seated(entrants(["A", "B", "C"]), [Room(1, 2)], "seed")

    assert caught.value.missing == 1


def test_who_must_sit_beside_a_classmate_is_told_apart():
    people = entrants(["A", "B"])

    pairs = neighbours_of_one_group(people, seated(people, [Room(1, 2)], "seed"))

    assert [sorted(pair) for pair in pairs] == [[0, 1]]


def test_a_number_that_stands_twice_is_found():
    assert duplicates(["1", "2", "1"]) == {"1"}


def at(text: str) -> datetime:
    hour, minute = text.split(":")
    return NINE.replace(hour=int(hour), minute=int(minute))


HOURS = Hours(at("07:15"), at("08:00"), 90 * MINUTE)


@pytest.mark.parametrize("timeline", ["before 07:15 entry 08:00 writing 09:30 over"])
def test_the_hours_change_at_the_very_moment(timeline):
    words = timeline.split()
    for before, moment, after in zip(
        words[::2], words[1::2], words[2::2], strict=False
    ):
        assert HOURS.phase(at(moment) - TICK) is Phase(before)
        assert HOURS.phase(at(moment)) is Phase(after)


def test_a_late_candidate_enters_for_a_while_and_has_what_is_left():
    assert not HOURS.may_enter(at("07:15") - TICK)
    assert HOURS.may_enter(at("08:15") - TICK)
    assert not HOURS.may_enter(at("08:15"))
    assert HOURS.deadline() == at("09:30")
    assert HOURS.deadline(7 * MINUTE) == at("09:37")


def test_an_answer_on_its_way_at_the_deadline_counts_for_half_a_minute():
    assert counts(at("09:30"), at("09:30") + GRACE - TICK)
    assert not counts(at("09:30"), at("09:30") + GRACE)


def test_time_without_a_sign_is_proposed_back_to_the_second():
    began, ended = at("08:00"), at("08:20")
    beats = [began + n * 15 * SECOND for n in range(1, 80)]
    off = Silence(at("08:05"), at("08:05") + 432 * SECOND)
    heard = [beat for beat in beats if not off.began_at < beat < off.ended_at]

    [silence] = silences(heard, began, ended)

    assert proposed([silence]) == 435 * SECOND
    assert proposed([silence], answered_through=[at("08:07")]) == 0 * SECOND


def test_a_seat_that_is_heard_of_lost_nothing():
    beats = [at("08:00") + n * 15 * SECOND for n in range(80)]

    assert silences(beats, at("08:00"), at("08:20")) == []
    assert proposed([]) == 0 * SECOND


events = st.lists(st.sampled_from(SittingEvent), max_size=12)


@given(events)
def test_no_order_of_events_leads_out_of_the_table(moves):
    state = S.EXPECTED
    made = []
    for event in moves:
        if move_refusal(state, event, "có lý do") is None:
            state = MOVES[state, event]
            made.append(event)
        else:
            assert (state, event) not in MOVES

    assert replayed(made) is state
    if state in ENDED:
        assert all(move_refusal(state, event, "vì") for event in SittingEvent)


@given(events)
def test_nobody_writes_who_was_not_admitted_and_seated(moves):
    state, seen = S.EXPECTED, set()
    for event in moves:
        if (state, event) in MOVES:
            state = MOVES[state, event]
            seen.add(event)

    if state in (S.WRITING, S.PAUSED, S.SUBMITTED):
        assert {E.ADMIT, E.SEAT, E.START} <= seen


def test_an_act_against_somebody_needs_a_reason():
    assert move_refusal(S.WRITING, E.EXPEL, " ") is MoveRefusal.REASON_NEEDED
    assert move_refusal(S.WRITING, E.EXPEL, "dùng điện thoại") is None
    assert move_refusal(S.SUBMITTED, E.START, "") is MoveRefusal.NOT_NOW


def test_moves_that_cannot_have_happened_are_found():
    with pytest.raises(ValueError, match="submit of a sitting that is expected"):
        replayed([E.SUBMIT])


KEY = b"k" * 32


def test_a_pin_opens_one_seat_of_one_sitting():
    pin = new_pin()
    kept = digest(KEY, pin, 7, "P1/12")

    assert fits(kept, KEY, shown(pin).lower(), 7, "P1/12")
    assert not fits(kept, KEY, pin, 7, "P1/13")
    assert not fits(kept, KEY, pin, 8, "P1/12")
    assert not fits(kept, KEY, new_pin(), 7, "P1/12")


@pytest.mark.parametrize(
    ("used_at", "tries", "after", "refusal"),
    [
        (None, 0, MINUTE, None),
        (None, TRIES - 1, LIFE - TICK, None),
        (NINE, 0, MINUTE, PinRefusal.USED),
        (None, TRIES, MINUTE, PinRefusal.TOO_MANY),
        (None, 0, LIFE, PinRefusal.EXPIRED),
    ],
)
def test_a_pin_is_good_once_and_for_a_while(used_at, tries, after, refusal):
    assert pin_refusal(NINE, used_at, tries, NINE + after) is refusal


def test_the_config_key_is_the_one_that_the_browser_computes():
    # Moodle gives a sitting without settings the digest of "[]".
    assert browser.config_key({}) == (
        "4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945"
    )


def test_settings_are_digested_as_the_browser_writes_them():
    settings = {
        "startURL": "https://thi.example/a\\b",
        "allowWLAN": False,
        "allowWlan": True,
        "Beta": 1.5,
        "alpha": [],
        "empty": {},
        "rules": [{"b": b"\x00\x01", "a": "chữ Việt"}],
        "originatorVersion": "LMS_1",
    }

    assert browser.seb_json(settings) == (
        '{"allowWlan":true,"allowWLAN":false,"alpha":[],"Beta":1.5,'
        '"rules":[{"a":"chữ Việt","b":"AAE="}],"startURL":"https://thi.example/a\\b"}'
    )


def test_what_is_written_is_read_back_with_the_same_key():
    settings = browser.settings_for("https://a/x", "https://a/y", ["a/*"])

    again = browser.read(browser.written(settings))

    assert browser.config_key(again) == browser.config_key(settings)


@pytest.mark.parametrize("data", [b"", b"{}", b"<plist/>", b"plnd\x00", b"<a>" * 9])
def test_a_file_of_another_kind_is_no_configuration(data):
    with pytest.raises(ValueError, match="not a"):
        browser.read(data)


def test_the_header_belongs_to_one_address_and_one_configuration():
    url, key = "https://thi.example/exam/7?x=1", "ab" * 32
    header = browser.header_for(f"{url}#câu-3", key)

    assert browser.is_genuine(header.upper(), url, key)
    assert not browser.is_genuine(header, f"{url}&y=2", key)
    assert not browser.is_genuine(header, url, "cd" * 32)
    assert not browser.is_genuine(None, url, key)
