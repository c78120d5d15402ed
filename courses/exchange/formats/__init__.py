"""The formats, one file or folder each, and how a file is told to be in one of them.

A file is known by its content, never by its name alone: teachers rename files.
"""

import json
import re
from collections.abc import Callable, Sequence

from courses.exchange import archives
from courses.exchange.exported import Exported, Pictures, Written
from courses.exchange.formats import (
    aiken,
    aiken_writing,
    cloze,
    excel,
    gift,
    gift_writing,
    texts,
)
from courses.exchange.formats.moodle_xml import reading as moodle_xml
from courses.exchange.formats.moodle_xml import writing as moodle_writing
from courses.exchange.formats.qti import packages as qti
from courses.exchange.formats.qti import writing as qti_writing
from courses.exchange.formats.word import document as word
from courses.exchange.formats.word import reading as word_paper
from courses.exchange.pictures import Lookup, nothing
from courses.exchange.rules import LARGEST_FILE_BYTES, NotTaken, Reading, Trouble
from courses.exchange.xml import local, parsed

WRITERS: dict[str, Callable[[Sequence[Exported], Pictures], Written]] = {
    "moodle_xml": moodle_writing.write,
    "qti_3_0": qti_writing.write_3_0,
    "qti_2_1": qti_writing.write_2_1,
    "gift": gift_writing.write,
    "aiken": aiken_writing.write,
    "excel": excel.write,
}
"""What questions may be written in."""

XML = re.compile(rb"^(?:\xef\xbb\xbf)?\s*<(?:\?xml|!DOCTYPE|!--|[A-Za-z])")


def read(content: bytes, where: str = "1", lookup: Lookup = nothing) -> Reading:
    """Read a file in whatever format it is, or raise NotTaken for the whole of it.

    *where* names the file to whoever reads the report; *lookup* finds the files that
    lie beside it.
    """
    if len(content) > LARGEST_FILE_BYTES:
        raise NotTaken(Trouble.TOO_LARGE)
    if archives.is_archive(content):
        return _read_archive(content)
    if _is_xml(content):
        return _read_xml(content, where, lookup)
    if not content.strip() or not texts.is_text(content):
        raise NotTaken(Trouble.UNKNOWN_FORMAT)
    return _read_text(content)


def _is_xml(content: bytes) -> bool:
    head = content[:400].replace(b"\x00", b"").removeprefix(b"\xff\xfe")
    head = head.removeprefix(b"\xfe\xff")
    if not XML.match(head):
        return False
    # A text that begins with a tag of HTML is a question, not a document.
    return b"<?xml" in head or b"<!DOCTYPE" in head or bool(_root_in(head))


def _root_in(head: bytes) -> re.Match[bytes] | None:
    names = (
        rb"<(?:quiz|manifest|questestinterop|assessment\w*|qti-[\w-]+|\w+:\w+)[\s>/]"
    )
    return re.search(names, head)


def _read_archive(content: bytes) -> Reading:
    archive = archives.opened(content)
    if word.MAIN in archive:
        return word_paper.read(archive)
    if excel.MAIN in archive:
        return excel.read(content)
    if qti.manifest_in(archive) is not None:
        return qti.read_package(archive)
    raise NotTaken(Trouble.UNKNOWN_FORMAT, "zip")


def _read_xml(content: bytes, where: str, lookup: Lookup) -> Reading:
    root = parsed(content)
    if local(root) == "quiz":
        return moodle_xml.read(content)
    if qti.is_qti(root):
        return Reading(qti.NAME, tuple(qti.items_in(root, where, lookup)))
    raise NotTaken(Trouble.UNKNOWN_FORMAT, local(root))


def _read_text(content: bytes) -> Reading:
    text = texts.decoded(content)
    if _is_json(text):
        raise NotTaken(Trouble.UNKNOWN_FORMAT, "json")
    if aiken.looks_like(text):
        return aiken.read(content)
    if cloze.looks_like(text) and "::" not in text:
        return cloze.read(content)
    if gift.looks_like(text):
        return gift.read(content)
    raise NotTaken(Trouble.UNKNOWN_FORMAT)


def _is_json(text: str) -> bool:
    if not text.lstrip().startswith(("{", "[")):
        return False
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True
