"""The activity that a page about a quiz belongs to."""

from typing import Any

from flask import abort

from courses.catalogue.models import Activity
from courses.quizzes.models.quizzes import Quiz


def activity_of(quiz: Quiz) -> Activity:
    """Return where the quiz stands; 404 for one that stands in no course."""
    if quiz.activity is None:
        abort(404)
    return quiz.activity


def around(quiz: Quiz) -> dict[str, Any]:
    """Return what the head of each page about a quiz is drawn from."""
    activity = activity_of(quiz)
    return {"quiz": quiz, "activity": activity, "course": activity.course}
