"""Signed addresses, keys, and the sizes a video is offered in."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media.rules.addresses import (
    STEP_SECONDS,
    address,
    derived_key,
    expiry,
    is_genuine,
    is_key,
    new_folder,
    signature,
)
from media.rules.renditions import Rung, Size, ladder, master_playlist
from tests.conftest import NINE

KEY = derived_key("a secret")
LIFE = timedelta(hours=4)
ENDS = expiry(NINE, LIFE)
AT_THE_END = NINE.replace(hour=13)


def test_an_address_opens_until_its_very_end():
    signed = signature(KEY, 7, ENDS)

    assert is_genuine(KEY, signed, 7, ENDS, AT_THE_END - timedelta(microseconds=1))
    assert not is_genuine(KEY, signed, 7, ENDS, AT_THE_END)


@pytest.mark.parametrize(
    ("key", "asset_id", "expires"),
    [(KEY, 8, ENDS), (KEY, 7, ENDS + 1), (derived_key("another"), 7, ENDS)],
)
def test_a_signature_fits_nothing_else(key, asset_id, expires):
    signed = signature(KEY, 7, ENDS)

    assert not is_genuine(key, signed, asset_id, expires, NINE)


@given(st.text(max_size=60))
def test_no_text_is_taken_for_a_signature(signed):
    assert not is_genuine(KEY, signed, 7, ENDS, NINE)


@given(st.integers(0, 10_000_000))
def test_an_address_lives_its_life_and_at_most_a_step_more(later):
    now = NINE + timedelta(seconds=later)

    left = expiry(now, LIFE) - now.timestamp()

    assert LIFE.total_seconds() <= left < LIFE.total_seconds() + STEP_SECONDS


def test_addresses_made_in_the_same_quarter_hour_are_the_same():
    soon = expiry(NINE + timedelta(minutes=1), LIFE)
    later = expiry(NINE + timedelta(minutes=14), LIFE)

    assert address(KEY, 7, soon, "a") == address(KEY, 7, later, "a")


@pytest.mark.parametrize(
    "key",
    [
        "",
        "a",
        "../../etc/passwd",
        f"{'a' * 32}",
        f"{'a' * 32}/",
        f"{'a' * 32}/../b",
        f"{'a' * 32}/..",
        f"{'a' * 32}/a..b",
        f"{'a' * 32}/.hidden",
        f"{'a' * 32}//b",
        f"{'a' * 32}/a\x00",
        f"{'a' * 32}/a%2f",
        f"{'a' * 32}/a\\b",
        f"{'a' * 32}/a\n",
        f"/{'a' * 32}/a",
    ],
)
def test_a_key_that_we_did_not_make_is_none(key):
    assert not is_key(key)


def test_our_own_keys_are_keys():
    assert is_key(f"{new_folder()}/original")
    assert is_key(f"{new_folder()}/hls-0a1b/360p/s00001.m4s")


@pytest.mark.parametrize(
    ("source", "sizes"),
    [
        (Size(1920, 1080), [Size(640, 360), Size(1280, 720)]),
        (Size(1080, 1920), [Size(360, 640), Size(720, 1280)]),
        (Size(640, 480), [Size(480, 360), Size(640, 480)]),
        (Size(320, 240), [Size(320, 240)]),
        (Size(641, 361), [Size(638, 360)]),
        (Size(3, 3), [Size(2, 2)]),
        (Size(1, 1), [Size(2, 2)]),
    ],
)
def test_a_video_is_offered_small_and_large_and_never_larger(source, sizes):
    assert [rung.size for rung in ladder(source)] == sizes


@given(st.integers(2, 8192), st.integers(2, 8192))
def test_every_rendition_is_even_and_fits_in_its_source(width, height):
    for rung in ladder(Size(width, height)):
        assert rung.size.width % 2 == rung.size.height % 2 == 0
        assert rung.size.width <= width
        assert rung.size.height <= height


def test_the_master_playlist_names_each_rendition():
    rungs = [Rung(Size(640, 360), 700), Rung(Size(1280, 720), 2200)]

    lines = master_playlist(rungs).splitlines()

    assert lines[0] == "#EXTM3U"
    assert lines[-2:] == [
        "#EXT-X-STREAM-INF:BANDWIDTH=2516000,RESOLUTION=1280x720",
        "720p/index.m3u8",
    ]
