"""Taking a course: enrolling, opening, finishing; one judgement of completion."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Select, String, cast, func, literal, select
from sqlalchemy.orm import contains_eager, joinedload

from courses.catalogue.activities.contract import DoneBy
from courses.catalogue.models import Activity, Course
from courses.catalogue.outline import Outline, outline_of
from courses.catalogue.rules import CourseState
from courses.enrolment.models import (
    ActivityProgress,
    ContentReport,
    CourseCompletion,
    Enrolment,
)
from courses.enrolment.rules import (
    CourseVerdict,
    EnrolmentRefusal,
    Progress,
    Standing,
    Step,
    is_done,
    judge,
)
from lms.kernel import audit
from lms.kernel.db import db
from lms.kernel.errors import Refused
from lms.kernel.permissions import Role


def courses_learnt(account_id: int) -> list[Select[str, str]]:
    """Make each person a LEARNER in the courses they take."""
    scope = literal("course:") + cast(Enrolment.course_id, String)
    query = select(literal(str(Role.LEARNER)), scope)
    return [query.filter_by(learner_id=account_id)]


def enrol(course: Course, learner_id: int, now: datetime) -> Enrolment:
    """Enrol somebody who asks for it; a second time gives the first enrolment."""
    found = enrolment_of(course.id, learner_id)
    if found:
        return found
    if course.state is not CourseState.PUBLISHED:
        raise Refused(EnrolmentRefusal.NOT_PUBLISHED)
    if not course.is_open:
        raise Refused(EnrolmentRefusal.NOT_OPEN)
    enrolment = Enrolment(course_id=course.id, learner_id=learner_id, enrolled_at=now)
    db.session.add(enrolment)
    db.session.flush()
    audit.record("enrolled", f"course:{course.id}", learner_id, now)
    return enrolment


def enrolment_of(course_id: int, learner_id: int) -> Enrolment | None:
    return db.session.scalar(
        select(Enrolment).filter_by(course_id=course_id, learner_id=learner_id)
    )


def verdict_of(outline: Outline, enrolment: Enrolment | None) -> CourseVerdict:
    """Judge a course for one learner; without an enrolment nothing is done yet."""
    steps = [
        Step(a.id, a.title, a.minutes, a.required, a.type.done_by, a.needs)
        for a in outline.activities
    ]
    return judge(steps, _progress_in(enrolment))


def _progress_in(enrolment: Enrolment | None) -> dict[int, Progress]:
    if enrolment is None:
        return {}
    rows = db.session.execute(
        select(
            ActivityProgress.activity_id,
            ActivityProgress.done_at,
            ActivityProgress.reached,
        ).filter_by(enrolment_id=enrolment.id)
    )
    return {key: Progress(done is not None, reached) for key, done, reached in rows}


def note_opened(activity: Activity, learner_id: int, now: datetime) -> None:
    """Remember where the learner is.  A locked activity is not opened."""
    enrolment = enrolment_of(activity.course_id, learner_id)
    if enrolment is None or _is_locked(activity, enrolment):
        return
    _progress_row(enrolment, activity, now)
    enrolment.last_activity_id = activity.id
    enrolment.last_at = now


def mark_read(activity: Activity, learner_id: int, now: datetime) -> None:
    """Count an activity that is done by reading, or raise Refused."""
    if activity.type.done_by is not DoneBy.READING:
        raise Refused(EnrolmentRefusal.NOT_BY_READING)
    enrolment = enrolment_of(activity.course_id, learner_id)
    if enrolment is None:
        # An author who previews the course leaves no trace.
        return
    if _is_locked(activity, enrolment):
        raise Refused(EnrolmentRefusal.LOCKED)
    row = _progress_row(enrolment, activity, now)
    row.done_at = row.done_at or now
    enrolment.last_activity_id = activity.id
    enrolment.last_at = now
    _complete_if_due(enrolment, now)


def note_result(
    activity: Activity, learner_id: int, percent: int, passed: bool, now: datetime
) -> None:
    """Take over what a quiz or a video has found, keeping the best.

    Called by the feature that measured it.  Nothing is kept for somebody who is not
    enrolled, or while the activity is locked.
    """
    enrolment = enrolment_of(activity.course_id, learner_id)
    if enrolment is None or _is_locked(activity, enrolment):
        return
    row = _progress_row(enrolment, activity, now)
    row.reached = max(row.reached or 0, percent)
    done = is_done(activity.type.done_by, percent=percent, passed=passed)
    if done and row.done_at is None:
        row.done_at = now
        _complete_if_due(enrolment, now)


def _is_locked(activity: Activity, enrolment: Enrolment) -> bool:
    verdict = verdict_of(outline_of(activity.course_id), enrolment)
    return verdict.of(activity.id).standing is Standing.LOCKED


def is_locked_for(activity: Activity, learner_id: int) -> bool:
    """Say whether the learner must do other activities first."""
    enrolment = enrolment_of(activity.course_id, learner_id)
    return enrolment is not None and _is_locked(activity, enrolment)


def _progress_row(
    enrolment: Enrolment, activity: Activity, now: datetime
) -> ActivityProgress:
    wanted = {"enrolment_id": enrolment.id, "activity_id": activity.id}
    row = db.session.scalar(select(ActivityProgress).filter_by(**wanted))
    if row is None:
        row = ActivityProgress(**wanted, opened_at=now)
        db.session.add(row)
        db.session.flush()
    return row


def _complete_if_due(enrolment: Enrolment, now: datetime) -> None:
    """Write the completion, once, with what it rests on."""
    db.session.flush()
    if completion_of(enrolment) is not None:
        return
    verdict = verdict_of(outline_of(enrolment.course_id), enrolment)
    if not verdict.complete:
        return
    counted = [v.step for v in verdict.steps if v.step.required]
    completion = CourseCompletion(
        enrolment_id=enrolment.id,
        completed_at=now,
        minutes=sum(step.minutes for step in counted),
        basis=[f"activity:{step.id}" for step in counted],
    )
    db.session.add(completion)
    db.session.flush()
    audit.record(
        "course-completed",
        f"course:{enrolment.course_id}",
        enrolment.learner_id,
        now,
        enrolment=enrolment.id,
        basis=completion.basis,
    )


def completion_of(enrolment: Enrolment) -> CourseCompletion | None:
    return db.session.scalar(
        select(CourseCompletion).filter_by(enrolment_id=enrolment.id)
    )


def enrolments_of(learner_id: int) -> Sequence[Enrolment]:
    """Return the person's enrolments with their courses, last used first."""
    query = (
        select(Enrolment)
        .filter_by(learner_id=learner_id)
        .options(joinedload(Enrolment.course), joinedload(Enrolment.last_activity))
        .order_by(func.coalesce(Enrolment.last_at, Enrolment.enrolled_at).desc())
    )
    return db.session.scalars(query).all()


