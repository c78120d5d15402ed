"""Write a few words."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from courses.items.rules import RIGHT, WRONG, Response, Score, Spec
from courses.items.types.reading import explanation_in, stem_in, switch_in
from lms.kernel.vietnamese import fold

LONGEST_RESPONSE = 500
MOST_ACCEPTED = 20


@dataclass(frozen=True, slots=True)
class ShortAnswer:
    kind: ClassVar[str] = "short_answer"

    stem: str
    accepted: tuple[str, ...]
    explanation: str
    ignore_case: bool = True
    ignore_accents: bool = False
    """Also takes ``dinh danh`` for ``định danh``, and then never minds the case."""

    @classmethod
    def parse(cls, spec: Spec) -> Self:
        accepted = spec.get("accepted")
        if not isinstance(accepted, list) or not 0 < len(accepted) <= MOST_ACCEPTED:
            raise ValueError(f"'accepted' is a list of 1 to {MOST_ACCEPTED} texts")
        if not all(is_typed(text) and text.strip() for text in accepted):
            raise ValueError("every accepted response is a line of text")
        return cls(
            stem_in(spec),
            tuple(accepted),
            explanation_in(spec),
            switch_in(spec, "ignore_case", True),
            switch_in(spec, "ignore_accents", False),
        )

    def stored(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "stem": self.stem,
            "accepted": list(self.accepted),
            "ignore_case": self.ignore_case,
            "ignore_accents": self.ignore_accents,
            "explanation": self.explanation,
        }

    @property
    def option_ids(self) -> tuple[str, ...]:
        return ()

    def grade(self, response: Response) -> Score:
        if not self.accepts(response):
            return WRONG
        given = self._compared(response)
        right = any(given == self._compared(text) for text in self.accepted)
        return RIGHT if right else WRONG

    def _compared(self, text: str) -> str:
        """Ignore spaces, how a keyboard composes accents, and a final stop."""
        words = unicodedata.normalize("NFKC", text).split()
        plain = " ".join(words).rstrip(". ")
        if self.ignore_accents:
            return fold(plain)
        return plain.casefold() if self.ignore_case else plain

    def accepts(self, response: Response) -> bool:
        return is_typed(response)

    def is_blank(self, response: Response) -> bool:
        return not isinstance(response, str) or not response.strip()

    def from_form(self, values: Sequence[str]) -> Response:
        return (values[0].strip() or None) if values else None

    def shuffled(self, order: Sequence[str]) -> Self:
        if order:
            raise ValueError("there are no options to put in order")
        return self

    def key(self) -> list[str]:
        return list(self.accepted)


def is_typed(text: Any) -> bool:
    """Say whether this is a line that a person could have typed.

    Control characters and lone surrogates come from no keyboard, and no database
    keeps them.
    """
    if not isinstance(text, str) or len(text) > LONGEST_RESPONSE:
        return False
    return not any(unicodedata.category(c) in ("Cc", "Cs") for c in text)
