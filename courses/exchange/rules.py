"""What a file of questions turns out to hold: items that were found, and why others
were not.

Reading a file never stops at a bad question: each is found or refused by itself, with
a reason and the place where it stands.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from lms.kernel.errors import Refusal

LARGEST_FILE_BYTES = 64 * 1024 * 1024
"""What is read at once; a bank of some thousand questions with pictures is smaller."""

MOST_ITEMS = 20_000
LONGEST_TITLE = 200
PICTURES = "/media/found/"
"""Where pictures of a file seem to lie until the items are kept: this and a name."""


class Trouble(StrEnum):
    """Why an item, or a whole file, could not be taken; ``wording`` says it aloud."""

    NO_STEM = "no-stem"
    NO_KEY = "no-key"
    NO_OPTIONS = "no-options"
    NOT_WELL_FORMED = "not-well-formed"
    KIND_NOT_SUPPORTED = "kind-not-supported"
    WRONG_WEIGHTS = "wrong-weights"
    WRONG_NUMBER = "wrong-number"
    WRONG_CLOZE = "wrong-cloze"
    WRONG_PAIRS = "wrong-pairs"
    ADAPTIVE = "adaptive"
    TEMPLATED = "templated"
    SEVERAL_INTERACTIONS = "several-interactions"
    INTERACTION_NOT_SUPPORTED = "interaction-not-supported"
    FILE_MISSING = "file-missing"
    FILE_NOT_ALLOWED = "file-not-allowed"
    NO_ITEM = "no-item"
    TOO_LARGE = "too-large"
    TOO_MANY = "too-many"
    BAD_ARCHIVE = "bad-archive"
    UNKNOWN_FORMAT = "unknown-format"
    FORBIDDEN_XML = "forbidden-xml"
    NOT_READABLE = "not-readable"
    NOT_FITTING = "not-fitting"


class Note(StrEnum):
    """What of an item was changed or left behind, so that nothing is lost silently."""

    PICTURE_LEFT_OUT = "picture-left-out"
    SCORING_DIFFERS = "scoring-differs"
    FEEDBACK_LEFT_OUT = "feedback-left-out"
    SHARED_STEM = "shared-stem"
    KEY_GUESSED = "key-guessed"
    FORMULA_AS_PICTURE = "formula-as-picture"
    FORMULA_UNREADABLE = "formula-unreadable"
    TWICE = "twice"


class ImportState(StrEnum):
    OPEN = "open"
    KEPT = "kept"


class LineState(StrEnum):
    """How one item of a file stands before it is kept."""

    UNDERSTOOD = "understood"
    REFUSED = "refused"
    MENDED = "mended"
    SKIPPED = "skipped"


class ExchangeRefusal(Refusal):
    NOT_READY = "exchange-not-ready"
    NOTHING_TO_KEEP = "exchange-nothing-to-keep"
    ALREADY_KEPT = "exchange-already-kept"
    FILE_TOO_LARGE = "exchange-file-too-large"
    NO_FILE = "exchange-no-file"
    NOT_UNDERSTOOD = "exchange-not-understood"


class NotTaken(Exception):
    """One item, or the whole file, cannot be taken.  *detail* is a word from it."""

    def __init__(self, trouble: Trouble, detail: str = "") -> None:
        super().__init__(f"{trouble.value} {detail}".strip())
        self.trouble = trouble
        self.detail = detail[:300]


@dataclass(frozen=True, slots=True)
class Picture:
    """A file that an item shows, as it came: nothing of it is believed yet."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """An item as it was understood."""

    where: str
    """The place in the file, as a person would look for it."""
    spec: dict[str, Any]
    title: str = ""
    external_id: str = ""
    """What the other program calls it; the same file read again finds it by this."""
    topic: tuple[str, ...] = ()
    level: str = ""
    tags: tuple[str, ...] = ()
    points: str = ""
    """What it is worth there, as a decimal number; empty where nothing is said."""
    pictures: Mapping[str, Picture] = field(default_factory=dict)
    """By the name after ``PICTURES`` in the item's rich texts."""
    notes: tuple[Note, ...] = ()

    @property
    def kind(self) -> str:
        return str(self.spec["kind"])


@dataclass(frozen=True, slots=True, kw_only=True)
class NotFound:
    """An item that is there but was not understood."""

    where: str
    trouble: Trouble
    detail: str = ""
    title: str = ""
    sketch: Mapping[str, Any] = field(default_factory=dict)
    """As much of a stored form as was understood, for whoever mends it by hand."""
    topic: tuple[str, ...] = ()
    level: str = ""
    pictures: Mapping[str, Picture] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reading:
    """All that one file turned out to hold, in its order."""

    format: str
    items: tuple[Found | NotFound, ...] = ()
    left_over: tuple[str, ...] = ()
    """Lines that belong to no item, such as the head of a paper."""

    @property
    def found(self) -> tuple[Found, ...]:
        return tuple(one for one in self.items if isinstance(one, Found))

    @property
    def refused(self) -> tuple[NotFound, ...]:
        return tuple(one for one in self.items if isinstance(one, NotFound))
