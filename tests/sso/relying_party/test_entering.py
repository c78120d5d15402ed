"""Somebody comes to the front door and proves who they are."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from lms.kernel import clock
from lms.kernel.audit import AuditEvent
from lms.kernel.db import db
from lms.people import sign_in
from lms.people.models import AccountState, LocalCredential, UserSession
from sso.relying_party.models import Identity
from tests.conftest import NINE
from tests.factories import people
from tests.sso.lying_provider import NUMBER, enveloped, enveloped_code
from tests.sso.relying_party.conftest import BORN


def test_the_record_is_claimed_and_the_desk_opens(door, an):
    answer = door.enter()

    assert (answer.status_code, answer.location) == (303, "/")
    assert "NGUYEN VAN AN" in door.client.get("/account").text
    linked = db.session.scalar(select(Identity))
    assert (linked.account_id, linked.sub, linked.muc) == (an.id, "sub-of-an", 2)
    assert db.session.get(type(an), an.id).state is AccountState.ACTIVE


def test_the_session_knows_how_it_was_opened(door, an, op):
    door.enter()

    kept = db.session.scalar(select(UserSession))
    assert (kept.issuer, kept.sub, kept.sid) == (op.url, "sub-of-an", "sid-1")
    assert (kept.acr, kept.muc, kept.amr) == (2, 2, ["pwd", "otp"])
    assert kept.auth_at == NINE
    assert kept.id_token.count(".") == 2
    assert kept.id_token not in str(kept.id_token_sealed)


def test_the_number_is_asked_for_once_and_never_again(door, an, op):
    door.enter()
    door.client.post("/sign-out")
    del op.person["so_dinh_danh"]

    assert door.enter().status_code == 303
    assert door.is_open()


def test_the_request_says_what_the_profile_is_used_to(door):
    address = door.leave()

    for part in (
        "response_type=code",
        "scope=openid+vneid",
        "code_challenge_method=S256",
        "nonce=",
        "client_id=lms",
    ):
        assert part in address.replace("%20", "+")


def test_the_secret_of_the_request_is_what_the_code_is_paid_with(door, an, op):
    door.enter()

    form = next(form for path, form in op.heard if path == "/token")
    assert form["grant_type"] == "authorization_code"
    assert len(form["code_verifier"]) == 43
    assert form["redirect_uri"] == "http://localhost/sign-in/vneid/callback"


def test_the_way_back_leads_to_the_page_that_was_wanted(door, an, op):
    back = op.sign_in(door.leave(next="/courses?q=a"))

    assert door.client.get(back).location == "/courses?q=a"


def test_dvcqg_is_the_same_flow_by_configuration_alone(door, an, op):
    op.person = {
        "sub": "tech-1",
        "TechID": "tech-1",
        "LoaiTaiKhoan": 1,
        "HoVaTen": "Nguyễn Văn An",
        "SoDinhDanh": NUMBER,
        "NgayThangNamSinh": "19990501",
        "MucDinhDanh": 2,
    }
    door.configure(VNEID_PROFILE="dvcqg")

    address = door.leave()
    answer = door.client.get(op.sign_in(address))

    assert "acr_values=LoA1" in address
    assert answer.status_code == 303
    assert door.is_open()
    assert ("/userinfo", {}) in op.heard
    form = next(form for path, form in op.heard if path == "/token")
    assert form["client_secret"] == "a secret of the tests"


def test_envelope_is_opened_by_configuration_alone(door, an, op, envelope_settings):
    op.person = {
        "citizenPid": NUMBER,
        "fullName": "Nguyễn Văn An",
        "birthDate": "01/05/1999",
        "accountType": "CITIZEN",
        "accountLevel": 2,
    }
    op.sealing = enveloped
    door.configure(**envelope_settings)

    back = op.sign_in(door.leave(), iss=None)
    code = back.partition("code=")[2].partition("&")[0]
    sealed = enveloped_code(code)
    back = back.replace(f"code={code}", "").replace("callback?&", "callback?")
    # As a form does it: the plus signs come back as blanks.
    words = "&".join(f"{n}={v.replace('+', ' ')}" for n, v in sealed.items())
    answer = door.client.get(f"{back}&{words}".replace(" ", "%20"))

    assert answer.status_code == 303, answer.text
    assert door.is_open()
    kept = db.session.scalar(select(UserSession))
    assert (kept.acr, kept.muc, kept.auth_at) == (1, 2, None)
    assert NUMBER not in kept.sub
    assert len(kept.sub) == 64


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"so_dinh_danh": None}, "không gửi số định danh"),
        ({"so_dinh_danh": "000199000009"}, "Chưa có hồ sơ nào"),
        ({"loai_tai_khoan": "to_chuc"}, "không hợp lệ"),
        ({"so_dinh_danh": "12345"}, "không hợp lệ"),
        ({"so_dinh_danh": 199000001}, "không hợp lệ"),
        ({"ngay_sinh": "hôm qua"}, "không hợp lệ"),
        ({"ho_ten": ["An"]}, "không hợp lệ"),
    ],
)
def test_who_is_not_on_the_list_is_told_so_politely(door, an, op, changes, words):
    op.person |= changes

    answer = door.enter()

    assert words in answer.text
    assert answer.status_code in (403, 502)
    assert not door.is_open()


def test_whoever_said_no_to_sharing_is_offered_another_way(door, an):
    answer = door.enter(
        code=None, error="access_denied", error_description="user said no"
    )

    assert answer.status_code == 403
    assert "chưa đồng ý chia sẻ" in answer.text
    assert "Cách đăng nhập khác" in answer.text
    assert "user said no" not in answer.text


def test_a_locked_account_opens_nothing(door, an):
    door.enter()
    door.client.post("/sign-out")
    db.session.get(type(an), an.id).state = AccountState.LOCKED
    db.session.commit()

    answer = door.enter()

    assert "đã khóa" in answer.text
    assert not door.is_open()


def test_signing_out_leads_to_the_provider_with_the_token_as_a_hint(door, an, op):
    door.enter()

    answer = door.client.post("/sign-out")

    assert answer.location.startswith(f"{op.url}/end-session?id_token_hint=")
    assert "post_logout_redirect_uri=http%3A%2F%2Flocalhost%2Fsign-in" in (
        answer.location
    )
    assert NUMBER not in answer.location
    assert db.session.scalar(select(UserSession.id_token_sealed)) is None


def test_a_local_session_signs_out_at_home(door, client):
    people.officer("an.nv")
    client.post("/sign-in", data={"sign_in_name": "an.nv", "password": people.PASSWORD})

    assert client.post("/sign-out").location == "/"


def test_one_button_ends_every_session_of_its_owner(door, an, op, browsers):
    phone = browsers()
    door.enter()
    phone.get(op.sign_in(door.leave(phone)))
    assert door.is_open(phone)

    door.client.post("/sessions/close")

    assert not door.is_open()
    assert not door.is_open(phone)


def test_the_list_of_sessions_says_how_each_was_opened(door, an, op):
    op.signed = {"amr": ["swk", "pin", "qr"]}
    door.enter()

    page = door.client.get("/account").text

    assert "VNeID, tài khoản mức 02" in page
    assert "quét mã QR" in page


def test_without_a_provider_there_is_no_button_and_no_door(app, client):
    assert "Đăng nhập bằng VNeID" not in client.get("/sign-in").text
    assert client.post("/sign-in/vneid").status_code == 404


def test_the_pages_let_their_forms_lead_to_the_provider_alone(door, op):
    policy = door.client.get("/sign-in").headers["Content-Security-Policy"]

    assert f"form-action 'self' {op.url}" in policy


def test_no_number_is_kept_or_said_anywhere(door, an, op, capfd, app):
    door.enter()
    door.client.post("/sign-out")
    op.person |= {"so_dinh_danh": "000199000009", "sub": "sub-of-nobody"}
    door.enter()

    kept = []
    for table in db.metadata.sorted_tables + list(
        UserSession.registry.metadata.sorted_tables
    ):
        kept += [str(tuple(row)) for row in db.session.execute(select(table))]
    log = capfd.readouterr()
    for number in (NUMBER, "000199000009"):
        assert number not in "".join(kept) + log.out + log.err
        assert not [path for path in op.asked if number in path]


def test_the_log_of_a_sign_in_names_ways_and_levels_alone(door, an):
    door.enter()

    event = db.session.scalar(select(AuditEvent).filter_by(act="sign-in"))
    assert event.detail == {"way": "provider", "acr": 2, "muc": 2, "shared": False}
    assert "An" not in json.dumps(event.detail)


def test_answers_come_late_and_are_not_taken(door, an, op):
    back = op.sign_in(door.leave())

    with clock.frozen(NINE + timedelta(minutes=15, seconds=1)):
        answer = door.client.get(back)

    assert answer.status_code == 400
    assert "đã hết hạn" in answer.text


def test_a_claim_leaves_no_other_way_in(door, an):
    sign_in.set_password(an, "an.nv", people.PASSWORD)
    db.session.commit()

    door.enter()

    assert db.session.scalar(select(func.count(LocalCredential.id))) == 0
    assert db.session.get(type(an), an.id).birth_date == BORN
