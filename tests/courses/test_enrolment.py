"""People find a course, take it, and are told at each step how they stand."""

import html
from datetime import timedelta

import pytest

from courses.catalogue.models import Course
from courses.enrolment.models import ContentReport, CourseCompletion, Enrolment
from lms.kernel import audit, clock
from lms.kernel.db import db
from media.models import Asset, AssetState, Watch
from media.rules.files import AssetKind
from tests.conftest import NINE
from tests.factories import courses, people


def words(answer):
    return html.unescape(answer.get_data(as_text=True))


def events(act):
    return db.session.query(audit.AuditEvent).filter_by(act=act).all()


def read(client, activity):
    return client.post(f"/activities/{activity.id}/done")


@pytest.fixture
def course(app):
    return courses.course()


@pytest.fixture
def learner(course, sign_in):
    """Somebody who takes the course, signed in."""
    person = people.account()
    courses.enrolled(person, course)
    sign_in(person)
    return person


def film(owner, seconds=100.0):
    asset = Asset(
        owner_id=owner.id,
        kind=AssetKind.VIDEO,
        state=AssetState.READY,
        folder="0" * 32,
        sha256="0" * 64,
        display_name="gioi-thieu.mp4",
        content_type="video/mp4",
        size_bytes=1000,
        duration_seconds=seconds,
        created_at=clock.now(),
    )
    db.session.add(asset)
    db.session.commit()
    return asset


# Finding


def test_a_stranger_browses_the_catalogue(client, course):
    page = words(client.get("/courses"))

    assert "Định danh điện tử" in page
    assert "10 phút" in page
    assert "2 bài" in page


@pytest.mark.parametrize(
    "typed", ["dinh danh", "Định danh", "DINH  DANH", "danh dinh", "đien tu"]
)
def test_search_ignores_accents_case_and_order(client, course, typed):
    courses.course("Khám bệnh từ xa")

    page = words(client.get("/courses", query_string={"q": typed}))

    assert "Định danh điện tử" in page
    assert "Khám bệnh từ xa" not in page


@pytest.mark.parametrize("typed", ["khong co gi", "100%", "_", "'", '"><script>', "\\"])
def test_what_is_not_found_says_what_to_do_next(client, course, typed):
    page = words(client.get("/courses", query_string={"q": typed}))

    assert "Không tìm thấy khóa học nào" in page
    assert "Xem tất cả khóa học" in page


def test_filters_count_what_they_would_show(client, course):
    health = courses.catalogue.add_topic("y-te", "Y tế", 2)
    for title in ("Khám bệnh từ xa", "Khám bệnh bằng căn cước"):
        courses.course(title).topic = health
    db.session.commit()

    every = " ".join(words(client.get("/courses?q=kham")).split())
    chosen = words(client.get("/courses?q=kham&topic=y-te"))

    assert 'Y tế <span class="count">2</span>' in every
    assert 'Tất cả <span class="count">2</span>' in every
    assert "Công dân số <span" not in every
    assert "Khám bệnh từ xa" in chosen
    assert "Định danh điện tử" not in chosen


def test_a_topic_nobody_knows_finds_nothing(client, course):
    answer = client.get("/courses?topic=khong-co")

    assert answer.status_code == 200
    assert "Không tìm thấy khóa học nào" in words(answer)


@pytest.mark.parametrize("number", ["0", "-3", "x", "999999999999999999999", "2"])
def test_a_page_beyond_the_last_is_no_fault(client, course, number):
    assert client.get(f"/courses?page={number}").status_code == 200


def test_a_long_catalogue_comes_in_pages(client, app):
    for number in range(13):
        courses.course(f"Khóa số {number:02}", lessons=1)

    first, second = words(client.get("/courses")), words(client.get("/courses?page=2"))

    assert "Khóa số 12" in first
    assert "Khóa số 00" not in first
    assert "Khóa số 00" in second


def test_a_draft_is_invisible_to_all_but_its_authors(client, sign_in):
    draft = courses.course("Còn dở", publish=False)
    where = f"/courses/{draft.slug}"
    assert "Còn dở" not in words(client.get("/courses"))
    assert client.get(where).status_code == 404

    sign_in(people.account())
    assert client.get(where).status_code == 404

    sign_in(people.account(author=f"course:{draft.id}"))
    assert client.get(where).status_code == 200


def test_a_course_page_says_what_for_and_why(client):
    course = courses.course(
        outcomes=["Cài được VNeID"],
        legal_basis=["Kế hoạch 06 huyện Phong Điền"],
        audience="Cán bộ một cửa",
        description="<p>Giới <b>thiệu</b></p>",
    )

    page = words(client.get(f"/courses/{course.slug}"))

    assert "Cài được VNeID" in page
    assert "Kế hoạch 06 huyện Phong Điền" in page
    assert "Cán bộ một cửa" in page
    assert "<p>Giới <b>thiệu</b></p>" in page
    assert "Đăng nhập để ghi danh" in page


