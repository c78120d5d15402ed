"""The code of the second factor."""

from flask_babel import lazy_gettext as _l

from lms.kernel.forms import Form, text_field


class CodeForm(Form):
    code = text_field(
        _l("Mã xác nhận"),
        40,
        description=_l("6 chữ số trong ứng dụng, hoặc một mã khôi phục."),
        render_kw={
            "autocomplete": "one-time-code",
            "inputmode": "text",
            "autocapitalize": "characters",
        },
    )
