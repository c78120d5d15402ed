"""Write at length; people mark it, by a rubric, one or two of them."""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, ClassVar, Self

from courses.items.rules import UNGRADED, WRONG, Response, Score, Spec
from courses.items.types.framing import Framed, frame_in
from courses.items.types.reading import (
    all_different,
    count_in,
    label_in,
    list_in,
    name_in,
    share_of,
    switch_in,
    text_in,
    without_defaults,
    word_in,
)

LONGEST_ESSAY = 100_000
MOST_WORDS = 20_000
MOST_CRITERIA = 20
MOST_LEVELS = 10
MOST_POINTS = 1000
INPUTS = ("plain", "rich", "monospaced", "none")
SEEN = frozenset("\n\r\t")


@dataclass(frozen=True, slots=True)
class Level:
    """How well one criterion is met, in words, and what that gives."""

    id: str
    text: str
    points: int

    @classmethod
    def parse(cls, spec: Spec) -> Self:
        text, points = (
            label_in(spec, "text"),
            count_in(spec, "points", 0, most=MOST_POINTS),
        )
        return cls(name_in(spec), text, points)

    def stored(self) -> dict[str, Any]:
        return {"id": self.id, "text": self.text, "points": self.points}


@dataclass(frozen=True, slots=True)
class Criterion:
    id: str
    text: str
    levels: tuple[Level, ...]

    @classmethod
    def parse(cls, spec: Spec) -> Self:
        levels = list_in(spec, "levels", Level.parse, least=2, most=MOST_LEVELS)
        all_different([level.id for level in levels], "levels")
        return cls(name_in(spec), label_in(spec, "text"), levels)

    def stored(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "text": self.text,
            "levels": [level.stored() for level in self.levels],
        }

    @property
    def most(self) -> int:
        return max(level.points for level in self.levels)


def rubric_in(spec: Spec) -> tuple[Criterion, ...]:
    """Read the rubric: criteria with levels; empty where marks are given freely."""
    rubric = list_in(spec, "rubric", Criterion.parse, most=MOST_CRITERIA)
    all_different([one.id for one in rubric], "rubric")
    if rubric and not sum(one.most for one in rubric):
        raise ValueError("some criterion gives points")
    return rubric


def rubric_score(rubric: Sequence[Criterion], levels: Mapping[str, str]) -> Score:
    """Score a response by the level chosen for each criterion.

    UNGRADED while one is missing; ValueError for a level that is not there.
    """
    earned = 0
    for criterion in rubric:
        if criterion.id not in levels:
            return UNGRADED
        points = {level.id: level.points for level in criterion.levels}
        if levels[criterion.id] not in points:
            raise ValueError(f"criterion {criterion.id!r} has no such level")
        earned += points[levels[criterion.id]]
    return Score(Fraction(earned, sum(criterion.most for criterion in rubric)))


