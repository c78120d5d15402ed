"""The courses as their files tell them: TOML and Markdown to plain values.

Pure reading: nothing here knows the database.  What is wrong raises ContentError with
the file and the field, before anything was filled.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from courses.demo.fields import ContentError, Fields, load, name_of, text_of
from courses.demo.lessons import line_html, paragraph_html, stray_fence
from courses.items.types import parse
from courses.quizzes.rules.attempts import ReviewPolicy

CONTENT = Path(__file__).with_name("content")
COVERS = (
    "overview",
    "public-services",
    "health",
    "lodging",
    "learning",
    "citizen",
    "data",
    "economy",
    "school",
    "exam",
)
KINDS = ("page", "video", "quiz")
ITEM_KINDS = ("single_choice", "multiple_choice", "true_false", "short_answer")
"""What a quiz of the texts may ask; the bank shows every other kind."""
SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
OPTION_IDS = "abcdefghijkl"


@dataclass(frozen=True, slots=True)
class TopicText:
    slug: str
    name: str


@dataclass(frozen=True, slots=True)
class ItemText:
    """A question, ready to be stored, and the words of the plan that prove it."""

    spec: dict[str, Any]
    source: str

    @property
    def kind(self) -> str:
        return str(self.spec["kind"])


@dataclass(frozen=True, slots=True)
class QuizText:
    items: tuple[ItemText, ...]
    pass_mark: int
    time_limit_minutes: int
    max_attempts: int
    shuffle_items: bool
    shuffle_options: bool
    review: ReviewPolicy


@dataclass(frozen=True, slots=True)
class ActivityText:
    slug: str
    kind: str
    title: str
    minutes: int
    required: bool
    after: tuple[str, ...]
    """Slugs of the activities of this course that must be done before."""
    markdown: str
    """The lesson of a page, the text twin of a video."""
    film: str
    """Which film the video shows; empty for what is no video."""
    captions: str
    """The film's captions as WebVTT."""
    quiz: QuizText | None


@dataclass(frozen=True, slots=True)
class ModuleText:
    title: str
    summary: str
    activities: tuple[ActivityText, ...]


@dataclass(frozen=True, slots=True)
class CourseText:
    slug: str
    title: str
    summary: str
    description: str
    """Markdown."""
    outcomes: tuple[str, ...]
    audience: str
    legal_basis: tuple[str, ...]
    topic: str
    cover: str
    is_open: bool
    modules: tuple[ModuleText, ...]

    @property
    def activities(self) -> tuple[ActivityText, ...]:
        return tuple(a for module in self.modules for a in module.activities)


def read_courses(folder: Path = CONTENT) -> tuple[CourseText, ...]:
    """Read every course below *folder*, the longest first as the catalogue's head."""
    topics = {topic.slug for topic in read_topics(folder)}
    courses = [
        read_course(path.parent, topics) for path in folder.glob("*/course.toml")
    ]
    return tuple(sorted(courses, key=lambda one: (-len(one.activities), one.slug)))


def read_topics(folder: Path = CONTENT) -> tuple[TopicText, ...]:
    fields = load(folder / "topics.toml")
    topics = tuple(
        TopicText(_slug(one), one.text("name", 120)) for one in fields.tables("topics")
    )
    fields.done()
    return topics


def read_plan(folder: Path = CONTENT) -> str:
    """Return the plan's own words, the only source of facts."""
    return text_of(folder / "plan.txt")


def read_course(folder: Path, topics: Sequence[str] | set[str]) -> CourseText:
    fields = load(folder / "course.toml")
    course = CourseText(
        slug=_slug(fields),
        title=fields.text("title", 200),
        summary=fields.text("summary", 200),
        description=fields.text("description", 4000),
        outcomes=fields.texts("outcomes"),
        audience=fields.text("audience", 300),
        legal_basis=fields.texts("legal_basis"),
        topic=fields.choice("topic", topics),
        cover=fields.choice("cover", COVERS),
        is_open=fields.switch("open", True),
        modules=tuple(_module(one, folder) for one in fields.tables("modules")),
    )
    fields.done()
    if course.slug != folder.name:
        raise fields.error(
            "slug", f"is {course.slug!r}, but its folder {folder.name!r}"
        )
    _check_order(course, fields)
    return course


