"""Point at the right areas of a picture."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar, Self

from courses.items.rules import WRONG, Response, Score, Spec
from courses.items.shapes import Shape
from courses.items.types.framing import Framed, frame_in
from courses.items.types.multiple_choice import SCORINGS as PICK_SCORINGS
from courses.items.types.multiple_choice import WEIGHTS
from courses.items.types.reading import (
    MOST_PARTS,
    all_different,
    count_in,
    dict_in,
    label_in,
    list_in,
    name_in,
    names_in,
    share_of,
    text_in,
    without_defaults,
    word_in,
)

LARGEST_SIDE = 20_000


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of our own media, with what it shows in words."""

    src: str
    width: int
    height: int
    alt: str = ""

    @classmethod
    def parse(cls, spec: Spec) -> Self:
        src = label_in(spec, "src")
        if not src.startswith("/") or src.startswith("//") or "\\" in src:
            raise ValueError("the picture lies in our own media")
        width, height = (
            count_in(spec, side, 0, least=1, most=LARGEST_SIDE)
            for side in ("width", "height")
        )
        return cls(src, width, height, label_in(spec, "alt", ""))

    def stored(self) -> dict[str, Any]:
        return {
            "src": self.src,
            "width": self.width,
            "height": self.height,
            "alt": self.alt,
        }


@dataclass(frozen=True, slots=True)
class Area:
    """A part of the picture.  Its label names it to who cannot see it."""

    id: str
    shape: Shape
    label: str = ""
    feedback: str = ""
    share: Fraction | None = None

    @classmethod
    def parse(cls, spec: Spec) -> Self:
        share = spec.get("share")
        return cls(
            name_in(spec),
            Shape.parse(spec),
            label_in(spec, "label", ""),
            text_in(spec, "feedback", ""),
            None if share is None else share_of(share, least=-1),
        )

    def stored(self) -> dict[str, Any]:
        return {"id": self.id, **self.shape.stored()} | without_defaults(
            label=self.label,
            feedback=self.feedback,
            share=None if self.share is None else str(self.share),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Hotspot(Framed):
    """A response is the list of the areas picked."""

    kind: ClassVar[str] = "hotspot"

    picture: Picture
    areas: tuple[Area, ...]
    correct: frozenset[str]
    most: int = 1
    """How many areas may be picked; 0 for as many as there are."""
    scoring: str = "whole"

    @classmethod
    def parse(cls, spec: Spec) -> Self:
        areas = list_in(spec, "areas", Area.parse, least=1, most=MOST_PARTS)
        all_different([area.id for area in areas], "areas")
        correct = names_in(spec, "correct", [area.id for area in areas])
        most = count_in(spec, "most", 1, most=len(areas))
        if not correct or (most and most < len(correct)):
            raise ValueError("'correct' lists areas, no more than may be picked")
        return cls(
            **frame_in(spec),
            picture=Picture.parse(dict_in(spec, "picture")),
            areas=areas,
            correct=frozenset(correct),
            most=most,
            scoring=word_in(spec, "scoring", [*PICK_SCORINGS, WEIGHTS], "whole"),
        )

    def stored(self) -> dict[str, Any]:
        return self.framed() | {
            "picture": self.picture.stored(),
            "areas": [area.stored() for area in self.areas],
            "correct": sorted(self.correct),
            "most": self.most,
            "scoring": self.scoring,
        }

    def grade(self, response: Response) -> Score:
        if not self.accepts(response) or not response:
            return WRONG
        picked = set(response)
        if self.scoring == WEIGHTS:
            shares = [area.share for area in self.areas if area.id in picked]
            earned = sum((share for share in shares if share), Fraction(0))
            return Score(min(max(earned, Fraction(0)), Fraction(1)))
        return Score(PICK_SCORINGS[self.scoring](picked, self.correct, len(self.areas)))

    def areas_at(self, x: int, y: int) -> list[str]:
        """Return the areas that hold this point of the picture."""
        return [area.id for area in self.areas if area.shape.holds((x, y))]

    def remarks(self, response: Response) -> tuple[str, ...]:
        picked = response if self.accepts(response) else []
        own = [area.feedback for area in self.areas if area.id in picked]
        general = self.outcome.of(self.grade(response))
        return tuple(text for text in (*own, general) if text.strip())

    def accepts(self, response: Response) -> bool:
        known = {area.id for area in self.areas}
        if not isinstance(response, list) or len(response) > (self.most or len(known)):
            return False
        return all(isinstance(key, str) and key in known for key in response) and (
            len(set(response)) == len(response)
        )

    def from_form(self, values: Sequence[str]) -> Response:
        return list(values) or None

    def key(self) -> list[str]:
        return sorted(self.correct)
