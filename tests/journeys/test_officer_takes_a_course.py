"""The main job: an officer takes a course and holds a certificate anybody can check."""

import re
import time

from playwright.sync_api import Page, expect

from courses.quizzes.services import quizzes as quiz_services
from lms.kernel import clock
from lms.kernel.db import db
from media import services as media
from media.models import Asset, AssetState
from media.rules.files import AssetKind
from tests.factories import courses, people, quizzes
from tests.media import samples

TITLE = "Định danh điện tử cho cán bộ một cửa"
SECONDS = 4
LONGEST_CONVERSION_SECONDS = 60


def a_course_with_a_film(site) -> int:
    """Publish a short course of a page, a film and a quiz; return the film's number."""
    with site.inside():
        people.officer("an.nv", full_name="Nguyễn Văn An")
        course = courses.course(TITLE, lessons=1, publish=False)
        author = people.account("Lê Thị Biên Soạn", author=f"course:{course.id}")
        film = samples.asset(
            author,
            samples.clip(SECONDS, "320x180"),
            "gioi-thieu.mp4",
            kind=AssetKind.VIDEO,
        )
        media.add_caption(film, samples.BytesIO(samples.VTT), "vi", "Tiếng Việt")
        content = {"asset_id": film.id, "html": "<p>Xin chào các anh, các chị.</p>"}
        courses.activity(course, "video", "Xem phim giới thiệu", content=content)
        quiz = quizzes.quiz(course=course, pass_mark=75)
        quiz_services.set_up(quiz.activity, instructions="<p>Đọc kỹ từng câu.</p>")
        courses.catalogue.publish(course, (), author.id, clock.now())
        return film.id


def wait_for_the_film(site, film_id: int) -> None:
    """Wait until the job has converted the film."""
    until = time.monotonic() + LONGEST_CONVERSION_SECONDS
    while time.monotonic() < until:
        with site.app.app_context():
            film = db.session.get(Asset, film_id)
            assert film.state is not AssetState.FAILED, film.problem
            if film.state is AssetState.READY:
                assert film.stream_path
                return
        time.sleep(0.2)
    raise AssertionError("the film was not converted in time")


def test_an_officer_takes_a_course(site, visit, ear):
    # The last thing tried is a code that nobody was given.
    ear.expected.append("404 (NOT FOUND)")
    film_id = a_course_with_a_film(site)
    page = visit(site, width=390)

    browse_and_enrol(page)
    read(page)
    wait_for_the_film(site, film_id)
    watch(page)
    fail_then_pass(page)
    paper = take_the_certificate(page)
    check_the_paper(visit(site, width=1280), paper)


def browse_and_enrol(page: Page) -> None:
    page.goto("/")
    page.get_by_role("searchbox").fill("dinh danh dien tu")
    page.get_by_role("searchbox").press("Enter")
    page.get_by_role("link", name=TITLE).click()
    page.get_by_role("link", name="Đăng nhập để ghi danh").click()
    page.get_by_label("Tên đăng nhập").fill("an.nv")
    page.get_by_label("Mật khẩu").fill(people.PASSWORD)
    page.locator("main").get_by_role("button", name="Đăng nhập").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLE)
    page.get_by_role("button", name="Ghi danh học").click()
    expect(page.get_by_text("Bạn đã ghi danh.")).to_be_visible()
    page.get_by_role("link", name="Bắt đầu học").click()


def read(page: Page) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text("Bài 1")
    page.get_by_role("button", name="Đã học xong").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Xem phim giới thiệu")


def watch(page: Page) -> None:
    page.reload()
    video = page.locator("video")
    page.locator("media-play-button").click()
    expect(page.locator("[data-player-watched]")).to_have_text(
        "Đã xem hết video.", timeout=30_000
    )
    assert video.evaluate("v => v.textTracks.length") >= 1
    assert video.evaluate("v => v.currentTime") > SECONDS / 2
    page.reload()
    expect(page.locator("#standing")).to_contain_text("Đã hoàn thành")
    page.get_by_role("link", name="Bài sau").click()


def fail_then_pass(page: Page) -> None:
    expect(page.get_by_text("Đọc kỹ từng câu.")).to_be_visible()
    page.get_by_role("button", name="Bắt đầu làm bài").click()
    answer(page, single="9", short="Zalo")
    expect(page.get_by_text("Chưa đạt").first).to_be_visible()
    page.get_by_role("link", name="Làm lại").click()
    page.get_by_role("button", name="Làm lại").click()
    answer(page, single="12", short="vneid")
    expect(page.locator(".result-score")).to_have_text("100 %")
    page.get_by_role("link", name="Về khóa học").click()


def answer(page: Page, *, single: str, short: str) -> None:
    page.get_by_role("group", name=re.compile("mấy chữ số")).get_by_label(
        single, exact=True
    ).check()
    vneid = page.get_by_role("group", name=re.compile("Việc nào làm được"))
    vneid.get_by_label("Thông báo lưu trú").check()
    vneid.get_by_label("Tố giác tội phạm").check()
    level = page.get_by_role("group", name=re.compile("Mức 02"))
    level.get_by_label("Đúng", exact=True).check()
    page.get_by_label("Câu trả lời của bạn").fill(short)
    expect(page.locator("[data-save-state]")).to_have_text(
        re.compile(r"Đã lưu \d\d:\d\d:\d\d")
    )
    page.get_by_role("button", name="Lưu và xem lại trước khi nộp").click()
    expect(page.get_by_text("Bạn đã làm đủ 4 câu.")).to_be_visible()
    page.get_by_role("button", name="Nộp bài").click()


def take_the_certificate(page: Page) -> str:
    """Return the address at which strangers check it."""
    expect(page.get_by_text("Đã hoàn thành ngày").first).to_be_visible()
    page.get_by_role("link", name="Xem giấy chứng nhận").click()
    now = page.get_by_role("button", name="Nhận giấy chứng nhận")
    if now.count():
        now.click()
    pdf = page.get_by_role("link", name=re.compile("Mở bản PDF"))
    fetched = page.request.get(pdf.get_attribute("href"))
    assert fetched.body().startswith(b"%PDF")
    return page.get_by_role("link", name=re.compile("Trang tra cứu")).get_attribute(
        "href"
    )


def check_the_paper(stranger: Page, address: str) -> None:
    stranger.goto(address)
    expect(stranger.get_by_role("heading", level=1)).to_have_text(
        re.compile("hiệu lực", re.IGNORECASE)
    )
    expect(stranger.locator(".certificate-paper")).to_contain_text("Nguyễn Văn An")
    expect(stranger.locator(".certificate-paper")).to_contain_text(TITLE)
    stranger.goto("/verify")
    stranger.get_by_label("Mã tra cứu").fill("ABCD-EFGH-2345")
    stranger.get_by_role("button", name="Tra cứu").click()
    expect(stranger.get_by_role("heading", level=1)).to_contain_text("Mã gõ chưa đúng")
