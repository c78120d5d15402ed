"""What attendance says."""

from lms.attendance.rules import ExcuseState, NoticeState, Presence, Session

SENTENCES = {
    "register-in-the-future": "Chưa đến ngày này nên chưa điểm danh được.",
    "register-outside-year": "Ngày này nằm ngoài năm học của lớp.",
    "register-nothing-to-undo": "Không có thay đổi nào để hoàn tác.",
    "register-too-late-to-undo": (
        "Đã quá 10 phút nên không hoàn tác được. Hãy sửa lại rồi lưu."
    ),
    "excuse-days-turned": "Ngày cuối phải từ ngày đầu trở đi. Hãy xem lại.",
    "excuse-too-long": (
        "Một đơn xin nghỉ dài nhất 60 ngày. Nghỉ lâu hơn, hãy gặp nhà trường."
    ),
    "excuse-decided": "Đơn này đã được trả lời.",
}
LABELS = {
    Session.MORNING: "Buổi sáng",
    Session.AFTERNOON: "Buổi chiều",
    Presence.EXCUSED: "Nghỉ có phép",
    Presence.UNEXCUSED: "Nghỉ không phép",
    Presence.LATE: "Đi muộn",
    ExcuseState.ASKED: "Chờ duyệt",
    ExcuseState.ACCEPTED: "Đã đồng ý",
    ExcuseState.DECLINED: "Không đồng ý",
    NoticeState.WAITING: "Chờ gửi",
    NoticeState.SENT: "Đã báo",
    NoticeState.DROPPED: "Không gửi vì đã có phép",
}
