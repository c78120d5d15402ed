"""The front page, the desk and the training record, as people see them."""

from datetime import timedelta

import pytest

from courses.catalogue import services as catalogue
from courses.enrolment import services as enrolment
from courses.enrolment.models import ContentReport
from lms.kernel import clock
from lms.kernel.db import db
from lms.people import services
from tests.conftest import NINE
from tests.factories import certificates, courses, people


def used(learner, course, lesson=0, at=NINE):
    """Let the learner open a lesson of a course they take."""
    courses.enrolled(learner, course)
    enrolment.note_opened(courses.activities(course)[lesson], learner.id, at)
    db.session.commit()


def test_a_stranger_finds_the_catalogue_the_door_and_the_check(client):
    courses.course()

    page = client.get("/")

    assert page.status_code == 200
    assert 'action="/courses"' in page.text
    assert 'href="/sign-in"' in page.text
    assert 'href="/verify"' in page.text
    assert "Công dân số" in page.text


def test_a_new_learner_is_led_to_the_catalogue(client, sign_in):
    sign_in(people.account())

    page = client.get("/").text

    assert "Bạn chưa ghi danh khóa học nào" in page
    assert "Việc cần làm" not in page


def test_the_course_used_last_comes_first(client, sign_in):
    learner = people.account()
    older, newer = courses.course("Khóa cũ"), courses.course("Khóa mới")
    used(learner, older)
    used(learner, newer, lesson=1, at=NINE + timedelta(minutes=5))
    sign_in(learner)

    page = client.get("/").text

    resumed = page[page.index('class="resume"') : page.index('class="tasks"')]
    assert "Tiếp tục: Khóa mới" in resumed
    assert f"/activities/{courses.activities(newer)[1].id}" in resumed
    assert "Khóa cũ" in page[page.index('class="tasks"') :]


def test_a_course_only_enrolled_in_is_begun_from_its_page(client, sign_in):
    learner, course = people.account(), courses.course()
    courses.enrolled(learner, course)
    sign_in(learner)

    page = client.get("/").text

    assert "Bắt đầu học" in page
    assert f'href="/courses/{course.slug}"' in page


def test_minutes_left_count_only_what_is_required_and_not_done(client, sign_in):
    learner, course = people.account(), courses.course(lessons=3)
    courses.page(course.modules[0], "Đọc thêm", required=False, minutes=60)
    courses.enrolled(learner, course)
    enrolment.mark_read(courses.activities(course)[0], learner.id, clock.now())
    db.session.commit()
    sign_in(learner)

    assert "Đã học 1 trên 3 bài bắt buộc, còn khoảng 10 phút" in client.get("/").text


def test_a_completed_course_offers_its_certificate_at_once(client, sign_in):
    completion = certificates.completion()
    sign_in(completion.enrolment.learner)

    page = client.get("/").text

    assert 'action="/certificates"' in page
    assert "Nhận giấy chứng nhận" in page


def test_a_new_certificate_is_something_to_do_for_two_weeks(client, sign_in):
    made = certificates.certificate()
    learner = made.completion.enrolment.learner
    sign_in(learner)

    page = client.get("/").text

    assert "Giấy chứng nhận đã sẵn sàng" in page
    assert f"/certificates/{made.id}.pdf" in page
    with clock.frozen(NINE + timedelta(days=14)):
        sign_in(learner)
        assert "Giấy chứng nhận đã sẵn sàng" not in client.get("/").text


def test_a_revoked_certificate_is_not_offered(client, sign_in):
    made = certificates.certificate()
    made.revoked_at = NINE
    db.session.commit()
    sign_in(made.completion.enrolment.learner)

    page = client.get("/").text

    assert f"/certificates/{made.id}.pdf" not in page
    assert "Đã thu hồi" in page


def test_nobody_sees_another_persons_day(client, sign_in):
    made = certificates.certificate()
    sign_in(people.account("Trần Thị Bình"))

    for address in ("/", "/record", "/certificates"):
        page = client.get(address).text
        assert made.number not in page
        assert made.course_title not in page


