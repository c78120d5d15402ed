"""The sentences of people, and what their roles are called."""

from lms.kernel.permissions import Role
from lms.kernel.personal_number import Gender
from lms.people.models import AccountState, Relation
from lms.people.privacy.rules import Purpose, RequestKind, RequestState

SENTENCES = {
    "proof-account-level": (
        "Trang này cần tài khoản định danh điện tử mức 02. Tài khoản bạn đang dùng "
        "chưa đạt mức đó."
    ),
    "proof-device": (
        "Trang này cần bạn xác thực ngay trên máy này; quét mã QR chưa đủ."
    ),
    "proof-level": "Trang này cần bạn xác thực bằng hai yếu tố khác nhau.",
    "proof-age": "Lần xác thực trước đã lâu. Hãy xác thực lại ngay bây giờ.",
    "sign-in-wrong": "Tên đăng nhập hoặc mật khẩu không đúng.",
    "sign-in-too-many": (
        "Đã có quá nhiều lần đăng nhập sai. Hãy chờ ít phút rồi thử lại."
    ),
    "personal-number-length": "Số định danh phải có đúng 12 chữ số.",
    "personal-number-province": (
        "Ba số đầu của số định danh phải là mã tỉnh từ 001 đến 096."
    ),
    "personal-number-birth-year": "Số định danh không khớp với năm sinh.",
    "personal-number-gender": "Số định danh không khớp với giới tính.",
    "post-days": "Ngày kết thúc phải từ ngày bắt đầu trở đi.",
    "post-two-primary": (
        "Trong thời gian đó người này đã có chức danh chính khác. Hãy kết thúc chức "
        "danh kia trước, hoặc ghi chức danh này là kiêm nhiệm."
    ),
    "post-unit-not-open": "Đơn vị này không tồn tại vào ngày bắt đầu.",
    "factor-wrong": (
        "Mã không đúng hoặc đã dùng. Hãy chờ mã mới trong ứng dụng rồi gõ lại."
    ),
    "factor-too-many": "Đã gõ sai nhiều lần. Hãy chờ ít phút rồi thử lại.",
    "factor-over": "Xác thực hai bước đã bật rồi.",
    "grant-above": "Bạn không được giao hoặc thu hồi vai trò này ở phạm vi này.",
    "grant-oneself": "Không ai tự giao hoặc tự thu hồi vai trò của mình.",
    "grant-unit-unknown": "Đơn vị này không còn. Hãy chọn đơn vị khác.",
    "account-oneself": "Không thể tự khóa tài khoản của mình.",
    "account-no-code": "Hồ sơ chưa có mã nên chưa cấp thẻ được. Hãy ghi mã trước.",
    "account-name-taken": "Tên đăng nhập theo mã này đã có người dùng.",
    "account-above": (
        "Người này giữ vai trò mà bạn không được giao, nên bạn không được làm việc này."
    ),
    "account-claimed": (
        "Người này đã xác nhận bằng VNeID nên không cấp thẻ mật khẩu. Hãy để họ đăng "
        "nhập bằng VNeID."
    ),
    "privacy-not-yours": "Bạn không được trả lời thay cho người này.",
    "privacy-old-text": "Nội dung đã đổi. Hãy tải lại trang rồi đọc trước khi trả lời.",
    "privacy-already-asked": "Bạn đã gửi yêu cầu này và đang được xem xét.",
    "privacy-already-answered": "Yêu cầu này đã được trả lời.",
    "privacy-still-in-office": (
        "Người này đang giữ chức danh hoặc vai trò. Hãy kết thúc các chức danh, vai "
        "trò đó trước khi xóa."
    ),
    "person-no-key": "Hãy điền mã hồ sơ hoặc số định danh để nhận ra người này.",
    "person-two-records": (
        "Mã hồ sơ này và số định danh này thuộc hai hồ sơ khác nhau. Hãy kiểm tra lại."
    ),
    "person-kept-elsewhere": (
        "Người này đã có hồ sơ do đơn vị khác quản lý. Hãy ghi chức danh cho họ ở danh "
        "sách chức danh, không tạo hồ sơ mới."
    ),
    "person-other-number": (
        "Hồ sơ này đang có số định danh khác. Đổi số định danh phải qua thủ tục đính "
        "chính, không làm bằng danh sách."
    ),
    "person-other-person": (
        "Số định danh này đang thuộc về người có họ tên và ngày sinh khác."
    ),
    "person-unknown": (
        "Chưa có hồ sơ nào mang mã hoặc số này trong phạm vi của bạn. Hãy nhập hồ sơ "
        "trước."
    ),
    "person-other-name": "Họ và tên không khớp với hồ sơ mang mã hoặc số này.",
    "person-pair-twice": "Hai người này đã có ở dòng %(number)s của tệp.",
    "person-own-guardian": "Học sinh không thể là phụ huynh của chính mình.",
    "person-unit-unknown": ("Không có đơn vị mang mã này trong phạm vi bạn quản lý."),
}
LABELS = {
    Role.SELF: "Chính mình",
    Role.MEMBER: "Thành viên",
    Role.LEARNER: "Học viên",
    Role.AUTHOR: "Người soạn bài",
    Role.EDITOR: "Biên tập nội dung",
    Role.UNIT_LIAISON: "Đầu mối đơn vị",
    Role.UNIT_HEAD: "Thủ trưởng đơn vị",
    Role.TASK_FORCE_OFFICER: "Cán bộ Tổ công tác",
    Role.EDUCATION_OFFICER: "Cán bộ quản lý giáo dục",
    Role.SCHOOL_HEAD: "Hiệu trưởng",
    Role.SCHOOL_ADMINISTRATOR: "Quản trị trường",
    Role.ACADEMIC_AFFAIRS: "Giáo vụ",
    Role.HOMEROOM_TEACHER: "Giáo viên chủ nhiệm",
    Role.TEACHER: "Giáo viên",
    Role.SECTION_TEACHER: "Giáo viên của lớp",
    Role.ACCOUNTANT: "Kế toán",
    Role.PUPIL: "Học sinh",
    Role.GUARDIAN: "Phụ huynh",
    Role.COUNCIL_CHAIR: "Chủ tịch Hội đồng thi",
    Role.COUNCIL_SECRETARY: "Thư ký Hội đồng thi",
    Role.PAPER_MAKER: "Ban đề thi",
    Role.INVIGILATOR: "Cán bộ coi thi",
    Role.EXAM_SUPERVISOR: "Cán bộ giám sát thi",
    Role.IDENTITY_OFFICER: "Cán bộ xác thực thí sinh",
    Role.SITE_HEAD: "Trưởng điểm thi",
    Role.MARKER: "Cán bộ chấm thi",
    Role.APPEALS_MARKER: "Cán bộ chấm phúc khảo",
    Role.DATA_PROTECTION_OFFICER: "Cán bộ bảo vệ dữ liệu cá nhân",
    Role.ADMINISTRATOR: "Quản trị hệ thống",
    Purpose.REMINDERS: "Nhắc việc qua tin nhắn, thư điện tử",
    Purpose.HONOURS: "Danh sách khen thưởng công khai",
    Purpose.PICTURES: "Hình ảnh hoạt động",
    Purpose.STUDIES: "Nghiên cứu, cải tiến bài học",
    RequestKind.CORRECT: "Sửa dữ liệu sai",
    RequestKind.ERASE: "Xóa dữ liệu",
    RequestKind.RESTRICT: "Hạn chế việc dùng dữ liệu",
    RequestState.OPEN: "Đang chờ trả lời",
    RequestState.DONE: "Đã thực hiện",
    RequestState.REFUSED: "Không thực hiện",
    Gender.MALE: "Nam",
    Gender.FEMALE: "Nữ",
    AccountState.UNCLAIMED: "Chưa xác nhận",
    AccountState.ACTIVE: "Đang dùng",
    AccountState.LOCKED: "Đã khóa",
    AccountState.MERGED: "Đã gộp",
    Relation.FATHER: "Cha",
    Relation.MOTHER: "Mẹ",
    Relation.OTHER: "Người giám hộ",
}
