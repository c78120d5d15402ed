"""Requests to sign in: each is answered once, by the browser that began it.

What only the two of them know is not kept: the nonce and the PKCE verifier are reckoned
from the state and the browser's secret under the platform's own key.
"""

import hashlib
import hmac
import secrets
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update

from lms.kernel.db import db
from lms.people.proof import NOTHING, Demand
from sso.relying_party.models import SignInRequest, stored_demand

LIFE = timedelta(minutes=15)
KEPT = timedelta(days=1)
LONGEST_STATE = 200


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the browser wants of signing in."""

    next_path: str
    shared: bool = False
    account_id: int | None = None
    demand: Demand = NOTHING


@dataclass(frozen=True, slots=True)
class Pending:
    """A request whose answer may be looked at."""

    wanted: Wanted
    nonce: str
    verifier: str


@dataclass(frozen=True, slots=True)
class Browser:
    """The browser's secret, which its signed cookie holds, and our own key."""

    secret: str
    key: str

    def derived(self, purpose: str, state: str) -> str:
        said = f"vneid {purpose}\0{state}\0{self.secret}".encode()
        digest = hmac.new(self.key.encode(), said, hashlib.sha256).digest()
        return urlsafe_b64encode(digest).rstrip(b"=").decode()


def open_request(wanted: Wanted, browser: Browser, now: datetime) -> str:
    """Remember that this browser is sent away, and return the state it carries."""
    state = secrets.token_urlsafe(32)
    db.session.execute(delete(SignInRequest).where(SignInRequest.made_at < now - KEPT))
    db.session.add(
        SignInRequest(
            state_hash=_sha256(state),
            browser_hash=_sha256(browser.secret),
            account_id=wanted.account_id,
            next_path=wanted.next_path,
            shared=wanted.shared,
            demand=stored_demand(wanted.demand),
            made_at=now,
        )
    )
    db.session.flush()
    return state


def take_request(state: str, browser: Browser, now: datetime) -> Pending | None:
    """Use the request up; None if it is not this browser's, too old, or used.

    The database decides which of two answers at once comes first.
    """
    found = db.session.scalar(
        select(SignInRequest).filter_by(state_hash=_sha256(state[:LONGEST_STATE]))
    )
    if found is None or now - found.made_at > LIFE:
        return None
    if not hmac.compare_digest(found.browser_hash, _sha256(browser.secret)):
        return None
    used = db.session.execute(
        update(SignInRequest).filter_by(id=found.id, used_at=None).values(used_at=now)
    )
    if not used.rowcount:  # type: ignore[attr-defined]
        return None
    wanted = Wanted(found.next_path, found.shared, found.account_id, found.demanded)
    return pending(wanted, browser, state)


def pending(wanted: Wanted, browser: Browser, state: str) -> Pending:
    return Pending(
        wanted, browser.derived("nonce", state), browser.derived("verifier", state)
    )


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
