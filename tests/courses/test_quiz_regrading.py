"""Marking by hand, item analysis, and regrades after a wrong key."""

from fractions import Fraction

import pytest

from courses.enrolment.models import ActivityProgress
from courses.quizzes.models.attempts import Attempt, AttemptPlace
from courses.quizzes.models.regrading import RegradeRun
from courses.quizzes.rules.marking import MarkRefusal
from courses.quizzes.rules.regrading import RegradeRefusal, Remedy, RunState
from courses.quizzes.services import analysis, marking, quizzes, regrading
from courses.quizzes.services.analysis import Counted
from lms.kernel.audit import AuditEvent
from lms.kernel.db import db
from lms.kernel.errors import Refused
from tests.conftest import NINE
from tests.factories import people
from tests.factories.papers import ESSAY, answered, choice, classroom
from tests.factories.quizzes import learner, quiz

CLASS = ["bbb", "bba", "abb", "cba", "cbb", "cab", "caa", "cac", "bac", "aac"]


@pytest.fixture
def wrong_key(client):
    """Ten learners answer three items; the first one's key should be c."""
    made = quiz(choice(1), choice(2), choice(3), pass_mark=60)
    learners = classroom(made, CLASS)
    return made, learners


def staff(made, name="Lê Thị Duyệt"):
    return people.account(name, editor=f"course:{made.activity.course_id}")


def corrected(made, key="c"):
    slot = quizzes.slots_of(made)[0]
    quizzes.edit_item(slot, choice(1, key), slot.points, None, NINE)
    db.session.commit()
    return slot.item_version.item


def marks():
    db.session.expire_all()
    return [one.points for one in db.session.query(Attempt).order_by(Attempt.id)]


def by_hand(sheets, key):
    return [str(sum(p == k for p, k in zip(s, key, strict=True))) for s in sheets]


def test_a_wrong_key_is_mended_by_two_people_and_undone(client, sign_in, wrong_key):
    made, _learners = wrong_key
    item, first, second = corrected(made), staff(made, "Trần Đề"), staff(made)
    assert marks() == by_hand(CLASS, "bbb")

    sign_in(first)
    told = client.post(
        f"/quizzes/{made.id}/regrades/{item.id}",
        data={"remedy": "new_key", "reason": "Đáp án đúng là C."},
    )
    url = told.location
    page = client.get(url).text
    assert "Từ chưa đạt thành đạt" in page
    assert "cần một người khác duyệt" in page
    assert marks() == by_hand(CLASS, "bbb")
    assert client.post(f"{url}/approve").status_code == 409

    sign_in(second)
    assert client.post(f"{url}/approve").status_code == 303
    assert marks() == by_hand(CLASS, "cbb")
    run = db.session.query(RegradeRun).one()
    assert (run.state, run.decided_by_id) == (RunState.APPLIED, second.id)

    assert client.post(f"{url}/undo", data={"reason": "Nhầm."}).status_code == 409
    sign_in(first)
    assert client.post(f"{url}/undo", data={"reason": "Nhầm."}).status_code == 303
    assert marks() == by_hand(CLASS, "bbb")
    acts = [row.act for row in db.session.query(AuditEvent)]
    assert [a for a in acts if a.startswith("regrade.")] == [
        "regrade.propose",
        "regrade.approve",
        "regrade.undo",
    ]


def test_the_list_equals_an_independent_recount(client, wrong_key):
    made, learners = wrong_key
    item = corrected(made)

    run = regrading.propose(
        made, item, Remedy.NEW_KEY, reason="Sai.", actor_id=learners[0].id, now=NINE
    )

    before, after = by_hand(CLASS, "bbb"), by_hand(CLASS, "cbb")
    counted = regrading.summary(run)
    assert counted.attempts == 10
    assert counted.changed == sum(b != a for b, a in zip(before, after, strict=True))
    assert counted.up == sum(
        int(b) < 2 <= int(a) for b, a in zip(before, after, strict=True)
    )
    assert counted.down == sum(
        int(a) < 2 <= int(b) for b, a in zip(before, after, strict=True)
    )
    assert {line.attempt_id: line.points_after for line in run.lines} == dict(
        enumerate(after, 1)
    )


