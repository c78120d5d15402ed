"""What people type about their data."""

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, TextAreaField

from lms.kernel.forms import (
    Form,
    at_most,
    choices,
    no_control_characters,
    required,
)
from lms.people.privacy.rules import RequestKind, RequestState


class AskForm(Form):
    kind = RadioField(
        _l("Bạn muốn"),
        choices=choices(
            [
                (RequestKind.CORRECT.value, _l("Sửa dữ liệu sai")),
                (RequestKind.RESTRICT.value, _l("Hạn chế việc dùng dữ liệu")),
                (RequestKind.ERASE.value, _l("Xóa dữ liệu")),
            ]
        ),
        validators=[required()],
    )
    note = TextAreaField(
        _l("Nội dung"),
        [required(), at_most(2000), no_control_characters],
        render_kw={"rows": 4},
    )


class AnswerForm(Form):
    state = RadioField(
        _l("Trả lời"),
        choices=choices(
            [
                (RequestState.DONE.value, _l("Đã thực hiện")),
                (RequestState.REFUSED.value, _l("Không thực hiện được, vì lý do sau")),
            ]
        ),
        validators=[required()],
    )
    words = TextAreaField(
        _l("Lời trả lời"),
        [required(), at_most(2000), no_control_characters],
        render_kw={"rows": 4},
    )
