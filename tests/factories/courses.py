"""Courses, and people who take them."""

from typing import Any

from courses.catalogue import services as catalogue
from courses.catalogue.models import Activity, Course
from courses.enrolment import services as enrolment
from courses.enrolment.models import Enrolment
from lms.kernel import clock
from lms.kernel.db import db
from lms.people.models import Account
from tests.factories import people


def course(title: str = "Định danh điện tử", lessons: int = 2, **given: Any) -> Course:
    """Add a published course of one module with this many pages to read."""
    publish = given.pop("publish", True)
    author = given.pop("author", None) or people.account("Lê Thị Biên")
    topic = catalogue.add_topic("cong-dan-so", "Công dân số", 1)
    made = catalogue.create_course(title, topic, author.id, clock.now(), **given)
    module = catalogue.add_module(made, "Chương 1")
    for number in range(1, lessons + 1):
        page(module, f"Bài {number}")
    if publish:
        catalogue.publish(made, (), author.id, clock.now())
    db.session.commit()
    return made


def page(module: Any, title: str = "Bài đọc", **given: Any) -> Activity:
    content = {"html": "<p>Nội dung.</p>"}
    made = catalogue.add_activity(module, "page", title, content=content, **given)
    db.session.commit()
    return made


def activity(of: Course, kind: str, title: str = "Bài", **given: Any) -> Activity:
    """Add an activity of any kind to the course's first module."""
    made = catalogue.add_activity(of.modules[0], kind, title, **given)
    db.session.commit()
    db.session.refresh(of)
    return made


def activities(of: Course) -> list[Activity]:
    db.session.refresh(of)
    return [activity for module in of.modules for activity in module.activities]


def enrolled(learner: Account, of: Course) -> Enrolment:
    made = enrolment.enrol(of, learner.id, clock.now())
    db.session.commit()
    return made
