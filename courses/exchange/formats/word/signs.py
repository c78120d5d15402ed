"""How teachers write a paper: what begins a question, an option, a part, a key.

All of it is Vietnamese as it is typed in schools; the three parts are those of the
school-leaving exam since 2025.
"""

import re

from lms.kernel.vietnamese import fold

QUESTION = re.compile(
    r"\s*(?:Câu\s+hỏi|Câu|Bài(?:\s+tập)?|Question)\s*(\d{1,3})\s*(?:[.:)\]/]|(?=\s|[(\[]|$))",
    re.IGNORECASE,
)
BARE_NUMBER = re.compile(r"\s*(\d{1,3})\s*[.)/]\s+(?=\S)")
PART = re.compile(r"\s*(?:PHẦN|Phần)\s+(IV|I{1,3}|V|[1-5]|[A-D])\b[\s.:)–-]*(.*)")
ROMAN = {"I": 1, "II": 2, "III": 3, "IV": 4, "V": 5, "A": 1, "B": 2, "C": 3, "D": 4}
LEVEL = re.compile(
    r"\s*[(\[{]\s*(?:Mức(?:\s+độ)?\s*:?\s*)?(NB|TH|VDC|VD|Nhận biết|Thông hiểu"
    r"|Vận dụng cao|Vận dụng)\s*[)\]}]\s*[.:]?",
    re.IGNORECASE,
)
LEVELS = {
    "nb": "NB",
    "th": "TH",
    "vd": "VD",
    "vdc": "VDC",
    "nhan biet": "NB",
    "thong hieu": "TH",
    "van dung": "VD",
    "van dung cao": "VDC",
}
OPTION = re.compile(r"(?:^|(?<=\s))([*#✓✔]?)[ \xa0]*([A-H])[ \xa0]*[.):/](?!\w*\.\w)")
STATEMENT = re.compile(r"^\s*([*#✓✔]?)\s*([a-h])\s*[).]\s*")
SHARED = re.compile(
    r"(?:các\s+)?câu(?:\s+hỏi)?\s*(?:từ\s+)?(?:câu\s+)?(\d{1,3})\s*"
    r"(?:đến|tới|–|-|và|,)\s*(?:câu\s+)?(\d{1,3})",
    re.IGNORECASE,
)
ANSWERS = re.compile(
    r"\s*(?:[-–—=*]+\s*)?(?:bang\s+)?(?:dap an|huong dan cham|dap so)"
    r"(?:\s+(?:va|de|ma|chi|tiet|trac|nghiem|tham|khao|bieu|diem|huong|dan|cham|cac|cau"
    r"|bai|thi|mon|kiem|tra|so|phan|\d+|i+))*\s*[:.]?\s*[-–—=*]*"
)
END = re.compile(r"[\s\-–—=_*.]*(?:hết|het|the end)[\s\-–—=_*.]*", re.IGNORECASE)
TAIL = re.compile(
    r"\s*(?:Lời\s+giải|Hướng\s+dẫn(?:\s+giải)?|Giải\s+thích|Giải\s*[:.]|HD\s*[:.]|HDG\b"
    r"|Đáp\s*án|Đáp\s*số|ĐA\s*[:.]|ĐS\s*[:.]|Trả\s+lời\s*[:.]|Kết\s+quả\s*:"
    r"|Chọn\s+(?:đáp\s+án\s+|phương\s+án\s+)?[A-H]\b|Key\s*:|Answer\s*:)",
    re.IGNORECASE,
)
LETTER = re.compile(
    r"(?:Đáp\s*án(?:\s+đúng)?(?:\s+là)?|ĐA|Chọn(?:\s+đáp\s+án|\s+phương\s+án)?|Key|Answer)"
    r"\s*[:.]?\s*([A-H](?:\s*[,;và]+\s*[A-H])*)(?![\w])",
    re.IGNORECASE,
)
SHORT_KEY = re.compile(
    r"\s*(?:Đáp\s*án(?:\s+đúng)?(?:\s+là)?|Đáp\s*số|ĐA|ĐS|Trả\s+lời|Kết\s+quả|Key|Answer)"
    r"\s*[:.]?\s*(\S.*)",
    re.IGNORECASE,
)
EXPLAINS = re.compile(
    r"\s*(?:Lời\s+giải|Hướng\s+dẫn(?:\s+giải)?|Giải\s+thích|Giải|HDG?)\s*[:.]?\s*",
    re.IGNORECASE,
)
VERDICT = re.compile(
    r"(?:[\s(\[–:\t-]+)(đúng|sai|đ|s)\s*[)\].]*\s*$|\s*[(\[]\s*([đs])\s*[)\]]\s*\.?\s*$",
    re.IGNORECASE,
)
VERDICTS = re.compile(
    r"([a-h])\s*[).:–-]*\s*(Đúng|Sai|Đ|S|T|F|True|False)\b", re.IGNORECASE
)
ROW_OF_VERDICTS = re.compile(
    r"[\s,;/–-]*(?:(?:Đúng|Sai|[ĐSTF])[\s,;/–-]*){2,8}", re.IGNORECASE
)
ONE_VERDICT = re.compile(r"Đúng|Sai|[ĐSTF]", re.IGNORECASE)
TRUE = frozenset(("d", "t", "dung", "true"))
DOTS = re.compile(r"[\s._…]*")
ESSAY = re.compile(r"tự\s+luận|viết", re.IGNORECASE)


def is_true(word: str) -> bool:
    return fold(word) in TRUE


def level_of(word: str) -> str:
    return LEVELS.get(fold(word), "")


def is_answers_heading(text: str) -> bool:
    plain = fold(text)
    return len(plain) < 90 and ANSWERS.fullmatch(plain) is not None  # noqa: PLR2004
