"""A real server, a real Chromium, and an ear for everything that goes wrong in it."""

import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import flask_migrate
import pytest
import waitress.server
from flask import Flask
from playwright.sync_api import Browser, Page, sync_playwright

from courses.demo.load import fill
from lms.kernel import clock
from lms.kernel.db import db, writing
from lms.kernel.jobs.worker import EmbeddedWorker
from lms.people import sign_in
from lms.people.models import Account
from media.models import Asset, AssetState
from tests.conftest import ROOT, SETTINGS
from wsgi import create_app

HERE = Path(__file__).parent
PROGRAMS = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
)
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
    "--disable-sync",
    "--autoplay-policy=no-user-gesture-required",
    "--mute-audio",
)
LONGEST_WAIT_MS = 15_000
PHONE, DESK = 390, 1280


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let all journeys share one worker, and be left out by ``-m "not browser"``."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.xdist_group("browser"))


@pytest.fixture(autouse=True)
def _fresh() -> None:
    """Let time pass: a film is watched in real seconds."""


@dataclass
class Site:
    """A running installation of its own."""

    app: Flask
    url: str

    @contextmanager
    def inside(self) -> Iterator[None]:
        """Work on its database, as a request or a job does."""
        with self.app.app_context(), writing():
            yield
            db.session.commit()
            db.session.remove()


@contextmanager
def running(folder: Path) -> Iterator[Site]:
    """Serve an empty installation, with its jobs, until the caller is done."""
    own = {
        "TESTING": False,
        "VAR": str(folder),
        "JOBS": "embedded",
        "WTF_CSRF_ENABLED": True,
    }
    app = create_app(SETTINGS | own)
    app.extensions["keyring"].make()
    with app.app_context():
        flask_migrate.upgrade(str(ROOT / "migrations"))
    server = waitress.server.create_server(app, host="127.0.0.1", port=0, threads=6)
    url = f"http://127.0.0.1:{server.effective_port}"
    app.config["BASE_URL"] = url
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        yield Site(app, url)
    finally:
        server.close()
        thread.join(5)
        with app.app_context():
            db.engine.dispose()


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """An installation with its jobs at work, for the long stories."""
    with running(tmp_path_factory.mktemp("site")) as made:
        worker = EmbeddedWorker(made.app)
        worker.start()
        yield made
        worker.stop()


@pytest.fixture(scope="session")
def district(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The demonstration district, for looking at."""
    with running(tmp_path_factory.mktemp("district")) as made:
        with made.inside():
            fill(lambda *_step: None, clock.now())
            for asset in db.session.query(Asset):
                # What was uploaded plays as it is; converting it takes a while.
                asset.state = AssetState.READY
        yield made


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    program = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if program is None:
        pytest.skip(f"no browser here: none of {', '.join(PROGRAMS)} is installed")
    with sync_playwright() as playwright:
        made = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        yield made
        made.close()


@dataclass
class Ear:
    """What a page complained of while nobody looked."""

    complaints: list[str] = field(default_factory=list)
    expected: list[str] = field(default_factory=list)
    """Parts of complaints that a story brings about on purpose."""

    def listen(self, page: Page) -> None:
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.complaints.append(f"error: {error}"))
        page.on("requestfailed", self._miss)

    def _hear(self, message: Any) -> None:
        if message.type in ("error", "warning"):
            where = (message.location or {}).get("url", "")
            self.complaints.append(f"{message.type}: {message.text} ({where})")

    def _miss(self, request: Any) -> None:
        # Leaving a page breaks off what it was still fetching.
        if request.failure != "net::ERR_ABORTED":
            self.complaints.append(f"failed: {request.url} {request.failure}")

    def unexpected(self) -> list[str]:
        return [
            complaint
            for complaint in self.complaints
            if not any(part in complaint for part in self.expected)
        ]


@pytest.fixture
def ear() -> Iterator[Ear]:
    made = Ear()
    yield made
    assert made.unexpected() == []


@pytest.fixture
def visit(browser: Browser, ear: Ear) -> Iterator[Callable[..., Page]]:
    """Return a function that opens a browser of somebody's own."""
    contexts = []

    def opened(
        site: Site, account_id: int | None = None, width: int = DESK, **given: Any
    ) -> Page:
        context = browser.new_context(
            base_url=site.url,
            locale="vi-VN",
            timezone_id="Asia/Ho_Chi_Minh",
            reduced_motion="reduce",
            viewport={"width": width, "height": 844 if width < 500 else 800},
            **given,
        )
        contexts.append(context)
        context.set_default_timeout(LONGEST_WAIT_MS)
        if account_id is not None:
            context.add_cookies([_cookie_of(site, account_id)])
        page = context.new_page()
        ear.listen(page)
        return page

    yield opened
    for context in contexts:
        context.close()


def _cookie_of(site: Site, account_id: int) -> Any:
    """Sign somebody in past the form, as the form would."""
    with site.inside():
        account = db.session.get_one(Account, account_id)
        token = sign_in.open_session(account, "Chromium", clock.now())
    signer = site.app.session_interface.get_signing_serializer(site.app)
    name = site.app.config["SESSION_COOKIE_NAME"]
    value = signer.dumps({"_user_id": token, "_fresh": True})
    return {"name": name, "value": value, "url": site.url, "httpOnly": True}
