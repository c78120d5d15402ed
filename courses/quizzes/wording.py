"""The sentences and labels of quizzes."""

from courses.quizzes.rules.attempts import Ended, QuizProblem, ReviewPolicy

SENTENCES = {
    "quiz-no-attempts-left": "Bạn đã dùng hết số lượt làm bài kiểm tra này.",
    "quiz-has-no-items": "Bài kiểm tra chưa có câu hỏi nào nên chưa làm được.",
    "attempt-submitted": (
        "Bài này đã nộp nên không nhận thêm câu trả lời. "
        "Những gì đã lưu vẫn còn nguyên."
    ),
    "attempt-time-over": (
        "Đã hết giờ làm bài nên không nhận thêm câu trả lời. "
        "Những gì đã lưu trước đó vẫn còn nguyên."
    ),
    "attempt-no-such-place": "Bài này không có câu hỏi mang số đó. Hãy tải lại trang.",
    "response-wrong-shape": (
        "Câu trả lời không đúng dạng của câu hỏi nên chưa được lưu. "
        "Hãy trả lời lại câu này."
    ),
    "response-newer-saved": (
        "Câu này vừa được lưu từ một cửa sổ khác. "
        "Hãy tải lại trang để xem câu trả lời mới nhất."
    ),
    "review-attempt-open": (
        "Bạn đang làm một lượt khác. Phần xem lại mở sau khi bạn nộp lượt đó."
    ),
    "review-not-passed": "Đáp án và giải thích mở sau khi bạn đạt bài kiểm tra này.",
    "review-attempts-left": (
        "Đáp án và giải thích mở sau khi bạn dùng hết số lượt làm bài."
    ),
    "review-never": "Bài kiểm tra này không cho xem đáp án.",
    "quiz-order-names-other-items": (
        "Thứ tự gửi lên không khớp với các câu hiện có. Hãy tải lại trang rồi sắp lại."
    ),
    "quiz-item-of-another-course": "Câu hỏi này không thuộc khóa học.",
    "quiz-item-twice": "Câu hỏi này đã có trong bài kiểm tra.",
}
LABELS = {
    Ended.BY_LEARNER: "Bạn nộp bài",
    Ended.BY_TIME: "Hết giờ, hệ thống thu bài",
    ReviewPolicy.AFTER_SUBMIT: "Ngay sau khi nộp bài",
    ReviewPolicy.AFTER_PASSING: "Sau khi học viên đạt",
    ReviewPolicy.AFTER_LAST_ATTEMPT: "Sau khi dùng hết số lượt",
    ReviewPolicy.NEVER: "Không cho xem",
    QuizProblem.NO_ITEMS: "Bài kiểm tra chưa có câu hỏi nào.",
    QuizProblem.NOTHING_TO_EARN: "Các câu hỏi đều 0 điểm nên không ai đạt được.",
    QuizProblem.MARK_UNREACHABLE: "Mức đạt của bài kiểm tra không thể đạt tới.",
    QuizProblem.REVIEW_NEVER_OPENS: (
        "Đáp án chỉ mở khi hết lượt, nhưng bài kiểm tra không giới hạn số lượt."
    ),
}
