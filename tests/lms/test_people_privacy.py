"""Consent is asked for and never supposed; people see, take and give up their data."""

import json
import re
from datetime import date, timedelta

import pytest

from lms.kernel import clock
from lms.kernel.db import db
from lms.kernel.errors import Refused
from lms.people import sign_in as door
from lms.people.models import AccountState, LocalCredential
from lms.people.privacy import services
from lms.people.privacy.models import Consent, DataRequest
from lms.people.privacy.rules import (
    Purpose,
    RequestState,
    Said,
    Statement,
    age_on,
    consent_holds,
)
from lms.people.privacy.statements import STATEMENTS
from tests.conftest import NINE
from tests.factories import people

TODAY = date(2026, 9, 5)
TEXT = Statement(Purpose.HONOURS, 1, "Nội dung")
PERSON, MOTHER = 1, 2


def yes(giver, text=TEXT):
    return Said(giver, True, text.hash)


def no(giver):
    return Said(giver, False, TEXT.hash)


@pytest.mark.parametrize(
    ("age", "answers", "holds"),
    [
        (30, [], False),
        (30, [yes(PERSON)], True),
        (30, [no(PERSON)], False),
        (30, [yes(MOTHER)], False),
        (None, [yes(PERSON)], True),
        (None, [yes(MOTHER)], False),
        (16, [yes(PERSON)], True),
        (15, [yes(PERSON)], False),
        (15, [yes(MOTHER)], False),
        (15, [yes(PERSON), yes(MOTHER)], True),
        (15, [no(PERSON), yes(MOTHER)], False),
        (7, [yes(MOTHER)], False),
        (7, [yes(PERSON), yes(MOTHER)], True),
        (6, [yes(MOTHER)], True),
        (6, [yes(PERSON)], False),
        (30, [Said(PERSON, True, "ban-cu")], False),
    ],
)
def test_when_a_consent_holds(age, answers, holds):
    born = None if age is None else date(TODAY.year - age, TODAY.month, TODAY.day)

    assert consent_holds(TEXT, PERSON, born, answers, TODAY) is holds


def test_a_birthday_counts_from_its_day():
    assert age_on(date(2010, 9, 5), date(2026, 9, 4)) == 15
    assert age_on(date(2010, 9, 5), date(2026, 9, 5)) == 16


def test_the_texts_keep_their_hashes():
    """A text that changes must get a new version: then mend this list too."""
    kept = {
        purpose: (one.version, one.hash[:12]) for purpose, one in STATEMENTS.items()
    }

    assert {
        purpose: version for purpose, (version, _hash) in kept.items()
    } == dict.fromkeys(Purpose, 1)
    assert len({hashed for _version, hashed in kept.values()}) == len(Purpose)


def answer(client, purpose, subject, said):
    data = {"purpose": purpose, "subject_id": subject.id, "answer": said}
    return client.post("/privacy/consents", data=data)


def test_no_box_is_ticked_beforehand_and_silence_is_no(client, sign_in):
    person = people.known()
    sign_in(person)

    page = client.get("/privacy").text

    assert "checked" not in page
    assert page.count("Chưa trả lời nghĩa là không đồng ý.") == len(Purpose)
    assert not services.may_use(person, Purpose.HONOURS, TODAY)


def test_an_answer_holds_until_it_is_taken_back(client, sign_in):
    person = people.known()
    sign_in(person)
    answer(client, "honours", person, "yes")
    assert services.may_use(person, Purpose.HONOURS, TODAY)
    answer(client, "honours", person, "no")

    assert not services.may_use(person, Purpose.HONOURS, TODAY)
    rows = db.session.query(Consent).order_by(Consent.id).all()
    assert [row.is_given for row in rows] == [True, False]
    assert rows[0].text_hash == STATEMENTS[Purpose.HONOURS].hash


def test_a_child_of_seven_and_a_guardian_both_answer(client, sign_in):
    child = people.known("Lê Văn Con", birth_date=date(2015, 1, 1))
    mother = people.known("Lê Thị Mẹ")
    people.guardianship(mother, child)
    sign_in(mother)
    answer(client, "pictures", child, "yes")
    assert not services.may_use(child, Purpose.PICTURES, TODAY)
    sign_in(child)
    answer(client, "pictures", child, "yes")

    assert services.may_use(child, Purpose.PICTURES, TODAY)


def test_nobody_answers_for_a_stranger(client, sign_in):
    child, stranger = people.known("Lê Văn Con"), people.known("Kẻ Lạ")
    people.guardianship(stranger, child, confirmed_at=None)
    sign_in(stranger)

    assert answer(client, "pictures", child, "yes").status_code == 409
    assert db.session.query(Consent).count() == 0


