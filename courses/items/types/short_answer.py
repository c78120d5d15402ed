"""Write a few words; each accepted wording gives a share, some all of it."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache
from typing import Any, ClassVar, Self

from courses.items.rules import WRONG, Response, Score, Spec
from courses.items.types.framing import Framed, frame_in
from courses.items.types.reading import (
    list_in,
    share_of,
    switch_in,
    text_in,
    without_defaults,
)
from lms.kernel.vietnamese import fold

LONGEST_RESPONSE = 500
MOST_ACCEPTED = 60
STAR = re.compile(r"\\\*|\*")
ANY = "\ue000"
"""Stands for a star while a wording is made comparable; it is no letter of anybody."""


@dataclass(frozen=True, slots=True)
class Wording:
    """One wording that is looked for, and what it gives."""

    pattern: str
    share: Fraction = Fraction(1)
    feedback: str = ""

    @classmethod
    def parse(cls, spec: Spec) -> Self:
        pattern = text_in(spec, "pattern")
        if not is_typed(pattern) or not pattern.strip():
            raise ValueError("every accepted response is a line of text")
        share = share_of(spec.get("share", 1))
        return cls(pattern, share, text_in(spec, "feedback", ""))

    def stored(self) -> dict[str, Any]:
        return {"pattern": self.pattern, "share": str(self.share)} | without_defaults(
            feedback=self.feedback
        )

    @property
    def is_plain(self) -> bool:
        return self.share == 1 and not self.feedback


@dataclass(frozen=True, slots=True)
class Comparing:
    """How closely what was typed must agree with a wording."""

    ignore_case: bool = True
    ignore_accents: bool = False
    """Also takes ``dinh danh`` for ``định danh``, and then never minds the case."""
    wildcards: bool = False
    r"""Whether ``*`` stands for any letters in a wording; ``\*`` is the star itself."""

    @classmethod
    def parse(cls, spec: Spec) -> Self:
        return cls(
            switch_in(spec, "ignore_case", True),
            switch_in(spec, "ignore_accents", False),
            switch_in(spec, "wildcards", False),
        )

    def stored(self) -> dict[str, Any]:
        return {
            "ignore_case": self.ignore_case,
            "ignore_accents": self.ignore_accents,
        } | without_defaults(wildcards=self.wildcards)

    def plain(self, text: str) -> str:
        """Ignore spaces, how a keyboard composes accents, and a final stop."""
        words = unicodedata.normalize("NFKC", text).split()
        plain = " ".join(words).rstrip(". ")
        if self.ignore_accents:
            return fold(plain)
        return plain.casefold() if self.ignore_case else plain

    def agrees(self, typed: str, wording: str) -> bool:
        if not self.wildcards:
            return self.plain(typed) == self.plain(wording)
        marked = STAR.sub(lambda star: "*" if star[0] != "*" else ANY, wording)
        return _matches(self.plain(typed), tuple(self.plain(marked).split(ANY)))


@lru_cache(maxsize=512)
def _matches(typed: str, pieces: tuple[str, ...]) -> bool:
    """Look for the pieces one after the other: never slower than the text is long."""
    if len(pieces) == 1:
        return typed == pieces[0]
    first, *middle, last = pieces
    if not typed.startswith(first):
        return False
    place = len(first)
    for piece in middle:
        found = typed.find(piece, place)
        if found < 0:
            return False
        place = found + len(piece)
    return len(typed) - len(last) >= place and typed.endswith(last)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShortAnswer(Framed):
    """Stored with ``accepted`` (a list of texts) while all of them give full marks
    and say nothing; otherwise with ``answers``, of which the first that agrees counts.
    """

    kind: ClassVar[str] = "short_answer"

    answers: tuple[Wording, ...]
    comparing: Comparing = field(default_factory=Comparing)

    @classmethod
    def parse(cls, spec: Spec) -> Self:
        answers = wordings_in(spec)
        if not any(answer.share == 1 for answer in answers):
            raise ValueError("one of the answers gives full marks")
        return cls(**frame_in(spec), answers=answers, comparing=Comparing.parse(spec))

    def stored(self) -> dict[str, Any]:
        return self.framed() | stored_wordings(self.answers) | self.comparing.stored()

    @property
    def accepted(self) -> tuple[str, ...]:
        """The wordings that give full marks."""
        return tuple(one.pattern for one in self.answers if one.share == 1)

    @property
    def ignore_case(self) -> bool:
        return self.comparing.ignore_case

    @property
    def ignore_accents(self) -> bool:
        return self.comparing.ignore_accents

    def agreed(self, response: Response) -> Wording | None:
        """Return the first wording that the response agrees with."""
        if not self.accepts(response):
            return None
        return first_that_agrees(self.answers, self.comparing, response)

    def grade(self, response: Response) -> Score:
        found = self.agreed(response)
        return Score(found.share) if found else WRONG

    def remarks(self, response: Response) -> tuple[str, ...]:
        found = self.agreed(response)
        own = found.feedback if found else ""
        general = self.outcome.of(self.grade(response))
        return tuple(text for text in (own, general) if text.strip())

    def accepts(self, response: Response) -> bool:
        return is_typed(response)

    def is_blank(self, response: Response) -> bool:
        return not isinstance(response, str) or not response.strip()

    def from_form(self, values: Sequence[str]) -> Response:
        return (values[0].strip() or None) if values else None

    def key(self) -> list[str]:
        return list(self.accepted)


def first_that_agrees(
    answers: Sequence[Wording], comparing: Comparing, typed: str
) -> Wording | None:
    if not comparing.plain(typed):
        return None
    return next((one for one in answers if comparing.agrees(typed, one.pattern)), None)


def wordings_in(spec: Spec) -> tuple[Wording, ...]:
    """Read ``answers``, or the short form ``accepted`` of plain texts."""
    if "answers" in spec:
        return list_in(spec, "answers", Wording.parse, least=1, most=MOST_ACCEPTED)
    accepted = spec.get("accepted")
    if not isinstance(accepted, list) or not 0 < len(accepted) <= MOST_ACCEPTED:
        raise ValueError(f"'accepted' is a list of 1 to {MOST_ACCEPTED} texts")
    return tuple(Wording.parse({"pattern": text}) for text in accepted)


def stored_wordings(answers: Sequence[Wording]) -> dict[str, Any]:
    if all(answer.is_plain for answer in answers):
        return {"accepted": [answer.pattern for answer in answers]}
    return {"answers": [answer.stored() for answer in answers]}


def is_typed(text: Any) -> bool:
    """Say whether this is a line that a person could have typed.

    Control characters and lone surrogates come from no keyboard, and no database
    keeps them.
    """
    if not isinstance(text, str) or len(text) > LONGEST_RESPONSE:
        return False
    return not any(unicodedata.category(c) in ("Cc", "Cs") for c in text)
