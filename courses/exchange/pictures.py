"""The pictures of an item: gathered from wherever its file keeps them.

Only drawn pictures are taken (PNG, JPEG, GIF, WebP).  SVG is a document that can run
scripts, and an address on the net is nobody's to fetch: both are left out, and noted.
"""

import binascii
import re
import struct
from base64 import b64decode
from collections.abc import Callable
from hashlib import sha256
from html import escape, unescape
from urllib.parse import unquote

from courses.exchange.rules import PICTURES, Note, Picture

IMG = re.compile(r"<img\b(?:[^>\"']|\"[^\"]*\"|'[^']*')*>", re.IGNORECASE)
OTHER = re.compile(
    r"<(?:audio|video|source|iframe|object|embed)\b[^>]*?\b(?:src|data)\s*=",
    re.IGNORECASE,
)
ATTRIBUTE = re.compile(
    r"\b(src|alt|width|height)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s>\"']+))",
    re.IGNORECASE,
)
INLINE = re.compile(r"data:image/[a-z+.-]+;base64,(.+)", re.IGNORECASE | re.DOTALL)
OWN = re.compile(r"/(?:media|static)/[A-Za-z0-9][A-Za-z0-9/._-]*")
LARGEST_PICTURE_BYTES = 16 * 1024 * 1024
MOST_PICTURES = 200
LARGEST_SIDE = 20_000
Lookup = Callable[[str], bytes | None]


def nothing(_name: str) -> bytes | None:
    return None


def ending_of(content: bytes) -> str | None:
    """Return the ending that a drawn picture deserves; None if it is none."""
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if content.startswith(b"\xff\xd8\xff"):
        return "jpg"
    if content[:6] in (b"GIF87a", b"GIF89a"):
        return "gif"
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "webp"
    return None


def size_of(content: bytes) -> tuple[int, int] | None:
    """Read width and height in pixels from the head of the file, and nothing more."""
    try:
        sides = SIZES[ending_of(content) or ""](content)
    except (KeyError, IndexError, struct.error):
        return None
    return sides if sides and min(sides) > 0 and max(sides) <= LARGEST_SIDE else None


def _size_of_png(content: bytes) -> tuple[int, int]:
    width, height = struct.unpack(">II", content[16:24])
    return width, height


def _size_of_gif(content: bytes) -> tuple[int, int]:
    width, height = struct.unpack("<HH", content[6:10])
    return width, height


def _size_of_jpeg(content: bytes) -> tuple[int, int] | None:
    """Go from marker to marker until the one that begins the frame."""
    place = 2
    while place + 9 < len(content):
        if content[place] != 0xFF:  # noqa: PLR2004
            return None
        marker = content[place + 1]
        if marker in FRAMES:
            height, width = struct.unpack(">HH", content[place + 5 : place + 9])
            return width, height
        alone = marker in (0x01, 0xFF) or 0xD0 <= marker <= 0xD9  # noqa: PLR2004
        length = 0 if alone else struct.unpack(">H", content[place + 2 : place + 4])[0]
        place += (1 if marker == 0xFF else 2) + length  # noqa: PLR2004
    return None


def _size_of_webp(content: bytes) -> tuple[int, int] | None:
    how = content[12:16]
    if how == b"VP8X":
        return (
            int.from_bytes(content[24:27], "little") + 1,
            int.from_bytes(content[27:30], "little") + 1,
        )
    if how == b"VP8L":
        bits = int.from_bytes(content[21:25], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if how == b"VP8 ":
        width, height = struct.unpack("<HH", content[26:30])
        return width & 0x3FFF, height & 0x3FFF
    return None


FRAMES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}
SIZES: dict[str, Callable[[bytes], tuple[int, int] | None]] = {
    "png": _size_of_png,
    "gif": _size_of_gif,
    "jpg": _size_of_jpeg,
    "webp": _size_of_webp,
}


class Album:
    """The pictures of one item; *lookup* finds the content of what it refers to."""

    def __init__(self, lookup: Lookup = nothing) -> None:
        self.lookup = lookup
        self.pictures: dict[str, Picture] = {}
        self.notes: set[Note] = set()

    def rich(self, html: str) -> str:
        """Turn each ``<img>`` into one of a gathered picture, or its words."""
        if "<" not in html:
            return html
        if OTHER.search(html):
            self.notes.add(Note.PICTURE_LEFT_OUT)
        return IMG.sub(lambda tag: self._drawn(tag[0]), html)

    def _drawn(self, tag: str) -> str:
        named = {
            found[1].lower(): unescape(found[2] or found[3] or found[4] or "")
            for found in ATTRIBUTE.finditer(tag)
        }
        alt = named.get("alt", "")
        kept = self.taken(named.get("src", ""))
        if kept is None:
            return escape(f"[{alt}]" if alt else "")
        sides = "".join(
            f' {side}="{named[side]}"'
            for side in ("width", "height")
            if named.get(side, "").isdecimal() and len(named[side]) < 5  # noqa: PLR2004
        )
        return f'<img src="{kept}" alt="{escape(alt)}"{sides}>'

    def taken(self, source: str) -> str | None:
        """Return where a picture lies from now on; None if it was left out."""
        if OWN.fullmatch(source) and ".." not in source:
            return source
        content = self.content_of(source.strip())
        if content:
            return self.added(content, source)
        self._left_out()
        return None

    def content_of(self, source: str) -> bytes | None:
        """Find what a picture refers to: inside the text, or beside it."""
        if inline := INLINE.match(source):
            return unpacked(inline[1])
        if re.match(r"[a-z][a-z0-9+.-]*:|//", source, re.IGNORECASE):
            return None
        return self.lookup(source) or self.lookup(unquote(source))

    def added(self, content: bytes, name: str) -> str | None:
        ending = ending_of(content)
        fits = (
            len(content) <= LARGEST_PICTURE_BYTES and len(self.pictures) < MOST_PICTURES
        )
        if ending is None or not fits or size_of(content) is None:
            self._left_out()
            return None
        key = f"{sha256(content).hexdigest()[:32]}.{ending}"
        self.pictures[key] = Picture(_safe(name, ending), content)
        return f"{PICTURES}{key}"

    def _left_out(self) -> None:
        self.notes.add(Note.PICTURE_LEFT_OUT)


def unpacked(text: str) -> bytes | None:
    """Decode base64, however its lines are broken; None if it is none."""
    try:
        return b64decode("".join(unquote(text).split()), validate=True)
    except (binascii.Error, ValueError):
        return None


def _safe(name: str, ending: str) -> str:
    stem = re.split(r"[/\\]", unquote(name))[-1].rpartition(".")[0]
    plain = re.sub(r"[^\w -]", "", stem)[:60].strip()
    return (
        f"{plain or 'hinh'}.{ending}"
        if not name.startswith("data:")
        else f"hinh.{ending}"
    )
