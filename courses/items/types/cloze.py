"""Fill the blanks of a passage: choose, write words or numbers, in one question."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any, ClassVar, Self

from courses.items.passages import check_gaps
from courses.items.rules import WRONG, Response, Score, Spec
from courses.items.types import numerical, short_answer
from courses.items.types.framing import Framed, frame_in
from courses.items.types.numerical import Units, Value
from courses.items.types.reading import (
    MOST_PARTS,
    Option,
    all_different,
    count_in,
    dict_in,
    list_in,
    name_in,
    options_in,
    parts_of,
    switch_in,
    text_in,
    without_defaults,
    word_in,
)
from courses.items.types.short_answer import Comparing, Wording, is_typed

MOST_POINTS = 1000
LAYOUTS = ("menu", "row", "column")


@dataclass(frozen=True, slots=True)
class ChoicePart:
    """Options in a menu, or side by side, or below one another.

    Each option's ``share`` says what it gives; with *several* they are added up.
    """

    asks: ClassVar[str] = "choice"

    id: str
    points: int
    options: tuple[Option, ...]
    layout: str = "menu"
    several: bool = False
    shuffle: bool = False

    @classmethod
    def parse(cls, spec: Spec) -> Self:
        options = options_in(spec, least=1)
        if not any(option.share for option in options):
            raise ValueError("some option of each choice gives a share")
        several = switch_in(spec, "several", False)
        layout = word_in(spec, "layout", LAYOUTS, "column" if several else "menu")
        if several and layout == "menu":
            raise ValueError("several options are not chosen in a menu")
        shuffle = switch_in(spec, "shuffle", False)
        return cls(*_head(spec), options, layout, several, shuffle)

    def stored(self) -> dict[str, Any]:
        return (
            _stored_head(self)
            | {
                "options": [option.stored() for option in self.options],
                "layout": self.layout,
            }
            | without_defaults(several=self.several, shuffle=self.shuffle)
        )

    def share(self, said: Any) -> Fraction:
        picked = said if self.several else [said]
        shares = [one.share for one in self.options if one.id in picked and one.share]
        return min(max(sum(shares, Fraction(0)), Fraction(0)), Fraction(1))

    def takes(self, said: Any) -> bool:
        known = {option.id for option in self.options}
        if not self.several:
            return isinstance(said, str) and said in known
        return (
            isinstance(said, list)
            and all(isinstance(one, str) and one in known for one in said)
            and len(set(said)) == len(said)
        )

    def typed(self, words: list[str]) -> Any:
        filled = [word for word in words if word]
        return filled if self.several else filled[-1] if filled else ""

    def remark(self, said: Any) -> str:
        picked = said if self.several else [said]
        return "".join(one.feedback for one in self.options if one.id in picked)

    @property
    def right(self) -> Any:
        if self.several:
            return [one.id for one in self.options if one.share and one.share > 0]
        return max(self.options, key=lambda one: one.share or Fraction(0)).id


@dataclass(frozen=True, slots=True)
class TextPart:
    """A few words, compared as a short answer."""

    asks: ClassVar[str] = "text"

    id: str
    points: int
    answers: tuple[Wording, ...]
    comparing: Comparing = field(default_factory=Comparing)
    width: int = 0
    """How many letters the field is drawn for; 0 for as many as the answers need."""

    @classmethod
    def parse(cls, spec: Spec) -> Self:
        answers = short_answer.wordings_in(spec)
        width = count_in(spec, "width", 0, most=200)
        return cls(*_head(spec), answers, Comparing.parse(spec), width)

    def stored(self) -> dict[str, Any]:
        return (
            _stored_head(self)
            | short_answer.stored_wordings(self.answers)
            | self.comparing.stored()
            | without_defaults(width=self.width)
        )

    def _agreed(self, said: Any) -> Wording | None:
        return short_answer.first_that_agrees(self.answers, self.comparing, said)

    def share(self, said: Any) -> Fraction:
        found = self._agreed(said)
        return found.share if found else Fraction(0)

    def takes(self, said: Any) -> bool:
        return is_typed(said)

    def typed(self, words: list[str]) -> Any:
        return words[-1].strip()

    def remark(self, said: Any) -> str:
        found = self._agreed(said)
        return found.feedback if found else ""

    @property
    def right(self) -> str:
        return max(self.answers, key=lambda one: one.share).pattern


@dataclass(frozen=True, slots=True)
class NumberPart:
    """A number, compared as a numerical item does."""

    asks: ClassVar[str] = "number"

    id: str
    points: int
    answers: tuple[Value, ...]
    units: Units = field(default_factory=Units)
    width: int = 0

    @classmethod
    def parse(cls, spec: Spec) -> Self:
        answers = list_in(
            spec, "answers", Value.parse, least=1, most=numerical.MOST_ANSWERS
        )
        if not any(one.value is not None and one.share for one in answers):
            raise ValueError("some number of each part gives a share")
        units = Units.parse(dict_in(spec, "units"))
        return cls(*_head(spec), answers, units, count_in(spec, "width", 0, most=200))

    def stored(self) -> dict[str, Any]:
        return (
            _stored_head(self)
            | {"answers": [answer.stored() for answer in self.answers]}
            | without_defaults(units=self.units.stored(), width=self.width)
        )

    def share(self, said: Any) -> Fraction:
        return numerical.first_that_agrees(self.answers, self.units, said)[1]

    def takes(self, said: Any) -> bool:
        return is_typed(said)

    def typed(self, words: list[str]) -> Any:
        return words[-1].strip()

    def remark(self, said: Any) -> str:
        found = numerical.first_that_agrees(self.answers, self.units, said)[0]
        return found.feedback if found else ""

    @property
    def right(self) -> str:
        numbers = [one for one in self.answers if one.value is not None]
        best = max(numbers, key=lambda one: one.share)
        value = best.value
        assert value is not None  # noqa: S101 -- the line above left out the others
        return numerical.key_text(Fraction(value), str(value), self.units)


Part = ChoicePart | TextPart | NumberPart
PARTS: dict[str, type[Part]] = {
    part.asks: part for part in (ChoicePart, TextPart, NumberPart)
}


def _head(spec: Spec) -> tuple[str, int]:
    return name_in(spec), count_in(spec, "points", 1, most=MOST_POINTS)


def _stored_head(part: Part) -> dict[str, Any]:
    return {"id": part.id, "asks": part.asks, "points": part.points}


def _part(spec: Spec) -> Part:
    return PARTS[word_in(spec, "asks", list(PARTS), "")].parse(spec)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cloze(Framed):
    """The passage has a gap ``[[id]]`` for each part; the stem above it may be empty.

    A response is ``{part: what was chosen or typed}``.  The parts' shares are weighed
    with their points.
    """

    kind: ClassVar[str] = "cloze"

    passage: str
    parts: tuple[Part, ...]

    @classmethod
    def parse(cls, spec: Spec) -> Self:
        passage = text_in(spec, "passage")
        parts = list_in(spec, "parts", _part, least=1, most=MOST_PARTS)
        all_different([part.id for part in parts], "parts")
        check_gaps(passage, [part.id for part in parts])
        if not sum(part.points for part in parts):
            raise ValueError("some part is worth points")
        return cls(**frame_in(spec, may_be_bare=True), passage=passage, parts=parts)

    def stored(self) -> dict[str, Any]:
        return self.framed() | {
            "passage": self.passage,
            "parts": [part.stored() for part in self.parts],
        }

    def part(self, key: str) -> Part:
        return next(part for part in self.parts if part.id == key)

    def share_of_part(self, part: Part, response: Response) -> Fraction:
        said = response.get(part.id) if isinstance(response, dict) else None
        return part.share(said) if said and part.takes(said) else Fraction(0)

    def grade(self, response: Response) -> Score:
        if not self.accepts(response):
            return WRONG
        earned = sum(
            (part.points * self.share_of_part(part, response) for part in self.parts),
            Fraction(0),
        )
        return Score(earned / sum(part.points for part in self.parts))

    def remark_on(self, part: Part, response: Response) -> str:
        said = response.get(part.id) if isinstance(response, dict) else None
        return part.remark(said) if said and part.takes(said) else ""

    def accepts(self, response: Response) -> bool:
        parts = {part.id: part for part in self.parts}
        return isinstance(response, dict) and all(
            key in parts and parts[key].takes(said) for key, said in response.items()
        )

    def is_blank(self, response: Response) -> bool:
        return not isinstance(response, dict) or not any(
            said.strip() if isinstance(said, str) else said
            for said in response.values()
        )

    def from_form(self, values: Sequence[str]) -> Response:
        parts = {part.id: part for part in self.parts}
        said = {
            key: parts[key].typed(words) if key in parts else words
            for key, words in parts_of(values).items()
        }
        return {key: word for key, word in said.items() if word} or None

    @property
    def option_ids(self) -> tuple[str, ...]:
        """``part:option`` for each option that may change its place."""
        return tuple(
            f"{part.id}:{option.id}"
            for part in self.parts
            if isinstance(part, ChoicePart) and part.shuffle
            for option in part.options
        )

    def shuffled(self, order: Sequence[str]) -> Self:
        if sorted(order) != sorted(self.option_ids):
            raise ValueError("the order names other options")
        return replace(
            self, parts=tuple(_put_in_order(part, order) for part in self.parts)
        )

    def key(self) -> dict[str, Any]:
        return {part.id: part.right for part in self.parts}


def _put_in_order(part: Part, order: Sequence[str]) -> Part:
    if not isinstance(part, ChoicePart) or not part.shuffle:
        return part
    place = {name: number for number, name in enumerate(order)}
    options = sorted(part.options, key=lambda one: place[f"{part.id}:{one.id}"])
    return replace(part, options=tuple(options))
