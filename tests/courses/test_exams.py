"""An exam from the door to the mark: no answer is lost, none that is late counts."""

import json
from datetime import timedelta

import pytest
import sqlalchemy as sa

from courses.exams import answers
from courses.exams.answers import AnswerRefusal
from courses.exams.models.sittings import AnswerRow, AnswerSeal, Sitting
from courses.exams.rules.hours import GRACE
from courses.exams.rules.pins import TRIES, PinRefusal
from courses.exams.rules.sitting import MoveRefusal, SittingState
from courses.exams.services import marking, papers, plan, sealing, sittings
from courses.exams.services.papers import PaperRefusal
from courses.exams.services.plan import Entry, PlanRefusal
from courses.exams.services.sittings import SittingRefusal
from lms.kernel import clock
from lms.kernel.db import db
from lms.kernel.errors import Refused
from tests.conftest import NINE
from tests.factories import exams, people
from tests.factories.quizzes import RIGHT

MINUTE, TICK = timedelta(minutes=1), timedelta(microseconds=1)


def body(value, flagged=False):
    return json.dumps({"value": value, "flagged": flagged})


def keep(seat, sequence, position, sent, now):
    """Save as a request of its own: what this test did before is committed."""
    db.session.commit()
    return answers.keep(seat, sequence, position, sent, now)


def refused(call, *args):
    with pytest.raises(Refused) as caught:
        call(*args)
    return caught.value.reason


@pytest.fixture
def officer(app):
    return people.account("Cán bộ coi thi")


@pytest.fixture
def held(app):
    [(sitting, seat)] = exams.writing()
    return sitting, seat


def test_everybody_has_a_number_in_the_order_of_names(app):
    session = exams.exam()

    people_ = plan.candidates_of(session.subject.exam)

    assert [(one.full_name, one.code) for one in people_] == [
        ("Nguyễn Văn An", "PD001"),
        ("Trần Thị Bình", "PD002"),
        ("Lê Văn Cường", "PD003"),
        ("Phạm Thị Dung", "PD004"),
    ]


def test_a_number_on_the_list_twice_is_refused(app):
    of = exams.exam().subject.exam
    plan.enter(of, [Entry("A", "9A", "000099000001")])

    again = [Entry("B", "9B", "000099000001")]

    assert refused(plan.enter, of, again) is PlanRefusal.TWICE


def test_seats_stay_once_somebody_was_let_in(officer):
    session = exams.exam()
    [first, *_rest] = sittings.sittings_of(session)
    sittings.admit(first, officer.id, clock.now())

    assert refused(plan.seat, session, "again") is PlanRefusal.BEGUN


def test_a_paper_stays_closed_until_the_bell(officer):
    session = exams.exam()
    paper = exams.paper(session)
    sittings.assign_papers(session, [paper])
    assert refused(papers.questions_of, paper, session) is PaperRefusal.BEFORE_THE_BELL
    assert b"VNeID" not in paper.locked

    sittings.ring(session, officer.id, clock.now())

    assert len(papers.questions_of(paper, session)) == 4


def test_two_others_vouch_for_a_paper(officer):
    session = exams.exam()
    paper = exams.paper(session)
    maker = paper.made_by_id
    approver = people.account("Người thứ ba").id

    assert refused(papers.approve, paper, maker, clock.now()) is PaperRefusal.OWN
    papers.approve(paper, approver, clock.now())
    assert refused(papers.approve, paper, approver, clock.now()) is PaperRefusal.TWICE


def test_the_pin_opens_its_own_seat_once(officer):
    [sitting, other, *_] = sittings.sittings_of(exams.exam())
    pin = sittings.admit(sitting, officer.id, clock.now())
    sittings.admit(other, officer.id, clock.now())

    assert sittings.take_seat(other, pin, clock.now()) is PinRefusal.WRONG
    seat = sittings.take_seat(sitting, pin.lower(), clock.now())
    again = sittings.take_seat(sitting, pin, clock.now())

    assert (seat.sitting, seat.writer) == (sitting.id, 1)
    assert again is PinRefusal.USED
    assert sitting.state is SittingState.SEATED


