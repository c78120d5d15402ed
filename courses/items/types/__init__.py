"""The item types, one module each, and the table that finds them by kind.

A new type is one module here, one template ``items/<kind>.html``, one form in
``quizzes/forms.py``, and one line in the table.
"""

from courses.items.rules import Item, Spec
from courses.items.types.multiple_choice import MultipleChoice
from courses.items.types.short_answer import ShortAnswer
from courses.items.types.single_choice import SingleChoice
from courses.items.types.true_false import TrueFalse

ITEM_TYPES: dict[str, type[Item]] = {
    kind.kind: kind for kind in (SingleChoice, MultipleChoice, TrueFalse, ShortAnswer)
}


def parse(spec: Spec) -> Item:
    """Build the item that *spec* describes; ValueError where it describes none."""
    kind = spec.get("kind")
    if not isinstance(kind, str) or kind not in ITEM_TYPES:
        raise ValueError(f"no item type is called {kind!r}")
    return ITEM_TYPES[kind].parse(spec)
