"""Authors put courses together and publish them; what is wrong is refused in words."""

import html

import pytest

from courses.catalogue.models import Activity, Course, Module
from courses.catalogue.rules import CourseState
from lms.kernel import audit
from lms.kernel.db import db
from tests.factories import courses, people


def words(answer):
    return html.unescape(answer.get_data(as_text=True))


def titles(course):
    db.session.expire_all()
    return [
        [a.title for a in m.activities] for m in db.session.get(Course, course).modules
    ]


@pytest.fixture
def draft(app):
    return courses.course("Thanh toán không tiền mặt", publish=False)


@pytest.fixture
def author(draft, sign_in):
    """The author of the draft and of nothing else, signed in."""
    person = people.account("Lê Thị Biên Soạn", author=f"course:{draft.id}")
    sign_in(person)
    return person


@pytest.fixture
def editor(sign_in):
    person = people.account("Phan Văn Biên Tập", editor="site")
    sign_in(person)
    return person


def activity_form(**given):
    return {"title": "Bài 1", "minutes": "5", "required": "y"} | given


def test_an_author_makes_a_course_from_nothing(client, sign_in):
    topic = courses.course().topic_id
    sign_in(people.account("Lê Thị Biên Soạn", author="site"))

    new = client.post(
        "/authoring/courses", data={"title": "Hộ chiếu điện tử", "topic_id": topic}
    )
    client.post(f"{new.location}/modules", data={"title": "Chương mở đầu"})
    module = db.session.query(Module).filter_by(title="Chương mở đầu").one()
    added = client.post(
        f"/authoring/modules/{module.id}/activities",
        data={"title": "Bài đọc đầu tiên", "kind": "page"},
    )
    client.post(
        added.location,
        data=activity_form(title="Bài đọc đầu tiên", html="<p>Xin chào</p>"),
    )

    page = words(client.get(new.location))
    assert "Hộ chiếu điện tử" in page
    assert "Bài đọc đầu tiên" in page
    assert "Cần sửa trước khi công bố" not in page


def test_who_makes_a_course_becomes_its_author(client, sign_in):
    topic = courses.course().topic_id
    sign_in(people.account("Lê Thị Biên Soạn", author="site"))

    new = client.post("/authoring/courses", data={"title": "Mới", "topic_id": topic})

    assert client.get(new.location).status_code == 200


def test_two_courses_of_one_name_have_addresses_of_their_own(client, editor):
    topic = courses.course("Trùng tên").topic_id

    client.post("/authoring/courses", data={"title": "Trùng tên", "topic_id": topic})

    slugs = {c.slug for c in db.session.query(Course).filter_by(title="Trùng tên")}
    assert len(slugs) == 2


def test_a_title_without_letters_still_gets_an_address(client, editor):
    topic = courses.course().topic_id

    new = client.post("/authoring/courses", data={"title": "???", "topic_id": topic})

    assert new.status_code == 303
    assert db.session.query(Course).filter_by(title="???").one().slug == "khoa-hoc"


def test_the_list_shows_an_author_their_own_courses_only(client, author):
    courses.course("Khóa của người khác")

    page = words(client.get("/authoring/courses"))

    assert "Thanh toán không tiền mặt" in page
    assert "Khóa của người khác" not in page


def test_an_editor_finds_any_course_without_accents(client, editor, draft):
    courses.course("Khóa khác")

    page = words(client.get("/authoring/courses?q=tien+mat"))

    assert "Thanh toán không tiền mặt" in page
    assert "Khóa khác" not in page


def test_a_learner_is_shown_no_authoring(client, sign_in, draft):
    sign_in(people.account())

    assert client.get("/authoring/courses").status_code == 403
    assert client.get(f"/authoring/courses/{draft.id}").status_code == 404


def test_settings_are_saved_and_found_by_search(client, author, draft):
    topic = draft.topic_id
    form = {
        "title": "Ví điện tử",
        "summary": "Dùng ví an toàn.",
        "audience": "Tiểu thương",
        "topic_id": topic,
        "cover": "economy",
        "outcomes": "Mở được ví\n\n  Chuyển được tiền  ",
        "legal_basis": "Kế hoạch 06",
        "description": "<p>Giới thiệu <em>ngắn</em></p>",
        "is_open": "y",
    }

    saved = client.post(f"/authoring/courses/{draft.id}/settings", data=form)

    db.session.refresh(draft)
    assert saved.status_code == 303
    assert draft.outcomes == ["Mở được ví", "Chuyển được tiền"]
    assert draft.description == "<p>Giới thiệu <em>ngắn</em></p>"
    assert "tieu thuong" in draft.search
    assert "chuyen duoc tien" in draft.search
    assert "Ví điện tử" in words(client.get(f"/authoring/courses/{draft.id}/settings"))


