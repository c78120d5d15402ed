"""Put words into the gaps of a passage: dragged, or chosen from a menu."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, ClassVar, Self

from courses.items.passages import check_gaps
from courses.items.rules import WRONG, Response, Score, Spec
from courses.items.types.framing import Framed, frame_in
from courses.items.types.reading import (
    MOST_OPTIONS,
    MOST_PARTS,
    all_different,
    count_in,
    filled_parts,
    list_in,
    name_in,
    names_in,
    stem_in,
    switch_in,
    text_in,
    without_defaults,
    word_in,
)

DISPLAYS = ("drag", "menu")
MOST_GROUPS = 20


@dataclass(frozen=True, slots=True)
class Word:
    """Something to put into gaps of its group."""

    id: str
    text: str
    group: int = 1
    uses: int = 1
    """How many gaps it may stand in at once; 0 for any number."""

    @classmethod
    def parse(cls, spec: Spec) -> Self:
        return cls(
            name_in(spec),
            stem_in({"stem": spec.get("text")}),
            count_in(spec, "group", 1, most=MOST_GROUPS, least=1),
            count_in(spec, "uses", 1, most=MOST_PARTS),
        )

    def stored(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "text": self.text,
            "group": self.group,
            "uses": self.uses,
        }


@dataclass(frozen=True, slots=True)
class Gap:
    id: str
    correct: tuple[str, ...]
    """The words that are right here, any of them."""

    def stored(self) -> dict[str, Any]:
        return {"id": self.id, "correct": list(self.correct)}


@dataclass(frozen=True, slots=True, kw_only=True)
class DragWords(Framed):
    """A response is ``{gap: word}``."""

    kind: ClassVar[str] = "drag_words"

    passage: str
    words: tuple[Word, ...]
    gaps: tuple[Gap, ...]
    display: str = "drag"
    whole: bool = False
    """Whether only all of it counts."""
    shuffle: bool = True

    @classmethod
    def parse(cls, spec: Spec) -> Self:
        passage = text_in(spec, "passage")
        words = list_in(spec, "words", Word.parse, least=1, most=MOST_OPTIONS)
        all_different([word.id for word in words], "words")
        known = [word.id for word in words]
        gaps = list_in(spec, "gaps", lambda one: _gap(one, known), least=1)
        check_gaps(passage, [gap.id for gap in gaps])
        groups = {word.id: word.group for word in words}
        if any(len({groups[word] for word in gap.correct}) > 1 for gap in gaps):
            raise ValueError("the words of one gap are of one group")
        return cls(
            **frame_in(spec, may_be_bare=True),
            passage=passage,
            words=words,
            gaps=gaps,
            display=word_in(spec, "display", DISPLAYS, "drag"),
            whole=switch_in(spec, "whole", False),
            shuffle=switch_in(spec, "shuffle", True),
        )

    def stored(self) -> dict[str, Any]:
        return (
            self.framed()
            | {
                "passage": self.passage,
                "words": [word.stored() for word in self.words],
                "gaps": [gap.stored() for gap in self.gaps],
                "display": self.display,
                **({} if self.shuffle else {"shuffle": False}),
            }
            | without_defaults(whole=self.whole)
        )

    def gap(self, key: str) -> Gap:
        return next(gap for gap in self.gaps if gap.id == key)

    def word(self, key: str) -> Word:
        return next(word for word in self.words if word.id == key)

    def words_for(self, gap: Gap) -> tuple[Word, ...]:
        """Return the words of the gap's group: what may be put there."""
        group = self.word(gap.correct[0]).group
        return tuple(word for word in self.words if word.group == group)

    def is_right(self, gap: Gap, response: Response) -> bool:
        said = response.get(gap.id) if isinstance(response, dict) else None
        return said in gap.correct

    def grade(self, response: Response) -> Score:
        if not self.accepts(response) or self._overused(response):
            return WRONG
        right = sum(self.is_right(gap, response) for gap in self.gaps)
        share = Fraction(right, len(self.gaps))
        return Score(Fraction(share == 1) if self.whole else share)

    def _overused(self, response: Mapping[str, str]) -> bool:
        """Say whether a word stands in more gaps than it may: no page offers that."""
        used = list(response.values())
        return any(word.uses and used.count(word.id) > word.uses for word in self.words)

    def accepts(self, response: Response) -> bool:
        gaps = {gap.id for gap in self.gaps}
        words = {word.id for word in self.words}
        return isinstance(response, dict) and all(
            key in gaps and isinstance(said, str) and said in words
            for key, said in response.items()
        )

    def from_form(self, values: Sequence[str]) -> Response:
        return filled_parts(values)

    @property
    def option_ids(self) -> tuple[str, ...]:
        return tuple(word.id for word in self.words) if self.shuffle else ()

    def shuffled(self, order: Sequence[str]) -> Self:
        if not order and not self.shuffle:
            return self
        by_id = {word.id: word for word in self.words}
        if sorted(by_id) != sorted(order):
            raise ValueError("the order names other options")
        return replace(self, words=tuple(by_id[key] for key in order))

    def key(self) -> dict[str, str]:
        said: dict[str, str] = {}
        for gap in self.gaps:
            used = list(said.values())
            free = [
                word.id
                for word in map(self.word, gap.correct)
                if not word.uses or used.count(word.id) < word.uses
            ]
            said[gap.id] = [*free, gap.correct[0]][0]
        return said


def _gap(given: Spec, words: Sequence[str]) -> Gap:
    correct = names_in(given, "correct", words)
    if not correct:
        raise ValueError("some word is right in each gap")
    return Gap(name_in(given), correct)
