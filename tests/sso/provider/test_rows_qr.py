"""Rows Q1 to Q8: signing in by a QR code, and what a stranger may not make of it.

Each test is named after its row of the list of attacks and fails without its defence.
"""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest

from lms.kernel import clock
from lms.kernel.db import db, writing
from sso.provider.models import Event, Person, QrRequest
from tests.conftest import NINE
from tests.sso.provider.stage import (
    ISSUER,
    NUMBER,
    PASSCODE,
    PASSWORD,
    Site,
    TestPerson,
    Visitor,
    add_person,
    answer_of,
)

SHOWN_NUMBER = re.compile(r'class="qr-number"[^>]*>(\d\d)<')
SHOWN_ADDRESS = re.compile(rf'href="({re.escape(ISSUER)}/phone/scan/[\w-]+)"')


class Phone(Visitor):
    """The page that plays a person's phone."""

    def enrols(self, person: TestPerson) -> None:
        self.goes("/phone")
        self.fills("/enrol", number=person.number, password=person.password)

    def scans(self, address: str) -> None:
        self.goes("/phone")
        self.fills("/scan", address=address)

    def approves(self, number: str, passcode: str = PASSCODE) -> None:
        self.fills("/approve", number=number, passcode=passcode)


class Screen(Visitor):
    """A browser that signs in by QR."""

    def shows(self, site: Site, **asked: str) -> None:
        self.goes(site.asks(**asked))
        self.fills("/qr")

    @property
    def number(self) -> str:
        found = SHOWN_NUMBER.search(self.page.text)
        assert found, self.page.text
        return found[1]

    @property
    def address(self) -> str:
        found = SHOWN_ADDRESS.search(self.page.text)
        assert found
        return found[1]

    def asks_state(self) -> tuple[int, str]:
        token = self.page.request.path.split("/")[2]
        mark = re.search(r'name="csrf-token" content="([^"]+)"', self.page.text)
        answer = self.browser.post(
            f"/interactions/{token}/qr/state",
            base_url=ISSUER,
            headers={"X-CSRFToken": mark[1] if mark else ""},
        )
        told = answer.json or {}
        return answer.status_code, told.get("state") or told.get("error") or ""


@pytest.fixture
def screen(provider) -> Screen:
    return Screen(provider)


@pytest.fixture
def phone(provider, person) -> Phone:
    made = Phone(provider)
    made.enrols(person)
    return made


@pytest.fixture
def later() -> Callable[[float], None]:
    """Return a function that lets seconds pass."""
    passed = [NINE]

    def wait(seconds: float) -> None:
        passed[0] += timedelta(seconds=seconds)
        clock._frozen = passed[0]

    return wait


def test_a_person_signs_in_by_qr(site, screen, phone, later):
    screen.shows(site)
    number, address = screen.number, screen.address
    assert screen.asks_state() == (200, "waiting")
    phone.scans(address)
    later(2)
    assert screen.asks_state() == (200, "scanned")
    phone.approves(number)
    assert "Đã xác nhận" in phone.page.text
    later(2)
    assert screen.asks_state() == (200, "approved")

    back = answer_of(screen.fills("/qr/finish"))

    claims = site.reads(site.redeems(back["code"]).json["id_token"])
    assert claims["acr"] == "LoA2"
    assert claims["amr"] == ["swk", "pin", "qr"]


def test_q1_the_phone_says_who_asks_from_where_and_for_what(site, screen, phone):
    screen.browser.environ_base["HTTP_USER_AGENT"] = (
        "Mozilla/5.0 (Windows NT 10.0) Chrome/140.0"
    )
    screen.browser.environ_base["REMOTE_ADDR"] = "203.0.113.7"
    screen.shows(site)

    phone.scans(screen.address)

    for told in (
        "Học tập Phong Điền",
        "127.0.0.1:8000",
        "203.0.113.7",
        "Chrome, Windows",
        "16:00 05/09/2026",
        "Số định danh cá nhân, Họ và tên",
    ):
        assert told in phone.page.text
    assert screen.number not in re.findall(r">(\d\d)<", phone.page.text)


