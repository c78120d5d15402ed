"""What learners send in."""

from flask_babel import lazy_gettext as _l
from wtforms import TextAreaField

from lms.kernel.forms import Form, at_most, no_control_characters, required


class ReportForm(Form):
    words = TextAreaField(
        _l("Nội dung cần sửa"), [required(), at_most(1000), no_control_characters]
    )
