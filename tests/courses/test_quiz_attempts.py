"""Taking a quiz, through HTTP: start, save, hand in, result."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from flask import Flask

from courses.enrolment import services as enrolment
from courses.enrolment.models import ActivityProgress
from courses.quizzes import jobs as quiz_jobs
from courses.quizzes.models.attempts import Attempt, AttemptPlace
from courses.quizzes.rules.attempts import GRACE, Ended, ReviewPolicy
from courses.quizzes.services import attempts, quizzes
from lms.kernel import clock
from lms.kernel.db import db
from lms.kernel.jobs import services as jobs
from lms.people import sign_in as people_sign_in
from tests.conftest import NINE
from tests.factories import courses, people
from tests.factories.quizzes import (
    MULTIPLE,
    RIGHT,
    SHORT,
    SINGLE,
    Learner,
    attempt,
    course_of,
    learner,
)

A_MOMENT = timedelta(microseconds=1)
TEN_MINUTES = timedelta(minutes=10)


@pytest.fixture
def begin(client, sign_in) -> Callable[..., str]:
    """Return a function that signs a learner in and starts an attempt."""

    def start(of: Learner) -> str:
        sign_in(of.account)
        answer = client.post(f"/quizzes/{of.quiz.id}/attempts")
        assert answer.status_code == 303
        return str(answer.location)

    return start


def save(client, url, position, sequence, value, flagged=False):
    body = {"position": position, "sequence": sequence}
    body |= {"value": value, "flagged": flagged}
    return client.post(f"{url}/responses", json=body)


def stored(position: int = 1) -> AttemptPlace:
    db.session.expire_all()
    return db.session.query(AttemptPlace).filter_by(position=position).one()


def the_attempt() -> Attempt:
    db.session.expire_all()
    return db.session.query(Attempt).one()


def test_a_learner_starts_answers_hands_in_and_passes(client, begin):
    who = learner(pass_mark=80)
    url = begin(who)
    for position, value in RIGHT.items():
        assert save(client, url, position, 1, value).status_code == 200

    answer = client.post(f"{url}/submit")

    assert answer.location == f"{url}/result"
    page = client.get(answer.location).text
    assert "100 %" in page
    assert "Đạt" in page
    made = the_attempt()
    assert (made.points, made.worth, made.passed) == ("4", "4", True)
    assert (made.submitted_at, made.ended) == (NINE, Ended.BY_LEARNER)


def test_passing_makes_the_activity_done(client, begin):
    who = learner(SINGLE, pass_mark=80)
    url = begin(who)
    save(client, url, 1, 1, "b")

    client.post(f"{url}/submit")

    row = db.session.query(ActivityProgress).one()
    assert row.activity_id == who.quiz.activity_id
    assert (row.done_at, row.reached) == (NINE, 100)


def test_failing_is_noted_and_leaves_the_activity_open(client, begin):
    who = learner(SINGLE, MULTIPLE, pass_mark=80)
    url = begin(who)
    save(client, url, 1, 1, "b")

    client.post(f"{url}/submit")

    row = db.session.query(ActivityProgress).one()
    assert (row.done_at, row.reached) == (None, 50)
    assert "Chưa đạt" in client.get(f"{url}/result").text


def test_a_second_start_leads_to_the_open_attempt(client, begin):
    who = learner()

    assert begin(who) == begin(who)
    assert db.session.query(Attempt).count() == 1


def test_no_attempt_starts_beyond_the_limit(client, begin):
    who = learner(SINGLE, max_attempts=1)
    client.post(f"{begin(who)}/submit")

    answer = client.post(f"/quizzes/{who.quiz.id}/attempts")

    assert answer.status_code == 409
    assert "hết số lượt" in answer.text
    assert db.session.query(Attempt).count() == 1


def test_an_empty_quiz_does_not_start(client, sign_in):
    who = learner(SINGLE)
    quizzes.remove_slot(quizzes.slots_of(who.quiz)[0])
    db.session.commit()
    sign_in(who.account)

    answer = client.post(f"/quizzes/{who.quiz.id}/attempts")

    assert answer.status_code == 409
    assert "chưa có câu hỏi" in answer.text
    assert db.session.query(Attempt).count() == 0


def test_a_locked_quiz_does_not_start(client, sign_in):
    who = learner(SINGLE)
    who.quiz.activity.prerequisites = [courses.activities(course_of(who))[0]]
    db.session.commit()
    sign_in(who.account)

    answer = client.post(f"/quizzes/{who.quiz.id}/attempts")

    assert answer.status_code == 409
    assert "chưa mở" in answer.text


def test_two_starts_at_once_give_one_attempt(app: Flask):
    who = learner()
    quiz_id, token = who.quiz.id, _token(who)
    together = Barrier(2)

    def start(_n: int) -> str:
        client = app.test_client()
        with client.session_transaction() as session:
            session["_user_id"] = token
        together.wait()
        return str(client.post(f"/quizzes/{quiz_id}/attempts").location)

    with ThreadPoolExecutor(2) as pool:
        places = set(pool.map(start, range(2)))

    assert len(places) == 1
    assert the_attempt().number == 1
    assert db.session.query(AttemptPlace).count() == 4


def _token(who: Learner) -> str:
    token = people_sign_in.open_session(who.account, "test browser", clock.now())
    db.session.commit()
    return token


def test_a_save_is_acknowledged_with_the_time_in_the_district(client, begin):
    url = begin(learner(time_limit_minutes=10))

    answer = save(client, url, 1, 1, "b", flagged=True)

    assert answer.json == {"saved_at": "16:00:00", "sequence": 1, "seconds_left": 600}
    kept = stored()
    assert (kept.value, kept.flagged, kept.sequence) == ("b", True, 1)


def test_a_save_sent_twice_is_answered_alike_and_written_once(client, begin):
    url = begin(learner())
    first = save(client, url, 1, 1, "b")

    with clock.frozen(NINE + TEN_MINUTES):
        second = save(client, url, 1, 1, "b")

    assert second.json == first.json
    assert stored().saved_at == NINE


@pytest.mark.parametrize(("sequence", "value"), [(2, "a"), (1, "a"), (1, "b")])
def test_an_older_save_never_overwrites_a_newer_one(client, begin, sequence, value):
    url = begin(learner())
    save(client, url, 1, 2, "b")

    answer = save(client, url, 1, sequence, value)

    assert answer.status_code == 409
    assert "cửa sổ khác" in answer.json["error"]
    assert (stored().value, stored().sequence) == ("b", 2)


@pytest.mark.parametrize("blank", [None, ""])
def test_an_answer_can_be_taken_back(client, begin, blank):
    url = begin(learner(SHORT))
    save(client, url, 1, 1, "VNeID")

    answer = save(client, url, 1, 2, blank)

    assert answer.status_code == 200
    assert stored().response is None
    assert save(client, url, 1, 2, blank).status_code == 200


@pytest.mark.parametrize(
    ("after", "status"),
    [(TEN_MINUTES + GRACE - A_MOMENT, 200), (TEN_MINUTES + GRACE, 409)],
)
def test_a_save_after_the_deadline_is_refused_and_changes_nothing(
    client, begin, after, status
):
    url = begin(learner(time_limit_minutes=10))
    save(client, url, 1, 1, "a")

    with clock.frozen(NINE + after):
        answer = save(client, url, 1, 2, "b")

    assert answer.status_code == status
    assert stored().value == ("b" if status == 200 else "a")
    if status == 409:
        assert "hết giờ" in answer.json["error"]


def test_a_save_after_handing_in_is_refused(client, begin):
    url = begin(learner())
    client.post(f"{url}/submit")

    answer = save(client, url, 1, 1, "b")

    assert answer.status_code == 409
    assert "đã nộp" in answer.json["error"]
    assert stored().response is None


def test_handing_in_twice_changes_nothing(client, begin):
    url = begin(learner(SINGLE))
    client.post(f"{url}/submit")

    with clock.frozen(NINE + TEN_MINUTES):
        answer = client.post(
            f"{url}/submit", data={"sequence-1": "0", "response-1": "b"}
        )

    assert answer.location == f"{url}/result"
    made = the_attempt()
    assert (made.submitted_at, made.points) == (NINE, "0")


def test_without_scripts_the_whole_form_is_handed_in(client, begin):
    url = begin(learner())
    form = {f"sequence-{n}": "0" for n in RIGHT}
    form |= {"response-1": "b", "response-3": "true", "response-4": " vneid "}

    client.post(f"{url}/submit", data=form | {"response-2": ["a", "c"]})

    assert the_attempt().points == "4"


def test_without_scripts_the_form_is_kept_and_blanks_are_named(client, begin):
    url = begin(learner())
    form = {"sequence-1": "0", "response-1": "b", "sequence-2": "0", "flag-2": "1"}

    page = client.post(f"{url}/answers", data=form, follow_redirects=True)

    assert page.request.path == f"{url}/submit"
    assert "Còn 3 câu chưa làm" in page.text
    assert "1 câu bạn đánh dấu" in page.text
    assert (stored(1).value, stored(1).sequence) == ("b", 1)
    assert (stored(2).value, stored(2).flagged) == (None, True)


def test_a_form_drawn_before_a_newer_save_does_not_overwrite_it(client, begin):
    url = begin(learner(SINGLE))
    save(client, url, 1, 1, "b")

    page = client.post(
        f"{url}/answers",
        data={"sequence-1": "0", "response-1": "a"},
        follow_redirects=True,
    )

    assert stored().value == "b"
    assert "Chưa lưu được câu 1" in page.text


def test_a_form_sent_after_time_is_marked_without_it(client, begin):
    url = begin(learner(SINGLE, time_limit_minutes=10))

    with clock.frozen(NINE + TEN_MINUTES + GRACE):
        page = client.post(
            f"{url}/submit",
            data={"sequence-1": "0", "response-1": "b"},
            follow_redirects=True,
        )

    assert "Hết giờ, hệ thống thu bài" in page.text
    made = the_attempt()
    assert (made.points, made.ended) == ("0", Ended.BY_TIME)
    assert made.submitted_at == NINE + TEN_MINUTES


def test_a_form_sent_within_the_grace_still_counts(client, begin):
    url = begin(learner(SINGLE, time_limit_minutes=10))

    with clock.frozen(NINE + TEN_MINUTES + GRACE - A_MOMENT):
        client.post(f"{url}/submit", data={"sequence-1": "0", "response-1": "b"})

    assert (the_attempt().points, the_attempt().ended) == ("1", Ended.BY_TIME)


def test_the_job_takes_in_what_is_overdue_and_nothing_else(client, begin):
    url = begin(learner(SINGLE, time_limit_minutes=10))
    save(client, url, 1, 1, "b")
    over = NINE + TEN_MINUTES + GRACE

    assert attempts.close_overdue(over - A_MOMENT) == 0
    assert the_attempt().is_open
    assert attempts.close_overdue(over) == 1
    db.session.commit()

    made = the_attempt()
    assert (made.passed, made.ended) == (True, Ended.BY_TIME)
    assert made.submitted_at == NINE + TEN_MINUTES
    assert db.session.query(ActivityProgress).one().reached == 100


def test_the_worker_runs_that_job_every_few_seconds(app, client, begin):
    begin(learner(SINGLE, time_limit_minutes=10))
    known = jobs.HANDLERS["quizzes.close_overdue"]
    over = NINE + TEN_MINUTES + GRACE
    db.session.remove()

    assert known.call is quiz_jobs.close_overdue
    assert known.every == timedelta(seconds=15)
    with clock.frozen(over):
        jobs.plant_periodic(over)
        while jobs.run_one(over):
            pass

    assert the_attempt().ended is Ended.BY_TIME


def test_a_new_start_takes_in_what_the_job_has_not_yet(client, begin):
    who = learner(SINGLE, time_limit_minutes=10)
    first = begin(who)

    with clock.frozen(NINE + TEN_MINUTES + GRACE):
        second = client.post(f"/quizzes/{who.quiz.id}/attempts").location

    assert second != first
    made = db.session.query(Attempt).order_by(Attempt.number).all()
    assert [(one.number, one.ended) for one in made] == [(1, Ended.BY_TIME), (2, None)]


def test_running_attempts_keep_the_item_they_began_with(client, begin):
    who = learner(SINGLE)
    url = begin(who)
    slot = quizzes.slots_of(who.quiz)[0]
    quizzes.edit_item(
        slot, {**SINGLE, "stem": "Câu mới?", "correct": "a"}, slot.points, None, NINE
    )
    db.session.commit()

    assert "Câu mới" not in client.get(url).text
    save(client, url, 1, 1, "b")
    client.post(f"{url}/submit")
    assert the_attempt().points == "1"
    assert "Câu mới" in client.get(begin(who)).text


def test_nobody_opens_another_learners_attempt(client, begin, sign_in):
    who = learner(SINGLE)
    url = begin(who)
    other = people.account("Trần Thị Bình")
    courses.enrolled(other, course_of(who))
    sign_in(other)

    for path in ("", "/submit", "/result", "/clock"):
        assert client.get(url + path).status_code == 404
    for path in ("/submit", "/answers"):
        assert client.post(url + path).status_code == 404
    assert save(client, url, 1, 1, "b").status_code == 404
    assert stored().response is None
    assert the_attempt().is_open


def test_someone_who_is_not_enrolled_cannot_start(client, sign_in):
    who = learner()
    sign_in(people.account("Trần Thị Bình"))

    assert client.post(f"/quizzes/{who.quiz.id}/attempts").status_code == 404
    assert client.get(f"/activities/{who.quiz.activity_id}/quiz").status_code == 404


def test_the_clock_is_the_servers(client, begin):
    url = begin(learner(SINGLE, time_limit_minutes=10))

    with clock.frozen(NINE + timedelta(minutes=4)):
        assert client.get(f"{url}/clock").json == {"seconds_left": 360}
        assert 'data-seconds-left="360"' in client.get(url).text
    client.post(f"{url}/submit")
    assert client.get(f"{url}/clock").json == {"seconds_left": 0}


def test_a_quiz_without_a_limit_shows_no_timer(client, begin):
    url = begin(learner(SINGLE))

    assert "data-timer" not in client.get(url).text
    assert client.get(f"{url}/clock").json == {"seconds_left": None}


def test_pages_of_an_attempt_lead_to_where_it_stands(client, begin):
    url = begin(learner(SINGLE))
    assert client.get(f"{url}/result").location == url

    client.post(f"{url}/submit")

    assert client.get(url).location == f"{url}/result"
    assert client.get(f"{url}/submit").location == f"{url}/result"


def test_the_best_attempt_counts_and_is_named(client, begin):
    who = learner(SINGLE)
    first = begin(who)
    save(client, first, 1, 1, "b")
    client.post(f"{first}/submit")
    second = begin(who)
    client.post(f"{second}/submit")

    tries = attempts.attempts_of(who.quiz, who.account.id)

    assert attempts.best_of(tries).number == 1
    assert "cao nhất của bạn là 100 %, ở lượt 1" in client.get(f"{second}/result").text
    assert "cao nhất" in client.get(f"/activities/{who.quiz.activity_id}/quiz").text


def test_a_started_quiz_is_where_the_learner_stopped(client, begin):
    who = learner(SINGLE)
    begin(who)

    found = enrolment.enrolment_of(course_of(who).id, who.account.id)

    assert found.last_activity_id == who.quiz.activity_id


@pytest.mark.parametrize("shuffled", [True, False])
def test_the_layout_is_kept_with_the_attempt(app, shuffled):
    who = learner(*[SINGLE] * 6, shuffle_items=shuffled, shuffle_options=shuffled)

    asked = attempts.asked_in(attempt(who))

    ids = [one.place.item_version_id for one in asked]
    orders = {one.item.option_ids for one in asked}
    assert sorted(ids) == [slot.item_version_id for slot in quizzes.slots_of(who.quiz)]
    assert (orders == {("a", "b", "c")}) is not shuffled


EXPLANATION = "theo Luật Căn cước"


@pytest.mark.parametrize(
    ("review", "first", "second"),
    [
        (ReviewPolicy.AFTER_SUBMIT, True, True),
        (ReviewPolicy.AFTER_PASSING, False, True),
        (ReviewPolicy.AFTER_LAST_ATTEMPT, False, True),
        (ReviewPolicy.NEVER, False, False),
    ],
)
def test_the_review_opens_by_its_policy(client, begin, review, first, second):
    who = learner(SINGLE, review=review, max_attempts=2, pass_mark=100)
    failed = begin(who)
    client.post(f"{failed}/submit")
    assert (EXPLANATION in client.get(f"{failed}/result").text) is first

    passed = begin(who)
    assert EXPLANATION not in client.get(f"{failed}/result").text
    save(client, passed, 1, 1, "b")
    client.post(f"{passed}/submit")

    for url in (failed, passed):
        page = client.get(f"{url}/result").text
        assert (EXPLANATION in page) is second
        assert ("Đáp án đúng" in page or "Bạn chọn, đúng" in page) is second
