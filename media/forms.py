"""The form that puts captions beside a video."""

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import SelectField

from lms.kernel.forms import REQUIRED, Form, choices, text_field
from media.rules.captions import LONGEST_LABEL

LANGUAGE_NAMES = (("vi", _l("Tiếng Việt")), ("en", _l("Tiếng Anh")))


class CaptionForm(Form):
    language = SelectField(_l("Ngôn ngữ của phụ đề"), choices=choices(LANGUAGE_NAMES))
    label = text_field(_l("Tên hiện trong trình phát"), LONGEST_LABEL)
    file = FileField(
        _l("Tệp phụ đề WebVTT (.vtt)"),
        [FileRequired(REQUIRED)],
        render_kw={"accept": ".vtt,text/vtt"},
    )
