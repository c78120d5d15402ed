"""The sentences and labels of the catalogue."""

from courses.catalogue.activities.contract import ContentProblem, DoneBy
from courses.catalogue.rules import CourseProblem, CourseState

SENTENCES = {
    "course-cannot-be-completed": (
        "Chưa công bố được: còn điều khiến học viên không thể hoàn thành khóa học."
    ),
    "course-slug-taken": "Đã có khóa học khác dùng địa chỉ này. Hãy chọn địa chỉ khác.",
    "order-names-other-parts": (
        "Thứ tự gửi lên không khớp với các bài hiện có. Hãy tải lại trang rồi sắp lại."
    ),
    "prerequisite-cycle": (
        "Không thể chọn bài này làm điều kiện: hai bài sẽ chờ lẫn nhau mãi."
    ),
    "prerequisite-elsewhere": "Bài điều kiện phải nằm trong cùng khóa học.",
    "module-not-empty": "Chương còn bài. Hãy chuyển hoặc xóa các bài trước.",
    "activity-has-progress": (
        "Đã có học viên học bài này nên không xóa được. "
        "Hãy bỏ chọn “bắt buộc” để bài không còn tính vào hoàn thành."
    ),
}
LABELS = {
    CourseState.DRAFT: "Bản nháp",
    CourseState.PUBLISHED: "Đã công bố",
    DoneBy.READING: "Đọc hết và bấm “Đã học xong”",
    DoneBy.WATCHING: "Xem ít nhất 90 % thời lượng",
    DoneBy.PASSING: "Làm bài đạt điểm yêu cầu",
    ContentProblem.EMPTY_PAGE: "Bài đọc chưa có nội dung.",
    ContentProblem.NO_FILE: "Bài chưa có tệp.",
    ContentProblem.NO_VIDEO: "Bài chưa có video.",
    ContentProblem.NO_ADDRESS: "Bài chưa có địa chỉ liên kết.",
    CourseProblem.NO_REQUIRED_ACTIVITY: "Khóa học chưa có bài bắt buộc nào.",
    CourseProblem.EMPTY_MODULE: "Chương chưa có bài nào.",
    CourseProblem.CIRCLE: "Các bài điều kiện chờ lẫn nhau nên không mở được.",
}
