"""When one learner may take a quiz, for how long and how often.

The rule is the quiz's own; an allowance is granted to a person or a group, with a
reason.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from courses.quizzes.rules.attempts import AttemptPolicy, StartRefusal


@dataclass(frozen=True, slots=True)
class Window:
    """When a quiz can be started and answered; None is no bound."""

    opens_at: datetime | None = None
    closes_at: datetime | None = None

    def is_open(self, now: datetime) -> bool:
        begun = self.opens_at is None or now >= self.opens_at
        return begun and not self.is_closed(now)

    def is_closed(self, now: datetime) -> bool:
        return self.closes_at is not None and now >= self.closes_at


@dataclass(frozen=True, slots=True)
class Allowance:
    """What one person, or everybody in a group, is granted beyond the rule."""

    is_personal: bool
    extra_minutes: int = 0
    extra_attempts: int = 0
    closes_at: datetime | None = None
    opens_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Terms:
    """The conditions under which one learner takes a quiz."""

    policy: AttemptPolicy
    window: Window

    def deadline(self, started_at: datetime) -> datetime | None:
        """Return the earlier of the time limit and the closing of the quiz."""
        bounds = [self.policy.deadline(started_at), self.window.closes_at]
        return min((bound for bound in bounds if bound is not None), default=None)

    def start_refusal(self, made: int, now: datetime) -> StartRefusal | None:
        """Say why another attempt may not start after *made* ones, or None."""
        if self.window.is_closed(now):
            return StartRefusal.CLOSED
        if not self.window.is_open(now):
            return StartRefusal.NOT_YET_OPEN
        return self.policy.refusal(made)


def terms_of(
    policy: AttemptPolicy, window: Window, allowances: Iterable[Allowance]
) -> Terms:
    """Apply what a learner is granted: a personal word before that of any group.

    Where several groups grant something, the most generous word counts for each
    condition by itself.
    """
    listed = list(allowances)
    ranked = [a for a in listed if a.is_personal] or listed
    if not ranked:
        return Terms(policy, window)
    closes = [a.closes_at for a in ranked if a.closes_at]
    opens = [a.opens_at for a in ranked if a.opens_at]
    return Terms(
        AttemptPolicy(
            time_limit_minutes=_more(
                policy.time_limit_minutes, max(a.extra_minutes for a in ranked)
            ),
            max_attempts=_more(
                policy.max_attempts, max(a.extra_attempts for a in ranked)
            ),
        ),
        Window(
            opens_at=min(opens) if opens else window.opens_at,
            closes_at=max(closes) if closes else window.closes_at,
        ),
    )


def _more(bound: int | None, extra: int) -> int | None:
    return None if bound is None else bound + extra
