"""Reading the stored form of an item, piece by piece: each is checked or refused."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from courses.items.rules import Spec

FEWEST_OPTIONS, MOST_OPTIONS = 2, 12
LONGEST_TEXT = 20_000
LONGEST_OPTION_ID = 20


@dataclass(frozen=True, slots=True)
class Option:
    """Something to pick.  Its id stays with it in whatever order it is shown."""

    id: str
    text: str

    def stored(self) -> dict[str, str]:
        return {"id": self.id, "text": self.text}


def stem_in(spec: Spec) -> str:
    """Read what is asked; ValueError if nothing is."""
    stem = text_in(spec, "stem")
    if not stem.strip():
        raise ValueError("an item asks something in 'stem'")
    return stem


def explanation_in(spec: Spec) -> str:
    return text_in(spec, "explanation") if "explanation" in spec else ""


def text_in(spec: Spec, name: str) -> str:
    value = spec.get(name)
    if not isinstance(value, str) or len(value) > LONGEST_TEXT:
        raise ValueError(f"{name!r} is a text of at most {LONGEST_TEXT} characters")
    return value


def switch_in(spec: Spec, name: str, default: bool) -> bool:
    value = spec.get(name, default)
    if not isinstance(value, bool):
        raise ValueError(f"{name!r} is true or false")
    return value


def options_in(spec: Spec) -> tuple[Option, ...]:
    """Read at least two options with texts and with ids of their own."""
    given = spec.get("options")
    if not isinstance(given, list) or not _is_choice(given):
        raise ValueError(f"'options' lists {FEWEST_OPTIONS} to {MOST_OPTIONS}")
    options = tuple(_option(one) for one in given)
    if len({option.id for option in options}) < len(options):
        raise ValueError("two options have the same id")
    return options


def _is_choice(given: list[Any]) -> bool:
    return FEWEST_OPTIONS <= len(given) <= MOST_OPTIONS


def _option(given: Any) -> Option:
    if not isinstance(given, dict):
        raise ValueError("an option has an 'id' and a 'text'")
    key, text = given.get("id"), given.get("text")
    if not isinstance(key, str) or not 0 < len(key) <= LONGEST_OPTION_ID:
        raise ValueError("the id of an option is a short text")
    if not isinstance(text, str) or not text.strip() or len(text) > LONGEST_TEXT:
        raise ValueError(f"option {key!r} has no text")
    return Option(key, text)


def put_in_order(options: Sequence[Option], order: Sequence[str]) -> tuple[Option, ...]:
    """Return the options in this order of ids; ValueError unless it names each once."""
    by_id = {option.id: option for option in options}
    if sorted(by_id) != sorted(order):
        raise ValueError("the order names other options")
    return tuple(by_id[key] for key in order)
