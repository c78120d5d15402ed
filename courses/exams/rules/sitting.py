"""A candidate's sitting: its states, and what moves it from one to another.

What is not in the table cannot happen.  Every move is written down with who made it and
why; the state of a sitting is what its moves lead to.
"""

from collections.abc import Iterable
from enum import StrEnum

from lms.kernel.errors import Refusal


class SittingState(StrEnum):
    EXPECTED = "expected"
    """On the list; not yet seen at the door."""

    ADMITTED = "admitted"
    """Identity proved or attested; may take the seat with the PIN."""

    SEATED = "seated"
    """At the machine, waiting for the bell."""

    WRITING = "writing"
    PAUSED = "paused"
    SUBMITTED = "submitted"
    EXPELLED = "expelled"
    ABSENT = "absent"


class SittingEvent(StrEnum):
    ADMIT = "admit"
    RETURN = "return"
    """An admission taken back: the wrong person, or the wrong room."""

    SEAT = "seat"
    START = "start"
    PAUSE = "pause"
    RESUME = "resume"
    TRANSFER = "transfer"
    """To another machine, by the invigilator; the old one may write no more."""

    SUBMIT = "submit"
    COLLECT = "collect"
    """Time is up: handed in by the server."""

    EXPEL = "expel"
    MISS = "miss"


class SeatSign(StrEnum):
    """What a board shows of a seat before its state."""

    SILENT = "silent"
    CHIP_READ = "chip-read"
    """Expected still: the card was read, and somebody must look at the face."""


S, E = SittingState, SittingEvent
MOVES: dict[tuple[SittingState, SittingEvent], SittingState] = {
    (S.EXPECTED, E.ADMIT): S.ADMITTED,
    (S.EXPECTED, E.MISS): S.ABSENT,
    (S.ADMITTED, E.RETURN): S.EXPECTED,
    (S.ADMITTED, E.SEAT): S.SEATED,
    (S.ADMITTED, E.MISS): S.ABSENT,
    (S.ADMITTED, E.EXPEL): S.EXPELLED,
    (S.SEATED, E.START): S.WRITING,
    (S.SEATED, E.TRANSFER): S.ADMITTED,
    (S.SEATED, E.EXPEL): S.EXPELLED,
    (S.SEATED, E.MISS): S.ABSENT,
    (S.WRITING, E.PAUSE): S.PAUSED,
    (S.WRITING, E.TRANSFER): S.WRITING,
    (S.WRITING, E.SUBMIT): S.SUBMITTED,
    (S.WRITING, E.COLLECT): S.SUBMITTED,
    (S.WRITING, E.EXPEL): S.EXPELLED,
    (S.PAUSED, E.RESUME): S.WRITING,
    (S.PAUSED, E.TRANSFER): S.PAUSED,
    (S.PAUSED, E.COLLECT): S.SUBMITTED,
    (S.PAUSED, E.EXPEL): S.EXPELLED,
}
"""A late candidate is seated after the bell and starts at once: two moves."""

ENDED = frozenset({S.SUBMITTED, S.EXPELLED, S.ABSENT})
NEED_REASON = frozenset({E.RETURN, E.PAUSE, E.TRANSFER, E.EXPEL})


class MoveRefusal(Refusal):
    NOT_NOW = "sitting-not-now"
    REASON_NEEDED = "sitting-reason-needed"


def move_refusal(
    state: SittingState, event: SittingEvent, reason: str
) -> MoveRefusal | None:
    """Say why a sitting in *state* cannot be moved so, or None."""
    if (state, event) not in MOVES:
        return MoveRefusal.NOT_NOW
    if event in NEED_REASON and not reason.strip():
        return MoveRefusal.REASON_NEEDED
    return None


def replayed(events: Iterable[SittingEvent]) -> SittingState:
    """Return where these moves lead from the list; ValueError if they cannot be."""
    state = S.EXPECTED
    for event in events:
        if (state, event) not in MOVES:
            raise ValueError(f"{event} of a sitting that is {state}")
        state = MOVES[state, event]
    return state
