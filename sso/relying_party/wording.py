"""What is said to somebody who comes back from the provider."""

from sso.relying_party.rules.linking import Doubt

SENTENCES = {
    "entry-stale": ("Lượt đăng nhập này đã hết hạn hoặc đã dùng rồi. Hãy bắt đầu lại."),
    "entry-denied": (
        "Bạn chưa đồng ý chia sẻ thông tin, nên chưa đăng nhập được bằng VNeID. "
        "Không có gì được ghi lại."
    ),
    "entry-provider-error": (
        "VNeID không hoàn tất được lượt đăng nhập này. Hãy thử lại."
    ),
    "entry-unreachable": (
        "Hiện không kết nối được với VNeID. Hãy thử lại sau ít phút; "
        "ai có tài khoản do đơn vị cấp vẫn đăng nhập được."
    ),
    "entry-untrusted": (
        "Trả lời của VNeID không hợp lệ nên không được dùng. Hãy thử lại; nếu vẫn vậy, "
        "hãy báo người quản trị."
    ),
    "entry-no-number": (
        "VNeID không gửi số định danh. Hãy thử lại và đồng ý chia sẻ số định danh: "
        "hệ thống cần số này một lần để tìm hồ sơ của bạn."
    ),
    "entry-no-record": (
        "Chưa có hồ sơ nào mang số định danh của bạn. Hãy nhờ đơn vị hoặc nhà trường "
        "thêm bạn vào danh sách rồi đăng nhập lại."
    ),
    "entry-closed": "Tài khoản này đã khóa. Hãy hỏi đơn vị của bạn.",
    "entry-already-linked": (
        "Hồ sơ mang số định danh này đã gắn với một danh tính khác. "
        "Người quản trị đã được báo; hãy liên hệ đơn vị của bạn."
    ),
    "entry-level-too-low": (
        "Tài khoản của giáo viên và cán bộ cần định danh điện tử mức 02. Hãy đến công "
        "an xã, phường để nâng mức rồi đăng nhập lại."
    ),
    "entry-waiting": (
        "Thông tin từ VNeID chưa khớp với hồ sơ. Yêu cầu của bạn đã vào danh sách chờ "
        "xác nhận của đơn vị; khi được xác nhận, hãy đăng nhập lại bằng VNeID."
    ),
    "entry-turned-away": (
        "Đơn vị đã không xác nhận yêu cầu này. Nếu có nhầm lẫn, hãy đến đơn vị cùng "
        "giấy tờ của bạn."
    ),
    "entry-other-person": (
        "Người vừa xác thực không phải người đang đăng nhập. Phiên hiện tại vẫn giữ "
        "nguyên."
    ),
}
LABELS = {
    Doubt.NAME: "Họ tên khác hồ sơ",
    Doubt.BIRTH_DATE: "Ngày sinh khác hồ sơ hoặc hồ sơ chưa ghi",
    Doubt.ACCOUNT_LEVEL: "Định danh mức 01, chưa xác minh trực tiếp",
}
