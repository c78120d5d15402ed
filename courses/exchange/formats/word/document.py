"""A .docx file read into lines: runs, formulas, pictures, tables, automatic numbers.

Source: ECMA-376, part 1 (WordprocessingML).
"""

import posixpath
from collections.abc import Iterator

from courses.exchange import markup
from courses.exchange.archives import Archive
from courses.exchange.formats.word.lines import PLAIN, THING, Dress, Line, Run
from courses.exchange.formats.word.numbering import Numbering
from courses.exchange.formulas.omml import latex_of
from courses.exchange.pictures import Album
from courses.exchange.rules import Note, NotTaken, Trouble
from courses.exchange.xml import Element, child, children, local, parsed, text_of

MAIN = "word/document.xml"
OFF = ("0", "false", "none", "off")
SKIPPED = frozenset(
    ("del", "moveFrom", "instrText", "delText", "Fallback", "pPr", "rPr", "txbxContent")
)
DARK = 0x50
MOST_LINES = 60_000


class Document:
    """The body of a Word file.  Pictures are gathered in ``album``."""

    def __init__(self, archive: Archive) -> None:
        if MAIN not in archive:
            raise NotTaken(Trouble.UNKNOWN_FORMAT, "docx")
        self.archive = archive
        self.links = self._links()
        self.headings = self._headings()
        self.numbering = Numbering(self._part("word/numbering.xml"))
        self.album = Album(self._file)
        self._cells = 0

    def _part(self, path: str) -> Element | None:
        return parsed(self.archive.read(path)) if path in self.archive else None

    def _links(self) -> dict[str, str]:
        root = self._part("word/_rels/document.xml.rels")
        found = [] if root is None else list(root)
        return {
            one.get("Id", ""): one.get("Target", "")
            for one in found
            if one.get("TargetMode") != "External"
        }

    def _headings(self) -> dict[str, int]:
        """Return which styles are headings, and of which level."""
        root = self._part("word/styles.xml")
        found = {}
        for style in [] if root is None else children(root, "style"):
            key = attribute(style, "styleId")
            name = attribute(child(style, "name"), "val").lower()
            inside = child(style, "pPr")
            outline = None if inside is None else child(inside, "outlineLvl")
            if name.startswith("heading ") and name[8:].isdecimal():
                found[key] = int(name[8:])
            elif name == "title":
                found[key] = 1
            elif outline is not None and attribute(outline, "val").isdecimal():
                found[key] = int(attribute(outline, "val")[:2]) + 1
        return found

    def _file(self, name: str) -> bytes | None:
        target = self.links.get(name)
        if target is None:
            return None
        path = posixpath.normpath(posixpath.join("word", target)).lstrip("/")
        return self.archive.read(path) if path in self.archive else None

    def lines(self) -> list[Line]:
        root = self._part(MAIN)
        body = None if root is None else child(root, "body")
        if body is None:
            raise NotTaken(Trouble.NOT_WELL_FORMED)
        found: list[Line] = []
        for line in self._blocks(body, 0):
            found.append(line)
            if len(found) > MOST_LINES:
                raise NotTaken(Trouble.TOO_MANY)
        return found

    def _blocks(self, element: Element, cell: int) -> Iterator[Line]:
        for block in element:
            kind = local(block)
            if kind == "p":
                yield from self._paragraph(block, cell)
            elif kind == "tbl":
                yield from self._table(block)
            elif kind in ("sdt", "sdtContent", "customXml", "ins", "moveTo"):
                yield from self._blocks(block, cell)

    def _table(self, table: Element) -> Iterator[Line]:
        for row in children(table, "tr"):
            for column in children(row, "tc"):
                self._cells += 1
                cell = self._cells
                lines = list(self._blocks(column, cell))
                yield from lines or [Line(cell=cell)]
            # A row ends with a line of its own, so that tables can be put together.
            yield Line([Run("\ue021")], cell=self._cells)

    def _paragraph(self, paragraph: Element, cell: int) -> Iterator[Line]:
        settings = child(paragraph, "pPr")
        runs = list(self._runs(paragraph))
        mark = _dress(None if settings is None else child(settings, "rPr"))
        label = self.numbering.label(settings)
        if label and any(run.text.strip() for run in runs):
            runs.insert(0, Run(f"{label} ", mark))
        heading = self._heading(settings)
        # A line that was broken by hand is two lines to a reader.
        current: list[Run] = []
        for run in runs:
            pieces = [run.text] if run.html else run.text.split("\n")
            for number, piece in enumerate(pieces):
                if number:
                    yield Line(current, heading, cell)
                    current = []
                if piece:
                    current.append(Run(piece, run.dress, run.html))
        yield Line(current, heading, cell)

    def _heading(self, settings: Element | None) -> int:
        if settings is None:
            return 0
        outline = child(settings, "outlineLvl")
        if outline is not None and attribute(outline, "val") in "012345678":
            return int(attribute(outline, "val") or "0") + 1
        return self.headings.get(attribute(child(settings, "pStyle"), "val"), 0)

    def _runs(self, element: Element) -> Iterator[Run]:
        for part in element:
            kind = local(part)
            if kind == "r":
                yield from self._run(part)
            elif kind in ("oMath", "oMathPara"):
                yield self._formula(part)
            elif kind not in SKIPPED:
                yield from self._runs(part)

    def _formula(self, element: Element) -> Run:
        latex = latex_of(element)
        if not latex:
            self.album.notes.add(Note.FORMULA_UNREADABLE)
            return Run("")
        return Run(THING, PLAIN, markup.formula(latex))

    def _run(self, run: Element) -> Iterator[Run]:
        settings = child(run, "rPr")
        dress = _dress(settings)
        if settings is not None and _is_on(settings, "vanish"):
            return
        for part in run:
            kind = local(part)
            if kind == "t":
                yield Run(_symbols(text_of(part)), dress)
            elif kind in BREAKS:
                yield Run(BREAKS[kind], dress)
            elif kind == "sym":
                yield Run(_symbol(part), dress)
            elif kind in ("drawing", "pict", "object", "AlternateContent"):
                yield from self._pictures(part)

    def _pictures(self, element: Element) -> Iterator[Run]:
        is_formula = local(element) == "object"
        for part in element.iter():
            name = local(part)
            if name not in ("blip", "imagedata") or _is_fallback(part, element):
                continue
            link = attribute(part, "embed") or attribute(part, "id")
            kept = self.album.taken(link) if link else None
            if kept is None:
                if is_formula:
                    self.album.notes.add(Note.FORMULA_UNREADABLE)
                yield Run(THING, PLAIN, "[…]")
                continue
            if is_formula:
                self.album.notes.add(Note.FORMULA_AS_PICTURE)
            alt = "công thức" if is_formula else ""
            yield Run(THING, PLAIN, f'<img src="{kept}" alt="{alt}">')