def test_q1_a_wrong_number_ends_it_and_is_logged(provider, site, screen, phone, later):
    screen.shows(site)
    number = screen.number
    phone.scans(screen.address)

    phone.approves("11" if number != "11" else "12")

    assert "Số đối chiếu không đúng" in phone.page.text
    assert screen.asks_state() == (200, "denied")
    assert screen.fills("/qr/finish").status_code == 200
    assert "Tải lại" in screen.page.text
    with provider.app_context():
        acts = [row.act for row in db.session.query(Event)]
    assert "qr-wrong-number" in acts


def test_q1_the_right_number_afterwards_is_too_late(site, screen, phone):
    screen.shows(site)
    number = screen.number
    phone.scans(screen.address)
    action, sent = phone.form("/approve")
    wrong = "11" if number != "11" else "12"
    typed = {"number": wrong, "passcode": PASSCODE}
    phone.browser.post(action, data=sent | typed, base_url=ISSUER)

    typed["number"] = number
    answer = phone.browser.post(action, data=sent | typed, base_url=ISSUER)

    assert answer.status_code == 422
    assert screen.asks_state() == (200, "denied")


def test_q2_a_code_is_for_one_phone(provider, site, screen, phone):
    screen.shows(site)
    address = screen.address
    phone.scans(address)
    second = Phone(provider)
    second.enrols(add_person(provider, "000199000002"))

    second.scans(address)

    assert "hết hạn hoặc đã được dùng" in second.page.text


def test_q2_a_code_signs_in_once(site, screen, phone, another):
    screen.shows(site)
    number, address = screen.number, screen.address
    phone.scans(address)
    phone.approves(number)
    assert "code" in answer_of(screen.fills("/qr/finish"))

    phone.scans(address)
    assert "hết hạn hoặc đã được dùng" in phone.page.text


def test_q2_after_two_minutes_it_is_over_and_can_be_loaded_anew(
    site, screen, phone, later
):
    screen.shows(site)
    address, number = screen.address, screen.number
    phone.scans(address)
    later(121)

    phone.approves(number)
    assert "đã hết hạn" in phone.page.text
    assert screen.asks_state() == (200, "expired")
    screen.fills("/qr/finish")
    assert "Mã QR đã hết hạn" in screen.page.text

    screen.fills("/qr")
    assert screen.address != address


def test_q2_what_was_loaded_before_is_over(site, screen, phone):
    screen.shows(site)
    before = screen.address
    screen.goes(screen.page.request.path.removesuffix("/qr"))
    screen.fills("/qr")

    phone.scans(before)

    assert "hết hạn hoặc đã được dùng" in phone.page.text


def test_q3_only_the_browser_that_showed_it_gets_the_code(
    provider, site, screen, phone
):
    screen.shows(site)
    path, number = screen.page.request.path, screen.number
    phone.scans(screen.address)
    phone.approves(number)
    thief = Screen(provider)
    thief.shows(site)

    mark = re.search(r'name="csrf-token" content="([^"]+)"', thief.page.text)[1]
    for ending in ("/state", "/finish"):
        answer = thief.browser.post(
            path + ending, base_url=ISSUER, headers={"X-CSRFToken": mark}
        )
        assert answer.status_code == 410

    assert "code" in answer_of(screen.fills("/qr/finish"))


def test_q3_the_scanned_address_does_not_help_a_browser(provider, site, screen):
    screen.shows(site)
    token = screen.address.rpartition("/")[2]

    with provider.app_context():
        kept = repr(tuple(db.session.execute(QrRequest.__table__.select()).one()))
    assert token not in kept
    assert len(token) >= 43  # 256 bits
    assert Screen(provider).goes(f"/interactions/{token}/qr").status_code == 410


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example/phone/scan/abc",
        "http://localhost:8001.evil.example/phone/scan/abc",
        "http://localhost:8001@evil.example/phone/scan/abc",
        "javascript:alert(1)",
        "00020101021238",
        "đ",
    ],
)
def test_q4_the_phone_opens_no_other_address(phone, address):
    phone.scans(address)

    assert phone.page.status_code == 422
    assert "không dẫn tới hệ thống định danh" in phone.page.text


