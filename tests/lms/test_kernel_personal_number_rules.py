"""The 12-digit number: what it says of its person, and what cannot be one."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.kernel.personal_number import (
    Gender,
    NumberRefusal,
    birth_year_of,
    gender_of,
    masked,
    number_refusal,
    read,
)

M, F = Gender.MALE, Gender.FEMALE


@pytest.mark.parametrize(
    ("number", "birth_date", "gender", "refusal"),
    [
        ("046099001234", date(1999, 5, 1), M, None),
        ("046199001234", date(1999, 5, 1), F, None),
        ("046205001234", date(2005, 1, 1), M, None),
        ("046305001234", date(2005, 12, 31), F, None),
        ("046099001234", None, None, None),
        ("046099001234", date(2000, 5, 1), M, NumberRefusal.BIRTH_YEAR),
        ("046099001234", date(1999, 5, 1), F, NumberRefusal.GENDER),
        ("046205001234", date(1905, 1, 1), M, NumberRefusal.BIRTH_YEAR),
        ("097099001234", None, None, NumberRefusal.PROVINCE),
        ("000099001234", None, None, NumberRefusal.PROVINCE),
        ("999099001234", None, None, NumberRefusal.PROVINCE),
        ("46099001234", None, None, NumberRefusal.LENGTH),
        ("0460990012345", None, None, NumberRefusal.LENGTH),
        ("04609900123a", None, None, NumberRefusal.LENGTH),
        ("٠٤٦٠٩٩٠٠١٢٣٤", None, None, NumberRefusal.LENGTH),
        ("046099001234\n", None, None, NumberRefusal.LENGTH),
        ("", None, None, NumberRefusal.LENGTH),
    ],
)
def test_a_number_fits_its_person(number, birth_date, gender, refusal):
    assert number_refusal(number, birth_date, gender) is refusal


def test_invented_people_have_numbers_of_no_province():
    assert number_refusal("000099001234", invented=True) is None
    assert number_refusal("097099001234", invented=True) is NumberRefusal.PROVINCE


@given(
    province=st.integers(1, 96),
    born=st.dates(date(1900, 1, 1), date(2399, 12, 31)),
    gender=st.sampled_from(Gender),
    lot=st.integers(0, 999_999),
)
def test_every_number_drawn_up_by_the_decree_is_taken(province, born, gender, lot):
    century = 2 * (born.year // 100 - 19) + (gender is F)
    number = f"{province:03d}{century}{born.year % 100:02d}{lot:06d}"

    assert number_refusal(number, born, gender) is None
    assert (birth_year_of(number), gender_of(number)) == (born.year, gender)


def test_blanks_and_dots_between_the_digits_do_not_matter():
    assert read(" 046 099.001\u00a0234") == "046099001234"
    assert read("046-099–001234") == "046099001234"


def test_a_screen_shows_little_of_it():
    assert masked("046099001212") == "0460••••••12"
