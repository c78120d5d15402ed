"""A password alone opens nothing for who has a second factor, or must have one."""

from datetime import timedelta

import pyotp
import pytest

from lms.kernel import clock
from lms.kernel.audit import AuditEvent
from lms.kernel.db import db
from lms.people.models import UserSession
from lms.people.second_factor import services
from lms.people.second_factor.models import RecoveryCode, SecondFactor
from lms.people.second_factor.rules import FactorRefusal, is_staff, right_step
from tests.conftest import NINE
from tests.factories import people

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
HALF_A_MINUTE = timedelta(seconds=30)


def code_at(moment, secret=SECRET):
    return pyotp.TOTP(secret).at(moment)


@pytest.fixture
def officer(app):
    """Somebody with a password and an app."""
    person = people.officer("an.nv")
    factor = services.begin(person.id)
    factor.secret, factor.confirmed_at = SECRET, NINE
    db.session.commit()
    return person


def password(client, **given):
    words = {"sign_in_name": "an.nv", "password": people.PASSWORD} | given
    return client.post("/sign-in", data=words)


def enter(client, code):
    return client.post("/sign-in/code", data={"code": code})


def is_in(client):
    return client.get("/account").status_code == 200


@pytest.mark.parametrize("step", [-1, 0, 1])
def test_a_code_is_right_for_half_a_minute_either_way(step):
    code = code_at(NINE + step * HALF_A_MINUTE)

    assert right_step(SECRET, code, NINE, None) is not None


@pytest.mark.parametrize("step", [-3, -2, 2, 3])
def test_an_older_or_later_code_is_wrong(step):
    assert right_step(SECRET, code_at(NINE + step * HALF_A_MINUTE), NINE, None) is None


def test_who_is_staff():
    from lms.kernel.permissions import Role

    assert not is_staff([Role.SELF, Role.MEMBER, Role.PUPIL, Role.GUARDIAN])
    assert is_staff([Role.SELF, Role.TEACHER])


def test_the_password_and_the_code_open_the_door(client, officer):
    answer = password(client, next="/account")
    assert answer.location == "/sign-in/code"
    assert not is_in(client)

    answer = enter(client, f"{code_at(NINE)[:3]} {code_at(NINE)[3:]}")

    assert answer.location == "/account"
    assert is_in(client)


def test_a_code_opens_once(client, officer):
    password(client)
    enter(client, code_at(NINE))
    client.post("/sign-out")
    password(client)

    assert enter(client, code_at(NINE)).status_code == 422
    assert not is_in(client)


def test_a_wrong_code_is_counted_and_bars_for_a_while(client, officer):
    password(client)
    tries = [enter(client, "000000").status_code for _ in range(6)]

    assert tries == [422] * 5 + [429]
    assert enter(client, code_at(NINE)).status_code == 429
    with clock.frozen(NINE + timedelta(minutes=1, seconds=1)):
        assert enter(client, code_at(clock.now())).status_code == 303


def test_the_bar_holds_in_another_browser(client, officer, app):
    password(client)
    for _ in range(5):
        enter(client, "000000")

    other = app.test_client()
    password(other)
    assert enter(other, code_at(NINE)).status_code == 429


def test_the_note_of_the_password_ages(client, officer):
    password(client)

    with clock.frozen(NINE + timedelta(minutes=11)):
        answer = enter(client, code_at(clock.now()))

    assert answer.location == "/sign-in"
    assert not is_in(client)


def test_a_locked_account_gets_no_further(client, officer):
    password(client)
    officer.state = "locked"
    db.session.commit()

    enter(client, code_at(NINE))

    assert not is_in(client)


def test_a_recovery_code_opens_once(client, officer):
    codes = services.new_recovery_codes(officer.id, NINE)
    db.session.commit()
    password(client)

    assert enter(client, codes[0].lower()).status_code == 303
    client.post("/sign-out")
    password(client)
    assert enter(client, codes[0]).status_code == 422
    assert enter(client, codes[1]).status_code == 303
    kept = [row.code_hash for row in db.session.query(RecoveryCode)]
    assert not any(code.replace("-", "") in "".join(kept) for code in codes)


def test_new_codes_void_the_old_ones(client, officer, sign_in):
    old = services.new_recovery_codes(officer.id, NINE)
    db.session.commit()
    sign_in(officer)

    page = client.post("/account/recovery-codes").text

    assert page.count("<code>") == 10
    assert services.check(officer.id, old[0], NINE) is FactorRefusal.WRONG


