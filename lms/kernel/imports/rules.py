"""What an intake is, and what becomes of a file that was sent."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from lms.kernel.errors import Refusal
from lms.kernel.permissions import Permission
from lms.kernel.spreadsheets.sheets import Row, Sheet

KEPT_FOR = timedelta(days=1)
"""How long a file and its preview are kept, confirmed or not."""


class ImportState(StrEnum):
    READING = "reading"
    CHECKED = "checked"
    """The preview waits to be confirmed."""
    REFUSED = "refused"
    """The whole file was not taken; ``refusal`` says why."""
    WRITING = "writing"
    DONE = "done"
    CANCELLED = "cancelled"


class ImportRefusal(Refusal):
    NOT_NOW = "import-not-now"
    NOTHING = "import-nothing"
    OVER = "import-over"


class Change(StrEnum):
    NEW = "row-new"
    CHANGED = "row-changed"
    SAME = "row-same"
    WRONG = "row-wrong"


@dataclass(slots=True)
class Task:
    """One file in the hands of its intake."""

    rows: list[Row]
    place: Any
    """The object that the address names; None for the whole site."""
    actor_id: int
    now: datetime
    report: Callable[[int, int], None]
    """Told how many rows are done, and of how many."""
    changes: dict[int, tuple[Change, tuple[str, ...]]] = field(default_factory=dict)

    def mark(self, row: Row, change: Change, changed: Iterable[str] = ()) -> None:
        """Say what the row would do, and to which of its columns."""
        self.changes[row.number] = change, tuple(changed)

    def change_of(self, row: Row) -> Change:
        """A row with errors is wrong; one that was never marked is new."""
        if row.errors:
            return Change.WRONG
        return self.changes.get(row.number, (Change.NEW, ()))[0]


@dataclass(frozen=True, slots=True)
class Intake:
    """One kind of list that the platform takes in; see the package's docstring."""

    name: str
    """Stands in the address: ``/imports/<name>/<id of the place>``."""
    title: Any
    """What people call the list: a lazily translated string."""
    permission: Permission
    sheet: Callable[[Any], Sheet]
    plan: Callable[[Task], None]
    apply: Callable[[Task, Sequence[Row]], None]
    place: Any = None
    """The model of the place, whose row the address names by id."""
    rows: Callable[[Any], Iterable[Sequence[Any]]] | None = None
    """What the template is filled with, for corrections; none: it is empty."""
    lead: Any = ""
    """A sentence under the title of the page."""


def counts_of(task: Task) -> dict[str, int]:
    """Count the rows by what they would do."""
    counts = dict.fromkeys(Change, 0)
    for row in task.rows:
        counts[task.change_of(row)] += 1
    return {change.value: number for change, number in counts.items()}


KNOWN: dict[str, Intake] = {}


def collect(intakes: Iterable[Intake]) -> None:
    """Make these known by their names; the roof lists them."""
    KNOWN.update({intake.name: intake for intake in intakes})
