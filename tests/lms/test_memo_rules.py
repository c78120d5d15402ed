"""The code in a memo finds its bill whatever a bank did to it, or not at all."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.fees.rules.memo import (
    ALPHABET,
    BODY,
    LENGTH,
    codes_in,
    is_code,
    memo_code,
    near_codes_in,
)

numbers = st.integers(0, len(ALPHABET) ** BODY - 1)
places = st.integers(2, LENGTH - 1)


@given(numbers, numbers)
def test_every_bill_has_a_code_of_its_own(one, other):
    assert is_code(memo_code(one))
    assert len(memo_code(one)) == LENGTH <= 13
    assert (memo_code(one) == memo_code(other)) == (one == other)


@given(numbers, places, st.sampled_from(ALPHABET))
def test_one_wrong_character_is_never_taken_for_another_bill(number, at, letter):
    code = memo_code(number)
    wrong = code[:at] + letter + code[at + 1 :]

    assert is_code(wrong) == (wrong == code)
    if wrong != code:
        assert code in near_codes_in(wrong)


@given(numbers, places, places)
def test_two_characters_that_changed_places_are_noticed(number, one, other):
    letters = list(memo_code(number))
    letters[one], letters[other] = letters[other], letters[one]
    swapped = "".join(letters)

    assert is_code(swapped) == (swapped == memo_code(number))


@pytest.mark.parametrize(
    "memo",
    [
        "{code}",
        "MBVCB.7012345678.{code}.CT tu 0071000123456 NGUYEN VAN AN",
        "nop tien ban tru be an 6a1 {lower}",
        "{spaced} chuyen tien",
        "{dotted}-FT26270123",
    ],
)
def test_what_banks_write_around_and_into_a_code_does_not_hide_it(memo):
    code = memo_code(123_456_789)
    spaced, dotted = f"{code[:4]} {code[4:9]} {code[9:]}", f"{code[:6]}.{code[6:]}"
    text = memo.format(code=code, lower=code.lower(), spaced=spaced, dotted=dotted)

    assert codes_in(text) == [code]


def test_two_children_in_one_transfer_are_both_seen():
    one, other = memo_code(1), memo_code(2)

    assert codes_in(f"{one} {other} {one}") == [one, other]


def test_a_code_that_was_cut_is_no_code():
    assert codes_in(memo_code(7)[:-1]) == []


@pytest.mark.parametrize("number", [-1, len(ALPHABET) ** BODY])
def test_there_is_no_code_past_the_last(number):
    with pytest.raises(ValueError, match="no code"):
        memo_code(number)
