"""What authors fill in about a quiz, its sections and its draws."""

from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    Field,
    IntegerField,
    SelectField,
    SelectMultipleField,
    StringField,
    ValidationError,
)
from wtforms.validators import InputRequired, NumberRange, Optional
from wtforms.widgets import CheckboxInput, ListWidget, TextInput

from courses.items.forms.base import PointsField
from courses.quizzes.forms.responses import whole_number
from courses.quizzes.rules.attempts import ReviewPolicy
from courses.quizzes.rules.blueprint import MOST_PER_CELL, Cell
from courses.quizzes.rules.certainty import PENALTIES
from courses.quizzes.rules.feedback import AFTERWARDS, Part, Phase, stored_feedback
from courses.quizzes.rules.marking import OnDifference
from courses.quizzes.rules.results import Method
from courses.quizzes.wording import LABELS
from lms.kernel import clock
from lms.kernel.forms import Form, RichTextField, choices, required, text_field

LONGEST_MINUTES = 600
MOST_ATTEMPTS = 100
WRITTEN_MOMENT = "%Y-%m-%dT%H:%M"


class WholeNumberField(IntegerField):
    """A whole number; what is none is refused in Vietnamese."""

    def process_formdata(self, valuelist: list[str]) -> None:
        text = (valuelist or [""])[0].strip()
        self.data = whole_number(text)
        if text and self.data is None:
            raise ValueError(_("Hãy nhập một số nguyên."))


class MomentField(StringField):
    """A day and an hour in the district's time; may stay empty."""

    data: datetime | None  # type: ignore[assignment]

    def __init__(self, label: Any = None, **given: Any) -> None:
        super().__init__(label, render_kw={"type": "datetime-local"}, **given)

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        if self.data is None:
            return ""
        return self.data.astimezone(clock.DISTRICT_TIME).strftime(WRITTEN_MOMENT)

    def process_formdata(self, valuelist: list[str]) -> None:
        text = (valuelist or [""])[0].strip()
        self.data = None
        if not text:
            return
        try:
            written = datetime.strptime(text[:16], WRITTEN_MOMENT)
        except ValueError:
            raise ValueError(
                _("Hãy nhập ngày và giờ, ví dụ 05/09/2026 09:00.")
            ) from None
        self.data = written.replace(tzinfo=clock.DISTRICT_TIME)


class PartsField(SelectMultipleField):
    """Parts of feedback, one tick each."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


PARTS = [(part.value, _l(LABELS[part])) for part in Part]
PENALTY_WORDS = {
    Fraction(0): _l("Không trừ điểm"),
    Fraction(1, 4): _l("Trừ 1/4 số điểm của câu"),
    Fraction(1, 3): _l("Trừ 1/3 số điểm của câu"),
    Fraction(1, 2): _l("Trừ 1/2 số điểm của câu"),
    Fraction(1): _l("Trừ đủ số điểm của câu"),
}


def parts_field(phase: Phase) -> Any:
    return PartsField(_l(LABELS[phase]), choices=choices(PARTS))


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
    method = SelectField(
        _l("Tính kết quả theo"),
        choices=choices((m.value, _l(LABELS[m])) for m in Method),
        default=Method.HIGHEST.value,
    )
    opens_at = MomentField(_l("Mở từ lúc"))
    closes_at = MomentField(
        _l("Đóng lúc"),
        description=_l("Lượt đang làm dở cũng được thu vào lúc này."),
    )
    penalty = SelectField(
        _l("Câu trả lời sai"),
        choices=choices((str(p), PENALTY_WORDS[p]) for p in PENALTIES),
        default="0",
    )
    certainty = BooleanField(
        _l("Hỏi mức chắc chắn của mỗi câu trả lời"),
        description=_l(
            "Chắc mà đúng được gấp ba, chắc mà sai bị trừ gấp sáu (bảng CBM)."
        ),
    )
    shuffle_items = BooleanField(_l("Xáo thứ tự câu hỏi cho mỗi lượt"))
    shuffle_options = BooleanField(_l("Xáo thứ tự phương án cho mỗi lượt"))
    review = SelectField(
        _l("Cho xem đáp án và giải thích"),
        validators=[required()],
        choices=choices((p.value, _l(LABELS[p])) for p in ReviewPolicy),
    )

    during = parts_field(Phase.DURING)
    right_after = parts_field(Phase.RIGHT_AFTER)
    later = parts_field(Phase.LATER)
    after_close = parts_field(Phase.AFTER_CLOSE)
    blind_marking = BooleanField(
        _l("Chấm tay không thấy tên người làm bài"), default=True
    )
    on_difference = SelectField(
        _l("Khi hai người chấm lệch nhau quá mức cho phép"),
        choices=choices((one.value, _l(LABELS[one])) for one in OnDifference),
        default=OnDifference.THIRD_MARKER.value,
    )

    def show_feedback(self, parts: Any) -> None:
        """Tick what is stored, where nothing was sent."""
        for phase in Phase:
            self[phase.value].data = sorted(parts[phase])

    def validate_closes_at(self, field: Field) -> None:
        opens = self.opens_at.data
        if opens and field.data and field.data <= opens:
            raise ValidationError(_("Giờ đóng phải sau giờ mở."))

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
            "method": Method(self.method.data),
            "opens_at": self.opens_at.data,
            "closes_at": self.closes_at.data,
            "penalty": self.penalty.data,
            "certainty": self.certainty.data,
            "feedback": self._feedback(),
            "blind_marking": self.blind_marking.data,
            "on_difference": OnDifference(self.on_difference.data),
        }

    def _feedback(self) -> dict[str, list[str]] | None:
        parts = {p: frozenset(map(Part, self[p.value].data or ())) for p in Phase}
        return None if parts == AFTERWARDS else stored_feedback(parts)


class PointsLine(PointsField):
    """Points in a line of their own."""

    widget = TextInput()


class SectionForm(Form):
    title = text_field(_l("Tên phần"), 200)
    instructions = RichTextField(
        _l("Lời dặn của phần"), render_kw={"data-rich-editor": "", "rows": 4}
    )


class DrawForm(Form):
    """Items drawn anew for each attempt."""

    topic = SelectField(_l("Chủ đề"))
    level = SelectField(_l("Mức độ"))
    kind = SelectField(_l("Dạng câu hỏi"))
    count = WholeNumberField(
        _l("Số câu rút"),
        [
            InputRequired(_l("Hãy nhập một số nguyên.")),
            NumberRange(1, MOST_PER_CELL, _l("Từ 1 đến 100 câu.")),
        ],
        default=5,
    )
    points = PointsLine(_l("Điểm mỗi câu"), default=Decimal(1))

    def offer(self, topics: Any, levels: Any, kinds: Any) -> None:
        """Set what can be chosen."""
        self.topic.choices = choices([("", _("Mọi chủ đề")), *topics])
        self.level.choices = choices([("", _("Mọi mức độ")), *levels])
        self.kind.choices = choices([("", _("Mọi dạng")), *kinds])

    def cell(self) -> Cell:
        return Cell(
            topic=self.topic.data or "",
            level=self.level.data or "",
            count=self.count.data or 1,
            points=self.points.data,
            kind=self.kind.data or "",
        )
