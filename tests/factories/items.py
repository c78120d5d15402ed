"""One item of each type, with responses that are right and partly right."""

from typing import Any

from tests.factories.quizzes import MULTIPLE, SHORT, SINGLE, TRUE_FALSE

PICTURE = {
    "src": "/static/covers/school.svg",
    "width": 400,
    "height": 300,
    "alt": "Sơ đồ một trường học",
}
STATEMENTS = {
    "kind": "statements",
    "stem": '<p>Cho hàm số <span data-math="inline" data-latex="y=x^2">y</span>.</p>',
    "statements": [
        {"id": "a", "text": "Đồ thị đi qua gốc tọa độ.", "correct": True},
        {"id": "b", "text": "Hàm số nghịch biến trên R.", "correct": False},
        {"id": "c", "text": "Giá trị nhỏ nhất bằng 0.", "correct": True},
        {"id": "d", "text": "Phương trình y = 4 có một nghiệm.", "correct": False},
    ],
    "explanation": "<p>Parabol có đỉnh ở gốc.</p>",
}
NUMERICAL = {
    "kind": "numerical",
    "stem": "<p>Một tiết học dài bao nhiêu phút?</p>",
    "answers": [
        {"value": "45", "tolerance": "0"},
        {"value": "45", "tolerance": "5", "share": "1/2", "feedback": "<p>Gần.</p>"},
    ],
    "units": {
        "units": [{"name": "phút"}, {"name": "giờ", "factor": "0.016666667"}],
        "policy": "optional",
    },
    "explanation": "<p>Ở trường trung học cơ sở.</p>",
}
MATCHING = {
    "kind": "matching",
    "stem": "<p>Nối tỉnh với di sản.</p>",
    "rows": [
        {"id": "r1", "text": "Huế", "correct": ["a"]},
        {"id": "r2", "text": "Quảng Nam", "correct": ["b"]},
        {"id": "r3", "text": "Quảng Ninh", "correct": ["c"]},
    ],
    "options": [
        {"id": "a", "text": "Kinh thành"},
        {"id": "b", "text": "Phố cổ Hội An"},
        {"id": "c", "text": "Vịnh Hạ Long"},
        {"id": "d", "text": "Phong Nha"},
    ],
    "explanation": "",
}
ORDERING = {
    "kind": "ordering",
    "stem": "<p>Xếp các việc theo thứ tự.</p>",
    "options": [
        {"id": "a", "text": "Quét thẻ"},
        {"id": "b", "text": "Vào phòng"},
        {"id": "c", "text": "Làm bài"},
        {"id": "d", "text": "Nộp bài"},
    ],
    "explanation": "",
}
CLOZE = {
    "kind": "cloze",
    "stem": "<p>Điền vào chỗ trống.</p>",
    "passage": "<p>Thủ đô là [[1]], có [[2]] chữ cái, thuộc miền [[3]].</p>",
    "parts": [
        {"id": "1", "asks": "text", "accepted": ["Hà Nội"]},
        {"id": "2", "asks": "number", "answers": [{"value": "5"}]},
        {
            "id": "3",
            "asks": "choice",
            "points": 2,
            "options": [
                {"id": "a", "text": "Bắc", "share": "1"},
                {"id": "b", "text": "Trung"},
                {"id": "c", "text": "Nam"},
            ],
        },
    ],
    "explanation": "",
}
DRAG_WORDS = {
    "kind": "drag_words",
    "stem": "<p>Kéo từ vào chỗ trống.</p>",
    "passage": "<p>Mặt trời mọc đằng [[1]], lặn đằng [[2]].</p>",
    "words": [
        {"id": "a", "text": "đông"},
        {"id": "b", "text": "tây"},
        {"id": "c", "text": "nam"},
    ],
    "gaps": [{"id": "1", "correct": ["a"]}, {"id": "2", "correct": ["b"]}],
    "explanation": "",
}
HOT_TEXT = {
    "kind": "hot_text",
    "stem": "<p>Chọn các danh từ.</p>",
    "passage": "<p>[[a]] [[b]] trên [[c]].</p>",
    "options": [
        {"id": "a", "text": "Con mèo"},
        {"id": "b", "text": "ngủ"},
        {"id": "c", "text": "mái nhà"},
    ],
    "correct": ["a", "c"],
    "explanation": "",
}
ASSOCIATION = {
    "kind": "association",
    "stem": "<p>Ghép các từ trái nghĩa.</p>",
    "options": [
        {"id": "a", "text": "cao"},
        {"id": "b", "text": "thấp"},
        {"id": "c", "text": "nhanh"},
        {"id": "d", "text": "chậm"},
    ],
    "correct": [["a", "b"], ["c", "d"]],
    "explanation": "",
}
HOTSPOT = {
    "kind": "hotspot",
    "stem": "<p>Phòng thi ở đâu?</p>",
    "picture": PICTURE,
    "areas": [
        {
            "id": "a",
            "shape": "rectangle",
            "coords": [10, 10, 110, 110],
            "label": "Dãy nhà trái",
        },
        {"id": "b", "shape": "circle", "coords": [200, 150, 40], "label": "Sân"},
        {
            "id": "c",
            "shape": "polygon",
            "coords": [300, 200, 390, 200, 345, 290],
            "label": "Dãy nhà phải",
        },
    ],
    "correct": ["a"],
    "explanation": "",
}
IMAGE_LABELS = {
    "kind": "image_labels",
    "stem": "<p>Ghi tên các khu.</p>",
    "picture": PICTURE,
    "labels": [
        {"id": "a", "text": "Cổng"},
        {"id": "b", "text": "Thư viện"},
        {"id": "c", "text": "Sân"},
    ],
    "zones": [
        {
            "id": "1",
            "shape": "rectangle",
            "coords": [10, 10, 110, 60],
            "correct": ["a"],
            "label": "Ô góc trái",
        },
        {
            "id": "2",
            "shape": "rectangle",
            "coords": [200, 150, 300, 200],
            "correct": ["b"],
            "label": "Ô giữa",
        },
    ],
    "explanation": "",
}
MARKERS = {
    "kind": "markers",
    "stem": "<p>Đặt ghim vào đúng chỗ.</p>",
    "picture": PICTURE,
    "markers": [{"id": "a", "label": "Cổng chính"}, {"id": "b", "label": "Cột cờ"}],
    "targets": [
        {"id": "1", "shape": "circle", "coords": [60, 60, 30], "marker": "a"},
        {
            "id": "2",
            "shape": "polygon",
            "coords": [200, 100, 300, 100, 300, 200, 200, 200],
            "marker": "b",
        },
    ],
    "explanation": "",
}
CALCULATED = {
    "kind": "calculated",
    "stem": "<p>Một hình chữ nhật dài {a} m, rộng {b} m. Diện tích là bao nhiêu?</p>",
    "variables": [
        {"name": "a", "values": ["3", "5", "2.5"]},
        {"name": "b", "values": ["2", "4", "2"]},
    ],
    "answers": [{"formula": "{a}*{b}", "tolerance": "0.01"}],
    "explanation": "<p>{a} × {b} = {={a}*{b}}</p>",
}
CALCULATED_CHOICE = {
    "kind": "calculated_choice",
    "stem": "<p>{a} + {b} bằng mấy?</p>",
    "variables": [
        {"name": "a", "values": ["3", "5"]},
        {"name": "b", "values": ["2", "4"]},
    ],
    "options": [
        {"id": "x", "text": "{={a}+{b}}"},
        {"id": "y", "text": "{={a}-{b}}"},
        {"id": "z", "text": "{={a}*{b}}"},
    ],
    "correct": ["x"],
    "places": 0,
    "explanation": "",
}
ESSAY = {
    "kind": "essay",
    "stem": "<p>Em hãy viết một đoạn văn về trường em.</p>",
    "rubric": [
        {
            "id": "y",
            "text": "Ý",
            "levels": [
                {"id": "0", "text": "Chưa có ý", "points": 0},
                {"id": "1", "text": "Đủ ý", "points": 3},
            ],
        },
        {
            "id": "l",
            "text": "Lời",
            "levels": [
                {"id": "0", "text": "Nhiều lỗi", "points": 0},
                {"id": "1", "text": "Trong sáng", "points": 2},
            ],
        },
    ],
    "double": True,
    "most_words": 300,
    "explanation": "",
}
FILE_UPLOAD = {
    "kind": "file_upload",
    "stem": "<p>Nộp bài thuyết trình.</p>",
    "file_types": [".pdf", ".pptx"],
    "explanation": "",
}
DESCRIPTION = {
    "kind": "description",
    "stem": "<p>Đọc đoạn văn sau rồi trả lời các câu tiếp theo.</p>",
    "explanation": "",
}
ALL_KINDS: dict[str, dict[str, Any]] = {
    spec["kind"]: spec
    for spec in (
        SINGLE,
        MULTIPLE,
        TRUE_FALSE,
        STATEMENTS,
        SHORT,
        NUMERICAL,
        MATCHING,
        ORDERING,
        CLOZE,
        DRAG_WORDS,
        HOT_TEXT,
        ASSOCIATION,
        HOTSPOT,
        IMAGE_LABELS,
        MARKERS,
        CALCULATED,
        CALCULATED_CHOICE,
        ESSAY,
        FILE_UPLOAD,
        DESCRIPTION,
    )
}
GRADED = [
    spec
    for kind, spec in ALL_KINDS.items()
    if kind not in ("essay", "file_upload", "description")
]
