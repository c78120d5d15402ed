"""People come in by VNeID: the provider on localhost, the platform on 127.0.0.1.

Two hosts, so that each has its own cookies and what one forbids the other shows.
"""

import re
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count

import pyotp
import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from lms.kernel import clock
from lms.kernel.db import db, writing
from sso.provider import serving
from sso.provider.app import create_provider
from sso.provider.demo import CALLBACK, NOTICES
from sso.provider.models import QrRequest
from sso.provider.rules.qr import QR_LIFE
from sso.provider.services import clients
from sso.provider.services.clients import NewClient
from sso.relying_party.settings import init_app
from tests.factories import people
from tests.journeys.conftest import PHONE, Site, running
from tests.sso.provider.stage import TestPerson, add_person

NAME, BORN = "Lê Thị Mô Phỏng", date(1999, 2, 28)
SHARED_IDLE = timedelta(minutes=11)
"""A minute more than a session on a shared machine lives unused."""


@dataclass
class Stage:
    site: Site
    mimic: Flask
    issuer: str


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    issuer = f"http://localhost:{port}"
    given = {"ISSUER": issuer, "SECRET_KEY": "for a story", "LOG_LEVEL": "ERROR"}
    given["VAR"] = str(tmp_path_factory.mktemp("mimic"))
    mimic = create_provider(given)
    with (
        running(tmp_path_factory.mktemp("site")) as site,
        serving.running(mimic, "127.0.0.1", port),
    ):
        new = NewClient(
            name="Học tập Phong Điền",
            client_id="lms",
            secret="of a story",
            redirect_uris=[f"{site.url}{CALLBACK}"],
            post_logout_redirect_uris=[f"{site.url}/sign-in"],
            backchannel_logout_uri=f"{site.url}{NOTICES}",
        )
        with mimic.app_context(), writing():
            clients.register(new, clock.now())
            db.session.commit()
            db.session.remove()
        site.app.config.update(
            VNEID_PROFILE="oidc",
            VNEID_ISSUER=issuer,
            VNEID_CLIENT_ID="lms",
            VNEID_CLIENT_SECRET="of a story",
        )
        init_app(site.app)
        yield Stage(site, mimic, issuer)
        with mimic.app_context():
            db.engine.dispose()


_serial = count(1)


@pytest.fixture
def person(stage: Stage) -> TestPerson:
    """Somebody whom the list of staff names and no test has signed in yet."""
    number = f"000199{next(_serial):06}"
    with stage.site.inside():
        people.known(NAME, birth_date=BORN, number=number)
    return add_person(stage.mimic, number)


def knock(page: Page, *, shared: bool = False) -> None:
    page.goto("/sign-in")
    if shared:
        page.locator("#vneid-shared + label").click()
    page.get_by_role("button", name="Đăng nhập bằng VNeID").click()


def by_password(page: Page, person: TestPerson) -> None:
    page.get_by_label("Số định danh").fill(person.number)
    page.get_by_label("Mật khẩu").fill(person.password)
    page.get_by_role("button", name="Tiếp tục").click()
    page.get_by_label("Mã xác thực").fill(pyotp.TOTP(person.otp_secret).now())
    page.get_by_role("button", name="Đăng nhập", exact=True).click()


def shown_code(page: Page) -> tuple[str, str]:
    """Ask for a QR code; return the address in it and the number beside it."""
    page.get_by_role("button", name="Quét mã QR bằng điện thoại").click()
    link = page.get_by_role("link", name="Mở điện thoại mô phỏng")
    address, number = (
        link.get_attribute("href"),
        page.locator(".qr-number").inner_text(),
    )
    assert address
    return address, number


def scan(phone: Page, address: str) -> None:
    phone.goto(address)
    phone.get_by_role("button", name="Xem yêu cầu đăng nhập").click()


def confirm(phone: Page, person: TestPerson, number: str) -> None:
    phone.get_by_label("Số đối chiếu").fill(number)
    phone.get_by_label("Mật mã").fill(person.passcode)
    phone.get_by_role("button", name="Xác nhận đăng nhập").click()


@pytest.fixture
def phone(stage, visit, person) -> Page:
    """The page that plays the person's phone; a browser of its own."""
    page = visit(stage.site, width=PHONE)
    page.goto(f"{stage.issuer}/phone")
    page.get_by_label("Số định danh").fill(person.number)
    page.get_by_label("Mật khẩu").fill(person.password)
    page.get_by_role("button", name="Kích hoạt").click()
    expect(page.get_by_role("heading", name="Quét mã QR")).to_be_visible()
    return page


