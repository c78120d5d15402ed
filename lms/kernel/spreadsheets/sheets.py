"""The words of a sheet's description, and why a file or a cell is not taken."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from lms.kernel.errors import Refusal

Cell = str | float | bool | date
"""What stands in a cell; one that is empty is never asked."""

Parser = Callable[[Cell], Any]


class SheetRefusal(Refusal):
    """Why a whole file is not taken."""

    NOT_EXCEL = "sheet-not-excel"
    OLD_EXCEL = "sheet-old-excel"
    PASSWORD = "sheet-password"  # noqa: S105 -- says that the file has one
    MACROS = "sheet-macros"
    FORMULAS = "sheet-formulas"
    BOMB = "sheet-bomb"
    BROKEN = "sheet-broken"
    EMPTY = "sheet-empty"
    TOO_MANY_ROWS = "sheet-too-many-rows"
    HEADINGS = "sheet-headings"


class CellRefusal(Refusal):
    """Why a cell is not taken; some take a number or a list into their sentence."""

    MISSING = "cell-missing"
    TOO_LONG = "cell-too-long"
    UNPRINTABLE = "cell-unprintable"
    NOT_TEXT = "cell-not-text"
    NAME = "cell-name"
    NUMBER = "cell-number"
    NUMBER_RANGE = "cell-number-range"
    DAY = "cell-day"
    DAY_YEAR = "cell-day-year"
    DAY_AS_NUMBER = "cell-day-as-number"
    DAY_RANGE = "cell-day-range"
    CHOICE = "cell-choice"
    CODE = "cell-code"
    PHONE = "cell-phone"
    EMAIL = "cell-email"
    DIGITS_LOST = "cell-digits-lost"
    TWICE = "cell-twice"


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong with a cell: a word, and what its sentence speaks of."""

    reason: Refusal
    about: Mapping[str, Any] = field(default_factory=dict)


class BadCell(Exception):
    """A parser does not take a cell."""

    def __init__(self, reason: Refusal, **about: Any) -> None:
        super().__init__(reason.value)
        self.wrong = Wrong(reason, about)


@dataclass(frozen=True, slots=True)
class Column:
    key: str
    title: str
    parse: Parser
    required: bool = False
    help: str = ""
    example: str = ""
    width: int = 20


@dataclass(frozen=True, slots=True)
class Sheet:
    title: str
    """What the list is called: the name of the file and of its first page."""
    columns: tuple[Column, ...]
    unique: tuple[str, ...] = ()
    """Keys whose values may stand in one row only."""
    help: str = ""


@dataclass(slots=True)
class Row:
    """One row that was read.  ``values`` has every key: None if empty or bad."""

    number: int
    """As Excel counts them, so that people find it."""
    values: dict[str, Any]
    errors: dict[str, Wrong] = field(default_factory=dict)
    shown: dict[str, str] = field(default_factory=dict)
    """What stood in the cells, for people to read."""

    def refuse(self, key: str, reason: Refusal, **about: Any) -> None:
        """Mark a cell as wrong; the first reason is kept."""
        self.errors.setdefault(key, Wrong(reason, about))
