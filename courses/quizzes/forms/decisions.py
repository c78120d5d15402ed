"""What is filled in to grant, to mark, and to mend marks."""

from fractions import Fraction
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, SelectField, TextAreaField, ValidationError
from wtforms.validators import NumberRange, Optional

from courses.quizzes.forms.settings import MomentField, PointsLine, WholeNumberField
from courses.quizzes.rules.regrading import Remedy
from courses.quizzes.wording import LABELS
from lms.kernel.forms import Form, at_most, choices, no_control_characters, required

LONGEST_REASON = 500
MOST_EXTRA_MINUTES = 600


def reason_field(label: Any) -> Any:
    return TextAreaField(
        label,
        [required(), at_most(LONGEST_REASON), no_control_characters],
        render_kw={"rows": 3},
    )


class ReasonForm(Form):
    reason = reason_field(_l("Lý do"))


class RegradeForm(Form):
    remedy = SelectField(
        _l("Cách xử lý"), choices=choices((r.value, _l(LABELS[r])) for r in Remedy)
    )
    reason = reason_field(_l("Lý do"))


class AllowanceForm(Form):
    to = SelectField(_l("Dành cho"), validators=[required()])
    extra_minutes = WholeNumberField(
        _l("Thêm thời gian (phút)"),
        [Optional(), NumberRange(0, MOST_EXTRA_MINUTES, _l("Từ 0 đến 600 phút."))],
    )
    extra_attempts = WholeNumberField(
        _l("Thêm số lượt"), [Optional(), NumberRange(0, 20, _l("Từ 0 đến 20 lượt."))]
    )
    closes_at = MomentField(_l("Đóng lúc (thay giờ chung)"))
    reason = reason_field(_l("Lý do"))

    def validate_reason(self, _field: Field) -> None:
        if not any(
            (self.extra_minutes.data, self.extra_attempts.data, self.closes_at.data)
        ):
            raise ValidationError(
                _("Hãy cho thêm thời gian, thêm lượt hoặc giờ đóng khác.")
            )

    def granted(self) -> dict[str, Any]:
        return {
            "extra_minutes": self.extra_minutes.data or 0,
            "extra_attempts": self.extra_attempts.data or 0,
            "closes_at": self.closes_at.data,
            "reason": self.reason.data,
        }


class MarkForm(Form):
    points = PointsLine(_l("Điểm"))
    comment = TextAreaField(
        _l("Nhận xét cho người làm bài"),
        [at_most(2000), no_control_characters],
        render_kw={"rows": 4},
    )

    def share(self) -> Fraction:
        return Fraction(self.points.data)