@dataclass(frozen=True, slots=True)
class Marking:
    """How people mark what no program can."""

    rubric: tuple[Criterion, ...] = ()
    guide: str = ""
    """Rich text for those who mark, never for learners."""
    double: bool = False
    """Whether two people mark it, each without seeing the other's mark."""
    difference: Fraction = Fraction(1, 10)
    """By how much of full marks two may differ before a third decides."""

    @classmethod
    def parse(cls, spec: Spec) -> Self:
        return cls(
            rubric_in(spec),
            text_in(spec, "guide", ""),
            switch_in(spec, "double", False),
            share_of(spec.get("difference", "1/10")),
        )

    def stored(self) -> dict[str, Any]:
        return without_defaults(
            rubric=[criterion.stored() for criterion in self.rubric],
            guide=self.guide,
            double=self.double,
            difference=str(self.difference) if self.double else "",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Essay(Framed):
    """A response is text, or ``{"text": …, "files": [asset ids]}`` with files."""

    kind: ClassVar[str] = "essay"
    by_hand: ClassVar[bool] = True

    marking: Marking = field(default_factory=Marking)
    input: str = "plain"
    lines: int = 15
    template: str = ""
    """Rich text that stands in the field at the start."""
    fewest_words: int = 0
    most_words: int = 0
    """0 for no limit."""
    most_files: int = 0
    fewest_files: int = 0
    file_types: tuple[str, ...] = ()

    @classmethod
    def parse(cls, spec: Spec) -> Self:
        most_files = count_in(spec, "most_files", 0, most=MOST_FILES)
        return cls(
            **frame_in(spec),
            marking=Marking.parse(spec),
            input=word_in(spec, "input", INPUTS, "plain"),
            lines=count_in(spec, "lines", 15, least=1, most=100),
            template=text_in(spec, "template", ""),
            fewest_words=count_in(spec, "fewest_words", 0, most=MOST_WORDS),
            most_words=count_in(spec, "most_words", 0, most=MOST_WORDS),
            most_files=most_files,
            fewest_files=count_in(spec, "fewest_files", 0, most=most_files),
            file_types=file_types_in(spec),
        )

    def stored(self) -> dict[str, Any]:
        return (
            self.framed()
            | {"input": self.input, "lines": self.lines}
            | self.marking.stored()
            | without_defaults(
                template=self.template,
                fewest_words=self.fewest_words,
                most_words=self.most_words,
                most_files=self.most_files,
                fewest_files=self.fewest_files,
                file_types=list(self.file_types),
            )
        )

    def grade(self, response: Response) -> Score:
        """A blank essay earns nothing; any other waits for people."""
        if self.is_blank(response) or not self.accepts(response):
            return WRONG
        return UNGRADED

    def text(self, response: Response) -> str:
        said = response.get("text", "") if isinstance(response, dict) else response
        return said if isinstance(said, str) else ""

    def files(self, response: Response) -> list[int]:
        found = response.get("files", []) if isinstance(response, dict) else []
        return found if isinstance(found, list) else []

    def words(self, response: Response) -> int:
        return len(self.text(response).split())

    def accepts(self, response: Response) -> bool:
        if isinstance(response, dict):
            return (
                response.keys() <= {"text", "files"}
                and is_writing(response.get("text", ""))
                and are_files(response.get("files", []), self.most_files)
            )
        return is_writing(response)

    def is_blank(self, response: Response) -> bool:
        return not self.text(response).strip() and not self.files(response)

    def from_form(self, values: Sequence[str]) -> Response:
        """Read the text, and behind it ``files=id`` for each file."""
        text, files = "", list(values)
        if files and self.input != "none":
            text = files.pop(0).strip()
        ids = [asset_id(one.removeprefix("files=")) for one in files]
        return {"text": text, "files": ids} if ids else text or None

    def key(self) -> None:
        """There is no right response, only a guide for those who mark."""
        return


MOST_FILES = 20
LONGEST_TYPE = 20
LONGEST_ID = 9
"""Digits."""

MOST_TYPES = 30


def file_types_in(spec: Spec) -> tuple[str, ...]:
    """Read endings such as ``.pdf``; an empty list allows what media allow."""
    types = spec.get("file_types", [])
    if not isinstance(types, list) or len(types) > MOST_TYPES:
        raise ValueError("'file_types' lists endings")
    for one in types:
        if not isinstance(one, str) or not 1 < len(one) <= LONGEST_TYPE:
            raise ValueError("an ending is short")
        if not one.startswith(".") or not one[1:].isalnum():
            raise ValueError("an ending looks like '.pdf'")
    return tuple(types)


def asset_id(word: str) -> Any:
    """Return the id that a form sends; what is none stays as it is, to be refused."""
    is_id = word.isascii() and word.isdigit() and len(word) <= LONGEST_ID
    return int(word) if is_id else word


def are_files(files: Any, most: int) -> bool:
    """Say whether these are ids of assets, each once, no more than allowed."""
    return (
        isinstance(files, list)
        and len(files) <= most
        and all(type(one) is int and 0 < one < 2**31 for one in files)
        and len(set(files)) == len(files)
    )


def is_writing(text: Any) -> bool:
    """Say whether a person could have written this, in lines and paragraphs."""
    if not isinstance(text, str) or len(text) > LONGEST_ESSAY:
        return False
    return all(c in SEEN or unicodedata.category(c) not in ("Cc", "Cs") for c in text)
