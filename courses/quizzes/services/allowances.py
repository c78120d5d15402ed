"""More time, tries or days, for one person or one group, with the reason."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, String, and_, cast, or_, select

from courses.enrolment.models import Enrolment
from courses.quizzes.models.attempts import Attempt
from courses.quizzes.models.quizzes import Quiz, QuizAllowance
from courses.quizzes.rules.terms import Terms
from lms.kernel import audit, clock
from lms.kernel.db import db
from lms.people.models import Account, Post
from lms.units.models import Unit

MOST_OFFERED = 2000


def terms_for(quiz: Quiz, learner_id: int, now: datetime) -> Terms:
    """Return the conditions under which this learner takes the quiz, in one query."""
    query = select(QuizAllowance).where(
        QuizAllowance.quiz_id == quiz.id, is_granted_to(learner_id, now)
    )
    return quiz.terms([row.read() for row in db.session.scalars(query)])


def is_granted_to(learner_id: int, now: datetime) -> ColumnElement[bool]:
    """Say in SQL whether an allowance is in force for this learner."""
    return and_(
        QuizAllowance.revoked_at.is_(None),
        or_(
            QuizAllowance.scope == f"account:{learner_id}",
            QuizAllowance.scope.in_(_units_of(learner_id, now)),
        ),
    )


def _units_of(learner_id: int, now: datetime) -> Select[str]:
    """Name the units in which the learner holds a post today."""
    today = now.astimezone(clock.DISTRICT_TIME).date()
    return select("unit:" + cast(Post.unit_id, String)).where(
        Post.account_id == learner_id,
        Post.from_on <= today,
        or_(Post.to_on.is_(None), Post.to_on >= today),
    )


def recipients_in(course_id: int) -> list[tuple[str, str]]:
    """Return whom something may be granted to: learners by name, and their units."""
    learners = (
        select(Account.id, Account.full_name)
        .join(Enrolment, Enrolment.learner_id == Account.id)
        .where(Enrolment.course_id == course_id)
        .order_by(Account.name_sort)
        .limit(MOST_OFFERED)
    )
    units = (
        select(Unit.id, Unit.name)
        .distinct()
        .join(Post, Post.unit_id == Unit.id)
        .join(Enrolment, Enrolment.learner_id == Post.account_id)
        .where(Enrolment.course_id == course_id)
        .order_by(Unit.name)
    )
    people = [(f"account:{key}", name) for key, name in db.session.execute(learners)]
    return people + [(f"unit:{key}", name) for key, name in db.session.execute(units)]


@dataclass(frozen=True, slots=True)
class Grantee:
    """An allowance, with the name of whom it was granted to."""

    allowance: QuizAllowance
    name: str


def allowances_of(quiz: Quiz) -> list[Grantee]:
    """Return what is in force, the newest first, in three queries."""
    query = select(QuizAllowance).filter_by(quiz_id=quiz.id, revoked_at=None)
    rows = db.session.scalars(query.order_by(QuizAllowance.id.desc())).all()
    names = _names(rows)
    return [Grantee(row, names.get(row.scope, row.scope)) for row in rows]


def _names(rows: Sequence[QuizAllowance]) -> dict[str, str]:
    ids = {True: set[int](), False: set[int]()}
    for row in rows:
        ids[row.is_personal].add(int(row.scope.partition(":")[2]))
    people = select(Account.id, Account.full_name).where(Account.id.in_(ids[True]))
    units = select(Unit.id, Unit.name).where(Unit.id.in_(ids[False]))
    found = {f"account:{key}": name for key, name in db.session.execute(people)}
    return found | {f"unit:{key}": name for key, name in db.session.execute(units)}


def allow(
    quiz: Quiz,
    scope: str,
    actor_id: int,
    now: datetime,
    **granted: object,
) -> QuizAllowance:
    """Grant something; running attempts follow at once."""
    row = QuizAllowance(
        quiz_id=quiz.id, scope=scope, granted_by_id=actor_id, granted_at=now, **granted
    )
    db.session.add(row)
    db.session.flush()
    audit.record(
        "quiz.allow",
        f"quiz:{quiz.id}",
        actor_id,
        now,
        allowance=row.id,
        to=scope,
        minutes=row.extra_minutes,
        attempts=row.extra_attempts,
    )
    _move_deadlines(quiz, now)
    return row


def revoke(row: QuizAllowance, actor_id: int, now: datetime) -> None:
    """Take an allowance back; the second time changes nothing."""
    if row.revoked_at is not None:
        return
    row.revoked_at = now
    db.session.flush()
    audit.record(
        "quiz.revoke_allowance",
        f"quiz:{row.quiz_id}",
        actor_id,
        now,
        allowance=row.id,
    )
    _move_deadlines(row.quiz, now)


def _move_deadlines(quiz: Quiz, now: datetime) -> None:
    """Let running attempts end when their learners' terms now say."""
    running = select(Attempt).filter_by(quiz_id=quiz.id, submitted_at=None)
    for attempt in db.session.scalars(running):
        terms = terms_for(quiz, attempt.learner_id, now)
        attempt.deadline = terms.deadline(attempt.started_at)
    db.session.flush()
