"""What a file really is, told from its bytes."""

import unicodedata
from typing import IO

from lms.kernel.errors import Refused
from media.rules.containers import office_type
from media.rules.refusals import MediaRefusal

PLAIN = "text/plain"
HEAD_BYTES = 64 * 1024
LONGEST_LETTER_BYTES = 4

MAGIC = (
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"GIF87a", "image/gif"),
    (0, b"GIF89a", "image/gif"),
    (0, b"%PDF-", "application/pdf"),
    (8, b"WEBPVP8", "image/webp"),
    (4, b"ftypqt  ", "video/quicktime"),
    (4, b"ftypM4A ", "audio/mp4"),
    (4, b"ftypM4B ", "audio/mp4"),
    (4, b"ftypavif", "image/avif"),
    (4, b"ftypheic", "image/heic"),
    (4, b"ftypmif1", "image/heic"),
    (4, b"ftyp", "video/mp4"),
    (0, b"ID3", "audio/mpeg"),
)
"""Where to look, what stands there, and what that means; the first that fits counts."""

MATROSKA = b"\x1a\x45\xdf\xa3"
DOCTYPE_REACH = 64
ARCHIVE = b"PK\x03\x04"
FRAME_SYNC = (0xFFE6, 0xFFE2)
"""Eleven set bits, then layer III: how an MP3 without tags begins (mask, value)."""


def sniffed(file: IO[bytes]) -> str:
    """Return the content type that the bytes show; what nobody knows is refused."""
    file.seek(0)
    head = file.read(HEAD_BYTES)
    for offset, magic, type_ in MAGIC:
        if head.startswith(magic, offset):
            return type_
    if head.startswith(MATROSKA):
        is_webm = b"webm" in head[:DOCTYPE_REACH]
        return "video/webm" if is_webm else "video/x-matroska"
    if head.startswith(ARCHIVE):
        return office_type(file)
    if is_text(head):
        return PLAIN
    mask, value = FRAME_SYNC
    if int.from_bytes(head[:2]) & mask == value:
        return "audio/mpeg"
    raise Refused(MediaRefusal.TYPE_MISMATCH)


def is_text(head: bytes) -> bool:
    """Say whether these first bytes are text in UTF-8 with nothing unprintable."""
    try:
        text = head.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        # The head may end in the middle of a letter, and only there.
        whole = len(head) < HEAD_BYTES
        if whole or error.start < len(head) - LONGEST_LETTER_BYTES:
            return False
        text = head[: error.start].decode("utf-8-sig")
    return all(c in "\t\n\r\f" or unicodedata.category(c) != "Cc" for c in text)
