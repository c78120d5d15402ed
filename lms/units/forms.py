"""What people type to change the tree."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField, SelectMultipleField, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from lms.kernel.forms import (
    REQUIRED,
    DayField,
    Form,
    LinesField,
    choices,
    given_day,
    no_control_characters,
    optional_text_field,
    required,
    text_field,
)
from lms.units.rules import Description, described


class DecisionForm(Form):
    """The foundation of every change: from which day, by which paper."""

    on = DayField(_l("Có hiệu lực từ ngày"), validators=[given_day()])
    paper = optional_text_field(
        _l("Văn bản"), 200, description=_l("Số, ký hiệu văn bản quyết định thay đổi.")
    )


class CreateForm(DecisionForm):
    code = text_field(_l("Mã đơn vị"), 40, description=_l("Không đổi về sau."))
    name = text_field(_l("Tên đơn vị"), 200)
    kind = text_field(
        _l("Loại đơn vị"), 40, description=_l("Ví dụ: phường, xã, phòng, trường.")
    )

    def described(self) -> Description:
        return Description(self.code.data, self.name.data, self.kind.data)


class RenameForm(DecisionForm):
    name = text_field(_l("Tên mới"), 200)
    kind = text_field(_l("Loại đơn vị"), 40)


class MoveForm(DecisionForm):
    parent_id = SelectField(_l("Đơn vị cấp trên"), coerce=int)


class CloseForm(DecisionForm):
    """Nothing but the day and the paper."""


class BoxesField(SelectMultipleField):
    """Several of a list, each with a box to tick."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class MergeForm(DecisionForm):
    source_ids = BoxesField(_l("Các đơn vị được nhập"), coerce=int)
    into = RadioField(
        _l("Nhập vào"),
        choices=choices(
            [("new", _l("Một đơn vị mới")), ("old", _l("Một đơn vị đang có"))]
        ),
        default="new",
        validators=[required()],
    )
    target_id = SelectField(_l("Đơn vị đang có"), coerce=int)
    code = optional_text_field(_l("Mã đơn vị mới"), 40)
    name = optional_text_field(_l("Tên đơn vị mới"), 200)
    kind = optional_text_field(_l("Loại đơn vị mới"), 40)

    def validate(self, extra_validators: Any = None) -> bool:
        fine: bool = super().validate(extra_validators)
        if self.into.data == "new":
            for field in (self.code, self.name, self.kind):
                if not field.data:
                    field.errors = [*field.errors, REQUIRED]
                    fine = False
        return fine

    def target(self) -> Description | int:
        """Return the new unit, or the id of the one that there is."""
        if self.into.data == "new":
            return Description(self.code.data, self.name.data, self.kind.data)
        return int(self.target_id.data)


class SplitForm(DecisionForm):
    parts = LinesField(
        _l("Các đơn vị mới"),
        [required(), no_control_characters],
        description=_l(
            "Mỗi dòng một đơn vị: mã | tên | loại. Đơn vị trực thuộc và người giữ chức "
            "danh chuyển về đơn vị ở dòng đầu; sau đó chuyển tiếp từng mục nếu cần."
        ),
        render_kw={"rows": 4},
    )

    def validate_parts(self, field: Any) -> None:
        if not all(map(described, field.data)):
            raise ValidationError(_("Mỗi dòng phải có đủ: mã | tên | loại."))

    def described(self) -> list[Description]:
        return [what for line in self.parts.data if (what := described(line))]
