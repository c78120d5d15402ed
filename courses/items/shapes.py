"""Areas on a picture: rectangles, circles and polygons, in its own pixels."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

SHAPES = ("rectangle", "circle", "polygon")
MOST_CORNERS = 60
FARTHEST = 20_000
Point = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Shape:
    """A rectangle is left, top, right, bottom; a circle is x, y, radius; a polygon is
    x, y of each corner."""

    shape: str
    coords: tuple[int, ...]

    @classmethod
    def parse(cls, spec: Mapping[str, Any]) -> Self:
        shape, coords = spec.get("shape"), spec.get("coords")
        if shape not in SHAPES:
            raise ValueError(f"'shape' is one of {', '.join(SHAPES)}")
        if not isinstance(coords, list) or not all(_is_pixel(one) for one in coords):
            raise ValueError("'coords' lists whole pixels")
        if not _fits(str(shape), coords):
            raise ValueError(f"these are no coordinates of a {shape}")
        return cls(str(shape), tuple(coords))

    def stored(self) -> dict[str, Any]:
        return {"shape": self.shape, "coords": list(self.coords)}

    def holds(self, point: Point) -> bool:
        """Say whether the point lies inside, or on the edge."""
        x, y = point
        if self.shape == "rectangle":
            left, top, right, bottom = self.coords
            return left <= x <= right and top <= y <= bottom
        if self.shape == "circle":
            middle_x, middle_y, radius = self.coords
            return (x - middle_x) ** 2 + (y - middle_y) ** 2 <= radius**2
        return _in_polygon(self.corners, point)

    @property
    def corners(self) -> list[Point]:
        return list(zip(self.coords[::2], self.coords[1::2], strict=True))

    @property
    def middle(self) -> Point:
        """A point inside, for the key: for a polygon one that really is inside."""
        if self.shape == "rectangle":
            left, top, right, bottom = self.coords
            return (left + right) // 2, (top + bottom) // 2
        if self.shape == "circle":
            return self.coords[0], self.coords[1]
        xs, ys = zip(*self.corners, strict=True)
        centre = sum(xs) // len(xs), sum(ys) // len(ys)
        return centre if self.holds(centre) else self.corners[0]


def _is_pixel(value: Any) -> bool:
    return type(value) is int and -FARTHEST <= value <= FARTHEST


def _fits(shape: str, coords: Sequence[int]) -> bool:
    if shape == "rectangle":
        return len(coords) == 4 and coords[0] < coords[2] and coords[1] < coords[3]  # noqa: PLR2004
    if shape == "circle":
        return len(coords) == 3 and coords[2] > 0  # noqa: PLR2004
    return len(coords) % 2 == 0 and 3 <= len(coords) // 2 <= MOST_CORNERS  # noqa: PLR2004


def _in_polygon(corners: Sequence[Point], point: Point) -> bool:
    """Count how often a ray to the right crosses an edge; all in whole numbers."""
    x, y = point
    inside = False
    for (ax, ay), (bx, by) in zip(corners, [*corners[1:], corners[0]], strict=True):
        across = (bx - ax) * (y - ay) - (by - ay) * (x - ax)
        between = min(ax, bx) <= x <= max(ax, bx) and min(ay, by) <= y <= max(ay, by)
        if across == 0 and between:
            return True
        if (ay > y) != (by > y) and (across > 0) == (by > ay):
            inside = not inside
    return inside
