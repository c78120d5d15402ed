"""What is sent in place of a response or a setting: a clear no, nothing kept."""

import json

import pytest

from courses.items.models import ItemVersion
from courses.quizzes.models.attempts import AttemptPlace
from courses.quizzes.models.quizzes import Quiz, QuizSlot
from lms.kernel.db import db
from tests.factories import people
from tests.factories.quizzes import SINGLE, course_of, learner, quiz

GOOD = {"position": 1, "sequence": 1, "value": "b", "flagged": False}
UNREADABLE = "không đọc được"
SHAPE = "không đúng dạng"
NO_PLACE = "không có câu hỏi mang số đó"


@pytest.fixture
def url(client, sign_in):
    """Start an attempt at one item of each type: 1 single … 4 short."""
    who = learner()
    sign_in(who.account)
    return client.post(f"/quizzes/{who.quiz.id}/attempts").location


def nothing_kept() -> bool:
    db.session.expire_all()
    places = db.session.query(AttemptPlace).all()
    return all((p.response, p.sequence, p.flagged) == (None, 0, False) for p in places)


@pytest.mark.parametrize(
    ("changes", "status", "words"),
    [
        ({"position": None}, 422, UNREADABLE),
        ({"position": True}, 422, UNREADABLE),
        ({"position": "1"}, 422, UNREADABLE),
        ({"position": 1.0}, 422, UNREADABLE),
        ({"position": -1}, 422, UNREADABLE),
        ({"position": 0}, 422, UNREADABLE),
        ({"position": 10**30}, 422, UNREADABLE),
        ({"position": []}, 422, UNREADABLE),
        ({"position": 5}, 409, NO_PLACE),
        ({"position": 999}, 409, NO_PLACE),
        ({"sequence": None}, 422, UNREADABLE),
        ({"sequence": -1}, 422, UNREADABLE),
        ({"sequence": 0}, 422, UNREADABLE),
        ({"sequence": 1.5}, 422, UNREADABLE),
        ({"sequence": True}, 422, UNREADABLE),
        ({"sequence": "1"}, 422, UNREADABLE),
        ({"sequence": 2**31}, 422, UNREADABLE),
        ({"flagged": 1}, 422, UNREADABLE),
        ({"flagged": None}, 422, UNREADABLE),
        ({"flagged": "false"}, 422, UNREADABLE),
        ({"value": 0}, 409, SHAPE),
        ({"value": []}, 409, SHAPE),
        ({"value": True}, 409, SHAPE),
        ({"value": ""}, 409, SHAPE),
        ({"value": "z"}, 409, SHAPE),
        ({"value": {"value": "b"}}, 409, SHAPE),
        ({"value": "b" * 100_000}, 409, SHAPE),
        ({"position": 2, "value": "a"}, 409, SHAPE),
        ({"position": 2, "value": ["a", "a"]}, 409, SHAPE),
        ({"position": 2, "value": ["a", None]}, 409, SHAPE),
        ({"position": 2, "value": [["a"]]}, 409, SHAPE),
        ({"position": 2, "value": ["a"] * 5000}, 409, SHAPE),
        ({"position": 3, "value": 1}, 409, SHAPE),
        ({"position": 3, "value": "true"}, 409, SHAPE),
        ({"position": 4, "value": 12}, 409, SHAPE),
        ({"position": 4, "value": "x" * 501}, 409, SHAPE),
        ({"position": 4, "value": "x" * 1_000_000}, 409, SHAPE),
        ({"position": 4, "value": "a\x00b"}, 409, SHAPE),
        ({"position": 4, "value": "một\nhai"}, 409, SHAPE),
    ],
)
def test_what_is_no_response_is_refused(client, url, changes, status, words):
    answer = client.post(f"{url}/responses", json={**GOOD, **changes})

    assert answer.status_code == status
    assert words in answer.json["error"]
    assert nothing_kept()


@pytest.mark.parametrize(
    "body",
    [
        "",
        "null",
        "[]",
        "0",
        '"b"',
        "{",
        "NaN",
        '{"position": 1, "sequence": 1}',
        json.dumps([GOOD]),
        '{"position": 1, "sequence": 1, "value": ' + "9" * 5000 + "}",
        '{"position": 1, "sequence": 1, "value": ' + "[" * 20_000 + "}",
        r'{"position": 4, "sequence": 1, "value": "\ud800"}',
        "\udcff",
    ],
)
def test_what_is_no_json_is_refused(client, url, body):
    answer = client.post(
        f"{url}/responses",
        data=body.encode("utf-8", "surrogateescape"),
        content_type="application/json",
    )

    assert answer.status_code in (409, 422)
    assert answer.json["error"].endswith(".")
    assert nothing_kept()


