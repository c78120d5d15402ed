"""Plain texts as they come: in whatever encoding, with or without a mark for it."""

import re
import unicodedata
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE

from courses.exchange.rules import LARGEST_FILE_BYTES, LONGEST_TITLE, NotTaken, Trouble

MARKS = {
    BOM_UTF8: "utf-8-sig",
    BOM_UTF16_LE: "utf-16",
    BOM_UTF16_BE: "utf-16",
}
DEEPEST_TOPIC = 10
LEVEL = re.compile(r"NB|TH|VDC|VD", re.IGNORECASE)
"""Levels as teachers tag them: nhận biết, thông hiểu, vận dụng (cao)."""

CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ue000-\ue0ff]")
TELLING = re.compile("[àáâãèéêìíòóôõùúýăđĩũơư]", re.IGNORECASE)


def decoded(content: bytes) -> str:
    """Decode a text; lone control characters are dropped, accents are composed."""
    if len(content) > LARGEST_FILE_BYTES:
        raise NotTaken(Trouble.TOO_LARGE)
    text = _decoded(content).replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", CONTROLS.sub("", text))


def _decoded(content: bytes) -> str:
    for mark, encoding in MARKS.items():
        if content.startswith(mark):
            return content.decode(encoding, "replace")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        pass
    if content.count(0) > len(content) // 4:
        little = content[1::2].count(0) > content[::2].count(0)
        return content.decode("utf-16-le" if little else "utf-16-be", "replace")
    return _old(content)


def _old(content: bytes) -> str:
    """Choose between the two old code pages of Windows: Vietnamese and Western.

    They differ in a dozen letters; combining tone marks show that it is Vietnamese.
    """
    vietnamese = content.decode("cp1258", "replace")
    western = content.decode("cp1252", "replace")
    has_tones = any(0x300 <= ord(letter) <= 0x323 for letter in vietnamese)  # noqa: PLR2004
    return vietnamese if has_tones else western


def is_text(content: bytes) -> bool:
    """Say whether a file is text rather than a picture, a program or the like."""
    head = content[:4000]
    if head.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        return True
    odd = sum(byte < 9 or 13 < byte < 32 for byte in head)  # noqa: PLR2004
    return odd <= len(head) // 50


def topic_of(path: str) -> tuple[str, ...]:
    """Part a category path; ``//`` is a slash in a name.

    Where in Moodle it stood (``$course$/top``) says nothing here.
    """
    names = [
        name.replace("\ue000", "/").strip()
        for name in path.strip().replace("//", "\ue000").split("/")
    ]
    while names and re.fullmatch(r"\$\w+\$|top|", names[0]):
        names.pop(0)
    return tuple(name[:LONGEST_TITLE] for name in names if name)[:DEEPEST_TOPIC]


def short(text: str, letters: int = 80) -> str:
    """Shorten a text to a line, for saying which one is meant."""
    line = " ".join(text.split())
    return line if len(line) <= letters else line[: letters - 1] + "…"
