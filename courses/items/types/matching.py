"""Match each row with a choice, or rows with several choices."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, ClassVar, Self

from courses.items.rules import WRONG, Response, Score, Spec
from courses.items.types.framing import Framed, frame_in
from courses.items.types.reading import (
    MOST_OPTIONS,
    Option,
    all_different,
    dict_in,
    list_in,
    name_in,
    names_in,
    options_in,
    parts_of,
    put_in_order,
    share_of,
    stem_in,
    switch_in,
    text_in,
    without_defaults,
    word_in,
)

SCORINGS = ("each", "whole", "weights")
BETWEEN = "|"
"""Stands between row and choice in the name of a pair: ``r1|c2``."""


@dataclass(frozen=True, slots=True)
class Row:
    id: str
    text: str
    correct: tuple[str, ...]
    """The choices that belong here; where only one may be given, any of them."""
    feedback: str = ""

    def stored(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "text": self.text,
            "correct": list(self.correct),
        } | without_defaults(feedback=self.feedback)


@dataclass(frozen=True, slots=True, kw_only=True)
class Matching(Framed):
    """A response is ``{row: choice}``, or ``{row: [choices]}`` where *several* may be
    given.  A choice may belong to no row, to one or to many.

    Scoring: ``each`` row (or, with several, each pair less the wrong ones) counts
    alike; ``whole`` is all or nothing; ``weights`` adds up what each pair gives.
    """

    kind: ClassVar[str] = "matching"

    rows: tuple[Row, ...]
    options: tuple[Option, ...]
    several: bool = False
    scoring: str = "each"
    weights: Mapping[str, Fraction]
    """By pair, such as ``r1|c2``; what is not named gives nothing."""
    shuffle: bool = True

    @classmethod
    def parse(cls, spec: Spec) -> Self:
        options = options_in(spec, least=1)
        known = [option.id for option in options]
        rows = list_in(
            spec, "rows", lambda one: _row(one, known), least=1, most=MOST_OPTIONS
        )
        all_different([row.id for row in rows], "rows")
        if not any(row.correct for row in rows):
            raise ValueError("some row has a choice that belongs to it")
        scoring = word_in(spec, "scoring", SCORINGS, "each")
        weights = _weights(spec, [row.id for row in rows], known)
        if scoring == "weights" and not weights:
            raise ValueError("'weights' says what each pair gives")
        return cls(
            **frame_in(spec),
            rows=rows,
            options=options,
            several=switch_in(spec, "several", False),
            scoring=scoring,
            weights=weights,
            shuffle=switch_in(spec, "shuffle", True),
        )

    def stored(self) -> dict[str, Any]:
        return (
            self.framed()
            | {
                "rows": [row.stored() for row in self.rows],
                "options": [option.stored() for option in self.options],
                "scoring": self.scoring,
                **({} if self.shuffle else {"shuffle": False}),
            }
            | without_defaults(
                several=self.several,
                weights={pair: str(share) for pair, share in self.weights.items()},
            )
        )

    @property
    def option_ids(self) -> tuple[str, ...]:
        return tuple(option.id for option in self.options) if self.shuffle else ()

    def option(self, key: str) -> Option:
        return next(option for option in self.options if option.id == key)

    def grade(self, response: Response) -> Score:
        if not self.accepts(response) or not response:
            return WRONG
        given = {(row, one) for row in response for one in self.given(response, row)}
        if self.scoring == "weights":
            earned = sum(
                (self.weights.get(BETWEEN.join(pair), Fraction(0)) for pair in given),
                Fraction(0),
            )
            return Score(min(max(earned, Fraction(0)), Fraction(1)))
        share = self._pairs(given) if self.several else self._rows(given)
        return Score(Fraction(share == 1) if self.scoring == "whole" else share)

    def given(self, response: Response, row: str) -> list[str]:
        """Return the choices that a response gives a row."""
        said = response.get(row) if isinstance(response, dict) else None
        if said is None:
            return []
        return said if isinstance(said, list) else [said]

    def _rows(self, given: set[tuple[str, str]]) -> Fraction:
        asked = [row for row in self.rows if row.correct]
        right = sum(any((row.id, one) in given for one in row.correct) for row in asked)
        return Fraction(right, len(asked))

    def _pairs(self, given: set[tuple[str, str]]) -> Fraction:
        right = {(row.id, one) for row in self.rows for one in row.correct}
        hits = len(given & right) - len(given - right)
        return Fraction(max(hits, 0), len(right))

    def accepts(self, response: Response) -> bool:
        if not isinstance(response, dict):
            return False
        rows = {row.id for row in self.rows}
        return all(key in rows and self._fits(said) for key, said in response.items())

    def _fits(self, said: Any) -> bool:
        known = {option.id for option in self.options}
        if not self.several:
            return isinstance(said, str) and said in known
        return (
            isinstance(said, list)
            and all(isinstance(one, str) and one in known for one in said)
            and len(set(said)) == len(said)
        )

    def from_form(self, values: Sequence[str]) -> Response:
        said = {
            part: [word for word in words if word]
            for part, words in parts_of(values).items()
        }
        if self.several:
            return {part: words for part, words in said.items() if words} or None
        return {part: words[-1] for part, words in said.items() if words} or None

    def is_blank(self, response: Response) -> bool:
        return not isinstance(response, dict) or not any(response.values())

    def shuffled(self, order: Sequence[str]) -> Self:
        if not order and not self.shuffle:
            return self
        return replace(self, options=put_in_order(self.options, order))

    def key(self) -> Any:
        asked = [row for row in self.rows if row.correct]
        if self.several:
            return {row.id: list(row.correct) for row in asked}
        return {row.id: row.correct[0] for row in asked}


def _row(given: Spec, known: Sequence[str]) -> Row:
    text = stem_in({"stem": given.get("text")})
    correct = names_in(given, "correct", known)
    return Row(name_in(given), text, correct, text_in(given, "feedback", ""))


def _weights(
    spec: Spec, rows: Sequence[str], options: Sequence[str]
) -> dict[str, Fraction]:
    given = dict_in(spec, "weights")
    pairs = {BETWEEN.join((row, one)) for row in rows for one in options}
    if not pairs.issuperset(given):
        raise ValueError("'weights' names pairs of a row and a choice")
    return {pair: share_of(share, least=-1) for pair, share in given.items()}
