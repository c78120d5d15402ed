"""What the exchange of questions says: reasons, notes, and names of formats."""

from enum import StrEnum

from courses.exchange.rules import Note, NotTaken, Trouble

SENTENCES = {
    "exchange-not-ready": "Tệp này chưa được đọc xong. Hãy tải lại trang sau giây lát.",
    "exchange-nothing-to-keep": (
        "Không có câu nào được chọn để đưa vào ngân hàng. Hãy chọn ít nhất một câu."
    ),
    "exchange-already-kept": (
        "Các câu của lần nhập này đã được đưa vào ngân hàng rồi. "
        "Hãy mở ngân hàng để xem, hoặc tải tệp lên lần nữa."
    ),
    "exchange-file-too-large": (
        "Tệp quá lớn. Hãy chia thành các tệp nhỏ hơn 64 MB rồi tải lên lần lượt."
    ),
    "exchange-no-file": "Hãy chọn một tệp câu hỏi.",
    "exchange-not-understood": (
        "Câu này chưa đọc được nên chưa đưa vào ngân hàng được. Hãy sửa câu trước."
    ),
}
TROUBLES: dict[StrEnum, str] = {
    Trouble.NO_STEM: "Không thấy nội dung câu hỏi.",
    Trouble.NO_KEY: "Không thấy đáp án đúng.",
    Trouble.NO_OPTIONS: "Thiếu phương án, hoặc có phương án để trống.",
    Trouble.NOT_WELL_FORMED: "Viết không đúng quy cách của định dạng.",
    Trouble.KIND_NOT_SUPPORTED: "Chưa hỗ trợ loại câu hỏi này.",
    Trouble.WRONG_WEIGHTS: (
        "Tỉ lệ điểm của các đáp án không hợp lệ: phải có đáp án được trọn điểm."
    ),
    Trouble.WRONG_NUMBER: "Có một số không đọc được.",
    Trouble.WRONG_CLOZE: "Chỗ trống trong đoạn văn viết không đúng.",
    Trouble.WRONG_PAIRS: "Các cặp ghép nối viết không đúng.",
    Trouble.ADAPTIVE: "Chưa hỗ trợ câu hỏi nhiều bước (adaptive).",
    Trouble.TEMPLATED: "Chưa hỗ trợ câu hỏi sinh số liệu theo mẫu (template) của QTI.",
    Trouble.SEVERAL_INTERACTIONS: "Chưa hỗ trợ câu hỏi gộp nhiều kiểu tương tác này.",
    Trouble.INTERACTION_NOT_SUPPORTED: "Chưa hỗ trợ kiểu tương tác hoặc cách chấm này.",
    Trouble.FILE_MISSING: "Không tìm thấy hình mà câu hỏi cần.",
    Trouble.FILE_NOT_ALLOWED: (
        "Hình của câu hỏi không thuộc loại được nhận (PNG, JPEG, GIF, WebP)."
    ),
    Trouble.NO_ITEM: "Tệp không có câu hỏi nào.",
    Trouble.TOO_LARGE: "Nội dung lớn quá mức cho phép.",
    Trouble.TOO_MANY: "Có quá nhiều câu hỏi hoặc quá nhiều tệp bên trong.",
    Trouble.BAD_ARCHIVE: "Tệp nén bị hỏng hoặc không an toàn.",
    Trouble.UNKNOWN_FORMAT: "Không nhận ra định dạng câu hỏi của tệp này.",
    Trouble.FORBIDDEN_XML: "Tệp XML có khai báo thực thể (entity), không được phép.",
    Trouble.NOT_READABLE: "Không đọc được tệp.",
    Trouble.NOT_FITTING: "Câu này vượt quá quy định của loại câu hỏi.",
}
NOTES: dict[StrEnum, str] = {
    Note.PICTURE_LEFT_OUT: (
        "Có hình hoặc âm thanh không lấy được: không nằm trong tệp, "
        "hoặc không thuộc loại được nhận."
    ),
    Note.SCORING_DIFFERS: (
        "Cách cho điểm từng phần ở đây khác với tệp gốc. Hãy xem lại cách cho điểm."
    ),
    Note.FEEDBACK_LEFT_OUT: "Có lời nhận xét không giữ lại được.",
    Note.SHARED_STEM: "Câu này dùng chung phần dẫn với các câu bên cạnh.",
    Note.KEY_GUESSED: "Đáp án được suy ra từ bảng đáp án cuối tệp. Hãy xem lại.",
    Note.FORMULA_AS_PICTURE: "Công thức được giữ dưới dạng hình.",
    Note.FORMULA_UNREADABLE: "Có công thức không đọc được.",
    Note.TWICE: "Câu này giống hệt một câu phía trước trong tệp.",
}
LABELS: dict[StrEnum, str] = {**TROUBLES, **NOTES}
FORMATS = {
    "gift": "GIFT",
    "moodle_xml": "Moodle XML",
    "aiken": "Aiken",
    "cloze": "Cloze",
    "qti": "QTI",
    "word": "Word",
    "excel": "Excel",
}


def reason(trouble: Trouble, detail: str = "") -> str:
    """Say why something was not taken, with the word that it is about."""
    return f"{TROUBLES[trouble]} ({detail})" if detail else TROUBLES[trouble]


def reason_of(problem: NotTaken) -> str:
    return reason(problem.trouble, problem.detail)
