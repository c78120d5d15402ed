"""A test person, a site that signs people in, and a browser, over real HTTP answers."""

import base64
import hashlib
import re
import secrets
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import html5lib
import pyotp
from flask import Flask
from joserfc import jwt
from joserfc.jwk import KeySet
from werkzeug.test import TestResponse

from lms.kernel import clock
from lms.kernel.db import db, writing
from sso.provider.rules.fields import Gender, PersonFacts
from sso.provider.services import clients, persons
from sso.provider.services.clients import NewClient
from sso.provider.services.persons import Secrets

ISSUER = "http://localhost:8001"
NUMBER, PASSWORD, PASSCODE = "000199000001", "mat khau thu", "246810"
BACK = "http://127.0.0.1:8000/vneid/callback"
HOME = "http://127.0.0.1:8000/"
ALL = "openid profile vneid address phone email"
TITLE = re.compile(r"<h1>(.*?)</h1>", re.DOTALL)


@dataclass(frozen=True)
class TestPerson:
    """Somebody, and what only they know and have."""

    __test__ = False
    number: str
    password: str
    passcode: str
    otp_secret: str

    def otp(self) -> str:
        return pyotp.TOTP(self.otp_secret).at(int(clock.now().timestamp()))


def facts(number: str = NUMBER, name: str = "Lê Thị Mô Phỏng", level: int = 2) -> Any:
    return PersonFacts(
        full_name=name,
        number=number,
        birth_on=date(1999, 2, 28),
        gender=Gender.FEMALE,
        level=level,
        address="Phường Phong Điền, thành phố Huế",
        phone="+84000000001",
        email="mo.phong@vi.du",
    )


def add_person(provider: Flask, number: str = NUMBER, **given: Any) -> TestPerson:
    made = TestPerson(number, PASSWORD, PASSCODE, pyotp.random_base32())
    own = Secrets(made.password, made.passcode, made.otp_secret)
    with provider.app_context(), writing():
        vault = provider.extensions["vault"]
        assert persons.add(vault, facts(number, **given), own, clock.now())
        db.session.commit()
        db.session.remove()
    return made


@dataclass
class Site:
    """A client of the provider: what it sends, and how it reads the answers."""

    provider: Flask
    client_id: str
    secret: str
    redirect_uri: str = BACK
    scope: str = ALL
    auth_method: str = "client_secret_basic"
    verifier: str = field(default_factory=lambda: secrets.token_urlsafe(48))
    nonce: str = field(default_factory=lambda: secrets.token_urlsafe(16))
    state: str = field(default_factory=lambda: secrets.token_urlsafe(16))

    @classmethod
    def registered(cls, provider: Flask, **given: Any) -> "Site":
        given.setdefault("name", "Học tập Phong Điền")
        given.setdefault("redirect_uris", [BACK])
        given.setdefault("post_logout_redirect_uris", [HOME])
        with provider.app_context(), writing():
            made = clients.register(NewClient(**given), clock.now())
            db.session.commit()
            site = cls(
                provider,
                made.client.client_id,
                made.secret or "",
                redirect_uri=made.client.redirect_uris[0],
                auth_method=made.client.auth_method.value,
            )
            db.session.remove()
        return site

    def asks(self, **changed: str | None) -> str:
        """Return the address to which the site sends a browser."""
        digest = hashlib.sha256(self.verifier.encode()).digest()
        asked: dict[str, str | None] = {
            "response_type": "code",
            "client_id": self.client_id,
            "redirect_uri": self.redirect_uri,
            "scope": self.scope,
            "state": self.state,
            "nonce": self.nonce,
            "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
            "code_challenge_method": "S256",
        }
        sent = {k: v for k, v in (asked | changed).items() if v is not None}
        return f"/authorize?{urlencode(sent)}"

    def redeems(self, code: str, **changed: str | None) -> TestResponse:
        """Exchange a code, in the way that the site is registered for."""
        sent: dict[str, str | None] = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self.redirect_uri,
            "code_verifier": self.verifier,
        }
        return self.posts("/token", **sent | changed)

    def posts(self, path: str, **sent: str | None) -> TestResponse:
        """Post a form, with the site's proof of itself."""
        headers = {}
        if self.auth_method == "client_secret_basic":
            pair = f"{self.client_id}:{self.secret}".encode()
            headers["Authorization"] = f"Basic {base64.b64encode(pair).decode()}"
        else:
            sent = {
                "client_id": self.client_id,
                "client_secret": self.secret,
            } | sent
        data = {name: value for name, value in sent.items() if value is not None}
        return self.provider.test_client().post(path, data=data, headers=headers)

    def reads(self, id_token: str) -> dict[str, Any]:
        """Verify an id token with the published keys; return its claims."""
        published = self.provider.test_client().get("/jwks").json
        keys = KeySet.import_key_set(published)
        return dict(jwt.decode(id_token, keys, algorithms=["RS256"]).claims)

    def userinfo(self, access_token: str) -> TestResponse:
        return self.provider.test_client().get(
            "/userinfo", headers={"Authorization": f"Bearer {access_token}"}
        )


