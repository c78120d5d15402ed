"""A learner's responses, as scripts and forms send them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from courses.items.sheets import values_in
from courses.quizzes.rules.attempts import Save, SheetLine
from courses.quizzes.rules.certainty import CERTAINTIES

HIGHEST_POSITION = 1000
SEQUENCE = "sequence-"
FORM_WRITER = "form"
"""The writer of pages without scripts; all of a learner's are one."""
HIGHEST_SEQUENCE = 2**31 - 1
"""What the database's whole numbers hold."""


def whole_number(text: str) -> int | None:
    """Read a whole number that any database holds; None if it is none."""
    return int(text) if re.fullmatch("[0-9]{1,9}", text) else None


@dataclass(frozen=True, slots=True)
class SaveForm:
    """One response as the script sends it."""

    position: int
    save: Save
    writer: str

    @classmethod
    def read(cls, body: Any) -> Self | None:
        """Return the save, or None if the body is none.

        The shape of the value itself is judged by the item's type.
        """
        if not isinstance(body, dict) or "value" not in body:
            return None
        position = _count(body.get("position"), HIGHEST_POSITION)
        sequence = _count(body.get("sequence"), HIGHEST_SEQUENCE)
        flagged = body.get("flagged", False)
        if position is None or sequence is None or not isinstance(flagged, bool):
            return None
        certainty = _count(body.get("certainty"), max(CERTAINTIES))
        return cls(
            position,
            Save(sequence, body["value"], flagged, certainty),
            read_writer(body.get("writer")),
        )


def read_writer(word: Any) -> str:
    """Read which window speaks; what names none is the page without scripts."""
    if isinstance(word, str) and re.fullmatch(r"[A-Za-z0-9-]{1,40}", word):
        return word
    return FORM_WRITER


def _count(value: Any, highest: int) -> int | None:
    # A bool is an int in Python, and no number here.
    return value if type(value) is int and 1 <= value <= highest else None


def read_sheet(form: Any) -> Mapping[int, SheetLine]:
    """Read the responses of a whole form, by position; what is no line is left out."""
    return {
        position: SheetLine(
            values=values_in(form, position),
            flagged=f"flag-{position}" in form,
            sequence=sequence,
            certainty=_certainty(form.get(f"certainty-{position}", "")),
        )
        for position, sequence in _sequences(form)
    }


def _certainty(text: str) -> int | None:
    return _count(whole_number(text), max(CERTAINTIES))


def _sequences(form: Any) -> list[tuple[int, int]]:
    found = []
    for name in form:
        if not name.startswith(SEQUENCE):
            continue
        position = whole_number(name.removeprefix(SEQUENCE))
        sequence = whole_number(form[name])
        if position is not None and sequence is not None:
            found.append((position, sequence))
    return found


def read_order(body: Any) -> list[int] | None:
    """Read ``{"order": ["12", "9", …]}``, the ids that a sortable list sends."""
    order = body.get("order") if isinstance(body, dict) else None
    if not isinstance(order, list):
        return None
    numbers = [whole_number(str(one)) for one in order]
    return None if None in numbers else [n for n in numbers if n is not None]
