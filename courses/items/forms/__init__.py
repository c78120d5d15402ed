"""What authors fill in to write an item, and the table of one form for each type."""

from courses.items.forms.base import ItemForm as ItemForm
from courses.items.forms.options import (
    CalculatedChoiceForm,
    MultipleChoiceForm,
    SingleChoiceForm,
    StatementsForm,
)
from courses.items.forms.passages import (
    AssociationForm,
    ClozeForm,
    DragWordsForm,
    HotspotForm,
    HotTextForm,
    ImageLabelsForm,
    MarkersForm,
    MatchingForm,
    OrderingForm,
)
from courses.items.forms.words import (
    CalculatedForm,
    DescriptionForm,
    EssayForm,
    FileUploadForm,
    NumericalForm,
    ShortAnswerForm,
    TrueFalseForm,
)

FORMS: dict[str, type[ItemForm]] = {
    form.kind: form
    for form in (
        SingleChoiceForm,
        MultipleChoiceForm,
        TrueFalseForm,
        StatementsForm,
        ShortAnswerForm,
        NumericalForm,
        MatchingForm,
        OrderingForm,
        ClozeForm,
        DragWordsForm,
        HotTextForm,
        AssociationForm,
        HotspotForm,
        ImageLabelsForm,
        MarkersForm,
        CalculatedForm,
        CalculatedChoiceForm,
        EssayForm,
        FileUploadForm,
        DescriptionForm,
    )
}
"""The form of each item type."""
