"""Reading items, grading responses, and shuffling options."""

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.items.forms import FORMS
from courses.items.rules import RIGHT, UNGRADED, WRONG, Score
from courses.items.types import ITEM_TYPES, parse
from tests.factories.items import ALL_KINDS
from tests.factories.quizzes import MULTIPLE, ONE_OF_EACH, SHORT, SINGLE, TRUE_FALSE

KINDS = {spec["kind"]: spec for spec in ONE_OF_EACH}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=3)
    ),
    max_leaves=6,
)
WORDS = st.text(st.characters(codec="utf-8", categories=("L", "N", "P")), min_size=1)


@st.composite
def choices(draw: Any) -> dict[str, Any]:
    """A choice of either kind, with its key."""
    ids = draw(st.lists(st.sampled_from("abcdefgh"), min_size=2, unique=True))
    options = [{"id": key, "text": draw(WORDS)} for key in ids]
    right = draw(st.lists(st.sampled_from(ids), min_size=1, unique=True))
    kind = draw(st.sampled_from(["single_choice", "multiple_choice"]))
    correct: Any = right if kind == "multiple_choice" else right[0]
    return {"kind": kind, "stem": "?", "options": options, "correct": correct}


def with_(spec: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return {**spec, **changes}


def test_every_kind_has_its_form_and_is_named_as_it_is_found():
    assert ITEM_TYPES.keys() == FORMS.keys() == ALL_KINDS.keys()
    assert all(kind.kind == name for name, kind in ITEM_TYPES.items())


@pytest.mark.parametrize("spec", ONE_OF_EACH, ids=list(KINDS))
def test_what_is_stored_gives_the_item_back(spec):
    item = parse(spec)

    assert parse(item.stored()) == item
    assert item.stem == spec["stem"]
    assert item.explanation == spec["explanation"]


@given(spec=choices(), data=st.data())
def test_shuffling_never_changes_the_grade(spec, data):
    item = parse(spec)
    order = data.draw(st.permutations(item.option_ids))
    response = data.draw(
        st.sampled_from(item.option_ids) | st.lists(st.sampled_from(item.option_ids))
    )

    shuffled = item.shuffled(order)

    assert shuffled.option_ids == tuple(order)
    assert shuffled.grade(response) == item.grade(response)
    assert shuffled.grade(item.key()) == RIGHT
    assert shuffled.key() == item.key()


@given(spec=choices())
def test_a_choice_read_from_what_it_stores_grades_alike(spec):
    item = parse(spec)

    again = parse(item.stored())

    assert again == item
    assert again.grade(again.key()) == RIGHT


@pytest.mark.parametrize("spec", ONE_OF_EACH, ids=list(KINDS))
@given(response=JSON)
def test_any_response_gets_a_share_between_nothing_and_all(spec, response):
    item = parse(spec)

    share = item.grade(response).share

    assert share is not None
    assert 0 <= share <= 1
    if not item.accepts(response):
        assert share == 0


@given(spec=st.dictionaries(st.sampled_from([*sorted(SINGLE), "accepted"]), JSON))
def test_rubbish_is_refused_as_no_item(spec):
    for kind in ITEM_TYPES:
        try:
            item = parse({**spec, "kind": kind})
        except ValueError:
            continue
        assert parse(item.stored()) == item


@pytest.mark.parametrize(
    "spec",
    [
        {},
        {"kind": "riddle"},
        {"kind": ["single_choice"]},
        with_(SINGLE, stem=""),
        with_(SINGLE, stem=7),
        with_(SINGLE, stem="x" * 60_001),
        with_(SINGLE, explanation=None),
        with_(SINGLE, options="ab"),
        with_(SINGLE, options=[{"id": "a", "text": "một"}]),
        with_(SINGLE, options=[{"id": "a", "text": str(n)} for n in range(2)]),
        with_(SINGLE, options=[{"id": str(n), "text": "x"} for n in range(41)]),
        with_(SINGLE, options=["a", "b"]),
        with_(SINGLE, options=[{"id": "", "text": "x"}, {"id": "b", "text": "y"}]),
        with_(SINGLE, options=[{"id": "a", "text": " "}, {"id": "b", "text": "y"}]),
        with_(SINGLE, correct="d"),
        with_(SINGLE, correct=["b"]),
        with_(MULTIPLE, correct=[]),
        with_(MULTIPLE, correct="a"),
        with_(MULTIPLE, correct=["a", "z"]),
        with_(MULTIPLE, correct=["a", {}]),
        with_(MULTIPLE, scoring="generous"),
        with_(MULTIPLE, scoring=[]),
        with_(TRUE_FALSE, correct=1),
        {"kind": "true_false", "stem": "?"},
        with_(SHORT, accepted=[]),
        with_(SHORT, accepted="VNeID"),
        with_(SHORT, accepted=["  "]),
        with_(SHORT, accepted=[3]),
        with_(SHORT, accepted=["x\x00"]),
        with_(SHORT, accepted=["x"] * 61),
        with_(SHORT, ignore_case="yes"),
    ],
)
def test_a_wrong_spec_is_refused(spec):
    with pytest.raises(ValueError):  # noqa: PT011 -- the words are for developers
        parse(spec)


@pytest.mark.parametrize(
    ("response", "score"),
    [("b", RIGHT), ("a", WRONG), ("z", WRONG), (None, WRONG), (["b"], WRONG)],
)
def test_only_the_right_option_is_right(response, score):
    assert parse(SINGLE).grade(response) == score


@pytest.mark.parametrize(
    ("response", "share"),
    [
        (["a", "c"], 1),
        (["c", "a"], 1),
        (["a"], Fraction(1, 2)),
        (["a", "b"], 0),
        (["a", "b", "c"], Fraction(1, 2)),
        (["b"], 0),
        ([], 0),
        (["a", "a"], 0),
        ("ac", 0),
        (None, 0),
    ],
)
def test_a_wrong_pick_costs_a_right_one(response, share):
    assert parse(MULTIPLE).grade(response).share == share


@pytest.mark.parametrize(
    ("response", "share"), [(["c", "a"], 1), (["a"], 0), (["a", "b", "c"], 0)]
)
def test_scored_as_a_whole_only_all_of_it_counts(response, share):
    assert parse(with_(MULTIPLE, scoring="whole")).grade(response).share == share


@pytest.mark.parametrize(
    ("response", "score"), [(True, RIGHT), (False, WRONG), (1, WRONG), ("true", WRONG)]
)
def test_one_is_not_true(response, score):
    assert parse(TRUE_FALSE).grade(response) == score


@pytest.mark.parametrize(
    ("settings", "given", "right"),
    [
        ({}, "VNeID", True),
        ({}, "  vneid. ", True),
        ({}, "VNe ID", False),
        ({"ignore_case": False}, "vneid", False),
        ({"accepted": ["Định danh điện tử"]}, "định  danh điện tử", True),
        ({"accepted": ["điện tử"]}, "\u0111ie\u0323\u0302n tu\u031b\u0309", True),
        ({"accepted": ["Định danh"]}, "dinh danh", False),
        ({"accepted": ["Định danh"], "ignore_accents": True}, "DINH DANH", True),
        ({"accepted": ["12", "mười hai"]}, "Mười hai", True),
        ({}, "", False),
        ({}, "...", False),
        ({}, 5, False),
        ({}, "x" * 501, False),
    ],
)
def test_a_short_answer_is_compared_as_people_would(settings, given, right):
    score = parse(with_(SHORT, **settings)).grade(given)

    assert score == (RIGHT if right else WRONG)


@pytest.mark.parametrize(
    ("spec", "taken", "not_taken"),
    [
        (SINGLE, ["a", "b"], ["d", "", 0, True, None, ["a"], {}]),
        (MULTIPLE, [[], ["a"], ["c", "a"]], ["a", [1], [["a"]], ["a", "a"], None, {}]),
        (TRUE_FALSE, [True, False], [0, 1, "true", None, []]),
        (SHORT, ["", "chữ"], [0, None, [], "a\x00", "\ud800", "a\nb", "x" * 501]),
    ],
    ids=list(KINDS),
)
def test_a_type_knows_the_shape_of_its_responses(spec, taken, not_taken):
    item = parse(spec)

    assert [item.accepts(one) for one in taken] == [True] * len(taken)
    assert [item.accepts(one) for one in not_taken] == [False] * len(not_taken)


@pytest.mark.parametrize(
    ("spec", "blank", "given"),
    [
        (SINGLE, [None], ["a"]),
        (MULTIPLE, [None, []], [["a"]]),
        (TRUE_FALSE, [None], [False, True]),
        (SHORT, [None, "", "  "], ["0"]),
    ],
    ids=list(KINDS),
)
def test_no_is_an_answer_and_nothing_is_none(spec, blank, given):
    item = parse(spec)

    assert all(item.is_blank(one) for one in blank)
    assert not any(item.is_blank(one) for one in given)


@pytest.mark.parametrize(
    ("spec", "values", "response"),
    [
        (SINGLE, ["b"], "b"),
        (SINGLE, [], None),
        (MULTIPLE, ["a", "c"], ["a", "c"]),
        (MULTIPLE, [], None),
        (TRUE_FALSE, ["false"], False),
        (TRUE_FALSE, ["true"], True),
        (TRUE_FALSE, ["maybe"], "maybe"),
        (TRUE_FALSE, [], None),
        (SHORT, [" VNeID "], "VNeID"),
        (SHORT, ["  "], None),
        (SHORT, [], None),
    ],
)
def test_a_form_without_scripts_says_the_same(spec, values, response):
    assert parse(spec).from_form(values) == response


@pytest.mark.parametrize("spec", [SINGLE, MULTIPLE], ids=["single", "multiple"])
@pytest.mark.parametrize("order", [[], ["a", "b"], ["a", "b", "d"], ["a", "b", "b"]])
def test_an_order_of_other_options_is_refused(spec, order):
    with pytest.raises(ValueError, match="other options"):
        parse(spec).shuffled(order)


@pytest.mark.parametrize("spec", [TRUE_FALSE, SHORT], ids=["true-false", "short"])
def test_what_has_no_options_cannot_be_put_in_order(spec):
    assert parse(spec).shuffled([]) == parse(spec)
    with pytest.raises(ValueError, match="no options"):
        parse(spec).shuffled(["a"])


@pytest.mark.parametrize("spec", ONE_OF_EACH, ids=list(KINDS))
def test_the_key_is_what_the_author_gave(spec):
    item = parse(spec)

    assert item.key() == spec.get("correct", spec.get("accepted"))
    assert item.accepts(item.key() if spec is not SHORT else item.key()[0])


def test_a_score_is_a_share_of_what_the_place_is_worth():
    assert Score(Fraction(1, 3)).points(Fraction(3, 2)) == Fraction(1, 2)
    assert UNGRADED.points(Fraction(1)) is None
