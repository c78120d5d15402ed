"""What surrounds any question: its stem, explanation, feedback, hints and penalty."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, ClassVar, Self

from courses.items.rules import RIGHT, Response, Score, Spec
from courses.items.types.reading import (
    carried_in,
    dict_in,
    list_in,
    share_of,
    stem_in,
    switch_in,
    text_in,
    without_defaults,
)

MOST_HINTS = 10


@dataclass(frozen=True, slots=True)
class Outcome:
    """Rich text said to a learner by how well they did."""

    right: str = ""
    partly: str = ""
    wrong: str = ""
    counts: bool = False
    """Whether the learner is also told how many parts were right."""

    @classmethod
    def parse(cls, spec: Mapping[str, Any]) -> Self:
        return cls(
            text_in(spec, "right", ""),
            text_in(spec, "partly", ""),
            text_in(spec, "wrong", ""),
            switch_in(spec, "counts", False),
        )

    def stored(self) -> dict[str, Any]:
        return without_defaults(
            right=self.right, partly=self.partly, wrong=self.wrong, counts=self.counts
        )

    def of(self, score: Score) -> str:
        if score.share is None:
            return ""
        if score == RIGHT:
            return self.right
        return self.partly if score.share > 0 else self.wrong


@dataclass(frozen=True, slots=True)
class Hint:
    """Rich text for the next try after a wrong one, in order."""

    text: str
    counts: bool = False
    """Whether the learner is told how many parts are right so far."""
    clears: bool = False
    """Whether the wrong parts of the response are taken away."""

    @classmethod
    def parse(cls, spec: Mapping[str, Any]) -> Self:
        return cls(
            text_in(spec, "text", ""),
            switch_in(spec, "counts", False),
            switch_in(spec, "clears", False),
        )

    def stored(self) -> dict[str, Any]:
        return {"text": self.text} | without_defaults(
            counts=self.counts, clears=self.clears
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Framed:
    """The part that all item types share; each adds what it asks and how it grades."""

    kind: ClassVar[str]
    is_graded: ClassVar[bool] = True
    """False for what asks nothing and is worth nothing."""
    by_hand: ClassVar[bool] = False
    """Whether a person must decide about a response that is not blank."""
    always_shuffled: ClassVar[bool] = False
    """Whether ``option_ids`` are put in a new order in every attempt, wished or not."""

    stem: str
    explanation: str = ""
    outcome: Outcome = field(default_factory=Outcome)
    hints: tuple[Hint, ...] = ()
    penalty: Fraction = Fraction(0)
    """The share of full marks that each wrong try costs where several are allowed."""
    carried: dict[str, Any] = field(default_factory=dict)
    """What another program's file said that means nothing here, to be given back."""

    def framed(self) -> dict[str, Any]:
        """Return the stored form of this part."""
        return {
            "kind": self.kind,
            "stem": self.stem,
            "explanation": self.explanation,
        } | without_defaults(
            outcome=self.outcome.stored(),
            hints=[hint.stored() for hint in self.hints],
            penalty=str(self.penalty) if self.penalty else "",
            carried=self.carried,
        )

    def grade(self, response: Response) -> Score:
        raise NotImplementedError

    def remarks(self, response: Response) -> tuple[str, ...]:
        """Return the rich texts that are said to whoever responded so."""
        said = self.outcome.of(self.grade(response))
        return (said,) if said.strip() else ()

    def is_blank(self, response: Response) -> bool:
        return not response

    @property
    def option_ids(self) -> tuple[str, ...]:
        return ()

    def shuffled(self, order: Sequence[str]) -> Self:
        if order:
            raise ValueError("there are no options to put in order")
        return self


def frame_in(spec: Spec, *, may_be_bare: bool = False) -> dict[str, Any]:
    """Read the shared part, to be handed to an item's class.

    *may_be_bare* is for those that ask in a passage of their own.
    """
    return {
        "stem": text_in(spec, "stem", "") if may_be_bare else stem_in(spec),
        "explanation": text_in(spec, "explanation", ""),
        "outcome": Outcome.parse(dict_in(spec, "outcome")),
        "hints": list_in(spec, "hints", Hint.parse, most=MOST_HINTS),
        "penalty": share_of(spec.get("penalty", 0)),
        "carried": carried_in(spec),
    }
