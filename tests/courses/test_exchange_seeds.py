"""Files that once broke a parser, or might: read without a fault ever after."""

import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from courses.exchange.checking import checked_reading
from courses.exchange.rules import NotTaken
from tests.fuzz.question_files import SEEDS, broken, samples, tried

KEPT = sorted(SEEDS.iterdir()) if SEEDS.is_dir() else []
FILES = samples()
MARKS = (
    "{ } = ~ # \\ -> %50% %-33.3% :: : T 1.5 [html] #### .. a Câu <b> &lt; * // A."
    " {1:MC: ANSWER:A [[1]] \\(x\\) $x$ \u0301 \ue010 $CATEGORY:x/y"
)
WORDS = st.sampled_from([*MARKS.split(" "), "\n", "\n\n", " "])


@pytest.mark.parametrize("seed", KEPT, ids=[one.name for one in KEPT])
def test_what_broke_a_parser_once_does_so_no_more(seed: Path):
    assert tried(seed.read_bytes()) == ""


@pytest.mark.parametrize("name", FILES)
def test_a_broken_file_is_told_and_never_a_fault(name: str):
    chance = random.Random(7)

    for _time in range(25):
        assert tried(broken(chance.choice(FILES[name]), chance)) == ""


@settings(max_examples=60)
@given(st.lists(WORDS, max_size=60).map("".join))
def test_no_text_is_a_fault(text: str):
    try:
        reading = checked_reading(text.encode())
    except NotTaken:
        return
    assert all(one.where for one in reading.items)
