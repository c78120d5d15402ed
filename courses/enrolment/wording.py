"""The sentences and labels of enrolment and progress."""

from courses.enrolment.rules import Standing

SENTENCES = {
    "course-not-open-for-enrolment": (
        "Khóa học này do đơn vị giao, chưa mở để tự ghi danh."
    ),
    "course-not-published": "Khóa học này chưa được công bố.",
    "activity-locked": "Bài này chưa mở. Hãy học xong các bài điều kiện trước.",
    "activity-not-done-by-reading": (
        "Bài này được tính theo kết quả xem hoặc làm bài, không bấm hoàn thành được."
    ),
}
LABELS = {
    Standing.LOCKED: "Chưa mở",
    Standing.NEW: "Chưa học",
    Standing.BEGUN: "Đang học",
    Standing.DONE: "Đã hoàn thành",
}
