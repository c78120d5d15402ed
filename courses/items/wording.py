"""What the kinds of items are called."""

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
}
