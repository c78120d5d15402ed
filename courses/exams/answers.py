"""The hot path: keep one answer of one candidate, and acknowledge it.

Everywhere else a view calls a service, which loads rows and asks the rules.  Here five
thousand people save every half minute, so an answer costs one signed cookie and one
statement: the event is added if, and only if, its sitting is being written, by this
writer, and within its time.  No row is loaded and no account is read.  Only where the
statement adds nothing is it asked why, and then by the rules.

An answer is acknowledged after its transaction is committed, never before.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import cache

import orjson
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from courses.exams.models.sittings import AnswerRow, Sitting
from courses.exams.rules.events import AnswerEvent, receipt
from courses.exams.rules.hours import GRACE
from courses.exams.rules.sitting import SittingState
from lms.kernel.db import db
from lms.kernel.errors import Refusal, Refused
from lms.kernel.sealing import unseal

LARGEST_BODY = 64 * 1024
LARGEST_SEQUENCE = 2**31 - 1
MOST_KEYS = 20_000
_KEYS: dict[str, bytes] = {}
"""Keys of receipts by seal id, which is random and never used again."""

EVENTS: sa.Table = AnswerRow.__table__  # type: ignore[assignment]
SITTINGS: sa.Table = Sitting.__table__  # type: ignore[assignment]


class AnswerRefusal(Refusal):
    NO_SEAT = "answer-no-seat"
    NOT_WRITING = "answer-not-writing"
    TOO_LATE = "answer-too-late"
    MOVED = "answer-moved"
    """The sitting goes on at another machine, or in another window."""

    NO_SUCH_QUESTION = "answer-no-such-question"
    UNREADABLE = "answer-unreadable"
    OTHER_ANSWER = "answer-other-answer"
    """The same number was used for another answer before."""


@dataclass(frozen=True, slots=True)
class Seat:
    """What the signed cookie says: which sitting, which writer, how many questions."""

    sitting: int
    seal_id: str
    """Names the row beyond its number, so that what is remembered of it is its own."""

    writer: int
    questions: int
    machine: str = ""
    """The room and place whose locked browser must sign each request, as ``3/7``; empty
    where the exam asks for none."""


@dataclass(frozen=True, slots=True)
class Kept:
    """The acknowledgement."""

    sequence: int
    received_at: datetime
    receipt: str


def keep(seat: Seat, sequence: int, position: int, body: str, now: datetime) -> Kept:
    """Keep an answer, or raise Refused.  Sent again, it is acknowledged as before.

    *body* is JSON, ``{"value": …, "flagged": …}``, and is kept to the letter.
    """
    if not 1 <= position <= seat.questions or sequence < 1:
        raise Refused(AnswerRefusal.NO_SUCH_QUESTION)
    event = AnswerEvent(seat.sitting, seat.writer, sequence, position, body, now)
    with db.engine.begin() as connection:
        code = receipt(_receipt_key(connection, seat), event)
        values = {
            "sitting_id": seat.sitting,
            "writer": seat.writer,
            "sequence": sequence,
            "position": position,
            "body": body,
            "received_at": now,
            "receipt": code,
            "late": now - GRACE,
        }
        # psycopg counts no rows of such a statement; what comes back says it is in.
        added = connection.execute(_statement(connection.dialect.name), values).first()
    if added is not None:
        return Kept(sequence, now, code)
    return _known(event)


def is_body(body: str) -> bool:
    """Tell whether this is an answer as the page sends it, of a bearable size."""
    if len(body) > LARGEST_BODY:
        return False
    try:
        found = orjson.loads(body)
    except orjson.JSONDecodeError:
        return False
    return (
        isinstance(found, dict)
        and found.keys() == {"value", "flagged"}
        and isinstance(found["flagged"], bool)
    )


@cache
def _statement(dialect: str) -> sa.Insert:
    """Build the one statement once for each kind of database."""
    columns = [EVENTS.c[name] for name in _COLUMNS]
    given = [sa.bindparam(column.name, type_=column.type) for column in columns]
    allowed = sa.select(*given).where(
        SITTINGS.c.id == sa.bindparam("sitting_id", type_=SITTINGS.c.id.type),
        SITTINGS.c.state == SittingState.WRITING,
        SITTINGS.c.writer == sa.bindparam("writer", type_=SITTINGS.c.writer.type),
        SITTINGS.c.deadline_at
        > sa.bindparam("late", type_=SITTINGS.c.deadline_at.type),
    )
    # Whoever ends or seals the sitting waits until this answer is in.
    allowed = allowed.with_for_update(read=True)
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    statement = insert(EVENTS).from_select([*_COLUMNS], allowed, include_defaults=False)
    return statement.on_conflict_do_nothing(
        index_elements=["sitting_id", "writer", "sequence"]
    ).returning(EVENTS.c.sequence)


_COLUMNS = (
    "sitting_id",
    "writer",
    "sequence",
    "position",
    "body",
    "received_at",
    "receipt",
)


def _known(event: AnswerEvent) -> Kept:
    """Acknowledge again what is there already, or say why nothing was kept."""
    row = db.session.scalar(
        sa.select(AnswerRow).filter_by(
            sitting_id=event.sitting, writer=event.writer, sequence=event.sequence
        )
    )
    if row is not None:
        if (row.position, row.body) != (event.position, event.body):
            raise Refused(AnswerRefusal.OTHER_ANSWER)
        return Kept(row.sequence, row.received_at, row.receipt)
    raise Refused(_refusal(db.session.get(Sitting, event.sitting), event))


def _refusal(sitting: Sitting | None, event: AnswerEvent) -> AnswerRefusal:
    if sitting is None:
        return AnswerRefusal.NO_SEAT
    if sitting.writer != event.writer:
        return AnswerRefusal.MOVED
    if sitting.state is not SittingState.WRITING:
        return AnswerRefusal.NOT_WRITING
    return AnswerRefusal.TOO_LATE


def _receipt_key(connection: sa.Connection, seat: Seat) -> bytes:
    """Return the key of a sitting's receipts, which never changes.

    It is read on the connection that writes: a second one would wait for it on SQLite.
    """
    if (key := _KEYS.get(seat.seal_id)) is not None:
        return key
    stored = connection.scalar(
        sa.select(SITTINGS.c.receipt_key_sealed).where(
            SITTINGS.c.id == seat.sitting, SITTINGS.c.seal_id == seat.seal_id
        )
    )
    if stored is None:
        raise Refused(AnswerRefusal.NO_SEAT)
    if len(_KEYS) >= MOST_KEYS:
        _KEYS.clear()
    key = unseal(stored, f"{SITTINGS.name}:receipt_key:{seat.seal_id}")
    return _KEYS.setdefault(seat.seal_id, key)
