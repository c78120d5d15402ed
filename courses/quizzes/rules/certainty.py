"""Marks below nothing, and marks by certainty.

The certainty table is that of Tony Gardner-Medwin as Moodle has it (question behaviours
"with CBM"): who is sure and wrong loses more than who is sure and right gains.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

UNSURE, FAIRLY_SURE, SURE = 1, 2, 3
CERTAINTIES = (UNSURE, FAIRLY_SURE, SURE)
FOR_RIGHT: Mapping[int, int] = {UNSURE: 1, FAIRLY_SURE: 2, SURE: 3}
FOR_WRONG: Mapping[int, int] = {UNSURE: 0, FAIRLY_SURE: -2, SURE: -6}
MOST = max(FOR_RIGHT.values())
"""What a right and sure response earns: a quiz with certainty is worth three times its
points, so that nobody earns more than 100 %."""

PENALTIES = (
    Fraction(0),
    Fraction(1, 4),
    Fraction(1, 3),
    Fraction(1, 2),
    Fraction(1),
)
"""What a wrong response may cost, as a share of its points."""


def with_certainty(share: Fraction, certainty: int | None) -> Fraction:
    """Return the multiple of a response's points: from -6 to 3.

    Without a word about certainty the response counts as unsure.  A response that is
    right in part earns its part of what a right one earns.
    """
    sureness = certainty if certainty in CERTAINTIES else UNSURE
    return share * FOR_RIGHT[sureness] if share > 0 else Fraction(FOR_WRONG[sureness])


def with_penalty(share: Fraction, penalty: Fraction) -> Fraction:
    """Take *penalty* off for a response that earns nothing.

    What an option's own negative share has taken already is not taken twice.
    """
    return share if share else -penalty


@dataclass(frozen=True, slots=True)
class Scoring:
    """How a share of full marks becomes part of the mark."""

    penalty: Fraction = Fraction(0)
    certainty: bool = False

    def multiple(
        self, share: Fraction, certainty: int | None, *, is_blank: bool
    ) -> Fraction:
        """Return what a response earns, as a multiple of its points."""
        if is_blank:
            return Fraction(0)
        if self.certainty:
            return with_certainty(share, certainty)
        return with_penalty(share, self.penalty)

    @property
    def most(self) -> int:
        """The multiple that a right response can earn."""
        return MOST if self.certainty else 1
