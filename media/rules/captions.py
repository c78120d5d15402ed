"""Captions beside a video: WebVTT, checked line by line before it is kept.

Source: W3C WebVTT, section 4 (syntax).  A file that a browser would silently show
nothing of is refused here, where its author can still mend it.
"""

import re

from lms.kernel.errors import Refused
from media.rules.refusals import MediaRefusal

LARGEST_CAPTION_BYTES = 1024 * 1024
LANGUAGES = ("vi", "en")
LONGEST_LABEL = 60

_TIME = r"(?:(\d{2,}):)?([0-5]\d):([0-5]\d)\.(\d{3})"
_TIMING = re.compile(rf"{_TIME}[ \t]+-->[ \t]+{_TIME}(?:[ \t]+\S.*)?")
_ASIDE = re.compile(r"(NOTE|STYLE|REGION)\b")


def checked_caption(content: bytes) -> str:
    """Return the captions as they are kept, or raise Refused."""
    if not content.strip():
        raise Refused(MediaRefusal.EMPTY)
    if len(content) > LARGEST_CAPTION_BYTES:
        raise Refused(MediaRefusal.TOO_LARGE)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Refused(MediaRefusal.NOT_A_CAPTION) from None
    text = text.replace("\r\n", "\n").replace("\r", "\n").strip("\n") + "\n"
    if "\x00" in text or not re.match(r"WEBVTT[ \t\n]", text):
        raise Refused(MediaRefusal.NOT_A_CAPTION)
    blocks = re.split(r"\n{2,}", text.strip("\n"))[1:]
    kept = [block for block in blocks if not _ASIDE.match(block)]
    if not kept or not all(is_cue(block) for block in kept):
        raise Refused(MediaRefusal.NOT_A_CAPTION)
    # Notes and styles are left out: nothing reads them here, and a style could reach
    # further than its cue.
    return "\n\n".join(["WEBVTT", *kept]) + "\n"


def is_cue(block: str) -> bool:
    """Say whether a block is one cue: perhaps a name, then times, then words."""
    lines = block.split("\n")
    at = 0 if "-->" in lines[0] else 1
    if len(lines) <= at + 1 or any("-->" in line for line in lines[at + 1 :]):
        return False
    timing = _TIMING.fullmatch(lines[at])
    if timing is None:
        return False
    times = timing.groups()
    return _milliseconds(times[:4]) < _milliseconds(times[4:])


def _milliseconds(time: tuple[str | None, ...]) -> int:
    hours, minutes, seconds, thousandths = (int(part or 0) for part in time)
    return ((hours * 60 + minutes) * 60 + seconds) * 1000 + thousandths