def test_a_form_in_place_of_json_is_refused(client, url):
    answer = client.post(f"{url}/responses", data=GOOD)

    assert answer.status_code == 422
    assert nothing_kept()


def test_a_body_beyond_all_measure_is_not_even_read(client, url):
    answer = client.post(f"{url}/responses", json={**GOOD, "value": "x" * 3_000_000})

    assert answer.status_code in (413, 422)
    assert nothing_kept()


@pytest.mark.parametrize(
    "form",
    [
        {"sequence-1": "0", "response-1": "z"},
        {"sequence-1": "-1", "response-1": "b"},
        {"sequence-1": "x", "response-1": "b"},
        {"sequence-1": "²", "response-1": "b"},
        {"sequence-1": "9" * 50, "response-1": "b"},
        {"sequence-999999": "0", "response-999999": "b"},
        {"1": "0", "response-1": "b"},
        {"sequence-3": "0", "response-3": "maybe"},
        {"sequence-4": "0", "response-4": "x" * 501},
        {"sequence-4": "0", "response-4": "a\x00"},
    ],
)
def test_a_form_of_rubbish_keeps_nothing(client, url, form):
    answer = client.post(f"{url}/answers", data=form, follow_redirects=True)

    assert answer.status_code == 200
    assert nothing_kept()


@pytest.mark.parametrize("path", ["/attempts/99999", "/attempts/99999/responses"])
def test_unknown_attempts_are_not_found(client, url, path):
    answer = client.post(path, json=GOOD) if "responses" in path else client.get(path)

    assert answer.status_code == 404


def test_an_attempt_at_an_unknown_quiz_is_not_found(client, url):
    assert client.post("/quizzes/99999/attempts").status_code == 404


SETTINGS = {
    "pass_mark": "80",
    "time_limit_minutes": "15",
    "max_attempts": "3",
    "review": "after_submit",
}
ITEM = {
    "stem": "<p>Câu hỏi?</p>",
    "points": "1",
    "options-1": "Một",
    "options-2": "Hai",
    "options-correct": "1",
}


@pytest.fixture
def author(client, sign_in):
    """Sign in an author; return the quiz they write."""
    made = quiz(SINGLE)
    sign_in(people.account("Lê Biên", author=f"course:{made.activity.course_id}"))
    return made


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"pass_mark": ""}, "Hãy nhập một số nguyên"),
        ({"pass_mark": "0"}, "Từ 1 đến 100"),
        ({"pass_mark": "101"}, "Từ 1 đến 100"),
        ({"pass_mark": "-5"}, "Hãy nhập một số nguyên"),
        ({"pass_mark": "tám mươi"}, "Hãy nhập một số nguyên"),
        ({"pass_mark": "1e1"}, "Hãy nhập một số nguyên"),
        ({"pass_mark": "٨٠"}, "Hãy nhập một số nguyên"),
        ({"pass_mark": "9" * 400}, "Hãy nhập một số nguyên"),
        ({"time_limit_minutes": "0"}, "Từ 1 đến 600"),
        ({"time_limit_minutes": "601"}, "Từ 1 đến 600"),
        ({"time_limit_minutes": "1.5"}, "Hãy nhập một số nguyên"),
        ({"max_attempts": "0"}, "Từ 1 đến 100"),
        ({"max_attempts": "1000000"}, "Từ 1 đến 100"),
        ({"review": "sometimes"}, "một mục có trong danh sách"),
        ({"review": "after_last_attempt", "max_attempts": ""}, "giới hạn số lượt"),
    ],
)
def test_wrong_settings_are_refused_beside_their_field(client, author, changes, words):
    url = f"/activities/{author.activity_id}/quiz/edit"
    before = (author.pass_mark, author.time_limit_minutes, author.max_attempts)

    answer = client.post(url, data=SETTINGS | changes)

    assert answer.status_code == 422
    assert words in answer.text
    db.session.expire_all()
    kept = db.session.query(Quiz).one()
    assert (kept.pass_mark, kept.time_limit_minutes, kept.max_attempts) == before


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"stem": ""}, "Hãy điền mục này"),
        ({"stem": "<script>x</script>"}, "Hãy điền mục này"),
        ({"stem": "<p> </p>"}, "Hãy điền mục này"),
        ({"stem": "x" * 20_001}, "nhiều nhất"),
        ({"options-2": ""}, "ít nhất hai phương án"),
        ({"options-2": "Một"}, "giống hệt nhau"),
        ({"options-2": "x" * 2001}, "Phương án quá dài"),
        ({"options-correct": ""}, "đúng một phương án"),
        ({"options-correct": "7"}, "đúng một phương án"),
        ({"options-correct": ["1", "2"]}, "đúng một phương án"),
        ({"points": "-1"}, "từ 0 đến 100"),
        ({"points": "NaN"}, "từ 0 đến 100"),
        ({"points": "Infinity"}, "từ 0 đến 100"),
        ({"points": "1,005"}, "từ 0 đến 100"),
        ({"points": "nhiều"}, "từ 0 đến 100"),
        ({"points": "1e400000"}, "từ 0 đến 100"),
    ],
)
def test_a_wrong_item_is_refused_beside_its_field(client, author, changes, words):
    url = f"/activities/{author.activity_id}/quiz/items?kind=single_choice"

    answer = client.post(url, data=ITEM | changes)

    assert answer.status_code == 422
    assert words in answer.text
    assert db.session.query(ItemVersion).count() == 1
    assert db.session.query(QuizSlot).count() == 1


