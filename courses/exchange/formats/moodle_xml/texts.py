"""The texts of a Moodle question, with the pictures that are embedded in them."""

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from courses.exchange.formats import specs
from courses.exchange.formats.specs import Answer
from courses.exchange.markup import from_moodle
from courses.exchange.pictures import Album, unpacked
from courses.exchange.rules import NotTaken, Trouble
from courses.exchange.xml import Element, child, children, local, text_of

PLUGIN_FILE = "@@PLUGINFILE@@/"


class Question:
    """One ``<question>`` element, read piece by piece."""

    def __init__(self, element: Element) -> None:
        self.element = element
        self._files = _files_in(element)
        self.album = Album(self._file)

    def _file(self, name: str) -> bytes | None:
        plain = name.removeprefix(PLUGIN_FILE)
        if plain not in self._files and "/" in plain:
            plain = plain.rpartition("/")[2]
        return unpacked(self._files[plain]) if plain in self._files else None

    def value(self, name: str, default: str = "") -> str:
        """Return the words of a child, or of the ``<text>`` in it."""
        return value_of(self.element, name, default)

    def is_on(self, name: str, default: bool = False) -> bool:
        """Read a switch; an empty element, as Moodle writes some, is one that is on."""
        found = child(self.element, name)
        if found is None:
            return default
        return text_of(found).strip().lower() in ("1", "true", "")

    def rich(self, element: Element | None) -> str:
        return rich_of(element, self.album)

    def said(self, name: str) -> str:
        return self.rich(child(self.element, name))

    def all(self, *names: str) -> list[Element]:
        return list(children(self.element, *names))

    @property
    def stem(self) -> str:
        stem = self.said("questiontext")
        if not stem.strip():
            raise NotTaken(Trouble.NO_STEM)
        return stem

    def answers(self) -> list[Answer]:
        return [
            Answer(
                self.rich(answer),
                share_of(answer),
                self.rich(child(answer, "feedback")),
            )
            for answer in self.all("answer")
        ]

    def words(self) -> list[Answer]:
        """Return the answers as plain words."""
        return [
            Answer(
                " ".join(value_of(answer, "text").split()),
                share_of(answer),
                self.rich(child(answer, "feedback")),
            )
            for answer in self.all("answer")
        ]

    def frame(self) -> dict[str, Any]:
        """Return what surrounds every question."""
        hints = [
            specs.said(
                text=self.rich(hint),
                counts=child(hint, "shownumcorrect") is not None,
                clears=child(hint, "clearwrong") is not None,
            )
            for hint in self.all("hint")
        ]
        outcome = specs.said(
            right=self.said("correctfeedback"),
            partly=self.said("partiallycorrectfeedback"),
            wrong=self.said("incorrectfeedback"),
            counts=child(self.element, "shownumcorrect") is not None,
        )
        return specs.said(
            explanation=self.said("generalfeedback"),
            outcome=outcome,
            hints=[{"text": "", **hint} for hint in hints if hint][:10],
            penalty=self._penalty(),
        )

    def _penalty(self) -> str:
        given = self.value("penalty").strip()
        if not given:
            return ""
        try:
            share = specs.nicest(specs.exactly(given))
        except NotTaken:
            return ""
        return str(share) if 0 < share <= 1 else ""


def value_of(element: Element, name: str, default: str = "") -> str:
    found = child(element, name)
    if found is None:
        return default
    inner = child(found, "text")
    return text_of(found if inner is None else inner).strip()


def rich_of(element: Element | None, album: Album) -> str:
    if element is None:
        return ""
    text = text_of(child(element, "text"))
    # What names no format is HTML in some versions and automatic in others; automatic
    # reads both.
    return album.rich(from_moodle(text, element.get("format", "moodle_auto_format")))


def share_of(answer: Element) -> Fraction:
    return specs.percent(answer.get("fraction", "0") or "0")


def _files_in(element: Element) -> dict[str, str]:
    return {
        name: file.text or ""
        for file in _descendants(element, "file")
        if (name := file.get("name", ""))
    }


def _descendants(element: Element, name: str) -> Iterator[Element]:
    return (one for one in element.iter() if local(one) == name)
