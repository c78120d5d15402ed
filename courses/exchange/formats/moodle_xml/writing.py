"""Writing Moodle XML: each kind in Moodle's nearest type, with our own form beside.

Every question carries ``<lms-item>``, which Moodle passes over; it is believed when the
file comes back only as long as nobody changed the rest of the question.
"""

from base64 import b64encode
from collections.abc import Sequence
from typing import Any

import orjson
from lxml import etree

from courses.exchange.exported import (
    OWN,
    PICTURE,
    Exported,
    Pictures,
    Written,
    digest_of,
    no_pictures,
)
from courses.exchange.formats.moodle_xml import bodies
from courses.exchange.markup import to_delimited, to_plain
from courses.exchange.xml import Element, writable

CARRIER = "lms-item"
TYPES = {
    "single_choice": "multichoice",
    "multiple_choice": "multichoice",
    "true_false": "truefalse",
    "statements": "mtf",
    "short_answer": "shortanswer",
    "numerical": "numerical",
    "matching": "matching",
    "ordering": "ordering",
    "cloze": "cloze",
    "drag_words": "ddwtos",
    "hot_text": "multichoice",
    "association": "matching",
    "hotspot": "ddmarker",
    "image_labels": "ddimageortext",
    "markers": "ddmarker",
    "calculated": "calculated",
    "calculated_choice": "calculatedmulti",
    "essay": "essay",
    "file_upload": "essay",
    "description": "description",
}


def write(items: Sequence[Exported], pictures: Pictures = no_pictures) -> Written:
    root = etree.Element("quiz")
    topic: tuple[str, ...] = ()
    for item in items:
        if item.topic != topic:
            topic = item.topic
            _category(root, topic)
        root.append(_Question(item, pictures).element)
    content = etree.tostring(
        root, xml_declaration=True, encoding="UTF-8", pretty_print=True
    )
    return Written(content, "cau-hoi.xml", "application/xml")


def _category(root: Element, topic: tuple[str, ...]) -> None:
    question = etree.SubElement(root, "question", type="category")
    path = "/".join(name.replace("/", "//") for name in topic)
    add_text(etree.SubElement(question, "category"), f"$course$/top/{path}".rstrip("/"))


def add_text(parent: Element, text: str) -> Element:
    inner = etree.SubElement(parent, "text")
    inner.text = writable(text)
    return inner


class _Question:
    """One question being written."""

    def __init__(self, item: Exported, pictures: Pictures) -> None:
        self.item = item
        self.spec = item.spec
        self.pictures = pictures
        kind = self.spec["kind"]
        type_ = TYPES[kind]
        if kind == "drag_words" and self.spec.get("display") == "menu":
            type_ = "gapselect"
        self.element = etree.Element("question", type=type_)
        self._head()
        bodies.BODIES[kind](self)
        self._about()
        self._carry()

    def plain(self, name: str, text: Any) -> Element:
        """Add a child with bare words in it."""
        child = etree.SubElement(self.element, name)
        child.text = writable(str(text))
        return child

    def named(self, parent: Element, name: str, text: str) -> Element:
        """Add a child with ``<text>`` in it."""
        child = etree.SubElement(parent, name)
        add_text(child, text)
        return child

    def rich(self, parent: Element, name: str, html: str) -> Element:
        """Add rich text with its pictures."""
        child = etree.SubElement(parent, name, format="html")
        self.fill(child, html)
        return child

    def fill(self, child: Element, html: str) -> None:
        folders = dict.fromkeys(PICTURE.findall(html))
        files = {}
        for folder in folders:
            found = self.pictures(folder)
            if found:
                ending, content = found
                files[f"{OWN}{folder}.{ending}"] = content
                html = html.replace(
                    f"/media/images/{folder}", f"@@PLUGINFILE@@/{OWN}{folder}.{ending}"
                )
        add_text(child, to_delimited(html))
        for name, content in files.items():
            self.file(child, name, content)

    def file(self, parent: Element, name: str, content: bytes) -> None:
        file = etree.SubElement(parent, "file", name=name, path="/", encoding="base64")
        file.text = b64encode(content).decode()

    def picture(self, source: str) -> None:
        """Add the picture that the question is about."""
        found = PICTURE.search(source)
        kept = self.pictures(found[1]) if found else None
        if found and kept:
            self.file(self.element, f"{OWN}{found[1]}.{kept[0]}", kept[1])

    def answer(
        self, text: str, percent: str, feedback: str = "", *, is_rich: bool = True
    ) -> Element:
        kind = "html" if is_rich else "moodle_auto_format"
        child = etree.SubElement(self.element, "answer", fraction=percent, format=kind)
        if is_rich:
            self.fill(child, text)
        else:
            add_text(child, text)
        self.rich(child, "feedback", feedback)
        return child

    def _head(self) -> None:
        spec = self.spec
        stem = bodies.stem_of(spec)
        title = self.item.title or to_plain(stem)[:80] or spec["kind"]
        self.named(self.element, "name", title)
        self.rich(self.element, "questiontext", stem)
        self.rich(self.element, "generalfeedback", spec.get("explanation", ""))
        self.plain("defaultgrade", self.item.points)
        self.plain("penalty", bodies.decimal(spec.get("penalty", "0")))
        self.plain("hidden", 0)
        self.plain("idnumber", self.item.external_id[:100])

    def _about(self) -> None:
        spec = self.spec
        outcome = spec.get("outcome", {})
        names = {"right": "correct", "partly": "partiallycorrect", "wrong": "incorrect"}
        if spec["kind"] not in ("true_false", "short_answer", "numerical", "essay"):
            for name, moodle in names.items():
                self.rich(self.element, f"{moodle}feedback", outcome.get(name, ""))
            if outcome.get("counts"):
                etree.SubElement(self.element, "shownumcorrect")
        self._hints()
        self._tags()

    def _hints(self) -> None:
        for hint in self.spec.get("hints", ()):
            child = self.rich(self.element, "hint", hint["text"])
            for name, moodle in (
                ("counts", "shownumcorrect"),
                ("clears", "clearwrong"),
            ):
                if hint.get(name):
                    etree.SubElement(child, moodle)

    def _tags(self) -> None:
        tags = [*self.item.tags]
        if self.item.level and self.item.level not in tags:
            tags.append(self.item.level)
        if tags:
            listed = etree.SubElement(self.element, "tags")
            for tag in tags:
                self.named(listed, "tag", tag)

    def _carry(self) -> None:
        """Add our own stored form, its pictures named as the file names them."""
        names = {
            folder: f"@@PLUGINFILE@@/{OWN}{folder}.{found[0]}"
            for folder in PICTURE.findall(str(self.spec))
            if (found := self.pictures(folder))
        }
        written = orjson.dumps(self.spec).decode()
        for folder, name in names.items():
            written = written.replace(f"/media/images/{folder}", name)
        carrier = etree.Element(CARRIER, digest=digest_of(self.element, CARRIER))
        carrier.text = writable(written)
        self.element.append(carrier)