@pytest.mark.parametrize(
    ("kind", "form", "words"),
    [
        ("multiple_choice", {"options-correct": "", "scoring": "net"}, "ít nhất một"),
        ("multiple_choice", {"scoring": "luck"}, "một mục có trong danh sách"),
        ("true_false", {"correct": "maybe"}, "một mục có trong danh sách"),
        ("true_false", {}, "một mục có trong danh sách"),
        ("short_answer", {"accepted": " \n "}, "ít nhất một câu trả lời"),
        ("short_answer", {"accepted": "x\n" * 21}, "Nhiều nhất 20"),
        ("short_answer", {"accepted": "x" * 501}, "500 ký tự"),
        ("short_answer", {"accepted": "x\x00"}, "500 ký tự"),
    ],
)
def test_each_kind_refuses_what_it_cannot_grade(client, author, kind, form, words):
    url = f"/activities/{author.activity_id}/quiz/items?kind={kind}"

    answer = client.post(url, data=ITEM | form)

    assert answer.status_code == 422
    assert words in answer.text
    assert db.session.query(ItemVersion).count() == 1


@pytest.mark.parametrize("kind", ["", "riddle", "single_choice'", "../page"])
def test_an_unknown_kind_of_item_is_not_found(client, author, kind):
    base = f"/activities/{author.activity_id}/quiz/items"

    assert client.get(f"{base}/new", query_string={"kind": kind}).status_code == 404
    answer = client.post(base, query_string={"kind": kind}, data=ITEM)
    assert answer.status_code == 404


WRONG_ORDERS = (1, [], [0], [True], ["x"], [1, 1], [1, 2], [[1]], ["9" * 40])


@pytest.mark.parametrize(
    "body",
    [None, [], {}, *({"order": wrong} for wrong in WRONG_ORDERS)],
)
def test_a_wrong_order_is_refused(client, author, body):
    answer = client.post(
        f"/quizzes/{author.id}/order",
        data=json.dumps(body),
        content_type="application/json",
    )

    assert answer.status_code == 409
    assert "không khớp" in answer.json["error"]


@pytest.mark.parametrize("item_id", ["", "x", "-1", "999999", "9" * 40])
def test_an_item_from_elsewhere_is_not_added(client, author, item_id):
    other = quiz(SINGLE)
    elsewhere = str(other.slots[0].item_version.item_id)

    for wanted in (item_id, elsewhere):
        answer = client.post(f"/quizzes/{author.id}/slots", data={"item_id": wanted})
        assert answer.status_code == 409
        assert "không thuộc khóa học" in answer.text
    assert db.session.query(QuizSlot).filter_by(quiz_id=author.id).count() == 1


def test_a_learner_of_one_course_cannot_start_in_another(client, sign_in):
    who, other = learner(), quiz(SINGLE)
    sign_in(who.account)

    assert course_of(who).id != other.activity.course_id
    assert client.post(f"/quizzes/{other.id}/attempts").status_code == 404
