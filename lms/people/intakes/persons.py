"""Finding the people that the rows of a list speak of, in a few queries."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from lms.kernel.db import db
from lms.kernel.spreadsheets.cells import code, name, number_of_person
from lms.kernel.spreadsheets.sheets import Column, Row
from lms.kernel.vietnamese import fold
from lms.people.models import Account
from lms.people.rules import PersonRefusal

CHUNK = 500
"""How many values one query is asked for at a time."""


@dataclass(frozen=True, slots=True)
class Who:
    """The three columns in which a row names somebody."""

    code: str
    number: str
    name: str

    def columns(self, whom: str, *, invented: bool) -> tuple[Column, ...]:
        """Return the columns; *whom* stands in their titles, as "học sinh"."""
        return (
            Column(
                self.code,
                f"Mã hồ sơ {whom}",
                code(),
                help="Cần mã này hoặc số định danh.",
                example="PD-0123",
            ),
            Column(
                self.number,
                f"Số định danh {whom}",
                number_of_person(invented=invented),
                help="12 chữ số, ô dạng văn bản.",
            ),
            Column(
                self.name,
                f"Họ và tên {whom}",
                name(),
                True,
                help="Để đối chiếu với hồ sơ.",
                example="Nguyễn Thị An",
            ),
        )


class People:
    """The accounts that the rows name, looked up once for all rows."""

    def __init__(self, rows: Sequence[Row], who: Who, own_units: set[int]) -> None:
        self._who, self._own = who, own_units
        self._by_number = by_number(row.values[who.number] for row in rows)
        self._by_code = by_code(row.values[who.code] for row in rows)

    def of(self, row: Row) -> Account | None:
        """Return whom the row names, or mark what is wrong with it.

        Somebody of another place is found by number and name alone: a code is no
        secret.
        """
        number, key = row.values[self._who.number], row.values[self._who.code]
        if not (number or key):
            row.refuse(self._who.code, PersonRefusal.NO_KEY)
            return None
        found = self._by_number.get(number or "") or self._by_code.get(key or "")
        if found is None or not (number or found.unit_id in self._own):
            row.refuse(
                self._who.number if number else self._who.code, PersonRefusal.UNKNOWN
            )
            return None
        if fold(row.values[self._who.name] or "") != found.name_search:
            row.refuse(self._who.name, PersonRefusal.OTHER_NAME)
            return None
        return found


def by_number(numbers: Iterable[str | None]) -> dict[str, Account]:
    """Return the records of these numbers, asked for by their blind index."""
    index_of = Account.personal_number.index_of
    wanted = {index_of(number): number for number in numbers if number}
    found = accounts_with(Account.personal_number_index, [*wanted])
    return {wanted[one.personal_number_index or ""]: one for one in found}


def by_code(codes: Iterable[str | None]) -> dict[str, Account]:
    wanted = list({code: None for code in codes if code})
    return {one.code or "": one for one in accounts_with(Account.code, wanted)}


def accounts_with(column: Any, values: Sequence[str]) -> list[Account]:
    found: list[Account] = []
    for start in range(0, len(values), CHUNK):
        query = select(Account).where(column.in_(values[start : start + CHUNK]))
        found += db.session.scalars(query.options(selectinload(Account.unit)))
    return found
