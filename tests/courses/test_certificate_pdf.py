"""The paper itself: what can be read on it, and what it cannot be made to do."""

import io
from datetime import UTC, date, datetime

import pypdf
import pytest

from courses.certificates import pdf
from courses.certificates.models import Certificate

ADDRESS = "https://hoc.phongdien.example/verify/ABCDEFGH2345"
LONGEST_NAME = ("Công Tằng Tôn Nữ Nguyễn Thị Huỳnh Hoàng " * 3)[:120].strip()
LONGEST_TITLE = ("Ứng dụng dữ liệu dân cư phục vụ thủ tục hành chính " * 4)[
    :200
].strip()


def paper(**given):
    return Certificate(
        **{
            "number": "0001/2026/PĐ-ĐA06",
            "code": "ABCDEFGH2345",
            "holder_name": "Nguyễn Thị Ngọc Ánh",
            "course_title": "Đề án 06: 28 mô hình tại huyện Phong Điền",
            "minutes": 225,
            "result_percent": 88,
            "issuer_name": "Tổ công tác thực hiện Đề án 06 huyện Phong Điền",
            "issuer_place": "Phong Điền",
            "completed_on": date(2026, 9, 4),
            "issued_on": date(2026, 9, 5),
            "issued_at": datetime(2026, 9, 5, 9, tzinfo=UTC),
        }
        | given
    )


def read(certificate):
    reader = pypdf.PdfReader(io.BytesIO(pdf.render(certificate, ADDRESS)))
    assert len(reader.pages) == 1
    return " ".join(reader.pages[0].extract_text().split())


def test_the_paper_says_whose_it_is_and_how_to_verify_it():
    words = read(paper())

    for said in (
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "TỔ CÔNG TÁC THỰC HIỆN ĐỀ ÁN 06 HUYỆN PHONG ĐIỀN",
        "Số: 0001/2026/PĐ-ĐA06",
        "GIẤY CHỨNG NHẬN",
        "Nguyễn Thị Ngọc Ánh",
        "Đề án 06: 28 mô hình tại huyện Phong Điền",
        "Thời lượng: 3 giờ 45 phút",
        "Kết quả: Giỏi",
        "Hoàn thành ngày 04 tháng 9 năm 2026",
        "Phong Điền, ngày 05 tháng 9 năm 2026",
        "ABCD-EFGH-2345",
        "https://hoc.phongdien.example/verify",
    ):
        assert said in words


def test_the_paper_claims_no_signature_that_is_not_there():
    words = read(paper()).lower()

    assert "chưa có chữ ký số" in words
    assert "đã ký" not in words
    assert "chứng chỉ" not in words


@pytest.mark.parametrize(
    ("minutes", "words"),
    [(45, "45 phút"), (60, "1 giờ ·"), (0, "0 phút"), (61, "1 giờ 1 phút")],
)
def test_time_is_said_in_hours_and_minutes(minutes, words):
    assert f"Thời lượng: {words}" in read(paper(minutes=minutes))


def test_the_longest_name_and_title_stay_on_one_page():
    words = read(paper(holder_name=LONGEST_NAME, course_title=LONGEST_TITLE))

    assert LONGEST_NAME in words
    assert LONGEST_TITLE in words


@pytest.mark.parametrize(
    "hostile",
    [
        '#panic("no")',
        '#read("/etc/passwd")',
        '#import "@preview/cetz:0.3.0"',
        "$x$ *đậm* _nghiêng_ `mã` \\ [a] <b> // {c}",
        '"}); #sys.inputs',
    ],
)
def test_what_people_write_is_never_read_as_typst(hostile):
    words = read(paper(holder_name=hostile, course_title=hostile))

    assert words.count(hostile) == 2


def test_the_same_certificate_gives_the_same_bytes():
    assert pdf.render(paper(), ADDRESS) == pdf.render(paper(), ADDRESS)


def test_the_paper_can_be_archived_and_read_aloud():
    reader = pypdf.PdfReader(io.BytesIO(pdf.render(paper(), ADDRESS)))

    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "vi"
    assert b"pdfaid:part" in root["/Metadata"].get_object().get_data()
    assert reader.metadata.title == "Giấy chứng nhận số 0001/2026/PĐ-ĐA06"
    fonts = reader.pages[0]["/Resources"]["/Font"].values()
    assert all("BeVietnamPro" in font["/BaseFont"] for font in fonts)
