"""What is typed in an exam room."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, NumberRange

from courses.exams.models.incidents import IncidentKind
from courses.exams.rules.beats import Beat
from courses.exams.rules.pins import LENGTH
from lms.kernel.forms import Form, at_most, choices, no_control_characters, required
from lms.kernel.wording import label

LONGEST_WINDOW = 40
LONGEST_RUN_SECONDS = 7 * 24 * 3600.0
HIGHEST_POSITION = 1000
LONGEST_REASON = 500
MOST_MINUTES = 180
RECORDED = tuple(kind for kind in IncidentKind if kind is not IncidentKind.EXPULSION)
"""To expel is an act of its own, which writes itself down."""


class EntryForm(Form):
    code = StringField(
        _l("Số báo danh"),
        [required(), at_most(20)],
        description=_l("In trên phiếu báo dự thi."),
    )
    pin = StringField(
        _l("Mã vào thi"),
        [required(), at_most(2 * LENGTH)],
        description=_l("Gồm 8 chữ và số trên phiếu cán bộ coi thi vừa đưa."),
    )


def read_beat(sent: Any) -> Beat | None:
    """Read a sign of life as the page sends it, or None."""
    if not isinstance(sent, dict):
        return None
    window, running = sent.get("window"), sent.get("running")
    if not isinstance(window, str) or not window.isalnum():
        return None
    if len(window) > LONGEST_WINDOW or not isinstance(running, int | float):
        return None
    position = sent.get("position")
    known = type(position) is int and 0 < position <= HIGHEST_POSITION
    seconds = min(max(float(running), 0.0), LONGEST_RUN_SECONDS)
    return Beat(window, position if known else None, timedelta(seconds=seconds))


def reason_field(words: Any) -> Any:
    return TextAreaField(
        words,
        [required(), at_most(LONGEST_REASON), no_control_characters],
        render_kw={"rows": 2},
    )


def set_apart(forms: Mapping[str, Form]) -> None:
    """Give fields ids of their own where one page shows several forms."""
    for name, form in forms.items():
        for one in form:
            one.id = one.label.field_id = f"{name.replace('_', '-')}-{one.name}"


class ReasonForm(Form):
    reason = reason_field(_l("Lý do"))


class TimeForm(Form):
    minutes = IntegerField(
        _l("Số phút bù"),
        [
            InputRequired(_l("Hãy nhập số phút.")),
            NumberRange(1, MOST_MINUTES, _l("Từ 1 đến 180 phút.")),
        ],
    )
    reason = reason_field(_l("Lý do"))

    @property
    def added(self) -> timedelta:
        return timedelta(minutes=self.minutes.data or 0)


class TransferForm(Form):
    seat = SelectField(_l("Ngồi chỗ"), coerce=int)
    reason = reason_field(_l("Lý do"))

    def offer(self, own: int, free: Sequence[int]) -> None:
        self.seat.choices = choices(
            [(own, _l("Chỗ cũ: %(seat)d", seat=own))]
            + [(seat, _l("Chỗ %(seat)d", seat=seat)) for seat in free]
        )


class IncidentForm(Form):
    kind = SelectField(_l("Loại sự cố"))
    reason = reason_field(_l("Diễn biến"))

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.kind.choices = choices((kind.value, label(kind)) for kind in RECORDED)

    @property
    def kind_of(self) -> IncidentKind:
        return IncidentKind(self.kind.data)


class NoticeForm(Form):
    words = StringField(
        _l("Lời thông báo"),
        [required(), at_most(LONGEST_REASON), no_control_characters],
        description=_l("Hiện trên màn hình mọi thí sinh trong khoảng 10 giây."),
    )
