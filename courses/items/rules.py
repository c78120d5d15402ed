"""What every item type must offer, and the score it gives."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar, Protocol, Self

Spec = Mapping[str, Any]
Response = Any


@dataclass(frozen=True, slots=True)
class Score:
    """A share of full marks, exact; ``None`` while a human must decide.

    From 0 to 1; below nought, to -1, only where an author gave an option a negative
    share of its own.
    """

    share: Fraction | None

    def points(self, worth: Fraction) -> Fraction | None:
        return None if self.share is None else self.share * worth


RIGHT = Score(Fraction(1))
WRONG = Score(Fraction(0))
UNGRADED = Score(None)


class Item(Protocol):
    """One question.  A new item type is one class like this and one template.

    Where a response has several parts (rows, gaps, statements), the part *b* of
    question 3 is the form field ``response-3-b``, and reaches ``from_form`` as
    ``b=value``; the others send ``response-3``.
    """

    kind: ClassVar[str]
    is_graded: ClassVar[bool]
    """False for what asks nothing and stands at no points."""
    by_hand: ClassVar[bool]
    """Whether a person must decide about a response that is not blank."""
    always_shuffled: ClassVar[bool]
    """Whether attempts order ``option_ids`` anew even if a quiz shuffles none."""

    @property
    def stem(self) -> str:
        """What is asked; rich text."""

    @property
    def explanation(self) -> str:
        """Why the right response is right; rich text, shown in the review."""

    @classmethod
    def parse(cls, spec: Spec) -> Self:
        """Build the item from its stored form; raise ValueError where it is wrong."""

    def stored(self) -> dict[str, Any]:
        """Return the stored form; ``parse(stored())`` gives the item back."""

    def remarks(self, response: Response) -> tuple[str, ...]:
        """Return rich texts said to whoever responded so, beside the explanation."""

    def grade(self, response: Response) -> Score:
        """Score a learner's response; a response of the wrong shape is WRONG."""

    def accepts(self, response: Response) -> bool:
        """Say whether this is the shape of a response, right or wrong."""

    def from_form(self, values: Sequence[str]) -> Response:
        """Build a response from what an HTML form sends; None where it sends none."""

    def is_blank(self, response: Response) -> bool:
        """Say whether the learner has left it unanswered."""

    def shuffled(self, order: Sequence[str]) -> Self:
        """Return the item with its options in this order (of option ids)."""

    @property
    def option_ids(self) -> tuple[str, ...]:
        """What may be shuffled; empty where nothing may."""

    def key(self) -> Any:
        """Return the right response, for the review."""
