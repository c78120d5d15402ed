"""Point out the right words of a passage."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar, Self

from courses.items.passages import check_gaps
from courses.items.rules import WRONG, Response, Score, Spec
from courses.items.types.framing import Framed, frame_in
from courses.items.types.multiple_choice import SCORINGS, WEIGHTS
from courses.items.types.reading import (
    Option,
    count_in,
    names_in,
    options_in,
    text_in,
    without_defaults,
    word_in,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class HotText(Framed):
    """The passage has a gap ``[[id]]`` where each option's words stand.

    A response is the list of the options picked.
    """

    kind: ClassVar[str] = "hot_text"

    passage: str
    options: tuple[Option, ...]
    correct: frozenset[str]
    most: int = 0
    """How many may be picked; 0 for as many as there are."""
    scoring: str = "net"

    @classmethod
    def parse(cls, spec: Spec) -> Self:
        passage, options = text_in(spec, "passage"), options_in(spec, least=1)
        ids = [option.id for option in options]
        check_gaps(passage, ids)
        correct, most = (
            names_in(spec, "correct", ids),
            count_in(spec, "most", 0, most=len(ids)),
        )
        if not correct or (most and most < len(correct)):
            raise ValueError("'correct' lists options, no more than may be picked")
        return cls(
            **frame_in(spec, may_be_bare=True),
            passage=passage,
            options=options,
            correct=frozenset(correct),
            most=most,
            scoring=word_in(spec, "scoring", [*SCORINGS, WEIGHTS], "net"),
        )

    def stored(self) -> dict[str, Any]:
        return (
            self.framed()
            | {
                "passage": self.passage,
                "options": [option.stored() for option in self.options],
                "correct": sorted(self.correct),
                "scoring": self.scoring,
            }
            | without_defaults(most=self.most)
        )

    def option(self, key: str) -> Option:
        return next(option for option in self.options if option.id == key)

    def grade(self, response: Response) -> Score:
        if not self.accepts(response) or not response:
            return WRONG
        picked = set(response)
        if self.scoring == WEIGHTS:
            shares = [one.share for one in self.options if one.id in picked]
            earned = sum((share for share in shares if share), Fraction(0))
            return Score(min(max(earned, Fraction(0)), Fraction(1)))
        return Score(SCORINGS[self.scoring](picked, self.correct, len(self.options)))

    def accepts(self, response: Response) -> bool:
        known = {option.id for option in self.options}
        if not isinstance(response, list) or len(response) > (self.most or len(known)):
            return False
        return all(isinstance(key, str) and key in known for key in response) and (
            len(set(response)) == len(response)
        )

    def from_form(self, values: Sequence[str]) -> Response:
        return list(values) or None

    def key(self) -> list[str]:
        return sorted(self.correct)
