"""Who must not reach papers, keys, allowances, marks and regrades, and does not."""

import pytest

from courses.quizzes.models.attempts import Attempt, AttemptPlace, ResponseMark
from courses.quizzes.models.papers import Paper
from courses.quizzes.models.quizzes import QuizAllowance
from courses.quizzes.models.regrading import RegradeRun
from courses.quizzes.rules.regrading import Remedy, RunState
from courses.quizzes.services import regrading
from lms.kernel import clock
from lms.kernel.db import db
from tests.conftest import NINE
from tests.factories import people
from tests.factories.papers import (
    EASY,
    HARD,
    TWO_CELLS,
    answered,
    by_blueprint,
    choice,
    stocked,
)
from tests.factories.quizzes import learner


@pytest.fixture
def cast(client):
    """A learner with a handed-in attempt at a quiz with papers and a proposed run."""
    who = learner(choice(1), choice(2), time_limit_minutes=10)
    attempt = answered(who.quiz, who.account, "ab")
    course_id = who.quiz.activity.course_id
    author = people.account("Soạn", author=f"course:{course_id}")
    item = attempt.places[0].item_version.item
    run = regrading.propose(
        who.quiz, item, Remedy.LEFT_OUT, reason="Sai.", actor_id=author.id, now=NINE
    )
    stocked(course_id, "Tập hợp", EASY, 4)
    stocked(course_id, "Hàm số", HARD, 4)
    by_blueprint(who.quiz, *TWO_CELLS)
    return who, author, run


def pages(who, run):
    quiz, place = who.quiz, db.session.query(AttemptPlace).first()
    paper = db.session.query(Paper).first()
    return [
        f"/quizzes/{quiz.id}/blueprint",
        f"/papers/{paper.id}",
        f"/papers/{paper.id}/pdf",
        f"/blueprints/{quiz.blueprint_id}/keys/pdf",
        f"/quizzes/{quiz.id}/allowances",
        f"/quizzes/{quiz.id}/analysis",
        f"/quizzes/{quiz.id}/marking",
        f"/attempt-places/{place.id}/mark",
        f"/quizzes/{quiz.id}/regrades/new/{run.item_id}",
        f"/regrade-runs/{run.id}",
        f"/quizzes/{quiz.id}/sections/new",
        f"/quizzes/{quiz.id}/draws/new",
    ]


def acts(who, run):
    quiz, place = who.quiz, db.session.query(AttemptPlace).first()
    return [
        (f"/quizzes/{quiz.id}/blueprint", {"count-1": "1"}),
        (f"/quizzes/{quiz.id}/papers", {"count": "2"}),
        (f"/quizzes/{quiz.id}/blueprint/delete", {}),
        (
            f"/quizzes/{quiz.id}/allowances",
            {"to": f"account:{who.account.id}", "extra_minutes": "60", "reason": "x"},
        ),
        (f"/attempt-places/{place.id}/mark", {"points": "1"}),
        (
            f"/quizzes/{quiz.id}/regrades/{run.item_id}",
            {"remedy": "full_marks", "reason": "x"},
        ),
        (f"/regrade-runs/{run.id}/approve", {}),
        (f"/regrade-runs/{run.id}/reject", {}),
        (f"/regrade-runs/{run.id}/undo", {"reason": "x"}),
        (f"/quizzes/{quiz.id}/sections", {"title": "x"}),
        (f"/quizzes/{quiz.id}/draws", {"count": "1", "points": "1"}),
    ]


def nothing_has_changed(run):
    db.session.expire_all()
    return (
        db.session.query(QuizAllowance).count() == 0
        and db.session.query(ResponseMark).count() == 0
        and db.session.query(RegradeRun).one().state is RunState.PROPOSED
        and db.session.query(Paper).count() == 2
        and db.session.query(Attempt).one().points == "1"
        and run is not None
    )


