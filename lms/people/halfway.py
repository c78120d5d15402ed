"""Between a right password and being signed in: a signed note in the browser's cookie.

Who is halfway is nobody yet: every guarded page sends them to sign in.
"""

from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any

from flask import redirect, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue

from lms.kernel import clock

HALFWAY_LIFE = timedelta(minutes=10)
NEW_PASSWORD, CODE = "people.ask_password", "second_factor.ask"
_NAME = "halfway"
_KEPT = ("language", "shared")


@dataclass(frozen=True, slots=True)
class Halfway:
    """Whose password was right, when, and what they wanted."""

    account_id: int
    at: int
    """In seconds since 1970."""
    next: str
    shared: bool


def turn_halfway(note: Halfway, endpoint: str) -> ResponseReturnValue:
    """Keep the note for this page alone, and go there."""
    kept = {name: cookie[name] for name in _KEPT if name in cookie}
    cookie.clear()
    cookie.update(kept)
    cookie[_NAME] = asdict(note) | {"to": endpoint}
    return redirect(url_for(endpoint), 303)


def read_halfway(endpoint: str) -> Halfway | None:
    """Return the note if it is fresh and was made for this page."""
    kept: Any = cookie.get(_NAME)
    if not isinstance(kept, dict) or kept.get("to") != endpoint:
        return None
    note = Halfway(**{name: kept[name] for name in Halfway.__slots__})
    if clock.now().timestamp() - note.at > HALFWAY_LIFE.total_seconds():
        cookie.pop(_NAME)
        return None
    return note
