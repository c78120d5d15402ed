"""An item of QTI being built: declarations, body, rules, and rich text in it."""

import re
from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

from lxml import etree
from lxml import html as html_reader

from courses.exchange.formats.moodle_xml.bodies import decimal
from courses.exchange.markup import to_delimited
from courses.exchange.xml import Element, writable

TEMPLATES = "http://www.imsglobal.org/question/qti_v2p1/rptemplates/"
NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")
Spec = Mapping[str, Any]


class Item:
    """An item being built: its parts are added in the order that the schema wants."""

    def __init__(self, root: Element, spec: Spec) -> None:
        self.root, self.spec = root, spec
        self.body = etree.Element("itemBody")
        self.responses: list[Element] = []
        self.rules: Element | None = None
        self.most = Fraction(1)

    def declare(  # noqa: PLR0913 -- a declaration has this many parts
        self,
        cardinality: str,
        base: str,
        correct: Iterable[str] = (),
        *,
        gives: Mapping[str, Fraction] | None = None,
        cased: bool = True,
        name: str = "RESPONSE",
    ) -> None:
        one = etree.Element(
            "responseDeclaration",
            identifier=name,
            cardinality=cardinality,
            baseType=base,
        )
        values = list(correct)
        if values:
            right = etree.SubElement(one, "correctResponse")
            for value in values:
                etree.SubElement(right, "value").text = writable(value)
        if gives is not None:
            mapping = etree.SubElement(one, "mapping", defaultValue="0", lowerBound="0")
            for key, share in gives.items():
                entry = etree.SubElement(
                    mapping,
                    "mapEntry",
                    mapKey=writable(key),
                    mappedValue=decimal(share),
                )
                if base == "string":
                    entry.set("caseSensitive", str(cased).lower())
        self.responses.append(one)

    def by_template(self, name: str) -> None:
        self.rules = etree.Element("responseProcessing", template=f"{TEMPLATES}{name}")

    def finish(self) -> None:
        for one in self.responses:
            self.root.append(one)
        score = etree.SubElement(
            self.root,
            "outcomeDeclaration",
            identifier="SCORE",
            cardinality="single",
            baseType="float",
        )
        default = etree.SubElement(score, "defaultValue")
        etree.SubElement(default, "value").text = "0"
        explanation = self.spec.get("explanation", "")
        if explanation:
            # An outcome that begins with its value needs no rule to be shown.
            said = etree.SubElement(
                self.root,
                "outcomeDeclaration",
                identifier="FEEDBACK",
                cardinality="single",
                baseType="identifier",
            )
            kept = etree.SubElement(said, "defaultValue")
            etree.SubElement(kept, "value").text = "explanation"
        self.root.append(self.body)
        if self.rules is not None:
            self.root.append(self.rules)
        if explanation:
            shown = etree.SubElement(
                self.root,
                "modalFeedback",
                outcomeIdentifier="FEEDBACK",
                identifier="explanation",
                showHide="show",
            )
            add_html(shown, explanation)

    def stem(self) -> None:
        add_blocks(self.body, self.spec.get("stem", ""))

    def interaction(self, kind: str, **attributes: str) -> Element:
        return etree.SubElement(
            self.body, f"{kind}Interaction", responseIdentifier="RESPONSE", **attributes
        )


def fragments(html: str) -> Element:
    """Read rich text, formulas in LaTeX between delimiters, as one ``<div>``."""
    return html_reader.fragment_fromstring(to_delimited(html), create_parent="div")


def add_html(parent: Element, html: str) -> None:
    """Add rich text into *parent*."""
    found = fragments(writable(html))
    _drop_foreign(found)
    parent.text = (parent.text or "") + (found.text or "")
    for child in list(found):
        parent.append(child)


def add_blocks(parent: Element, html: str) -> None:
    if html.strip():
        add_html(etree.SubElement(parent, "div"), html)


def _drop_foreign(found: Element) -> None:
    """Keep the attributes that QTI's own HTML has."""
    for element in found.iter():
        for name in list(element.attrib):
            if name not in (
                "src",
                "alt",
                "width",
                "height",
                "href",
                "colspan",
                "rowspan",
            ):
                del element.attrib[name]


def add_choice(parent: Element, tag: str, key: str, html: str, **more: str) -> Element:
    child = etree.SubElement(parent, tag, identifier=identifier(key), **more)
    add_html(child, html)
    return child


def identifier(key: str) -> str:
    return key if NAME.fullmatch(key) else f"i{key}"


def shuffled(spec: Spec) -> str:
    return str(spec.get("shuffle", True)).lower()


def declare_pairs(
    made: Item, pairs: list[str], whole: bool, base: str, gives: Any = None
) -> None:
    each = Fraction(1, len(pairs))
    mapping = None if whole else gives or dict.fromkeys(pairs, each)
    made.declare("multiple", base, pairs, gives=mapping)
    made.by_template("match_correct" if whole else "map_response")
