"""Numbers, codes, bands and days of certificates."""

from datetime import date
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.certificates.rules import (
    CODE_LENGTH,
    LETTERS,
    ResultBand,
    band_of,
    new_code,
    number_of,
    official_day,
    read_code,
    spaced,
)

SEEDS = st.integers(0, 2**32)


def code_from(seed):
    return new_code(Random(seed).choice)


@pytest.mark.parametrize(
    ("serial", "number"),
    [
        (1, "0001/2026/PĐ-ĐA06"),
        (412, "0412/2026/PĐ-ĐA06"),
        (12345, "12345/2026/PĐ-ĐA06"),
    ],
)
def test_a_number_names_the_serial_the_year_and_the_issuer(serial, number):
    assert number_of(serial, 2026, "PĐ-ĐA06") == number


def test_no_letter_of_a_code_can_be_taken_for_another():
    assert not set("0O1IL") & set(LETTERS)
    assert len(LETTERS) == len(set(LETTERS)) == 31


@given(SEEDS)
def test_a_code_reads_back_as_it_was_printed(seed):
    code = code_from(seed)

    assert len(code) == CODE_LENGTH
    assert read_code(code) == code
    assert read_code(f"  {spaced(code).lower()} ") == code
    assert read_code(" ".join(code)) == code


@given(SEEDS, st.integers(0, CODE_LENGTH - 1), st.sampled_from(LETTERS))
def test_one_wrong_letter_is_always_a_typing_error(seed, at, letter):
    code = code_from(seed)
    typed = code[:at] + letter + code[at + 1 :]

    assert (read_code(typed) is None) == (letter != code[at])


@given(SEEDS, st.integers(0, CODE_LENGTH - 2))
def test_two_exchanged_neighbours_are_always_a_typing_error(seed, at):
    code = code_from(seed)
    typed = code[:at] + code[at + 1] + code[at] + code[at + 2 :]

    assert (read_code(typed) is None) == (code[at] != code[at + 1])


@given(st.text(max_size=40))
def test_whatever_a_stranger_types_is_read_without_failing(typed):
    code = read_code(typed)

    assert code is None or (len(code) == CODE_LENGTH and set(code) <= set(LETTERS))


@pytest.mark.parametrize("typed", ["", "-", "ABCD-EFGH", "0" * 12, "Ắ" * 12, "A" * 500])
def test_what_cannot_be_a_code_is_none(typed):
    assert read_code(typed) is None


def test_a_code_is_printed_in_groups_of_four():
    assert spaced("ABCDEFGH2345") == "ABCD-EFGH-2345"


@pytest.mark.parametrize(
    ("percent", "band"),
    [
        (None, ResultBand.COMPLETED),
        (0, ResultBand.PASSED),
        (64, ResultBand.PASSED),
        (65, ResultBand.FAIR),
        (79, ResultBand.FAIR),
        (80, ResultBand.GOOD),
        (89, ResultBand.GOOD),
        (90, ResultBand.EXCELLENT),
        (100, ResultBand.EXCELLENT),
    ],
)
def test_a_result_is_worded_by_its_band(percent, band):
    assert band_of(percent) is band


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2026, 9, 5), "ngày 05 tháng 9 năm 2026"),
        (date(2026, 2, 28), "ngày 28 tháng 02 năm 2026"),
        (date(2026, 1, 1), "ngày 01 tháng 01 năm 2026"),
        (date(2026, 12, 31), "ngày 31 tháng 12 năm 2026"),
    ],
)
def test_days_are_written_as_official_papers_write_them(day, words):
    assert official_day(day) == words
