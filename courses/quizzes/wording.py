"""The sentences and labels of quizzes."""

from courses.quizzes.rules.attempts import Ended, QuizProblem, ReviewPolicy
from courses.quizzes.rules.blueprint import BlueprintProblem, Spread
from courses.quizzes.rules.distractors import Flag
from courses.quizzes.rules.feedback import Part, Phase
from courses.quizzes.rules.marking import OnDifference
from courses.quizzes.rules.regrading import Crossing, Remedy, RunState
from courses.quizzes.rules.results import Method

SENTENCES = {
    "quiz-no-attempts-left": "Bạn đã dùng hết số lượt làm bài kiểm tra này.",
    "quiz-has-no-items": "Bài kiểm tra chưa có câu hỏi nào nên chưa làm được.",
    "quiz-bank-too-small": (
        "Kho câu hỏi không còn đủ câu để rút cho bài này. "
        "Hãy báo người soạn bài kiểm tra."
    ),
    "quiz-not-yet-open": "Bài kiểm tra này chưa đến giờ mở.",
    "quiz-closed": "Bài kiểm tra này đã đóng nên không bắt đầu lượt mới được.",
    "response-checked": "Câu này đã chấm nên không sửa câu trả lời được nữa.",
    "response-not-checkable": (
        "Câu này chưa chấm được: hãy trả lời câu hỏi trước, hoặc chờ đến khi nộp bài."
    ),
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
    "review-not-in-this-phase": (
        "Lúc này bài kiểm tra chưa cho xem lại từng câu. Hãy quay lại sau."
    ),
    "review-never": "Bài kiểm tra này không cho xem đáp án.",
    "quiz-order-names-other-items": (
        "Thứ tự gửi lên không khớp với các câu hiện có. Hãy tải lại trang rồi sắp lại."
    ),
    "quiz-item-of-another-course": "Câu hỏi này không thuộc khóa học.",
    "quiz-slot-draws": "Ô này rút câu ngẫu nhiên nên không sửa như một câu hỏi.",
    "quiz-too-few-items": (
        "Kho của khóa học không có đủ câu hỏi như vậy. Hãy giảm số câu hoặc đổi bộ lọc."
    ),
    "quiz-item-twice": "Câu hỏi này đã có trong bài kiểm tra.",
    "attempt-written-elsewhere": (
        "Bài này đang được làm ở một cửa sổ khác. "
        "Hãy làm tiếp ở đó, hoặc bấm “Làm tiếp ở đây” để chuyển sang cửa sổ này."
    ),
    "mark-out-of-range": "Điểm phải từ 0 đến điểm tối đa của câu.",
    "mark-already-given-by-you": (
        "Bạn đã chấm bài làm này. Lượt chấm thứ hai phải do người khác chấm."
    ),
    "mark-already-settled": "Bài làm này đã chấm xong nên không nhận thêm điểm.",
    "mark-own-response": "Bạn không chấm bài làm của chính mình.",
    "mark-not-for-markers": "Câu này máy tự chấm hoặc chưa nộp nên không chấm tay.",
    "regrade-needs-a-second-person": (
        "Việc chấm lại cần hai người: hãy nhờ một người khác duyệt."
    ),
    "regrade-already-decided": (
        "Lượt chấm lại này đã được xử lý. Hãy tải lại trang để xem kết quả."
    ),
    "regrade-without-a-newer-version": (
        "Câu hỏi chưa có bản mới hơn bản đã ra. Hãy sửa đáp án trước rồi đề nghị lại."
    ),
    "regrade-one-is-open": (
        "Câu này đang có một đề nghị chấm lại chờ duyệt. Hãy xử lý đề nghị đó trước."
    ),
    "regrade-list-has-changed": (
        "Danh sách thay đổi điểm không còn như lúc đề nghị vì có bài mới nộp hoặc "
        "mới chấm. Danh sách dưới đây đã được tính lại, hãy xem rồi duyệt."
    ),
    "blueprint-bank-too-small": (
        "Kho câu hỏi không đủ cho ma trận. Hãy xem những ô thiếu câu ở dưới."
    ),
    "blueprint-wrong-count": "Số mã đề phải từ 1 đến 60.",
    "regrade-item-not-asked": "Chưa có bài nộp nào hỏi câu này nên không cần chấm lại.",
}
LABELS = {
    Ended.BY_LEARNER: "Bạn nộp bài",
    Ended.BY_TIME: "Hết giờ, hệ thống thu bài",
    ReviewPolicy.AFTER_SUBMIT: "Ngay sau khi nộp bài",
    ReviewPolicy.AFTER_PASSING: "Sau khi học viên đạt",
    ReviewPolicy.AFTER_LAST_ATTEMPT: "Sau khi dùng hết số lượt",
    ReviewPolicy.NEVER: "Không cho xem",
    QuizProblem.NO_ITEMS: "Bài kiểm tra chưa có câu hỏi nào.",
    QuizProblem.NO_PAPERS: "Ma trận đề chưa tạo mã đề nào.",
    QuizProblem.NOTHING_TO_EARN: "Các câu hỏi đều 0 điểm nên không ai đạt được.",
    QuizProblem.MARK_UNREACHABLE: "Mức đạt của bài kiểm tra không thể đạt tới.",
    QuizProblem.REVIEW_NEVER_OPENS: (
        "Đáp án chỉ mở khi hết lượt, nhưng bài kiểm tra không giới hạn số lượt."
    ),
    BlueprintProblem.NO_CELLS: "Ma trận chưa có ô nào cần câu hỏi.",
    BlueprintProblem.TOO_MANY_CELLS: "Ma trận có quá 60 ô. Hãy gộp bớt ô.",
    BlueprintProblem.NOTHING_TO_EARN: "Các ô đều 0 điểm nên không ai có điểm.",
    Spread.SHUFFLED: "Cùng bộ câu hỏi, mỗi mã đề xáo một thứ tự",
    Spread.DRAWN: "Mỗi mã đề rút câu riêng, tương đương theo ma trận",
    Flag.FEW_LEARNERS: "Mới có ít bài làm; số liệu chưa nói được nhiều.",
    Flag.STRONG_PICK_WRONG: "được người giỏi chọn: xem lại đáp án",
    Flag.NEGATIVE: "Người giỏi làm sai nhiều hơn người yếu: xem lại câu hỏi và đáp án",
    Flag.WEAK: "Phân loại kém: người giỏi và người yếu làm đúng gần như nhau",
    Flag.TOO_HARD: "Quá khó: dưới 20 % số điểm đạt được",
    Flag.TOO_EASY: "Quá dễ: trên 90 % số điểm đạt được",
    Flag.UNUSED_OPTION: "hầu như không ai chọn: thay phương án nhiễu khác",
    Phase.DURING: "Trong lúc làm",
    Phase.RIGHT_AFTER: "Ngay sau khi nộp (2 phút)",
    Phase.LATER: "Sau đó, khi bài còn mở",
    Phase.AFTER_CLOSE: "Sau khi bài đóng",
    Part.MARKS: "Điểm",
    Part.RIGHTNESS: "Đúng hay sai",
    Part.KEY: "Đáp án",
    Part.EXPLANATION: "Giải thích",
    OnDifference.THIRD_MARKER: "Mời người chấm thứ ba",
    OnDifference.AVERAGE: "Lấy trung bình hai điểm",
    Remedy.NEW_KEY: "Chấm theo đáp án mới",
    Remedy.FULL_MARKS: "Cho mọi người đủ điểm câu này",
    Remedy.LEFT_OUT: "Bỏ câu này, không tính điểm",
    RunState.PROPOSED: "Chờ duyệt",
    RunState.APPLIED: "Đã áp dụng",
    RunState.REJECTED: "Không duyệt",
    RunState.UNDONE: "Đã hoàn tác",
    Crossing.NONE: "Không đổi",
    Crossing.UP: "Từ chưa đạt thành đạt",
    Crossing.DOWN: "Từ đạt thành chưa đạt",
    Method.HIGHEST: "Lượt cao nhất",
    Method.AVERAGE: "Trung bình các lượt",
    Method.FIRST: "Lượt đầu tiên",
    Method.LAST: "Lượt cuối cùng",
}
