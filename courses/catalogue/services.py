"""Finding courses, and putting them together."""

import re
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload, undefer

from courses.catalogue.activities import parse
from courses.catalogue.models import Activity, Course, Module, Topic
from courses.catalogue.outline import Outline, outline_of
from courses.catalogue.rules import (
    CatalogueRefusal,
    CourseState,
    Part,
    Problem,
    in_a_circle,
    publish_problems,
    reordered,
)
from lms.kernel import audit
from lms.kernel.db import db
from lms.kernel.errors import Refused
from lms.kernel.paging import Page, page_of
from lms.kernel.vietnamese import fold

PublishCheck = Callable[[Course], list[Problem]]
COURSES_A_PAGE = 12


@dataclass(frozen=True, slots=True)
class TopicCount:
    topic: Topic
    courses: int


def search_published(words: str, topic: str | None, number: int) -> Page[Course]:
    """Return published courses that hold all these words, accents ignored."""
    query = (
        select(Course)
        .where(_published(words))
        .options(joinedload(Course.topic))
        .order_by(Course.published_at.desc(), Course.id.desc())
    )
    if topic:
        query = query.join(Course.topic).where(Topic.slug == topic)
    return page_of(query, number, COURSES_A_PAGE)


def topic_counts(words: str) -> list[TopicCount]:
    """Count the courses that these words find under each topic."""
    rows = db.session.execute(
        select(Topic, func.count(Course.id))
        .join(Course, Course.topic_id == Topic.id)
        .where(_published(words))
        .group_by(Topic.id)
        .order_by(Topic.position, Topic.name)
    )
    return [TopicCount(topic, courses) for topic, courses in rows]


def _published(words: str) -> ColumnElement[bool]:
    found = [
        Course.search.contains(word, autoescape=True) for word in fold(words).split()
    ]
    condition: ColumnElement[bool] = Course.state == CourseState.PUBLISHED
    for one in found:
        condition = condition & one
    return condition


def course_by_slug(slug: str) -> Course | None:
    query = select(Course).filter_by(slug=slug).options(joinedload(Course.topic))
    return db.session.scalar(query)


def minutes_by_course(course_ids: Sequence[int]) -> dict[int, tuple[int, int]]:
    """Return (minutes, number of activities) of each of these courses."""
    rows = db.session.execute(
        select(Activity.course_id, func.sum(Activity.minutes), func.count())
        .where(Activity.course_id.in_(course_ids))
        .group_by(Activity.course_id)
    )
    return {course_id: (int(minutes), count) for course_id, minutes, count in rows}


def all_topics() -> Sequence[Topic]:
    return db.session.scalars(select(Topic).order_by(Topic.position, Topic.name)).all()


def courses_to_edit(
    scopes: Sequence[str] | None, words: str, number: int
) -> Page[Course]:
    """Return the courses within these scopes (None: all of them), newest first."""
    query: Select[Any] = select(Course).options(joinedload(Course.topic))
    if scopes is not None:
        ids = [
            int(s.removeprefix("course:")) for s in scopes if s.startswith("course:")
        ]
        query = query.where(Course.id.in_(ids))
    for word in fold(words).split():
        query = query.where(Course.search.contains(word, autoescape=True))
    return page_of(query.order_by(Course.created_at.desc(), Course.id.desc()), number)


def lesson_of(activity_id: int) -> Activity:
    """Return an activity with its content and its course, in one query."""
    query = (
        select(Activity)
        .filter_by(id=activity_id)
        .options(undefer(Activity.content), joinedload(Activity.course))
        .execution_options(populate_existing=True)
    )
    return db.session.scalars(query).one()


def add_topic(slug: str, name: str, position: int) -> Topic:
    found = db.session.scalar(select(Topic).filter_by(slug=slug))
    if found:
        return found
    topic = Topic(slug=slug, name=name, position=position)
    db.session.add(topic)
    db.session.flush()
    return topic


def create_course(
    title: str, topic: Topic, author_id: int, now: datetime, **given: Any
) -> Course:
    """Make a draft.  Its address is made from its title unless one is given."""
    course = Course(
        slug=given.pop("slug", None) or _free_slug(title),
        title=title,
        topic_id=topic.id,
        created_by_id=author_id,
        created_at=now,
        search="",
        **{"summary": "", "description": "", "audience": ""} | given,
    )
    course.outcomes = course.outcomes or []
    course.legal_basis = course.legal_basis or []
    _index(course)
    db.session.add(course)
    db.session.flush()
    audit.record("course-created", f"course:{course.id}", author_id, now)
    return course


def update_course(course: Course, values: dict[str, Any]) -> None:
    for name, value in values.items():
        setattr(course, name, value)
    _index(course)


def _index(course: Course) -> None:
    words = (course.title, course.summary, course.audience, *course.outcomes)
    course.search = fold(" ".join(words))


