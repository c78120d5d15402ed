"""Sites hear of the end of a session before the browser does, and later if need be."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs

import pytest
from joserfc import jws

from lms.kernel import clock
from lms.kernel.db import db, writing
from sso.provider import courier
from sso.provider.models import LogoutNotice
from sso.provider.services import logouts
from tests.conftest import NINE
from tests.sso.provider.stage import ISSUER, Site, signed_in
from tests.sso.provider.test_rows_pages import logout


@dataclass
class Listener:
    """A site's back-channel address, for real."""

    address: str = ""
    status: int = 200
    heard: list[str] = field(default_factory=list)


@pytest.fixture
def listener() -> Iterator[Listener]:
    told = Listener()

    class Ear(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            sent = parse_qs(self.rfile.read(length).decode())
            told.heard.append(sent["logout_token"][0])
            self.send_response(told.status)
            self.end_headers()

        def log_message(self, *_given: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Ear)
    told.address = f"http://127.0.0.1:{server.server_port}/hear"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield told
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def hearing_site(provider, listener) -> Site:
    return Site.registered(provider, backchannel_logout_uri=listener.address)


def test_a_site_hears_it_before_the_browser_is_answered(
    hearing_site, visitor, person, listener
):
    tokens = signed_in(hearing_site, visitor, person)

    visitor.goes(logout(tokens["id_token"]))

    claims = hearing_site.reads(listener.heard[0])
    sign_in = hearing_site.reads(tokens["id_token"])
    assert claims["events"] == {logouts.EVENT: {}}
    assert (claims["iss"], claims["aud"]) == (ISSUER, hearing_site.client_id)
    assert (claims["sub"], claims["sid"]) == (sign_in["sub"], sign_in["sid"])
    assert "nonce" not in claims
    header = jws.extract_compact(listener.heard[0].encode()).headers()
    assert header["typ"] == "logout+jwt"


def test_a_site_that_was_away_is_told_again_until_it_hears(
    provider, hearing_site, visitor, person, listener
):
    listener.status = 503
    tokens = signed_in(hearing_site, visitor, person)
    visitor.goes(logout(tokens["id_token"]))
    assert len(listener.heard) == 1

    with provider.app_context(), writing():
        assert logouts.due(clock.now()) == []
        with clock.frozen(NINE + timedelta(seconds=2)):
            courier.carry(logouts.due(clock.now()))
        listener.status = 200
        with clock.frozen(NINE + timedelta(seconds=7)):
            assert courier.carry(logouts.due(clock.now())) == 1
        with clock.frozen(NINE + timedelta(days=1)):
            assert logouts.due(clock.now()) == []

    jtis = {hearing_site.reads(token)["jti"] for token in listener.heard}
    assert len(listener.heard) == 3
    assert len(jtis) == 1, "one notice, so that a site can tell a repetition"


def test_a_notice_nobody_hears_is_given_up_in_the_end(
    provider, hearing_site, visitor, person, listener
):
    listener.status = 500
    visitor.goes(logout(signed_in(hearing_site, visitor, person)["id_token"]))

    now = NINE
    with provider.app_context(), writing():
        for pause in logouts.PAUSES:
            now += pause
            with clock.frozen(now):
                courier.carry(logouts.due(now))
        row = db.session.query(LogoutNotice).one()

        assert (row.tries, row.next_at, row.heard_at) == (9, None, None)


def test_the_phone_signs_out_everywhere(
    provider, hearing_site, visitor, another, person, listener
):
    from tests.sso.provider.test_rows_qr import Phone

    signed_in(hearing_site, visitor, person)
    with clock.frozen(NINE + timedelta(seconds=30)):
        signed_in(hearing_site, another(), person)
    phone = Phone(provider)
    phone.enrols(person)

    phone.goes("/phone")
    phone.fills("/sign-out-everywhere")

    assert len({hearing_site.reads(token)["sid"] for token in listener.heard}) == 2


def test_nobody_is_told_of_a_session_they_had_no_part_in(
    provider, hearing_site, visitor, person, listener
):
    other = Site.registered(provider, name="Trang khác")

    visitor.goes(logout(signed_in(other, visitor, person)["id_token"]))

    assert listener.heard == []


def test_a_running_courier_carries_what_is_due(
    provider, hearing_site, visitor, person, listener
):
    listener.status = 503
    visitor.goes(logout(signed_in(hearing_site, visitor, person)["id_token"]))
    listener.status = 200
    clock._frozen = NINE + timedelta(seconds=3)

    made = courier.Courier(provider)
    made.start()
    waited = threading.Event()
    for _n in range(60):
        if len(listener.heard) > 1:
            break
        waited.wait(0.1)
    made.stop()

    assert len(listener.heard) == 2
