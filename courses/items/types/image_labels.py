"""Put labels onto the marked zones of a picture."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, ClassVar, Self

from courses.items.rules import WRONG, Response, Score, Spec
from courses.items.shapes import Shape
from courses.items.types.drag_words import Word
from courses.items.types.framing import Framed, frame_in
from courses.items.types.hotspot import Picture
from courses.items.types.reading import (
    MOST_OPTIONS,
    MOST_PARTS,
    all_different,
    dict_in,
    filled_parts,
    label_in,
    list_in,
    name_in,
    names_in,
    switch_in,
    without_defaults,
)


@dataclass(frozen=True, slots=True)
class Zone:
    id: str
    shape: Shape
    correct: tuple[str, ...]
    """The labels that are right here, any of them."""
    group: int = 1
    label: str = ""
    """Names the zone to who cannot see it."""

    def stored(self) -> dict[str, Any]:
        return {
            "id": self.id,
            **self.shape.stored(),
            "correct": list(self.correct),
            "group": self.group,
        } | without_defaults(label=self.label)


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageLabels(Framed):
    """A response is ``{zone: label}``.  Labels are words or pictures, as rich text."""

    kind: ClassVar[str] = "image_labels"

    picture: Picture
    labels: tuple[Word, ...]
    zones: tuple[Zone, ...]
    whole: bool = False
    shuffle: bool = True

    @classmethod
    def parse(cls, spec: Spec) -> Self:
        labels = list_in(spec, "labels", Word.parse, least=1, most=MOST_OPTIONS)
        all_different([label.id for label in labels], "labels")
        zones = list_in(
            spec, "zones", lambda one: _zone(one, labels), least=1, most=MOST_PARTS
        )
        all_different([zone.id for zone in zones], "zones")
        if not any(zone.correct for zone in zones):
            raise ValueError("some label is right in some zone")
        return cls(
            **frame_in(spec),
            picture=Picture.parse(dict_in(spec, "picture")),
            labels=labels,
            zones=zones,
            whole=switch_in(spec, "whole", False),
            shuffle=switch_in(spec, "shuffle", True),
        )

    def stored(self) -> dict[str, Any]:
        return (
            self.framed()
            | {
                "picture": self.picture.stored(),
                "labels": [label.stored() for label in self.labels],
                "zones": [zone.stored() for zone in self.zones],
                **({} if self.shuffle else {"shuffle": False}),
            }
            | without_defaults(whole=self.whole)
        )

    def label(self, key: str) -> Word:
        return next(label for label in self.labels if label.id == key)

    def labels_for(self, zone: Zone) -> tuple[Word, ...]:
        return tuple(label for label in self.labels if label.group == zone.group)

    def is_right(self, zone: Zone, response: Response) -> bool:
        said = response.get(zone.id) if isinstance(response, dict) else None
        return said in zone.correct

    def grade(self, response: Response) -> Score:
        if not self.accepts(response) or self._overused(response):
            return WRONG
        asked = [zone for zone in self.zones if zone.correct]
        share = Fraction(
            sum(self.is_right(zone, response) for zone in asked), len(asked)
        )
        return Score(Fraction(share == 1) if self.whole else share)

    def _overused(self, response: Mapping[str, str]) -> bool:
        used = list(response.values())
        return any(one.uses and used.count(one.id) > one.uses for one in self.labels)

    def accepts(self, response: Response) -> bool:
        zones = {zone.id for zone in self.zones}
        labels = {label.id for label in self.labels}
        return isinstance(response, dict) and all(
            key in zones and isinstance(said, str) and said in labels
            for key, said in response.items()
        )

    def from_form(self, values: Sequence[str]) -> Response:
        return filled_parts(values)

    @property
    def option_ids(self) -> tuple[str, ...]:
        return tuple(label.id for label in self.labels) if self.shuffle else ()

    def shuffled(self, order: Sequence[str]) -> Self:
        if not order and not self.shuffle:
            return self
        by_id = {label.id: label for label in self.labels}
        if sorted(by_id) != sorted(order):
            raise ValueError("the order names other options")
        return replace(self, labels=tuple(by_id[key] for key in order))

    def key(self) -> dict[str, str]:
        said: dict[str, str] = {}
        for zone in self.zones:
            used = list(said.values())
            free = [
                label.id
                for label in map(self.label, zone.correct)
                if not label.uses or used.count(label.id) < label.uses
            ]
            if zone.correct:
                said[zone.id] = [*free, zone.correct[0]][0]
        return said


def _zone(given: Spec, labels: Sequence[Word]) -> Zone:
    groups = {label.id: label.group for label in labels}
    correct = names_in(given, "correct", list(groups))
    group = {groups[key] for key in correct} or {given.get("group", 1)}
    if len(group) > 1 or not isinstance(number := group.pop(), int):
        raise ValueError("the labels of one zone are of one group")
    shape = Shape.parse(given)
    return Zone(name_in(given), shape, correct, number, label_in(given, "label", ""))
