"""Pair up options of one list; which of a pair is named first does not matter."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, ClassVar, Self

from courses.items.rules import WRONG, Response, Score, Spec
from courses.items.types.framing import Framed, frame_in
from courses.items.types.reading import (
    MOST_PARTS,
    Option,
    count_in,
    dict_in,
    options_in,
    parts_of,
    put_in_order,
    share_of,
    switch_in,
    without_defaults,
    word_in,
)

BETWEEN = "|"


@dataclass(frozen=True, slots=True, kw_only=True)
class Association(Framed):
    """A response is a list of pairs ``[[id, id], …]``, each pair once.

    Scoring as in matching: ``each`` right pair less each wrong one, ``whole``, or
    ``weights`` by pair, named ``a|b``.
    """

    kind: ClassVar[str] = "association"

    options: tuple[Option, ...]
    correct: tuple[tuple[str, str], ...]
    most: int = 0
    """How many pairs may be made; 0 for as many as are right."""
    scoring: str = "each"
    weights: Mapping[str, Fraction]
    shuffle: bool = True

    @classmethod
    def parse(cls, spec: Spec) -> Self:
        options = options_in(spec)
        known = {option.id for option in options}
        correct = spec.get("correct")
        if not isinstance(correct, list) or not 0 < len(correct) <= MOST_PARTS:
            raise ValueError("'correct' lists pairs")
        if not _are_pairs(correct, known):
            raise ValueError("'correct' lists pairs of ids that are there, each once")
        scoring = word_in(spec, "scoring", ("each", "whole", "weights"), "each")
        weights = _weights(spec, known)
        if scoring == "weights" and not weights:
            raise ValueError("'weights' says what each pair gives")
        return cls(
            **frame_in(spec),
            options=options,
            correct=tuple((one, other) for one, other in correct),
            most=count_in(spec, "most", 0, most=MOST_PARTS),
            scoring=scoring,
            weights=weights,
            shuffle=switch_in(spec, "shuffle", True),
        )

    def stored(self) -> dict[str, Any]:
        return (
            self.framed()
            | {
                "options": [option.stored() for option in self.options],
                "correct": [list(pair) for pair in self.correct],
                "scoring": self.scoring,
                **({} if self.shuffle else {"shuffle": False}),
            }
            | without_defaults(
                most=self.most,
                weights={pair: str(share) for pair, share in self.weights.items()},
            )
        )

    @property
    def pairs(self) -> int:
        """How many pairs the page has room for."""
        return self.most or len(self.correct)

    @property
    def option_ids(self) -> tuple[str, ...]:
        return tuple(option.id for option in self.options) if self.shuffle else ()

    def option(self, key: str) -> Option:
        return next(option for option in self.options if option.id == key)

    def grade(self, response: Response) -> Score:
        if not self.accepts(response) or not response:
            return WRONG
        given = {frozenset(pair) for pair in response}
        if self.scoring == "weights":
            by_pair = {frozenset(k.split(BETWEEN)): v for k, v in self.weights.items()}
            earned = sum(
                (by_pair.get(pair, Fraction(0)) for pair in given), Fraction(0)
            )
            return Score(min(max(earned, Fraction(0)), Fraction(1)))
        right = {frozenset(pair) for pair in self.correct}
        if self.scoring == "whole":
            return Score(Fraction(given == right))
        hits = len(given & right) - len(given - right)
        return Score(Fraction(max(hits, 0), len(right)))

    def accepts(self, response: Response) -> bool:
        known = {option.id for option in self.options}
        return (
            isinstance(response, list)
            and len(response) <= self.pairs
            and _are_pairs(response, known)
        )

    def from_form(self, values: Sequence[str]) -> Response:
        """Read two menus for each pair, ``1=a`` and ``1=b``; half a pair is none."""
        found: list[list[str]] = []
        for words in parts_of(values).values():
            pair = [word for word in words if word]
            if len(pair) == 2 and sorted(pair) not in [sorted(one) for one in found]:  # noqa: PLR2004
                found.append(pair)
        return found or None

    def shuffled(self, order: Sequence[str]) -> Self:
        if not order and not self.shuffle:
            return self
        return replace(self, options=put_in_order(self.options, order))

    def key(self) -> list[list[str]]:
        return [list(pair) for pair in self.correct]


def _are_pairs(pairs: Sequence[Any], known: set[str]) -> bool:
    """Say whether each is two ids that are there, and no pair stands twice."""
    for pair in pairs:
        if not isinstance(pair, list) or len(pair) != 2:  # noqa: PLR2004
            return False
        if not all(isinstance(one, str) and one in known for one in pair):
            return False
    return len({frozenset(pair) for pair in pairs}) == len(pairs)


def _weights(spec: Spec, known: set[str]) -> dict[str, Fraction]:
    given = dict_in(spec, "weights")
    for name in given:
        ends = str(name).split(BETWEEN)
        if len(ends) != 2 or not known.issuperset(ends):  # noqa: PLR2004
            raise ValueError("'weights' names pairs of ids that are there")
    return {str(pair): share_of(share, least=-1) for pair, share in given.items()}