@pytest.mark.parametrize(
    ("remedy", "expected", "worth"),
    [
        (Remedy.FULL_MARKS, lambda s: 1 + (s[1] == "b") + (s[2] == "b"), "3"),
        (Remedy.LEFT_OUT, lambda s: (s[1] == "b") + (s[2] == "b"), "2"),
    ],
)
def test_an_item_is_given_to_all_or_left_out(
    client, wrong_key, remedy, expected, worth
):
    made, _learners = wrong_key
    item, who, other = (
        quizzes.slots_of(made)[0].item_version.item,
        staff(made),
        staff(made, "B"),
    )

    run = regrading.propose(
        made, item, remedy, reason="Đề sai.", actor_id=who.id, now=NINE
    )
    regrading.approve(run, other.id, NINE)
    db.session.commit()

    assert marks() == [str(expected(sheet)) for sheet in CLASS]
    assert {one.worth for one in db.session.query(Attempt)} == {worth}


def test_later_attempts_are_marked_under_the_correction_too(client, wrong_key):
    made, learners = wrong_key
    item, who, other = (
        quizzes.slots_of(made)[0].item_version.item,
        staff(made),
        staff(made, "B"),
    )
    run = regrading.propose(
        made, item, Remedy.FULL_MARKS, reason="Đề sai.", actor_id=who.id, now=NINE
    )
    regrading.approve(run, other.id, NINE)

    assert answered(made, learners[0], "aaa").points == "1"
    regrading.undo(run, "Nhầm.", who.id, NINE)
    db.session.commit()
    assert marks()[-1] == "0"


def test_a_list_that_has_changed_is_shown_again_before_anything_happens(
    client, sign_in, wrong_key
):
    made, learners = wrong_key
    item, first, second = corrected(made), staff(made, "Trần Đề"), staff(made)
    run = regrading.propose(
        made, item, Remedy.NEW_KEY, reason="Sai.", actor_id=first.id, now=NINE
    )
    db.session.commit()
    attempt = answered(made, learners[1], "cbb")
    before = marks()
    sign_in(second)

    answer = client.post(f"/regrade-runs/{run.id}/approve", follow_redirects=True)

    assert "đã được tính lại" in answer.text
    assert marks() == before
    assert db.session.get(RegradeRun, run.id).state is RunState.PROPOSED
    assert attempt.id in {line.attempt_id for line in run.lines}
    client.post(f"/regrade-runs/{run.id}/approve")
    assert db.session.get(RegradeRun, run.id).state is RunState.APPLIED


def test_a_proposal_needs_a_newer_key_and_stands_alone(client, wrong_key):
    made, _learners = wrong_key
    item, who = quizzes.slots_of(made)[0].item_version.item, staff(made)
    given = {"reason": "Sai.", "actor_id": who.id, "now": NINE}

    with pytest.raises(Refused) as refused:
        regrading.propose(made, item, Remedy.NEW_KEY, **given)
    assert refused.value.reason is RegradeRefusal.NO_NEWER_VERSION
    regrading.propose(made, item, Remedy.LEFT_OUT, **given)
    with pytest.raises(Refused) as refused:
        regrading.propose(made, item, Remedy.FULL_MARKS, **given)
    assert refused.value.reason is RegradeRefusal.ONE_IS_OPEN


def test_the_learner_sees_the_key_by_which_the_mark_was_mended(
    client, sign_in, wrong_key
):
    made, learners = wrong_key
    item, who, other = corrected(made), staff(made), staff(made, "B")
    run = regrading.propose(
        made, item, Remedy.NEW_KEY, reason="Sai.", actor_id=who.id, now=NINE
    )
    regrading.approve(run, other.id, NINE)
    db.session.commit()
    sign_in(learners[3])
    attempt = db.session.query(Attempt).filter_by(learner_id=learners[3].id).one()

    page = client.get(f"/attempts/{attempt.id}/result").text

    assert "Đã chấm lại theo đáp án đúng" in page
    assert "66 %" in page


