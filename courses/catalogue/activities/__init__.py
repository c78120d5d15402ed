"""The activity types, one module each, and the table that finds them by kind.

A new type is one module here, one template ``activities/<kind>.html`` for the learner,
one form in ``catalogue/forms.py``, and one line in the table.
"""

from collections.abc import Mapping
from typing import Any

from courses.catalogue.activities.contract import ActivityType
from courses.catalogue.activities.file import FileContent
from courses.catalogue.activities.link import LinkContent
from courses.catalogue.activities.page import PageContent
from courses.catalogue.activities.quiz import QuizContent
from courses.catalogue.activities.video import VideoContent

ACTIVITY_TYPES: dict[str, type[ActivityType]] = {
    kind.kind: kind
    for kind in (PageContent, VideoContent, FileContent, LinkContent, QuizContent)
}


def parse(kind: str, content: Mapping[str, Any]) -> ActivityType:
    """Read an activity's stored content; ValueError where it is wrong."""
    if kind not in ACTIVITY_TYPES:
        raise ValueError(f"no activity type is called {kind!r}")
    return ACTIVITY_TYPES[kind].parse(content)
