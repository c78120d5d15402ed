"""The sentences of signing in."""

from lms.kernel.permissions import Role

SENTENCES = {
    "sign-in-wrong": "Tên đăng nhập hoặc mật khẩu không đúng.",
    "sign-in-too-many": (
        "Đã có quá nhiều lần đăng nhập sai. Hãy chờ ít phút rồi thử lại."
    ),
}
LABELS = {
    Role.SELF: "Chính mình",
    Role.MEMBER: "Thành viên",
    Role.LEARNER: "Học viên",
    Role.AUTHOR: "Người soạn bài",
    Role.EDITOR: "Biên tập nội dung",
    Role.ADMINISTRATOR: "Quản trị hệ thống",
}
