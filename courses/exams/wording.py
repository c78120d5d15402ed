"""What exams say to people."""

from courses.exams.rules.pins import PinRefusal
from courses.exams.rules.sitting import MoveRefusal, SittingState

SENTENCES: dict[str, str] = {
    MoveRefusal.NOT_NOW: (
        "Lượt thi này không còn ở trạng thái đó. Hãy tải lại trang để xem hiện trạng."
    ),
    MoveRefusal.REASON_NEEDED: "Việc này phải ghi lý do. Hãy nhập lý do rồi làm lại.",
    PinRefusal.WRONG: (
        "Mã vào thi không đúng với chỗ ngồi này. Hãy xem lại phiếu và số chỗ ngồi."
    ),
    PinRefusal.USED: (
        "Mã vào thi này đã dùng rồi. Hãy giơ tay để cán bộ coi thi cấp mã khác."
    ),
    PinRefusal.EXPIRED: (
        "Mã vào thi đã hết hạn. Hãy giơ tay để cán bộ coi thi cấp mã khác."
    ),
    PinRefusal.TOO_MANY: (
        "Đã nhập sai quá 5 lần. Hãy giơ tay để cán bộ coi thi cấp mã khác."
    ),
}

LABELS: dict[str, str] = {
    SittingState.EXPECTED: "Chưa vào",
    SittingState.ADMITTED: "Đã xác thực",
    SittingState.SEATED: "Chờ hiệu lệnh",
    SittingState.WRITING: "Đang làm bài",
    SittingState.PAUSED: "Tạm dừng",
    SittingState.SUBMITTED: "Đã nộp bài",
    SittingState.EXPELLED: "Đình chỉ thi",
    SittingState.ABSENT: "Vắng thi",
}
