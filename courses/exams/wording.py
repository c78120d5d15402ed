"""What exams say to people."""

from courses.exams.answers import AnswerRefusal
from courses.exams.models.incidents import IncidentKind
from courses.exams.models.plan import Gate
from courses.exams.rules.pins import PinRefusal
from courses.exams.rules.sitting import (
    MoveRefusal,
    SeatSign,
    SittingEvent,
    SittingState,
)
from courses.exams.services.acting import RoomRefusal
from courses.exams.services.gate import BrowserRefusal
from courses.exams.services.papers import PaperRefusal
from courses.exams.services.plan import PlanRefusal
from courses.exams.services.sittings import SittingRefusal
from courses.exams.services.writing import WindowRefusal

SENTENCES: dict[str, str] = {
    AnswerRefusal.NO_SEAT: (
        "Máy này chưa vào chỗ thi nào. Hãy nhập mã vào thi trên phiếu."
    ),
    AnswerRefusal.NOT_WRITING: (
        "Bài thi đang tạm dừng hoặc đã kết thúc nên câu trả lời này chưa được nhận."
    ),
    AnswerRefusal.TOO_LATE: "Đã hết giờ làm bài nên câu trả lời này không được nhận.",
    AnswerRefusal.MOVED: (
        "Bài thi đã chuyển sang máy hoặc cửa sổ khác. Máy này không nhận bài nữa."
    ),
    AnswerRefusal.NO_SUCH_QUESTION: "Đề thi không có câu này. Hãy tải lại trang.",
    AnswerRefusal.UNREADABLE: (
        "Câu trả lời không đọc được hoặc quá dài. Hãy rút ngắn rồi lưu lại."
    ),
    AnswerRefusal.OTHER_ANSWER: (
        "Số thứ tự lưu đã dùng cho câu trả lời khác. Hãy tải lại trang để tiếp tục."
    ),
    BrowserRefusal.NOT_LOCKED: (
        "Kỳ thi này chỉ làm được trong trình duyệt thi đã cài trên máy của phòng thi."
        " Hãy giơ tay gọi cán bộ coi thi."
    ),
    RoomRefusal.NO_CHIP: (
        "Chưa có thẻ nào của thí sinh này được đọc và xác thực. Hãy đọc thẻ ở trạm,"
        " hoặc xác nhận thủ công và ghi lý do."
    ),
    RoomRefusal.REASON_NEEDED: "Việc này phải ghi lý do. Hãy nhập lý do rồi làm lại.",
    RoomRefusal.SEAT_TAKEN: "Chỗ đó đã có thí sinh. Hãy chọn một chỗ còn trống.",
    RoomRefusal.SAME_PERSON: (
        "Bạn đã xác nhận lần thứ nhất. Bù giờ cần thêm một người khác xác nhận."
    ),
    RoomRefusal.DECIDED: "Đề xuất bù giờ này đã được quyết định rồi.",
    WindowRefusal.ELSEWHERE: (
        "Bài thi này đang mở ở một cửa sổ khác. Hãy đóng cửa sổ này."
    ),
    PaperRefusal.OWN: "Người làm đề không được tự duyệt đề của mình.",
    PaperRefusal.TWICE: "Bạn đã duyệt đề này rồi; cần một người khác duyệt tiếp.",
    PaperRefusal.NOT_APPROVED: (
        "Đề chưa được hai người duyệt, hoặc có thí sinh chưa được giao mã đề."
    ),
    PaperRefusal.BEFORE_THE_BELL: "Đề còn niêm phong cho tới hiệu lệnh làm bài.",
    PlanRefusal.TOO_FEW_SEATS: "Không đủ chỗ ngồi. Hãy thêm phòng hoặc thêm máy.",
    PlanRefusal.NO_CANDIDATES: "Chưa có thí sinh nào trong danh sách.",
    PlanRefusal.BEGUN: "Đã có thí sinh vào phòng nên không xếp lại chỗ được nữa.",
    PlanRefusal.TWICE: (
        "Có số định danh xuất hiện hai lần trong danh sách. Hãy bỏ dòng trùng."
    ),
    SittingRefusal.TOO_EARLY_TO_ENTER: "Chưa tới giờ gọi thí sinh vào phòng.",
    SittingRefusal.TOO_LATE_TO_ENTER: "Đã quá giờ cho phép vào phòng thi.",
    SittingRefusal.REASON_NEEDED_FOR_TIME: "Bù giờ phải ghi lý do.",
    SittingRefusal.NOT_RINGING_TWICE: "Hiệu lệnh của ca thi này đã phát rồi.",
    SittingRefusal.NO_TIME: "Số phút bù phải lớn hơn 0.",
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
    Gate.CHIP: "Căn cước gắn chíp",
    Gate.VNEID: "VNeID mức 02",
    Gate.ATTESTED: "Cán bộ coi thi xác nhận",
    SittingState.EXPECTED: "Chưa vào",
    SittingState.ADMITTED: "Đã xác thực",
    SittingState.SEATED: "Chờ hiệu lệnh",
    SittingState.WRITING: "Đang làm bài",
    SittingState.PAUSED: "Tạm dừng",
    SittingState.SUBMITTED: "Đã nộp bài",
    SittingState.EXPELLED: "Đình chỉ thi",
    SittingState.ABSENT: "Vắng thi",
    IncidentKind.MACHINE: "Máy hỏng",
    IncidentKind.POWER: "Mất điện",
    IncidentKind.NETWORK: "Mất mạng",
    IncidentKind.ILLNESS: "Thí sinh ốm",
    IncidentKind.REPRIMAND: "Khiển trách",
    IncidentKind.WARNING: "Cảnh cáo",
    IncidentKind.EXPULSION: "Đình chỉ thi",
    IncidentKind.NOTE: "Ghi chú",
    SeatSign.SILENT: "Mất kết nối",
    SeatSign.CHIP_READ: "Đã đọc chíp",
    SittingEvent.ADMIT: "Cho vào phòng",
    SittingEvent.RETURN: "Trả lại danh sách chờ",
    SittingEvent.SEAT: "Vào chỗ ngồi",
    SittingEvent.START: "Bắt đầu làm bài",
    SittingEvent.PAUSE: "Tạm dừng",
    SittingEvent.RESUME: "Làm tiếp",
    SittingEvent.TRANSFER: "Chuyển máy",
    SittingEvent.SUBMIT: "Nộp bài",
    SittingEvent.COLLECT: "Máy chủ thu bài",
    SittingEvent.EXPEL: "Đình chỉ thi",
    SittingEvent.MISS: "Vắng thi",
}
