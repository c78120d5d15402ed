"""Writing .xlsx: the template of a sheet, and any list as a file.

What is written as text stays text: a name that begins with ``=`` is no formula when
somebody opens the file.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any

from xlsxwriter import Workbook

from lms.kernel.clock import DISTRICT_TIME
from lms.kernel.spreadsheets.sheets import Column, Sheet

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
HELP_PAGE = "Hướng dẫn"
LONGEST_PAGE_NAME = 31
_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "nan_inf_to_errors": False,
}
HEADING = {"bold": True, "bg_color": "#DCE6F5", "border": 1, "text_wrap": True}


def template(sheet: Sheet, rows: Iterable[Sequence[Any]] = ()) -> bytes:
    """Return the file that people fill in; *rows* are those it is filled with.

    Every cell is formatted as text, so that Excel drops no zeros and turns no day.
    """
    out = BytesIO()
    book = Workbook(out, _OPTIONS)
    page = book.add_worksheet(_page_name(sheet.title))
    _headings(book, page, sheet.columns)
    as_typed = book.add_format({"num_format": "@"})
    for place, column in enumerate(sheet.columns):
        page.set_column(place, place, column.width, as_typed)
    for number, row in enumerate(rows, 1):
        for place, value in enumerate(row):
            page.write_string(number, place, typed(value), as_typed)
    _help(book, sheet)
    book.close()
    return out.getvalue()


def write(
    title: str, columns: Sequence[tuple[str, int]], rows: Iterable[Sequence[Any]]
) -> bytes:
    """Return a list as a file: days as days, numbers as numbers, the rest as text.

    *columns* are pairs of a heading and a width in characters.
    """
    out = BytesIO()
    book = Workbook(out, _OPTIONS)
    page = book.add_worksheet(_page_name(title))
    head = book.add_format(HEADING)
    day = book.add_format({"num_format": "dd/mm/yyyy"})
    moment = book.add_format({"num_format": "dd/mm/yyyy hh:mm"})
    for place, (heading, width) in enumerate(columns):
        page.write_string(0, place, heading, head)
        page.set_column(place, place, width)
    page.freeze_panes(1, 0)
    for number, row in enumerate(rows, 1):
        for place, value in enumerate(row):
            if isinstance(value, datetime):
                local = value.astimezone(DISTRICT_TIME).replace(tzinfo=None)
                page.write_datetime(number, place, local, moment)
            elif isinstance(value, date):
                page.write_datetime(number, place, value, day)
            elif isinstance(value, int | float | Decimal) and not isinstance(
                value, bool
            ):
                page.write_number(number, place, value)
            else:
                page.write_string(number, place, typed(value))
    book.close()
    return out.getvalue()


def typed(value: Any) -> str:
    """Return a value as people would type it into the template."""
    if value is None:
        return ""
    if isinstance(value, date):
        return value.strftime("%d/%m/%Y")
    if isinstance(value, Decimal | float):
        return str(value).replace(".", ",")
    return str(value)


def _headings(book: Any, page: Any, columns: Sequence[Column]) -> None:
    head = book.add_format(HEADING)
    for place, column in enumerate(columns):
        star = " *" if column.required else ""
        page.write_string(0, place, column.title + star, head)
        if column.help:
            page.write_comment(0, place, column.help, {"x_scale": 2})
    page.freeze_panes(1, 0)


def _help(book: Any, sheet: Sheet) -> None:
    page = book.add_worksheet(HELP_PAGE)
    head, wrapped = book.add_format(HEADING), book.add_format({"text_wrap": True})
    for place, (heading, width) in enumerate(
        (("Cột", 28), ("Bắt buộc", 12), ("Cách điền", 70), ("Ví dụ", 28))
    ):
        page.write_string(0, place, heading, head)
        page.set_column(place, place, width, wrapped)
    for number, column in enumerate(sheet.columns, 1):
        must = "có" if column.required else "không"
        for place, words in enumerate(
            (column.title, must, column.help, column.example)
        ):
            page.write_string(number, place, words, wrapped)
    if sheet.help:
        page.write_string(len(sheet.columns) + 2, 0, sheet.help)


def _page_name(title: str) -> str:
    """Excel takes 31 characters, and not every one."""
    kept = "".join(letter for letter in title if letter not in "[]:*?/\\'")
    return kept[:LONGEST_PAGE_NAME] or "Danh sách"
