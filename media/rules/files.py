"""Which files are taken: their names, their sizes, and what they really are.

A file is judged by its first bytes and never by what it calls itself: a name that
claims another type than the bytes show is refused, not corrected.
"""

import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePosixPath
from typing import IO
from urllib.parse import quote

from lms.kernel.errors import Refused
from media.rules.refusals import MediaRefusal
from media.rules.sniffing import PLAIN, sniffed

MEBIBYTE = 1024 * 1024
LONGEST_NAME = 150


class AssetKind(StrEnum):
    IMAGE = "image"
    VIDEO = "video"
    AUDIO = "audio"
    FILE = "file"


TYPES = {
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "webp": "image/webp",
    "gif": "image/gif",
    "mp4": "video/mp4",
    "mov": "video/quicktime",
    "webm": "video/webm",
    "mkv": "video/x-matroska",
    "mp3": "audio/mpeg",
    "m4a": "audio/mp4",
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "odt": "application/vnd.oasis.opendocument.text",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "odp": "application/vnd.oasis.opendocument.presentation",
    "txt": "text/plain",
    "csv": "text/csv",
    "vtt": "text/vtt",
}
"""Everything that may be uploaded, by the ending of its name.  SVG is not here: it is
a document that can run scripts."""

IMAGES = frozenset(type_ for type_ in TYPES.values() if type_.startswith("image/"))
VIDEOS = frozenset(type_ for type_ in TYPES.values() if type_.startswith("video/"))
AUDIOS = frozenset(type_ for type_ in TYPES.values() if type_.startswith("audio/"))
TEXTS = frozenset(type_ for type_ in TYPES.values() if type_.startswith("text/"))
ALLOWED = {
    AssetKind.IMAGE: IMAGES,
    AssetKind.VIDEO: VIDEOS,
    AssetKind.AUDIO: AUDIOS,
    AssetKind.FILE: frozenset(TYPES.values()) - VIDEOS,
}
INLINE = IMAGES | VIDEOS | AUDIOS | {"text/vtt", "application/pdf"}
"""What a browser may show by itself; all else is saved to disk."""

PLAYABLE_AS_IT_IS = frozenset({"video/mp4", "video/webm", "video/quicktime"})
SAME_CONTAINER = (
    frozenset({"video/mp4", "video/quicktime"}),
    frozenset({"video/webm", "video/x-matroska"}),
)
"""Phones and editors name these two ways of packing one thing as they please."""

NEVER = frozenset(
    {
        "text/html",
        "application/xhtml+xml",
        "image/svg+xml",
        "text/javascript",
        "application/javascript",
        "text/xml",
        "application/xml",
    }
)
DOCUMENTS_MAX_BYTES = 100 * MEBIBYTE
AUDIO_MAX_BYTES = 200 * MEBIBYTE


@dataclass(frozen=True, slots=True)
class Bounds:
    """The largest file of each kind, as this installation sets it."""

    video_max_bytes: int
    image_max_bytes: int

    def of(self, kind: AssetKind) -> int:
        largest = {
            AssetKind.IMAGE: self.image_max_bytes,
            AssetKind.VIDEO: self.video_max_bytes,
            AssetKind.AUDIO: AUDIO_MAX_BYTES,
            AssetKind.FILE: DOCUMENTS_MAX_BYTES,
        }
        return min(largest[kind], self.video_max_bytes)


def display_name(claimed: str) -> str:
    """Return the name as it may be shown and downloaded, or raise Refused.

    Only the last part of a path is kept; control characters and those that turn the
    reading direction (``exe.piz`` shown as ``zip.exe``) are taken out.
    """
    last = claimed.replace("\\", "/").rsplit("/", 1)[-1]
    named = unicodedata.normalize("NFC", last)
    visible = "".join(c for c in named if unicodedata.category(c)[0] != "C")
    name = " ".join(visible.split()).strip(". ")
    stem, dot, ending = name.rpartition(".")
    if not (stem.strip(". ") and dot and ending.isascii() and ending.isalnum()):
        raise Refused(MediaRefusal.BAD_NAME)
    return f"{stem[: LONGEST_NAME - len(ending) - 1].rstrip('. ')}.{ending}"


def checked_type(file: IO[bytes], name: str, claimed_type: str, kind: AssetKind) -> str:
    """Return the content type of a file of *kind* called *name*, or raise Refused."""
    ending = PurePosixPath(name).suffix.lstrip(".").lower()
    promised = TYPES.get(ending)
    claimed = claimed_type.partition(";")[0].strip().lower()
    if promised is None or promised not in ALLOWED[kind] or claimed in NEVER:
        raise Refused(MediaRefusal.TYPE_NOT_ALLOWED)
    found = sniffed(file)
    if found == PLAIN and promised in TEXTS:
        return promised
    if not (_agree(found, promised) and _agree_on_major(found, claimed)):
        raise Refused(MediaRefusal.TYPE_MISMATCH)
    return found


def _agree(found: str, promised: str) -> bool:
    return found == promised or {found, promised} in SAME_CONTAINER


def _agree_on_major(found: str, claimed: str) -> bool:
    """Browsers guess types badly, but none takes a picture for a film."""
    majors = {claimed.partition("/")[0], found.partition("/")[0]}
    if len(majors) == 1 or majors == {"audio", "video"}:
        return True
    return claimed.partition("/")[0] not in ("image", "video", "audio")


def attachment(name: str) -> str:
    """Return the Content-Disposition that saves a file under *name* (RFC 6266)."""
    spread = unicodedata.normalize("NFKD", name.replace("đ", "d").replace("Đ", "D"))
    plain = spread.encode("ascii", "ignore").decode()
    fallback = "".join(c for c in plain if c not in '"\\%;') or "tep"
    exact = quote(name, safe="")
    return f"attachment; filename=\"{fallback}\"; filename*=UTF-8''{exact}"
