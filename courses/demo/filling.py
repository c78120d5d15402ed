"""One course from its files into the catalogue: parts, film, items, published."""

from collections.abc import Mapping
from datetime import datetime
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from courses.catalogue import services as catalogue
from courses.catalogue.models import Activity, Course, Module, Topic
from courses.demo import film
from courses.demo.lessons import html_of
from courses.demo.once import is_first
from courses.demo.reading import (
    CONTENT,
    ActivityText,
    CourseText,
    ModuleText,
    QuizText,
    TopicText,
)
from courses.quizzes.services import quizzes
from lms.kernel import richtext
from media import services as media
from media.models import Asset
from media.rules.files import AssetKind


def fill_topics(texts: tuple[TopicText, ...]) -> dict[str, Topic]:
    return {
        text.slug: catalogue.add_topic(text.slug, text.name, position)
        for position, text in enumerate(texts, 1)
    }


def fill_course(
    text: CourseText,
    topics: Mapping[str, Topic],
    author_id: int,
    *,
    published_at: datetime,
    now: datetime,
) -> Course | None:
    """Add and publish a course, once; None where it was there before."""
    taken = catalogue.course_by_slug(text.slug) is not None
    if not is_first(f"course/{text.slug}", now) or taken:
        return None
    course = catalogue.create_course(
        text.title,
        topics[text.topic],
        author_id,
        published_at,
        slug=text.slug,
        summary=text.summary,
        description=richtext.from_markdown(text.description),
        outcomes=[*text.outcomes],
        audience=text.audience,
        legal_basis=[*text.legal_basis],
        cover=text.cover,
        is_open=text.is_open,
    )
    made: dict[str, Activity] = {}
    for module in text.modules:
        made |= _fill_module(course, module, author_id, now)
    for activity in text.activities:
        if activity.after:
            needed = [made[slug].id for slug in activity.after]
            catalogue.set_prerequisites(made[activity.slug], needed)
    catalogue.publish(course, (quizzes.publish_problems,), author_id, published_at)
    return course


def _fill_module(
    course: Course, text: ModuleText, author_id: int, now: datetime
) -> dict[str, Activity]:
    module = catalogue.add_module(course, text.title, text.summary)
    return {
        activity.slug: _fill_activity(module, activity, author_id, now)
        for activity in text.activities
    }


def _fill_activity(
    module: Module, text: ActivityText, author_id: int, now: datetime
) -> Activity:
    kind = text.kind
    content: dict[str, Any] = {}
    if text.markdown:
        content["html"] = html_of(text.markdown)
    if text.film:
        folder = CONTENT / module.course.slug
        asset = fill_film(folder / f"{text.film}.toml", text.captions, author_id, now)
        # Where no film can be made, its text twin is the lesson.
        kind = "video" if asset else "page"
        content |= {"asset_id": asset.id} if asset else {}
    activity = catalogue.add_activity(
        module,
        kind,
        text.title,
        minutes=text.minutes,
        required=text.required,
        content=content,
    )
    if text.quiz:
        _fill_quiz(activity, text.quiz, author_id, now)
    return activity


def _fill_quiz(
    activity: Activity, text: QuizText, author_id: int, now: datetime
) -> None:
    quiz = quizzes.set_up(
        activity,
        pass_mark=text.pass_mark,
        time_limit_minutes=text.time_limit_minutes,
        max_attempts=text.max_attempts,
        shuffle_items=text.shuffle_items,
        shuffle_options=text.shuffle_options,
        review=text.review,
    )
    for item in text.items:
        quizzes.add_item(quiz, item.spec, author_id, now)


def fill_film(
    slides: Path, captions: str, owner_id: int, now: datetime
) -> Asset | None:
    """Make a film and keep it as an upload of its owner; None without ffmpeg."""
    with TemporaryDirectory() as folder:
        made = film.make(film.read_slides(slides), Path(folder))
        if made is None:
            return None
        with made.open("rb") as stream:
            name = f"{slides.stem}.mp4"
            upload = media.Upload(stream, name, "video/mp4", AssetKind.VIDEO)
            asset = media.store_upload(upload, owner_id, now)
    media.add_caption(asset, BytesIO(captions.encode()), "vi", "Tiếng Việt")
    return asset
