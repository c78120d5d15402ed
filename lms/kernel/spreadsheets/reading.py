"""Reading an .xlsx that a stranger sends: looked at first, then read by calamine."""

import re
import zipfile
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from io import BytesIO
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

from lms.kernel.errors import Refused
from lms.kernel.spreadsheets.cells import as_text
from lms.kernel.spreadsheets.sheets import (
    BadCell,
    Cell,
    CellRefusal,
    Column,
    Row,
    Sheet,
    SheetRefusal,
    Wrong,
)
from lms.kernel.vietnamese import fold

MOST_ROWS = 20_000
MOST_COLUMNS = 100
LONGEST_CELL = 4_000
HEADINGS_WITHIN = 10
"""The headings stand in one of the first rows, below a title or not."""

MOST_PARTS = 200
MOST_BYTES = 80_000_000
"""Of all that a file holds when it is opened; ten thousand rows take about five."""

_CHUNK = 1 << 16
_OVERLAP = 32
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
"""The first bytes of an .xls, and of an .xlsx behind a password."""

_FORMULA = re.compile(rb"<(?:\w{1,20}:)?f[\s/>]")
_SHEET_PART = re.compile(r"xl/worksheets/[^/]+\.xml", re.IGNORECASE)
_PROGRAM_PART = re.compile(
    r"vbaProject|activeX|macrosheets|externalLinks", re.IGNORECASE
)
STEP = 500
"""Rows between two looks at how far the reading is."""

Progress = Callable[[int, int], None]


def inspect(content: bytes) -> None:
    """Refuse what is no plain .xlsx, before anything else opens it.

    Every part is unpacked to the end, a chunk at a time, so that sizes written into
    the archive need not be believed.
    """
    if content.startswith(_OLD_EXCEL):
        raise Refused(SheetRefusal.OLD_EXCEL)
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            _inspect_parts(archive)
    except (zipfile.BadZipFile, EOFError, NotImplementedError, ValueError) as error:
        is_zip = content.startswith(b"PK")
        word = SheetRefusal.BROKEN if is_zip else SheetRefusal.NOT_EXCEL
        raise Refused(word) from error
    except RuntimeError as error:  # zipfile: the part is encrypted
        raise Refused(SheetRefusal.PASSWORD) from error


def _inspect_parts(archive: zipfile.ZipFile) -> None:
    names = archive.namelist()
    if "xl/workbook.xml" not in names:
        raise Refused(SheetRefusal.NOT_EXCEL)
    if any(_PROGRAM_PART.search(name) for name in names):
        raise Refused(SheetRefusal.MACROS)
    if len(names) > MOST_PARTS or len(set(names)) < len(names):
        raise Refused(SheetRefusal.BOMB)
    if sum(part.file_size for part in archive.infolist()) > MOST_BYTES:
        raise Refused(SheetRefusal.BOMB)
    room = MOST_BYTES
    for part in archive.infolist():
        room -= _inspect_part(archive, part, room)


def _inspect_part(archive: zipfile.ZipFile, part: zipfile.ZipInfo, room: int) -> int:
    """Unpack a part and look through it; return its size."""
    size, tail = 0, b""
    with archive.open(part) as stream:
        while chunk := stream.read(_CHUNK):
            size += len(chunk)
            if size > room:
                raise Refused(SheetRefusal.BOMB)
            seen, tail = tail + chunk, chunk[-_OVERLAP:]
            if part.filename.endswith((".xml", ".rels")) and b"<!DOCTYPE" in seen:
                raise Refused(SheetRefusal.BROKEN)
            if _SHEET_PART.fullmatch(part.filename) and _FORMULA.search(seen):
                raise Refused(SheetRefusal.FORMULAS)
    return size


