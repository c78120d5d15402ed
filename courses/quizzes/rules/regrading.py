"""After a wrong key: who moves, who crosses the pass mark, and whose word it takes.

A run is proposed by one person with a reason and decided by another.  Until then no
mark has changed.  Undoing takes the correction back and is a step of its own.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from courses.quizzes.rules.attempts import has_passed
from lms.kernel.errors import Refusal


class Remedy(StrEnum):
    """What is done about an item whose key was wrong."""

    NEW_KEY = "new_key"
    """Responses are graded by the item's newer version."""
    FULL_MARKS = "full_marks"
    """Everybody gets the item's points."""
    LEFT_OUT = "left_out"
    """The item counts for nobody: neither earned nor earnable."""


class RunState(StrEnum):
    PROPOSED = "proposed"
    APPLIED = "applied"
    REJECTED = "rejected"
    UNDONE = "undone"


class RunEvent(StrEnum):
    APPROVE = "approve"
    REJECT = "reject"
    UNDO = "undo"


S, E = RunState, RunEvent
MOVES: dict[tuple[RunState, RunEvent], RunState] = {
    (S.PROPOSED, E.APPROVE): S.APPLIED,
    (S.PROPOSED, E.REJECT): S.REJECTED,
    (S.APPLIED, E.UNDO): S.UNDONE,
}


class RegradeRefusal(Refusal):
    SAME_PERSON = "regrade-needs-a-second-person"
    WRONG_STATE = "regrade-already-decided"
    NO_NEWER_VERSION = "regrade-without-a-newer-version"
    ONE_IS_OPEN = "regrade-one-is-open"
    LIST_CHANGED = "regrade-list-has-changed"
    NOBODY_ANSWERED = "regrade-item-not-asked"


def decide_refusal(
    state: RunState, event: RunEvent, other_id: int | None, actor_id: int
) -> RegradeRefusal | None:
    """Say why this person may not decide about the run, or None.

    *other_id* is who spoke before: the proposer of what is to be approved, the approver
    of what is to be undone.  Marks never change on one person's word.  Anybody may
    reject, the proposer too.
    """
    if (state, event) not in MOVES:
        return RegradeRefusal.WRONG_STATE
    if event is not RunEvent.REJECT and other_id == actor_id:
        return RegradeRefusal.SAME_PERSON
    return None


class Crossing(StrEnum):
    """What becomes of a learner's pass."""

    NONE = "none"
    UP = "up"
    """Not passed before, passed after."""
    DOWN = "down"


@dataclass(frozen=True, slots=True)
class Standing:
    """An attempt's mark: earned of worth, in points."""

    earned: Fraction
    worth: Fraction


@dataclass(frozen=True, slots=True)
class Move:
    """One attempt before and after."""

    before: Standing
    after: Standing
    pass_mark: int

    @property
    def changes(self) -> bool:
        return self.before != self.after

    @property
    def crossing(self) -> Crossing:
        was = has_passed(self.before.earned, self.before.worth, self.pass_mark)
        now = has_passed(self.after.earned, self.after.worth, self.pass_mark)
        if was == now:
            return Crossing.NONE
        return Crossing.UP if now else Crossing.DOWN


@dataclass(frozen=True, slots=True)
class Summary:
    attempts: int
    changed: int
    up: int
    down: int


def summary_of(moves: Iterable[Move]) -> Summary:
    listed = list(moves)
    crossings = [move.crossing for move in listed]
    return Summary(
        attempts=len(listed),
        changed=sum(move.changes for move in listed),
        up=crossings.count(Crossing.UP),
        down=crossings.count(Crossing.DOWN),
    )
