"""The units that the plan names, and the district's communes and town."""

from dataclasses import dataclass
from pathlib import Path

from courses.demo.fields import Fields, load
from courses.demo.reading import CONTENT
from lms.units.models import Unit
from lms.units.services import add_unit, unit_by_code


@dataclass(frozen=True, slots=True)
class UnitText:
    code: str
    name: str
    kind: str
    parent: str
    """The code of the unit above; empty for the district itself."""


def read_units(folder: Path = CONTENT) -> tuple[UnitText, ...]:
    """Read the units, each after the one above it."""
    fields = load(folder / "units.toml")
    units: dict[str, UnitText] = {}
    for one in fields.tables("units"):
        unit = _unit(one)
        if unit.code in units:
            raise one.error("code", f"{unit.code!r} stands twice")
        if unit.parent and unit.parent not in units:
            raise one.error("parent", f"{unit.parent!r} does not stand before it")
        units[unit.code] = unit
    fields.done()
    return tuple(units.values())


def _unit(fields: Fields) -> UnitText:
    unit = UnitText(
        code=fields.text("code", 40),
        name=fields.text("name", 200),
        kind=fields.text("kind", 40),
        parent=fields.text("parent", 40, ""),
    )
    fields.done()
    return unit


def fill_units(texts: tuple[UnitText, ...]) -> dict[str, Unit]:
    """Add the units that are not there yet; return all of them by code."""
    units: dict[str, Unit] = {}
    for text in texts:
        units[text.code] = unit_by_code(text.code) or add_unit(
            text.code, text.name, text.kind, units.get(text.parent)
        )
    return units