def _free_slug(title: str) -> str:
    base = re.sub(r"[^a-z0-9]+", "-", fold(title)).strip("-")[:60] or "khoa-hoc"
    taken = db.session.scalar(select(Course.id).filter_by(slug=base))
    return f"{base}-{secrets.token_hex(3)}" if taken else base


def add_module(course: Course, title: str, summary: str = "") -> Module:
    last = db.session.scalar(
        select(func.max(Module.position)).filter_by(course_id=course.id)
    )
    module = Module(
        course_id=course.id, title=title, summary=summary, position=(last or 0) + 1
    )
    db.session.add(module)
    db.session.flush()
    return module


def remove_module(module: Module) -> None:
    if module.activities:
        raise Refused(CatalogueRefusal.MODULE_NOT_EMPTY)
    db.session.delete(module)


def add_activity(module: Module, kind: str, title: str, **given: Any) -> Activity:
    last = db.session.scalar(
        select(func.max(Activity.position)).filter_by(module_id=module.id)
    )
    content = parse(kind, given.pop("content", {}))
    activity = Activity(
        course_id=module.course_id,
        module_id=module.id,
        kind=kind,
        title=title,
        position=(last or 0) + 1,
        content=content.stored(),
        **given,
    )
    db.session.add(activity)
    db.session.flush()
    return activity


def update_activity(activity: Activity, content: dict[str, Any], **values: Any) -> None:
    activity.content = parse(activity.kind, content).stored()
    for name, value in values.items():
        setattr(activity, name, value)


def remove_activity(activity: Activity) -> None:
    """Delete the activity, unless a learner's record already rests on it."""
    try:
        with db.session.begin_nested():
            db.session.delete(activity)
    except IntegrityError as error:
        raise Refused(CatalogueRefusal.HAS_PROGRESS) from error


def set_prerequisites(activity: Activity, required_ids: Sequence[int]) -> None:
    """Let the activity wait for these others of its course, or raise Refused."""
    wanted = set(required_ids) - {activity.id}
    inside = outline_of(activity.course_id).activities
    if not wanted <= {other.id for other in inside}:
        raise Refused(CatalogueRefusal.PREREQUISITE_ELSEWHERE)
    needs = {other.id: other.needs for other in inside} | {activity.id: wanted}
    if activity.id in in_a_circle(needs):
        raise Refused(CatalogueRefusal.PREREQUISITE_CYCLE)
    query = select(Activity).where(Activity.id.in_(wanted))
    activity.prerequisites = list(db.session.scalars(query))


def arrange_modules(course: Course, order: Sequence[int]) -> None:
    """Put the course's modules in this order; it names each of them once."""
    modules = {module.id: module for module in course.modules}
    if not reordered(list(modules), order):
        raise Refused(CatalogueRefusal.WRONG_ORDER)
    for position, module_id in enumerate(order, 1):
        modules[module_id].position = position


def arrange_activities(module: Module, order: Sequence[int]) -> None:
    """Put these activities of the course into the module, in this order.

    Activities of the module that are not named (one was just dragged elsewhere) follow
    after them.
    """
    query = select(Activity).filter_by(course_id=module.course_id)
    inside = {activity.id: activity for activity in db.session.scalars(query)}
    if not set(order) <= set(inside) or len(set(order)) != len(order):
        raise Refused(CatalogueRefusal.WRONG_ORDER)
    rest = [a.id for a in module.activities if a.id not in order]
    for position, activity_id in enumerate([*order, *rest], 1):
        inside[activity_id].module_id = module.id
        inside[activity_id].position = position


def problems_of(
    course: Course, outline: Outline, checks: Sequence[PublishCheck]
) -> list[Problem]:
    """Say everything that keeps the course from being completed."""
    contents = _contents_of(course.id)
    modules = [
        (
            module.title,
            [
                Part(a.id, a.title, a.required, a.needs, contents[a.id].problem())
                for a in module.activities
            ],
        )
        for module in outline.modules
    ]
    return [
        *publish_problems(modules),
        *(problem for check in checks for problem in check(course)),
    ]


def _contents_of(course_id: int) -> dict[int, Any]:
    rows = db.session.execute(
        select(Activity.id, Activity.kind, Activity.content).filter_by(
            course_id=course_id
        )
    )
    return {key: parse(kind, content) for key, kind, content in rows}


def publish(
    course: Course, checks: Sequence[PublishCheck], actor_id: int, now: datetime
) -> None:
    """Show the course in the catalogue, or raise Refused."""
    if problems_of(course, outline_of(course.id), checks):
        raise Refused(CatalogueRefusal.CANNOT_BE_COMPLETED)
    course.state = CourseState.PUBLISHED
    course.published_at = course.published_at or now
    audit.record("course-published", f"course:{course.id}", actor_id, now)


def withdraw(course: Course, actor_id: int, now: datetime) -> None:
    """Take the course out of the catalogue; who takes it already keeps it."""
    course.state = CourseState.DRAFT
    audit.record("course-withdrawn", f"course:{course.id}", actor_id, now)