def test_a_learner_opens_nothing_and_changes_nothing(client, sign_in, cast):
    who, _author, run = cast
    sign_in(who.account)

    for path in pages(who, run):
        assert client.get(path).status_code == 404, path
    for path, data in acts(who, run):
        assert client.post(path, data=data).status_code == 404, path
    assert nothing_has_changed(run)


def test_the_author_of_another_course_opens_nothing(client, sign_in, cast):
    who, _author, run = cast
    other = learner(choice(1), name="Trần Bình", course=None)
    sign_in(people.account("Khác", author=f"course:{other.quiz.activity.course_id}"))

    for path in pages(who, run):
        assert client.get(path).status_code == 404, path
    for path, data in acts(who, run):
        assert client.post(path, data=data).status_code == 404, path
    assert nothing_has_changed(run)


def test_a_stranger_is_sent_to_sign_in(client, cast):
    who, _author, run = cast

    for path in pages(who, run):
        assert client.get(path).status_code in (302, 303), path


def test_one_person_alone_never_changes_marks(client, sign_in, cast):
    _who, author, run = cast
    sign_in(author)

    assert client.post(f"/regrade-runs/{run.id}/approve").status_code == 409
    assert nothing_has_changed(run)


def test_a_regrade_takes_the_token_of_the_form(app, client, sign_in, cast):
    who, _author, run = cast
    second = people.account("Duyệt", editor=f"course:{who.quiz.activity.course_id}")
    sign_in(second)
    app.config["WTF_CSRF_ENABLED"] = True
    try:
        answer = client.post(f"/regrade-runs/{run.id}/approve")
        reading = client.get(f"/regrade-runs/{run.id}/approve")
    finally:
        app.config["WTF_CSRF_ENABLED"] = False

    assert answer.status_code == 400
    assert reading.status_code == 405
    assert nothing_has_changed(run)


def test_nobody_claims_or_checks_anothers_attempt(client, sign_in):
    who = learner(choice(1), choice(2))
    sign_in(who.account)
    url = client.post(f"/quizzes/{who.quiz.id}/attempts").location
    sign_in(people.account("Trần Bình"))

    claimed = client.post(f"{url}/writer", json={"writer": "x", "take_over": True})
    checked = client.post(f"{url}/places/1/check", data={"response-1": "a"})

    assert claimed.status_code == checked.status_code == 404
    assert db.session.query(Attempt).one().writer is None


@pytest.mark.parametrize("writer", ["", "x" * 41, "<script>", 7, None, ["a"], {}])
def test_a_writer_of_another_shape_is_only_the_plain_page(client, sign_in, writer):
    who = learner(choice(1))
    sign_in(who.account)
    url = client.post(f"/quizzes/{who.quiz.id}/attempts").location

    answer = client.post(f"{url}/writer", json={"writer": writer})

    assert answer.json == {"writer": "form"}


def test_no_answer_is_taken_after_the_deadline_whoever_writes(client, sign_in):
    who = learner(choice(1), time_limit_minutes=10)
    sign_in(who.account)
    url = client.post(f"/quizzes/{who.quiz.id}/attempts").location
    late = db.session.query(Attempt).one().deadline.replace(second=5)

    with clock.frozen(late):
        saved = client.post(
            f"{url}/responses", json={"position": 1, "sequence": 1, "value": "b"}
        )
        claimed = client.post(f"{url}/writer", json={"writer": "x"})
        client.post(f"{url}/submit", data={"response-1": "b", "sequence-1": "0"})

    assert saved.status_code == claimed.status_code == 409
    assert db.session.query(AttemptPlace).one().value is None


def test_a_running_attempt_shows_no_key_whatever_the_phase_allows(client, sign_in):
    everything = {phase: ["explanation", "key", "marks", "rightness"] for phase in
                  ("right_after", "later", "after_close")}  # fmt: skip
    who = learner(choice(1, explanation="<p>bi-mat</p>"), feedback=everything)
    sign_in(who.account)
    url = client.post(f"/quizzes/{who.quiz.id}/attempts").location

    page = client.get(url).text

    assert "bi-mat" not in page
    assert "Chấm câu này" not in page
