"""Reading Moodle XML: question after question, each found or refused by itself."""

import json
import re
from collections.abc import Callable
from typing import Any

from courses.exchange.exported import digest_of
from courses.exchange.formats import texts
from courses.exchange.formats.moodle_xml import (
    calculated,
    on_pictures,
    passages,
    simple,
)
from courses.exchange.formats.moodle_xml.texts import (
    PLUGIN_FILE,
    Question,
    value_of,
)
from courses.exchange.formats.moodle_xml.writing import CARRIER
from courses.exchange.markup import to_plain
from courses.exchange.pictures import Album
from courses.exchange.rules import (
    LONGEST_TITLE,
    MOST_ITEMS,
    Found,
    NotFound,
    NotTaken,
    Reading,
    Trouble,
)
from courses.exchange.xml import Element, child, children, local, parsed, text_of
from courses.items.types import parse

NAME = "moodle_xml"
KINDS: dict[str, Callable[[Question], dict[str, Any]]] = {
    "multichoice": simple.multichoice,
    "multichoiceset": simple.multichoiceset,
    "truefalse": simple.truefalse,
    "shortanswer": simple.shortanswer,
    "numerical": simple.numerical,
    "matching": simple.matching,
    "match": simple.matching,
    "ordering": simple.ordering,
    "kprime": simple.statements,
    "mtf": simple.statements,
    "essay": simple.essay,
    "description": simple.description,
    "cloze": passages.cloze,
    "multianswer": passages.cloze,
    "gapselect": passages.gapselect,
    "ddwtos": passages.ddwtos,
    "ddimageortext": on_pictures.ddimageortext,
    "ddmarker": on_pictures.ddmarker,
    "calculated": calculated.calculated,
    "calculatedsimple": calculated.calculated,
    "calculatedmulti": calculated.calculatedmulti,
}
IN_TEXT = re.compile(r"@@PLUGINFILE@@/[\w.-]+")


def read(content: bytes) -> Reading:
    root = parsed(content)
    if local(root) != "quiz":
        raise NotTaken(Trouble.UNKNOWN_FORMAT, local(root))
    items: list[Found | NotFound] = []
    topic: tuple[str, ...] = ()
    for element in children(root, "question"):
        kind = element.get("type", "").strip().lower()
        if kind == "category":
            topic = texts.topic_of(value_of(element, "category"))
            continue
        if len(items) >= MOST_ITEMS:
            raise NotTaken(Trouble.TOO_MANY)
        items.append(_item(element, kind, topic, len(items) + 1))
    return Reading(NAME, tuple(items))


def _item(
    element: Element, kind: str, topic: tuple[str, ...], number: int
) -> Found | NotFound:
    question = Question(element)
    title = " ".join(value_of(element, "name").split())[:LONGEST_TITLE]
    where = f"{number} (dòng {element.sourceline})"
    try:
        if kind not in KINDS:
            raise NotTaken(Trouble.KIND_NOT_SUPPORTED, kind)
        spec = carried(question) or KINDS[kind](question)
    except NotTaken as problem:
        return NotFound(
            where=where,
            trouble=problem.trouble,
            detail=problem.detail,
            title=title or texts.short(to_plain(value_of(element, "questiontext"))),
            topic=topic,
            pictures=question.album.pictures,
        )
    tags = _tags(element)
    return Found(
        where=where,
        spec=spec,
        title=title,
        external_id=question.value("idnumber")[:LONGEST_TITLE],
        topic=topic,
        level=next((tag.upper() for tag in tags if texts.LEVEL.fullmatch(tag)), ""),
        tags=tags,
        points=_points(question),
        pictures=question.album.pictures,
        notes=tuple(sorted(question.album.notes)),
    )


def carried(question: Question) -> dict[str, Any] | None:
    """Return our own stored form, if nobody changed the question since we wrote it."""
    carrier = child(question.element, CARRIER)
    if carrier is None or carrier.get("digest") != digest_of(question.element, CARRIER):
        return None
    try:
        found = json.loads(carrier.text or "")
        parse(found)
    except (ValueError, RecursionError):
        return None
    spec: dict[str, Any] = _with_pictures(found, question.album)
    return spec


def _with_pictures(said: Any, album: Album) -> Any:
    """Take the pictures of a stored form into the album, wherever they stand."""
    if isinstance(said, dict):
        return {key: _with_pictures(one, album) for key, one in said.items()}
    if isinstance(said, list):
        return [_with_pictures(one, album) for one in said]
    if isinstance(said, str) and PLUGIN_FILE in said:
        return IN_TEXT.sub(lambda found: album.taken(found[0]) or found[0], said)
    return said


def _points(question: Question) -> str:
    given = question.value("defaultgrade").strip()
    trimmed = given.rstrip("0").rstrip(".") if "." in given else given
    return trimmed if re.fullmatch(r"\d{1,5}(\.\d{1,7})?", trimmed) else ""


def _tags(element: Element) -> tuple[str, ...]:
    listed = child(element, "tags")
    tags = [] if listed is None else [text_of(tag) for tag in children(listed, "tag")]
    return tuple(
        dict.fromkeys(" ".join(tag.split())[:100] for tag in tags if tag.strip())
    )
