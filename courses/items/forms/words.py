"""Forms of the types that are answered in words, numbers or files."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Field, RadioField, SelectField, ValidationError

from courses.items import writing
from courses.items.forms.base import ItemForm
from courses.items.numbers import written
from courses.items.types.short_answer import LONGEST_RESPONSE, is_typed
from lms.kernel.forms import LinesField, choices, optional_text_field, text_field

MOST_ACCEPTED = 20


class TrueFalseForm(ItemForm):
    kind = "true_false"

    correct = RadioField(
        _l("Câu này"),
        choices=choices([("true", _l("Đúng")), ("false", _l("Sai"))]),
    )

    def key_part(self) -> Mapping[str, Any]:
        return {"correct": self.correct.data == "true"}

    def fill(self, item: Any, points: Decimal) -> None:
        super().fill(item, points)
        self.correct.data = "true" if item.correct else "false"


class ShortAnswerForm(ItemForm):
    kind = "short_answer"

    accepted = LinesField(
        _l("Câu trả lời được chấp nhận"),
        description=_l("Mỗi dòng một cách trả lời đúng."),
        render_kw={"rows": 4},
    )
    ignore_case = BooleanField(_l("Không phân biệt chữ hoa, chữ thường"), default=True)
    ignore_accents = BooleanField(_l("Chấp nhận cả khi gõ không dấu"))

    def validate_accepted(self, field: Field) -> None:
        if not field.data:
            raise ValidationError(_("Hãy viết ít nhất một câu trả lời đúng."))
        if len(field.data) > MOST_ACCEPTED:
            raise ValidationError(_("Nhiều nhất 20 cách trả lời."))
        if any(
            len(line) > LONGEST_RESPONSE or not is_typed(line) for line in field.data
        ):
            raise ValidationError(_("Mỗi dòng nhiều nhất 500 ký tự gõ được."))

    def key_part(self) -> Mapping[str, Any]:
        return {
            "accepted": self.accepted.data,
            "ignore_case": self.ignore_case.data,
            "ignore_accents": self.ignore_accents.data,
        }

    def fill(self, item: Any, points: Decimal) -> None:
        super().fill(item, points)
        self.accepted.data = list(item.accepted)
        self.ignore_case.data = item.ignore_case
        self.ignore_accents.data = item.ignore_accents


class NumericalForm(ItemForm):
    kind = "numerical"

    answers = LinesField(
        _l("Các số đúng"),
        description=_l("Mỗi dòng một số; thêm sai số sau dấu ±, ví dụ: 3,14 ± 0,01"),
        render_kw={"rows": 3},
    )
    units = LinesField(
        _l("Đơn vị"),
        description=_l(
            "Mỗi dòng một đơn vị, đơn vị của đáp án ở dòng đầu. Đơn vị khác ghi số quy"
            " đổi: cm = 100. Để trống nếu không có đơn vị."
        ),
        render_kw={"rows": 3},
    )
    unit_policy = SelectField(
        _l("Khi thiếu đơn vị"),
        choices=choices(
            [
                ("optional", _l("Vẫn tính là đúng")),
                ("graded", _l("Không có điểm")),
            ]
        ),
        default="optional",
    )

    def validate_answers(self, field: Field) -> None:
        if not writing.checked(writing.values, field.data):
            raise ValidationError(_("Hãy viết mỗi dòng một số, ví dụ: 3,14 ± 0,01"))

    def validate_units(self, field: Field) -> None:
        if field.data and not writing.checked(writing.units, field.data):
            raise ValidationError(_("Hãy viết mỗi dòng như: cm = 100"))

    def key_part(self) -> Mapping[str, Any]:
        listed = writing.checked(writing.units, self.units.data) or []
        units = {"units": listed, "policy": self.unit_policy.data} if listed else {}
        values = writing.checked(writing.values, self.answers.data) or []
        return {"answers": values, "units": units}

    def fill(self, item: Any, points: Decimal) -> None:
        super().fill(item, points)
        right = [
            one for one in item.answers if one.share == 1 and one.value is not None
        ]
        self.answers.data = [writing.value_line(one) for one in right]
        self.units.data = [writing.unit_line(one) for one in item.units.units]
        self.unit_policy.data = item.units.policy


class CalculatedForm(ItemForm):
    kind = "calculated"

    variables = LinesField(
        _l("Các số thay đổi"),
        description=_l("Mỗi dòng một tên và các giá trị, ví dụ: a: 2; 5; 7,5"),
        render_kw={"rows": 4},
    )
    formula = text_field(
        _l("Công thức của đáp án"),
        500,
        description=_l("Tên số để trong ngoặc nhọn, ví dụ: {a} * {b} / 2"),
    )
    tolerance = optional_text_field(_l("Sai số"), 30)

    def validate_variables(self, field: Field) -> None:
        if not writing.checked(writing.variables, field.data):
            raise ValidationError(_("Hãy viết mỗi dòng như: a: 2; 5; 7,5"))

    def key_part(self) -> Mapping[str, Any]:
        off = writing.checked(writing.decimal, self.tolerance.data or "0") or "0"
        return {
            "variables": writing.checked(writing.variables, self.variables.data) or [],
            "answers": [{"formula": self.formula.data or "", "tolerance": off}],
        }

    def fill(self, item: Any, points: Decimal) -> None:
        super().fill(item, points)
        answer = next(one for one in item.answers if one.share == 1)
        self.variables.data = [writing.variable_line(one) for one in item.variables]
        self.formula.data = answer.formula
        self.tolerance.data = written(answer.tolerance)


class MarkedForm(ItemForm):
    """What people mark."""

    double = BooleanField(_l("Hai người chấm độc lập"))

    def key_part(self) -> Mapping[str, Any]:
        return {"double": self.double.data}

    def fill(self, item: Any, points: Decimal) -> None:
        super().fill(item, points)
        self.double.data = item.marking.double


class EssayForm(MarkedForm):
    kind = "essay"

    rubric = LinesField(
        _l("Tiêu chí chấm"),
        description=_l("Mỗi dòng một tiêu chí và điểm nhiều nhất, ví dụ: Ý đầy đủ = 3"),
        render_kw={"rows": 4},
    )

    def validate_rubric(self, field: Field) -> None:
        if field.data and not writing.checked(writing.rubric, field.data):
            raise ValidationError(_("Hãy viết mỗi dòng như: Ý đầy đủ = 3"))

    def key_part(self) -> Mapping[str, Any]:
        criteria = writing.checked(writing.rubric, self.rubric.data) or []
        kept = {one["text"]: one for one in self.kept.get("rubric", [])}
        rubric = [
            kept[one["text"]]
            if one["text"] in kept
            and writing.most_of(kept[one["text"]]) == writing.most_of(one)
            else one
            for one in criteria
        ]
        return {**super().key_part(), "rubric": rubric}

    def fill(self, item: Any, points: Decimal) -> None:
        super().fill(item, points)
        self.rubric.data = [f"{one.text} = {one.most}" for one in item.marking.rubric]


class FileUploadForm(MarkedForm):
    kind = "file_upload"

    file_types = optional_text_field(
        _l("Loại tệp"), 200, description=_l("Ví dụ: .pdf .docx; để trống nếu tùy ý.")
    )

    def key_part(self) -> Mapping[str, Any]:
        types = (self.file_types.data or "").replace(",", " ").split()
        return {**super().key_part(), "file_types": types}

    def fill(self, item: Any, points: Decimal) -> None:
        super().fill(item, points)
        self.file_types.data = " ".join(item.file_types)


class DescriptionForm(ItemForm):
    kind = "description"

    def key_part(self) -> Mapping[str, Any]:
        return {}