def standings_of(learner_id: int) -> dict[int, tuple[int, int, bool]]:
    """Return (done, required, completed) of each course the person takes, by course.

    Counted by the database, for lists; a single course is judged by ``verdict_of``.
    """
    required = (
        select(Activity.course_id, func.count().label("required"))
        .where(Activity.required)
        .group_by(Activity.course_id)
        .subquery()
    )
    done = (
        select(ActivityProgress.enrolment_id, func.count().label("done"))
        .join(Activity, Activity.id == ActivityProgress.activity_id)
        .where(Activity.required, ActivityProgress.done_at.is_not(None))
        .group_by(ActivityProgress.enrolment_id)
        .subquery()
    )
    rows = db.session.execute(
        select(
            Enrolment.course_id,
            func.coalesce(done.c.done, 0),
            func.coalesce(required.c.required, 0),
            CourseCompletion.id.is_not(None),
        )
        .outerjoin(required, required.c.course_id == Enrolment.course_id)
        .outerjoin(done, done.c.enrolment_id == Enrolment.id)
        .outerjoin(CourseCompletion, CourseCompletion.enrolment_id == Enrolment.id)
        .where(Enrolment.learner_id == learner_id)
    )
    return {key: (made, asked, bool(whole)) for key, made, asked, whole in rows}


def learner_count(course_id: int) -> int:
    query = select(func.count(Enrolment.id)).filter_by(course_id=course_id)
    return db.session.scalar(query) or 0


def report_content(
    activity: Activity, reporter_id: int, words: str, now: datetime
) -> ContentReport:
    report = ContentReport(
        activity_id=activity.id, reporter_id=reporter_id, words=words, reported_at=now
    )
    db.session.add(report)
    return report


def open_reports(course_id: int) -> Sequence[ContentReport]:
    query = (
        select(ContentReport)
        .join(ContentReport.activity)
        .where(Activity.course_id == course_id, ContentReport.settled_at.is_(None))
        .options(
            contains_eager(ContentReport.activity), joinedload(ContentReport.reporter)
        )
        .order_by(ContentReport.reported_at)
    )
    return db.session.scalars(query).all()


def settle_report(report: ContentReport, now: datetime) -> None:
    report.settled_at = now
