"""The texts in an item's stored form: which are rich, and how they are cleaned.

The names decide, whatever the type: ``stem``, ``feedback`` … hold rich text, ``text``
holds a phrase of it (words inside a label or a line), all else is plain and is escaped
wherever it is shown.
"""

from collections.abc import Iterator
from typing import Any

from courses.items.lines import phrase
from lms.kernel import richtext

RICH = frozenset(
    {
        "stem",
        "explanation",
        "passage",
        "feedback",
        "feedback_true",
        "feedback_false",
        "right",
        "partly",
        "wrong",
        "template",
        "guide",
    }
)
PHRASE = "text"
OF_PARAGRAPHS = frozenset({"hints"})
"""Where a ``text`` stands by itself, and keeps its paragraphs."""

KEPT_AS_IT_IS = "carried"
"""What other programs said, which is given back to them and never shown."""

FOR_FINDING = frozenset({"stem", "passage", "text", "label"})


def washed(stored: Any, name: str = "", inside: str = "") -> Any:
    """Return a stored form with every rich text in it cleaned."""
    if isinstance(stored, dict):
        return {
            key: value if key == KEPT_AS_IT_IS else washed(value, key, name)
            for key, value in stored.items()
        }
    if isinstance(stored, list):
        return [washed(one, name, inside) for one in stored]
    if not isinstance(stored, str):
        return stored
    if name == PHRASE and inside not in OF_PARAGRAPHS:
        return phrase(richtext.clean(stored))
    if name in RICH or name == PHRASE:
        return richtext.clean(stored)
    return stored


def texts_of(stored: Any, name: str = "") -> Iterator[str]:
    """Yield the texts by which people would look for the item, stem first."""
    if isinstance(stored, dict):
        for key, value in stored.items():
            if key != KEPT_AS_IT_IS:
                yield from texts_of(value, key)
    elif isinstance(stored, list):
        for one in stored:
            yield from texts_of(one, name)
    elif isinstance(stored, str) and name in FOR_FINDING:
        yield stored
