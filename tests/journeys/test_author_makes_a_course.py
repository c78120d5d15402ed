"""An author makes a course with every type of activity, and publishes it."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from courses.catalogue import services as catalogue
from tests.factories import people
from tests.media import samples

KINDS = {
    "page": "Bài đọc",
    "video": "Video",
    "file": "Tệp tải về",
    "link": "Liên kết",
    "quiz": "Bài kiểm tra",
}
TITLE = "Chữ ký số cho cán bộ xã"


@pytest.fixture
def editor(site):
    with site.inside():
        catalogue.add_topic("chu-ky-so", "Chữ ký số", 5)
        return people.account("Phan Văn Biên Tập", editor="site").id


def test_an_author_makes_a_course(site, visit, ear, editor):
    # A false file and a false address are tried, and refused.
    ear.expected += ["409 (CONFLICT)", "422 (UNPROCESSABLE ENTITY)"]
    page = visit(site, editor)

    create(page)
    outline = page.url
    for kind in KINDS:
        add(page, kind)
        FILL[kind](page)
        page.goto(outline)
    reorder_by_keyboard(page)
    publish(page)
    preview(page)


def save(page: Page, label: str = "Lưu") -> None:
    page.get_by_role("button", name=label, exact=True).click()


def create(page: Page) -> None:
    page.goto("/")
    page.get_by_role("navigation", name="Mục chính", exact=True).get_by_role(
        "link", name="Soạn khóa học"
    ).click()
    page.get_by_role("link", name="Tạo khóa học").first.click()
    page.get_by_label("Tên khóa học").fill(TITLE)
    page.get_by_label("Chủ đề").select_option(label="Chữ ký số")
    page.get_by_role("button", name="Tạo bản nháp").click()
    page.get_by_label("Tên chương").fill("Chương 1: Bắt đầu")
    page.get_by_role("button", name="Thêm chương").click()
    expect(page.get_by_role("heading", name="Chương 1: Bắt đầu")).to_be_visible()
    expect(page.get_by_text("Cần sửa trước khi công bố")).to_be_visible()


def add(page: Page, kind: str) -> None:
    page.locator("summary", has_text="Thêm bài").click()
    page.get_by_label("Tên bài").fill(f"Bài {kind}")
    page.locator("label").get_by_text(KINDS[kind], exact=True).click()
    page.get_by_role("button", name="Thêm bài").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Bài {kind}")


def editor_called(page: Page, name: str) -> Locator:
    """Return the rich editor that has taken the place of a plain field."""
    return page.locator(".editor-content").and_(page.get_by_role("textbox", name=name))


def write_a_page(page: Page) -> None:
    text = editor_called(page, "Nội dung bài đọc")
    text.click()
    page.keyboard.type("Chữ ký số ")
    page.get_by_role("button", name="Đậm").click()
    page.keyboard.type("là gì")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Danh sách chấm").click()
    page.keyboard.type("Một ý")
    page.get_by_role("button", name="Công thức").click()
    formula = page.get_by_role("dialog")
    formula.locator("textarea").fill(r"\frac{a}{b}")
    formula.get_by_role("button", name="Chèn").click()
    page.get_by_role("button", name="Hình ảnh").click()
    picture = page.get_by_role("dialog")
    png = samples.picture(size=(64, 48))
    file = {"name": "hinh.png", "mimeType": "image/png", "buffer": png}
    picture.locator("input[type=file]").set_input_files(file)
    picture.get_by_label(re.compile("Mô tả hình")).fill("Hình minh họa")
    picture.get_by_role("button", name="Chèn").click()
    expect(text.get_by_role("img", name="Hình minh họa")).to_be_visible()
    page.get_by_label("Thời lượng (phút)").fill("7")
    save(page)
    expect(page.get_by_text("Đã lưu bài.")).to_be_visible()
    expect(text.locator("strong")).to_have_text("là gì")
    expect(text.get_by_role("img", name="Hình minh họa")).to_be_visible()


def send_a_film(page: Page) -> None:
    film = {
        "name": "phim.mp4",
        "mimeType": "video/mp4",
        "buffer": samples.clip(2, "320x180"),
    }
    page.locator("[data-upload-file]").set_input_files(film)
    expect(page.locator("[data-upload-words]")).to_contain_text("phim.mp4")
    expect(page.locator("[data-upload-progress]")).to_be_visible()
    save(page)
    expect(page.get_by_text("Đã lưu bài.")).to_be_visible()
    expect(page.locator("[data-upload-words]")).to_contain_text("phim.mp4")


def send_a_file(page: Page) -> None:
    upload = page.locator("[data-upload-file]")
    wrong = {"name": "a.pdf", "mimeType": "application/pdf", "buffer": b"MZ\x90"}
    upload.set_input_files(wrong)
    expect(page.get_by_role("alert").first).to_contain_text("không đúng")
    right = {
        "name": "mẫu đơn.pdf",
        "mimeType": "application/pdf",
        "buffer": samples.PDF,
    }
    upload.set_input_files(right)
    expect(page.locator("[data-upload-words]")).to_contain_text("mẫu đơn.pdf")
    page.get_by_label("Tệp này dùng để làm gì").fill("Điền rồi nộp.")
    save(page)
    expect(page.get_by_text("Đã lưu bài.")).to_be_visible()


def write_a_link(page: Page) -> None:
    page.get_by_label("Địa chỉ trang").fill("dichvucong.gov.vn")
    save(page)
    expect(page.get_by_role("alert")).to_contain_text("Địa chỉ phải bắt đầu bằng")
    page.get_by_label("Địa chỉ trang").fill("https://dichvucong.gov.vn/")
    save(page)
    expect(page.get_by_text("Đã lưu bài.")).to_be_visible()


def write_a_quiz(page: Page) -> None:
    page.get_by_role("link", name="Soạn câu hỏi").click()
    page.get_by_role("link", name=re.compile("Một lựa chọn")).click()
    editor_called(page, "Câu hỏi").click()
    page.keyboard.type("Chữ ký số dùng để làm gì?")
    page.get_by_label("Nội dung phương án 1", exact=True).fill("Ký văn bản điện tử")
    page.get_by_label("Nội dung phương án 2", exact=True).fill("Đóng dấu giấy")
    page.locator("label").get_by_text("Phương án 1 đúng", exact=True).click()
    save(page, "Lưu câu hỏi")
    expect(page.get_by_text("Đã thêm câu hỏi.")).to_be_visible()
    page.get_by_label("Mức đạt (%)").fill("100")
    save(page, "Lưu cách làm bài")
    expect(page.get_by_text("Đã lưu cách làm bài kiểm tra.")).to_be_visible()


FILL = {
    "page": write_a_page,
    "video": send_a_film,
    "file": send_a_file,
    "link": write_a_link,
    "quiz": write_a_quiz,
}


def order(page: Page) -> list[str]:
    return page.locator(".author-item .author-name a").all_inner_texts()


def reorder_by_keyboard(page: Page) -> None:
    assert order(page) == [f"Bài {kind}" for kind in KINDS]
    up = page.get_by_role("button", name="Lên: Bài link")
    up.focus()
    with page.expect_response(re.compile("/order$")) as saved:
        page.keyboard.press("Enter")
    assert saved.value.ok
    expect(up).to_be_focused()

    page.reload()

    moved = ["Bài page", "Bài video", "Bài link", "Bài file", "Bài quiz"]
    assert order(page) == moved


def publish(page: Page) -> None:
    expect(page.get_by_text("Cần sửa trước khi công bố")).to_have_count(0)
    page.get_by_role("button", name="Công bố khóa học").click()
    expect(page.get_by_text("Khóa học đã công bố")).to_be_visible()


def preview(page: Page) -> None:
    page.get_by_role("link", name="Xem như học viên").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLE)
    page.get_by_role("link", name=re.compile("Bài page")).click()
    matter = page.locator(".prose")
    expect(matter.locator("strong")).to_have_text("là gì")
    expect(matter.locator(".katex")).to_be_visible()
    assert matter.locator("img").evaluate("i => i.complete && i.naturalWidth > 0")
    expect(page.get_by_text("Xem trước: không ghi tiến độ")).to_be_visible()
    for _step in range(4):
        page.get_by_role("link", name="Bài sau").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Bài quiz")
