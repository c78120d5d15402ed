"""What comes in: an author's settings, and a learner's responses."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    Field,
    IntegerField,
    SelectField,
    ValidationError,
)
from wtforms.validators import InputRequired, NumberRange, Optional

from courses.items.sheets import values_in
from courses.quizzes.rules.attempts import ReviewPolicy, Save, SheetLine
from courses.quizzes.wording import LABELS
from lms.kernel.forms import Form, RichTextField, choices, required

LONGEST_MINUTES = 600
MOST_ATTEMPTS = 100
HIGHEST_POSITION = 1000
SEQUENCE = "sequence-"
HIGHEST_SEQUENCE = 2**31 - 1
"""What the database's whole numbers hold."""


def whole_number(text: str) -> int | None:
    """Read a whole number that any database holds; None if it is none."""
    return int(text) if re.fullmatch("[0-9]{1,9}", text) else None


class WholeNumberField(IntegerField):
    """A whole number; what is none is refused in Vietnamese."""

    def process_formdata(self, valuelist: list[str]) -> None:
        text = (valuelist or [""])[0].strip()
        self.data = whole_number(text)
        if text and self.data is None:
            raise ValueError(_("Hãy nhập một số nguyên."))


class SettingsForm(Form):
    instructions = RichTextField(
        _l("Lời dặn trước khi làm bài"), render_kw={"data-rich-editor": "", "rows": 5}
    )
    pass_mark = WholeNumberField(
        _l("Mức đạt (%)"),
        [
            InputRequired(_l("Hãy nhập một số nguyên.")),
            NumberRange(1, 100, _l("Từ 1 đến 100.")),
        ],
        default=80,
    )
    time_limit_minutes = WholeNumberField(
        _l("Thời gian làm bài (phút)"),
        [Optional(), NumberRange(1, LONGEST_MINUTES, _l("Từ 1 đến 600 phút."))],
        description=_l("Để trống nếu không giới hạn."),
    )
    max_attempts = WholeNumberField(
        _l("Số lượt làm bài"),
        [Optional(), NumberRange(1, MOST_ATTEMPTS, _l("Từ 1 đến 100 lượt."))],
        description=_l("Để trống nếu không giới hạn."),
    )
    shuffle_items = BooleanField(_l("Xáo thứ tự câu hỏi cho mỗi lượt"))
    shuffle_options = BooleanField(_l("Xáo thứ tự phương án cho mỗi lượt"))
    review = SelectField(
        _l("Cho xem đáp án và giải thích"),
        validators=[required()],
        choices=choices((p.value, _l(LABELS[p])) for p in ReviewPolicy),
    )

    def validate_review(self, field: Field) -> None:
        endless = self.max_attempts.data is None
        if field.data == ReviewPolicy.AFTER_LAST_ATTEMPT and endless:
            raise ValidationError(
                _("Hãy giới hạn số lượt làm bài, nếu không đáp án sẽ không bao giờ mở.")
            )

    def settings(self) -> dict[str, Any]:
        return {
            "instructions": self.instructions.data or "",
            "pass_mark": self.pass_mark.data,
            "time_limit_minutes": self.time_limit_minutes.data,
            "max_attempts": self.max_attempts.data,
            "shuffle_items": self.shuffle_items.data,
            "shuffle_options": self.shuffle_options.data,
            "review": ReviewPolicy(self.review.data),
        }


@dataclass(frozen=True, slots=True)
class SaveForm:
    """One response as the script sends it."""

    position: int
    save: Save

    @classmethod
    def read(cls, body: Any) -> Self | None:
        """Return the save, or None if the body is none.

        The shape of the value itself is judged by the item's type.
        """
        if not isinstance(body, dict) or "value" not in body:
            return None
        position = _count(body.get("position"), HIGHEST_POSITION)
        sequence = _count(body.get("sequence"), HIGHEST_SEQUENCE)
        flagged = body.get("flagged", False)
        if position is None or sequence is None or not isinstance(flagged, bool):
            return None
        return cls(position, Save(sequence, body["value"], flagged))


def _count(value: Any, highest: int) -> int | None:
    # A bool is an int in Python, and no number here.
    return value if type(value) is int and 1 <= value <= highest else None


def read_sheet(form: Any) -> Mapping[int, SheetLine]:
    """Read the responses of a whole form, by position; what is no line is left out."""
    return {
        position: SheetLine(
            values=values_in(form, position),
            flagged=f"flag-{position}" in form,
            sequence=sequence,
        )
        for position, sequence in _sequences(form)
    }


def _sequences(form: Any) -> list[tuple[int, int]]:
    found = []
    for name in form:
        if not name.startswith(SEQUENCE):
            continue
        position = whole_number(name.removeprefix(SEQUENCE))
        sequence = whole_number(form[name])
        if position is not None and sequence is not None:
            found.append((position, sequence))
    return found


def read_order(body: Any) -> list[int] | None:
    """Read ``{"order": ["12", "9", …]}``, the ids that a sortable list sends."""
    order = body.get("order") if isinstance(body, dict) else None
    if not isinstance(order, list):
        return None
    numbers = [whole_number(str(one)) for one in order]
    return None if None in numbers else [n for n in numbers if n is not None]