def _check_order(course: CourseText, fields: Fields) -> None:
    """Each slug once, and every prerequisite before what waits for it."""
    seen: set[str] = set()
    for activity in course.activities:
        if activity.slug in seen:
            raise fields.error(
                "modules", f"two activities are called {activity.slug!r}"
            )
        for needed in activity.after:
            if needed not in seen:
                raise fields.error(
                    "modules", f"{activity.slug!r} waits for {needed!r}, not before it"
                )
        seen.add(activity.slug)


def _module(fields: Fields, folder: Path) -> ModuleText:
    module = ModuleText(
        title=fields.text("title", 200),
        summary=fields.text("summary", 500, ""),
        activities=tuple(_activity(a, folder) for a in fields.tables("activities")),
    )
    fields.done()
    return module


def _activity(fields: Fields, folder: Path) -> ActivityText:
    kind = fields.choice("kind", KINDS)
    source = "items" if kind == "quiz" else "file"
    file = folder / fields.text(source, 120)
    film = fields.text("film", 60) if kind == "video" else ""
    captions = folder / fields.text("captions", 120) if kind == "video" else None
    activity = ActivityText(
        slug=_slug(fields, re.sub(r"^\d+-", "", file.stem)),
        kind=kind,
        title=fields.text("title", 200),
        minutes=fields.whole("minutes", 1, 240),
        required=fields.switch("required", True),
        after=fields.texts("after", []),
        markdown="" if kind == "quiz" else _lesson(file),
        film=film,
        captions=text_of(captions) if captions else "",
        quiz=_quiz(fields, file) if kind == "quiz" else None,
    )
    fields.done()
    return activity


def _lesson(path: Path) -> str:
    markdown = text_of(path)
    if not markdown.strip():
        raise ContentError(name_of(path), "the lesson is empty")
    if line := stray_fence(markdown):
        raise ContentError(name_of(path), f"line {line} fences no block we know")
    return markdown


def _quiz(fields: Fields, path: Path) -> QuizText:
    return QuizText(
        items=read_items(path),
        pass_mark=fields.whole("pass_mark", 1, 100),
        time_limit_minutes=fields.whole("time_limit_minutes", 1, 240),
        max_attempts=fields.whole("max_attempts", 1, 50),
        shuffle_items=fields.switch("shuffle_items", False),
        shuffle_options=fields.switch("shuffle_options", False),
        review=ReviewPolicy(fields.choice("review", [*ReviewPolicy])),
    )


def read_items(path: Path) -> tuple[ItemText, ...]:
    fields = load(path)
    items = tuple(_item(one) for one in fields.tables("items"))
    fields.done()
    return items


def _item(fields: Fields) -> ItemText:
    kind = fields.choice("kind", ITEM_KINDS)
    spec: dict[str, Any] = {
        "kind": kind,
        "stem": paragraph_html(fields.text("stem", 1000)),
        "explanation": paragraph_html(fields.text("explanation", 1000)),
    }
    if kind == "short_answer":
        spec["accepted"] = [*fields.texts("accepted")]
        spec["ignore_accents"] = fields.switch("ignore_accents", False)
    elif kind == "true_false":
        spec["correct"] = fields.raw("correct")
    else:
        spec |= _choices(fields, kind)
    item = ItemText(_checked(spec, fields), fields.text("source", 1000))
    fields.done()
    return item


def _choices(fields: Fields, kind: str) -> dict[str, Any]:
    """Options get their letters by place; ``correct`` counts places from 0."""
    texts = fields.texts("options")
    right = fields.raw("correct")
    places = right if kind == "multiple_choice" else [right]
    if not isinstance(places, list) or not all(type(n) is int for n in places):
        raise fields.error("correct", "names places in 'options'")
    if not all(0 <= n < min(len(texts), len(OPTION_IDS)) for n in places):
        raise fields.error("correct", "names a place that is not there")
    letters = [OPTION_IDS[n] for n in places]
    return {
        "options": [
            {"id": key, "text": line_html(text)}
            for key, text in zip(OPTION_IDS, texts, strict=False)
        ],
        "correct": letters if kind == "multiple_choice" else letters[0],
    }


def _checked(spec: dict[str, Any], fields: Fields) -> dict[str, Any]:
    try:
        return parse(spec).stored()
    except ValueError as error:
        raise ContentError(fields.where, str(error)) from error


def _slug(fields: Fields, default: str | None = None) -> str:
    slug = fields.text("slug", 80, default)
    if not SLUG.fullmatch(slug):
        raise fields.error("slug", f"{slug!r} is not lower-case words with hyphens")
    return slug
