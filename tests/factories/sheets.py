"""Excel files as people make them."""

from collections.abc import Sequence
from datetime import date
from io import BytesIO
from typing import Any

from xlsxwriter import Workbook


def xlsx(headings: Sequence[str], *rows: Sequence[Any], above: int = 0) -> bytes:
    """Return a file with these rows; days as Excel days, numbers as numbers."""
    out = BytesIO()
    book = Workbook(out, {"in_memory": True, "strings_to_formulas": False})
    page = book.add_worksheet()
    day = book.add_format({"num_format": "dd/mm/yyyy"})
    for number, row in enumerate([headings, *rows], above):
        for place, value in enumerate(row):
            if isinstance(value, date):
                page.write_datetime(number, place, value, day)
            elif isinstance(value, int | float):
                page.write_number(number, place, value)
            elif value:
                page.write_string(number, place, value)
    book.close()
    return out.getvalue()


def with_formula(headings: Sequence[str]) -> bytes:
    out = BytesIO()
    book = Workbook(out, {"in_memory": True})
    page = book.add_worksheet()
    for place, heading in enumerate(headings):
        page.write_string(0, place, heading)
        page.write_formula(1, place, '=HYPERLINK("https://x.example/","An")')
    book.close()
    return out.getvalue()