def test_guessing_pins_ends_soon(officer):
    [sitting, *_] = sittings.sittings_of(exams.exam())
    sittings.admit(sitting, officer.id, clock.now())

    tries = [sittings.take_seat(sitting, "AAAA", clock.now()) for _ in range(TRIES + 1)]

    assert tries == [PinRefusal.WRONG] * TRIES + [PinRefusal.TOO_MANY]


@pytest.mark.parametrize(
    ("after", "refusal"),
    [
        (-2 * MINUTE, SittingRefusal.TOO_EARLY_TO_ENTER),
        (45 * MINUTE, SittingRefusal.TOO_LATE_TO_ENTER),
    ],
)
def test_the_door_has_its_hours(officer, after, refusal):
    [sitting, *_] = sittings.sittings_of(exams.exam())

    reason = refused(sittings.admit, sitting, officer.id, NINE + after)

    assert reason is refusal


def test_a_late_candidate_starts_at_once_with_the_time_that_is_left(officer):
    session = exams.exam()
    sittings.assign_papers(session, [exams.paper(session)])
    sittings.ring(session, officer.id, NINE + 30 * MINUTE)
    [late, *_] = sittings.sittings_of(session)

    pin = sittings.admit(late, officer.id, NINE + 40 * MINUTE)
    sittings.take_seat(late, pin, NINE + 41 * MINUTE)

    assert late.state is SittingState.WRITING
    assert late.deadline_at == NINE + 120 * MINUTE


def test_an_answer_is_acknowledged_with_a_receipt_and_kept(held):
    _sitting, seat = held

    kept = keep(seat, 1, 2, body(["a"]), clock.now())

    [row] = db.session.scalars(sa.select(AnswerRow))
    assert (row.position, row.body) == (2, body(["a"]))
    assert (row.receipt, row.received_at) == (kept.receipt, NINE)
    assert len(kept.receipt) == 8


def test_sent_again_it_is_acknowledged_as_before(held):
    _sitting, seat = held
    kept = keep(seat, 1, 1, body("b"), clock.now())

    again = keep(seat, 1, 1, body("b"), NINE + MINUTE)

    assert again == kept
    assert db.session.scalar(sa.select(sa.func.count(AnswerRow.id))) == 1


def test_one_number_does_not_stand_for_two_answers(held):
    _sitting, seat = held
    keep(seat, 1, 1, body("b"), clock.now())

    reason = refused(keep, seat, 1, 1, body("c"), clock.now())

    assert reason is AnswerRefusal.OTHER_ANSWER


@pytest.mark.parametrize("position", [0, 5, -1])
def test_a_question_that_is_not_asked_is_refused(held, position):
    _sitting, seat = held

    reason = refused(keep, seat, 1, position, body("b"), clock.now())

    assert reason is AnswerRefusal.NO_SUCH_QUESTION


def test_answers_count_until_the_deadline_and_its_grace(held):
    sitting, seat = held
    end = sitting.deadline_at + GRACE

    keep(seat, 1, 1, body("b"), end - TICK)
    reason = refused(keep, seat, 2, 1, body("c"), end)

    assert reason is AnswerRefusal.TOO_LATE


def test_added_time_is_time(held, officer):
    sitting, seat = held
    end = sitting.deadline_at + GRACE
    sittings.add_time(sitting, 7 * MINUTE, officer.id, clock.now(), "mất điện")
    db.session.commit()

    keep(seat, 1, 1, body("b"), end + 7 * MINUTE - TICK)

    assert sitting.added_seconds == 420


def test_time_is_added_with_a_reason_only(held, officer):
    sitting, _seat = held

    reason = refused(sittings.add_time, sitting, MINUTE, officer.id, clock.now(), " ")

    assert reason is SittingRefusal.REASON_NEEDED_FOR_TIME


def test_a_pause_takes_no_time_and_no_answers(held, officer):
    sitting, seat = held
    deadline = sitting.deadline_at
    sittings.pause(sitting, officer.id, NINE + MINUTE, "báo cháy")
    db.session.commit()

    during = refused(keep, seat, 1, 1, body("b"), NINE + 2 * MINUTE)
    sittings.resume(sitting, officer.id, NINE + 11 * MINUTE)
    db.session.commit()
    keep(seat, 1, 1, body("b"), NINE + 12 * MINUTE)

    assert during is AnswerRefusal.NOT_WRITING
    assert sitting.deadline_at == deadline + 10 * MINUTE


