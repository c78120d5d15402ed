"""What can go wrong at a station, and what the operator is told."""

from enum import StrEnum


class Trouble(StrEnum):
    NO_READER = "no_reader"
    READER_GONE = "reader_gone"
    NO_CARD = "no_card"
    CARD_MOVED = "card_moved"
    NOT_AN_ID_CARD = "not_an_id_card"
    WRONG_NUMBER = "wrong_number"
    NEEDS_DATES = "needs_dates"
    ACCESS_FAILED = "access_failed"
    CHANNEL_BROKEN = "channel_broken"
    FILE_MISSING = "file_missing"
    FILE_TOO_LARGE = "file_too_large"
    BAD_NUMBER = "bad_number"
    SERVER_GONE = "server_gone"
    SERVER_REFUSED = "server_refused"
    SERVER_UNREADABLE = "server_unreadable"
    KEY_UNUSABLE = "key_unusable"


SENTENCES = {
    Trouble.NO_READER: "Không thấy đầu đọc thẻ. Cắm đầu đọc vào máy rồi thử lại.",
    Trouble.READER_GONE: "Mất kết nối với đầu đọc. Cắm lại đầu đọc rồi đọc lại thẻ.",
    Trouble.NO_CARD: "Chưa có thẻ trên đầu đọc. Đặt thẻ lên đầu đọc.",
    Trouble.CARD_MOVED: "Thẻ bị nhấc ra giữa chừng. Đặt yên thẻ trên đầu đọc, đọc lại.",
    Trouble.NOT_AN_ID_CARD: "Thẻ này không phải thẻ căn cước gắn chip.",
    Trouble.WRONG_NUMBER: (
        "Số vừa nhập không mở được thẻ. Kiểm tra 12 số in trên thẻ và đúng thẻ."
    ),
    Trouble.NEEDS_DATES: (
        "Thẻ này cần thêm ngày sinh và ngày hết hạn in trên thẻ mới mở được."
    ),
    Trouble.ACCESS_FAILED: "Chip không cho mở. Đọc lại thẻ, hoặc xác minh thủ công.",
    Trouble.CHANNEL_BROKEN: "Kênh bảo mật với chip bị hỏng. Đọc lại thẻ.",
    Trouble.FILE_MISSING: "Chip thiếu dữ liệu bắt buộc. Hãy xác minh thủ công.",
    Trouble.FILE_TOO_LARGE: "Chip trả về dữ liệu lớn bất thường. Ngừng đọc thẻ này.",
    Trouble.BAD_NUMBER: "Số định danh phải gồm đúng 12 chữ số.",
    Trouble.SERVER_GONE: (
        "Không liên lạc được máy chủ. Kiểm tra mạng; chưa có gì được ghi nhận."
    ),
    Trouble.SERVER_REFUSED: "Máy chủ không nhận yêu cầu của trạm này.",
    Trouble.SERVER_UNREADABLE: "Máy chủ trả lời không đúng mẫu. Báo người vận hành.",
    Trouble.KEY_UNUSABLE: "Không dùng được tệp khóa của trạm. Báo người vận hành.",
}


class Stopped(Exception):
    """The station cannot go on; *sentence* is what the operator reads.

    The server's own sentence stands in for ours where it gave one.
    """

    def __init__(self, trouble: Trouble, sentence: str = "") -> None:
        super().__init__(trouble.value)
        self.trouble = trouble
        self.sentence = sentence or SENTENCES[trouble]