def test_an_author_sees_drafts_and_reports_of_their_courses_alone(client, sign_in):
    mine = courses.course("Bản nháp của tôi", publish=False)
    courses.course("Bản nháp của người khác", publish=False)
    author = people.account("Lê Thị Biên", author=f"course:{mine.id}")
    reader = people.account("Phạm Văn Đọc")
    enrolment.report_content(
        courses.activities(mine)[0], reader.id, "Sai số liệu.", NINE
    )
    db.session.commit()
    sign_in(author)

    page = client.get("/").text

    assert "Bản nháp của tôi" in page
    assert "Sai số liệu." in page
    assert "Phạm Văn Đọc" in page
    assert "Bản nháp của người khác" not in page


def test_an_editor_of_the_whole_site_sees_every_draft(client, sign_in):
    courses.course("Bản nháp một", publish=False)
    courses.course("Bản nháp hai", publish=False)
    sign_in(people.account("Đỗ Thị Tập", editor="site"))

    page = client.get("/").text

    assert "Bản nháp một" in page
    assert "Bản nháp hai" in page


def test_a_mended_report_leaves_the_desk(client, sign_in):
    course = courses.course()
    author = people.account("Lê Thị Biên", author=f"course:{course.id}")
    report = enrolment.report_content(
        courses.activities(course)[0], author.id, "Sai chính tả.", NINE
    )
    db.session.commit()
    sign_in(author)

    client.post(f"/content-reports/{report.id}/settled")

    assert "Sai chính tả." not in client.get("/").text
    assert db.session.get(ContentReport, report.id).settled_at == NINE


def test_only_authors_settle_reports(client, sign_in):
    course, learner = courses.course(), people.account()
    courses.enrolled(learner, course)
    report = enrolment.report_content(
        courses.activities(course)[0], learner.id, "Sai.", NINE
    )
    db.session.commit()
    sign_in(learner)

    assert client.post(f"/content-reports/{report.id}/settled").status_code == 404
    assert db.session.get(ContentReport, report.id).settled_at is None


def test_what_a_learner_reports_is_shown_as_text(client, sign_in):
    course = courses.course()
    author = people.account("Lê Thị Biên", author=f"course:{course.id}")
    words = "<img src=x onerror=alert(1)>"
    enrolment.report_content(courses.activities(course)[0], author.id, words, NINE)
    db.session.commit()
    sign_in(author)

    assert "<img src=x" not in client.get("/").text


def test_the_record_lists_courses_hours_and_certificates_by_year(client, sign_in):
    made = certificates.certificate()
    learner = made.completion.enrolment.learner
    services.give_post(learner, people.unit(), "Công chức", NINE.date())
    with clock.frozen(NINE.replace(year=2027)):
        certificates.completion(learner, courses.course("Khóa năm sau", lessons=13))
    sign_in(learner)

    page = client.get("/record").text

    assert "Năm 2026: 10 phút" in page
    assert "Năm 2027: 1 giờ 5 phút" in page
    assert "1 giờ 15 phút" in page
    assert made.number in page
    assert "Đang cấp" in page
    assert "Công chức, UBND xã Phong An" in page


def test_an_empty_record_says_what_to_do(client, sign_in):
    sign_in(people.account())

    assert "Hồ sơ còn trống" in client.get("/record").text


def test_strangers_are_led_to_the_door(client):
    for address in ("/record", "/certificates", "/account"):
        answer = client.get(address)
        assert (answer.status_code, answer.location.split("?")[0]) == (303, "/sign-in")


@pytest.mark.parametrize("address", ["/", "/record", "/certificates"])
def test_no_page_asks_more_of_the_database_as_there_is_more_to_show(
    client, sign_in, queries, address
):
    author = people.account("Lê Thị Biên", editor="site")
    seen = []
    for size in (1, 6):
        for number in range(size):
            course = courses.course(f"Khóa {size}.{number}", lessons=3)
            used(author, course)
            enrolment.report_content(
                courses.activities(course)[0], author.id, "Sai.", NINE
            )
            catalogue.withdraw(course, author.id, NINE)
            certificates.certificate(author, courses.course(f"Xong {size}.{number}"))
            certificates.completion(author, courses.course(f"Chờ {size}.{number}"))
        db.session.commit()
        sign_in(author)
        with queries() as statements:
            assert client.get(address).status_code == 200
        seen.append(len(statements))

    assert seen[0] == seen[1] <= 10
