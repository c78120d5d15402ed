"""One live writer, autosave under every order of events, terms and feedback."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from courses.quizzes.models.attempts import Attempt, AttemptPlace
from courses.quizzes.models.quizzes import QuizAllowance
from courses.quizzes.rules.attempts import (
    GRACE,
    ReviewPolicy,
    Save,
    SaveRefusal,
    StartRefusal,
)
from courses.quizzes.rules.feedback import Part, Phase, stored_feedback
from courses.quizzes.rules.results import Method
from courses.quizzes.services import allowances, attempts, grading
from lms.kernel import clock
from lms.kernel.audit import AuditEvent
from lms.kernel.db import db
from lms.kernel.errors import Refused
from tests.conftest import NINE
from tests.factories import people
from tests.factories.papers import answered, choice
from tests.factories.quizzes import SINGLE, TRUE_FALSE, learner

MINUTE = timedelta(minutes=1)


def begun(client, sign_in, *specs, **given_settings):
    who = learner(*specs, **given_settings)
    sign_in(who.account)
    return who, client.post(f"/quizzes/{who.quiz.id}/attempts").location


def save(client, url, value="b", sequence=1, **more):
    body = {"position": 1, "sequence": sequence, "value": value, "flagged": False}
    return client.post(f"{url}/responses", json=body | more)


def claim(client, url, writer, take_over=False):
    return client.post(f"{url}/writer", json={"writer": writer, "take_over": take_over})


def place() -> AttemptPlace:
    db.session.expire_all()
    return db.session.query(AttemptPlace).filter_by(position=1).one()


def test_a_second_window_is_told_and_may_take_over(client, sign_in):
    _who, url = begun(client, sign_in, SINGLE)

    assert claim(client, url, "one").json == {"writer": "one"}
    second = claim(client, url, "two")
    assert (second.status_code, second.json["reason"]) == (
        409,
        "attempt-written-elsewhere",
    )
    assert claim(client, url, "two", take_over=True).json == {"writer": "two"}
    assert save(client, url, "a", writer="one").status_code == 409
    assert save(client, url, "b", writer="two").status_code == 200
    assert place().value == "b"
    assert [row.act for row in db.session.query(AuditEvent)].count(
        "attempt.take_over"
    ) == 1


def test_a_page_without_scripts_writes_until_a_window_does(client, sign_in):
    _who, url = begun(client, sign_in, SINGLE)
    sheet = {"response-1": "a", "sequence-1": "0"}
    assert client.post(f"{url}/answers", data=sheet).status_code == 303

    claim(client, url, "one")
    refused = client.post(f"{url}/answers", data=sheet | {"response-1": "c"})
    taken = client.post(f"{url}/writer")

    assert refused.status_code == 409
    assert "Làm tiếp ở đây" in refused.text
    assert taken.status_code == 303
    assert place().value == "a"


def test_a_window_that_lost_the_attempt_still_ends_it_when_time_is_up(client, sign_in):
    _who, url = begun(client, sign_in, SINGLE, time_limit_minutes=10)
    claim(client, url, "one")
    sheet = {"response-1": "a", "sequence-1": "0", "writer": "two"}

    early = client.post(f"{url}/submit", data=sheet)
    with clock.frozen(NINE + 10 * MINUTE):
        late = client.post(f"{url}/submit", data=sheet)

    assert (early.status_code, late.status_code) == (409, 303)
    assert place().value is None
    assert db.session.query(Attempt).one().submitted_at == NINE + 10 * MINUTE


EVENTS = st.lists(
    st.tuples(
        st.sampled_from(["save", "claim", "submit", "sheet"]),
        st.sampled_from(["one", "two"]),
        st.integers(1, 5),
        st.sampled_from("abc"),
        st.integers(0, 14),
    ),
    max_size=14,
)


@given(EVENTS)
@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_order_of_events_loses_or_takes_what_it_should_not(app, events):
    """Lost, repeated and late saves of two windows, against a model by hand."""
    with app.app_context():
        who = learner(SINGLE, time_limit_minutes=10)
        attempt = attempts.start_attempt(who.quiz, who.account.id, NINE)
        kept, at, writer, closed = (0, None), NINE, None, False
        reasons = []
        for kind, window, sequence, value, minutes in events:
            at = max(at, NINE + minutes * MINUTE)
            over = at >= attempt.deadline + GRACE
            try:
                if kind == "claim":
                    attempts.claim(attempt, window, 1, at, take_over=True)
                    writer = window
                elif kind == "save":
                    attempts.save_response(
                        attempt, 1, Save(sequence, value, False), window, at
                    )
                    if sequence > kept[0]:
                        kept = (sequence, value)
                    assert writer in (None, window)
                    assert kept == (sequence, value)
                elif kind == "submit":
                    attempts.submit(attempt, at)
                    closed = True
                if kind in ("save", "claim"):
                    assert not closed
                    assert not over
            except Refused as refused:
                fitting = {
                    SaveRefusal.SUBMITTED: closed,
                    SaveRefusal.TIME_OVER: over,
                    SaveRefusal.NEWER_SAVED: sequence <= kept[0],
                }
                elsewhere = kind == "save" and writer not in (None, window)
                reasons.append(fitting.get(refused.reason, elsewhere))
            one = db.session.query(AttemptPlace).filter_by(attempt_id=attempt.id).one()
            assert (one.sequence, one.value) == kept
            assert one.saved_at is None or one.saved_at < attempt.deadline + GRACE
        assert all(reasons)
        assert db.session.query(Attempt).filter_by(
            learner_id=who.account.id, submitted_at=None
        ).count() == (not closed)
        db.session.rollback()


def test_more_time_moves_the_clock_of_a_running_attempt(client, sign_in):
    who, url = begun(client, sign_in, SINGLE, time_limit_minutes=10)
    author = people.account("Soạn", author=f"course:{who.quiz.activity.course_id}")

    sign_in(author)
    answer = client.post(
        f"/quizzes/{who.quiz.id}/allowances",
        data={"to": f"account:{who.account.id}", "extra_minutes": "7",
              "reason": "Máy hỏng giữa giờ."},
    )  # fmt: skip
    page = client.get(f"/quizzes/{who.quiz.id}/allowances").text

    sign_in(who.account)
    assert answer.status_code == 303
    assert "Máy hỏng giữa giờ" in page
    assert client.get(f"{url}/clock").json == {"seconds_left": 17 * 60}
    row = db.session.query(QuizAllowance).one()
    sign_in(author)
    client.post(f"/quiz-allowances/{row.id}/delete")
    sign_in(who.account)
    assert client.get(f"{url}/clock").json == {"seconds_left": 10 * 60}
    acts = [r.act for r in db.session.query(AuditEvent)]
    assert acts.count("quiz.allow") == acts.count("quiz.revoke_allowance") == 1


def test_a_unit_may_try_again_and_another_may_not(client, sign_in):
    who = learner(SINGLE, max_attempts=1)
    answered(who.quiz, who.account, "a")
    unit = people.unit()
    allowances.allow(
        who.quiz, f"unit:{unit.id}", 1, NINE, extra_attempts=1, reason="Mất điện."
    )
    db.session.commit()
    terms = allowances.terms_for(who.quiz, who.account.id, NINE)
    assert terms.start_refusal(1, NINE) is StartRefusal.NO_ATTEMPTS_LEFT

    people.services.give_post(who.account, unit, "Cán bộ", NINE.date())
    db.session.commit()

    terms = allowances.terms_for(who.quiz, who.account.id, NINE)
    assert terms.start_refusal(1, NINE) is None


def test_an_allowance_without_a_reason_or_to_a_stranger_is_refused(client, sign_in):
    who = learner(SINGLE)
    stranger = people.account("Người lạ")
    sign_in(people.account("Soạn", author=f"course:{who.quiz.activity.course_id}"))
    url = f"/quizzes/{who.quiz.id}/allowances"
    asked = {"to": f"account:{who.account.id}", "extra_minutes": "5", "reason": "Ốm."}

    for wrong in ({"reason": " "}, {"to": f"account:{stranger.id}"},
                  {"extra_minutes": ""}, {"extra_minutes": "601"}):  # fmt: skip
        assert client.post(url, data=asked | wrong).status_code == 422
    assert db.session.query(QuizAllowance).count() == 0


def test_a_quiz_closes_for_those_who_still_write(client, sign_in):
    _who, url = begun(
        client, sign_in, SINGLE, time_limit_minutes=60, closes_at=NINE + 5 * MINUTE
    )

    assert client.get(f"{url}/clock").json == {"seconds_left": 5 * 60}
    with clock.frozen(NINE + 5 * MINUTE + GRACE):
        assert save(client, url).status_code == 409


WHEN_CLOSED = stored_feedback({Phase.AFTER_CLOSE: set(Part)})
MARKS_ONLY = stored_feedback({phase: {Part.MARKS} for phase in Phase})


@pytest.mark.parametrize(
    ("feedback", "minutes", "shown"),
    [
        (None, 0, {"marks", "badge", "key", "why"}),
        (MARKS_ONLY, 0, {"marks"}),
        (WHEN_CLOSED, 0, set()),
        (WHEN_CLOSED, 90, {"marks", "badge", "key", "why"}),
        (stored_feedback({Phase.RIGHT_AFTER: {Part.RIGHTNESS}}), 1, {"badge"}),
        (stored_feedback({Phase.RIGHT_AFTER: {Part.RIGHTNESS}}), 3, set()),
    ],
)  # fmt: skip
def test_each_phase_shows_its_own_parts(client, sign_in, feedback, minutes, shown):
    _who, url = begun(
        client, sign_in, SINGLE, closes_at=NINE + 60 * MINUTE, feedback=feedback
    )
    save(client, url, "a")
    client.post(f"{url}/submit")

    with clock.frozen(NINE + minutes * MINUTE):
        page = client.get(f"{url}/result").text

    found = {
        "marks": "trên 1 điểm" in page,
        "badge": ">Sai<" in page,
        "key": "Đáp án đúng" in page,
        "why": "theo Luật Căn cước" in page,
    }
    assert {part for part, there in found.items() if there} == shown


def test_a_checked_response_shows_its_verdict_and_is_locked(client, sign_in):
    during = stored_feedback({Phase.DURING: {Part.RIGHTNESS}, Phase.LATER: set(Part)})
    _who, url = begun(client, sign_in, SINGLE, TRUE_FALSE, feedback=during)
    sheet = {"response-1": "b", "sequence-1": "0", "sequence-2": "0"}

    answer = client.post(f"{url}/places/1/check", data=sheet)
    page = client.get(url).text

    assert answer.status_code == 303
    assert ">Đúng<" in page
    assert "theo Luật Căn cước" not in page
    assert save(client, url, "a", sequence=9).json["reason"] == "response-checked"
    assert client.post(f"{url}/places/2/check", data={}).status_code == 409
    client.post(f"{url}/submit", data={"response-1": "a", "sequence-1": "5"})
    assert place().value == "b"


def test_without_feedback_during_nothing_is_checked_early(client, sign_in):
    _who, url = begun(client, sign_in, SINGLE)

    answer = client.post(
        f"{url}/places/1/check", data={"response-1": "b", "sequence-1": "0"}
    )

    assert answer.status_code == 409
    assert "Chấm câu này" not in client.get(url).text


def test_certainty_and_penalties_reach_the_mark(client, sign_in):
    who, url = begun(client, sign_in, SINGLE, SINGLE, certainty=True)
    save(client, url, "b", certainty=3)
    client.post(
        f"{url}/submit",
        data={"response-1": "b", "certainty-1": "3", "sequence-1": "1",
              "response-2": "a", "certainty-2": "2", "sequence-2": "0"},
    )  # fmt: skip

    attempt = db.session.query(Attempt).one()
    assert (attempt.points, attempt.worth) == ("1", "6")

    fined = learner(
        choice(1), choice(2), choice(3), name="Trần Bình", penalty="1/2",
        course=who.quiz.activity.course,
    )  # fmt: skip
    assert answered(fined.quiz, fined.account, "ba-").points == "1/2"
    assert answered(fined.quiz, fined.account, "aaa").points == "0"


def test_the_method_decides_what_counts(client, sign_in):
    who = learner(choice(1), choice(2), method=Method.LAST, pass_mark=50)
    for sheet in ("bb", "aa"):
        answered(who.quiz, who.account, sheet)

    tries = attempts.attempts_of(who.quiz, who.account.id)
    assert grading.standing_of(who.quiz, tries).percent == 0
    sign_in(who.account)
    page = client.get(f"/attempts/{tries[0].id}/result").text
    assert "Kết quả tính theo: Lượt cuối cùng, hiện là 0 %" in page


def test_a_review_that_waits_for_the_last_attempt_still_waits(client, sign_in):
    who = learner(SINGLE, max_attempts=2, review=ReviewPolicy.AFTER_LAST_ATTEMPT)
    taken = answered(who.quiz, who.account, "a")
    sign_in(who.account)

    page = client.get(f"/attempts/{taken.id}/result").text

    assert "sau khi bạn dùng hết số lượt" in page
    assert "trên 1 điểm" in page
