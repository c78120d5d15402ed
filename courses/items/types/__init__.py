"""The item types, one module each, and the table that finds them by kind.

A new type is one module here, one template ``items/<kind>.html``, one form in
``items/forms``, its name in ``items/wording.py``, and one line in the table.
"""

from courses.items.rules import Item, Spec
from courses.items.types.association import Association
from courses.items.types.calculated import Calculated
from courses.items.types.calculated_choice import CalculatedChoice
from courses.items.types.cloze import Cloze
from courses.items.types.description import Description
from courses.items.types.drag_words import DragWords
from courses.items.types.essay import Essay
from courses.items.types.file_upload import FileUpload
from courses.items.types.hot_text import HotText
from courses.items.types.hotspot import Hotspot
from courses.items.types.image_labels import ImageLabels
from courses.items.types.markers import Markers
from courses.items.types.matching import Matching
from courses.items.types.multiple_choice import MultipleChoice
from courses.items.types.numerical import Numerical
from courses.items.types.ordering import Ordering
from courses.items.types.short_answer import ShortAnswer
from courses.items.types.single_choice import SingleChoice
from courses.items.types.statements import Statements
from courses.items.types.true_false import TrueFalse

ITEM_TYPES: dict[str, type[Item]] = {
    kind.kind: kind
    for kind in (
        SingleChoice,
        MultipleChoice,
        TrueFalse,
        Statements,
        ShortAnswer,
        Numerical,
        Matching,
        Ordering,
        Cloze,
        DragWords,
        HotText,
        Association,
        Hotspot,
        ImageLabels,
        Markers,
        Calculated,
        CalculatedChoice,
        Essay,
        FileUpload,
        Description,
    )
}


def parse(spec: Spec) -> Item:
    """Build the item that *spec* describes; ValueError where it describes none."""
    kind = spec.get("kind")
    if not isinstance(kind, str) or kind not in ITEM_TYPES:
        raise ValueError(f"no item type is called {kind!r}")
    return ITEM_TYPES[kind].parse(spec)
