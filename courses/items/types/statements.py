"""True or false, in several statements under one stem.

The school-leaving exam asks four of them since 2025 and scores them in steps.
Source: Decision 764/QD-BGDDT of 8 March 2024 on the format of the exam from 2025.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, ClassVar, Self

from courses.items.rules import WRONG, Response, Score, Spec
from courses.items.types.framing import Framed, frame_in
from courses.items.types.reading import (
    all_different,
    label_in,
    list_in,
    name_in,
    parts_of,
    stem_in,
    switch_in,
    text_in,
    without_defaults,
    word_in,
)
from courses.items.types.true_false import FORM_WORDS

MOST_STATEMENTS = 20
OF_THE_EXAM = 4
EXAM_STEPS = tuple(Fraction(step, 100) for step in (0, 10, 25, 50, 100))
"""By how many of the four are judged rightly: 0 - 0,1 - 0,25 - 0,5 - 1."""


def exam_2025(right: int, _of: int) -> Fraction:
    return EXAM_STEPS[right]


def each(right: int, of: int) -> Fraction:
    return Fraction(right, of)


def whole(right: int, of: int) -> Fraction:
    return Fraction(right == of)


def one_slip(right: int, of: int) -> Fraction:
    """Give half for one wrong judgement (the Kprime rule)."""
    return {0: Fraction(1), 1: Fraction(1, 2)}.get(of - right, Fraction(0))


SCORINGS: dict[str, Callable[[int, int], Fraction]] = {
    "exam_2025": exam_2025,
    "each": each,
    "whole": whole,
    "one_slip": one_slip,
}


@dataclass(frozen=True, slots=True)
class Statement:
    id: str
    text: str
    correct: bool
    feedback: str = ""

    @classmethod
    def parse(cls, spec: Spec) -> Self:
        if "correct" not in spec:
            raise ValueError("'correct' says whether the statement is true")
        text = stem_in({"stem": spec.get("text")})
        correct = switch_in(spec, "correct", False)
        return cls(name_in(spec), text, correct, text_in(spec, "feedback", ""))

    def stored(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "text": self.text,
            "correct": self.correct,
        } | without_defaults(feedback=self.feedback)


@dataclass(frozen=True, slots=True, kw_only=True)
class Statements(Framed):
    kind: ClassVar[str] = "statements"

    statements: tuple[Statement, ...]
    scoring: str = "exam_2025"
    true_word: str = ""
    """What stands for "Đúng", where it is another word."""
    false_word: str = ""
    shuffle: bool = True

    @classmethod
    def parse(cls, spec: Spec) -> Self:
        statements = list_in(
            spec, "statements", Statement.parse, least=1, most=MOST_STATEMENTS
        )
        all_different([one.id for one in statements], "statements")
        usual = "exam_2025" if len(statements) == OF_THE_EXAM else "each"
        scoring = word_in(spec, "scoring", list(SCORINGS), usual)
        if scoring == "exam_2025" and len(statements) != OF_THE_EXAM:
            raise ValueError("the exam of 2025 scores four statements")
        return cls(
            **frame_in(spec),
            statements=statements,
            scoring=scoring,
            true_word=label_in(spec, "true_word", ""),
            false_word=label_in(spec, "false_word", ""),
            shuffle=switch_in(spec, "shuffle", True),
        )

    def stored(self) -> dict[str, Any]:
        return (
            self.framed()
            | {
                "statements": [one.stored() for one in self.statements],
                "scoring": self.scoring,
                **({} if self.shuffle else {"shuffle": False}),
            }
            | without_defaults(true_word=self.true_word, false_word=self.false_word)
        )

    @property
    def option_ids(self) -> tuple[str, ...]:
        return tuple(one.id for one in self.statements) if self.shuffle else ()

    def grade(self, response: Response) -> Score:
        if not self.accepts(response) or not response:
            return WRONG
        right = sum(response.get(one.id) is one.correct for one in self.statements)
        return Score(SCORINGS[self.scoring](right, len(self.statements)))

    def accepts(self, response: Response) -> bool:
        """Take ``{statement id: true or false}``; some may be missing."""
        known = {one.id for one in self.statements}
        return isinstance(response, dict) and all(
            key in known and isinstance(said, bool) for key, said in response.items()
        )

    def from_form(self, values: Sequence[str]) -> Response:
        said = {part: words[-1] for part, words in parts_of(values).items()}
        return {key: FORM_WORDS.get(word, word) for key, word in said.items()} or None

    def shuffled(self, order: Sequence[str]) -> Self:
        if not order and not self.shuffle:
            return self
        by_id = {one.id: one for one in self.statements}
        if sorted(by_id) != sorted(order):
            raise ValueError("the order names other options")
        return replace(self, statements=tuple(by_id[key] for key in order))

    def key(self) -> dict[str, bool]:
        return {one.id: one.correct for one in self.statements}
