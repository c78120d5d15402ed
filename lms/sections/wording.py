"""What the registry says."""

from lms.sections.rules import (
    Ending,
    Method,
    Office,
    Outcome,
    PupilState,
    RolloverState,
    SchoolLevel,
    Step,
    SubjectKind,
)

SENTENCES = {
    "school-year-taken": "Trường đã có năm học này.",
    "days-turned": "Ngày kết thúc phải sau ngày bắt đầu. Hãy xem lại hai ngày.",
    "grade-not-taught": "Trường không dạy khối này.",
    "section-taken": "Năm học này đã có lớp cùng tên. Hãy đặt tên khác.",
    "already-in-section": "Học sinh đang ở chính lớp này.",
    "not-in-section": "Học sinh không thuộc lớp này.",
    "subject-not-in-curriculum": (
        "Khối này không học môn đó. Hãy thêm môn vào chương trình của khối trước."
    ),
    "outside-school-year": "Ngày này nằm ngoài năm học.",
    "merge-same-pupil": "Hãy chọn hai hồ sơ khác nhau trong cùng một trường.",
    "merge-double-sits": (
        "Hồ sơ sẽ bị gộp đang có lớp. Hãy giữ hồ sơ đang có lớp và gộp hồ sơ kia vào."
    ),
    "rollover-in-use": (
        "Năm học mới đã có điểm, điểm danh hoặc phân công nên không hoàn tác được nữa."
    ),
    "rollover-state": "Lượt kết chuyển này đã được thực hiện hoặc đã hoàn tác.",
    "rollover-changed": (
        "Danh sách lớp đã thay đổi sau khi xem trước. Hãy xem trước lại."
    ),
}
LABELS = {
    SchoolLevel.PRIMARY: "Tiểu học",
    SchoolLevel.LOWER: "Trung học cơ sở",
    SchoolLevel.UPPER: "Trung học phổ thông",
    SubjectKind.SCORED: "Nhận xét và điểm số",
    SubjectKind.COMMENT: "Nhận xét",
    Office.HEAD: "Hiệu trưởng",
    Office.DEPUTY: "Phó Hiệu trưởng",
    Office.REGISTRAR: "Giáo vụ",
    PupilState.STUDYING: "Đang học",
    PupilState.TRANSFERRED: "Đã chuyển trường",
    PupilState.LEFT: "Đã thôi học",
    PupilState.FINISHED: "Đã hoàn thành cấp học",
    PupilState.MERGED: "Đã gộp hồ sơ",
    Ending.MOVED: "Chuyển lớp",
    Ending.TRANSFERRED: "Chuyển trường",
    Ending.LEFT: "Thôi học",
    Ending.YEAR_OVER: "Hết năm học",
    Ending.MERGED: "Gộp hồ sơ",
    Method.CHIP: "Chíp căn cước",
    Method.VNEID: "VNeID",
    Method.DOCUMENT: "Xem giấy tờ",
    Outcome.MATCH: "Khớp",
    Outcome.MISMATCH: "Không khớp",
    Outcome.NOT_FOUND: "Không tìm thấy",
    Step.UP: "Lên lớp",
    Step.REPEAT: "Ở lại lớp",
    Step.FINISH: "Hoàn thành cấp học",
    Step.WAIT: "Chờ xét",
    RolloverState.PREVIEWED: "Đã xem trước",
    RolloverState.APPLIED: "Đã thực hiện",
    RolloverState.UNDONE: "Đã hoàn tác",
}