BREAKS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-", "softHyphen": ""}


def _is_fallback(part: Element, top: Element) -> bool:
    """Word writes some pictures twice, for old readers too."""
    for above in part.iterancestors():
        if local(above) == "Fallback":
            return True
        if above is top:
            return False
    return False


def attribute(element: Element | None, name: str) -> str:
    """Return an attribute whatever namespace it was written in."""
    if element is None:
        return ""
    for key, value in element.attrib.items():
        if str(key).rpartition("}")[2] == name:
            return str(value)
    return ""


def _is_on(settings: Element, name: str) -> bool:
    found = child(settings, name)
    return found is not None and attribute(found, "val").lower() not in OFF


def _dress(settings: Element | None) -> Dress:
    if settings is None:
        return PLAIN
    raised = attribute(child(settings, "vertAlign"), "val")
    shade = attribute(child(settings, "shd"), "fill").upper()
    marked = _is_on(settings, "highlight") and attribute(
        child(settings, "highlight"), "val"
    ) not in ("white", "")
    return Dress(
        bold=_is_on(settings, "b"),
        italic=_is_on(settings, "i"),
        underline=_is_on(settings, "u"),
        colour=_is_coloured(attribute(child(settings, "color"), "val")),
        highlight=marked or shade not in ("", "AUTO", "FFFFFF"),
        strike=_is_on(settings, "strike"),
        raised={"superscript": "sup", "subscript": "sub"}.get(raised, ""),
    )


def _is_coloured(colour: str) -> bool:
    """Black, and greys as dark as it, are no colour."""
    if len(colour) != 6:  # noqa: PLR2004
        return False
    try:
        parts = [int(colour[n : n + 2], 16) for n in (0, 2, 4)]
    except ValueError:
        return False
    return max(parts) > DARK or max(parts) - min(parts) > DARK // 2


PRIVATE = {0xF0B0: "°", 0xF0B4: "×", 0xF0B8: "÷", 0xF0A3: "≤", 0xF0B3: "≥", 0xF0B9: "≠"}
PRIVATE |= {
    0xF0AE: "→",
    0xF0DE: "⇒",
    0xF0DB: "⇔",
    0xF0A5: "∞",
    0xF0CE: "∈",
    0xF0D0: "∠",
}
PRIVATE |= {
    0xF061: "α",
    0xF062: "β",
    0xF067: "γ",
    0xF044: "Δ",
    0xF070: "π",
    0xF077: "ω",
}
PRIVATE |= {
    0xF06C: "λ",
    0xF06D: "μ",
    0xF057: "Ω",
    0xF06A: "φ",
    0xF0BB: "≈",
    0xF0B1: "±",
}


def _symbols(text: str) -> str:
    """Give letters of the Symbol font the letters they look like."""
    return "".join(PRIVATE.get(ord(letter), letter) for letter in text)


def _symbol(element: Element) -> str:
    try:
        code = int(attribute(element, "char"), 16)
    except ValueError:
        return ""
    return PRIVATE.get(code, PRIVATE.get(code | 0xF000, ""))
