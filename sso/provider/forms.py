"""What people type when they sign in."""

from flask_babel import lazy_gettext as _l
from wtforms import PasswordField, StringField
from wtforms.validators import Regexp

from lms.kernel.forms import Form, at_most, required
from sso.provider.passwords import LONGEST

DIGITS = {"inputmode": "numeric", "autocomplete": "off"}


class SignInForm(Form):
    number = StringField(
        _l("Số định danh cá nhân"),
        [required(), Regexp(r"\d{12}\Z", message=_l("Số định danh có 12 chữ số."))],
        render_kw={"inputmode": "numeric", "autocomplete": "username", "maxlength": 12},
    )
    password = PasswordField(
        _l("Mật khẩu"),
        [required(), at_most(LONGEST)],
        render_kw={"autocomplete": "current-password"},
    )


class PasscodeForm(Form):
    passcode = PasswordField(
        _l("Mật mã ứng dụng"),
        [required(), Regexp(r"\d{6}\Z", message=_l("Mật mã có 6 chữ số."))],
        render_kw=DIGITS | {"maxlength": 6},
    )


class ScanForm(Form):
    address = StringField(_l("Địa chỉ trong mã QR"), [required(), at_most(400)])


class ApproveForm(PasscodeForm):
    number = StringField(
        _l("Số đối chiếu"),
        [required(), Regexp(r"\d{2}\Z", message=_l("Số đối chiếu có 2 chữ số."))],
        render_kw=DIGITS | {"maxlength": 2},
    )


class OtpForm(Form):
    code = StringField(
        _l("Mã xác thực (OTP)"),
        [required(), Regexp(r"\d{6}\Z", message=_l("Mã xác thực có 6 chữ số."))],
        render_kw={
            "inputmode": "numeric",
            "autocomplete": "one-time-code",
            "maxlength": 6,
        },
    )