@pytest.mark.parametrize(
    "data",
    [{}, {"purpose": "x"}, {"purpose": "honours", "subject_id": "a", "answer": "yes"}],
)
def test_a_strange_answer_is_no_answer(client, sign_in, data):
    sign_in(people.known())

    assert client.post("/privacy/consents", data=data).status_code == 400


def test_people_take_home_all_that_is_held_on_them_and_no_keys(client, sign_in):
    person = people.known(phone="0905123456")
    people.known("Người khác", phone="0905999999")
    door.set_password(person, "binh.tt", people.PASSWORD)
    db.session.commit()
    sign_in(person)

    found = json.loads(client.post("/privacy/export").data)

    assert found["account"][0]["phone"] == "0905123456"
    assert found["account"][0]["personal_number"] == person.personal_number
    assert found["local_credential"][0]["sign_in_name"] == "binh.tt"
    assert {"user_session", "audit_event"} <= found.keys()
    text = json.dumps(found)
    assert "0905999999" not in text
    assert not re.search(r"argon2|_hash|_sealed|seal_id|token", text)


def ask(client, kind="erase-data", note="Xin xóa"):
    return client.post("/privacy/requests", data={"kind": kind, "note": note})


@pytest.fixture
def officer(app):
    return people.account("Người Phụ Trách", **{"data-protection-officer": "site"})


def test_a_request_waits_in_the_officers_queue_with_its_deadline(
    client, sign_in, officer
):
    person = people.known("Nguyễn Xin Xóa")
    sign_in(person)
    assert ask(client, note="").status_code == 422
    assert ask(client).status_code == 303
    assert "đang được xem xét" in ask(client).text
    sign_in(officer)

    page = client.get("/data-requests").text
    assert "Nguyễn Xin Xóa" in page
    assert "Quá hạn" not in page
    with clock.frozen(NINE + timedelta(hours=73)):
        sign_in(officer)
        assert "Quá hạn" in client.get("/data-requests").text


def test_an_erasure_takes_away_what_names_the_person(client, sign_in, officer):
    person = people.known("Nguyễn Xin Xóa", phone="0905123456")
    door.set_password(person, "xin.xoa", people.PASSWORD)
    db.session.commit()
    sign_in(person)
    ask(client)
    row = db.session.query(DataRequest).one()
    sign_in(officer)
    reply = {"state": "request-done", "words": "Đã xóa theo yêu cầu."}

    assert client.post(f"/data-requests/{row.id}", data=reply).status_code == 303

    db.session.expire_all()
    assert person.full_name == "Người đã xóa dữ liệu"
    assert (person.personal_number, person.phone, person.birth_date) == (None,) * 3
    assert person.state is AccountState.LOCKED
    assert db.session.query(LocalCredential).count() == 0
    assert row.state is RequestState.DONE
    assert client.post(f"/data-requests/{row.id}", data=reply).status_code == 422


def test_who_is_in_office_is_not_erased(client, sign_in, officer):
    person = people.known("Nguyễn Đương Chức")
    people.services.grant_role(person.id, people.Role.TEACHER, "unit:1")
    db.session.commit()
    with pytest.raises(Refused):
        services.erase(person, officer.id, NINE)
    sign_in(person)
    ask(client)
    row = db.session.query(DataRequest).one()
    sign_in(officer)

    reply = {"state": "request-done", "words": "Đã xóa."}
    answered = client.post(f"/data-requests/{row.id}", data=reply)

    assert "đang giữ chức danh hoặc vai trò" in answered.text
    db.session.expire_all()
    assert row.state is RequestState.OPEN


def test_a_refusal_says_why(client, sign_in, officer):
    person = people.known()
    sign_in(person)
    ask(client, kind="correct-data", note="Sai ngày sinh")
    row = db.session.query(DataRequest).one()
    sign_in(officer)
    reply = {"state": "request-refused", "words": "Hồ sơ gốc ghi như vậy."}
    client.post(f"/data-requests/{row.id}", data=reply)
    sign_in(person)

    assert "Hồ sơ gốc ghi như vậy." in client.get("/privacy").text


def test_nobody_else_reads_the_queue_or_answers_oneself(client, sign_in):
    person = people.known()
    sign_in(person)
    ask(client)
    row = db.session.query(DataRequest).one()

    assert client.get("/data-requests").status_code == 403
    assert client.get(f"/data-requests/{row.id}").status_code == 404
    assert client.post(f"/data-requests/{row.id}").status_code == 404
