"""Taking in a file: kept, read by a job, looked at, confirmed, written by a job."""

import hashlib
import json
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from lms.kernel import audit
from lms.kernel.db import db
from lms.kernel.errors import Refused
from lms.kernel.imports.models import ImportRun
from lms.kernel.imports.rules import (
    KEPT_FOR,
    KNOWN,
    Change,
    ImportRefusal,
    ImportState,
    Intake,
    Task,
    counts_of,
)
from lms.kernel.jobs import services as jobs
from lms.kernel.paging import Page
from lms.kernel.spreadsheets import reading, writing
from lms.kernel.spreadsheets.sheets import Sheet

ROWS_A_PAGE = 50
LONGEST_FILE_NAME = 120
HALF = 50
Report = Callable[[int], None]
"""Told how far the work is, in per cent; commits what was done so far."""


def place_of(intake: Intake, place_id: int) -> Any:
    """Return the object that the intake's address names; None for the whole site."""
    return db.session.get(intake.place, place_id) if intake.place else None


def template(intake: Intake, place: Any) -> bytes:
    return writing.template(
        intake.sheet(place), intake.rows(place) if intake.rows else ()
    )


@dataclass(frozen=True, slots=True)
class Sent:
    """A file as it came."""

    content: bytes
    name: str
    sender_id: int


def receive(intake: Intake, place_id: int, sent: Sent, now: datetime) -> ImportRun:
    """Keep the file and queue its reading; raise Refused for what is no .xlsx."""
    reading.inspect(sent.content)
    row = ImportRun(
        intake=intake.name,
        place_id=place_id,
        owner_id=sent.sender_id,
        file_name=sent.name[-LONGEST_FILE_NAME:],
        state=ImportState.READING,
        counts={},
        created_at=now,
    )
    row.file = sent.content
    db.session.add(row)
    db.session.flush()
    _queue(row, "imports.read", now)
    return row


def _queue(row: ImportRun, kind: str, now: datetime) -> None:
    row.job_id = jobs.enqueue(kind, {"import_run_id": row.id}, now).id


def check(run_id: int, now: datetime, report: Report) -> None:
    """Read the file and write its preview: the work of the first job."""
    row = db.session.get_one(ImportRun, run_id)
    if row.state is not ImportState.READING:
        return
    try:
        task = _task(row, now, report)
    except Refused as refused:
        row.state, row.refusal = ImportState.REFUSED, refused.reason.value
        _forget(row, now)
        return
    if row.state is ImportState.READING:
        _keep_preview(row, task)


def intake_of(row: ImportRun) -> Intake:
    return KNOWN[row.intake]


