"""What people type to keep accounts."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectField

from lms.kernel.forms import DayField, Form, given_day, text_field


class GrantForm(Form):
    role = SelectField(_l("Vai trò"))
    unit_id = SelectField(_l("Phạm vi"), coerce=int)


class LockForm(Form):
    reason = text_field(_l("Lý do"), 200)


class PostForm(Form):
    title = text_field(_l("Chức danh"), 120)
    unit_id = SelectField(_l("Đơn vị"), coerce=int)
    from_on = DayField(_l("Từ ngày"), validators=[given_day()])
    to_on = DayField(_l("Đến hết ngày"))
    is_primary = BooleanField(_l("Là chức danh chính"), default=True)