def test_the_old_machine_is_dead_once_another_takes_over(held, officer):
    sitting, old = held
    keep(old, 1, 1, body("a"), clock.now())
    pin = sittings.transfer(sitting, officer.id, clock.now(), "máy hỏng")
    db.session.commit()

    between = refused(keep, old, 2, 1, body("x"), clock.now())
    new = sittings.take_seat(sitting, pin, clock.now())
    db.session.commit()
    keep(new, 1, 1, body("b"), clock.now())

    assert between is AnswerRefusal.MOVED
    assert refused(keep, old, 3, 1, body("x"), clock.now()) is AnswerRefusal.MOVED


def test_nothing_is_taken_after_the_hand_in(held):
    sitting, seat = held
    sittings.hand_in(sitting, clock.now())
    db.session.commit()

    reason = refused(keep, seat, 1, 1, body("b"), clock.now())

    assert reason is AnswerRefusal.NOT_WRITING
    assert refused(sittings.hand_in, sitting, clock.now()) is MoveRefusal.NOT_NOW


def test_the_server_hands_in_for_whoever_does_not(held):
    sitting, seat = held
    keep(seat, 1, 1, body("b"), clock.now())

    early = sittings.collect_overdue(sitting.deadline_at + GRACE - TICK)
    due = sittings.collect_overdue(sitting.deadline_at + GRACE)

    assert (early, due) == (0, 1)
    assert sitting.state is SittingState.SUBMITTED
    assert sitting.ended_at == sitting.deadline_at


def answer_all(seat, given):
    for sequence, (position, value) in enumerate(given.items(), 1):
        keep(seat, sequence, position, body(value), clock.now())


@pytest.mark.parametrize(
    ("given", "points"), [(RIGHT, "4"), ({}, "0"), ({1: "a", 3: True}, "1")]
)
def test_marks_come_from_the_events_and_the_frozen_paper(held, given, points):
    sitting, seat = held
    answer_all(seat, given)
    sittings.hand_in(sitting, clock.now())

    marking.mark(sitting)

    assert (sitting.points, sitting.worth) == (points, "4")


def test_an_edit_of_an_item_does_not_touch_a_frozen_paper(held):
    sitting, seat = held
    answer_all(seat, RIGHT)
    db.session.execute(sa.text("UPDATE item_version SET spec = '{}'"))
    sittings.hand_in(sitting, clock.now())

    assert marking.mark(sitting).points == 4


def audit(sitting):
    exam = sitting.session.subject.exam
    return [
        (finding.fault.value, finding.where)
        for audited in marking.audit_exam(exam)
        for finding in audited.findings
    ]


def ended(held):
    sitting, seat = held
    answer_all(seat, RIGHT)
    sittings.hand_in(sitting, clock.now())
    marking.mark(sitting)
    db.session.commit()
    return sitting


def test_an_exam_that_nobody_touched_is_whole(held):
    assert audit(ended(held)) == []


def without_guards(statement):
    """Do what only somebody with the database in hand can."""
    sqlite = db.engine.dialect.name == "sqlite"
    with db.engine.connect() as connection:
        if sqlite:
            for verb in ("update", "delete"):
                connection.execute(sa.text(f"DROP TRIGGER answer_event_no_{verb}"))
        else:
            connection.execute(sa.text("SET session_replication_role = replica"))
        connection.exec_driver_sql(statement)
        if sqlite:
            connection.commit()
            return
        connection.execute(sa.text("SET session_replication_role = DEFAULT"))
        connection.commit()


ALTER = """UPDATE answer_event SET body = '{"value":"a","flagged":false}'
           WHERE position = 1"""


@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        (ALTER, ("receipt", "1/1")),
        ("DELETE FROM answer_event WHERE position = 2", ("gap", "1/2")),
        ("DELETE FROM answer_event WHERE position = 4", ("seal", "1")),
        ("UPDATE sitting SET points = '3'", ("mark", "3/4")),
        ("UPDATE sitting SET state = 'writing'", ("state", "writing")),
    ],
)
def test_the_audit_names_what_was_altered(held, statement, fault):
    sitting = ended(held)
    without_guards(statement)
    db.session.expire_all()

    assert fault in audit(sitting)


