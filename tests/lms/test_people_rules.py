"""How long one must wait after failures, and how long a session lives."""

from datetime import timedelta

import pytest

from lms.people.rules import (
    ACCOUNT_TRIES,
    ACCOUNT_WAITS,
    Failures,
    barred_until,
    device_name,
    is_live,
)
from tests.conftest import NINE

MINUTE = timedelta(minutes=1)
IDLE, LIFE = timedelta(hours=12), timedelta(days=7)
MICROSECOND = timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("count", "minutes"),
    [(0, None), (4, None), (5, 1), (6, 5), (7, 15), (8, 15), (1000, 15)],
)
def test_the_wait_grows_and_ends_by_itself(count, minutes):
    until = barred_until(Failures(count, NINE), ACCOUNT_TRIES, ACCOUNT_WAITS)

    assert until == (None if minutes is None else NINE + minutes * MINUTE)


def test_nobody_is_barred_without_failures():
    assert barred_until(None, ACCOUNT_TRIES, ACCOUNT_WAITS) is None


@pytest.mark.parametrize(
    ("opened", "seen", "live"),
    [
        (timedelta(), timedelta(), True),
        (IDLE, IDLE - MICROSECOND, True),
        (IDLE, IDLE, False),
        (LIFE - MICROSECOND, timedelta(), True),
        (LIFE, timedelta(), False),
    ],
)
def test_a_session_ends_when_idle_and_when_old(opened, seen, live):
    now = NINE

    assert is_live(now - opened, now - seen, now, idle_life=IDLE, life=LIFE) is live


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 "
            "(KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36 Edg/130.0.0.0",
            "Edge, Windows",
        ),
        (
            "Mozilla/5.0 (Linux; Android 10; SM-A107F) AppleWebKit/537.36 "
            "(KHTML, like Gecko) Chrome/130.0.0.0 Mobile Safari/537.36",
            "Chrome, Android",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) "
            "AppleWebKit/605.1.15 Version/17.0 Mobile/15E148 Safari/604.1",
            "Safari, iPhone",
        ),
        (
            "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko Firefox/130.0",
            "Firefox, Linux",
        ),
        ("curl/8.0", ""),
        ("", ""),
    ],
)
def test_a_device_is_called_by_its_browser_and_system(user_agent, name):
    assert device_name(user_agent) == name
