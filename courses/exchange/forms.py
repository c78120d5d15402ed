"""What is filled in to bring questions in and take them out."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, FileField, SelectField, ValidationError

from lms.kernel.forms import Form, choices

ACCEPTED = ".docx,.xlsx,.xml,.zip,.gift,.txt,.imscc"


class FileForm(Form):
    file = FileField(
        _l("Tệp câu hỏi"),
        render_kw={"accept": ACCEPTED, "required": True},
        description=_l(
            "Word (.docx), Excel theo mẫu (.xlsx), Moodle XML, GIFT, Aiken, "
            "hoặc gói QTI (.zip); nhiều nhất 32 MB."
        ),
    )

    def validate_file(self, field: Field) -> None:
        if not field.data or not getattr(field.data, "filename", ""):
            raise ValidationError(_("Hãy chọn một tệp câu hỏi."))


class ExportForm(Form):
    """What questions may be written in, the fullest first."""

    format = SelectField(
        _l("Định dạng"),
        choices=choices(
            [
                ("moodle_xml", _l("Moodle XML (giữ trọn mọi loại câu)")),
                ("qti_3_0", _l("QTI 3.0 (giữ trọn mọi loại câu)")),
                ("qti_2_1", _l("QTI 2.1 (giữ trọn mọi loại câu)")),
                ("gift", _l("GIFT (chỉ các loại câu đơn giản)")),
                ("excel", _l("Excel theo mẫu (chỉ các loại câu đơn giản)")),
                ("aiken", _l("Aiken (chỉ câu một lựa chọn)")),
            ]
        ),
    )
