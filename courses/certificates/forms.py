"""What is asked before a certificate is revoked."""

from flask_babel import lazy_gettext as _l
from wtforms import TextAreaField

from lms.kernel.forms import Form, at_most, no_control_characters, required


class RevocationForm(Form):
    reason = TextAreaField(
        _l("Lý do thu hồi"),
        [required(), at_most(300), no_control_characters],
        description=_l("Người được cấp giấy sẽ đọc được lý do này."),
        render_kw={"rows": 3},
    )
