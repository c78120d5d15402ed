"""The invigilator's board: who sits where, and what is done about it."""

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from courses.exams import answers
from courses.exams.models.incidents import ExamIncident, IncidentKind, LostTime
from courses.exams.models.plan import ExamRoom, Gate
from courses.exams.models.sittings import TimeAdded
from courses.exams.rules.sitting import SittingState
from courses.exams.services import acting, rooms, sittings
from courses.exams.services.arrivals import expected_at
from lms.kernel import clock
from lms.kernel.db import db
from sso.identification.models import Identification, Station
from sso.identification.rules import IdentificationState
from tests.conftest import NINE
from tests.courses.test_exam_seat import answer, beat, let_in, seat_of, sit_down
from tests.courses.test_exams import body
from tests.factories import exams, people

MINUTE = timedelta(minutes=1)


@pytest.fixture
def session(app):
    made = exams.exam()
    sittings.assign_papers(made, [exams.paper(made)])
    db.session.commit()
    return made


@pytest.fixture
def room(session):
    return db.session.scalars(sa.select(ExamRoom)).one()


@pytest.fixture
def officer(room):
    return people.account("Cán bộ coi thi", invigilator=f"exam-room:{room.id}")


@pytest.fixture
def other(room):
    return people.account("Cán bộ coi thi Hai", invigilator=f"exam-room:{room.id}")


@pytest.fixture
def chief(session):
    return people.account("Trưởng điểm", **{"site-head": session.scopes[0]})


@pytest.fixture
def board(room, session):
    return f"/exam-rooms/{room.id}/sessions/{session.id}"


def ring(session, officer):
    sittings.ring(session, officer.id, clock.now())
    db.session.commit()


@pytest.fixture
def writer(client, session, officer):
    sitting, pin = let_in(session, officer)
    sit_down(client, sitting, pin)
    ring(session, officer)
    return sitting


def acts(client, sitting, act, **sent):
    return client.post(f"/sittings/{sitting.id}/{act}", data=sent)


def test_a_tile_for_each_seat_says_how_far_it_is(
    client, sign_in, officer, board, writer
):
    answer(client, 1, 1, "b")
    sign_in(officer)

    page = client.get(board).text

    assert page.count('class="exam-tile ') == 4
    assert "Đang làm bài 1/4" in page
    assert page.count("is-expected") >= 3


def test_the_board_shows_no_answer(client, sign_in, officer, board, writer):
    answer(client, 1, 3, "mat-khau-cua-toi")
    sign_in(officer)

    for address in (board, f"{board}/tiles", f"/sittings/{writer.id}"):
        assert "mat-khau-cua-toi" not in client.get(address).text


def test_a_silent_seat_says_for_how_long(client, sign_in, officer, board, writer):
    beat(client)
    sign_in(officer)

    with clock.frozen(NINE + timedelta(seconds=130)):
        page = client.get(f"{board}/tiles").text

    assert "Mất kết nối 02:10" in page


def test_hands_stand_in_the_order_of_raising(client, sign_in, officer, board, writer):
    client.post("/exam-hand")
    sign_in(officer)
    page = client.get(f"{board}/tiles").text
    acts(client, writer, "hand")

    assert "Đang giơ tay" in page
    assert "Đang giơ tay" not in client.get(f"{board}/tiles").text


def test_letting_in_by_word_is_written_down_and_gives_the_slip(
    client, sign_in, officer, session
):
    [sitting, *_] = sittings.sittings_of(session)
    sign_in(officer)

    nothing = acts(client, sitting, "attested-admission", reason=" ")
    slip = acts(client, sitting, "attested-admission", reason="Thẻ hỏng chíp").text
    pin = re.search(r"data-pin-shown>([\w-]+)<", slip)[1]

    assert nothing.status_code == 422
    assert sitting.proof is Gate.ATTESTED
    assert db.session.scalars(sa.select(ExamIncident)).one().reason == "Thẻ hỏng chíp"
    assert sit_down(client, sitting, pin).location == "/exam"


def test_only_a_card_that_was_read_lets_in_by_chip(client, sign_in, officer, session):
    [sitting, other, *_] = sittings.sittings_of(session)
    sign_in(officer)
    refused = acts(client, other, "chip-admission")
    read_card(sitting, officer)

    shown = client.get(f"/sittings/{sitting.id}").text
    slip = acts(client, sitting, "chip-admission")

    assert refused.status_code == 409
    assert "Đúng người" in shown
    assert "data-pin-shown" in slip.text
    assert sitting.proof is Gate.CHIP


