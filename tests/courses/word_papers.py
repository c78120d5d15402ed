"""Word papers as teachers write them, drawn with python-docx: one style each."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

from docx import Document
from docx.enum.text import WD_COLOR_INDEX
from docx.oxml import parse_xml
from docx.shared import RGBColor

from tests.courses.pictures import png

M = "http://schemas.openxmlformats.org/officeDocument/2006/math"
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
QUESTIONS = [
    ("Thủ đô của nước ta là", ["Huế", "Hà Nội", "Đà Nẵng", "Cần Thơ"], "B"),
    ("Số nguyên tố chẵn duy nhất là", ["0", "1", "2", "4"], "C"),
    ("Tác giả của Truyện Kiều là", ["Nguyễn Du", "Nam Cao", "Tố Hữu", "Tản Đà"], "A"),
]
LETTERS = "ABCD"
Paint = Callable[[Any], None]


def saved(document: Any) -> bytes:
    file = BytesIO()
    document.save(file)
    return file.getvalue()


def _underline(run: Any) -> None:
    run.underline = True


def _bold(run: Any) -> None:
    run.bold = True


def _red(run: Any) -> None:
    run.font.color.rgb = RGBColor(0xFF, 0, 0)


def _yellow(run: Any) -> None:
    run.font.highlight_color = WD_COLOR_INDEX.YELLOW


def one_option_a_line(paint: Paint) -> bytes:
    """Each option on its own line, the right one painted whole."""
    document = Document()
    document.add_paragraph("SỞ GIÁO DỤC VÀ ĐÀO TẠO – ĐỀ KIỂM TRA GIỮA KỲ I")
    for number, (stem, options, key) in enumerate(QUESTIONS, 1):
        paragraph = document.add_paragraph()
        paragraph.add_run(f"Câu {number}. ").bold = True
        paragraph.add_run(stem)
        for letter, text in zip(LETTERS, options, strict=True):
            run = document.add_paragraph().add_run(f"{letter}. {text}")
            if letter == key:
                paint(run)
    return saved(document)


def options_in_one_line(paint: Paint) -> bytes:
    """All options in one line, parted by tabs, only the letter painted."""
    document = Document()
    for number, (stem, options, key) in enumerate(QUESTIONS, 1):
        document.add_paragraph(f"Bài {number}: {stem}")
        line = document.add_paragraph()
        for letter, text in zip(LETTERS, options, strict=True):
            label = line.add_run(f"{letter}.")
            label.bold = True
            if letter == key:
                paint(label)
            line.add_run(f" {text}\t")
    return saved(document)


def two_options_a_line() -> bytes:
    document = Document()
    for number, (stem, options, key) in enumerate(QUESTIONS, 1):
        document.add_paragraph(f"Câu {number}: {stem}")
        for pair in (0, 2):
            line = document.add_paragraph()
            for place in (pair, pair + 1):
                run = line.add_run(f"{LETTERS[place]}) {options[place]}      ")
                run.underline = LETTERS[place] == key
    return saved(document)


def options_in_a_table() -> bytes:
    document = Document()
    for number, (stem, options, key) in enumerate(QUESTIONS, 1):
        document.add_paragraph(f"Câu {number}. {stem}")
        table = document.add_table(rows=2, cols=2)
        for place, text in enumerate(options):
            run = (
                table.cell(place // 2, place % 2)
                .paragraphs[0]
                .add_run(f"{LETTERS[place]}. {text}")
            )
            if LETTERS[place] == key:
                _red(run)
    return saved(document)


def starred() -> bytes:
    document = Document()
    for number, (stem, options, key) in enumerate(QUESTIONS, 1):
        document.add_paragraph(f"Câu {number}. {stem}")
        for letter, text in zip(LETTERS, options, strict=True):
            document.add_paragraph(f"{'*' if letter == key else ''}{letter}. {text}")
    return saved(document)


def unmarked(document: Any) -> None:
    for number, (stem, options, _key) in enumerate(QUESTIONS, 1):
        document.add_paragraph(f"Câu {number}. {stem}")
        document.add_paragraph(
            "   ".join(f"{a}. {b}" for a, b in zip(LETTERS, options, strict=True))
        )


def key_in_a_table() -> bytes:
    """A table at the end: numbers above, letters below."""
    document = Document()
    unmarked(document)
    document.add_paragraph("------ HẾT ------")
    document.add_paragraph("BẢNG ĐÁP ÁN")
    table = document.add_table(rows=2, cols=4)
    for column, text in enumerate(["Câu", "1", "2", "3"]):
        table.cell(0, column).text = text
    for column, text in enumerate(["Đáp án", *(key for _s, _o, key in QUESTIONS)]):
        table.cell(1, column).text = text
    return saved(document)


def key_in_cells() -> bytes:
    """A table without a heading, each cell a number and a letter."""
    document = Document()
    unmarked(document)
    table = document.add_table(rows=1, cols=4)
    for column, (_stem, _options, key) in enumerate(QUESTIONS):
        table.cell(0, column).text = f"{column + 1}.{key}"
    table.cell(0, 3).text = "4.D"
    return saved(document)


def key_in_a_line() -> bytes:
    document = Document()
    unmarked(document)
    document.add_paragraph("ĐÁP ÁN")
    document.add_paragraph("1.B  2.C  3.A")
    return saved(document)


def key_with_solutions() -> bytes:
    """The key and the way to it behind each question."""
    document = Document()
    for number, (stem, options, key) in enumerate(QUESTIONS, 1):
        document.add_paragraph(f"Câu {number}. {stem}")
        for letter, text in zip(LETTERS, options, strict=True):
            document.add_paragraph(f"{letter}. {text}")
        document.add_paragraph("Lời giải")
        document.add_paragraph(f"Chọn {key}")
        document.add_paragraph(f"Vì điều này có trong bài {number}.")
    return saved(document)


def numbered_by_word() -> bytes:
    """ "Câu 1." and "A." are counted by Word itself; the right one is bold."""
    document = Document()
    numbering = document.part.numbering_part.element
    for key, levels in (("90", [("decimal", "Câu %1."), ("upperLetter", "%2.")]),):
        shapes = "".join(
            f'<w:lvl w:ilvl="{level}"><w:start w:val="1"/><w:numFmt w:val="{form}"/>'
            f'<w:lvlText w:val="{text}"/></w:lvl>'
            for level, (form, text) in enumerate(levels)
        )
        numbering.insert(
            0,
            parse_xml(
                f'<w:abstractNum xmlns:w="{W}" w:abstractNumId="{key}">{shapes}'
                "</w:abstractNum>"
            ),
        )
        numbering.append(
            parse_xml(
                f'<w:num xmlns:w="{W}" w:numId="{key}">'
                f'<w:abstractNumId w:val="{key}"/></w:num>'
            )
        )
    for stem, options, right in QUESTIONS:
        _listed(document.add_paragraph(stem), 0)
        for letter, text in zip(LETTERS, options, strict=True):
            paragraph = document.add_paragraph()
            paragraph.add_run(text).bold = letter == right
            _listed(paragraph, 1)
    return saved(document)


def _listed(paragraph: Any, level: int) -> None:
    settings = paragraph._p.get_or_add_pPr()
    settings.append(
        parse_xml(
            f'<w:numPr xmlns:w="{W}"><w:ilvl w:val="{level}"/><w:numId w:val="90"/>'
            "</w:numPr>"
        )
    )


def exam_of_2025() -> bytes:
    """The three parts of the school-leaving exam, keys at the end by part."""
    document = Document()
    document.add_paragraph("KỲ THI TỐT NGHIỆP TRUNG HỌC PHỔ THÔNG NĂM 2025")
    document.add_paragraph(
        "PHẦN I. Thí sinh trả lời từ câu 1 đến câu 3. "
        "Mỗi câu hỏi thí sinh chỉ chọn một phương án."
    )
    unmarked(document)
    document.add_paragraph(
        "PHẦN II. Thí sinh trả lời từ câu 1 đến câu 2. Trong mỗi ý a), b), c), d) ở "
        "mỗi câu, thí sinh chọn đúng hoặc sai."
    )
    for number, stem in enumerate(["Cho hàm số y = x.", "Xét một con lắc đơn."], 1):
        document.add_paragraph(f"Câu {number}. {stem}")
        for letter in "abcd":
            document.add_paragraph(f"{letter}) Khẳng định {letter} của câu {number}.")
    document.add_paragraph("PHẦN III. Thí sinh trả lời từ câu 1 đến câu 2.")
    document.add_paragraph("Câu 1. Hai cộng hai bằng bao nhiêu?")
    document.add_paragraph("Câu 2. Một nửa của bảy là bao nhiêu?")
    document.add_paragraph("----------- HẾT -----------")
    document.add_paragraph("ĐÁP ÁN")
    document.add_paragraph("PHẦN I")
    document.add_paragraph("1. B   2. C   3. A")
    document.add_paragraph("PHẦN II")
    document.add_paragraph("Câu 1: a) Đ b) S c) Đ d) S")
    document.add_paragraph("Câu 2: SSĐĐ")
    document.add_paragraph("PHẦN III")
    table = document.add_table(rows=3, cols=2)
    for row, cells in enumerate([("Câu", "Đáp án"), ("1", "4"), ("2", "3,5")]):
        for column, text in enumerate(cells):
            table.cell(row, column).text = text
    return saved(document)


def statements_marked_in_place() -> bytes:
    """True or false behind each statement, and in a table with two columns."""
    document = Document()
    document.add_paragraph("PHẦN II. Câu trắc nghiệm đúng sai")
    document.add_paragraph("Câu 1. (TH) Nói về nước:")
    for text in ("a) Sôi ở 100 độ. (Đ)", "b) Nặng hơn thủy ngân. (S)",
                 "c) Gồm hai nguyên tố. (Đ)", "d) Là đơn chất. (S)"):  # fmt: skip
        document.add_paragraph(text)
    document.add_paragraph("Câu 2. Nói về Việt Nam:")
    table = document.add_table(rows=3, cols=3)
    rows = [("Phát biểu", "Đúng", "Sai"), ("a) Có bờ biển dài.", "X", ""),
            ("b) Nằm ở châu Âu.", "", "X")]  # fmt: skip
    for row, cells in enumerate(rows):
        for column, text in enumerate(cells):
            table.cell(row, column).text = text
    return saved(document)


def topics_levels_and_a_shared_text() -> bytes:
    document = Document()
    document.add_heading("Chương I. Hàm số", level=1)
    document.add_heading("Chủ đề 1. Đạo hàm", level=2)
    document.add_paragraph("Câu 1 (NB). Đạo hàm của hằng số là")
    document.add_paragraph("A. 0\tB. 1\tC. x\tD. 2x").runs[0].font.name = "Arial"
    document.add_paragraph("Đáp án: A")
    document.add_heading("Chương II. Đọc hiểu", level=1)
    document.add_paragraph("Đọc đoạn văn sau và trả lời các câu từ 2 đến 3:")
    document.add_paragraph("Sông Hồng chảy qua Hà Nội.")
    for number, level in ((2, "[TH]"), (3, "(VDC)")):
        document.add_paragraph(f"Câu {number}. {level} Sông nào chảy qua Hà Nội?")
        document.add_paragraph("A. Sông Hồng")
        document.add_paragraph("B. Sông Hương")
        document.add_paragraph("Đáp án: A")
    return saved(document)


def formulas_and_pictures() -> bytes:
    document = Document()
    paragraph = document.add_paragraph("Câu 1. Nghiệm của ")
    paragraph._p.append(
        parse_xml(
            f'<m:oMath xmlns:m="{M}"><m:sSup><m:e><m:r><m:t>x</m:t></m:r></m:e><m:sup>'
            "<m:r><m:t>2</m:t></m:r></m:sup></m:sSup><m:r><m:t>=</m:t></m:r><m:f><m:num>"
            "<m:r><m:t>1</m:t></m:r></m:num><m:den><m:rad><m:deg/><m:e><m:r><m:t>π</m:t>"
            "</m:r></m:e></m:rad></m:den></m:f></m:oMath>"
        )
    )
    paragraph.add_run(" ứng với hình nào? Nước là H")
    paragraph.add_run("2").font.subscript = True
    paragraph.add_run("O.")
    document.add_paragraph().add_run().add_picture(BytesIO(png(32, 24)))
    line = document.add_paragraph("A. ")
    line.add_run().add_picture(BytesIO(png(20, 20)))
    line.add_run("   B. $x=\\frac{1}{2}$   C. ba   ")
    line.add_run("D. bốn").underline = True
    return saved(document)


def formula_of_mathtype() -> bytes:
    """A formula of MathType: an object with a picture of itself."""
    document = Document()
    paragraph = document.add_paragraph("Câu 1. Tính ")
    part = document.part
    link, _image = part.get_or_add_image(BytesIO(png(48, 16)))
    run = paragraph.add_run()
    run._r.append(
        parse_xml(
            f'<w:object xmlns:w="{W}" xmlns:v="urn:schemas-microsoft-com:vml" '
            'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/'
            f'relationships"><v:shape><v:imagedata r:id="{link}"/></v:shape></w:object>'
        )
    )
    paragraph.add_run(".")
    for text in ("A. 1", "B. 2", "C. 3"):
        document.add_paragraph(text)
    _yellow(document.add_paragraph().add_run("D. 4"))
    return saved(document)


def short_answers_and_essays() -> bytes:
    document = Document()
    document.add_paragraph("PHẦN III. Câu trắc nghiệm trả lời ngắn")
    document.add_paragraph("Câu 1. Ba nhân bốn bằng mấy?")
    document.add_paragraph("Đáp số: 12")
    document.add_paragraph("Câu 2. Ai viết Chí Phèo?")
    document.add_paragraph("Trả lời: Nam Cao.")
    document.add_paragraph("PHẦN IV. TỰ LUẬN")
    document.add_paragraph("Câu 1. Cho tam giác ABC.")
    document.add_paragraph("a) Chứng minh tam giác cân.")
    document.add_paragraph("b) Tính diện tích.")
    return saved(document)


def with_faults() -> bytes:
    """One good question among three that lack something."""
    document = Document()
    unmarked_stem = "Câu 1. Câu này không có đáp án."
    document.add_paragraph(unmarked_stem)
    document.add_paragraph("A. một\tB. hai\tC. ba\tD. bốn")
    document.add_paragraph("Câu 2. Câu này không có phương án nào cả.")
    document.add_paragraph("Câu 3. Câu này tốt.")
    document.add_paragraph("A. đúng\tB. sai").add_run(" ")
    document.add_paragraph("Đáp án: A")
    document.add_paragraph("Câu 4.")
    document.add_paragraph("A. đúng\tB. sai")
    document.add_paragraph("Đáp án: B")
    return saved(document)


def with_two_to_mend() -> bytes:
    """The key at the end forgets the second question, and the fourth has no options."""
    document = Document()
    document.add_heading("Ôn tập giữa kỳ", level=1)
    unmarked(document)
    document.add_paragraph("Câu 4. (TH) Viết tên quốc hiệu nước ta.")
    document.add_paragraph("------ HẾT ------")
    document.add_paragraph("ĐÁP ÁN")
    document.add_paragraph("1.B  3.A")
    return saved(document)


STYLES: dict[str, Callable[[], bytes]] = {
    "underlined": lambda: one_option_a_line(_underline),
    "bold": lambda: one_option_a_line(_bold),
    "red": lambda: one_option_a_line(_red),
    "highlighted": lambda: one_option_a_line(_yellow),
    "letter underlined in one line": lambda: options_in_one_line(_underline),
    "letter red in one line": lambda: options_in_one_line(_red),
    "two a line": two_options_a_line,
    "in a table": options_in_a_table,
    "starred": starred,
    "key in a table": key_in_a_table,
    "key in cells": key_in_cells,
    "key in a line": key_in_a_line,
    "key with solutions": key_with_solutions,
    "numbered by Word": numbered_by_word,
}
"""Each holds ``QUESTIONS``, asked and marked in a style of its own."""
