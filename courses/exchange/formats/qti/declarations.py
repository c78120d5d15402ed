"""What an item declares: its responses with their keys and mappings, its outcomes."""

from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from courses.exchange.formats.qti.values import Value, alike, of, read
from courses.exchange.rules import NotTaken, Trouble
from courses.exchange.xml import Element, child, children, text_of

Numbers = tuple[Fraction, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """One key of a mapping, and what it gives."""

    key: Any
    gives: Fraction
    case_sensitive: bool = True


@dataclass(frozen=True, slots=True)
class Mapping:
    entries: tuple[Entry, ...]
    default: Fraction = Fraction(0)
    low: Fraction | None = None
    high: Fraction | None = None

    def of(self, value: Value) -> Fraction:
        """Map a response: each different value once, then bounded."""
        seen: list[Any] = []
        total = Fraction(0)
        for item in value.items:
            if any(alike(item, one, value.base) for one in seen):
                continue
            seen.append(item)
            total += self._of_one(item, value.base)
        return self._within(total)

    def _of_one(self, item: Any, base: str) -> Fraction:
        for entry in self.entries:
            if alike(item, entry.key, base):
                return entry.gives
        for entry in self.entries:
            loose = not entry.case_sensitive and isinstance(item, str)
            if loose and item.casefold() == entry.key.casefold():
                return entry.gives
        return self.default

    def _within(self, total: Fraction) -> Fraction:
        if self.low is not None:
            total = max(total, self.low)
        return total if self.high is None else min(total, self.high)


@dataclass(frozen=True, slots=True)
class Area:
    shape: str
    coords: Numbers
    gives: Fraction

    def holds(self, point: tuple[Fraction, Fraction]) -> bool:
        return in_shape(self.shape, self.coords, point)


@dataclass(frozen=True, slots=True)
class AreaMapping:
    areas: tuple[Area, ...]
    bounds: Mapping

    def of(self, value: Value) -> Fraction:
        """Map points: each area counts once, points beside them all the default."""
        total, used = Fraction(0), set()
        for point in value.items:
            hit = [
                number
                for number, area in enumerate(self.areas)
                if number not in used and area.holds(point)
            ]
            if hit:
                used.add(hit[0])
                total += self.areas[hit[0]].gives
            elif not any(area.holds(point) for area in self.areas):
                total += self.bounds.default
        return self.bounds._within(total)


@dataclass(frozen=True, slots=True)
class Declaration:
    identifier: str
    base: str
    cardinality: str
    correct: Value
    default: Value
    mapping: Mapping | None = None
    areas: AreaMapping | None = None
    table: Callable[[Fraction], Value] | None = None
    attributes: dict[str, str] = field(default_factory=dict)

    def value(self, texts: list[str]) -> Value:
        return of(self.base, self.cardinality, texts)

    @property
    def null(self) -> Value:
        return Value(self.base, self.cardinality)


def declared(item: Element, name: str) -> dict[str, Declaration]:
    """Read all declarations of one sort, by identifier."""
    found = [_declaration(one) for one in children(item, name)]
    return {one.identifier: one for one in found}


def _declaration(element: Element) -> Declaration:
    base = element.get("baseType", "identifier")
    cardinality = element.get("cardinality", "single")
    mapping, areas = child(element, "mapping"), child(element, "areaMapping")
    return Declaration(
        element.get("identifier", "").strip(),
        base,
        cardinality,
        _values(child(element, "correctResponse"), base, cardinality),
        _values(child(element, "defaultValue"), base, cardinality),
        None if mapping is None else _mapping(mapping, base),
        None if areas is None else _area_mapping(areas),
        _table(element, base),
        {str(name): str(value) for name, value in element.attrib.items()},
    )


def _values(element: Element | None, base: str, cardinality: str) -> Value:
    if element is None or cardinality == "record":
        return Value(base, cardinality)
    texts = [text_of(value) for value in children(element, "value")]
    # A value that is left empty is none; TAO writes them so.
    kept = [text for text in texts if text.strip()]
    return of(base, cardinality, kept)


def _bounds(element: Element) -> tuple[Fraction, Fraction | None, Fraction | None]:
    low, high = element.get("lowerBound"), element.get("upperBound")
    return (
        read("float", element.get("defaultValue") or "0"),
        None if not low else read("float", low),
        None if not high else read("float", high),
    )


def _mapping(element: Element, base: str) -> Mapping:
    entries = tuple(
        Entry(
            read(base, entry.get("mapKey", "")),
            read("float", entry.get("mappedValue") or "0"),
            entry.get("caseSensitive", "true").lower() != "false",
        )
        for entry in children(element, "mapEntry")
    )
    return Mapping(entries, *_bounds(element))


def _area_mapping(element: Element) -> AreaMapping:
    areas = tuple(
        Area(
            entry.get("shape", "default"),
            coords_of(entry.get("coords", "")),
            read("float", entry.get("mappedValue") or "0"),
        )
        for entry in children(element, "areaMapEntry")
    )
    return AreaMapping(areas, Mapping((), *_bounds(element)))


def coords_of(text: str) -> Numbers:
    words = text.replace(" ", ",").split(",")
    if any("%" in word for word in words):
        raise NotTaken(Trouble.WRONG_NUMBER, text)
    return tuple(read("float", word) for word in words if word.strip())


def _table(element: Element, base: str) -> Callable[[Fraction], Value] | None:
    """Read a lookup table: exact for integers, by steps for the interpolation kind."""
    exact, steps = child(element, "matchTable"), child(element, "interpolationTable")
    found = exact if exact is not None else steps
    if found is None:
        return None
    rows = [
        (
            read("float", row.get("sourceValue") or "0"),
            of(base, "single", [row.get("targetValue", "")]),
            row.get("includeBoundary", "true").lower() != "false",
        )
        for row in children(found, "matchTableEntry", "interpolationTableEntry")
    ]
    default = found.get("defaultValue")
    other = of(base, "single", [default] if default else [])

    def looked_up(source: Fraction) -> Value:
        for value, target, included in rows:
            if exact is not None and source == value:
                return target
            if exact is None and (source > value or (included and source == value)):
                return target
        return other

    return looked_up


def in_shape(shape: str, coords: Numbers, point: tuple[Fraction, Fraction]) -> bool:
    """Say whether a point lies in a shape of HTML's kind, or on its edge."""
    x, y = point
    if shape == "default":
        return True
    if shape == "rect" and len(coords) == 4:  # noqa: PLR2004
        return coords[0] <= x <= coords[2] and coords[1] <= y <= coords[3]
    if shape == "circle" and len(coords) == 3:  # noqa: PLR2004
        return (x - coords[0]) ** 2 + (y - coords[1]) ** 2 <= coords[2] ** 2
    if shape == "ellipse" and len(coords) == 4 and all(coords[2:]):  # noqa: PLR2004
        across, down = (x - coords[0]) / coords[2], (y - coords[1]) / coords[3]
        return across**2 + down**2 <= 1
    if shape == "poly":
        return _in_polygon(list(zip(coords[::2], coords[1::2], strict=False)), point)
    return False


def _in_polygon(
    corners: list[tuple[Fraction, Fraction]], point: tuple[Fraction, Fraction]
) -> bool:
    x, y = point
    inside = False
    for (ax, ay), (bx, by) in zip(corners, corners[1:] + corners[:1], strict=True):
        if (ay > y) != (by > y) and x < (bx - ax) * (y - ay) / (by - ay) + ax:
            inside = not inside
    return inside
