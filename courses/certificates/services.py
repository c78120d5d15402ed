"""Issuing, finding and revoking certificates."""

import secrets
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import contains_eager, joinedload

from courses.catalogue.activities import ACTIVITY_TYPES
from courses.catalogue.activities.contract import DoneBy
from courses.catalogue.models import Activity, Course
from courses.certificates.models import Certificate
from courses.certificates.rules import (
    CertificateRefusal,
    Issuer,
    new_code,
    number_of,
    read_code,
)
from courses.enrolment.models import ActivityProgress, CourseCompletion, Enrolment
from lms.kernel import audit
from lms.kernel.clock import day_of
from lms.kernel.db import db
from lms.kernel.errors import Refused
from lms.kernel.paging import Page, page_of

AT_ONCE = 100
"""How many certificates one run of the job issues, so that its lock is short."""

_SERIAL_LOCK = 4_606_007
"""Names this lock among PostgreSQL's advisory locks."""

PASSED_KINDS = [
    kind for kind, type_ in ACTIVITY_TYPES.items() if type_.done_by is DoneBy.PASSING
]


def issue_due(issuer: Issuer, now: datetime) -> int:
    """Issue what completed courses still wait for, oldest first; say how many."""
    due = db.session.scalars(_uncertified().limit(AT_ONCE)).all()
    for completion in due:
        issue_for(completion, issuer, now)
    return len(due)


def issue_for(
    completion: CourseCompletion, issuer: Issuer, now: datetime
) -> Certificate:
    """Issue the certificate of this completion, once; a second time gives the first."""
    _hold_serials()
    found = db.session.scalar(
        select(Certificate).filter_by(completion_id=completion.id)
    )
    return found or _issue(completion, issuer, now)


def issue_own(
    course_id: int, learner_id: int, issuer: Issuer, now: datetime
) -> Certificate:
    """Issue the learner's certificate of a course they completed, or raise Refused."""
    completion = db.session.scalar(
        select(CourseCompletion)
        .join(CourseCompletion.enrolment)
        .where(Enrolment.course_id == course_id, Enrolment.learner_id == learner_id)
    )
    if completion is None:
        raise Refused(CertificateRefusal.NOT_COMPLETED)
    return issue_for(completion, issuer, now)


def _uncertified() -> Select[CourseCompletion]:
    return (
        select(CourseCompletion)
        .join(CourseCompletion.enrolment)
        .outerjoin(Certificate, Certificate.completion_id == CourseCompletion.id)
        .where(Certificate.id.is_(None))
        .options(
            contains_eager(CourseCompletion.enrolment).options(
                joinedload(Enrolment.course), joinedload(Enrolment.learner)
            )
        )
        .order_by(CourseCompletion.completed_at, CourseCompletion.id)
    )


def _hold_serials() -> None:
    """Let one transaction at a time give out serial numbers, until it ends.

    SQLite has one writer anyway.  A number taken by a transaction that fails is free
    again, so the count has no gaps (a sequence would leave them).
    """
    if db.session.get_bind().dialect.name == "postgresql":
        db.session.execute(select(func.pg_advisory_xact_lock(_SERIAL_LOCK)))


def _issue(completion: CourseCompletion, issuer: Issuer, now: datetime) -> Certificate:
    enrolment, today = completion.enrolment, day_of(now)
    serial = _next_serial(today.year)
    certificate = Certificate(
        completion_id=completion.id,
        holder_id=enrolment.learner_id,
        course_id=enrolment.course_id,
        year=today.year,
        serial=serial,
        number=number_of(serial, today.year, issuer.code),
        code=new_code(secrets.choice),
        holder_name=enrolment.learner.full_name,
        course_title=enrolment.course.title,
        minutes=completion.minutes,
        result_percent=_result_of(completion),
        issuer_name=issuer.name,
        issuer_place=issuer.place,
        completed_on=day_of(completion.completed_at),
        issued_on=today,
        issued_at=now,
    )
    db.session.add(certificate)
    db.session.flush()
    audit.record(
        "certificate-issued",
        f"certificate:{certificate.id}",
        None,
        now,
        completion=completion.id,
    )
    return certificate


def _next_serial(year: int) -> int:
    last = db.session.scalar(select(func.max(Certificate.serial)).filter_by(year=year))
    return (last or 0) + 1


def _result_of(completion: CourseCompletion) -> int | None:
    """Return the mean percent, rounded down, of what had to be passed."""
    counted = [int(word.removeprefix("activity:")) for word in completion.basis]
    reached = db.session.scalars(
        select(ActivityProgress.reached)
        .join(Activity, Activity.id == ActivityProgress.activity_id)
        .where(
            ActivityProgress.enrolment_id == completion.enrolment_id,
            ActivityProgress.activity_id.in_(counted),
            ActivityProgress.reached.is_not(None),
            Activity.kind.in_(PASSED_KINDS),
        )
    ).all()
    percents = [percent for percent in reached if percent is not None]
    return sum(percents) // len(percents) if percents else None


def revoke(certificate: Certificate, reason: str, actor_id: int, now: datetime) -> None:
    """Take the certificate back for good, or raise Refused."""
    if not certificate.is_valid:
        raise Refused(CertificateRefusal.ALREADY_REVOKED)
    certificate.revoked_at = now
    certificate.revoked_because = reason
    audit.record("certificate-revoked", f"certificate:{certificate.id}", actor_id, now)


def certificate_by_code(typed: str) -> Certificate | None:
    code = read_code(typed)
    return db.session.scalar(select(Certificate).filter_by(code=code)) if code else None


def certificates_of(holder_id: int) -> Sequence[Certificate]:
    """Return the person's certificates, newest first."""
    query = select(Certificate).filter_by(holder_id=holder_id)
    return db.session.scalars(query.order_by(Certificate.id.desc())).all()


def courses_due_to(learner_id: int) -> Sequence[Course]:
    """Return the courses that the person completed and has no certificate of yet."""
    query = _uncertified().where(Enrolment.learner_id == learner_id)
    return [found.enrolment.course for found in db.session.scalars(query)]


def issued(words: str, number: int) -> Page[Certificate]:
    """Return a page of the register: all, or those whose number or code is given."""
    query = select(Certificate).order_by(Certificate.id.desc())
    if words:
        code = read_code(words) or words
        query = query.where(
            Certificate.number.contains(words, autoescape=True)
            | (Certificate.code == code)
        )
    return page_of(query, number)
