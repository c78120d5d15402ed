"""Reading the stored form of an item, piece by piece: each is checked or refused."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, TypeVar

from courses.items.numbers import number_of
from courses.items.rules import Spec

FEWEST_OPTIONS, MOST_OPTIONS = 2, 40
MOST_PARTS = 60
LONGEST_TEXT = 60_000
LONGEST_OPTION_ID = 64
LONGEST_LABEL = 500
LONGEST_CARRIED = 20_000
T = TypeVar("T")
NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}")
"""Ids of options and parts: they stand in names of form fields and in passages."""

SHARE = re.compile(r"-?[0-9]{1,9}(?:/[0-9]{1,9}|\.[0-9]{1,12})?")


@dataclass(frozen=True, slots=True)
class Option:
    """Something to pick.  Its id stays with it in whatever order it is shown."""

    id: str
    text: str
    feedback: str = ""
    """Rich text for whoever picks it."""
    share: Fraction | None = None
    """What picking it gives, from -1 to 1; none where the key alone decides."""
    fixed: bool = False
    """Stays in its place when the others are shuffled: "Cả ba phương án trên"."""

    def stored(self) -> dict[str, Any]:
        return {"id": self.id, "text": self.text} | without_defaults(
            feedback=self.feedback,
            share=None if self.share is None else str(self.share),
            fixed=self.fixed,
        )


def without_defaults(**values: Any) -> dict[str, Any]:
    """Leave out what says nothing, so that a stored form holds only what was said."""
    return {name: value for name, value in values.items() if value}


def stem_in(spec: Spec) -> str:
    """Read what is asked; ValueError if nothing is."""
    stem = text_in(spec, "stem")
    if not stem.strip():
        raise ValueError("an item asks something in 'stem'")
    return stem


def text_in(spec: Spec, name: str, default: str | None = None) -> str:
    """Read a text; without a default it must be there."""
    value = spec.get(name, default)
    if not isinstance(value, str) or len(value) > LONGEST_TEXT:
        raise ValueError(f"{name!r} is a text of at most {LONGEST_TEXT} characters")
    return value


def label_in(spec: Spec, name: str, default: str | None = None) -> str:
    """Read a short plain text on one line."""
    value = text_in(spec, name, default)
    if len(value) > LONGEST_LABEL or any(c < " " for c in value):
        raise ValueError(f"{name!r} is one line of at most {LONGEST_LABEL} characters")
    return value


def switch_in(spec: Spec, name: str, default: bool) -> bool:
    value = spec.get(name, default)
    if not isinstance(value, bool):
        raise ValueError(f"{name!r} is true or false")
    return value


def count_in(spec: Spec, name: str, default: int, *, most: int, least: int = 0) -> int:
    value = spec.get(name, default)
    # A bool is an int in Python, and no number here.
    if type(value) is not int or not least <= value <= most:
        raise ValueError(f"{name!r} is a whole number from {least} to {most}")
    return value


def word_in(spec: Spec, name: str, words: Sequence[str], default: str) -> str:
    """Read one of *words*."""
    value = spec.get(name, default)
    if not isinstance(value, str) or value not in words:
        raise ValueError(f"{name!r} is one of {', '.join(words)}")
    return value


def share_of(value: Any, *, least: int = 0, most: int = 1) -> Fraction:
    """Read a share such as ``"1/3"``, ``"-0.25"`` or ``1``: an exact fraction."""
    if type(value) is int:
        value = str(value)
    if not isinstance(value, str) or not SHARE.fullmatch(value):
        raise ValueError(f"{value!r} is no share")
    try:
        share = Fraction(value)
    except ZeroDivisionError:
        raise ValueError("nothing is shared by nought") from None
    if not least <= share <= most:
        raise ValueError(f"a share lies from {least} to {most}")
    return share


def number_in(spec: Spec, name: str) -> Any:
    """Read a decimal number kept as text; returns a Decimal."""
    found = number_of(spec.get(name))
    if found is None:
        raise ValueError(f"{name!r} is a decimal number")
    return found


def name_in(spec: Spec, name: str = "id") -> str:
    value = spec.get(name)
    if not isinstance(value, str) or not NAME.fullmatch(value):
        raise ValueError(f"{name!r} is a name of letters and digits")
    return value


def names_in(spec: Spec, name: str, known: Sequence[str]) -> tuple[str, ...]:
    """Read a list of ids, each a known one and there once."""
    value = spec.get(name)
    if not isinstance(value, list) or any(one not in known for one in value):
        raise ValueError(f"{name!r} lists ids that are there")
    if len(set(value)) < len(value):
        raise ValueError(f"{name!r} names one twice")
    return tuple(value)


def list_in(
    spec: Spec,
    name: str,
    read: Callable[[Mapping[str, Any]], T],
    *,
    least: int = 0,
    most: int = MOST_PARTS,
) -> tuple[T, ...]:
    """Read a list of things, each by *read*; without it the list is empty."""
    given = spec.get(name, [])
    if not isinstance(given, list) or not least <= len(given) <= most:
        raise ValueError(f"{name!r} lists {least} to {most}")
    if not all(isinstance(one, dict) for one in given):
        raise ValueError(f"{name!r} lists things with names for their parts")
    return tuple(read(one) for one in given)


def dict_in(spec: Spec, name: str) -> Mapping[str, Any]:
    """Read a small mapping; without it an empty one."""
    value = spec.get(name, {})
    if not isinstance(value, dict) or len(value) > MOST_PARTS * MOST_OPTIONS:
        raise ValueError(f"{name!r} is a mapping")
    return value


def carried_in(spec: Spec) -> dict[str, Any]:
    """Read what another program's file said that means nothing here.

    It is kept so that it can be given back, and is never shown.
    """
    carried = dict(dict_in(spec, "carried"))
    try:
        size = len(json.dumps(carried, allow_nan=False))
    except (TypeError, ValueError, RecursionError):
        raise ValueError("'carried' is plain JSON") from None
    if size > LONGEST_CARRIED:
        raise ValueError(f"'carried' holds at most {LONGEST_CARRIED} characters")
    return carried


def options_in(
    spec: Spec, name: str = "options", *, least: int = FEWEST_OPTIONS
) -> tuple[Option, ...]:
    """Read options with texts and with ids of their own."""
    options = list_in(spec, name, _option, least=least, most=MOST_OPTIONS)
    all_different([option.id for option in options], name)
    return options


def all_different(ids: Sequence[str], name: str) -> None:
    if len(set(ids)) < len(ids):
        raise ValueError(f"two of {name!r} have the same id")


def _option(given: Mapping[str, Any]) -> Option:
    key, text = given.get("id"), given.get("text")
    if not isinstance(key, str) or not NAME.fullmatch(key):
        raise ValueError("the id of an option is a short text")
    if not isinstance(text, str) or not text.strip() or len(text) > LONGEST_TEXT:
        raise ValueError(f"option {key!r} has no text")
    share = given.get("share")
    return Option(
        key,
        text,
        text_in(given, "feedback", ""),
        None if share is None else share_of(share, least=-1),
        switch_in(given, "fixed", False),
    )


def put_in_order(options: Sequence[Option], order: Sequence[str]) -> tuple[Option, ...]:
    """Return the options in this order of ids; ValueError unless it names each once.

    Fixed ones keep their places; the others fill what is left in that order.
    """
    by_id = {option.id: option for option in options}
    if sorted(by_id) != sorted(order):
        raise ValueError("the order names other options")
    loose = iter([by_id[key] for key in order if not by_id[key].fixed])
    return tuple(one if one.fixed else next(loose) for one in options)


def parts_of(values: Sequence[str]) -> dict[str, list[str]]:
    """Take apart what a form sends for a response of several parts.

    The part *b* of question 3 is the field ``response-3-b``; it arrives as ``b=value``.
    """
    found: dict[str, list[str]] = {}
    for value in values:
        part, _equals, said = value.partition("=")
        found.setdefault(part, []).append(said)
    return found


def filled_parts(values: Sequence[str]) -> dict[str, str] | None:
    """Return the last word of each part that was filled in; None if none was."""
    said = {part: words[-1].strip() for part, words in parts_of(values).items()}
    return {part: word for part, word in said.items() if word} or None
