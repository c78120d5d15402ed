"""Saying yes and no, taking one's data home, asking, and answering."""

from collections.abc import Sequence
from datetime import date, datetime
from enum import Enum
from typing import Any

from sqlalchemy import inspect, select
from sqlalchemy.orm import joinedload

from lms.kernel import audit
from lms.kernel.audit import AuditEvent
from lms.kernel.clock import day_of
from lms.kernel.db import Base, db
from lms.kernel.errors import Refused
from lms.kernel.paging import Page, page_of
from lms.kernel.sealing import SealedColumn
from lms.people.models import (
    Account,
    AccountState,
    Guardianship,
    LocalCredential,
    RoleGrant,
    UserSession,
)
from lms.people.privacy.models import Consent, DataRequest
from lms.people.privacy.rules import (
    PrivacyRefusal,
    Purpose,
    RequestKind,
    RequestState,
    Said,
    consent_holds,
    due_at,
)
from lms.people.privacy.statements import STATEMENTS
from lms.people.second_factor.services import remove as remove_factor
from lms.people.services import posts_of, rename

ABOUT = frozenset(
    {
        "account_id",
        "giver_id",
        "guardian_id",
        "holder_id",
        "learner_id",
        "owner_id",
        "pupil_id",
        "subject_id",
    }
)
"""Columns that say whom a row is about, in whatever table they stand."""

SECRETS = ("_hash", "_sealed", "_index", "seal_id", "token")
"""Ends of names of columns that hold no data but keys to it."""

KEYS = ("secret", "file", "preview", "id_token")
"""Sealed values that are keys or copies, and no data about the person."""

ERASED_NAME = "Người đã xóa dữ liệu"


def children_of(account_id: int) -> Sequence[Account]:
    """Return the pupils whom this person may answer for."""
    query = (
        select(Account)
        .join(Guardianship, Guardianship.pupil_id == Account.id)
        .where(Guardianship.guardian_id == account_id)
        .where(Guardianship.confirmed_at.is_not(None))
        .where(Guardianship.ended_at.is_(None))
        .order_by(Account.name_sort)
    )
    return db.session.scalars(query).all()


def say(
    purpose: Purpose, subject_id: int, is_given: bool, giver_id: int, now: datetime
) -> Consent:
    """Write down an answer, or raise Refused for somebody else's data."""
    children = {child.id for child in children_of(giver_id)}
    if subject_id != giver_id and subject_id not in children:
        raise Refused(PrivacyRefusal.NOT_YOURS)
    statement = STATEMENTS[purpose]
    row = Consent(
        purpose=purpose,
        subject_id=subject_id,
        giver_id=giver_id,
        is_given=is_given,
        version=statement.version,
        text_hash=statement.hash,
        said_at=now,
    )
    db.session.add(row)
    audit.record(
        "consent-given" if is_given else "consent-withdrawn",
        f"account:{subject_id}",
        giver_id,
        now,
        purpose=purpose.value,
        version=statement.version,
    )
    return row


def last_answers(subject_ids: Sequence[int]) -> dict[tuple[int, Purpose, int], Consent]:
    """Return the last answer by whom it is about, its purpose, and who gave it."""
    query = select(Consent).where(Consent.subject_id.in_(subject_ids))
    return {
        (row.subject_id, row.purpose, row.giver_id): row
        for row in db.session.scalars(query.order_by(Consent.id))
    }


def may_use(subject: Account, purpose: Purpose, today: date) -> bool:
    """Say whether this may be done with the person's data: every feature asks here."""
    answers = [
        Said(row.giver_id, row.is_given, row.text_hash)
        for (_who, what, _giver), row in last_answers([subject.id]).items()
        if what is purpose
    ]
    statement = STATEMENTS[purpose]
    return consent_holds(statement, subject.id, subject.birth_date, answers, today)


