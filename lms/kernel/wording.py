"""The words shown for the words the program speaks in.

Rules speak in enum words.  Each feature keeps one Vietnamese sentence for each of its
refusals and one label for each enum that is shown, in its own ``wording`` module; the
roof collects them here.  The sentences are the source strings of the translations.
"""

from collections.abc import Iterable
from types import ModuleType
from typing import Any

from flask_babel import gettext

from lms.kernel.errors import Refusal

SENTENCES: dict[str, str] = {}
LABELS: dict[tuple[type[str], str], str] = {}
"""By type and word: two enums may share a word, and equal strings are one key."""


def collect(modules: Iterable[ModuleType]) -> None:
    for module in modules:
        SENTENCES.update(getattr(module, "SENTENCES", {}))
        labels: dict[str, str] = getattr(module, "LABELS", {})
        LABELS.update({(type(word), word): text for word, text in labels.items()})


def say(reason: Refusal | str, **about: Any) -> str:
    """Return the sentence for a refusal, in the reader's language.

    *about* fills in what the sentence speaks of: a number, the row it stands in.
    """
    return str(gettext(SENTENCES[str(reason)], **about))


def label(word: str) -> str:
    """Return what people call this word, in the reader's language."""
    return str(gettext(LABELS[type(word), word]))
