"""Items on their way out: what every format is given, and pictures by their addresses.

What a format cannot say is carried beside it as our own stored form, under a digest of
the rest; whoever edits the file elsewhere breaks the digest, and their words count.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from courses.exchange.xml import Element, local

PICTURE = re.compile(r"/media/images/([A-Za-z0-9_-]{6,64})")
OWN = "lms-"
"""Begins the name of a picture of ours; the folder it lies in follows."""


@dataclass(frozen=True, slots=True)
class Exported:
    """An item and what its bank notes about it."""

    spec: dict[str, Any]
    title: str = ""
    external_id: str = ""
    topic: tuple[str, ...] = ()
    level: str = ""
    """NB, TH, VD or VDC."""
    tags: tuple[str, ...] = ()
    points: str = "1"


Pictures = Callable[[str], tuple[str, bytes] | None]
"""Gives the ending and the content of the picture in a folder of ours."""


def no_pictures(_folder: str) -> tuple[str, bytes] | None:
    return None


@dataclass(frozen=True, slots=True)
class Written:
    """A file that was written, and the titles of what its format could not hold."""

    content: bytes
    name: str
    media_type: str
    left_out: tuple[str, ...] = ()


def digest_of(element: Element, without: str = "") -> str:
    """Return a digest of what an element says, however its lines are broken."""
    found = sha256()

    def take(one: Element) -> None:
        name = local(one)
        kept = sorted((local_name(k), str(v)) for k, v in one.attrib.items())
        found.update(repr((name, kept, (one.text or "").strip())).encode())
        for inner in one:
            if local(inner) in ("", without):
                continue
            take(inner)
            found.update(repr((inner.tail or "").strip()).encode())

    take(element)
    return found.hexdigest()


def local_name(name: Any) -> str:
    return str(name).rpartition("}")[2]
