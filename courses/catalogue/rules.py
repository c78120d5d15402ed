"""What a course must have before it is published, and how its parts are ordered."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from courses.catalogue.activities.contract import ContentProblem
from lms.kernel.errors import Refusal


class CourseState(StrEnum):
    DRAFT = "draft"
    PUBLISHED = "published"


class CatalogueRefusal(Refusal):
    CANNOT_BE_COMPLETED = "course-cannot-be-completed"
    SLUG_TAKEN = "course-slug-taken"
    WRONG_ORDER = "order-names-other-parts"
    PREREQUISITE_CYCLE = "prerequisite-cycle"
    PREREQUISITE_ELSEWHERE = "prerequisite-elsewhere"
    MODULE_NOT_EMPTY = "module-not-empty"
    HAS_PROGRESS = "activity-has-progress"


class CourseProblem(StrEnum):
    """Why nobody could complete the course as it is."""

    NO_REQUIRED_ACTIVITY = "course-has-no-required-activity"
    EMPTY_MODULE = "module-has-no-activity"
    CIRCLE = "prerequisites-run-in-a-circle"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to mend before publishing, and where."""

    word: StrEnum
    where: str
    """The title of the module or activity; empty for the course itself."""
    activity_id: int | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """An activity, as publishing looks at it."""

    id: int
    title: str
    required: bool
    needs: frozenset[int]
    problem: ContentProblem | None


def publish_problems(modules: Sequence[tuple[str, Sequence[Part]]]) -> list[Problem]:
    """Say everything that keeps a course from being completed, all at once.

    *modules* are titles with their activities, in order.
    """
    parts = [part for _title, inside in modules for part in inside]
    problems = [
        Problem(CourseProblem.EMPTY_MODULE, title)
        for title, inside in modules
        if not inside
    ]
    if not any(part.required for part in parts):
        problems.append(Problem(CourseProblem.NO_REQUIRED_ACTIVITY, ""))
    problems += [
        Problem(part.problem, part.title, part.id) for part in parts if part.problem
    ]
    circling = in_a_circle({part.id: part.needs for part in parts})
    problems += [
        Problem(CourseProblem.CIRCLE, part.title, part.id)
        for part in parts
        if part.id in circling
    ]
    return problems


def in_a_circle(needs: Mapping[int, Iterable[int]]) -> set[int]:
    """Return the activities that can never open, because they wait for themselves."""
    waiting = {key: set(required) & set(needs) for key, required in needs.items()}
    while free := {key for key, required in waiting.items() if not required}:
        waiting = {
            key: required - free for key, required in waiting.items() if key not in free
        }
    return set(waiting)


def reordered(current: Sequence[int], wanted: Sequence[int]) -> bool:
    """Say whether *wanted* holds the same parts as *current*, each once."""
    return sorted(current) == sorted(wanted)