def _task(row: ImportRun, now: datetime, report: Report) -> Task:
    """Read the file's rows and let the intake plan them; half of the bar each."""
    intake, content = intake_of(row), row.file
    if content is None:
        raise Refused(ImportRefusal.OVER)
    sheet = intake.sheet(place_of(intake, row.place_id))
    report(0)  # ends the transaction: reading a long file must hold no lock
    rows = reading.read(
        sheet, content, lambda done, total: report(HALF * done // total)
    )
    report(HALF)
    task = Task(
        rows,
        place_of(intake, row.place_id),
        row.owner_id,
        now,
        lambda done, total: report(HALF + HALF * done // max(total, 1)),
    )
    intake.plan(task)
    return task


def _keep_preview(row: ImportRun, task: Task) -> None:
    columns = intake_of(row).sheet(task.place).columns
    document = json.dumps(
        [
            [
                one.number,
                task.change_of(one),
                task.changes.get(one.number, ("", ()))[1],
                [one.shown.get(column.key, "") for column in columns],
                {key: [w.reason, _plain(w.about)] for key, w in one.errors.items()},
            ]
            for one in task.rows
        ],
        ensure_ascii=False,
    ).encode()
    row.plan_hash = hashlib.sha256(document).hexdigest()
    row.preview = zlib.compress(document)
    row.counts = counts_of(task)
    row.state = ImportState.CHECKED


def _plain(about: Mapping[str, Any]) -> dict[str, Any]:
    return {
        key: value if isinstance(value, int) else str(value)
        for key, value in about.items()
    }


@dataclass(frozen=True, slots=True)
class Shown:
    """A row of the preview."""

    number: int
    change: Change
    changed: Sequence[str]
    cells: Mapping[str, str]
    errors: Mapping[str, tuple[str, dict[str, Any]]]
    """A word and what its sentence speaks of, for each bad cell."""


def preview(row: ImportRun, only: Change | None, number: int) -> Page[Shown]:
    """Return one page of the preview, of all rows or of one kind alone."""
    rows = _shown(row, _columns(row))
    chosen = [one for one in rows if only is None or one.change is only]
    last = max(1, -(-len(chosen) // ROWS_A_PAGE))
    number = min(max(number, 1), last)
    start = (number - 1) * ROWS_A_PAGE
    return Page(chosen[start : start + ROWS_A_PAGE], number, ROWS_A_PAGE, len(chosen))


def sheet_of(row: ImportRun) -> Sheet:
    intake = intake_of(row)
    return intake.sheet(place_of(intake, row.place_id))


def _columns(row: ImportRun) -> list[str]:
    return [column.key for column in sheet_of(row).columns]


def _shown(row: ImportRun, columns: list[str]) -> list[Shown]:
    kept = row.preview
    return [
        Shown(
            number,
            Change(change),
            changed,
            dict(zip(columns, cells, strict=True)),
            {key: (word, about) for key, (word, about) in errors.items()},
        )
        for number, change, changed, cells, errors in json.loads(
            zlib.decompress(kept) if kept else b"[]"
        )
    ]


def errors_of(row: ImportRun) -> list[tuple[int, str, str, str, dict[str, Any]]]:
    """Return every bad cell: row, column's title, what stood there, the reason."""
    titles = {column.key: column.title for column in sheet_of(row).columns}
    return [
        (one.number, titles.get(key, ""), one.cells.get(key, ""), word, about)
        for one in _shown(row, list(titles))
        for key, (word, about) in one.errors.items()
    ]


def confirm(row: ImportRun, now: datetime) -> None:
    """Queue the writing of what the preview showed, or raise Refused."""
    if row.state is not ImportState.CHECKED or row.file_sealed is None:
        raise Refused(ImportRefusal.NOT_NOW)
    if not row.counts[Change.NEW] + row.counts[Change.CHANGED]:
        raise Refused(ImportRefusal.NOTHING)
    row.state = ImportState.WRITING
    _queue(row, "imports.write", now)


def cancel(row: ImportRun, now: datetime) -> None:
    """Forget a file that was not written, or raise Refused."""
    if row.state not in (ImportState.READING, ImportState.CHECKED):
        raise Refused(ImportRefusal.NOT_NOW)
    row.state = ImportState.CANCELLED
    _forget(row, now)


def write(run_id: int, now: datetime, report: Report) -> None:
    """Write the rows, all or none: the work of the second job.

    What people saw is what is written; if the data has changed since, they are shown
    a new preview instead.
    """
    row = db.session.get_one(ImportRun, run_id)
    if row.state is not ImportState.WRITING:
        return
    seen = row.plan_hash
    task = _task(row, now, report)
    _keep_preview(row, task)
    if row.plan_hash != seen:
        row.is_stale = True
        return
    _apply(row, task)


def _apply(row: ImportRun, task: Task) -> None:
    intake = intake_of(row)
    wanted = (Change.NEW, Change.CHANGED)
    task.report = _unheard
    intake.apply(task, [one for one in task.rows if task.change_of(one) in wanted])
    row.state = ImportState.DONE
    audit.record(
        "list-taken-in",
        f"{intake.name}:{row.place_id}",
        row.owner_id,
        task.now,
        run=row.id,
        **{word.removeprefix("row-"): count for word, count in row.counts.items()},
    )
    _forget(row, task.now)


def _unheard(_done: int, _total: int) -> None:
    """Reports commit; what is written must be written whole."""


def _forget(row: ImportRun, now: datetime) -> None:
    row.file = row.preview = None
    row.ended_at = now


def forget_old(now: datetime) -> None:
    """Delete the matter of files that nobody confirmed within a day."""
    query = select(ImportRun).where(
        ImportRun.created_at < now - KEPT_FOR, ImportRun.file_sealed.is_not(None)
    )
    for row in db.session.scalars(query):
        if row.state is not ImportState.DONE:
            row.state = ImportState.CANCELLED
        _forget(row, now)


def runs_of(owner_id: int, intake: str) -> Sequence[ImportRun]:
    """Return the last files that this person sent here."""
    query = select(ImportRun).filter_by(owner_id=owner_id, intake=intake)
    return db.session.scalars(query.order_by(ImportRun.id.desc()).limit(5)).all()
