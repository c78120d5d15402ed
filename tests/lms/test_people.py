"""Signing in and out, being locked out for a while, and sessions on many devices."""

import re
import threading
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from lms.kernel import clock
from lms.kernel.audit import AuditEvent
from lms.kernel.db import db, writing
from lms.people import services, sign_in
from lms.people.models import (
    AccountState,
    LocalCredential,
    SignInFailure,
    UserSession,
)
from lms.people.rules import ADDRESS_TRIES
from tests.conftest import NINE
from tests.factories import courses, people

MINUTE = timedelta(minutes=1)
WRONG = "Tên đăng nhập hoặc mật khẩu không đúng."
WAIT = "quá nhiều lần đăng nhập sai"


def enter(client, name="an.nv", password=people.PASSWORD, **given):
    """Send the sign-in form from this browser."""
    words = {"sign_in_name": name, "password": password}
    return client.post("/sign-in", data=words, **given)


def is_signed_in(client):
    return client.get("/account").status_code == 200


def cookie_of(client):
    return client.get_cookie("lms_session").value


def fail(client, times, name="an.nv", **given):
    return [
        enter(client, name, "sai-mat-khau", **given).status_code for _ in range(times)
    ]


def test_the_right_words_open_the_door(client):
    people.officer("an.nv")

    answer = enter(client, "  AN.nv ")

    assert (answer.status_code, answer.location) == (303, "/")
    assert "Nguyễn Văn An" in client.get("/account").text


@pytest.mark.parametrize(
    ("name", "password"),
    [
        ("an.nv", "sai-mat-khau"),
        ("khong-co-ai", people.PASSWORD),
        ("an.nv", people.PASSWORD.upper()),
        ("an.nv", people.PASSWORD + " "),
        ("' OR 1=1 --", "x"),
    ],
)
def test_wrong_words_all_get_the_same_answer(client, name, password):
    people.officer("an.nv")

    answer = enter(client, name, password)

    assert answer.status_code == 422
    assert WRONG in answer.text
    assert not is_signed_in(client)


def test_an_account_that_was_closed_opens_nothing(client):
    person = people.officer("an.nv")
    enter(client)
    person.state = AccountState.LOCKED
    db.session.commit()

    assert not is_signed_in(client)
    assert WRONG in enter(client).text


@pytest.mark.parametrize(
    ("name", "password"),
    [("", "x"), ("an.nv", ""), ("x" * 81, "x"), ("an.nv", "x" * 129), ("a\x00b", "x")],
)
def test_a_form_filled_in_badly_is_shown_again_and_counted_nowhere(
    client, name, password
):
    answer = enter(client, name, password)

    assert answer.status_code == 422
    assert "Có mục cần sửa" in answer.text
    assert db.session.scalar(select(func.count(SignInFailure.key))) == 0


def test_a_password_is_never_sent_back(client):
    people.officer("an.nv")

    assert "sai-mat-khau" not in enter(client, password="sai-mat-khau").text


def test_neither_password_nor_token_is_kept_in_the_clear(client):
    people.officer("an.nv")
    enter(client)

    credential = db.session.scalar(select(LocalCredential))
    kept = db.session.scalar(select(UserSession))
    with client.session_transaction() as session:
        token = session["_user_id"]

    assert credential.password_hash.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert token not in kept.token_hash
    assert re.fullmatch("[0-9a-f]{64}", kept.token_hash)


def test_after_five_failures_even_the_right_words_must_wait_a_minute(client):
    people.officer("an.nv")

    assert fail(client, 5) == [422] * 5
    answer = enter(client)

    assert answer.status_code == 429
    assert WAIT in answer.text
    with clock.frozen(NINE + MINUTE - timedelta(microseconds=1)):
        assert enter(client).status_code == 429
    with clock.frozen(NINE + MINUTE):
        assert enter(client).status_code == 303


def test_waiting_is_the_same_for_a_name_that_nobody_has(client):
    assert fail(client, 6, "khong-co-ai") == [422] * 5 + [429]


def test_knocking_while_one_must_wait_does_not_lengthen_the_wait(client):
    people.officer("an.nv")
    fail(client, 5)

    fail(client, 20)

    with clock.frozen(NINE + MINUTE):
        assert enter(client).status_code == 303


