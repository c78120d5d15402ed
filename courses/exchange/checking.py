"""Reading a file the whole way: also whether the bank would take what was found."""

from dataclasses import replace
from typing import Any

from courses.exchange.formats import read
from courses.exchange.pictures import Lookup, nothing
from courses.exchange.rules import Found, NotFound, Reading, Trouble
from courses.items.texts import washed
from courses.items.types import parse


def checked_reading(
    content: bytes, where: str = "1", lookup: Lookup = nothing
) -> Reading:
    """Read a file and judge each item as the bank will, or raise NotTaken."""
    reading = read(content, where, lookup)
    return replace(reading, items=tuple(_checked(one) for one in reading.items))


def _checked(item: Found | NotFound) -> Found | NotFound:
    if isinstance(item, NotFound):
        return item
    try:
        return replace(item, spec=_as_kept(item.spec))
    except ValueError as problem:
        return NotFound(
            where=item.where,
            trouble=Trouble.NOT_FITTING,
            detail=str(problem),
            title=item.title,
            sketch=item.spec,
            topic=item.topic,
            level=item.level,
            pictures=item.pictures,
        )


def _as_kept(spec: dict[str, Any]) -> dict[str, Any]:
    """Return the form that is stored; ValueError where cleaning leaves no item."""
    stored = washed(parse(spec).stored())
    return parse(stored).stored()
