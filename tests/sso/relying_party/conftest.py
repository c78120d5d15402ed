"""The front door with a lying provider behind it, and a person who knocks."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from flask import Flask
from flask.testing import FlaskClient

from lms.people.models import Account
from sso.relying_party.adapters import adapter_for
from sso.relying_party.settings import provider_of
from tests.factories import people
from tests.sso.lying_provider import (
    CLIENT_ID,
    CLIENT_SECRET,
    ENVELOPE_KEY,
    NUMBER,
    LyingProvider,
    serving,
)

BORN = date(1999, 5, 1)


@pytest.fixture
def op() -> Iterator[LyingProvider]:
    with serving(LyingProvider()) as provider:
        yield provider


@dataclass
class Door:
    """The platform's front door, told of a provider by configuration alone."""

    app: Flask
    op: LyingProvider
    client: FlaskClient
    monkeypatch: pytest.MonkeyPatch

    def configure(self, **settings: Any) -> None:
        given = {
            "VNEID_PROFILE": "oidc",
            "VNEID_ISSUER": self.op.url,
            "VNEID_CLIENT_ID": CLIENT_ID,
            "VNEID_CLIENT_SECRET": CLIENT_SECRET,
        } | settings
        provider = provider_of(self.app.config | given)
        self.monkeypatch.setitem(
            self.app.extensions, "vneid", provider and adapter_for(provider)
        )
        self.monkeypatch.setitem(self.app.config, "BASE_URL", "http://localhost")

    def leave(self, client: FlaskClient | None = None, **form: Any) -> str:
        """Press the button; return where the browser is sent."""
        answer = (client or self.client).post("/sign-in/vneid", data=form)
        assert answer.status_code == 303, answer.text
        return answer.location

    def enter(self, **answer: str | None) -> Any:
        """Sign in as whoever the provider says; return the last answer."""
        return self.client.get(self.op.sign_in(self.leave(), **answer))

    def is_open(self, client: FlaskClient | None = None) -> bool:
        return (client or self.client).get("/account").status_code == 200


@pytest.fixture
def door(
    app: Flask, client: FlaskClient, op: LyingProvider, monkeypatch: pytest.MonkeyPatch
) -> Door:
    made = Door(app, op, client, monkeypatch)
    made.configure()
    return made


@pytest.fixture
def an() -> Account:
    """The person of the provider, as the unit's list has them."""
    return people.known("NGUYEN VAN AN", birth_date=BORN, number=NUMBER)


@pytest.fixture
def browsers(app: Flask) -> Callable[[], FlaskClient]:
    return app.test_client


@pytest.fixture
def envelope_settings(op: LyingProvider, tmp_path: Any) -> dict[str, Any]:
    pem = tmp_path / "envelope.pem"
    pem.write_bytes(
        ENVELOPE_KEY.private_key.private_bytes(
            Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
        )
    )
    return {
        "VNEID_PROFILE": "envelope",
        "VNEID_PRIVATE_KEY_FILE": str(pem),
        "VNEID_ENDPOINTS": {
            "authorization": f"{op.url}/authorize",
            "token": f"{op.url}/token",
            "userinfo": f"{op.url}/userinfo",
        },
    }
