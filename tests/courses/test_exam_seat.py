"""A candidate at a machine: the slip, the bell, the paper, the hand-in, the receipt."""

import json
import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from courses.exams.models.incidents import ExamNotice, LostTime
from courses.exams.rules import browser
from courses.exams.rules.hours import LOST_AFTER
from courses.exams.rules.sitting import SittingState
from courses.exams.services import gate, receipts, sittings
from lms.kernel import clock
from lms.kernel.db import db
from tests.conftest import NINE
from tests.courses.test_exams import without_guards
from tests.factories import exams, people

MINUTE = timedelta(minutes=1)


@pytest.fixture
def officer(app):
    return people.account("Cán bộ coi thi")


@pytest.fixture
def session(officer):
    made = exams.exam()
    sittings.assign_papers(made, [exams.paper(made)])
    db.session.commit()
    return made


def seat_of(sitting):
    return f"/exam-rooms/{sitting.room_id}/seats/{sitting.seat}"


def let_in(session, officer, at=0):
    sitting = sittings.sittings_of(session)[at]
    pin = sittings.admit(sitting, officer.id, clock.now())
    db.session.commit()
    return sitting, pin


def sit_down(client, sitting, pin, **given):
    sent = {"code": sitting.candidate.code, "pin": pin}
    return client.post(seat_of(sitting), data=sent, **given)


def ring(session, officer):
    sittings.ring(session, officer.id, clock.now())
    db.session.commit()


def beat(client, window="w1", running=0, **more):
    sent = {"window": window, "running": running, "position": None} | more
    return client.post("/exam-beats", json=sent)


def answer(client, sequence, position, value):
    body = json.dumps({"value": value, "flagged": False})
    sent = {"sequence": sequence, "position": position, "body": body}
    return client.post("/exam-answers", json=sent)


@pytest.fixture
def writer(client, session, officer):
    """Somebody who writes, at this test's one browser."""
    sitting, pin = let_in(session, officer)
    sit_down(client, sitting, pin)
    ring(session, officer)
    return sitting


def test_the_machine_shows_room_and_seat_and_takes_the_slip(client, session, officer):
    sitting, pin = let_in(session, officer)
    shown = client.get(seat_of(sitting)).text

    answer = sit_down(client, sitting, f"{pin[:4].lower()}-{pin[4:]}")

    assert "Phòng 01 · Chỗ" in shown
    assert answer.location == "/exam"
    assert sitting.state is SittingState.SEATED


def test_a_slip_is_good_at_no_other_seat_and_for_no_other_number(
    client, session, officer
):
    sitting, pin = let_in(session, officer)
    other, _pin = let_in(session, officer, at=1)

    elsewhere = client.post(
        seat_of(other), data={"code": sitting.candidate.code, "pin": pin}
    )
    somebody = sit_down(client, other, pin)

    assert (elsewhere.status_code, somebody.status_code) == (409, 409)
    assert "Mã vào thi không đúng" in elsewhere.text
    assert sitting.state is SittingState.ADMITTED


def test_nobody_sits_down_before_being_let_in(client, session):
    [sitting, *_] = sittings.sittings_of(session)

    assert sit_down(client, sitting, "ABCDEFGH").status_code == 409


def test_a_seat_that_a_room_has_not_is_not_found(client, session):
    [sitting, *_] = sittings.sittings_of(session)

    assert client.get(f"/exam-rooms/{sitting.room_id}/seats/99").status_code == 404
    assert client.get("/exam-rooms/999/seats/1").status_code == 404


def test_until_the_bell_the_page_holds_nothing_of_the_paper(client, session, officer):
    sitting, pin = let_in(session, officer)
    sit_down(client, sitting, pin)

    page = client.get("/exam").text

    assert "Chờ hiệu lệnh" in page
    assert sitting.candidate.full_name in page
    assert "data-position" not in page
    assert beat(client).json["state"] == "seated"
    assert beat(client).json["seconds_left"] is None


def test_the_bell_opens_the_paper(client, writer):
    page = client.get("/exam").text

    assert page.count('class="quiz-item"') == 4
    assert beat(client).json["state"] == "writing"
    assert beat(client).json["seconds_left"] == 90 * 60


def test_the_page_has_no_key_in_it(client, writer):
    page = client.get("/exam").text

    assert "correct" not in page
    assert writer.receipt_key.hex() not in page


def test_what_was_answered_is_there_again_and_so_is_the_place(client, writer):
    answer(client, 1, 1, "b")
    beat(client, position=3)

    page = client.get("/exam").text

    assert re.search(r'value="b" checked', page)
    assert 'data-next="2"' in page
    assert 'data-at="3"' in page


def test_added_time_is_told_with_the_next_beat(client, writer, officer):
    sittings.add_time(writer, 7 * MINUTE, officer.id, clock.now(), "mất điện")
    db.session.commit()

    assert beat(client).json["seconds_left"] == 97 * 60
    assert client.get("/exam-clock").json == {"seconds_left": 97 * 60}


def test_a_pause_holds_the_clock_still(client, writer, officer):
    sittings.pause(writer, officer.id, clock.now(), "báo cháy")
    db.session.commit()

    with clock.frozen(NINE + 10 * MINUTE):
        told = beat(client).json

    assert (told["state"], told["seconds_left"]) == ("paused", 90 * 60)