def test_each_further_failure_waits_longer(client):
    people.officer("an.nv")
    fail(client, 5)

    with clock.frozen(NINE + MINUTE):
        assert fail(client, 2) == [422, 429]
    with clock.frozen(NINE + 5 * MINUTE):
        assert enter(client).status_code == 429
    with clock.frozen(NINE + 6 * MINUTE):
        assert enter(client).status_code == 303


def test_failures_are_forgotten_by_a_success_and_after_an_hour(client):
    people.officer("an.nv")

    fail(client, 4)
    enter(client)
    assert fail(client, 4) == [422] * 4
    with clock.frozen(NINE + timedelta(hours=1, seconds=1)):
        assert fail(client, 5) == [422] * 5


def test_one_person_locked_out_does_not_lock_out_the_room(client):
    people.officer("an.nv")
    people.officer("binh.tt", full_name="Trần Thị Bình")

    fail(client, 5, "an.nv")

    assert enter(client, "binh.tt").status_code == 303


def test_an_address_that_guesses_many_names_must_wait(client):
    people.officer("an.nv")
    with writing():
        for number in range(ADDRESS_TRIES):
            sign_in.check(f"ten-{number}", "x", "127.0.0.1", NINE)
        db.session.commit()

    elsewhere = {"environ_base": {"REMOTE_ADDR": "10.0.0.9"}}
    assert enter(client).status_code == 429
    assert enter(client, **elsewhere).status_code == 303


def test_failures_at_the_same_moment_are_all_counted(app):
    people.officer("an.nv")
    all_at_once = threading.Barrier(4)
    problems = []

    def knock():
        try:
            with app.app_context():
                all_at_once.wait()
                with writing():
                    sign_in.check("an.nv", "sai-mat-khau", "10.0.0.9", NINE)
                    db.session.commit()
        except Exception as problem:
            problems.append(problem)

    knockers = [threading.Thread(target=knock) for _ in range(4)]
    for knocker in knockers:
        knocker.start()
    for knocker in knockers:
        knocker.join()

    db.session.rollback()
    assert not problems
    assert list(db.session.scalars(select(SignInFailure.count))) == [4, 4]


def test_a_failure_leaves_a_trace_without_words_or_names(client):
    person = people.officer("an.nv")

    enter(client, "an.nv", "sai-mat-khau")
    enter(client, "khong-co-ai", "x")

    events = db.session.scalars(select(AuditEvent).order_by(AuditEvent.id)).all()
    assert [(one.act, one.subject, one.actor_id) for one in events] == [
        ("sign-in-failed", f"account:{person.id}", None),
        ("sign-in-failed", "account:?", None),
    ]
    assert all(one.detail == {} for one in events)


def test_signing_in_begins_a_new_session_and_keeps_only_the_language(client):
    people.officer("an.nv")
    client.post("/language", data={"language": "en"})
    with client.session_transaction() as session:
        session["_user_id"] = "planted by somebody"
        session["basket"] = "left by somebody"
    before = cookie_of(client)

    enter(client)

    with client.session_transaction() as session:
        assert session["_user_id"] != "planted by somebody"
        assert "basket" not in session
        assert session["language"] == "en"
    assert cookie_of(client) != before


def test_two_sign_ins_give_two_sessions(client):
    people.officer("an.nv")

    enter(client)
    first = cookie_of(client)
    enter(client)

    assert cookie_of(client) != first
    assert db.session.scalar(select(func.count(UserSession.id))) == 2


def test_signing_out_ends_the_session_for_whoever_kept_its_cookie(client):
    people.officer("an.nv")
    enter(client)
    kept = cookie_of(client)

    answer = client.post("/sign-out")

    assert (answer.status_code, answer.location) == (303, "/")
    assert answer.headers["Clear-Site-Data"] == '"cache"'
    assert not is_signed_in(client)
    client.set_cookie("lms_session", kept)
    assert not is_signed_in(client)


def test_a_stranger_may_sign_out_and_nothing_happens(client):
    assert client.post("/sign-out").status_code == 303
    assert client.get("/sign-out").status_code == 405


