"""Parsers: what stands in a cell becomes a value, or a reason why not."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from lms.kernel import personal_number
from lms.kernel.spreadsheets.sheets import BadCell, Cell, CellRefusal, Parser
from lms.kernel.vietnamese import fold

_DAY = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})", re.ASCII)
_ISO_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})", re.ASCII)
_THOUSANDS = re.compile(r"-?\d{1,3}(\.\d{3})+", re.ASCII)


def as_text(cell: Cell) -> str:
    """Return what a person reads in the cell; a whole number has no point."""
    if isinstance(cell, bool):
        return "1" if cell else "0"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, date):
        return cell.strftime("%d/%m/%Y")
    return unicodedata.normalize("NFC", " ".join(cell.split()))


def text(longest: int) -> Parser:
    """Any words on one line."""

    def parse(cell: Cell) -> str:
        words = as_text(cell)
        if len(words) > longest:
            raise BadCell(CellRefusal.TOO_LONG, longest=longest)
        if any(unicodedata.category(letter) in ("Cc", "Cf", "Cs") for letter in words):
            raise BadCell(CellRefusal.UNPRINTABLE)
        return words

    return parse


def name(longest: int = 120) -> Parser:
    """A person's name: letters, in NFC, single blanks."""
    words_of = text(longest)

    def parse(cell: Cell) -> str:
        words: str = words_of(cell)
        if not isinstance(cell, str) or not any(map(str.isalpha, words)):
            raise BadCell(CellRefusal.NAME)
        if any(not (letter.isalpha() or letter in " .'’-") for letter in words):
            raise BadCell(CellRefusal.NAME)
        return words

    return parse


def code(longest: int = 40) -> Parser:
    """A code of letters, digits, dots, dashes, slashes and underscores."""
    words_of = text(longest)

    def parse(cell: Cell) -> str:
        words: str = words_of(cell)
        if not re.fullmatch(r"[\w./-]+", words):
            raise BadCell(CellRefusal.CODE)
        return words

    return parse


def whole(low: int, high: int) -> Parser:
    """A whole number within bounds; 1.234 is one thousand, as people write it."""

    def parse(cell: Cell) -> int:
        found = decimal(Decimal(low), Decimal(high))(cell)
        if found != found.to_integral_value():
            raise BadCell(CellRefusal.NUMBER)
        return int(found)

    return parse


def decimal(low: Decimal, high: Decimal, places: int = 4) -> Parser:
    """A number within bounds, with a comma (or a point) before its decimals."""

    def parse(cell: Cell) -> Decimal:
        if isinstance(cell, bool | date):
            raise BadCell(CellRefusal.NUMBER)
        words = as_text(cell).replace(" ", "")
        if isinstance(cell, str) and _THOUSANDS.fullmatch(words.partition(",")[0]):
            words = words.replace(".", "")
        try:
            found = Decimal(words.replace(",", "."))
        except InvalidOperation:
            raise BadCell(CellRefusal.NUMBER) from None
        if not found.is_finite():
            raise BadCell(CellRefusal.NUMBER)
        if not low <= found <= high:
            raise BadCell(CellRefusal.NUMBER_RANGE, low=low, high=high)
        return found.quantize(Decimal(1).scaleb(-places)).normalize() + 0

    return parse


def day(low: date = date(1900, 1, 1), high: date = date(2100, 12, 31)) -> Parser:
    """A day as people type it: an Excel date, 5/9/2010 (or - or .), 2010-09-05."""

    def parse(cell: Cell) -> date:
        found = _day_in(cell)
        if not low <= found <= high:
            raise BadCell(CellRefusal.DAY_RANGE, low=as_text(low), high=as_text(high))
        return found

    return parse


def _day_in(cell: Cell) -> date:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    if not isinstance(cell, str):
        raise BadCell(CellRefusal.DAY_AS_NUMBER)
    words = as_text(cell).replace(" ", "")
    if re.fullmatch(r"\d{1,2}[/.-]\d{1,2}[/.-]\d{2}", words):
        raise BadCell(CellRefusal.DAY_YEAR)
    typed, iso = _DAY.fullmatch(words), _ISO_DAY.fullmatch(words)
    try:
        if typed:
            return date(int(typed[3]), int(typed[2]), int(typed[1]))
        if iso:
            return date(int(iso[1]), int(iso[2]), int(iso[3]))
    except ValueError:
        pass
    raise BadCell(CellRefusal.DAY)


def choice(words: Mapping[str, Any]) -> Parser:
    """One of some words, written in any case, with or without accents."""
    by_fold = {fold(word): value for word, value in words.items()}

    def parse(cell: Cell) -> Any:
        found = fold(as_text(cell))
        if found not in by_fold:
            raise BadCell(CellRefusal.CHOICE, words=", ".join(words))
        return by_fold[found]

    return parse


def number_of_person(*, invented: bool = False) -> Parser:
    """The 12-digit personal number, typed as text; see ``kernel.personal_number``."""

    def parse(cell: Cell) -> str:
        if not isinstance(cell, str):
            # Excel has dropped the zeros at the front of a number.
            raise BadCell(CellRefusal.DIGITS_LOST)
        found = personal_number.read(as_text(cell))
        if refusal := personal_number.number_refusal(found, invented=invented):
            raise BadCell(refusal)
        return found

    return parse


def phone() -> Parser:
    """A Vietnamese telephone number, as 0905123456."""

    def parse(cell: Cell) -> str:
        if not isinstance(cell, str):
            raise BadCell(CellRefusal.DIGITS_LOST)
        digits = re.sub(r"[\s.()-]", "", as_text(cell)).replace("+84", "0", 1)
        if not re.fullmatch(r"0[0-9]{8,10}", digits):
            raise BadCell(CellRefusal.PHONE)
        return digits

    return parse


def email() -> Parser:
    def parse(cell: Cell) -> str:
        words = as_text(cell)
        if not re.fullmatch(r"[^\s@,;<>]{1,64}@[\w-]+(\.[\w-]+)+", words, re.ASCII):
            raise BadCell(CellRefusal.EMAIL)
        return words.lower()

    return parse