def test_the_database_itself_keeps_answers_as_they_are(held):
    ended(held)

    for verb in ("UPDATE answer_event SET body = ''", "DELETE FROM answer_seal"):
        with pytest.raises(sa.exc.DBAPIError, match="append-only"):
            db.session.execute(sa.text(verb))
        db.session.rollback()


def test_answers_are_sealed_while_the_exam_runs(held):
    sitting, seat = held
    keep(seat, 1, 1, body("a"), clock.now())
    assert [one.id for one in sealing.unsealed(10)] == [sitting.id]
    sealing.seal_answers(sitting, clock.now())
    keep(seat, 2, 1, body("b"), clock.now())
    sealing.seal_answers(sitting, clock.now())
    sealing.seal_answers(sitting, clock.now())

    seals = db.session.scalars(sa.select(AnswerSeal).order_by(AnswerSeal.number)).all()

    assert [(one.number, one.count) for one in seals] == [(1, 1), (2, 1)]
    assert sealing.unsealed(10) == []


def test_the_command_tells_whether_an_exam_is_whole(held, app):
    sitting = ended(held)
    exam_id, runner = str(sitting.session.subject.exam_id), app.test_cli_runner()

    whole = runner.invoke(args=["exams", "audit", exam_id, "--json"])
    db.session.rollback()
    without_guards(ALTER)
    broken = runner.invoke(args=["exams", "audit", exam_id, "--json"])
    unknown = runner.invoke(args=["exams", "audit", "999"])

    assert (whole.exit_code, json.loads(whole.output)) == (
        0,
        {"sittings": 1, "faults": []},
    )
    assert broken.exit_code == 1
    assert json.loads(broken.output)["faults"][0] == {
        "sitting": sitting.id,
        "candidate": "PD001",
        "fault": "receipt",
        "where": "1/1",
    }
    assert unknown.exit_code == 2


def at_seat(client, seat):
    with client.session_transaction() as session:
        session["exam-seat"] = [seat.sitting, seat.seal_id, seat.writer, seat.questions]


def test_the_page_saves_and_is_told_when_and_with_which_receipt(held, client):
    _sitting, seat = held
    at_seat(client, seat)

    answer = client.post(
        "/exam-answers", json={"sequence": 1, "position": 1, "body": body("b")}
    )

    assert answer.status_code == 200
    assert answer.json["at"] == NINE.isoformat()
    assert len(answer.json["receipt"]) == 8


@pytest.mark.parametrize(
    "sent",
    [
        None,
        [],
        {},
        {"sequence": 1, "position": 1},
        {"sequence": "1", "position": 1, "body": body("b")},
        {"sequence": True, "position": 1, "body": body("b")},
        {"sequence": 2**40, "position": 1, "body": body("b")},
        {"sequence": 1, "position": 1, "body": "b"},
        {"sequence": 1, "position": 1, "body": '{"value": 1}'},
        {"sequence": 1, "position": 1, "body": '{"value":1,"flagged":1}'},
        {"sequence": 1, "position": 1, "body": body("x" * 70_000)},
    ],
)
def test_what_no_page_sends_is_refused_and_not_kept(held, client, sent):
    _sitting, seat = held
    at_seat(client, seat)

    assert client.post("/exam-answers", json=sent).status_code == 409
    assert db.session.scalar(sa.select(sa.func.count(AnswerRow.id))) == 0


def test_a_machine_without_a_seat_saves_nothing(held, client):
    sent = {"sequence": 1, "position": 1, "body": body("b")}

    assert client.post("/exam-answers", json=sent).status_code == 409


def test_a_seat_of_another_exam_of_the_same_number_opens_nothing(held, client):
    sitting, _seat = held
    with client.session_transaction() as session:
        session["exam-seat"] = [sitting.id, "0" * 32, 1, 4]

    answer = client.post(
        "/exam-answers", json={"sequence": 1, "position": 1, "body": body("b")}
    )

    assert answer.status_code == 409


def test_states_are_counted(held):
    sitting, _seat = held

    assert sittings.count_by_state(sitting.session) == {SittingState.WRITING: 1}
    assert db.session.get(Sitting, sitting.id) is sitting