def read_card(sitting, officer):
    """Say that a station has read this candidate's card and found it genuine."""
    station = Station(
        name="Trạm 1",
        room=sitting.room.name,
        key_id="k",
        public_key=b"k",
        is_enabled=True,
        registered_by_id=officer.id,
        registered_at=NINE,
    )
    db.session.add(station)
    db.session.flush()
    row = Identification(
        code="c" * 32,
        station_id=station.id,
        subject=f"sitting:{sitting.id}",
        photo_scope=f"exam_session:{sitting.session_id}",
        state=IdentificationState.VERIFIED,
        opened_at=NINE,
        verdicts=[],
        findings=[],
        is_simulated=False,
    )
    db.session.add(row)
    db.session.commit()


def test_the_door_waits_for_whoever_sits_in_this_room_now(session, room):
    exam = session.subject.exam
    [sitting, *_] = sittings.sittings_of(session)
    sitting.candidate.personal_number = "000099000001"
    db.session.commit()

    found = expected_at(room.name, "000099000001", NINE)

    assert found.subject == f"sitting:{sitting.id}"
    assert expected_at("Phòng 99", "000099000001", NINE) is None
    assert expected_at(room.name, "000099000002", NINE) is None
    assert expected_at(room.name, "000099000001", NINE - 5 * MINUTE) is None
    assert expected_at(room.name, "000099000001", NINE + 60 * MINUTE) is None
    assert exam.id == sitting.candidate.exam_id


def test_minutes_are_added_to_one_and_told(client, sign_in, officer, writer):
    sign_in(officer)
    wrong = acts(client, writer, "extra-time", minutes="0", reason="mất điện")
    acts(client, writer, "extra-time", minutes="7", reason="mất điện")

    assert wrong.status_code == 422
    assert writer.added_seconds == 420


def test_minutes_are_added_to_a_whole_room(client, sign_in, officer, board, writer):
    sign_in(officer)

    client.post(f"{board}/extra-time", data={"minutes": "5", "reason": "báo cháy"})

    assert writer.added_seconds == 300
    assert db.session.scalar(sa.select(sa.func.count(TimeAdded.id))) == 1


def test_a_room_is_paused_and_goes_on(client, sign_in, officer, board, writer):
    sign_in(officer)
    client.post(f"{board}/pause", data={"reason": "báo cháy"})
    during = writer.state
    client.post(f"{board}/resumption")

    assert during is SittingState.PAUSED
    assert writer.state is SittingState.WRITING


def test_a_candidate_goes_on_at_another_machine_only_by_a_slip(
    client, sign_in, officer, session, writer
):
    answer(client, 1, 1, "b")
    sign_in(officer)
    old = writer.seat

    taken = acts(client, writer, "slip", seat="2" if old != 2 else "3", reason="hỏng")
    slip = acts(client, writer, "slip", seat="24", reason="Màn hình hỏng").text
    pin = re.search(r"data-pin-shown>([\w-]+)<", slip)[1]
    at_old = client.get("/exam")
    sit_down(client, writer, pin)

    assert taken.status_code == 422
    assert (writer.seat, old != 24) == (24, True)
    assert at_old.status_code == 409
    assert 'value="b" checked' in client.get("/exam").text
    assert seat_of(writer).endswith("/24")


def test_whoever_is_expelled_writes_no_more(client, sign_in, officer, writer):
    sign_in(officer)
    acts(client, writer, "expulsion", reason="Mang điện thoại")

    late = answer(client, 1, 1, "b")

    assert writer.state is SittingState.EXPELLED
    assert late.json["reason"] == "answer-not-writing"
    [incident] = db.session.scalars(sa.select(ExamIncident))
    assert incident.kind is IncidentKind.EXPULSION


def test_two_people_give_back_what_a_silence_took(
    client, sign_in, officer, other, board, writer
):
    beat(client)
    lost_for = timedelta(minutes=7, seconds=12)
    with clock.frozen(NINE + lost_for):
        beat(client)
    [lost] = db.session.scalars(sa.select(LostTime))
    sign_in(officer)
    page = client.get(board).text
    address = f"/lost-times/{lost.id}/confirmation"

    client.post(address)
    alone = (writer.added_seconds, client.post(address).status_code)
    sign_in(other)
    client.post(address)

    assert "7 phút 12 giây" in page
    assert alone == (0, 409)
    assert writer.added_seconds == 432
    assert client.post(address).status_code == 409