def test_q4_to_look_at_the_address_scans_nothing(site, screen, phone):
    screen.shows(site)

    phone.goes(screen.address.removeprefix(ISSUER))

    assert screen.asks_state() == (200, "waiting")
    phone.fills("/phone/scan")
    assert phone.title == "Xác nhận đăng nhập"


def test_q5_who_asks_too_often_is_slowed_down(site, screen, later):
    screen.shows(site)

    statuses = [screen.asks_state() for _n in range(20)]

    assert statuses == [(200, "waiting")] + [(429, "slow_down")] * 19
    later(0.5)
    assert screen.asks_state() == (200, "waiting")


def test_q6_five_wrong_passcodes_lock_the_app_and_deny(site, screen, phone, later):
    screen.shows(site)
    number, address = screen.number, screen.address
    phone.scans(address)
    for _try in range(4):
        phone.approves(number, "000000")
        assert "Mật mã không đúng" in phone.page.text

    phone.approves(number, "000000")

    assert "tạm khóa 15 phút" in phone.page.text
    assert screen.asks_state() == (200, "denied")
    screen.fills("/qr/finish")
    screen.fills("/qr")
    phone.scans(screen.address)
    phone.approves(screen.number)
    assert "tạm khóa 15 phút" in phone.page.text
    later(15 * 60 + 1)
    screen.fills("/qr/finish")
    screen.goes(site.asks())
    screen.fills("/qr")
    phone.scans(screen.address)
    phone.approves(screen.number)
    assert "Đã xác nhận" in phone.page.text


def test_q7_who_forbids_signing_in_to_web_pages_is_obeyed(site, screen, phone):
    phone.goes("/phone")
    phone.fills("/web-sign-in", permit="no")
    screen.shows(site)

    phone.scans(screen.address)

    assert "Bạn đang chặn đăng nhập trang web" in phone.page.text
    assert screen.asks_state() == (200, "waiting")


def test_q7_a_second_phone_signs_the_first_out(provider, site, screen, phone, person):
    screen.shows(site)
    phone.scans(screen.address)
    Phone(provider).enrols(person)

    phone.approves(screen.number)

    assert phone.title == "Kích hoạt ứng dụng"
    assert screen.asks_state() == (200, "scanned")


def test_q7_an_account_of_level_one_does_not_sign_in_by_qr(provider, site, screen):
    phone = Phone(provider)
    phone.enrols(add_person(provider, "000199000003", level=1))
    screen.shows(site)

    phone.scans(screen.address)

    assert "Tài khoản mức 1" in phone.page.text


def test_q8_an_exam_can_tell_that_the_phone_stood_apart(site, screen, phone, visitor):
    """The mimic says it; the exam gate refuses answers that hold it."""
    from tests.sso.provider.stage import signed_in

    screen.shows(site, acr_values="LoA3")
    phone.scans(screen.address)
    phone.approves(screen.number)
    by_qr = site.redeems(answer_of(screen.fills("/qr/finish"))["code"]).json

    person = TestPerson(NUMBER, PASSWORD, PASSCODE, "")
    by_password = signed_in(site, visitor, person, acr_values="LoA1")
    assert "qr" in site.reads(by_qr["id_token"])["amr"]
    assert site.reads(by_qr["id_token"])["acr"] == "LoA2", "never raised"
    assert "qr" not in site.reads(by_password["id_token"])["amr"]


def test_the_phone_shows_the_otp_only_after_the_passcode(site, phone, person, visitor):
    phone.goes("/phone")
    assert person.otp()[:3] + " " not in phone.page.text
    phone.fills("/otp", passcode="000000")
    assert "Mật mã không đúng" in phone.page.text
    phone.fills("/otp", passcode=PASSCODE)

    assert f"{person.otp()[:3]} {person.otp()[3:]}" in phone.page.text


def test_the_phone_never_shows_the_whole_number(phone):
    phone.goes("/phone")

    assert NUMBER not in phone.page.text
    assert "••••••••0001" in phone.page.text


def test_a_locked_account_has_no_phone(provider, phone):
    with provider.app_context(), writing():
        db.session.query(Person).update({"active": False})
        db.session.commit()

    phone.goes("/phone")

    assert phone.title == "Kích hoạt ứng dụng"
