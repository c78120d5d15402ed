"""Carries logout tokens to clients, and comes again where nobody was at home."""

import threading
import urllib.parse
import urllib.request
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from typing import Any

import structlog
from flask import Flask

from lms.kernel import clock
from lms.kernel.db import db, writing
from sso.provider.identity import issuer, vault
from sso.provider.models import LogoutNotice
from sso.provider.services import keys, logouts

TIMEOUT_SECONDS = 3
PAUSE_SECONDS = 1.0
AT_ONCE = 8
log = structlog.get_logger("vneid")


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_given: Any) -> None:
        """Follow nowhere: the operator named one address."""


_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), _NoRedirects)


def carry(notices: Sequence[LogoutNotice]) -> int:
    """Send these notices now and await the answers; return how many were heard.

    No transaction is open meanwhile: the caller has committed, and what came of it is
    written afterwards.
    """
    if not notices:
        return 0
    now = clock.now()
    letters = [
        (
            str(notice.client.backchannel_logout_uri),
            keys.sign(
                vault(),
                logouts.claims_of(vault(), issuer(), notice, now),
                typ="logout+jwt",
            ),
        )
        for notice in notices
    ]
    ids = [notice.id for notice in notices]
    db.session.commit()
    with ThreadPoolExecutor(AT_ONCE) as hands:
        heard = list(hands.map(_is_heard, letters))
    for notice_id, answer in zip(ids, heard, strict=True):
        logouts.note(db.session.get_one(LogoutNotice, notice_id), answer, now)
    db.session.commit()
    return sum(heard)


def _is_heard(letter: tuple[str, str]) -> bool:
    address, token = letter
    body = urllib.parse.urlencode({"logout_token": token}).encode()
    request = urllib.request.Request(address, data=body, method="POST")  # noqa: S310
    try:
        with _opener.open(request, timeout=TIMEOUT_SECONDS) as answer:
            return bool(answer.status in (HTTPStatus.OK, HTTPStatus.NO_CONTENT))
    except (OSError, ValueError):
        return False


class Courier:
    """A thread that carries what is due until it is stopped."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopped.set()
        self._thread.join(TIMEOUT_SECONDS + 1)

    def _run(self) -> None:
        while not self._stopped.wait(PAUSE_SECONDS):
            try:
                with self._app.app_context(), writing():
                    carry(logouts.due(clock.now()))
                    db.session.remove()
            except Exception:
                log.exception("courier")
