"""The sign-in form."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, PasswordField, StringField
from wtforms.validators import EqualTo

from lms.kernel.forms import Form, at_least, at_most, no_control_characters, required
from lms.people.rules import LONGEST_PASSWORD, SHORTEST_PASSWORD


class SignInForm(Form):
    sign_in_name = StringField(
        _l("Tên đăng nhập"),
        [required(), at_most(80), no_control_characters],
        render_kw={"autocomplete": "username", "autocapitalize": "none"},
    )
    password = PasswordField(
        _l("Mật khẩu"),
        [required(), at_most(LONGEST_PASSWORD)],
        render_kw={"autocomplete": "current-password"},
    )
    shared = BooleanField(_l("Đây là máy dùng chung"))


class NewPasswordForm(Form):
    password = PasswordField(
        _l("Mật khẩu mới"),
        [required(), at_least(SHORTEST_PASSWORD), at_most(LONGEST_PASSWORD)],
    )
    again = PasswordField(
        _l("Gõ lại mật khẩu mới"),
        [required(), EqualTo("password", _l("Hai lần gõ không giống nhau."))],
    )
