"""Lines of a Word document: their words, and how each piece of them is dressed.

A line is searched as plain text and cut anywhere; formulas and pictures stand in it as
one letter each.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from html import escape

THING = "\ue020"
"""Stands in a line's text for a formula or a picture."""

MOSTLY = 0.6
"""What share of the letters must be dressed so that the whole counts as dressed."""

MARKS = ("highlight", "underline", "colour", "bold")
"""How teachers mark the right answer, the plainest first."""


@dataclass(frozen=True, slots=True)
class Dress:
    bold: bool = False
    italic: bool = False
    underline: bool = False
    colour: bool = False
    highlight: bool = False
    strike: bool = False
    raised: str = ""
    """``sup`` or ``sub``."""


PLAIN = Dress()


@dataclass(frozen=True, slots=True)
class Run:
    text: str
    dress: Dress = PLAIN
    html: str = ""
    """What the one letter of a thing stands for."""


@dataclass(slots=True)
class Line:
    runs: list[Run] = field(default_factory=list)
    heading: int = 0
    """1 to 9 for a heading, 0 for the body."""
    cell: int = 0
    """A number for the cell of a table that it stands in; 0 outside."""

    @property
    def text(self) -> str:
        return "".join(run.text for run in self.runs)

    def cut(self, begin: int, end: int | None = None) -> "Line":
        """Return a part of the line, by places in its text."""
        end = len(self.text) if end is None else end
        kept, place = [], 0
        for run in self.runs:
            low, high = max(begin - place, 0), min(end - place, len(run.text))
            if low < high:
                kept.append(Run(run.text[low:high], run.dress, run.html))
            place += len(run.text)
        return Line(kept, self.heading, self.cell)

    def is_dressed(self, mark: str) -> bool:
        """Say whether most letters of the line are dressed so."""
        letters = [
            (sum(not c.isspace() for c in run.text), getattr(run.dress, mark))
            for run in self.runs
        ]
        total = sum(count for count, _on in letters)
        marked = sum(count for count, on in letters if on)
        return bool(total) and marked >= MOSTLY * total

    def html(self, *, keeps: Iterable[str] = ("bold", "italic", "underline")) -> str:
        kept = frozenset(keeps)
        return "".join(_html(run, kept) for run in _joined(self.runs)).strip()

    @property
    def is_empty(self) -> bool:
        return not self.text.strip()


TAGS: Mapping[str, str] = {"bold": "b", "italic": "i", "underline": "u", "strike": "s"}


def _joined(runs: list[Run]) -> list[Run]:
    """Join neighbours of the same dress: Word cuts words anywhere."""
    found: list[Run] = []
    for run in runs:
        last = found[-1] if found else None
        if last and not last.html and not run.html and last.dress == run.dress:
            found[-1] = Run(last.text + run.text, run.dress)
        else:
            found.append(run)
    return found


def _html(run: Run, kept: frozenset[str]) -> str:
    html = run.html or escape(run.text, quote=False).replace("\t", " ")
    html = html.replace("\n", "<br>")
    if run.html or not run.text.strip():
        return html
    if run.dress.raised:
        html = f"<{run.dress.raised}>{html}</{run.dress.raised}>"
    for name, tag in TAGS.items():
        if name in kept and getattr(run.dress, name):
            html = f"<{tag}>{html}</{tag}>"
    return html


def joined_html(
    lines: Iterable[Line], keeps: Iterable[str] = ("bold", "italic", "underline")
) -> str:
    """Write lines as paragraphs, or as they are if there is only one."""
    kept = tuple(keeps)
    written = [html for line in lines if (html := line.html(keeps=kept))]
    if len(written) == 1 and not written[0].startswith("<table"):
        return written[0]
    return "".join(
        html if html.startswith("<table") else f"<p>{html}</p>" for html in written
    )
