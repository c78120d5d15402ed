"""The body of an item as rich text, with its interactions taken out."""

import re
from collections.abc import Callable, Iterator
from html import escape

from courses.exchange import markup
from courses.exchange.formats.qti.processing import Outcomes
from courses.exchange.formulas.mathml import latex_of
from courses.exchange.pictures import Album
from courses.exchange.rules import Note
from courses.exchange.xml import Element, child, children, local, text_of

FEEDBACK = ("feedbackInline", "feedbackBlock", "modalFeedback")
LEFT_OUT = (
    *FEEDBACK,
    "prompt",
    "stylesheet",
    "templateInline",
    "templateBlock",
    "templateBlockFeedback",
    "infoControl",
    "companionMaterialsInfo",
    "catalogInfo",
    "script",
    "style",
)
PICTURED = ("svg", "audio", "video", "iframe", "canvas")
VOID = ("br", "hr")
KEPT = frozenset(
    [
        "p",
        "br",
        "hr",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "strong",
        "b",
        "em",
        "i",
        "u",
        "s",
        "sub",
        "sup",
        "code",
        "pre",
        "blockquote",
        "ul",
        "ol",
        "li",
        "table",
        "caption",
        "thead",
        "tbody",
        "tfoot",
        "tr",
        "th",
        "td",
        "figure",
        "figcaption",
        "span",
        "div",
        "small",
        "tt",
        "q",
        "cite",
        "samp",
        "kbd",
        "var",
    ]
)
SPANS = ("colspan", "rowspan")
DEEPEST = 120
PLACE = re.compile("\ue001(\\d+)\ue002")
NOTHING = re.compile(r"<(p|div|span|li|ul)>\s*</\1>")


def is_interaction(element: Element) -> bool:
    return local(element).endswith("Interaction")


class Body:
    """Rich texts of one item; ``interactions`` stand in the order they are met."""

    def __init__(self, item: Element, album: Album) -> None:
        self.item = item
        self.album = album
        self.interactions: list[Element] = []
        self.guides: list[str] = []
        found = child(item, "itemBody")
        self.html = "" if found is None else self._inside(found, 0)

    def stem(self, write: Callable[[Element, int], str]) -> str:
        """Return the body with each interaction written by *write*."""
        html = PLACE.sub(
            lambda place: write(self.interactions[int(place[1])], int(place[1])),
            self.html,
        )
        return tidied(html)

    def rich(self, element: Element | None) -> str:
        """Return the inside of an element, without feedback."""
        return "" if element is None else tidied(self._inside(element, 0))

    def prompt(self, interaction: Element) -> str:
        html = self.rich(child(interaction, "prompt"))
        return f"<p>{html}</p>" if html and "<p" not in html else html

    def said(self, outcomes: Outcomes) -> str:
        """Return all the feedback that these outcomes show."""
        shown = [self.rich(one) for one in self._feedback() if _is_shown(one, outcomes)]
        return "".join(f"<p>{one}</p>" if "<p" not in one else one for one in shown)

    def _feedback(self) -> Iterator[Element]:
        return (one for one in self.item.iter(*FEEDBACK))

    @property
    def has_feedback(self) -> bool:
        return next(self._feedback(), None) is not None

    def _inside(self, element: Element, depth: int) -> str:
        if depth > DEEPEST:
            return ""
        pieces = [escape(element.text or "", quote=False)]
        for part in element:
            pieces.append(self._of(part, depth + 1))
            pieces.append(escape(part.tail or "", quote=False))
        return "".join(pieces)

    def _of(self, element: Element, depth: int) -> str:
        name = local(element)
        if not name or name in LEFT_OUT:
            return ""
        if is_interaction(element):
            self.interactions.append(element)
            return f"\ue001{len(self.interactions) - 1}\ue002"
        if name in SPECIAL:
            return SPECIAL[name](self, element)
        if name in PICTURED:
            self.album.notes.add(Note.PICTURE_LEFT_OUT)
            return ""
        return self._tagged(element, name, depth)

    def _tagged(self, element: Element, name: str, depth: int) -> str:
        inner = self._inside(element, depth)
        if name in VOID:
            return f"<{name}>"
        if name not in KEPT:
            return inner
        spans = "".join(
            f' {span}="{element.get(span)}"'
            for span in SPANS
            if (element.get(span) or "").isdecimal()
        )
        name = {"h1": "h2", "h5": "h4", "h6": "h4", "tt": "code"}.get(name, name)
        return f"<{name}{spans}>{inner}</{name}>"

    def _picture(self, element: Element) -> str:
        source = element.get("src") or element.get("data") or ""
        kept = self.album.taken(source)
        alt = " ".join((element.get("alt") or text_of(element)).split())
        if kept is None:
            return escape(f"[{alt}]") if alt else ""
        sides = "".join(
            f' {side}="{element.get(side)}"'
            for side in ("width", "height")
            if (element.get(side) or "").isdecimal()
        )
        return f'<img src="{kept}" alt="{escape(alt)}"{sides}>'

    def _math(self, element: Element) -> str:
        how = "block" if element.get("display") == "block" else "inline"
        latex = latex_of(element)
        return markup.formula(latex, how) if latex else ""

    def _rubric(self, element: Element) -> str:
        views = element.get("view", "candidate")
        html = self._inside(element, 0)
        if "candidate" in views:
            return f"<div>{html}</div>"
        self.guides.append(tidied(html))
        return ""

    def _place(self, element: Element) -> str:
        return f"[[{element.get('identifier', '')}]]"


SPECIAL: dict[str, Callable[[Body, Element], str]] = {
    "img": Body._picture,
    "object": Body._picture,
    "picture": lambda body, element: "".join(
        body._picture(one) for one in children(element, "img")
    ),
    "math": Body._math,
    "rubricBlock": Body._rubric,
    "gap": Body._place,
    "hottext": Body._place,
}


def tidied(html: str) -> str:
    """Drop what is empty and the spaces that only indent the file."""
    html = re.sub(r"\s+", " ", html)
    while (fewer := NOTHING.sub("", html)) != html:
        html = fewer
    return re.sub(r"> (?=<(?:p|div|ul|ol|li|table|t[rdh]|h\d)\b)", ">", html).strip()


def _is_shown(feedback: Element, outcomes: Outcomes) -> bool:
    outcome = outcomes.get(feedback.get("outcomeIdentifier", ""))
    said = () if outcome is None else outcome.items
    meant = feedback.get("identifier", "") in [str(one) for one in said]
    return bool(meant == (feedback.get("showHide", "show") == "show"))