def test_staff_without_an_app_enrol_before_they_get_in(client, app, monkeypatch):
    monkeypatch.setitem(app.config, "STAFF_SECOND_FACTOR", True)
    person = people.officer("an.nv", teacher="unit:1")
    password(client)
    assert client.get("/sign-in/code").location == "/sign-in/enrol"

    page = client.post("/sign-in/enrol").text
    secret = db.session.query(SecondFactor).one().secret
    assert secret in page
    assert "data:image/svg+xml" in page
    assert not is_in(client)
    wrong = client.post("/sign-in/enrol/confirm", data={"code": "000000"})
    assert wrong.status_code == 422
    done = client.post("/sign-in/enrol/confirm", data={"code": code_at(NINE, secret)})

    assert "Cất các mã khôi phục" in done.text
    assert is_in(client)
    assert services.factor_of(person.id)


def test_pupils_and_learners_need_none(client, app, monkeypatch):
    monkeypatch.setitem(app.config, "STAFF_SECOND_FACTOR", True)
    people.officer("an.nv", pupil="unit:1")

    assert password(client).location == "/"
    assert is_in(client)


def test_the_secret_of_an_enrolled_factor_is_never_shown_again(client, officer):
    password(client)

    for address in ("/sign-in/enrol", "/sign-in/enrol/confirm"):
        answer = client.post(address, data={"code": code_at(NINE)})
        assert SECRET not in answer.text
        assert answer.status_code == 303
    assert not is_in(client)


def test_the_emergency_path_is_named_and_short(client, app, officer):
    made = app.test_cli_runner().invoke(
        args=[
            "people",
            "emergency-code",
            "an.nv",
            "--by",
            "Lê Vận Hành",
            "--reason",
            "VNeID ngừng",
        ]
    )
    code = made.stdout.split('"code": "')[1].split('"')[0]
    password(client)
    event = db.session.query(AuditEvent).filter_by(act="emergency-code-made").one()
    assert event.detail == {"by": "Lê Vận Hành", "reason": "VNeID ngừng"}

    with clock.frozen(NINE + timedelta(minutes=9)):
        assert enter(client, code).status_code == 303
        assert enter(client, code).status_code == 303  # nobody is halfway any more
    late = services.emergency_code(officer.id, "lại", "Lê", clock.now())
    after = NINE + timedelta(minutes=16)
    assert services.check(officer.id, late, after) is FactorRefusal.WRONG


def test_an_unknown_name_gets_no_emergency_code(app):
    answer = app.test_cli_runner().invoke(
        args=["people", "emergency-code", "khong-ai", "--by", "A", "--reason", "B"]
    )

    assert answer.exit_code == 1


def test_a_card_opens_once_and_asks_for_a_password(client, app):
    from lms.people import sign_in as door

    person = people.account("Nguyễn Học Sinh")
    door.set_card_password(person, "thcs.hs1", "abcd2345")
    db.session.commit()
    words = {"sign_in_name": "thcs.hs1", "password": "abcd2345"}

    answer = client.post("/sign-in", data=words)
    assert answer.location == "/sign-in/new-password"
    assert not is_in(client)
    for new, again in (("ngan", "ngan"), ("du-dai-nhe", "khac-nhau")):
        wrong = client.post(
            "/sign-in/new-password", data={"password": new, "again": again}
        )
        assert wrong.status_code == 422
    done = client.post(
        "/sign-in/new-password",
        data={"password": "mat-khau-moi", "again": "mat-khau-moi"},
    )

    assert done.status_code == 303
    assert is_in(client)
    client.post("/sign-out")
    assert client.post("/sign-in", data=words).status_code == 422


def test_halfway_in_reaches_no_guarded_address(app, client, officer):
    """The attack: the password is known, the code is not."""
    password(client)
    adapter = app.url_map.bind("localhost")
    opened = []
    for rule in app.url_map.iter_rules():
        guard = getattr(app.view_functions[rule.endpoint], "guard", "public")
        if str(guard).startswith("public") or rule.arguments:
            continue
        for method in {"GET", "POST"} & set(rule.methods):
            address = adapter.build(rule.endpoint, method=method)
            answer = client.open(address, method=method)
            if answer.status_code != 303 or "/sign-in" not in answer.location:
                opened.append((method, address, answer.status_code))

    assert opened == []
    assert db.session.query(UserSession).count() == 0


def test_a_note_made_for_the_code_does_not_set_a_password(client, officer):
    password(client)

    answer = client.post(
        "/sign-in/new-password",
        data={"password": "mat-khau-ke-gian", "again": "mat-khau-ke-gian"},
    )

    assert answer.location == "/sign-in"
    client.post("/sign-out")
    assert password(client).location == "/sign-in/code"
