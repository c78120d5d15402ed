"""What one browser's cookie holds: its own mark, and its session here."""

import secrets
from datetime import datetime

from flask import request
from flask import session as cookie

from sso.provider.models import Person, SignInSession
from sso.provider.services import interactions, sessions


def mark() -> str:
    """Return this browser's mark, given at its first request."""
    if "browser" not in cookie:
        cookie["browser"] = secrets.token_urlsafe(32)
    return str(cookie["browser"])


def known_mark() -> str | None:
    return cookie.get("browser")


def session_here(now: datetime) -> SignInSession | None:
    return sessions.live_session(cookie.get("op"), now)


def sign_in(person: Person, factors: list[str], now: datetime) -> SignInSession:
    """Open a session in a fresh cookie; only the language survives from before."""
    before, language = mark(), cookie.get("language")
    cookie.clear()
    if language:
        cookie["language"] = language
    interactions.move(before, mark())
    row, cookie["op"] = sessions.open_session(person, factors, now)
    return row


def forget() -> None:
    cookie.pop("op", None)


def address() -> str:
    return request.remote_addr or ""
