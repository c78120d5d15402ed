"""A teacher brings a Word paper in, sees it as learners will, mends two questions."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from courses.items.models import Item
from courses.items.services.items import bank_of_course
from lms.kernel.db import db
from tests.courses import word_papers
from tests.factories import courses, people

PHONE, DESK = 390, 1280


@pytest.fixture
def teacher(site):
    """An author of a course, with a paper in hand."""
    with site.inside():
        course = courses.course("Ôn tập kiến thức chung")
        author = people.account("Lê Thị Biên", author=f"course:{course.id}")
        return author.id, course.id


@pytest.fixture
def paper(tmp_path):
    file = tmp_path / "Đề ôn tập.docx"
    file.write_bytes(word_papers.with_two_to_mend())
    return file


def test_a_teacher_brings_a_word_file_in(site, visit, teacher, paper):
    author, course = teacher
    page = visit(site, author, PHONE)

    page.goto(f"/authoring/courses/{course}")
    page.get_by_role("link", name="Nhập câu hỏi").click()
    pictured(page, "import-file")
    page.get_by_label("Tệp câu hỏi").set_input_files(paper)
    page.get_by_role("button", name="Đọc tệp").click()
    expect(page.get_by_role("heading", name="Đề ôn tập.docx")).to_be_visible()
    expect(page.get_by_label("Nguyễn Du")).to_be_visible()
    pictured(page, "import-preview")

    page.get_by_role("link", name="Xem các câu này").click()
    mend_choice(page)
    mend_short_answer(page)
    page.get_by_role("button", name="Đưa 4 câu vào ngân hàng").click()

    expect(page.get_by_text("4 câu mới")).to_be_visible()
    pictured(page, "import-kept")
    assert kinds_in_bank(site, course) == {
        "Câu 1": "single_choice",
        "Câu 2": "single_choice",
        "Câu 3": "single_choice",
        "Câu 4": "short_answer",
    }


def mend_choice(page: Page) -> None:
    """The paper forgot which option is right."""
    page.get_by_role("link", name="Sửa Câu 2").click()
    page.get_by_text("Phương án 3 đúng").click()
    pictured(page, "import-mend")
    page.get_by_role("button", name="Lưu câu hỏi").click()
    expect(page.get_by_text("Đã sửa câu này.")).to_be_visible()


def mend_short_answer(page: Page) -> None:
    """The paper has a question without options: it wants a few words."""
    page.get_by_role("link", name="Sửa Câu 4").click()
    page.get_by_text("Đổi loại câu hỏi").click()
    page.get_by_role("link", name="Trả lời ngắn").click()
    page.get_by_label("Câu trả lời được chấp nhận").fill(
        "Cộng hòa xã hội chủ nghĩa Việt Nam"
    )
    page.get_by_role("button", name="Lưu câu hỏi").click()
    expect(page.get_by_text("Đã sửa câu này.")).to_be_visible()


def kinds_in_bank(site, course: int) -> dict[str, str]:
    with site.inside():
        bank = bank_of_course(course)
        items = db.session.scalars(db.select(Item).filter_by(bank_id=bank.id))
        return {item.name: item.kind for item in items}


def pictured(page: Page, name: str) -> None:
    """Keep pictures of the page on a phone and on a desk, where they are asked for."""
    folder = os.environ.get("LMS_TEST_SCREENSHOTS")
    if not folder:
        return
    for width in (DESK, PHONE):
        page.set_viewport_size({"width": width, "height": 844})
        page.screenshot(path=Path(folder) / f"{name}-{width}.png", full_page=True)
