"""What the kinds of items are called."""

LABELS = {
    "single_choice": "Một lựa chọn",
    "multiple_choice": "Nhiều lựa chọn",
    "true_false": "Đúng hay sai",
    "short_answer": "Trả lời ngắn",
}
