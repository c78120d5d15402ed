"""What timetables say to people."""

from lms.kernel.wording import label
from lms.timetable.rules.problem import Problem
from lms.timetable.rules.reasons import Reason, Rule, Shortage

LABELS: dict[str, str] = {
    Shortage.TEACHER: (
        "Giáo viên {teacher} phải dạy {need} tiết {subject} nhưng chỉ còn {have} ô xếp"
        " được. Hãy bớt tiết, bớt giờ nghỉ, hoặc chia cho người khác."
    ),
    Shortage.CLASS: (
        "Lớp {class_id} phải học {need} tiết {subject} nhưng chỉ còn {have} ô xếp được."
        " Hãy bớt tiết hoặc mở thêm buổi."
    ),
    Shortage.ROOM: (
        "Cả trường cần {need} tiết {subject} trong phòng chuyên dùng nhưng chỉ có"
        " {have} lượt phòng. Hãy thêm phòng hoặc bỏ bớt tiết cấm."
    ),
    Shortage.DAYS: (
        "Lớp {class_id} cần {need} ngày có môn {subject} nhưng giáo viên {teacher} chỉ"
        " dạy được lớp này {have} ngày."
    ),
    Shortage.FIXED: "{teacher}{class_id} có {need} tiết cố định trùng một ô.",
    Shortage.CONFLICT: "Các yêu cầu sau không thể cùng đúng: {rules}.",
    Rule.TEACHER_UNAVAILABLE: "giờ nghỉ của giáo viên {whom}",
    Rule.MAX_CONSECUTIVE: "số tiết liền tối đa của giáo viên {whom}",
    Rule.TEACHER_CLASH: "giáo viên {whom} mỗi tiết chỉ dạy một lớp",
    Rule.ROOM_POOL: "số phòng chuyên dùng của môn {whom}",
    Rule.FORBIDDEN_PERIOD: "tiết cấm của môn {whom}",
    Rule.FIXED: "tiết cố định của môn {whom}",
    Rule.DOUBLES: "tiết đôi, và mỗi ngày một tiết, của môn {whom}",
    Rule.CLASS_GAP: "không lớp nào trống tiết giữa buổi",
}


def sentence(problem: Problem, reason: Reason) -> str:
    """Say why a timetable cannot be made, and with which numbers."""
    rules = "; ".join(
        label(rule).format(whom=problem.subject_names.get(whom, whom))
        for rule, whom in reason.groups
    )
    return (
        label(reason.kind)
        .format(
            need=reason.need,
            have=reason.have,
            teacher=reason.teacher or "",
            class_id=reason.class_id or "",
            subject=problem.subject_name(reason.subject) if reason.subject else "",
            rules=rules,
        )
        .replace("  ", " ")
    )
