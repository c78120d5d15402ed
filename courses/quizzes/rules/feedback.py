"""What a learner is shown of a response, and when: parts by phase.

The phases are those of Moodle's review options: while the attempt runs, within two
minutes after it was handed in, later while the quiz is still open, and after it closed.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum

JUST_NOW = timedelta(minutes=2)


class Phase(StrEnum):
    DURING = "during"
    RIGHT_AFTER = "right_after"
    LATER = "later"
    AFTER_CLOSE = "after_close"


class Part(StrEnum):
    MARKS = "marks"
    RIGHTNESS = "rightness"
    """Whether each response was right."""
    KEY = "key"
    EXPLANATION = "explanation"


Feedback = Mapping[Phase, frozenset[Part]]

EVERYTHING = frozenset(Part)
AFTERWARDS: Feedback = {
    Phase.DURING: frozenset(),
    Phase.RIGHT_AFTER: EVERYTHING,
    Phase.LATER: EVERYTHING,
    Phase.AFTER_CLOSE: EVERYTHING,
}
"""Nothing while the attempt runs, everything from its end on."""


def phase_of(
    submitted_at: datetime | None, closes_at: datetime | None, now: datetime
) -> Phase:
    if submitted_at is None:
        return Phase.DURING
    if closes_at is not None and now >= closes_at:
        return Phase.AFTER_CLOSE
    if now < submitted_at + JUST_NOW:
        return Phase.RIGHT_AFTER
    return Phase.LATER


def feedback_in(stored: Mapping[str, Sequence[str]] | None) -> Feedback:
    """Read what was stored; nothing stored is everything afterwards."""
    if stored is None:
        return AFTERWARDS
    return {p: frozenset(map(Part, stored.get(p, ()))) for p in Phase}


def stored_feedback(parts: Mapping[Phase, Iterable[Part]]) -> dict[str, list[str]]:
    return {p.value: sorted(parts.get(p, ())) for p in Phase}


def is_checked_while_running(feedback: Feedback) -> bool:
    """Say whether single responses may be locked and judged before the end."""
    return bool(feedback[Phase.DURING])
