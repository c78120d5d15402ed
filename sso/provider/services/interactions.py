"""Requests that wait for the person, kept in the database and not in the cookie.

Tabs, the back button and a second request do not disturb one another; each is open to
the browser alone in which it began.
"""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select, update

from lms.kernel.db import db
from sso.provider.models import Client, Interaction
from sso.provider.rules.lives import INTERACTION_LIFE
from sso.provider.vault import digest, new_token

NOT_KEPT = {"login_hint", "id_token_hint"}


def begin(
    client: Client,
    parameters: Mapping[str, str],
    browser: str,
    subject: str | None,
    now: datetime,
) -> tuple[Interaction, str]:
    """Keep a request; return it and the token that stands in its address."""
    token = new_token()
    row = Interaction(
        token_hash=digest(token),
        browser_hash=digest(browser),
        client=client,
        parameters={k: v for k, v in parameters.items() if k not in NOT_KEPT},
        subject=subject,
        began_at=now,
        wrong_otps=0,
    )
    db.session.add(row)
    db.session.flush()
    return row, token


def waiting(token: str, browser: str | None, now: datetime) -> Interaction | None:
    """Return the request of this address if it waits, here, and not for too long."""
    if not browser:
        return None
    row = db.session.scalar(
        select(Interaction).filter_by(
            token_hash=digest(token), browser_hash=digest(browser), ended_at=None
        )
    )
    if row is None or not row.client.active or now - row.began_at > INTERACTION_LIFE:
        return None
    return row


def move(old_browser: str, new_browser: str) -> None:
    """Take the browser's waiting requests along when its cookie changes."""
    db.session.execute(
        update(Interaction)
        .filter_by(browser_hash=digest(old_browser), ended_at=None)
        .values(browser_hash=digest(new_browser))
    )


def end(interaction: Interaction, now: datetime) -> bool:
    """Close it; False if it was closed already, as by a second click."""
    closed = db.session.execute(
        update(Interaction)
        .filter_by(id=interaction.id, ended_at=None)
        .values(ended_at=now)
    )
    return bool(closed.rowcount)  # type: ignore[attr-defined]