def own_data(account_id: int, now: datetime) -> dict[str, Any]:
    """Return every row about this person, in whatever table, without secrets."""
    account = db.session.get_one(Account, account_id)
    found: dict[str, Any] = {"account": [_opened(account)]}
    for mapper in Base.registry.mappers:
        table = mapper.local_table
        for column in mapper.columns:
            points = any(
                key.column.table.name == "account" for key in column.foreign_keys
            )
            if not points or column.name not in ABOUT:
                continue
            query = select(mapper.class_).where(column == account_id)
            rows = [_opened(row) for row in db.session.scalars(query)]
            if rows:
                found.setdefault(str(table), []).extend(rows)
    events = select(AuditEvent).filter_by(subject=f"account:{account_id}")
    found["audit_event"] = [_opened(row) for row in db.session.scalars(events)]
    audit.record("own-data-exported", f"account:{account_id}", account_id, now)
    return found


def _opened(row: Any) -> dict[str, Any]:
    """Return a row's columns as people may read them, what is sealed opened."""
    plain = {
        attribute.key: _plain(getattr(row, attribute.key))
        for attribute in inspect(type(row)).column_attrs
        if not attribute.key.endswith(SECRETS)
    }
    sealed = {
        name: _plain(column.__get__(row, type(row)))
        for name, column in vars(type(row)).items()
        if isinstance(column, SealedColumn) and name not in KEYS
    }
    return plain | sealed


def _plain(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date | datetime):
        return value.isoformat()
    if value is None or isinstance(value, str | int | float | bool | list | dict):
        return value
    return f"{len(value)} byte" if isinstance(value, bytes) else str(value)


def ask(
    account_id: int, kind: RequestKind, note: str, now: datetime, *, hours: int
) -> DataRequest:
    """Put a request in the queue, or raise Refused while one like it is open."""
    open_one = select(DataRequest.id).filter_by(
        account_id=account_id, kind=kind, state=RequestState.OPEN
    )
    if db.session.scalar(open_one) is not None:
        raise Refused(PrivacyRefusal.ALREADY_ASKED)
    row = DataRequest(
        account_id=account_id, kind=kind, asked_at=now, due_at=due_at(now, hours)
    )
    row.note = note
    db.session.add(row)
    db.session.flush()
    subject = f"account:{account_id}"
    audit.record("data-request", subject, account_id, now, request=row.id)
    return row


def requests_of(account_id: int) -> Sequence[DataRequest]:
    query = select(DataRequest).filter_by(account_id=account_id)
    return db.session.scalars(query.order_by(DataRequest.id.desc())).all()


def queue(number: int) -> Page[DataRequest]:
    """Return the requests that wait, the most urgent first, then those answered."""
    query = select(DataRequest).options(joinedload(DataRequest.account))
    return page_of(
        query.order_by(
            DataRequest.state != RequestState.OPEN, DataRequest.due_at, DataRequest.id
        ),
        number,
    )


def answer(
    request: DataRequest, state: RequestState, words: str, actor_id: int, now: datetime
) -> None:
    """Answer a request, once; to do an erasure is to erase."""
    if request.state is not RequestState.OPEN:
        raise Refused(PrivacyRefusal.ALREADY_ANSWERED)
    if state is RequestState.DONE and request.kind is RequestKind.ERASE:
        erase(request.account, actor_id, now)
    request.state, request.answer = state, words
    request.answered_at, request.answered_by_id = now, actor_id
    subject = f"account:{request.account_id}"
    audit.record(
        "data-request-answered", subject, actor_id, now, request=request.id, state=state
    )


def erase(account: Account, actor_id: int, now: datetime) -> None:
    """Take away what names the person; results and papers stay without them.

    Refused while the person holds a post or a role: first those end.
    """
    roles = db.session.scalar(select(RoleGrant.id).filter_by(account_id=account.id))
    if roles is not None or posts_of(account.id, day_of(now)):
        raise Refused(PrivacyRefusal.STILL_IN_OFFICE)
    rename(account, ERASED_NAME)
    account.personal_number = account.birth_date = None
    account.phone = account.email = account.code = account.gender = None
    account.state = AccountState.LOCKED
    for model in (LocalCredential, UserSession):
        for row in db.session.scalars(select(model).filter_by(account_id=account.id)):
            db.session.delete(row)
    remove_factor(account.id, actor_id, now)
    audit.record("account-erased", f"account:{account.id}", actor_id, now)
