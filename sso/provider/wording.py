"""The sentences of signing in at the mimic, and the names of the fields it tells."""

from sso.provider.rules.fields import Field

SENTENCES = {
    "vneid-wrong": "Số định danh hoặc mật khẩu không đúng.",
    "vneid-too-many": (
        "Đã có quá nhiều lần nhập sai. Hãy chờ ít phút rồi thử lại, "
        "hoặc đăng nhập bằng mã QR."
    ),
    "vneid-wrong-otp": (
        "Mã xác thực không đúng hoặc đã dùng rồi. "
        "Hãy chờ mã mới trên điện thoại rồi nhập lại."
    ),
    "vneid-begin-again": "Đã nhập sai nhiều lần. Hãy nhập lại mật khẩu.",
}
LABELS = {
    Field.NUMBER: "Số định danh cá nhân",
    Field.NAME: "Họ và tên",
    Field.BIRTH_DATE: "Ngày sinh",
    Field.GENDER: "Giới tính",
    Field.KIND: "Loại tài khoản",
    Field.LEVEL: "Mức tài khoản định danh",
    Field.ADDRESS: "Địa chỉ",
    Field.PHONE: "Số điện thoại",
    Field.EMAIL: "Thư điện tử",
}
