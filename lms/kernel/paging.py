"""Long lists, a page at a time, cut by the database."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import Select, func, select

from lms.kernel.db import db

PAGE_SIZE = 20
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    items: Sequence[T]
    number: int
    size: int
    total: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // self.size))

    @property
    def has_previous(self) -> bool:
        return self.number > 1

    @property
    def has_next(self) -> bool:
        return self.number < self.pages


def page_of(query: Select[Any], number: int, size: int = PAGE_SIZE) -> Page[Any]:
    """Run *query* for one page; a number beyond the end gives the last page."""
    rows = query.order_by(None).subquery()
    total = db.session.scalar(select(func.count()).select_from(rows)) or 0
    last = max(1, -(-total // size))
    number = min(max(number, 1), last)
    found = db.session.scalars(query.limit(size).offset((number - 1) * size))
    return Page(found.unique().all(), number, size, total)
