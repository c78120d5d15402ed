"""Rich text as a tree for print: paragraphs of runs, formulas, pictures, tables.

What people wrote stays data: the printer sets each node, and no node is source.
"""

from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any

from courses.quizzes.rules.formulas import read_formula

Run = list[Any]
Block = dict[str, Any]
Picture = Callable[[str], bytes | None]
BLOCKS = {"p", "div", "li", "h1", "h2", "h3", "h4", "blockquote", "pre", "tr"}
BOLD, ITALIC = {"strong", "b"}, {"em", "i"}


class _Reader(HTMLParser):
    def __init__(self, picture: Picture) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[list[Run]] = [[]]
        self._picture = picture
        self._open: list[str] = []
        self._formula_depth = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if self._formula_depth:
            self._formula_depth += 1
            return
        latex = given.get("data-latex")
        if latex is not None:
            self.blocks[-1].append(["math", read_formula(latex)])
            self._formula_depth = 1
            return
        if tag == "img":
            self._add_picture(given)
            return
        if tag in BLOCKS and self.blocks[-1]:
            self.blocks.append([])
        if tag == "br":
            self.blocks[-1].append(["break"])
            return
        if tag in ("td", "th"):
            self.blocks[-1].append(["gap"])
        if tag == "li":
            self.blocks[-1].append(["text", "– ", False, False])
        self._open.append(tag)

    def _add_picture(self, given: dict[str, str | None]) -> None:
        made = self._picture(given.get("src") or "")
        if made is None:
            words = given.get("alt") or "hình"
            self.blocks[-1].append(["text", f"[{words}]", False, True])
        else:
            self.blocks[-1].append(["image", list(made)])

    def handle_endtag(self, tag: str) -> None:
        if self._formula_depth:
            self._formula_depth -= 1
            return
        if tag in self._open:
            while self._open.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        if self._formula_depth or not data:
            return
        bold = any(tag in BOLD for tag in self._open)
        italic = any(tag in ITALIC for tag in self._open)
        words = " ".join(data.split())
        lead = " " if data[:1].isspace() else ""
        tail = " " if data[-1:].isspace() and words else ""
        if words or lead:
            self.blocks[-1].append(["text", lead + words + tail, bold, italic])


def no_picture(_address: str) -> bytes | None:
    return None


def blocks_of(html: str, picture: Picture = no_picture) -> list[list[Run]]:
    """Return the paragraphs of a rich text; pictures that cannot be had are named."""
    reader = _Reader(picture)
    reader.feed(html)
    reader.close()
    return [block for block in reader.blocks if any(run[1:] != [" "] for run in block)]