class Visitor:
    """A browser, as far as it matters: cookies, forms and redirects."""

    def __init__(self, provider: Flask) -> None:
        self.browser = provider.test_client()
        self.page: TestResponse
        self.addresses: list[str] = []
        """Every address it opened or was sent to: what logs and histories keep."""

    def goes(self, address: str) -> TestResponse:
        """Open a page, and follow where the provider itself sends on."""
        self.addresses.append(address)
        return self._follow(self.browser.get(address, base_url=ISSUER))

    def fills(self, ending: str = "", **typed: str) -> TestResponse:
        """Fill in the form whose address ends so, and send it."""
        action, sent = self.form(ending)
        self.addresses.append(action)
        answer = self.browser.post(action, data=sent | typed, base_url=ISSUER)
        return self._follow(answer)

    def form(self, ending: str) -> tuple[str, dict[str, str]]:
        tree = html5lib.parse(self.page.text, namespaceHTMLElements=False)
        forms = [
            one
            for one in tree.iter("form")
            if (one.get("action") or "").partition("?")[0].endswith(ending)
        ]
        assert forms, (ending, self.page.text)
        sent = {
            one.get("name"): one.get("value") or ""
            for one in forms[0].iter("input")
            if one.get("type") == "hidden"
        }
        return forms[0].get("action"), sent

    def _follow(self, answer: TestResponse) -> TestResponse:
        while answer.status_code in (302, 303) and answer.location.startswith("/"):
            self.addresses.append(answer.location)
            answer = self.browser.get(answer.location, base_url=ISSUER)
        self.addresses.append(answer.location or "")
        self.page = answer
        return answer

    @property
    def title(self) -> str:
        found = TITLE.search(self.page.text)
        return found[1] if found else ""

    def signs_in(self, person: TestPerson) -> TestResponse:
        """Type the number, the password and the OTP, as far as they are asked."""
        self.fills("/password", number=person.number, password=person.password)
        if self.title == "Nhập mã xác thực":
            self.fills("/otp", code=person.otp())
        return self.page

    def agrees(self) -> TestResponse:
        if self.title == "Chia sẻ thông tin":
            self.fills("/consent")
        return self.page

    def arrives(self, site: Site, person: TestPerson, **asked: str | None) -> str:
        """Sign in for the site and agree; return the code."""
        self.goes(site.asks(**asked))
        if self.title == "Đăng nhập":
            self.signs_in(person)
        self.agrees()
        return answer_of(self.page)["code"]


def answer_of(page: TestResponse) -> dict[str, str]:
    """Return what the browser was sent back to the site with."""
    assert page.status_code in (302, 303), (page.status_code, page.text)
    return dict(parse_qsl(urlsplit(page.location).query))


def signed_in(site: Site, visitor: Visitor, person: TestPerson, **asked: Any) -> Any:
    """Go the whole way; return the token answer."""
    answer = site.redeems(visitor.arrives(site, person, **asked))
    assert answer.status_code == 200, answer.text
    return answer.json
