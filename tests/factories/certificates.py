"""Courses that were completed, and certificates of them."""

from datetime import datetime

from courses.catalogue.models import Course
from courses.certificates import services
from courses.certificates.models import Certificate
from courses.certificates.rules import Issuer
from courses.enrolment import services as enrolment
from courses.enrolment.models import CourseCompletion
from lms.kernel import clock
from lms.kernel.db import db
from lms.people.models import Account
from tests.factories import courses, people

ISSUER = Issuer("Tổ công tác huyện Phong Điền", "Phong Điền", "PĐ-ĐA06")


def completion(
    learner: Account | None = None, of: Course | None = None
) -> CourseCompletion:
    """Let somebody read a course to its end."""
    learner = learner or people.account()
    of = of or courses.course()
    taken = courses.enrolled(learner, of)
    for activity in courses.activities(of):
        enrolment.mark_read(activity, learner.id, clock.now())
    db.session.commit()
    made = enrolment.completion_of(taken)
    assert made is not None
    return made


def certificate(
    learner: Account | None = None,
    of: Course | None = None,
    now: datetime | None = None,
) -> Certificate:
    made = services.issue_for(completion(learner, of), ISSUER, now or clock.now())
    db.session.commit()
    return made
