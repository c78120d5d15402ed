"""Numbers that Word counts by itself: "Câu 1.", "A.", "a)"."""

import re
from itertools import product
from string import ascii_lowercase

from courses.exchange.xml import Element, child, children

ROMAN = [(10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")]
LETTERS: list[str] = [
    *ascii_lowercase,
    *("".join(pair) for pair in product(ascii_lowercase, repeat=2)),
]


def _attribute(element: Element | None, name: str) -> str:
    if element is None:
        return ""
    return next(
        (
            str(v)
            for k, v in element.attrib.items()
            if str(k).rpartition("}")[2] == name
        ),
        "",
    )


def _value(element: Element, name: str) -> str:
    return _attribute(child(element, name), "val")


class Numbering:
    """The lists of a document; :meth:`label` counts as paragraphs pass by."""

    def __init__(self, root: Element | None) -> None:
        self.levels: dict[str, dict[int, tuple[str, str, int]]] = {}
        self.counts: dict[tuple[str, int], int] = {}
        if root is None:
            return
        shapes = {
            _attribute(one, "abstractNumId"): _levels(one)
            for one in children(root, "abstractNum")
        }
        for one in children(root, "num"):
            shape = dict(shapes.get(_value(one, "abstractNumId"), {}))
            for change in children(one, "lvlOverride"):
                level = _whole(_attribute(change, "ilvl"), 0)
                start = child(change, "startOverride")
                if start is not None and level in shape:
                    text, form, _old = shape[level]
                    shape[level] = (text, form, _whole(_attribute(start, "val"), 1))
            self.levels[_attribute(one, "numId")] = shape

    def label(self, settings: Element | None) -> str:
        """Return what Word prints before a paragraph with these settings."""
        numbered = None if settings is None else child(settings, "numPr")
        if numbered is None:
            return ""
        key, level = _value(numbered, "numId"), _whole(_value(numbered, "ilvl"), 0)
        shape = self.levels.get(key, {})
        if level not in shape:
            return ""
        text, form, start = shape[level]
        self.counts[key, level] = self.counts.get((key, level), start - 1) + 1
        for deeper in range(level + 1, 9):
            self.counts.pop((key, deeper), None)
        if form in ("bullet", "none"):
            return ""
        return re.sub(r"%(\d)", lambda mark: self._counted(key, int(mark[1]) - 1), text)

    def _counted(self, key: str, level: int) -> str:
        shape = self.levels.get(key, {}).get(level)
        if shape is None:
            return ""
        return _written(self.counts.get((key, level), shape[2]), shape[1])


def _levels(abstract: Element) -> dict[int, tuple[str, str, int]]:
    return {
        _whole(_attribute(one, "ilvl"), 0): (
            _value(one, "lvlText"),
            _value(one, "numFmt") or "decimal",
            _whole(_value(one, "start"), 1),
        )
        for one in children(abstract, "lvl")
    }


def _whole(text: str, default: int) -> int:
    return int(text) if text.isdecimal() and len(text) < 7 else default  # noqa: PLR2004


def _written(number: int, form: str) -> str:
    if form in ("upperLetter", "lowerLetter"):
        letters = LETTERS[(number - 1) % len(LETTERS)]
        return str(letters.upper() if form == "upperLetter" else letters)
    if form in ("upperRoman", "lowerRoman"):
        roman = _roman(number)
        return roman.upper() if form == "upperRoman" else roman
    return str(number)


def _roman(number: int) -> str:
    written = ""
    for value, letters in ROMAN:
        while number >= value and len(written) < 20:  # noqa: PLR2004
            written += letters
            number -= value
    return written