def test_a_module_is_renamed_and_an_empty_one_deleted(client, author, draft):
    client.post(f"/authoring/courses/{draft.id}/modules", data={"title": "Chương 2"})
    module = db.session.query(Module).filter_by(title="Chương 2").one()
    where = f"/authoring/modules/{module.id}"

    client.post(where, data={"title": "Chương hai", "summary": "Tóm tắt"})
    assert "Chương hai" in words(client.get(where))

    client.post(f"{where}/delete")
    assert "Chương hai" not in words(client.get(f"/authoring/courses/{draft.id}"))


def test_a_module_with_activities_is_not_deleted(client, author, draft):
    answer = client.post(f"/authoring/modules/{draft.modules[0].id}/delete")

    assert answer.status_code == 409
    assert "Chương còn bài" in words(answer)
    assert titles(draft.id) == [["Bài 1", "Bài 2"]]


@pytest.mark.parametrize(
    ("kind", "form"),
    [
        ("page", {"html": "<p>Nội dung</p>"}),
        ("link", {"url": "https://dichvucong.gov.vn", "why": "Xem mục 2"}),
        ("file", {"asset_id": "", "why": "Biểu mẫu"}),
        ("video", {"asset_id": "", "html": "<p>Bản chữ</p>"}),
        ("quiz", {}),
    ],
)
def test_every_type_is_added_edited_and_shown_again(client, author, draft, kind, form):
    added = client.post(
        f"/authoring/modules/{draft.modules[0].id}/activities",
        data={"title": "Bài mới", "kind": kind},
    )

    data = activity_form(title="Bài đã sửa", minutes="12", **form)
    saved = client.post(added.location, data=data)

    page = words(client.get(added.location))
    assert saved.status_code == 303
    assert "Bài đã sửa" in page
    assert all(text in page for text in form.values())


def test_a_mistake_loses_nothing_of_what_was_typed(client, author, draft):
    where = f"/authoring/activities/{courses.activities(draft)[0].id}"

    data = activity_form(title="", minutes="0", html="<p>Rất dài và quý</p>")
    answer = client.post(where, data=data)

    assert answer.status_code == 422
    assert "Rất dài và quý" in words(answer)
    assert "Hãy điền mục này." in words(answer)
    assert "Từ 1 đến 600 phút." in words(answer)


def test_an_activity_without_a_title_is_not_added(client, author, draft):
    answer = client.post(
        f"/authoring/modules/{draft.modules[0].id}/activities", data={"kind": "page"}
    )

    assert answer.status_code == 422
    assert "Hãy điền mục này." in words(answer)


def test_modules_and_activities_are_put_in_order(client, author, draft):
    client.post(f"/authoring/courses/{draft.id}/modules", data={"title": "Chương 2"})
    first, second = (m.id for m in db.session.get(Course, draft.id).modules)
    one, two = (a.id for a in courses.activities(draft))

    swapped = client.post(
        f"/authoring/courses/{draft.id}/order",
        json={"order": [str(second), str(first)]},
    )
    client.post(
        f"/authoring/modules/{first}/order", json={"order": [str(two), str(one)]}
    )
    assert swapped.json == {"saved": True}
    assert titles(draft.id) == [[], ["Bài 2", "Bài 1"]]

    client.post(f"/authoring/modules/{second}/order", json={"order": [str(one)]})
    assert titles(draft.id) == [["Bài 1"], ["Bài 2"]]


@pytest.mark.parametrize(
    "body",
    [
        "null",
        {},
        {"order": "12"},
        {"order": [1, 2]},
        {"order": ["-1"]},
        {"order": ["٣"]},
        [],
    ],
)
def test_an_order_of_something_else_is_refused(client, author, draft, body):
    module = draft.modules[0].id

    answer = client.post(f"/authoring/modules/{module}/order", json=body)

    assert answer.status_code == 409
    assert "Thứ tự gửi lên không khớp" in answer.json["error"]
    assert titles(draft.id) == [["Bài 1", "Bài 2"]]


def test_parts_of_another_course_are_not_drawn_in(client, author, draft):
    other = courses.course("Khóa khác")
    theirs = courses.activities(other)[0].id
    own = [a.id for a in courses.activities(draft)]

    answer = client.post(
        f"/authoring/modules/{draft.modules[0].id}/order",
        json={"order": [str(theirs), *map(str, own)]},
    )
    modules = client.post(
        f"/authoring/courses/{draft.id}/order",
        json={"order": [str(other.modules[0].id)]},
    )

    assert (answer.status_code, modules.status_code) == (409, 409)
    assert titles(other.id) == [["Bài 1", "Bài 2"]]


