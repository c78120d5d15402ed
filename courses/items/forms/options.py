"""Forms of the types with a list of options."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, SelectField, ValidationError

from courses.items import writing
from courses.items.forms.base import ItemForm, OptionRow, OptionsField
from courses.items.lines import line_of
from courses.items.types.reading import FEWEST_OPTIONS
from lms.kernel.forms import LinesField, choices, required

LONGEST_OPTION = 2_000
FOUR = 4


class ChoiceForm(ItemForm):
    options = OptionsField(_l("Phương án"))

    def validate_options(self, field: OptionsField) -> None:
        rows = [row for _key, row in field.options()]
        if len(rows) < FEWEST_OPTIONS:
            raise ValidationError(_("Hãy viết ít nhất hai phương án."))
        if any(len(row.text) > LONGEST_OPTION for row in rows):
            raise ValidationError(_("Phương án quá dài: nhiều nhất 2000 ký tự."))
        if len({row.html for row in rows}) < len(rows):
            raise ValidationError(_("Có hai phương án giống hệt nhau."))
        self.check_ticks(sum(row.correct for row in rows))

    def check_ticks(self, count: int) -> None:
        """Refuse a number of right options that the type does not know."""
        if count < 1:
            raise ValidationError(_("Hãy đánh dấu ít nhất một phương án đúng."))

    def key_part(self) -> Mapping[str, Any]:
        named = self.options.options()
        return {
            "options": [{"id": key, "text": row.html} for key, row in named],
            "correct": self.correct_of([key for key, row in named if row.correct]),
        }

    def correct_of(self, ticked: Sequence[str]) -> Any:
        return list(ticked)

    def fill(self, item: Any, points: Decimal) -> None:
        super().fill(item, points)
        right = {item.key()} if isinstance(item.key(), str) else set(item.key())
        self.options.data = [
            _row(option, option.id in right) for option in item.options
        ]


def _row(option: Any, correct: bool) -> OptionRow:
    line = line_of(option.text)
    if line is None:
        return OptionRow(option.id, option.text, rich=True, correct=correct)
    return OptionRow(option.id, line, correct=correct)


class SingleChoiceForm(ChoiceForm):
    kind = "single_choice"

    def check_ticks(self, count: int) -> None:
        if count != 1:
            raise ValidationError(_("Hãy đánh dấu đúng một phương án đúng."))

    def correct_of(self, ticked: Sequence[str]) -> Any:
        return ticked[0] if ticked else None


class MultipleChoiceForm(ChoiceForm):
    kind = "multiple_choice"

    scoring = SelectField(
        _l("Cách cho điểm"),
        validators=[required()],
        choices=choices(
            [
                ("net", _l("Theo phần: chọn sai bị trừ vào phần đúng")),
                ("whole", _l("Trọn câu: chỉ đúng hết mới có điểm")),
                ("partial", _l("Theo phần: chọn sai không bị trừ")),
                ("judged", _l("Theo từng phương án: chọn hay bỏ đúng đều tính")),
                ("one_slip", _l("Sai một phương án còn nửa điểm")),
                ("weights", _l("Theo điểm riêng của từng phương án")),
            ]
        ),
    )

    def key_part(self) -> Mapping[str, Any]:
        return {**super().key_part(), "scoring": self.scoring.data}

    def fill(self, item: Any, points: Decimal) -> None:
        super().fill(item, points)
        self.scoring.data = item.scoring


class StatementsForm(ItemForm):
    kind = "statements"

    options = OptionsField(_l("Các ý"))
    scoring = SelectField(
        _l("Cách cho điểm"),
        validators=[required()],
        choices=choices(
            [
                ("exam_2025", _l("Như thi tốt nghiệp 2025: 0,1 – 0,25 – 0,5 – 1")),
                ("each", _l("Đều nhau cho từng ý")),
                ("whole", _l("Đúng hết mới có điểm")),
                ("one_slip", _l("Sai một ý còn nửa điểm")),
            ]
        ),
    )

    def validate_options(self, field: OptionsField) -> None:
        count = len(field.options())
        if not count:
            raise ValidationError(_("Hãy viết ít nhất một ý."))
        if self.scoring.data == "exam_2025" and count != FOUR:
            raise ValidationError(_("Cách cho điểm của thi tốt nghiệp cần đúng bốn ý."))

    def key_part(self) -> Mapping[str, Any]:
        return {
            "statements": [
                {"id": key, "text": row.html, "correct": row.correct}
                for key, row in self.options.options()
            ],
            "scoring": self.scoring.data,
        }

    def fill(self, item: Any, points: Decimal) -> None:
        super().fill(item, points)
        self.scoring.data = item.scoring
        self.options.data = [_row(one, one.correct) for one in item.statements]


class CalculatedChoiceForm(ChoiceForm):
    kind = "calculated_choice"

    variables = LinesField(
        _l("Các số thay đổi"),
        description=_l("Mỗi dòng một tên và các giá trị, ví dụ: a: 2; 5; 7,5"),
        render_kw={"rows": 4},
    )

    def check_ticks(self, count: int) -> None:
        if count != 1:
            raise ValidationError(_("Hãy đánh dấu đúng một phương án đúng."))

    def validate_variables(self, field: Field) -> None:
        if not writing.checked(writing.variables, field.data):
            raise ValidationError(_("Hãy viết mỗi dòng như: a: 2; 5; 7,5"))

    def key_part(self) -> Mapping[str, Any]:
        variables = writing.checked(writing.variables, self.variables.data) or []
        return {**super().key_part(), "variables": variables}

    def fill(self, item: Any, points: Decimal) -> None:
        ItemForm.fill(self, item, points)
        self.options.data = [_row(one, one.id in item.correct) for one in item.options]
        self.variables.data = [writing.variable_line(one) for one in item.variables]
