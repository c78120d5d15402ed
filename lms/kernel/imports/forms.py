"""The form that sends a list."""

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired

from lms.kernel.forms import REQUIRED, Form


class SendForm(Form):
    file = FileField(
        _l("Tệp Excel (.xlsx)"),
        [FileRequired(REQUIRED)],
        description=_l(
            "Nhiều nhất 20.000 dòng và 2 MB. Chưa có gì được ghi ở bước này."
        ),
        render_kw={"accept": ".xlsx"},
    )