def test_who_could_work_through_the_silence_is_proposed_nothing(
    client, sign_in, officer, board, writer
):
    beat(client)
    with clock.frozen(NINE + 20 * MINUTE):
        beat(client, running=3600)
    sign_in(officer)

    assert "Đề xuất bù giờ" not in client.get(board).text


def test_a_proposal_can_be_refused(client, sign_in, officer, writer):
    beat(client)
    with clock.frozen(NINE + 2 * MINUTE):
        beat(client)
    [lost] = db.session.scalars(sa.select(LostTime))
    sign_in(officer)

    client.post(f"/lost-times/{lost.id}/refusal")

    assert (lost.refused_by_id, writer.added_seconds) == (officer.id, 0)


def test_an_incident_has_a_kind_and_a_reason(client, sign_in, officer, board, writer):
    sign_in(officer)
    acts(client, writer, "incidents", kind="illness", reason="Đau bụng")
    client.post(f"{board}/incidents", data={"kind": "power", "reason": "Mất pha"})
    nothing = client.post(f"{board}/incidents", data={"kind": "power", "reason": ""})

    page = client.get(board).text

    assert "Đau bụng" in page
    assert "Mất pha" in page
    assert nothing.status_code == 422


def test_incidents_stay_as_they_were_written(session, room, officer):
    acting.note_room(session, room, IncidentKind.POWER, officer.id, (NINE, "Mất pha"))
    db.session.commit()

    with pytest.raises(sa.exc.DBAPIError):
        db.session.execute(sa.text("UPDATE exam_incident SET reason = ''"))
    db.session.rollback()


def test_the_chief_sees_all_rooms_rings_the_bell_and_speaks_to_all(
    client, sign_in, officer, chief, session
):
    sitting, pin = let_in(session, officer)
    sit_down(client, sitting, pin)
    sign_in(chief)
    address = f"/exam-sessions/{session.id}"

    before = client.get(f"{address}/rooms").text
    client.post(f"{address}/bell")
    client.post(f"{address}/notices", data={"words": "Còn 30 phút"})
    again = client.post(f"{address}/bell")
    after = client.get(f"{address}/rooms").text

    assert "Phát hiệu lệnh" in before
    assert "1/4" in before
    assert sitting.state is SittingState.WRITING
    assert again.status_code == 409
    assert "Còn 30 phút" in after
    assert beat(client).json["notices"][0]["words"] == "Còn 30 phút"
    assert client.get(f"{address}/rooms/standings").status_code == 200


def test_rooms_that_are_not_ones_own_are_not_there(client, sign_in, board, writer):
    sign_in(people.account("Người ngoài", invigilator="exam-room:999"))

    assert client.get(board).status_code == 404
    assert client.get(f"/sittings/{writer.id}").status_code == 404
    assert "Chưa có phòng thi nào" in client.get("/exam-rooms").text


def test_ones_own_rooms_are_listed(client, sign_in, officer, room):
    sign_in(officer)

    assert room.name in client.get("/exam-rooms").text


def test_a_session_of_another_exam_is_not_shown_in_this_room(
    client, sign_in, officer, room, session
):
    sign_in(officer)

    assert client.get(f"/exam-rooms/{room.id}/sessions/999").status_code == 404


def test_a_room_gives_the_files_of_its_browsers(client, sign_in, officer, room):
    sign_in(officer)

    answer = client.get(f"/exam-rooms/{room.id}/browsers.zip")

    assert answer.data.startswith(b"PK")


def test_silence_before_the_bell_costs_nothing(client, session, officer):
    sitting, pin = let_in(session, officer)
    sit_down(client, sitting, pin)
    with clock.frozen(NINE + 5 * MINUTE):
        beat(client)

    assert db.session.scalars(sa.select(LostTime)).all() == []
    assert sitting.state is SittingState.SEATED


def test_the_time_that_was_given_moves_the_deadline(
    session, officer, other, writer, room
):
    end = writer.deadline_at
    lost = LostTime(
        sitting_id=writer.id, began_at=NINE, ended_at=NINE + MINUTE, worked=False
    )
    db.session.add(lost)
    db.session.flush()

    first = acting.confirm_lost_time(lost, officer.id, NINE, "mất điện")
    second = acting.confirm_lost_time(lost, other.id, NINE, "mất điện")
    db.session.commit()

    assert (first, second) == (False, True)
    assert writer.deadline_at == end + MINUTE
    kept = answers.keep(
        sittings.seat_of(writer), 1, 1, body("b"), end + 59 * MINUTE / 60
    )
    assert kept.sequence == 1
    assert rooms.board_of(room, session, NINE).proposals == []