def test_who_passes_by_the_mended_key_has_done_the_lesson(client, wrong_key):
    made, learners = wrong_key
    item, who, other = corrected(made), staff(made), staff(made, "B")
    run = regrading.propose(
        made, item, Remedy.NEW_KEY, reason="Sai.", actor_id=who.id, now=NINE
    )

    regrading.approve(run, other.id, NINE)
    db.session.commit()

    done = [row.reached for row in db.session.query(ActivityProgress) if row.done_at]
    assert len(done) == sum(int(m) >= 2 for m in by_hand(CLASS, "cbb")) + sum(
        int(b) >= 2 > int(a)
        for b, a in zip(by_hand(CLASS, "bbb"), by_hand(CLASS, "cbb"), strict=True)
    )
    assert learners


def test_the_analysis_agrees_with_a_hand_and_flags_the_wrong_key(
    client, sign_in, wrong_key
):
    made, _learners = wrong_key
    who = staff(made)
    sign_in(who)

    report = analysis.analyse(made, Counted.FIRST)
    page = client.get(f"/quizzes/{made.id}/analysis").text

    first = report.items[0]
    assert first.figures.difficulty == Fraction(3, 10)
    assert [row.picks for row in first.options] == [2, 3, 5]
    assert report.papers[0].figures.learners == 10
    assert report.papers[0].figures.is_kr20
    assert page.count("<svg") >= 2
    assert "Phương án" in page
    assert client.get(f"/quizzes/{made.id}/analysis?counted=all").status_code == 200


def test_the_page_of_an_analysis_stays_small(client, sign_in, queries, wrong_key):
    made, _learners = wrong_key
    url = f"/quizzes/{made.id}/analysis"
    sign_in(staff(made))
    db.session.remove()

    with queries() as seen:
        client.get(url)

    assert len(seen) <= 12


def essays():
    who = learner(choice(1), ESSAY, pass_mark=50)
    attempt = answered(who.quiz, who.account, "b")
    place = db.session.query(AttemptPlace).filter_by(position=2).one()
    place.response, place.share = {"value": "Tôi đến công an phường."}, None
    attempt.points = attempt.passed = None
    place.points = 9
    db.session.commit()
    return who, attempt, place


def test_two_markers_and_a_third_settle_an_essay(client, sign_in):
    who, attempt, place = essays()
    markers = [staff(who.quiz, f"Người chấm {n}") for n in range(3)]
    assert marking.count_waiting(who.quiz) == 1

    for marker, points in zip(markers, ("4", "8", "7"), strict=True):
        sign_in(marker)
        page = client.get(f"/quizzes/{who.quiz.id}/marking").text
        assert who.account.full_name not in page
        sheet = client.get(f"/attempt-places/{place.id}/mark").text
        assert "Tôi đến công an phường." in sheet
        assert who.account.full_name not in sheet
        answer = client.post(
            f"/attempt-places/{place.id}/mark",
            data={"points": points, "comment": "Rõ ràng."},
        )
        assert answer.status_code == 303

    db.session.expire_all()
    assert attempt.points == str(1 + Fraction(15, 2))
    assert attempt.passed
    assert marking.count_waiting(who.quiz) == 0
    assert [r.act for r in db.session.query(AuditEvent)].count("response.mark") == 3
    assert marking.comments_on([place]) == {place.id: ["Rõ ràng."] * 3}
    sign_in(who.account)
    assert client.get(f"/attempts/{attempt.id}/result").text.count("Rõ ràng.") == 3


def test_an_attempt_waits_for_its_markers(client, sign_in):
    who, attempt, _place = essays()
    sign_in(who.account)
    assert "Chờ chấm" in client.get(f"/attempts/{attempt.id}/result").text

    page = client.get(f"/activities/{who.quiz.activity_id}/quiz").text

    assert "Chờ chấm" in page
    assert "badge-done" not in page


def test_nobody_marks_twice_nor_their_own(client):
    who, _attempt, place = essays()
    marker = staff(who.quiz)
    marking.give_mark(place, marker.id, Fraction(5), "", NINE)

    for person, reason in (
        (marker.id, MarkRefusal.MARKED_BY_YOU),
        (who.account.id, MarkRefusal.OWN_RESPONSE),
    ):
        with pytest.raises(Refused) as refused:
            marking.give_mark(place, person, Fraction(5), "", NINE)
        assert refused.value.reason is reason