def test_a_second_window_is_refused_while_the_first_lives(client, writer):
    beat(client, "first")

    second = beat(client, "second")
    with clock.frozen(NINE + LOST_AFTER + timedelta(seconds=1)):
        after_a_crash = beat(client, "second")
        first = beat(client, "first")

    assert second.json["reason"] == "exam-open-elsewhere"
    assert after_a_crash.status_code == 200
    assert first.json["reason"] == "exam-open-elsewhere"


def test_the_machine_left_behind_is_told_so(client, writer, officer):
    sittings.transfer(writer, officer.id, clock.now(), "máy hỏng")
    db.session.commit()

    assert beat(client).json["reason"] == "answer-moved"
    assert client.get("/exam").status_code == 409


@pytest.mark.parametrize(("running", "worked"), [(0, False), (3600, True)])
def test_silence_is_noted_as_time_lost(client, writer, running, worked):
    beat(client)

    with clock.frozen(NINE + 7 * MINUTE):
        beat(client, running=running)

    [lost] = db.session.scalars(sa.select(LostTime))
    assert (lost.lasted, lost.worked) == (7 * MINUTE, worked)


def test_a_hand_goes_up_and_down(client, writer):
    client.post("/exam-hand")
    up = beat(client).json["hand"]
    client.post("/exam-hand/lowering")

    assert (up, beat(client).json["hand"]) == (True, False)


def test_what_is_said_to_the_room_arrives_with_the_next_beat(client, writer, officer):
    said = {"session_id": writer.session_id, "sent_by_id": officer.id, "at": NINE}
    db.session.add(ExamNotice(room_id=writer.room_id, words="Còn nước ở cửa", **said))
    db.session.commit()

    [notice] = beat(client).json["notices"]

    assert (notice["words"], notice["at"]) == ("Còn nước ở cửa", "16:00:00")


def test_blanks_are_listed_before_the_hand_in(client, writer):
    answer(client, 1, 1, "b")

    page = client.get("/exam-summary").text

    assert "Còn 3 câu chưa làm" in page
    assert "của 1 trên 4 câu" in page


def handed_in(client, writer):
    answer(client, 1, 1, "b")
    answer(client, 2, 2, ["a"])
    client.post("/exam-submission")
    return client.get("/exam-receipt").text


def test_the_hand_in_gives_a_receipt_that_anybody_can_check(client, writer):
    page = handed_in(client, writer)

    code = receipts.shown(writer.receipt_code)
    checked = client.get(f"/exam-receipts/{code}")

    assert code in page
    assert "2/4" in page
    assert "data:image/svg+xml" in page
    assert "còn nguyên vẹn" in checked.text
    assert writer.candidate.full_name not in checked.text


def test_a_receipt_tells_that_an_answer_was_altered(client, writer):
    handed_in(client, writer)
    code = writer.receipt_code
    db.session.commit()
    without_guards(
        """UPDATE answer_event SET body = '{"value":"a","flagged":false}'
           WHERE position = 1"""
    )
    db.session.expire_all()

    assert "không còn như lúc thu" in client.get(f"/exam-receipts/{code}").text


def test_a_receipt_that_was_never_given_is_none(client, app):
    assert client.get("/exam-receipts/ABCD-EFGH").status_code == 404
    assert client.get("/exam-receipts?code=ABCD").location == "/exam-receipts/ABCD"
    assert client.get("/exam-receipts").status_code == 200


def test_handing_in_twice_is_handing_in_once(client, writer):
    handed_in(client, writer)

    again = client.post("/exam-submission")

    assert again.location == "/exam-receipt"
    assert client.get("/exam").location == "/exam-receipt"


def test_the_machine_is_free_for_the_next_candidate_after_the_hand_in(client, writer):
    kept = client.get("/exam-end")
    handed_in(client, writer)
    client.get("/exam-end")

    assert kept.location == "/exam"
    assert client.get("/exam").status_code == 409


@pytest.mark.parametrize(
    "sent",
    [None, [], {}, {"window": "a b", "running": 1}, {"window": "a", "running": "x"}],
)
def test_a_beat_that_is_none_is_refused(client, writer, sent):
    assert client.post("/exam-beats", json=sent).status_code == 400


def signed(app, address, room, seat):
    base, secret = app.config["BASE_URL"], app.config["SECRET_KEY"]
    settings = browser.read(gate.browser_file(base, secret, room, seat))
    key = browser.config_key(settings)
    return {browser.HEADER: browser.header_for(f"{base}{address}", key)}


def test_where_the_exam_says_so_every_request_comes_from_the_locked_browser(
    app, client, session, officer
):
    session.subject.exam.locked_browser = True
    sitting, pin = let_in(session, officer)
    where = (sitting.room_id, sitting.seat)
    gate_page = seat_of(sitting)
    bare = client.get(gate_page)
    with_key = client.get(gate_page, headers=signed(app, gate_page, *where))
    sit_down(client, sitting, pin, headers=signed(app, gate_page, *where))
    ring(session, officer)

    addresses = ("/exam", "/exam-summary", "/exam-clock")
    without = [client.get(one).status_code for one in addresses]
    inside = [
        client.get(one, headers=signed(app, one, *where)).status_code
        for one in addresses
    ]
    elsewhere = client.get("/exam", headers=signed(app, "/exam", where[0], 99))

    assert (bare.status_code, with_key.status_code) == (409, 200)
    assert without == [409, 409, 409]
    assert inside == [200, 200, 200]
    assert elsewhere.status_code == 409
    assert answer(client, 1, 1, "b").json["reason"] == "exam-browser-not-locked"
