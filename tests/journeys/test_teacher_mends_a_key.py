"""A teacher builds a blueprint quiz; later a wrong key is found and mended by two."""

import pytest
from playwright.sync_api import Page, expect

from courses.quizzes.models.attempts import Attempt
from courses.quizzes.models.quizzes import Quiz
from lms.kernel.db import db
from tests.factories import courses, people, quizzes
from tests.factories.papers import EASY, HARD, choice, classroom, stocked

ANSWER = "fieldset.quiz-item input[type=radio]"
CLASS = ["cbb"] * 5 + ["abb", "bac", "baa", "aca", "aac", "caa"]


@pytest.fixture
def school(site):
    """A course with a quiz that a class has taken, and one that nobody has built."""
    with site.inside():
        course = courses.course("Toán 10", lessons=1)
        taken = quizzes.quiz(
            choice(1), choice(2), choice(3), course=course, pass_mark=60
        )
        empty = courses.activity(course, "quiz", "Giữa kì I")
        stocked(course.id, "Tập hợp", EASY, 6)
        stocked(course.id, "Hàm số/Bậc hai", HARD, 4)
        classroom(taken, CLASS)
        scope = f"course:{course.id}"
        return {
            "taken": taken.id,
            "activity": taken.activity_id,
            "empty": empty.id,
            "teacher": people.account("Trần Thị Soạn", author=scope).id,
            "second": people.account("Lê Văn Duyệt", editor=scope).id,
        }


def test_a_teacher_builds_a_blueprint_quiz_and_previews_it(site, visit, school):
    page = visit(site, school["teacher"])
    page.goto(f"/activities/{school['empty']}/quiz/edit")
    page.get_by_role("button", name="Lưu cách làm bài").click()
    page.get_by_role("link", name="Ra đề theo ma trận").click()

    row(page, 1, "Tập hợp", "Nhận biết", "4")
    row(page, 2, "Hàm số", "Vận dụng cao", "6")
    page.get_by_role("button", name="Lưu và kiểm tra kho").click()
    expect(
        page.get_by_text("Ô “Hàm số · Vận dụng cao” cần 6 câu, kho có 4: thiếu 2 câu.")
    ).to_be_visible()

    page.get_by_label("Số câu, dòng 2").fill("3")
    page.get_by_role("button", name="Lưu và kiểm tra kho").click()
    expect(page.get_by_text("Kho đủ câu cho mọi ô của ma trận.")).to_be_visible()
    page.get_by_label("Số mã đề").fill("4")
    page.get_by_role("button", name="Tạo mã đề").click()
    expect(page.get_by_role("link", name="Mã đề 104")).to_be_visible()
    expect(page.locator(".key-table tbody tr")).to_have_count(7)

    page.get_by_role("link", name="Xem như học viên").click()
    expect(page.locator("fieldset.quiz-item")).to_have_count(7)


def row(page: Page, number: int, topic: str, level: str, count: str) -> None:
    page.get_by_label(f"Chủ đề, dòng {number}").select_option(label=topic)
    page.get_by_label(f"Mức độ, dòng {number}").select_option(label=level)
    page.get_by_label(f"Số câu, dòng {number}").fill(count)


def test_a_wrong_key_is_found_and_mended_by_two(site, visit, school):
    teacher = visit(site, school["teacher"])
    teacher.goto(f"/activities/{school['activity']}/quiz/edit")
    teacher.get_by_role("link", name="Phân tích câu hỏi").click()
    expect(
        teacher.get_by_text("được người giỏi chọn: xem lại đáp án").first
    ).to_be_visible()

    report = teacher.locator("#item-1")
    report.get_by_role("link", name="Sửa câu hỏi, đáp án").click()
    teacher.get_by_text("Phương án 3 đúng").click()
    teacher.get_by_role("button", name="Lưu câu hỏi").click()
    teacher.get_by_role("link", name="Phân tích câu hỏi").click()
    teacher.locator("#item-1").get_by_role("link", name="Đáp án sai").click()
    teacher.get_by_label("Lý do").fill("Đáp án đúng là phương án C.")
    teacher.get_by_role("button", name="Lập danh sách và gửi đề nghị").click()
    expect(teacher.get_by_text("nên cần một người khác duyệt")).to_be_visible()

    second = visit(site, school["second"])
    second.goto(teacher.url)
    second.locator("summary", has_text="Duyệt và áp dụng").click()
    second.get_by_role("button", name="Duyệt và áp dụng").click()
    expect(second.get_by_text("Đã áp dụng", exact=True)).to_be_visible()

    with site.inside():
        quiz = db.session.get(Quiz, school["taken"])
        marks = [
            one.points for one in db.session.query(Attempt).filter_by(quiz_id=quiz.id)
        ]
        right = [sum(p == k for p, k in zip(s, "cbb", strict=True)) for s in CLASS]
        assert sorted(marks) == sorted(map(str, right))


def test_a_second_window_shows_and_takes_over(site, visit, ear, school):
    # The second window is told no when it asks, the first when it goes on.
    ear.expected += ["409 (CONFLICT)"]
    with site.inside():
        quiz = db.session.get(Quiz, school["taken"])
        learner = people.account("Phạm Hai Cửa")
        courses.enrolled(learner, quiz.activity.course)
        learner_id = learner.id
    first = visit(site, learner_id)
    first.goto(f"/activities/{school['activity']}/quiz")
    first.get_by_role("button", name="Bắt đầu làm bài").click()
    first.get_by_text("Phương án a1").click()
    expect(first.locator("[data-save-state]")).to_have_attribute("data-state", "saved")

    other = first.context.new_page()
    other.goto(first.url)
    expect(other.get_by_text("đang được làm ở một cửa sổ khác")).to_be_visible()
    expect(other.locator(ANSWER).first).to_be_disabled()
    other.get_by_role("button", name="Làm tiếp ở đây").click()
    expect(other.locator(ANSWER).first).to_be_enabled()
    other.get_by_text("Phương án b1").click()
    expect(other.locator("[data-save-state]")).to_have_attribute("data-state", "saved")

    first.get_by_text("Phương án c1").click()
    expect(
        first.get_by_text("Bạn đã chuyển sang làm ở một cửa sổ khác")
    ).to_be_visible()
    with site.inside():
        attempt = db.session.query(Attempt).filter_by(learner_id=learner_id).one()
        assert attempt.places[0].value == "b"
