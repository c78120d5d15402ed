"""Choose every right option, and no other; several ways of giving part marks."""

from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, ClassVar, Self

from courses.items.rules import WRONG, Response, Score, Spec
from courses.items.types.framing import Framed, frame_in
from courses.items.types.reading import (
    Option,
    count_in,
    names_in,
    options_in,
    put_in_order,
    switch_in,
    without_defaults,
    word_in,
)

Picks = AbstractSet[str]
HALF = Fraction(1, 2)


def net(picked: Picks, correct: Picks, _options: int) -> Fraction:
    """Take a wrong pick off for a right one, never below nothing."""
    hits = len(picked & correct) - len(picked - correct)
    return Fraction(max(hits, 0), len(correct))


def whole(picked: Picks, correct: Picks, _options: int) -> Fraction:
    """Give full marks for exactly the right picks, else nothing."""
    return Fraction(picked == correct)


def partial(picked: Picks, correct: Picks, _options: int) -> Fraction:
    """Give each right pick its part; wrong ones cost nothing.

    Who picks more options than are right gets nothing, or ticking all would pay.
    """
    if len(picked) > len(correct):
        return Fraction(0)
    return Fraction(len(picked & correct), len(correct))


def judged(picked: Picks, correct: Picks, options: int) -> Fraction:
    """Take each option as a judgement: picked where right, left where wrong."""
    return Fraction(options - len(picked ^ correct), options)


def one_slip(picked: Picks, correct: Picks, _options: int) -> Fraction:
    """Give half for one misjudged option (the Kprime rule)."""
    return {0: Fraction(1), 1: HALF}.get(len(picked ^ correct), Fraction(0))


SCORINGS: dict[str, Callable[[Picks, Picks, int], Fraction]] = {
    "net": net,
    "whole": whole,
    "partial": partial,
    "judged": judged,
    "one_slip": one_slip,
}
WEIGHTS = "weights"
"""Each option gives its own share, negative ones too; together from 0 to 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MultipleChoice(Framed):
    kind: ClassVar[str] = "multiple_choice"

    options: tuple[Option, ...]
    correct: frozenset[str]
    scoring: str = "net"
    most: int = 0
    """How many may be picked; 0 for as many as there are."""
    shuffle: bool = True

    @classmethod
    def parse(cls, spec: Spec) -> Self:
        options = options_in(spec)
        correct = names_in(spec, "correct", [option.id for option in options])
        if not correct:
            raise ValueError("'correct' lists at least one option")
        most = count_in(spec, "most", 0, most=len(options))
        if most and most < len(correct):
            raise ValueError("'most' leaves room for every right option")
        return cls(
            **frame_in(spec),
            options=options,
            correct=frozenset(correct),
            scoring=word_in(spec, "scoring", [*SCORINGS, WEIGHTS], "net"),
            most=most,
            shuffle=switch_in(spec, "shuffle", True),
        )

    def stored(self) -> dict[str, Any]:
        return (
            self.framed()
            | {
                "options": [option.stored() for option in self.options],
                "correct": sorted(self.correct),
                "scoring": self.scoring,
                **({} if self.shuffle else {"shuffle": False}),
            }
            | without_defaults(most=self.most)
        )

    @property
    def option_ids(self) -> tuple[str, ...]:
        return tuple(option.id for option in self.options) if self.shuffle else ()

    def grade(self, response: Response) -> Score:
        if not self.accepts(response) or not response:
            return WRONG
        picked = set(response)
        if self.scoring == WEIGHTS:
            return Score(min(max(self._weighed(picked), Fraction(0)), Fraction(1)))
        return Score(SCORINGS[self.scoring](picked, self.correct, len(self.options)))

    def _weighed(self, picked: Picks) -> Fraction:
        given = [option.share for option in self.options if option.id in picked]
        return sum((share for share in given if share), Fraction(0))

    def accepts(self, response: Response) -> bool:
        """Take a list of option ids, each once, in any order."""
        if not isinstance(response, list) or len(response) > len(self.options):
            return False
        if self.most and len(response) > self.most:
            return False
        known = {option.id for option in self.options}
        return all(isinstance(key, str) and key in known for key in response) and (
            len(set(response)) == len(response)
        )

    def from_form(self, values: Sequence[str]) -> Response:
        return list(values) or None

    def shuffled(self, order: Sequence[str]) -> Self:
        if not order and not self.shuffle:
            return self
        return replace(self, options=put_in_order(self.options, order))

    def key(self) -> list[str]:
        return sorted(self.correct)
