"""What a course needs before it is published, and what an activity may hold."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.catalogue.activities import ACTIVITY_TYPES, parse
from courses.catalogue.activities.contract import ContentProblem
from courses.catalogue.activities.link import is_web_address
from courses.catalogue.rules import (
    CourseProblem,
    Part,
    Problem,
    in_a_circle,
    publish_problems,
    reordered,
)

NUMBERS = st.integers(1, 8)
NEEDS = st.dictionaries(NUMBERS, st.frozensets(NUMBERS, max_size=3), max_size=8)


def part(number, *, required=True, needs=(), problem=None):
    return Part(number, f"Bài {number}", required, frozenset(needs), problem)


def test_a_course_that_can_be_completed_has_no_problems():
    modules = [("Chương 1", [part(1), part(2, needs=[1])]), ("Chương 2", [part(3)])]

    assert publish_problems(modules) == []


@pytest.mark.parametrize(
    ("modules", "problem"),
    [
        ([], Problem(CourseProblem.NO_REQUIRED_ACTIVITY, "")),
        (
            [("Chương 1", [part(1, required=False)])],
            Problem(CourseProblem.NO_REQUIRED_ACTIVITY, ""),
        ),
        (
            [("Chương 1", [part(1)]), ("Chương 2", [])],
            Problem(CourseProblem.EMPTY_MODULE, "Chương 2"),
        ),
        (
            [("Chương 1", [part(1), part(2, problem=ContentProblem.NO_FILE)])],
            Problem(ContentProblem.NO_FILE, "Bài 2", 2),
        ),
    ],
)
def test_each_problem_says_where_it_is(modules, problem):
    assert publish_problems(modules) == [problem]


def test_all_problems_are_said_at_once():
    ring = [part(1, needs=[2]), part(2, needs=[1], required=False)]
    empty = part(3, problem=ContentProblem.EMPTY_PAGE, required=False)

    found = publish_problems([("Chương 1", [*ring, empty]), ("Chương 2", [])])

    assert [(p.word, p.where) for p in found] == [
        (CourseProblem.EMPTY_MODULE, "Chương 2"),
        (ContentProblem.EMPTY_PAGE, "Bài 3"),
        (CourseProblem.CIRCLE, "Bài 1"),
        (CourseProblem.CIRCLE, "Bài 2"),
    ]


@pytest.mark.parametrize(
    ("needs", "stuck"),
    [
        ({}, set()),
        ({1: [], 2: [1], 3: [2]}, set()),
        ({1: [1]}, {1}),
        ({1: [2], 2: [1]}, {1, 2}),
        ({1: [2], 2: [3], 3: [1], 4: []}, {1, 2, 3}),
        ({1: [2], 2: [1], 3: [1]}, {1, 2, 3}),
        ({1: [99]}, set()),
    ],
)
def test_what_waits_for_itself_never_opens(needs, stuck):
    assert in_a_circle(needs) == stuck


@given(NEEDS)
def test_everything_outside_a_circle_can_be_done_one_after_the_other(needs):
    stuck = in_a_circle(needs)
    done = set()

    for _turn in needs:
        done |= {key for key, waits in needs.items() if waits & set(needs) <= done}

    assert done == set(needs) - stuck


@given(NEEDS)
def test_needs_that_point_backwards_only_never_make_a_circle(needs):
    backwards = {key: {n for n in waits if n < key} for key, waits in needs.items()}

    assert in_a_circle(backwards) == set()


@given(st.lists(NUMBERS, unique=True), st.randoms())
def test_a_new_order_holds_the_same_parts(order, lots):
    shuffled = list(order)
    lots.shuffle(shuffled)

    assert reordered(order, shuffled)
    assert not reordered(order, [*shuffled, 99])
    if order:
        assert not reordered(order, shuffled[1:])
        assert not reordered(order, [*shuffled, shuffled[0]])


STORED = [
    ("page", {"html": "<p>Chào</p>"}),
    ("link", {"url": "https://dichvucong.gov.vn/", "why": "Xem mục 2"}),
    ("file", {"asset_id": 7, "why": "Biểu mẫu"}),
    ("file", {"asset_id": None, "why": ""}),
    ("video", {"asset_id": 7, "html": "<p>Lời</p>"}),
    ("quiz", {}),
]


@pytest.mark.parametrize(("kind", "content"), STORED)
def test_what_is_stored_is_read_back_the_same(kind, content):
    assert parse(kind, content).stored() == content


def test_every_type_is_tried_here():
    assert {kind for kind, _content in STORED} == set(ACTIVITY_TYPES)


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("song", {}),
        ("page", {"html": 7}),
        ("link", {"url": 7}),
        ("link", {"url": "https://a.vn", "why": ["x"]}),
        ("link", {"url": "javascript:alert(1)"}),
        ("file", {"asset_id": "7"}),
        ("file", {"asset_id": True}),
        ("video", {"asset_id": 1.5}),
        ("quiz", {"items": []}),
    ],
)
def test_content_of_another_shape_is_no_activity(kind, content):
    with pytest.raises(ValueError, match=r"."):
        parse(kind, content)


@pytest.mark.parametrize(
    ("kind", "content", "problem"),
    [
        ("page", {}, ContentProblem.EMPTY_PAGE),
        ("page", {"html": "  \n"}, ContentProblem.EMPTY_PAGE),
        ("page", {"html": "<p>Chào</p>"}, None),
        ("link", {}, ContentProblem.NO_ADDRESS),
        ("link", {"url": "https://a.vn"}, None),
        ("file", {}, ContentProblem.NO_FILE),
        ("file", {"asset_id": 3}, None),
        ("video", {}, ContentProblem.NO_VIDEO),
        ("video", {"asset_id": 3}, None),
        ("quiz", {}, None),
    ],
)
def test_what_has_nothing_to_show_is_not_published(kind, content, problem):
    assert parse(kind, content).problem() == problem


@pytest.mark.parametrize(
    ("address", "leads_there"),
    [
        ("https://dichvucong.gov.vn/p/home", True),
        ("http://127.0.0.1:8000/a?b=c#d", True),
        ("https://chính-phủ.vn/", True),
        ("", False),
        ("dichvucong.gov.vn", False),
        ("//dichvucong.gov.vn", False),
        ("https://", False),
        ("https:///khong-may-chu", False),
        ("javascript:alert(1)", False),
        ("JaVaScRiPt:alert(1)", False),
        ("java\tscript:alert(1)", False),
        ("data:text/html,<script>", False),
        ("file:///etc/passwd", False),
        ("https://a.vn/\x00", False),
        ("https://a.vn/co dau cach", False),
        ("https://[::1", False),
    ],
)
def test_a_link_leads_to_the_web_and_nowhere_else(address, leads_there):
    assert is_web_address(address) is leads_there
