"""How long things live."""

from datetime import datetime, timedelta

CODE_LIFE = timedelta(seconds=60)
"""Counted from its own making, never from the sign-in: with single sign-on that may lie
hours back."""

TOKEN_LIFE = timedelta(minutes=30)
ID_TOKEN_LIFE = timedelta(minutes=10)
INTERACTION_LIFE = timedelta(minutes=15)
SESSION_LIFE = timedelta(hours=8)
SESSION_IDLE_LIFE = timedelta(minutes=30)
KEY_LIFE = timedelta(days=90)
JWKS_CACHE = timedelta(minutes=5)


def is_live(opened_at: datetime, seen_at: datetime, now: datetime) -> bool:
    """Say whether a session at the provider has neither idled nor lasted too long."""
    return now - seen_at < SESSION_IDLE_LIFE and now - opened_at < SESSION_LIFE
