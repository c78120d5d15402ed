"""Our provider on a spare port, for the programs of others to sign in at.

The scripts beside take issuer, client, redirect address and test account from the
environment (``PEER_ISSUER`` and so on), so that they can be run by hand against a
provider that stands elsewhere: see docs/operators.md.
"""

import json
import os
import secrets
import shutil
import socket
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from lms.kernel.db import db
from sso.provider import serving
from sso.provider.app import create_provider
from tests.sso.provider.stage import Site, add_person

HERE = Path(__file__).parent
POST_LOGOUT = "http://127.0.0.1:9/left"


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let all peers share one worker, and be left out by ``-m "not peers"``."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.peers)
            item.add_marker(pytest.mark.xdist_group("peers"))


@pytest.fixture(autouse=True)
def _fresh() -> None:
    """Let time pass: other programs look at the machine's clock."""


def spare_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@pytest.fixture(scope="session")
def node() -> Callable[..., Any]:
    """Return a function that runs a script of this folder and reads its JSON."""
    program = shutil.which("node")
    if program is None or not (HERE / "node_modules").is_dir():
        pytest.skip("Node or tests/peers/node_modules is missing: run npm ci there")

    def run(script: str, **settings: str) -> Any:
        ran = subprocess.run(
            [str(program), script],
            cwd=HERE,
            env=os.environ | settings,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert ran.returncode == 0, ran.stderr[-3000:]
        return json.loads(ran.stdout)

    return run


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Our provider, served on a port of its own under the name ``localhost``."""
    port = spare_port()
    app = create_provider(
        {
            "ISSUER": f"http://localhost:{port}",
            "SECRET_KEY": "for peers",
            "VAR": str(tmp_path_factory.mktemp("peers")),
            "LOG_LEVEL": "ERROR",
        }
    )
    with serving.running(app, "127.0.0.1", port):
        yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def account(served: Any) -> dict[str, str]:
    """A test person of each test's own, as the scripts want it."""
    number = f"000199{secrets.randbelow(10**6):06}"
    person = add_person(served, number)
    return {
        "PEER_NUMBER": person.number,
        "PEER_PASSWORD": person.password,
        "PEER_OTP_SECRET": person.otp_secret,
    }


@pytest.fixture
def register(served: Any) -> Callable[..., dict[str, str]]:
    """Return a function that registers a client, and says what its script needs."""

    def made(redirect_uri: str, **given: Any) -> dict[str, str]:
        site = Site.registered(
            served,
            redirect_uris=[redirect_uri],
            post_logout_redirect_uris=[POST_LOGOUT],
            **given,
        )
        return {
            "PEER_ISSUER": served.config["ISSUER"],
            "PEER_CLIENT_ID": site.client_id,
            "PEER_CLIENT_SECRET": site.secret,
            "PEER_REDIRECT_URI": redirect_uri,
            "PEER_POST_LOGOUT_URI": POST_LOGOUT,
        }

    return made
