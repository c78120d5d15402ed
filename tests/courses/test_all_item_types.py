"""Every item type: reading, storing, grading, and being shuffled."""

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from courses.items.rules import RIGHT, UNGRADED, WRONG
from courses.items.types import ITEM_TYPES, parse
from courses.items.types.essay import rubric_score
from tests.factories import items
from tests.factories.items import ALL_KINDS, GRADED

NAMES = sorted({key for spec in ALL_KINDS.values() for key in spec})
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from([*"abc123", "r1", "id", "text"]), inner)
    ),
    max_leaves=8,
)
EVERY = pytest.mark.parametrize("spec", ALL_KINDS.values(), ids=list(ALL_KINDS))


def with_(spec: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return {**spec, **changes}


def share(spec: dict[str, Any], response: Any) -> Fraction | None:
    return parse(spec).grade(response).share


def right_response(item: Any) -> Any:
    return item.key()[0] if item.kind == "short_answer" else item.key()


@EVERY
def test_what_is_stored_gives_the_item_back(spec):
    item = parse(spec)

    assert parse(item.stored()) == item
    assert parse(item.stored()).stored() == item.stored()


@pytest.mark.parametrize("spec", GRADED, ids=lambda spec: spec["kind"])
def test_the_key_earns_everything_and_a_blank_nothing(spec):
    item = parse(spec)

    assert item.grade(right_response(item)) == RIGHT
    assert item.accepts(right_response(item))
    assert not item.is_blank(right_response(item))
    for blank in (None, "", [], {}):
        assert item.grade(blank) == WRONG


@pytest.mark.parametrize("spec", GRADED, ids=lambda spec: spec["kind"])
@given(data=st.data())
def test_shuffling_never_takes_the_key_away(spec, data):
    item = parse(spec)
    order = data.draw(st.permutations(item.option_ids))

    shuffled = item.shuffled(order)

    assert shuffled.grade(right_response(shuffled)) == RIGHT
    with pytest.raises(ValueError, match=r"order|no options"):
        item.shuffled([*order, "zz"])


@EVERY
@given(response=JSON)
def test_any_response_is_graded_and_never_beyond_full_marks(spec, response):
    item = parse(spec)

    score = item.grade(response)

    assert score == UNGRADED or -1 <= score.share <= 1
    assert item.accepts(response) or score == WRONG
    assert all(isinstance(text, str) for text in item.remarks(response))
    assert item.is_blank(response) in (True, False)


@EVERY
@given(
    values=st.lists(
        st.text(max_size=8)
        | st.builds("{}={}".format, st.sampled_from([*"abc123", "r1"]), st.text())
    )
)
def test_whatever_a_form_sends_is_read_and_judged(spec, values):
    item = parse(spec)

    response = item.from_form(values)

    assert item.accepts(response) in (True, False)
    assert item.grade(response) is not None


@EVERY
@settings(max_examples=40)
@given(name=st.sampled_from(NAMES), value=JSON)
def test_a_spoilt_spec_is_refused_or_means_something(spec, name, value):
    try:
        item = parse({**spec, name: value})
    except ValueError:
        return

    assert parse(item.stored()) == item


@pytest.mark.parametrize("kind", ITEM_TYPES)
@settings(max_examples=40)
@given(spec=st.dictionaries(st.sampled_from(NAMES), JSON))
def test_rubbish_is_refused_with_a_value_error(kind, spec):
    try:
        item = parse({"stem": "<p>?</p>", **spec, "kind": kind})
    except ValueError:
        return

    assert parse(item.stored()) == item


FRAME = {
    "outcome": {"right": "<p>Giỏi</p>", "wrong": "<p>Đọc lại</p>", "counts": True},
    "hints": [{"text": "<p>Nghĩ kỹ</p>", "clears": True}],
    "penalty": "1/3",
    "carried": {"moodle": {"idnumber": "c-7", "shuffleanswers": "1"}},
}


@EVERY
def test_feedback_hints_penalty_and_foreign_words_are_kept(spec):
    item = parse(spec | FRAME)

    stored = item.stored()

    assert {name: stored[name] for name in FRAME} == FRAME
    assert item.penalty == Fraction(1, 3)
    assert parse(stored) == item


@pytest.mark.parametrize(
    "bad",
    [
        {"penalty": 2},
        {"penalty": "0.5.1"},
        {"penalty": "1/0"},
        {"penalty": 0.5},
        {"hints": ["x"]},
        {"hints": [{"text": 4}]},
        {"outcome": []},
        {"outcome": {"counts": 1}},
        {"carried": "x"},
        {"carried": {"x": "y" * 20_001}},
        {"carried": {"x": float("nan")}},
    ],
)
@EVERY
def test_a_spoilt_frame_is_refused(spec, bad):
    with pytest.raises(ValueError):  # noqa: PT011 -- the words are for developers
        parse(spec | bad)


@pytest.mark.parametrize(
    ("said", "score"),
    [
        ({}, 0),
        ({"a": False, "b": True, "c": False, "d": True}, 0),
        ({"a": True, "b": True, "c": False, "d": True}, "1/10"),
        ({"a": True, "b": False, "c": False, "d": True}, "1/4"),
        ({"a": True, "b": False, "c": True, "d": True}, "1/2"),
        ({"a": True, "b": False, "c": True}, "1/2"),
        ({"a": True, "b": False, "c": True, "d": False}, 1),
        ({"a": 1, "b": 0, "c": 1, "d": 0}, 0),
    ],
)
def test_four_statements_are_scored_in_the_steps_of_2025(said, score):
    assert share(items.STATEMENTS, said) == Fraction(score)


@pytest.mark.parametrize(
    ("scoring", "wrong", "score"),
    [
        ("each", 1, "3/4"),
        ("whole", 1, 0),
        ("whole", 0, 1),
        ("one_slip", 1, "1/2"),
        ("one_slip", 2, 0),
    ],
)
def test_other_ways_to_score_statements(scoring, wrong, score):
    spec = with_(items.STATEMENTS, scoring=scoring)
    key = parse(spec).key()
    said = {k: v ^ (n < wrong) for n, (k, v) in enumerate(key.items())}

    assert share(spec, said) == Fraction(score)


def test_the_steps_of_2025_are_for_four_statements_alone():
    three = items.STATEMENTS["statements"][:3]

    assert parse(with_(items.STATEMENTS, statements=three)).scoring == "each"
    with pytest.raises(ValueError, match="four"):
        parse(with_(items.STATEMENTS, statements=three, scoring="exam_2025"))


OPTIONS = [
    {"id": "a", "text": "A", "share": "1/2"},
    {"id": "b", "text": "B", "share": "1/2"},
    {"id": "c", "text": "C", "share": "-1/4"},
    {"id": "d", "text": "D", "share": "-1"},
]


@pytest.mark.parametrize(
    ("scoring", "picked", "score"),
    [
        ("net", "a", "1/2"),
        ("net", "abc", "1/2"),
        ("net", "cd", 0),
        ("whole", "ab", 1),
        ("whole", "abc", 0),
        ("partial", "a", "1/2"),
        ("partial", "ac", "1/2"),
        ("partial", "abc", 0),
        ("judged", "a", "3/4"),
        ("judged", "abcd", "1/2"),
        ("judged", "", 0),
        ("one_slip", "a", "1/2"),
        ("one_slip", "ac", 0),
        ("weights", "ab", 1),
        ("weights", "abc", "3/4"),
        ("weights", "ad", 0),
    ],
)
def test_several_right_options_are_scored_in_several_ways(scoring, picked, score):
    spec = {
        "kind": "multiple_choice",
        "stem": "?",
        "options": OPTIONS,
        "correct": ["a", "b"],
        "scoring": scoring,
    }

    assert share(spec, list(picked)) == Fraction(score)


def test_an_option_may_cost_where_its_author_says_so():
    spec = {
        "kind": "single_choice",
        "stem": "?",
        "options": [*OPTIONS, {"id": "e", "text": "E"}],
        "correct": "e",
    }

    assert share(spec, "e") == 1
    assert share(spec, "a") == Fraction(1, 2)
    assert share(spec, "d") == -1


def test_a_fixed_option_stays_last():
    options = [{"id": key, "text": key} for key in "abc"]
    options.append({"id": "d", "text": "Cả ba ý trên", "fixed": True})
    item = parse(
        {"kind": "single_choice", "stem": "?", "options": options, "correct": "d"}
    )

    shown = item.shuffled(["d", "c", "b", "a"]).options

    assert [option.id for option in shown] == ["c", "b", "a", "d"]


def test_options_that_keep_their_order_offer_nothing_to_shuffle():
    for spec in (items.SINGLE, items.MULTIPLE, items.STATEMENTS, items.MATCHING):
        item = parse(with_(spec, shuffle=False))

        assert item.option_ids == ()
        assert item.shuffled([]) == item


@pytest.mark.parametrize(
    ("pattern", "settings", "typed", "agrees"),
    [
        ("*Hà Nội*", {}, "Thủ đô là Hà Nội ạ", True),
        ("*Hà Nội*", {}, "Hà nội", True),
        ("*Hà Nội*", {"ignore_case": False}, "Hà nội", False),
        ("Hà*", {"ignore_accents": True}, "ha noi", True),
        ("a*b*c", {}, "a-x-b-y-c", True),
        ("a*b*c", {}, "acb", False),
        ("ab*ba", {}, "aba", False),
        ("a * b", {}, "axb", False),
        ("a * b", {}, "a x b", True),
        (r"2\*3", {}, "2*3", True),
        (r"2\*3", {}, "2x3", False),
        ("*", {}, "gì cũng được", True),
        ("*", {}, "  ", False),
    ],
)
def test_a_star_stands_for_any_letters(pattern, settings, typed, agrees):
    spec = with_(items.SHORT, accepted=[pattern], wildcards=True, **settings)

    assert share(spec, typed) == agrees


def test_the_first_wording_that_agrees_counts_with_its_feedback():
    spec = {
        "kind": "short_answer",
        "stem": "?",
        "answers": [
            {"pattern": "Huế", "share": 1},
            {"pattern": "H*", "share": "1/2", "feedback": "<p>Gần đúng</p>"},
            {"pattern": "*", "share": 0, "feedback": "<p>Xem lại</p>"},
        ],
        "wildcards": True,
    }
    item = parse(spec)

    assert item.grade("huế") == RIGHT
    assert share(spec, "Hội An") == Fraction(1, 2)
    assert item.remarks("Hội An") == ("<p>Gần đúng</p>",)
    assert item.remarks("Vinh") == ("<p>Xem lại</p>",)
    assert item.accepted == ("Huế",)


@given(
    pieces=st.lists(st.text("ab", max_size=3), min_size=2, max_size=5), data=st.data()
)
def test_a_pattern_agrees_with_all_that_it_stands_for(pieces, data):
    fillings = [data.draw(st.text("abc", max_size=3)) for _piece in pieces[1:]]
    typed = pieces[0] + "".join(
        filling + piece for filling, piece in zip(fillings, pieces[1:], strict=True)
    )
    spec = with_(items.SHORT, accepted=["x", "*".join(pieces)], wildcards=True)

    assert not typed or share(spec, typed) == 1


@pytest.mark.parametrize(
    ("scoring", "order", "score"),
    [
        ("absolute", "abdc", "1/2"),
        ("absolute", "bcda", 0),
        ("whole", "abdc", 0),
        ("whole", "abcd", 1),
        ("following", "bcda", "2/3"),
        ("following_with_last", "bcda", "2/4"),
        ("following_with_last", "bacd", "2/4"),
        ("neighbours", "abdc", "3/8"),
        ("neighbours", "dcba", 0),
        ("pairs", "abdc", "5/6"),
        ("pairs", "dcba", 0),
        ("longest_run", "bcda", "3/4"),
        ("longest_run", "dcba", 0),
        ("longest_run", "abdc", "2/4"),
        ("longest_order", "acbd", "3/4"),
        ("distance", "abdc", "5/6"),
    ],
)
def test_an_order_is_scored_in_many_ways(scoring, order, score):
    spec = with_(items.ORDERING, scoring=scoring)

    assert share(spec, list(order)) == Fraction(score)


@pytest.mark.parametrize(
    ("places", "score"),
    [
        ({"a": 1}, "1/4"),
        ({"a": 1, "b": 1}, 0),
        ({"a": 1, "b": 2, "c": 4, "d": 4}, "1/2"),
        ({"a": 1, "b": 2, "c": 3, "d": 4}, 1),
    ],
)
def test_places_given_twice_earn_nothing(places, score):
    assert share(items.ORDERING, places) == Fraction(score)


def test_an_order_is_laid_out_as_it_was_drawn_and_graded_by_ids():
    item = parse(items.ORDERING).shuffled(["d", "b", "a", "c"])

    assert [option.id for option in item.laid_out] == ["d", "b", "a", "c"]
    assert item.grade(["a", "b", "c", "d"]) == RIGHT
    assert item.from_form(["d=4", "b=2", "a=1", "c=3"]) == ["a", "b", "c", "d"]
    assert item.from_form(["d=4", "b=", "a=1", "c=x"]) == {"d": 4, "a": 1, "c": "x"}


def test_rows_may_take_several_choices():
    rows = [
        {"id": "r1", "text": "Số chẵn", "correct": ["b", "d"]},
        {"id": "r2", "text": "Số lẻ", "correct": ["a"]},
    ]
    spec = with_(items.MATCHING, rows=rows, several=True)

    assert share(spec, {"r1": ["b", "d"], "r2": ["a"]}) == 1
    assert share(spec, {"r1": ["b"], "r2": ["a"]}) == Fraction(2, 3)
    assert share(spec, {"r1": ["b", "c"], "r2": ["a"]}) == Fraction(1, 3)
    assert share(with_(spec, scoring="whole"), {"r1": ["b"], "r2": ["a"]}) == 0
    weights = {"r1|b": "1/4", "r1|d": "1/4", "r2|a": "1/2", "r2|c": "-1/2"}
    weighed = with_(spec, scoring="weights", weights=weights)
    assert share(weighed, {"r1": ["b"], "r2": ["a"]}) == Fraction(3, 4)
    assert share(weighed, {"r2": ["c"]}) == 0


def test_the_parts_of_a_passage_are_weighed_by_their_points():
    assert share(items.CLOZE, {"1": "hà nội"}) == Fraction(1, 4)
    assert share(items.CLOZE, {"3": "a"}) == Fraction(1, 2)
    assert share(items.CLOZE, {"1": "Huế", "2": "5,0", "3": "a"}) == Fraction(3, 4)
    assert share(items.CLOZE, {"1": "Hà Nội", "4": "x"}) == 0


@pytest.mark.parametrize(
    "passage",
    [
        "<p>Không có chỗ trống</p>",
        "[[1]] [[2]]",
        "[[1]] [[2]] [[3]] [[3]]",
        '<a href="[[1]]">[[2]] [[3]]</a>',
    ],
)
def test_a_passage_has_a_gap_for_each_part(passage):
    with pytest.raises(ValueError, match="gap"):
        parse(with_(items.CLOZE, passage=passage))


def test_a_word_is_not_used_oftener_than_it_may():
    once = items.DRAG_WORDS
    words = [word | {"uses": 0} for word in once["words"]]
    gaps = [{"id": "1", "correct": ["a"]}, {"id": "2", "correct": ["a"]}]

    assert share(once, {"1": "a", "2": "a"}) == 0
    assert share(once, {"1": "a"}) == Fraction(1, 2)
    assert share(with_(once, words=words, gaps=gaps), {"1": "a", "2": "a"}) == 1


@pytest.mark.parametrize(
    ("response", "score"),
    [([["a", "b"], ["d", "c"]], 1), ([["b", "a"]], "1/2"), ([["a", "c"]], 0)],
)
def test_a_pair_has_no_first(response, score):
    assert share(items.ASSOCIATION, response) == Fraction(score)


@pytest.mark.parametrize(
    ("point", "areas"),
    [
        ((10, 10), ["a"]),
        ((110, 111), []),
        ((200, 190), ["b"]),
        ((229, 179), []),
        ((345, 290), ["c"]),
        ((345, 250), ["c"]),
        ((310, 260), []),
    ],
)
def test_a_point_lies_in_an_area_or_on_its_edge(point, areas):
    assert parse(items.HOTSPOT).areas_at(*point) == areas


@pytest.mark.parametrize(
    ("response", "score"),
    [
        ({"a": [[60, 60]], "b": [[200, 100]]}, 1),
        ({"a": [[60, 91]], "b": [[299, 199]]}, "1/2"),
        ({"b": [[60, 60]]}, 0),
        ({"a": [[60, 60], [61, 61]]}, 0),
        ({"a": [[60, 401]]}, 0),
    ],
)
def test_a_marker_counts_where_it_belongs(response, score):
    assert share(items.MARKERS, response) == Fraction(score)


def test_an_essay_waits_for_people_unless_it_is_blank():
    essay = parse(items.ESSAY)

    assert essay.grade("Trường em có hàng phượng.") == UNGRADED
    assert essay.grade({"text": "Có", "files": []}) == UNGRADED
    assert essay.grade("  \n ") == WRONG
    assert essay.grade("x" * 100_001) == WRONG
    assert essay.words("Trường em có hàng phượng.") == 5


@pytest.mark.parametrize(
    ("levels", "score"),
    [
        ({}, None),
        ({"y": "1"}, None),
        ({"y": "1", "l": "0"}, "3/5"),
        ({"y": "1", "l": "1"}, 1),
    ],
)
def test_a_rubric_adds_up_levels(levels, score):
    rubric = parse(items.ESSAY).marking.rubric

    found = rubric_score(rubric, levels).share

    assert found == (None if score is None else Fraction(score))


def test_files_are_ids_of_uploads_no_more_than_allowed():
    upload = parse(with_(items.FILE_UPLOAD, most_files=2))

    assert upload.grade([7, 9]) == UNGRADED
    assert upload.from_form(["7", "", "9"]) == [7, 9]
    for bad in ([7, 7], [0], [True], ["7"], [1, 2, 3], {}, "7"):
        assert upload.grade(bad) == WRONG
