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
    "qr-unknown": "Không đọc được mã QR này. Hãy tải lại mã rồi quét lần nữa.",
    "qr-over": "Mã QR này đã hết hạn hoặc đã được dùng. Hãy tải lại mã.",
    "qr-elsewhere": (
        "Mã này không dẫn tới hệ thống định danh. "
        "Đừng mở; hãy quét mã trên trang đăng nhập của chính bạn."
    ),
    "qr-web-sign-in-off": (
        "Bạn đang chặn đăng nhập trang web bằng mã QR. "
        "Hãy cho phép trong mục An toàn rồi quét lại."
    ),
    "qr-level-too-low": (
        "Tài khoản mức 1 chưa đăng nhập trang web bằng mã QR được. "
        "Hãy dùng số định danh và mật khẩu."
    ),
    "qr-wrong-number": (
        "Số đối chiếu không đúng nên yêu cầu đã bị hủy. Nếu bạn không tự mở "
        "trang đăng nhập, có thể ai đó đang mượn tên bạn."
    ),
    "qr-wrong-passcode": "Mật mã không đúng. Hãy nhập lại.",
    "qr-phone-locked": (
        "Đã nhập sai mật mã nhiều lần. Ứng dụng tạm khóa 15 phút "
        "và yêu cầu đăng nhập đã bị hủy."
    ),
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
