"""Put the options in the right order; the order they are stored in is the right one."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise
from typing import Any, ClassVar, Self

from courses.items.rules import WRONG, Response, Score, Spec
from courses.items.types.framing import Framed, frame_in
from courses.items.types.reading import (
    Option,
    options_in,
    parts_of,
    put_in_order,
    switch_in,
    without_defaults,
    word_in,
)

Order = Sequence[str]
LONGEST_PLACE = 3
"""Digits."""


def absolute(given: Order, right: Order) -> Fraction:
    """Count the options that stand in their own place."""
    hits = sum(one == other for one, other in zip(given, right, strict=True))
    return Fraction(hits, len(right))


def whole(given: Order, right: Order) -> Fraction:
    return Fraction(list(given) == list(right))


def following(given: Order, right: Order) -> Fraction:
    """Count the options followed by the one that should follow them (not the last)."""
    wanted = set(pairwise(right))
    return Fraction(sum(pair in wanted for pair in pairwise(given)), len(wanted))


def following_with_last(given: Order, right: Order) -> Fraction:
    """Do the same, and count the last one too, if it is last."""
    wanted = set(pairwise(right))
    hits = sum(pair in wanted for pair in pairwise(given)) + (given[-1] == right[-1])
    return Fraction(hits, len(right))


def neighbours(given: Order, right: Order) -> Fraction:
    """Count for each option whether the right ones stand before and behind it."""
    wanted = set(pairwise([None, *right, None]))
    hits = sum(pair in wanted for pair in pairwise([None, *given, None]))
    # Inside, each good pair is good for two options; at an end, for one.
    ends = (given[0] == right[0]) + (given[-1] == right[-1])
    return Fraction(2 * (hits - ends) + ends, 2 * len(right))


def pairs(given: Order, right: Order) -> Fraction:
    """Count the pairs of options, near or far, that stand the right way round."""
    place = {key: number for number, key in enumerate(right)}
    ranks = [place[key] for key in given]
    all_pairs = [
        (ranks[i], ranks[j])
        for i in range(len(ranks))
        for j in range(i + 1, len(ranks))
    ]
    return Fraction(sum(a < b for a, b in all_pairs), len(all_pairs))


def longest_run(given: Order, right: Order) -> Fraction:
    """Take the longest stretch of options that follow one another rightly.

    A stretch of one says nothing, and counts nothing.
    """
    wanted = set(pairwise(right))
    best = run = 1
    for pair in pairwise(given):
        run = run + 1 if pair in wanted else 1
        best = max(best, run)
    return Fraction(best if best > 1 else 0, len(right))


def longest_order(given: Order, right: Order) -> Fraction:
    """Take the most options that stand in rising order, others between them or not."""
    place = {key: number for number, key in enumerate(right)}
    longest: list[int] = []
    for number, key in enumerate(given):
        before = [longest[i] for i in range(number) if place[given[i]] < place[key]]
        longest.append(1 + max(before, default=0))
    best = max(longest)
    return Fraction(best if best > 1 else 0, len(right))


def distance(given: Order, right: Order) -> Fraction:
    """Take off for each option how far it stands from its place."""
    place = {key: number for number, key in enumerate(right)}
    most = len(right) - 1
    near = sum(most - abs(place[key] - number) for number, key in enumerate(given))
    return Fraction(near, most * len(right))


SCORINGS: dict[str, Callable[[Order, Order], Fraction]] = {
    "absolute": absolute,
    "whole": whole,
    "following": following,
    "following_with_last": following_with_last,
    "neighbours": neighbours,
    "pairs": pairs,
    "longest_run": longest_run,
    "longest_order": longest_order,
    "distance": distance,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Ordering(Framed):
    """A response is the list of all ids in order, or, while it is being made,
    ``{id: place}`` with places from 1; places given twice or left out earn nothing.
    """

    kind: ClassVar[str] = "ordering"
    always_shuffled: ClassVar[bool] = True

    options: tuple[Option, ...]
    scoring: str = "absolute"
    across: bool = False
    """Whether the options are laid out in a line instead of below one another."""
    shown: tuple[str, ...] = ()
    """In which order an attempt lays them out."""

    @classmethod
    def parse(cls, spec: Spec) -> Self:
        return cls(
            **frame_in(spec),
            options=options_in(spec),
            scoring=word_in(spec, "scoring", list(SCORINGS), "absolute"),
            across=switch_in(spec, "across", False),
        )

    def stored(self) -> dict[str, Any]:
        return (
            self.framed()
            | {
                "options": [option.stored() for option in self.options],
                "scoring": self.scoring,
            }
            | without_defaults(across=self.across)
        )

    @property
    def option_ids(self) -> tuple[str, ...]:
        return self.shown or tuple(option.id for option in self.options)

    @property
    def laid_out(self) -> tuple[Option, ...]:
        """The options as a learner sees them."""
        return put_in_order(self.options, self.shown) if self.shown else self.options

    def places(self, response: Response) -> dict[str, int]:
        """Return the place that each option was given, counted from 1."""
        if isinstance(response, dict):
            return response
        return {key: number for number, key in enumerate(response or (), 1)}

    def grade(self, response: Response) -> Score:
        if not self.accepts(response):
            return WRONG
        right = self.key()
        places = self.places(response)
        if sorted(places.values()) == list(range(1, len(right) + 1)):
            given = sorted(places, key=lambda key: places[key])
            return Score(SCORINGS[self.scoring](given, right))
        if self.scoring != "absolute":
            return WRONG
        once = [
            place for place in places.values() if [*places.values()].count(place) == 1
        ]
        hits = sum(
            places.get(key) == number and number in once
            for number, key in enumerate(right, 1)
        )
        return Score(Fraction(hits, len(right)))

    def accepts(self, response: Response) -> bool:
        known = set(self.key())
        if isinstance(response, list):
            return all(
                isinstance(key, str) and key in known for key in response
            ) and len(set(response)) == len(response) == len(known)
        return isinstance(response, dict) and all(
            key in known and type(place) is int and 1 <= place <= len(known)
            for key, place in response.items()
        )

    def from_form(self, values: Sequence[str]) -> Response:
        """Read ``id=place`` of each option; a whole order becomes a list."""
        said = {part: words[-1] for part, words in parts_of(values).items()}
        places: dict[str, Any] = {
            key: int(word)
            if word.isascii() and word.isdigit() and len(word) <= LONGEST_PLACE
            else word
            for key, word in said.items()
            if word.strip()
        }
        if not self.accepts(places) or sorted(places.values()) != list(
            range(1, len(self.options) + 1)
        ):
            return places or None
        return sorted(places, key=lambda key: places[key])

    def shuffled(self, order: Sequence[str]) -> Self:
        put_in_order(self.options, order)
        return replace(self, shown=tuple(order))

    def key(self) -> list[str]:
        return [option.id for option in self.options]
