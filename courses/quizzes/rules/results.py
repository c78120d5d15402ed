"""What counts of several attempts at one quiz: the grading methods."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from courses.quizzes.rules.attempts import WHOLE


class Method(StrEnum):
    HIGHEST = "highest"
    AVERAGE = "average"
    FIRST = "first"
    LAST = "last"


METHODS: dict[Method, Callable[[Sequence[Fraction]], Fraction]] = {
    Method.HIGHEST: max,
    Method.AVERAGE: lambda ratios: sum(ratios, Fraction()) / len(ratios),
    Method.FIRST: lambda ratios: ratios[0],
    Method.LAST: lambda ratios: ratios[-1],
}


@dataclass(frozen=True, slots=True)
class Result:
    """What a learner has reached at a quiz, over all attempts that count."""

    ratio: Fraction
    """Of what could be earned, exact."""

    @property
    def percent(self) -> int:
        """Whole percent, rounded down: 79.9 % does not pass 80."""
        return int(self.ratio * WHOLE)

    def passes(self, pass_mark: int) -> bool:
        return self.percent >= pass_mark


def result_of(
    method: Method, marked: Sequence[tuple[Fraction, Fraction]]
) -> Result | None:
    """Return what counts of marked attempts (earned, worth), the first one first."""
    ratios = [earned / worth if worth else Fraction() for earned, worth in marked]
    return Result(METHODS[method](ratios)) if ratios else None
