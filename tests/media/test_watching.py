"""Watching: what the server believes, and where one goes on."""

from datetime import timedelta
from math import nan

import pytest

from lms.kernel.errors import Refused
from media.models import AssetState
from media.rules.files import AssetKind
from media.services import (
    percent_watched,
    percents_watched,
    playback,
    signed_url,
    watch,
)
from tests.conftest import NINE
from tests.factories import people
from tests.media import samples


@pytest.fixture
def learner(app):
    return people.account("Trần Thị Bình")


@pytest.fixture
def film(app):
    """A video of one hundred seconds."""
    return samples.asset(
        people.account(),
        samples.clip(),
        "a.mp4",
        kind=AssetKind.VIDEO,
        state=AssetState.READY,
        duration_seconds=100.0,
    )


@pytest.fixture
def report(film, learner):
    """Return a function that reports what was played, some seconds after nine."""

    def told(after: float, *played: list[float], rate: float = 1, position: float = 0):
        return watch(
            asset_id=film.id,
            account_id=learner.id,
            played=list(played),
            position=position,
            rate=rate,
            now=NINE + timedelta(seconds=after),
        )

    return told


def test_an_honest_learner_reaches_the_end(report, film, learner):
    report(0)
    for second in range(10, 101, 10):
        reached = report(second, [second - 10, second], position=second)

    assert reached == 100
    assert percent_watched(film.id, learner.id) == 100


def test_a_forged_report_of_the_whole_video_counts_four_seconds(report):
    assert report(0, [0, 100]) == 4


def test_nobody_watches_at_sixteen_times_the_speed(report):
    report(0)

    assert report(6, [0, 96], rate=16) == 4 + 12


def test_two_tabs_together_watch_no_faster_than_one(report):
    report(0)
    for second in range(5, 21, 5):
        report(second, [second - 5, second], rate=2)
        reached = report(second, [second + 45, second + 50], rate=2)

    assert reached == 40


def test_a_tab_that_plays_the_same_part_adds_nothing(report):
    report(0)
    report(10, [0, 10])

    assert report(20, [0, 10]) == 10


def test_jumping_ahead_leaves_the_gap_open(report):
    report(0)
    report(10, [0, 10])

    assert report(20, [90, 100]) == 20


def test_a_clock_that_goes_back_earns_nothing(report):
    report(60)

    assert report(0, [0, 100]) == 4
    assert report(60, [0, 100]) == 4


@pytest.mark.parametrize("played", ["x", [["a", 1]], [[0, nan]], [[5, 1]], [[0]]])
def test_a_report_that_makes_no_sense_changes_nothing(film, learner, played):
    with pytest.raises(Refused):
        watch(
            asset_id=film.id,
            account_id=learner.id,
            played=played,
            position=0,
            rate=1,
            now=NINE,
        )

    assert percent_watched(film.id, learner.id) == 0


def test_one_goes_on_where_one_stopped_on_any_device(report, film, learner):
    assert playback(film, learner.id, NINE).position == 0

    report(0, position=42.5)

    shown = playback(film, learner.id, NINE)
    assert shown.position == 40.5
    assert [source.url for source in shown.sources] == [signed_url(film, NINE)]


def test_what_one_watches_is_ones_own(report, film, learner):
    report(0, [0, 4])

    assert percent_watched(film.id, film.owner_id) == 0
    assert percents_watched([film.id, 999], learner.id) == {film.id: 4, 999: 0}


def test_showing_a_video_costs_few_queries(film, learner, queries):
    learner_id, _loaded = learner.id, film.id

    with queries() as run:
        playback(film, learner_id, NINE)

    assert len(run) == 2


def test_a_video_in_the_making_has_nothing_to_play(film, learner):
    film.state = AssetState.PROCESSING

    assert playback(film, learner.id, NINE).sources == ()
