"""What the quiz pages ask of the database, and what they show."""

import pytest

from courses.quizzes.services import quizzes
from lms.kernel.db import db
from tests.factories import courses, people
from tests.factories.quizzes import ONE_OF_EACH, SINGLE, TRUE_FALSE, course_of, learner

MOST_QUERIES = 10


def pages_of(client, sign_in, size):
    """Start an attempt at a quiz of this size; return the paths of its pages."""
    who = learner(
        *[ONE_OF_EACH[n % 4] for n in range(size)],
        time_limit_minutes=10,
        shuffle_items=True,
        shuffle_options=True,
    )
    sign_in(who.account)
    url = client.post(f"/quizzes/{who.quiz.id}/attempts").location
    start = f"/activities/{who.quiz.activity_id}/quiz"
    return who, start, url


@pytest.mark.parametrize("size", [5, 40])
def test_a_page_asks_as_little_of_the_database_for_many_items(
    client, sign_in, queries, size
):
    _who, start, url = pages_of(client, sign_in, size)
    asked = {}
    for path in (start, url, f"{url}/submit"):
        db.session.remove()
        with queries() as seen:
            assert client.get(path).status_code == 200
        asked[path] = len(seen)

    client.post(f"{url}/submit")
    db.session.remove()
    with queries() as seen:
        page = client.get(f"{url}/result")
    asked["result"] = len(seen)

    assert page.text.count('<article class="quiz-item') == size
    assert max(asked.values()) <= MOST_QUERIES, asked


def test_the_start_page_says_what_awaits(client, sign_in):
    who = learner(time_limit_minutes=15, max_attempts=3, pass_mark=80)
    sign_in(who.account)

    page = client.get(f"/activities/{who.quiz.activity_id}/quiz").text

    for words in (
        "15 phút",
        "từ 80 % số điểm",
        "còn 3 trong 3 lượt",
        "hệ thống tự thu bài",
        "Ngay sau khi nộp bài",
        "Bắt đầu làm bài",
    ):
        assert words in page
    assert "<dd>4</dd>" in page


def test_a_locked_quiz_says_what_must_be_done_first(client, sign_in):
    who = learner(SINGLE)
    who.quiz.activity.prerequisites = [courses.activities(course_of(who))[0]]
    db.session.commit()
    sign_in(who.account)

    page = client.get(f"/activities/{who.quiz.activity_id}/quiz").text

    assert "Bài này chưa mở" in page
    assert "Bắt đầu làm bài" not in page


def test_a_quiz_without_items_says_so(client, sign_in):
    of = courses.course(lessons=1)
    place = courses.activity(of, "quiz", "Kiểm tra")
    account = people.account()
    courses.enrolled(account, of)
    sign_in(account)

    page = client.get(f"/activities/{place.id}/quiz")

    assert page.status_code == 200
    assert "đang được soạn" in page.text


def test_another_kind_of_activity_has_no_quiz_page(client, sign_in):
    who = learner(SINGLE)
    sign_in(who.account)
    lesson = courses.activities(course_of(who))[0]

    assert client.get(f"/activities/{lesson.id}/quiz").status_code == 404


def test_the_last_attempt_is_said_to_be_the_last(client, sign_in):
    who = learner(SINGLE, max_attempts=1)
    sign_in(who.account)
    url = client.post(f"/quizzes/{who.quiz.id}/attempts").location
    client.post(f"{url}/submit")

    result = client.get(f"{url}/result").text
    start = client.get(f"/activities/{who.quiz.activity_id}/quiz").text

    assert "đã dùng hết số lượt" in result
    assert "Về khóa học" in result
    assert "Làm lại" not in result
    assert "đã dùng hết số lượt" in start


def test_the_attempt_page_shows_what_was_saved(client, sign_in):
    _who, _start, url = pages_of(client, sign_in, 1)
    body = {"position": 1, "sequence": 1, "value": "b", "flagged": True}
    client.post(f"{url}/responses", json=body)

    page = client.get(url).text

    assert 'value="b" checked' in page
    assert 'name="flag-1" value="1" checked' in page
    assert 'class="quiz-cell is-answered is-flagged"' in page
    assert "Câu 1, đã làm, đánh dấu xem lại" in page
    assert "Đã lưu 16:00:00" in page


def test_every_question_is_a_named_group(client, sign_in):
    _who, _start, url = pages_of(client, sign_in, 4)

    page = client.get(url).text

    assert page.count("<fieldset") == page.count("<legend") == 4
    assert page.count('aria-labelledby="number-') == 4
    assert "Câu trả lời của bạn" in page


def test_an_attempt_says_no_between_yes_and_wrong(client, sign_in):
    who = learner(TRUE_FALSE)
    sign_in(who.account)
    url = client.post(f"/quizzes/{who.quiz.id}/attempts").location
    body = {"position": 1, "sequence": 1, "value": False}
    client.post(f"{url}/responses", json=body)

    assert 'value="false" checked' in client.get(url).text
    client.post(f"{url}/submit")

    assert "Bạn chọn, sai" in client.get(f"{url}/result").text


def test_publishing_knows_which_quizzes_nobody_can_pass(app):
    of = courses.course(lessons=1)
    empty = courses.activity(of, "quiz", "Trống")
    worthless = courses.activity(of, "quiz", "Không điểm")
    fine = courses.activity(of, "quiz", "Tốt")
    for place, points in ((worthless, 0), (fine, 1)):
        quiz = quizzes.set_up(place)
        quizzes.add_item(quiz, SINGLE, None, of.created_at, points=points)

    problems = quizzes.publish_problems(of)

    assert [(p.word.value, p.where, p.activity_id) for p in problems] == [
        ("quiz-without-items", "Trống", empty.id),
        ("quiz-without-points", "Không điểm", worthless.id),
    ]
