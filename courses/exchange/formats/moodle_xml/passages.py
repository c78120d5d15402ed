"""Moodle's question types with gaps in a passage."""

import re
from typing import Any

from courses.exchange.formats import cloze as cloze_text
from courses.exchange.formats.moodle_xml.simple import kept_order
from courses.exchange.formats.moodle_xml.texts import Question, value_of
from courses.exchange.markup import with_formulas
from courses.exchange.rules import NotTaken, Trouble
from courses.exchange.xml import Element, child

GAP = re.compile(r"\[\[(\d{1,3})\]\]")


def cloze(question: Question) -> dict[str, Any]:
    def rich(text: str) -> str:
        return question.album.rich(with_formulas(text))

    return cloze_text.spec_of(question.stem, rich, **question.frame())


def gapselect(question: Question) -> dict[str, Any]:
    return _gaps(question, "menu")


def ddwtos(question: Question) -> dict[str, Any]:
    # Old exports of the drag-and-drop type carry the tags of its sister.
    return _gaps(question, "drag")


def _gaps(question: Question, display: str) -> dict[str, Any]:
    """``[[2]]`` is a gap where the second choice is right."""
    boxes = question.all("selectoption", "dragbox")
    words = [_word(box, number) for number, box in enumerate(boxes, 1)]
    gaps: list[dict[str, Any]] = []

    def gap(found: re.Match[str]) -> str:
        number = int(found[1])
        if not 0 < number <= len(words):
            raise NotTaken(Trouble.WRONG_CLOZE, found[0])
        gaps.append({"id": f"g{len(gaps) + 1}", "correct": [f"w{number}"]})
        return f"[[g{len(gaps)}]]"

    passage = GAP.sub(gap, question.stem)
    if not gaps:
        raise NotTaken(Trouble.WRONG_CLOZE)
    _let_alike_be_right(words, gaps)
    _allow_uses(words, gaps, display)
    return {
        "kind": "drag_words",
        "stem": "",
        "passage": passage,
        "words": words,
        "gaps": gaps,
        "display": display,
        **question.frame(),
        **kept_order(question),
    }


def _word(box: Element, number: int) -> dict[str, Any]:
    text = value_of(box, "text")
    if not text:
        raise NotTaken(Trouble.NO_OPTIONS)
    group = value_of(box, "group")
    free = child(box, "infinite") is not None
    return {
        "id": f"w{number}",
        "text": with_formulas(text),
        "group": int(group) if group.isdecimal() and 0 < int(group[:3]) <= 20 else 1,  # noqa: PLR2004
        "uses": 0 if free else 1,
    }


def _let_alike_be_right(
    words: list[dict[str, Any]], gaps: list[dict[str, Any]]
) -> None:
    """Where two words read alike, either is right in a gap of the same group."""
    by_id = {word["id"]: word for word in words}
    for gap in gaps:
        right = by_id[gap["correct"][0]]
        gap["correct"] += [
            word["id"]
            for word in words
            if word["id"] != right["id"]
            and (word["text"], word["group"]) == (right["text"], right["group"])
        ]


def _allow_uses(
    words: list[dict[str, Any]], gaps: list[dict[str, Any]], display: str
) -> None:
    """Let a menu offer each word anywhere, a dragged one as often as it is right."""
    right = [gap["correct"][0] for gap in gaps]
    for word in words:
        if display == "menu":
            word["uses"] = 0
        elif word["uses"]:
            word["uses"] = max(1, right.count(word["id"]))
