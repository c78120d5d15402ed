"""Vietnamese text: found without accents, names in the order of a class list."""

import unicodedata
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.kernel.vietnamese import fold, name_sort_key

NAMES_IN_ORDER = [
    "An",
    "Bùi Văn An",
    "Nguyễn An",
    "Nguyễn Thị An",
    "Nguyễn Văn An",
    "Đỗ Thị Ân",
    "Nguyễn Văn Ba",
    "Lê Bảo",
    "Lê Bão",
    "Lê Bạo",
    "Trần Dung",
    "Trần Dũng",
    "Trần Đan",
    "Hoàng Lan",
    "Hoàng Lân",
    "Phạm Thị Tý",
    "Phạm Thị Ước",
    "Phạm Thị Ý",
]


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Định danh điện tử", "dinh danh dien tu"),
        ("ĐỀ ÁN 06", "de an 06"),
        ("Đào  tạo\n trực tuyến ", "dao tao truc tuyen"),
        ("ươ ƯƠ ơư ăâêô", "uo uo ou aaeo"),
        ("Nguyễn Thị Hường", "nguyen thi huong"),
        ("CCCD gắn chíp", "cccd gan chip"),
        ("", ""),
    ],
)
def test_search_ignores_accents_case_and_spacing(text, folded):
    assert fold(text) == folded


@given(st.text())
def test_composed_and_decomposed_text_are_found_alike(text):
    assert fold(unicodedata.normalize("NFD", text)) == fold(
        unicodedata.normalize("NFC", text)
    )


@given(st.text())
def test_what_was_folded_stays_as_it_is(text):
    assert fold(fold(text)) == fold(text)


def test_names_sort_by_the_given_name_then_the_rest():
    mixed = NAMES_IN_ORDER.copy()
    Random(6).shuffle(mixed)

    assert sorted(mixed, key=name_sort_key) == NAMES_IN_ORDER


@given(st.text(max_size=120))
def test_any_name_has_a_key_that_fits_its_column(name):
    assert len(name_sort_key(name)) <= 400


@given(st.sampled_from(NAMES_IN_ORDER))
def test_a_name_sorts_alike_however_it_was_typed(name):
    typed = f"  {unicodedata.normalize('NFD', name.upper())} "

    assert name_sort_key(typed) == name_sort_key(name)
