"""Our front door at a provider that others wrote and had certified.

Nothing of the platform is changed for it: only its configuration names another issuer.
"""

import http.cookiejar
import json
import os
import re
import shutil
import subprocess
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from lms.kernel.db import db
from lms.people.models import UserSession
from sso.relying_party.settings import init_app
from tests.factories import people

HERE = Path(__file__).parent
HOME = "http://localhost"
CALLBACK = f"{HOME}/sign-in/vneid/callback"
NUMBER = "000187000012"
PERSON = {
    "so_dinh_danh": NUMBER,
    "ho_ten": "Lê Thị Ngọc Diệp",
    "ngay_sinh": "1987-11-02",
    "muc_tai_khoan": 2,
}
FORM = re.compile(r'<form[^>]*action="([^"]+)"[^>]*>(.*?)</form>', re.DOTALL)
HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')


@pytest.fixture(autouse=True)
def _fresh(emptied: Callable[[], None]) -> Iterator[None]:
    """Let time pass: the other program looks at the machine's clock."""
    yield
    db.session.remove()
    emptied()


@pytest.fixture
def issuer() -> Iterator[str]:
    """npm oidc-provider on a spare port, until the test is done."""
    node = shutil.which("node")
    if node is None or not (HERE / "node_modules" / "oidc-provider").is_dir():
        pytest.skip("Node or tests/peers/node_modules is missing: run npm ci there")
    given = {
        "PEER_PORT": str(spare_port()),
        "PEER_CLIENT_ID": "lms",
        "PEER_CLIENT_SECRET": "a secret of the peers",
        "PEER_REDIRECT_URI": CALLBACK,
        "PEER_POST_LOGOUT_URI": f"{HOME}/sign-in",
        "PEER_PERSON": json.dumps(PERSON),
    }
    server = subprocess.Popen(
        [node, "oidc-provider.mjs"],
        cwd=HERE,
        env=os.environ | given,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        assert server.stdout is not None
        yield server.stdout.readline().strip()
    finally:
        server.terminate()
        server.wait(10)
        server.stdout.close()


def spare_port() -> int:
    import socket

    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


class Stay(urllib.request.HTTPRedirectHandler):
    """Follow redirects at the provider, and stop at the door of the platform."""

    def redirect_request(self, *given: Any, **more: Any) -> Any:
        address = given[5]
        return (
            None
            if address.startswith(HOME + "/")
            else super().redirect_request(*given, **more)
        )


class Visitor:
    """A person's browser at the other provider."""

    def __init__(self) -> None:
        jar = http.cookiejar.CookieJar()
        cookies = urllib.request.HTTPCookieProcessor(jar)
        self._opener = urllib.request.build_opener(cookies, Stay)

    def open(self, address: str, form: dict[str, str] | None = None) -> tuple[str, str]:
        """Return the page, or where it leads back to."""
        data = urllib.parse.urlencode(form).encode() if form else None
        try:
            with self._opener.open(address, data, timeout=20) as answer:
                return answer.read().decode(), ""
        except urllib.error.HTTPError as left:
            with left:
                return left.read().decode(), left.headers.get("Location", "")

    def send(self, page: str, **typed: str) -> tuple[str, str]:
        """Send the form of the page."""
        found = FORM.search(page)
        assert found, page[-2000:]
        hidden = dict(HIDDEN.findall(found[2]))
        return self.open(found[1], hidden | typed)


def test_oidc_provider_lets_our_people_in(
    app: Flask, client: FlaskClient, issuer: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = people.known(PERSON["ho_ten"], birth_date=date(1987, 11, 2), number=NUMBER)
    for name, value in {
        "VNEID_PROFILE": "oidc",
        "VNEID_ISSUER": issuer,
        "VNEID_CLIENT_ID": "lms",
        "VNEID_CLIENT_SECRET": "a secret of the peers",
        "BASE_URL": HOME,
    }.items():
        monkeypatch.setitem(app.config, name, value)
    monkeypatch.setitem(app.extensions, "vneid", None)
    init_app(app)
    visitor = Visitor()

    sent = client.post("/sign-in/vneid", data={"shared": "y", "next": "/record"})
    page, _none = visitor.open(sent.location)
    page, _none = visitor.send(page, login="sub-of-diep", password="x")
    _page, back = visitor.send(page)
    answer = client.get(back.removeprefix(HOME))

    assert (answer.status_code, answer.location) == (303, "/record")
    kept = db.session.scalar(select(UserSession))
    assert (kept.account_id, kept.issuer) == (person.id, issuer)
    assert (kept.sub, kept.muc) == ("sub-of-diep", 2)
    assert NUMBER not in back
    left = client.post("/sign-out").location
    assert left.startswith(f"{issuer}/session/end?id_token_hint=")
    page, _none = visitor.open(left)
    assert "sign-out" in page.lower() or "logout" in page.lower()