# Enrolling


def test_to_enrol_one_signs_in_first_and_comes_back(client, course):
    page = words(client.get(f"/courses/{course.slug}"))
    answer = client.post(f"/courses/{course.id}/enrolments")

    assert f"/sign-in?next=/courses/{course.slug}" in page
    assert answer.status_code == 303
    assert "/sign-in" in answer.location
    assert db.session.query(Enrolment).count() == 0


def test_enrolling_twice_is_enrolling_once(client, course, sign_in):
    sign_in(people.account())

    first = client.post(f"/courses/{course.id}/enrolments")
    second = client.post(f"/courses/{course.id}/enrolments")

    assert (first.status_code, second.status_code) == (303, 303)
    assert db.session.query(Enrolment).count() == 1
    assert len(events("enrolled")) == 1
    assert "Bắt đầu học" in words(client.get(f"/courses/{course.slug}"))


def test_a_course_given_by_the_unit_is_not_for_enrolling(client, sign_in):
    course = courses.course(is_open=False)
    sign_in(people.account())

    page = words(client.get(f"/courses/{course.slug}"))
    answer = client.post(f"/courses/{course.id}/enrolments")

    assert "Ghi danh học" not in page
    assert answer.status_code == 409
    assert "chưa mở để tự ghi danh" in words(answer)
    assert db.session.query(Enrolment).count() == 0


def test_nobody_enrols_in_a_draft(client, sign_in):
    draft = courses.course(publish=False)
    sign_in(people.account())

    answer = client.post(f"/courses/{draft.id}/enrolments")

    assert answer.status_code == 409
    assert "chưa được công bố" in words(answer)


def test_who_takes_a_course_keeps_it_when_it_is_withdrawn(client, course, learner):
    courses.catalogue.withdraw(course, learner.id, clock.now())
    db.session.commit()

    assert client.get(f"/courses/{course.slug}").status_code == 200
    assert client.get(courses.activities(course)[0].url).status_code == 200


# Learning


def test_lessons_are_for_those_who_take_the_course(client, course, sign_in):
    where = courses.activities(course)[0].url
    assert "/sign-in" in client.get(where).location

    sign_in(people.account())
    assert client.get(where).status_code == 404


def test_a_lesson_shows_its_matter_and_the_way_on(client, course, learner):
    one, two = courses.activities(course)

    page = words(client.get(one.url))

    assert "<p>Nội dung.</p>" in page
    assert "Đã học xong" in page
    assert "1/2" in page
    assert f'href="{two.url}"' in page


def test_reading_counts_when_the_learner_says_so(client, course, learner):
    one, two = courses.activities(course)
    client.get(one.url)
    assert "Đã học 0 trên 2 bài" in words(client.get(f"/courses/{course.slug}"))

    answer = read(client, one)

    page = words(client.get(f"/courses/{course.slug}"))
    assert answer.location.endswith(two.url)
    assert "Đã học 1 trên 2 bài bắt buộc, còn khoảng 5 phút" in page
    assert "Đang học 50 %" in words(client.get("/courses"))


def test_the_last_lesson_leads_back_to_the_course(client, course, learner):
    answer = read(client, courses.activities(course)[1])

    assert answer.location.endswith(f"/courses/{course.slug}")


def test_where_i_stopped_is_known_on_any_device(client, course, learner):
    two = courses.activities(course)[1]

    answer = client.post(f"/activities/{two.id}/opened")

    page = words(client.get(f"/courses/{course.slug}"))
    assert answer.status_code == 204
    assert f'href="{two.url}"' in page
    assert "Học tiếp" in page


def test_completion_is_written_once_and_audited(client, course, learner):
    one, two = courses.activities(course)
    for activity in (one, two, two, one):
        read(client, activity)

    completion = db.session.query(CourseCompletion).one()
    event = events("course-completed")[0]
    assert completion.completed_at == NINE
    assert completion.minutes == 10
    assert completion.basis == [f"activity:{one.id}", f"activity:{two.id}"]
    assert len(events("course-completed")) == 1
    assert event.actor_id == learner.id
    assert event.detail["basis"] == completion.basis
    assert audit.first_break() is None
    assert "Đã hoàn thành ngày 05/09/2026" in words(
        client.get(f"/courses/{course.slug}")
    )
    assert "Đã hoàn thành" in words(client.get("/courses"))


def test_a_lesson_added_later_takes_no_completion_back(client, course, learner):
    for activity in courses.activities(course):
        read(client, activity)
    courses.page(db.session.get(Course, course.id).modules[0], "Bài thêm sau")

    page = words(client.get(f"/courses/{course.slug}"))

    assert "Đã hoàn thành ngày 05/09/2026" in page
    assert db.session.query(CourseCompletion).count() == 1


