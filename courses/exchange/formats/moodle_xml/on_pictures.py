"""Moodle's question types on a picture: labels dragged to zones, markers."""

import re
from typing import Any

from courses.exchange.formats import specs
from courses.exchange.formats.moodle_xml.simple import kept_order
from courses.exchange.formats.moodle_xml.texts import Question, value_of
from courses.exchange.markup import to_plain
from courses.exchange.pictures import size_of, unpacked
from courses.exchange.rules import PICTURES, NotTaken, Trouble
from courses.exchange.xml import Element, child

USUAL_LABEL = (100, 28)
"""How large a zone for a label of words is; Moodle measures them in the browser."""

NUMBERS = re.compile(r"-?\d+(?:\.\d+)?")
UNLIMITED = 10


def ddimageortext(question: Question) -> dict[str, Any]:
    drags = {value_of(drag, "no"): drag for drag in question.all("drag")}
    labels = [_label(question, key, drag) for key, drag in drags.items()]
    by_key = dict(zip(drags, labels, strict=True))
    zones = []
    for number, drop in enumerate(question.all("drop"), 1):
        label = by_key.get(value_of(drop, "choice"))
        if label is None:
            raise NotTaken(Trouble.WRONG_PAIRS, value_of(drop, "choice"))
        left, top = _pixel(drop, "xleft"), _pixel(drop, "ytop")
        width, height = label["size"]
        words = value_of(drop, "text")
        zones.append(
            {
                "id": f"z{number}",
                "shape": "rectangle",
                "coords": [left, top, left + width, top + height],
                "correct": [label["id"]],
                "group": label["group"],
                **specs.said(label=words[:200]),
            }
        )
    if not zones or not labels:
        raise NotTaken(Trouble.NO_OPTIONS)
    return {
        "kind": "image_labels",
        "stem": question.stem,
        "picture": background(question),
        "labels": [_without_size(label) for label in labels],
        "zones": zones,
        **question.frame(),
        **kept_order(question),
    }


def _without_size(label: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in label.items() if name != "size"}


def _label(question: Question, key: str, drag: Element) -> dict[str, Any]:
    text, size = specs.escaped(value_of(drag, "text")), USUAL_LABEL
    content = _content(drag)
    if content:
        kept = question.album.added(content, _name(drag))
        size = size_of(content) or USUAL_LABEL
        if kept:
            alt = specs.quoted(value_of(drag, "text"))
            text = f'<img src="{kept}" alt="{alt}">'
    if not text:
        raise NotTaken(Trouble.NO_OPTIONS)
    group = value_of(drag, "draggroup")
    return {
        "id": f"d{key}" if key.isalnum() and key.isascii() else "d0",
        "text": text,
        "group": int(group) if group.isdecimal() and 0 < int(group[:3]) <= 20 else 1,  # noqa: PLR2004
        "uses": 0 if child(drag, "infinite") is not None else 1,
        "size": size,
    }


def _content(element: Element) -> bytes | None:
    file = child(element, "file")
    return unpacked(file.text or "") if file is not None else None


def _name(element: Element) -> str:
    file = child(element, "file")
    return file.get("name", "") if file is not None else ""


def background(question: Question) -> dict[str, Any]:
    content = _content(question.element)
    size = size_of(content) if content else None
    kept = question.album.added(content, _name(question.element)) if content else None
    if size is None or kept is None:
        raise NotTaken(Trouble.FILE_MISSING, _name(question.element))
    assert kept.startswith(PICTURES)  # noqa: S101 -- what an album adds lies there
    alt = to_plain(question.said("questiontext"))[:200]
    return {"src": kept, "width": size[0], "height": size[1], "alt": alt}


def _pixel(element: Element, name: str) -> int:
    try:
        found = round(float(value_of(element, name) or "0"))
    except (ValueError, OverflowError):
        raise NotTaken(Trouble.WRONG_NUMBER, value_of(element, name)) from None
    if abs(found) > 19_000:  # noqa: PLR2004
        raise NotTaken(Trouble.WRONG_NUMBER, value_of(element, name))
    return found


def ddmarker(question: Question) -> dict[str, Any]:
    drags = {value_of(drag, "no"): drag for drag in question.all("drag")}
    targets = []
    for number, drop in enumerate(question.all("drop"), 1):
        choice = value_of(drop, "choice")
        if choice not in drags:
            raise NotTaken(Trouble.WRONG_PAIRS, choice)
        targets.append(
            {"id": f"t{number}", "marker": f"m{choice}", **_shape(drop)},
        )
    used = [target["marker"] for target in targets]
    markers = [
        {
            "id": f"m{key}",
            "label": to_plain(value_of(drag, "text"))[:200],
            "uses": _uses(drag, used.count(f"m{key}")),
        }
        for key, drag in drags.items()
    ]
    if not targets or any(not one["label"] for one in markers):
        raise NotTaken(Trouble.NO_OPTIONS)
    shows = question.is_on("showmisplaced")
    return {
        "kind": "markers",
        "stem": question.stem,
        "picture": background(question),
        "markers": markers,
        "targets": targets,
        **specs.said(shows_misplaced=shows),
        **question.frame(),
    }


def _uses(drag: Element, targets: int) -> int:
    given = value_of(drag, "noofdrags")
    free = child(drag, "infinite") is not None
    said = UNLIMITED if free else int(given[:3]) if given.isdecimal() else 1
    return min(max(said, targets, 1), UNLIMITED)


def _shape(drop: Element) -> dict[str, Any]:
    """Read ``x,y;w,h``, ``x,y;r`` or the corners of a polygon."""
    shape = value_of(drop, "shape").lower()
    given = value_of(drop, "coords")
    try:
        coords = [round(float(one)) for one in NUMBERS.findall(given)]
    except OverflowError:
        raise NotTaken(Trouble.WRONG_NUMBER, given) from None
    if shape == "rectangle" and len(coords) == 4:  # noqa: PLR2004
        left, top, width, height = coords
        coords = [left, top, left + width, top + height]
    return {"shape": shape, "coords": coords}