def test_an_activity_waits_for_another_one(client, author, draft):
    one, two = courses.activities(draft)
    where = f"/authoring/activities/{two.id}"

    data = activity_form(title="Bài 2", html="<p>x</p>", prerequisites=[one.id])
    client.post(where, data=data)

    db.session.expire_all()
    assert [a.id for a in db.session.get(Activity, two.id).prerequisites] == [one.id]
    assert f'selected value="{one.id}"' in words(client.get(where))


def test_two_activities_never_wait_for_each_other(client, author, draft):
    one, two = courses.activities(draft)
    page = {"html": "<p>x</p>"}
    client.post(
        f"/authoring/activities/{two.id}",
        data=activity_form(prerequisites=one.id, **page),
    )

    answer = client.post(
        f"/authoring/activities/{one.id}",
        data=activity_form(title="Đổi tên", prerequisites=two.id, **page),
    )

    db.session.expire_all()
    assert answer.status_code == 409
    assert "hai bài sẽ chờ lẫn nhau mãi" in words(answer)
    assert db.session.get(Activity, one.id).title == "Bài 1"


def test_an_activity_of_another_course_is_no_prerequisite(client, author, draft):
    theirs = courses.activities(courses.course("Khóa khác"))[0]
    one = courses.activities(draft)[0]

    answer = client.post(
        f"/authoring/activities/{one.id}",
        data=activity_form(html="<p>x</p>", prerequisites=theirs.id),
    )

    db.session.expire_all()
    assert answer.status_code == 422
    assert db.session.get(Activity, one.id).prerequisites == []


def test_an_author_may_not_publish(client, author, draft):
    page = words(client.get(f"/authoring/courses/{draft.id}"))

    assert client.post(f"/authoring/courses/{draft.id}/publish").status_code == 404
    assert "người biên tập nội dung sẽ duyệt và công bố" in page


def test_an_editor_publishes_and_withdraws(client, editor, draft):
    where = f"/authoring/courses/{draft.id}"

    client.post(f"{where}/publish")
    assert "Thanh toán không tiền mặt" in words(client.get("/courses"))

    client.post(f"{where}/withdraw")
    assert "Thanh toán không tiền mặt" not in words(client.get("/courses"))
    acts = [
        e.act
        for e in db.session.query(audit.AuditEvent)
        if e.subject == f"course:{draft.id}"
    ]
    assert acts == ["course-created", "course-published", "course-withdrawn"]


def test_problems_are_listed_with_where_to_mend_them(client, editor):
    course = courses.course("Còn dở", lessons=1, publish=False)
    link = courses.activity(course, "link", "Liên kết trống")
    courses.activity(course, "quiz", "Bài kiểm tra trống")
    client.post(
        f"/authoring/courses/{course.id}/modules", data={"title": "Chương trống"}
    )

    page = words(client.get(f"/authoring/courses/{course.id}"))
    answer = client.post(f"/authoring/courses/{course.id}/publish")

    assert "Cần sửa trước khi công bố" in page
    assert f'href="/authoring/activities/{link.id}"' in page
    assert "Bài chưa có địa chỉ liên kết." in page
    assert "Chương trống: Chương chưa có bài nào." in page
    assert answer.status_code == 409
    assert "Chưa công bố được" in words(answer)
    assert db.session.get(Course, course.id).state is CourseState.DRAFT


def test_an_activity_nobody_began_is_deleted(client, author, draft):
    one, _two = courses.activities(draft)

    answer = client.post(f"/authoring/activities/{one.id}/delete")

    assert answer.status_code == 303
    assert titles(draft.id) == [["Bài 2"]]


def test_an_activity_somebody_learnt_is_not_deleted(client, editor):
    course = courses.course()
    learner = people.account()
    one = courses.activities(course)[0]
    courses.enrolled(learner, course)
    courses.enrolment.mark_read(one, learner.id, courses.clock.now())
    db.session.commit()

    answer = client.post(f"/authoring/activities/{one.id}/delete")

    assert answer.status_code == 409
    assert "Đã có học viên học bài này" in words(answer)
    assert titles(course.id) == [["Bài 1", "Bài 2"]]


def test_an_author_previews_without_leaving_a_trace(client, author, draft):
    one, two = courses.activities(draft)

    page = words(client.get(f"/activities/{one.id}"))
    done = client.post(f"/activities/{one.id}/done")

    assert "Xem trước: không ghi tiến độ" in page
    assert done.location.endswith(f"/activities/{two.id}")
    assert "Xem trước" in words(client.get(f"/activities/{one.id}"))