def read(sheet: Sheet, content: bytes, progress: Progress | None = None) -> list[Row]:
    """Read the first page of the file, or raise Refused with a SheetRefusal.

    Bad cells are no reason to refuse: they stand in their row's ``errors``.
    *progress* is told how many rows are read, and of how many.
    """
    inspect(content)
    grid = _grid(content)
    top, columns = _headings(sheet, grid[:HEADINGS_WITHIN])
    filled = [
        (number, cells)
        for number, cells in enumerate(grid[top + 1 :], top + 2)
        if any(cell not in ("", None) for cell in cells)
    ]
    if not filled:
        raise Refused(SheetRefusal.EMPTY)
    if len(filled) > MOST_ROWS:
        raise Refused(SheetRefusal.TOO_MANY_ROWS)
    rows = []
    for done, (number, cells) in enumerate(filled):
        if progress and done % STEP == 0:
            progress(done, len(filled))
        rows.append(_row(sheet, columns, number, cells))
    for key in sheet.unique:
        _refuse_doubles(rows, key)
    return rows


def _grid(content: bytes) -> list[list[Any]]:
    try:
        book = CalamineWorkbook.from_filelike(BytesIO(content))
        page = book.get_sheet_by_index(0)
        if page.total_width > MOST_COLUMNS and page.width > MOST_COLUMNS:
            raise Refused(SheetRefusal.HEADINGS)
        # Rows above the first filled one count, as they do in Excel's margin.
        grid: list[list[Any]] = page.to_python(skip_empty_area=False)
    except (CalamineError, OSError, ValueError, IndexError) as error:
        raise Refused(SheetRefusal.BROKEN) from error
    return grid


def _headings(
    sheet: Sheet, first_rows: Sequence[Sequence[Any]]
) -> tuple[int, dict[str, int]]:
    """Return the number of the row of headings, and each column's place in it."""
    wanted = {_plain(column.title): column.key for column in sheet.columns}
    best: tuple[int, dict[str, int]] = (0, {})
    for number, cells in enumerate(first_rows):
        found: dict[str, int] = {}
        for place, cell in enumerate(cells[:MOST_COLUMNS]):
            key = wanted.get(_plain(as_text(cell))) if isinstance(cell, str) else None
            if key:
                found.setdefault(key, place)
        if len(found) > len(best[1]):
            best = number, found
    if any(c.required and c.key not in best[1] for c in sheet.columns):
        raise Refused(SheetRefusal.HEADINGS)
    return best


def _plain(heading: str) -> str:
    """Headings are the same whatever their accents, stars and notes in brackets."""
    return fold(re.sub(r"\(.*?\)|\*", " ", heading))


def _row(
    sheet: Sheet, columns: dict[str, int], number: int, cells: Sequence[Any]
) -> Row:
    row = Row(number, dict.fromkeys(c.key for c in sheet.columns))
    for column in sheet.columns:
        place = columns.get(column.key)
        cell = cells[place] if place is not None and place < len(cells) else ""
        _take(row, column, _cell(cell))
    return row


def _cell(cell: Any) -> Cell:
    if isinstance(cell, str):
        return cell[: LONGEST_CELL + 1].strip()
    if isinstance(cell, bool | float | date | datetime):
        return cell
    return "" if cell is None else str(cell)


def _take(row: Row, column: Column, cell: Cell) -> None:
    row.shown[column.key] = as_text(cell)[:LONGEST_CELL]
    if cell == "":
        if column.required:
            row.refuse(column.key, CellRefusal.MISSING)
        return
    try:
        row.values[column.key] = column.parse(cell)
    except BadCell as bad:
        row.errors[column.key] = bad.wrong


def _refuse_doubles(rows: Iterable[Row], key: str) -> None:
    """Mark a value that stood in a row before, and name that row."""
    first: dict[Any, int] = {}
    for row in rows:
        value = row.values[key]
        if value is None:
            continue
        if value in first:
            row.errors.setdefault(
                key, Wrong(CellRefusal.TWICE, {"number": first[value]})
            )
        else:
            first[value] = row.number
