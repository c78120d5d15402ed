"""What a person's desk and training record show, each in a fixed number of queries."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import and_, func, select
from sqlalchemy.orm import contains_eager, joinedload

from courses.catalogue.models import Activity, Course
from courses.catalogue.rules import CourseState
from courses.certificates import services as certificates
from courses.certificates.models import Certificate
from courses.enrolment import services as enrolment
from courses.enrolment.models import (
    ActivityProgress,
    ContentReport,
    CourseCompletion,
    Enrolment,
)
from courses.home.rules import RecordLine, RecordYear, Standing, by_year, is_news
from lms.kernel.clock import day_of
from lms.kernel.db import db

MOST_LISTED = 20
"""Of drafts, and of content reports: the desk leads to the rest."""


@dataclass(frozen=True, slots=True)
class CourseTaken:
    """An enrolment, how far it is, and its certificate if there is one."""

    enrolment: Enrolment
    standing: Standing
    certificate: Certificate | None

    @property
    def course(self) -> Course:
        return self.enrolment.course


@dataclass(frozen=True, slots=True)
class Desk:
    resume: CourseTaken | None
    """The course used last that is not completed."""
    begun: list[CourseTaken]
    """The other courses to go on with, last used first."""
    due: list[CourseTaken]
    """Completed, but the certificate is not issued yet."""
    news: list[Certificate]
    """Certificates issued in the last days."""
    completed: list[CourseTaken]
    drafts: Sequence[Course] = field(default_factory=list)
    reports: Sequence[ContentReport] = field(default_factory=list)


def desk_of(account_id: int, scopes: Sequence[str] | None, now: datetime) -> Desk:
    """Gather a person's day; *scopes* are where they may edit (None: everywhere)."""
    held = certificates.certificates_of(account_id)
    taken = _courses_taken(account_id, held)
    open_ones = [one for one in taken if not one.standing.completed]
    completed = [one for one in taken if one.standing.completed]
    is_author = scopes is None or len(scopes) > 0
    return Desk(
        resume=open_ones[0] if open_ones else None,
        begun=open_ones[1:],
        due=[one for one in completed if one.certificate is None],
        news=[one for one in held if one.is_valid and is_news(one.issued_at, now)],
        completed=completed,
        drafts=_drafts(scopes) if is_author else [],
        reports=_open_reports(scopes) if is_author else [],
    )


def _courses_taken(account_id: int, held: Sequence[Certificate]) -> list[CourseTaken]:
    standings = enrolment.standings_of(account_id)
    left = _minutes_left(account_id)
    by_course = {one.course_id: one for one in held}
    return [
        CourseTaken(
            one,
            _standing(standings[one.course_id], left.get(one.course_id, 0)),
            by_course.get(one.course_id),
        )
        for one in enrolment.enrolments_of(account_id)
    ]


def _standing(counted: tuple[int, int, bool], minutes_left: int) -> Standing:
    done, required, completed = counted
    return Standing(done, required, minutes_left, completed)


def _minutes_left(account_id: int) -> dict[int, int]:
    """Return how long what is still required takes, by course."""
    rows = db.session.execute(
        select(Enrolment.course_id, func.sum(Activity.minutes))
        .join(Activity, Activity.course_id == Enrolment.course_id)
        .outerjoin(
            ActivityProgress,
            and_(
                ActivityProgress.enrolment_id == Enrolment.id,
                ActivityProgress.activity_id == Activity.id,
            ),
        )
        .where(
            Enrolment.learner_id == account_id,
            Activity.required,
            ActivityProgress.done_at.is_(None),
        )
        .group_by(Enrolment.course_id)
    )
    return {course_id: int(minutes) for course_id, minutes in rows}


def _drafts(scopes: Sequence[str] | None) -> Sequence[Course]:
    query = select(Course).filter_by(state=CourseState.DRAFT)
    if scopes is not None:
        query = query.where(Course.id.in_(_course_ids(scopes)))
    query = query.order_by(Course.created_at.desc(), Course.id.desc())
    return db.session.scalars(query.limit(MOST_LISTED)).all()


def _open_reports(scopes: Sequence[str] | None) -> Sequence[ContentReport]:
    query = (
        select(ContentReport)
        .join(ContentReport.activity)
        .where(ContentReport.settled_at.is_(None))
        .options(
            contains_eager(ContentReport.activity).joinedload(Activity.course),
            joinedload(ContentReport.reporter),
        )
        .order_by(ContentReport.reported_at)
        .limit(MOST_LISTED)
    )
    if scopes is not None:
        query = query.where(Activity.course_id.in_(_course_ids(scopes)))
    return db.session.scalars(query).all()


def _course_ids(scopes: Sequence[str]) -> list[int]:
    return [int(s.removeprefix("course:")) for s in scopes if s.startswith("course:")]


def record_of(account_id: int) -> list[RecordYear]:
    """Return the person's completed courses by year (hồ sơ đào tạo)."""
    rows = db.session.execute(
        select(CourseCompletion, Course, Certificate)
        .join(CourseCompletion.enrolment)
        .join(Enrolment.course)
        .outerjoin(Certificate, Certificate.completion_id == CourseCompletion.id)
        .where(Enrolment.learner_id == account_id)
        .order_by(CourseCompletion.completed_at.desc(), CourseCompletion.id.desc())
    )
    return by_year([_line(*row) for row in rows])


def _line(
    completion: CourseCompletion, course: Course, certificate: Certificate | None
) -> RecordLine:
    return RecordLine(
        title=certificate.course_title if certificate else course.title,
        slug=course.slug,
        completed_on=day_of(completion.completed_at),
        minutes=completion.minutes,
        certificate_id=certificate.id if certificate else None,
        certificate_number=certificate.number if certificate else None,
        revoked=certificate is not None and not certificate.is_valid,
    )