def test_what_is_not_required_is_not_asked_for(client, sign_in):
    course = courses.course(lessons=1)
    courses.page(course.modules[0], "Đọc thêm", required=False)
    person = people.account()
    courses.enrolled(person, course)
    sign_in(person)

    read(client, courses.activities(course)[0])

    assert db.session.query(CourseCompletion).count() == 1
    assert "không bắt buộc" in words(client.get(f"/courses/{course.slug}"))


@pytest.fixture
def locked(course, learner):
    """The second lesson, which waits for the first one."""
    one, two = courses.activities(course)
    courses.catalogue.set_prerequisites(two, [one.id])
    db.session.commit()
    return two


def test_a_locked_lesson_says_what_it_waits_for(client, course, locked):
    page = words(client.get(locked.url))
    overview = words(client.get(f"/courses/{course.slug}"))

    assert "Bài này chưa mở" in page
    assert f'href="{courses.activities(course)[0].url}"' in page
    assert "<p>Nội dung.</p>" not in page
    assert 'aria-label="Chưa mở"' in overview


def test_a_locked_lesson_cannot_be_marked_nor_opened(client, course, locked):
    done = read(client, locked)
    client.post(f"/activities/{locked.id}/opened")

    enrolment = db.session.query(Enrolment).one()
    assert done.status_code == 409
    assert "Bài này chưa mở" in words(done)
    assert enrolment.last_activity_id is None


def test_the_key_opens_the_lock(client, course, locked):
    read(client, courses.activities(course)[0])

    assert "<p>Nội dung.</p>" in words(client.get(locked.url))


# Watching


@pytest.fixture
def video(course, learner):
    content = {"asset_id": film(learner).id, "html": "<p>Lời bình.</p>"}
    return courses.activity(course, "video", "Xem phim", content=content)


def ping(client, video, played, **given):
    body = {"played": played, "position": 0, "rate": 1} | given
    return client.post(f"/activities/{video.id}/watched", json=body)


def test_a_video_has_its_words_beside_it(client, video):
    page = words(client.get(video.url))

    assert "Bản chữ" in page
    assert "<p>Lời bình.</p>" in page
    assert "Xem ít nhất 90 % thời lượng" in page


def test_watching_is_believed_as_far_as_the_clock_allows(client, video):
    first = ping(client, video, [[0, 100]])

    assert first.json["percent"] == 4
    assert "Mới đạt 4 %" in words(client.get(video.url))


def test_a_video_watched_to_the_end_is_done(client, video, course):
    ping(client, video, [[0, 1]])
    with clock.frozen(NINE + timedelta(seconds=100)):
        whole = ping(client, video, [[1, 100]], position=100)

    assert whole.json["percent"] == 100
    assert "Đã hoàn thành" in words(client.get(video.url))


def test_a_video_is_not_done_by_saying_so(client, video):
    answer = read(client, video)

    assert answer.status_code == 409
    assert "không bấm hoàn thành được" in words(answer)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("null", 400),
        ([], 400),
        ({}, 409),
        ({"played": "x", "position": 0, "rate": 1}, 409),
        ({"played": [[5, 1]], "position": 0, "rate": 1}, 409),
        ({"played": [[0, 1]], "position": -1, "rate": 1}, 409),
        ({"played": [[0, 1]], "position": 0, "rate": 0}, 409),
    ],
)
def test_a_report_that_makes_no_sense_is_refused(client, video, body, status):
    answer = client.post(f"/activities/{video.id}/watched", json=body)

    assert answer.status_code == status
    assert answer.json["error"]
    assert db.session.query(Watch).count() == 0


def test_nothing_is_watched_where_there_is_no_video(client, course, learner):
    answer = ping(client, courses.activities(course)[0], [[0, 1]])

    assert answer.status_code == 400


# Reporting a mistake


def test_a_mistake_is_reported_to_the_authors(client, course, learner):
    one = courses.activities(course)[0]

    answer = client.post(
        f"/activities/{one.id}/reports", data={"words": "Sai số quyết định."}
    )

    report = db.session.query(ContentReport).one()
    assert answer.status_code == 303
    assert report.words == "Sai số quyết định."
    assert "Đã gửi báo lỗi" in words(client.get(one.url))
    assert events("content-reported")[0].detail == {}


def test_an_empty_report_is_not_sent(client, course, learner):
    one = courses.activities(course)[0]

    client.post(f"/activities/{one.id}/reports", data={"words": "  "})

    assert db.session.query(ContentReport).count() == 0
    assert "Hãy viết rõ lỗi bạn thấy" in words(client.get(one.url))
