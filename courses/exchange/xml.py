"""Reading XML that strangers wrote: no entities, no network, bounded in size and depth.

A document type is taken only if it defines no entities: those are bombs, and addresses
of other people's files.
"""

import re
from collections.abc import Iterator
from typing import Any, TypeAlias

from lxml import etree

from courses.exchange.rules import LARGEST_FILE_BYTES, NotTaken, Trouble

Element: TypeAlias = Any

DEEPEST = 200
DEFINES = b"<!ENTITY"
CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def parsed(content: bytes) -> Element:
    """Return the root, or raise NotTaken."""
    if len(content) > LARGEST_FILE_BYTES:
        raise NotTaken(Trouble.TOO_LARGE)
    if _defines_something(content):
        raise NotTaken(Trouble.FORBIDDEN_XML)
    try:
        root = etree.fromstring(content, _parser())
    except (etree.XMLSyntaxError, ValueError, LookupError, AssertionError) as problem:
        raise NotTaken(Trouble.NOT_WELL_FORMED, _place(problem)) from None
    if root is None:
        raise NotTaken(Trouble.NOT_WELL_FORMED)
    _check_depth(root)
    return root


def _defines_something(content: bytes) -> bool:
    """Look in every writing that hides ASCII: UTF-16 and UTF-32 pad it with nulls."""
    head = content.replace(b"\x00", b"") if b"\x00" in content[:400] else content
    return DEFINES in head


def _parser() -> etree.XMLParser:
    return etree.XMLParser(
        resolve_entities=False,
        load_dtd=False,
        dtd_validation=False,
        attribute_defaults=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        recover=False,
    )


def _place(problem: Exception) -> str:
    line = getattr(problem, "lineno", None)
    return f"{line}" if line else ""


def _check_depth(root: Element) -> None:
    level = [root]
    for _depth in range(DEEPEST):
        level = [child for element in level for child in element]
        if not level:
            return
    raise NotTaken(Trouble.FORBIDDEN_XML)


def local(element: Element) -> str:
    """Return the name without its namespace."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def children(element: Element, *names: str) -> Iterator[Element]:
    """Go through the children with one of these names, or all without names."""
    for child in element:
        if not names or local(child) in names:
            yield child


def child(element: Element, name: str) -> Element | None:
    return next(children(element, name), None)


def text_of(element: Element | None) -> str:
    """Return all the words inside, or nothing."""
    return "" if element is None else "".join(element.itertext())


def writable(text: str) -> str:
    """Leave out the characters that XML has no way to write."""
    return CONTROLS.sub("", text.encode("utf-8", "replace").decode())
