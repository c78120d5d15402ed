"""Bounds on how often one address may ask, for the few pages where it matters.

What must hold across processes and restarts (failed sign-ins) is counted in the
database instead; these bounds only keep floods out.
"""

from collections.abc import Callable
from typing import Any

from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

limiter = Limiter(get_remote_address, default_limits=[])


def limited(rate: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Answer 429 to an address that asks more often than *rate*, as "30 per minute"."""
    decorate: Callable[[Callable[..., Any]], Callable[..., Any]] = limiter.limit(rate)
    return decorate
