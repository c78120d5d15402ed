"""The sentences that a station and its operator are told."""

from sso.identification.rules import Finding, IdentificationState

S, F = IdentificationState, Finding
SENTENCES = {
    "station-unknown": "Trạm này chưa được đăng ký hoặc đã bị tắt. Báo quản trị viên.",
    "station-signature": (
        "Chữ ký của trạm không đúng. Kiểm tra đồng hồ của máy trạm rồi thử lại."
    ),
    "station-repeated": "Yêu cầu này đã được nhận trước đó.",
    "station-unreadable": "Yêu cầu của trạm không đúng mẫu. Hãy cập nhật trạm.",
    "station-not-expected": (
        "Không có thí sinh nào mang số này trong phòng và ca thi hiện tại. "
        "Kiểm tra lại số, phòng và giờ thi."
    ),
    "station-already-verified": (
        "Thí sinh này đã được xác minh. Muốn làm lại phải do cán bộ mở lại, có lý do."
    ),
    "station-no-identification": "Lần xác minh này không có. Hãy bắt đầu lại.",
    "station-challenge-used": "Thử thách đã được dùng. Hãy đọc thẻ lại từ đầu.",
    "station-challenge-over": "Đã quá thời gian cho phép. Hãy đọc thẻ lại từ đầu.",
    "station-key-unreadable": "Khóa của trạm gồm 64 ký tự 0-9, a-f. Hãy chép lại.",
    "station-key-known": "Khóa này đã được đăng ký cho một trạm khác.",
}
LABELS = {
    S.OPENED: "Chờ đọc thẻ",
    S.AWAITING_CHIP: "Chờ chip xác nhận",
    S.VERIFIED: "Thẻ hợp lệ. Mời cán bộ đối chiếu khuôn mặt với ảnh trên chip.",
    S.REFUSED: "Không chấp nhận thẻ này.",
    S.LAPSED: "Quá thời gian",
    S.SUPERSEDED: "Đã thay bằng lần sau",
    F.ANOTHER_PERSON: (
        "Thẻ thuộc về người khác: số trên chip không phải số của thí sinh."
    ),
    F.NOT_PROTECTED: (
        "Thẻ không chứng minh được là chip gốc. Hãy xác minh thủ công bằng hai cán bộ."
    ),
    F.CHIP_DID_NOT_CONFIRM: "Chip không xác nhận được với máy chủ: có thể là bản sao.",
    F.EVIDENCE_SEEN_BEFORE: "Dữ liệu này đã từng được gửi: nghi phát lại.",
    F.BIRTH_DATE_DIFFERS: "Ngày sinh trên thẻ khác danh sách thi. Cần kiểm tra hồ sơ.",
    F.SLOW_ANSWER: "Chip trả lời chậm bất thường. Kiểm tra thẻ có nằm trên đầu đọc.",
    F.SIMULATED: "MÔ PHỎNG: thẻ này không phải thẻ thật.",
}
