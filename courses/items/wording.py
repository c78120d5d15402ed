"""What the kinds of items are called, and what is said about banks."""

from courses.items.rules import BankRefusal, ItemEvent, ItemLevel, ItemState

SENTENCES = {
    BankRefusal.OWN_ITEM: (
        "Bạn là người viết bản này nên không tự duyệt được. Hãy nhờ người khác đọc."
    ),
    BankRefusal.NO_SUCH_MOVE: (
        "Câu hỏi đang ở trạng thái khác nên chưa làm được việc này. Hãy tải lại trang."
    ),
    BankRefusal.OTHER_VERSION: (
        "Câu hỏi vừa có bản mới hơn bản bạn đọc. Hãy tải lại trang, đọc rồi duyệt."
    ),
    BankRefusal.NOT_AN_ITEM: (
        "Nội dung chưa thành một câu hỏi. Hãy kiểm tra lại đề, phương án và đáp án."
    ),
    BankRefusal.OTHER_BANK: (
        "Mục này thuộc ngân hàng khác. Hãy tải lại trang rồi chọn lại."
    ),
    BankRefusal.CATEGORY_NOT_EMPTY: (
        "Thư mục còn câu hỏi hoặc thư mục con. Hãy chuyển chúng đi rồi xóa."
    ),
    BankRefusal.CATEGORY_IN_ITSELF: (
        "Không thể đặt một thư mục vào bên trong chính nó. Hãy chọn nơi khác."
    ),
    BankRefusal.CATEGORY_TOO_DEEP: (
        "Cây thư mục chỉ sâu tám tầng. Hãy đặt thư mục ở tầng cao hơn."
    ),
    BankRefusal.NOT_ENOUGH_ITEMS: (
        "Ngân hàng không đủ câu hỏi khớp điều kiện. Hãy nới điều kiện hoặc thêm câu."
    ),
    BankRefusal.NO_NAME: "Hãy đặt tên cho thư mục.",
    BankRefusal.NO_SUCH_OWNER: (
        "Không có đơn vị hay khóa học này, hoặc bạn chưa được giao việc ở đó."
    ),
}

LABELS = {
    "single_choice": "Một lựa chọn",
    "multiple_choice": "Nhiều lựa chọn",
    "true_false": "Đúng hay sai",
    "statements": "Đúng sai nhiều ý",
    "short_answer": "Trả lời ngắn",
    "numerical": "Trả lời bằng số",
    "matching": "Ghép nối",
    "ordering": "Sắp thứ tự",
    "cloze": "Điền vào đoạn văn",
    "drag_words": "Đặt từ vào chỗ trống",
    "hot_text": "Chọn từ trong đoạn văn",
    "association": "Ghép cặp",
    "hotspot": "Chọn vùng trên hình",
    "image_labels": "Ghi tên lên hình",
    "markers": "Đánh dấu lên hình",
    "calculated": "Tính với số thay đổi",
    "calculated_choice": "Tính rồi lựa chọn",
    "essay": "Tự luận",
    "file_upload": "Nộp tệp",
    "description": "Đoạn dẫn",
    ItemLevel.RECOGNITION: "Nhận biết",
    ItemLevel.COMPREHENSION: "Thông hiểu",
    ItemLevel.APPLICATION: "Vận dụng",
    ItemLevel.ADVANCED: "Vận dụng cao",
    ItemState.DRAFT: "Chưa duyệt",
    ItemState.REVIEWED: "Đã duyệt",
    ItemState.RETIRED: "Ngừng dùng",
    ItemEvent.EDIT: "Sửa",
    ItemEvent.APPROVE: "Duyệt",
    ItemEvent.RETURN: "Trả lại để sửa",
    ItemEvent.RETIRE: "Ngừng dùng",
    ItemEvent.RESTORE: "Dùng lại",
}
