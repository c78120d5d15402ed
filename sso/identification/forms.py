"""What is asked of somebody who registers a station."""

from flask_babel import lazy_gettext as _l
from wtforms import StringField

from lms.kernel.forms import Form, at_most, no_control_characters, required


class StationForm(Form):
    name = StringField(
        _l("Tên trạm"), [required(), at_most(120), no_control_characters]
    )
    room = StringField(_l("Phòng"), [required(), at_most(120), no_control_characters])
    key = StringField(
        _l("Khóa của trạm"),
        [required(), at_most(64), no_control_characters],
        description=_l("64 ký tự mà chương trình lms-station in ra ở lần chạy đầu."),
    )