def signed_in_by_qr(stage: Stage, desk: Page, phone: Page, person: TestPerson) -> None:
    knock(desk)
    address, number = shown_code(desk)
    scan(phone, address)
    confirm(phone, person, number)
    desk.wait_for_url(f"{stage.site.url}/")


def is_asked_to_sign_in(page: Page) -> None:
    page.goto("/account")
    expect(page).to_have_url(re.compile("/sign-in"))


def is_soon_asked_to_sign_in(page: Page) -> None:
    """The notice travels between the two servers, in its own time."""
    end = time.monotonic() + 10
    while "/sign-in" not in page.url:
        assert time.monotonic() < end, "still signed in after ten seconds"
        page.goto("/account")


def test_by_qr_once_the_number_on_the_own_screen_is_typed(
    stage, visit, phone, person, ear
):
    ear.expected.append("422 (UNPROCESSABLE")
    desk = visit(stage.site)
    knock(desk)
    address, number = shown_code(desk)

    scan(phone, address)
    expect(phone.locator("main")).to_contain_text("Học tập Phong Điền")
    expect(phone.locator("main")).to_contain_text("Chính máy chủ này")
    expect(phone.locator("main")).to_contain_text("Họ và tên")
    confirm(phone, person, "10" if number != "10" else "11")

    # A wrong number ends it: somebody else's screen may be behind the code.
    expect(phone.get_by_role("alert")).to_be_visible()
    expect(desk.get_by_role("alert")).to_contain_text("nhập sai số đối chiếu")
    desk.get_by_role("button", name="Tải lại").click()
    expect(desk.locator(".qr-number")).to_be_visible()
    link = desk.get_by_role("link", name="Mở điện thoại mô phỏng")
    scan(phone, link.get_attribute("href"))
    confirm(phone, person, desk.locator(".qr-number").inner_text())

    desk.wait_for_url(f"{stage.site.url}/")
    desk.goto("/account")
    expect(desk.locator("main")).to_contain_text("VNeID, tài khoản mức 02")


def test_a_code_that_waited_too_long_lets_nobody_in(stage, visit, phone, ear):
    ear.expected.append("422 (UNPROCESSABLE")
    desk = visit(stage.site)
    knock(desk)
    address, _ = shown_code(desk)
    with stage.mimic.app_context(), writing():
        for row in db.session.query(QrRequest):
            row.made_at -= QR_LIFE
        db.session.commit()
        db.session.remove()

    expect(desk.get_by_role("alert")).to_contain_text("Mã QR đã hết hạn")
    scan(phone, address)
    expect(phone.get_by_role("alert")).to_be_visible()
    is_asked_to_sign_in(desk)


def test_signing_out_on_the_phone_ends_every_device(stage, visit, phone, person):
    office, home = visit(stage.site), visit(stage.site, width=PHONE)
    signed_in_by_qr(stage, office, phone, person)
    signed_in_by_qr(stage, home, phone, person)

    phone.goto(f"{stage.issuer}/phone")
    phone.get_by_role("button", name="Đăng xuất khỏi mọi trang web").click()

    expect(phone.get_by_role("heading", name="Quét mã QR")).to_be_visible()
    for device in (office, home):
        is_soon_asked_to_sign_in(device)


def test_a_shared_machine_remembers_nobody(stage, visit, person, ear):
    ear.expected.append("401 (UNAUTHORIZED")
    machine = visit(stage.site)
    knock(machine, shared=True)
    by_password(machine, person)
    machine.get_by_role("button", name="Đồng ý chia sẻ").click()
    machine.wait_for_url(f"{stage.site.url}/")
    machine.goto("/account")
    expect(machine.locator("main")).to_contain_text("máy dùng chung")

    with clock.frozen(clock.now() + SHARED_IDLE):
        is_asked_to_sign_in(machine)
        expect(machine.locator("#vneid-shared")).to_be_checked()
        # The provider knows this browser, and asks all the same.
        knock(machine)
        expect(machine.get_by_label("Mật khẩu")).to_be_visible()


def test_password_and_otp_after_saying_no_once(stage, visit, person, ear):
    ear.expected.append("403 (FORBIDDEN)")
    page = visit(stage.site, width=PHONE)
    knock(page)
    by_password(page, person)
    page.get_by_role("button", name="Từ chối").click()
    expect(page.get_by_role("alert")).to_contain_text("chưa đồng ý chia sẻ")

    page.get_by_role("button", name="Thử lại bằng VNeID").click()
    page.get_by_role("button", name="Đồng ý chia sẻ").click()

    page.wait_for_url(f"{stage.site.url}/")
    page.goto("/account")
    expect(page.locator("main")).to_contain_text("VNeID, tài khoản mức 02")
    assert person.number not in page.content()
