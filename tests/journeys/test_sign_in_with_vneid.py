"""People come in by VNeID: the provider on localhost, the platform on 127.0.0.1.

Two hosts, so that each has its own cookies and what one forbids the other shows.
"""

import socket
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import pyotp
import pytest
from playwright.sync_api import Page, expect

from lms.kernel import clock
from lms.kernel.db import db, writing
from sso.provider import serving
from sso.provider.app import create_provider
from sso.provider.demo import CALLBACK, NOTICES
from sso.provider.services import clients
from sso.provider.services.clients import NewClient
from sso.relying_party.settings import init_app
from tests.factories import people
from tests.journeys.conftest import PHONE, Site, running
from tests.sso.provider.stage import TestPerson, add_person

NUMBER, NAME = "000199000001", "Lê Thị Mô Phỏng"


@dataclass
class Stage:
    site: Site
    mimic: object
    person: TestPerson


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
        with site.inside():
            people.known(NAME, birth_date=date(1999, 2, 28), number=NUMBER)
        yield Stage(site, mimic, add_person(mimic, NUMBER))
        with mimic.app_context():
            db.engine.dispose()


def knock(page: Page, *, shared: bool = False) -> None:
    page.goto("/sign-in")
    if shared:
        page.locator("#vneid-shared").check()
    page.get_by_role("button", name="Đăng nhập bằng VNeID").click()


def by_password(page: Page, person: TestPerson) -> None:
    page.get_by_label("Số định danh").fill(person.number)
    page.get_by_label("Mật khẩu").fill(person.password)
    page.get_by_role("button", name="Tiếp tục").click()
    page.get_by_label("Mã xác thực").fill(pyotp.TOTP(person.otp_secret).now())
    page.get_by_role("button", name="Đăng nhập", exact=True).click()


def test_password_and_otp_after_saying_no_once(stage, visit, ear):
    ear.expected.append("403 (FORBIDDEN)")
    page = visit(stage.site, width=PHONE)
    knock(page)
    by_password(page, stage.person)
    page.get_by_role("button", name="Từ chối").click()
    expect(page.get_by_role("alert")).to_contain_text("chưa đồng ý chia sẻ")

    page.get_by_role("button", name="Thử lại bằng VNeID").click()
    page.get_by_role("button", name="Đồng ý chia sẻ").click()

    page.wait_for_url(f"{stage.site.url}/")
    page.goto("/account")
    expect(page.locator("main")).to_contain_text("VNeID, tài khoản mức 02")
    assert NUMBER not in page.content()
