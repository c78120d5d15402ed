"""Requests that wait for the person, kept in the database and not in the cookie.

Tabs, the back button and a second request do not disturb one another; each is open to
the browser alone in which it began.
"""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import bindparam, select, update

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


_WAITING = select(Interaction).where(
    Interaction.token_hash == bindparam("mark"),
    Interaction.browser_hash == bindparam("browser"),
    Interaction.ended_at.is_(None),
)


def waiting(token: str, browser: str | None, now: datetime) -> Interaction | None:
    """Return the request of this address if it waits, here, and not for too long."""
    if not browser:
        return None
    row = db.session.scalar(
        _WAITING, {"mark": digest(token), "browser": digest(browser)}
    )
    if row is None or not row.client.active or now - row.began_at > INTERACTION_LIFE:
        return None
    return row


_MOVE = (
    update(Interaction)
    .where(Interaction.browser_hash == bindparam("old"))
    .where(Interaction.ended_at.is_(None))
    .values(browser_hash=bindparam("new"))
    .execution_options(synchronize_session=False)
)
_END = (
    update(Interaction)
    .where(Interaction.id == bindparam("one"), Interaction.ended_at.is_(None))
    .values(ended_at=bindparam("now"))
    .execution_options(synchronize_session=False)
)


def move(old_browser: str, new_browser: str) -> None:
    """Take the browser's waiting requests along when its cookie changes."""
    db.session.execute(_MOVE, {"old": digest(old_browser), "new": digest(new_browser)})


def end(interaction: Interaction, now: datetime) -> bool:
    """Close it; False if it was closed already, as by a second click."""
    closed = db.session.execute(_END, {"one": interaction.id, "now": now})
    return bool(closed.rowcount)  # type: ignore[attr-defined]