def test_a_session_left_idle_half_a_day_ends(client):
    people.officer("an.nv")
    enter(client)

    with clock.frozen(NINE + timedelta(hours=11, minutes=59)):
        assert is_signed_in(client)
    with clock.frozen(NINE + timedelta(hours=12)):
        assert not is_signed_in(client)


def test_a_session_in_use_lasts_a_week_and_no_longer(client):
    course = courses.course()
    people.officer("an.nv")
    enter(client)

    for hours in range(10, 7 * 24, 10):
        with clock.frozen(NINE + timedelta(hours=hours)):
            client.post(f"/courses/{course.id}/enrolments")
            assert is_signed_in(client)
    with clock.frozen(NINE + timedelta(days=7)):
        assert not is_signed_in(client)


def test_reading_a_page_writes_nothing(client, queries):
    people.officer("an.nv")
    enter(client)

    with clock.frozen(NINE + MINUTE * 30), queries() as statements:
        assert is_signed_in(client)

    assert all(statement.startswith("SELECT") for statement in statements)


def test_a_person_signs_another_device_out(app, client):
    person = people.officer("an.nv")
    phone = app.test_client()
    enter(phone, headers={"User-Agent": "Mozilla/5.0 (Android 10) Chrome/130"})
    enter(client)
    other = db.session.scalar(select(UserSession).order_by(UserSession.id))

    page = client.get("/account").text
    answer = client.post(f"/sessions/{other.id}/close", follow_redirects=True)

    assert "Chrome, Android" in page
    assert "Thiết bị này" in page
    assert "Chrome, Android" not in answer.text
    assert not is_signed_in(phone)
    assert is_signed_in(client)
    events = db.session.scalars(select(AuditEvent.act).filter_by(actor_id=person.id))
    assert list(events)[-1] == "sign-out"


def test_sessions_that_ran_out_are_not_listed(client):
    people.officer("an.nv")
    enter(client, headers={"User-Agent": "Firefox/130 Linux"})

    with clock.frozen(NINE + timedelta(hours=13)):
        enter(client)
        assert "Firefox" not in client.get("/account").text


def test_nobody_ends_another_persons_session(client, sign_in):
    mine, theirs = people.account(), people.account("Trần Thị Bình")
    sign_in(theirs)
    other = db.session.scalar(select(UserSession))
    sign_in(mine)

    assert client.post(f"/sessions/{other.id}/close").status_code == 404
    assert db.session.get(UserSession, other.id).closed_at is None


def test_a_forged_cookie_opens_nothing(client):
    people.officer("an.nv")
    enter(client)
    payload, stamp, _seal = cookie_of(client).rsplit(".", 2)

    client.set_cookie("lms_session", f"{payload}.{stamp}.{'A' * 27}")

    assert not is_signed_in(client)


def test_who_is_in_already_is_not_asked_again(client):
    people.officer("an.nv")
    enter(client)

    answer = client.get("/sign-in?next=/record")

    assert (answer.status_code, answer.location) == (303, "/record")


def test_the_account_page_tells_posts_held_today(client, sign_in):
    person, unit = people.account(), people.unit()
    today = clock.day_of(NINE)
    day = timedelta(days=1)
    services.give_post(person, unit, "Công chức Tư pháp", today)
    services.give_post(person, unit, "Chức danh cũ", today - 9 * day).to_on = (
        today - day
    )
    services.give_post(person, unit, "Chức danh mới", today + day)
    db.session.commit()
    sign_in(person)

    page = client.get("/account").text

    assert "Công chức Tư pháp, UBND xã Phong An" in page
    assert "Chức danh cũ" not in page
    assert "Chức danh mới" not in page


def test_names_are_kept_composed_and_without_stray_spaces(app):
    person = services.add_account("  Nguye\u0302\u0303n   Va\u0306n An ", NINE)

    assert person.full_name == "Nguyễn Văn An"
    assert person.name_search == "nguyen van an"


def test_a_name_that_nobody_has_costs_the_same_work():
    cost = sign_in.hash_password("x").rsplit("$", 2)[0]

    assert sign_in._NOBODY.rsplit("$", 2)[0] == cost
