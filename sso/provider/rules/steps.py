"""What stands between a request to sign in and its answer.

Source: OpenID Connect Core 1.0, sections 3.1.2.1 and 3.1.2.3.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sso.provider.rules.levels import level_needed

PROMPTS = {"none", "login", "consent", "select_account"}


class Step(StrEnum):
    SIGN_IN = "sign-in"
    CONSENT = "consent"
    ANSWER = "answer"
    OTHER_PERSON = "other-person"
    """Somebody signed in, but not the one whom the client named by id_token_hint."""


SILENT_ERRORS = {
    Step.SIGN_IN: "login_required",
    Step.OTHER_PERSON: "login_required",
    Step.CONSENT: "consent_required",
}
"""What prompt=none is answered with where a step would need the person."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What the client wants of the sign-in."""

    prompts: frozenset[str] = frozenset()
    max_age: timedelta | None = None
    levels: tuple[int, ...] = ()
    subject: str | None = None
    """From a verified id_token_hint: the only person who may answer."""

    @property
    def is_silent(self) -> bool:
        return "none" in self.prompts


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A session of this browser, as the client would see it."""

    subject: str
    level: int
    auth_at: datetime


def next_step(
    asked: Asked,
    signed_in: SignedIn | None,
    *,
    consented: bool,
    began_at: datetime,
    now: datetime,
) -> Step:
    """Return what must happen next.

    *began_at* is when the request came: a session opened since then answers
    prompt=login and max_age, and is answered with the level it reached, for acr_values
    is voluntary and the client decides.
    """
    if signed_in is None:
        return Step.SIGN_IN
    is_fresh = signed_in.auth_at >= began_at
    if asked.subject and asked.subject != signed_in.subject:
        return Step.OTHER_PERSON if is_fresh else Step.SIGN_IN
    if not is_fresh and _is_stale(asked, signed_in, now):
        return Step.SIGN_IN
    return Step.ANSWER if consented else Step.CONSENT


def _is_stale(asked: Asked, signed_in: SignedIn, now: datetime) -> bool:
    if asked.prompts & {"login", "select_account"}:
        return True
    if asked.max_age is not None and now - signed_in.auth_at > asked.max_age:
        return True
    needed = level_needed(asked.levels)
    return needed is not None and signed_in.level < needed
