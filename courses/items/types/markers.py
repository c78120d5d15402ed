"""Set markers onto a picture whose zones are not shown."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar, Self

from courses.items.rules import WRONG, Response, Score, Spec
from courses.items.shapes import Point, Shape
from courses.items.types.framing import Framed, frame_in
from courses.items.types.hotspot import Picture
from courses.items.types.reading import (
    MOST_OPTIONS,
    MOST_PARTS,
    all_different,
    count_in,
    dict_in,
    label_in,
    list_in,
    name_in,
    share_of,
    switch_in,
    without_defaults,
)

MOST_USES = 10


@dataclass(frozen=True, slots=True)
class Marker:
    """A pin with a name; it may be set *uses* times."""

    id: str
    label: str
    uses: int = 1

    @classmethod
    def parse(cls, spec: Spec) -> Self:
        label = label_in(spec, "label")
        if not label.strip():
            raise ValueError("a marker has a 'label'")
        return cls(
            name_in(spec), label, count_in(spec, "uses", 1, least=1, most=MOST_USES)
        )

    def stored(self) -> dict[str, Any]:
        return {"id": self.id, "label": self.label, "uses": self.uses}


@dataclass(frozen=True, slots=True)
class Target:
    """Where a marker belongs, and what it gives there; None for an equal part."""

    id: str
    shape: Shape
    marker: str
    share: Fraction | None = None

    def stored(self) -> dict[str, Any]:
        return {
            "id": self.id,
            **self.shape.stored(),
            "marker": self.marker,
        } | without_defaults(share=None if self.share is None else str(self.share))


@dataclass(frozen=True, slots=True, kw_only=True)
class Markers(Framed):
    """A response is ``{marker: [[x, y], …]}`` in pixels of the picture.

    Each target is met once; a marker set beside every target takes nothing off, but no
    marker can be set oftener than its uses.
    """

    kind: ClassVar[str] = "markers"

    picture: Picture
    markers: tuple[Marker, ...]
    targets: tuple[Target, ...]
    whole: bool = False
    shows_misplaced: bool = False
    """Whether hints point out the markers that are set wrongly."""

    @classmethod
    def parse(cls, spec: Spec) -> Self:
        markers = list_in(spec, "markers", Marker.parse, least=1, most=MOST_OPTIONS)
        all_different([marker.id for marker in markers], "markers")
        known = {marker.id: marker.uses for marker in markers}
        targets = list_in(
            spec, "targets", lambda one: _target(one, known), least=1, most=MOST_PARTS
        )
        all_different([target.id for target in targets], "targets")
        owners = [target.marker for target in targets]
        if any(owners.count(key) > uses for key, uses in known.items()):
            raise ValueError("a marker may be set as often as it has targets")
        return cls(
            **frame_in(spec),
            picture=Picture.parse(dict_in(spec, "picture")),
            markers=markers,
            targets=targets,
            whole=switch_in(spec, "whole", False),
            shows_misplaced=switch_in(spec, "shows_misplaced", False),
        )

    def stored(self) -> dict[str, Any]:
        return (
            self.framed()
            | {
                "picture": self.picture.stored(),
                "markers": [marker.stored() for marker in self.markers],
                "targets": [target.stored() for target in self.targets],
            }
            | without_defaults(whole=self.whole, shows_misplaced=self.shows_misplaced)
        )

    def marker(self, key: str) -> Marker:
        return next(marker for marker in self.markers if marker.id == key)

    def met(self, response: Response) -> list[Target]:
        """Return the targets that a marker of theirs was set on, each point once."""
        found = []
        points = {key: list(map(tuple, said)) for key, said in response.items()}
        for target in self.targets:
            own: list[Point] = points.get(target.marker, [])
            hit = next((point for point in own if target.shape.holds(point)), None)
            if hit is not None:
                own.remove(hit)
                found.append(target)
        return found

    def grade(self, response: Response) -> Score:
        if not self.accepts(response):
            return WRONG
        met = self.met(response)
        equal = Fraction(1, len(self.targets))
        earned = sum(
            (equal if one.share is None else one.share for one in met), Fraction(0)
        )
        if self.whole:
            return Score(Fraction(len(met) == len(self.targets)))
        return Score(min(max(earned, Fraction(0)), Fraction(1)))

    def accepts(self, response: Response) -> bool:
        uses = {marker.id: marker.uses for marker in self.markers}
        return isinstance(response, dict) and all(
            key in uses
            and isinstance(said, list)
            and len(said) <= uses[key]
            and all(self._is_point(point) for point in said)
            for key, said in response.items()
        )

    def _is_point(self, point: Any) -> bool:
        return (
            isinstance(point, list)
            and len(point) == 2  # noqa: PLR2004 -- x and y
            and all(type(one) is int for one in point)
            and 0 <= point[0] <= self.picture.width
            and 0 <= point[1] <= self.picture.height
        )

    def is_blank(self, response: Response) -> bool:
        return not isinstance(response, dict) or not any(response.values())

    def from_form(self, values: Sequence[str]) -> Response:
        """Read ``marker=x,y`` for each point; what is left empty is no point."""
        found: dict[str, list[Any]] = {}
        for value in values:
            key, _equals, said = value.partition("=")
            if said.strip(" ,"):
                found.setdefault(key, []).append(_point(said))
        return found or None

    def key(self) -> dict[str, list[list[int]]]:
        said: dict[str, list[list[int]]] = {}
        for target in self.targets:
            said.setdefault(target.marker, []).append(list(target.shape.middle))
        return said


def _point(said: str) -> list[Any]:
    return [
        int(word) if word.isascii() and word.isdigit() and len(word) < 6 else word  # noqa: PLR2004
        for word in (part.strip() for part in said.split(","))
    ]


def _target(given: Spec, markers: dict[str, int]) -> Target:
    marker = name_in(given, "marker")
    if marker not in markers:
        raise ValueError("'marker' names a marker that is there")
    share = given.get("share")
    return Target(
        name_in(given),
        Shape.parse(given),
        marker,
        None if share is None else share_of(share, least=-1),
    )
