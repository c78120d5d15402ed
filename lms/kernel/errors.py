"""How the rules say no."""

from enum import StrEnum


class Refusal(StrEnum):
    """A word for why not.  Each feature has its own; its ``wording`` says it aloud."""


class Refused(Exception):
    """The rules forbid what was asked.

    A refusal is an ordinary answer and no fault: the user is told why in plain words,
    nothing is logged, and the request's transaction is given up.
    """

    def __init__(self, reason: Refusal) -> None:
        super().__init__(reason.value)
        self.reason = reason
