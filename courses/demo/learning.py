"""What the invented people have learnt so far, so that pages look alive.

Every step goes through the services that real learners use: what counts as done is
decided there and nowhere else.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from courses.catalogue.activities.contract import DoneBy
from courses.catalogue.models import Activity, Course
from courses.catalogue.outline import outline_of
from courses.enrolment import services as enrolment
from courses.items.rules import Item
from courses.quizzes.rules.attempts import Save
from courses.quizzes.services import attempts, quizzes
from lms.kernel.db import db

READING_TIME = timedelta(minutes=4)
ATTEMPT_TIME = timedelta(minutes=6)


@dataclass(frozen=True, slots=True)
class Story:
    """One person takes one course: enrols, reads so many pages, perhaps finishes."""

    starts_at: datetime
    learner_id: int
    course: Course
    pages: int
    finishes: bool = False
    fails_first: bool = False


def tell(stories: Iterable[Story]) -> None:
    """Let the stories happen, the earliest first."""
    for story in sorted(stories, key=lambda one: (one.starts_at, one.learner_id)):
        _happen(story)


def _happen(story: Story) -> None:
    enrolment.enrol(story.course, story.learner_id, story.starts_at)
    now = story.starts_at
    activities = _activities_of(story.course)
    read = [a for a in activities if a.type.done_by is DoneBy.READING]
    for activity in read if story.finishes else read[: story.pages]:
        now += READING_TIME
        enrolment.mark_read(activity, story.learner_id, now)
    if not story.finishes:
        return
    for activity in activities:
        if activity.type.done_by is DoneBy.PASSING:
            now = _pass(activity, story, now)


def _activities_of(course: Course) -> Sequence[Activity]:
    """Return the activities in the order of the outline."""
    order = [activity.id for activity in outline_of(course.id).activities]
    query = select(Activity).where(Activity.course_id == course.id)
    by_id = {activity.id: activity for activity in db.session.scalars(query)}
    return [by_id[key] for key in order]


def _pass(activity: Activity, story: Story, now: datetime) -> datetime:
    if story.fails_first:
        _attempt(activity, story.learner_id, 0.5, now)
        now += 2 * ATTEMPT_TIME
    _attempt(activity, story.learner_id, 1.0, now)
    return now + ATTEMPT_TIME


def _attempt(activity: Activity, learner_id: int, share: float, now: datetime) -> None:
    """Make an attempt in which this share of the items is answered, and rightly."""
    quiz = quizzes.quiz_of(activity)
    if quiz is None:
        return
    attempt = attempts.start_attempt(quiz, learner_id, now)
    asked = attempts.asked_in(attempt)
    for one in asked[: round(len(asked) * share)]:
        save = Save(1, right_response(one.item), flagged=False)
        attempts.save_response(attempt, one.place.position, save, "form", now)
    attempts.submit(attempt, now + ATTEMPT_TIME)


def right_response(item: Item) -> Any:
    """Return a response that gets full marks."""
    key = item.key()
    return key[0] if item.kind == "short_answer" else key
