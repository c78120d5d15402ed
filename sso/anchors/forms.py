"""What is asked of somebody who wants an authority believed."""

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import StringField, TextAreaField

from lms.kernel.forms import Form, at_most, no_control_characters, required


class ProposalForm(Form):
    file = FileField(
        _l("Tệp chứng thư hoặc danh sách thu hồi"),
        [FileRequired(_l("Hãy chọn tệp."))],
        description=_l(
            "DER hoặc PEM, mỗi tệp một chứng thư gốc (CSCA) hoặc một danh sách thu hồi."
        ),
        render_kw={"accept": ".cer,.crt,.der,.pem,.crl", "required": True},
    )
    basis = StringField(
        _l("Căn cứ"),
        [required(), at_most(300), no_control_characters],
        description=_l("Số và ngày văn bản gửi kèm tệp, hoặc nơi đã nhận tệp."),
    )


class ReasonForm(Form):
    reason = TextAreaField(
        _l("Lý do"),
        [required(), at_most(300), no_control_characters],
        render_kw={"rows": 2},
    )
