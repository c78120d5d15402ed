"""Certificates through HTTP: issued, downloaded, verified by strangers, revoked."""

import io
import threading
from datetime import UTC, datetime, timedelta

import pypdf
import pytest
from sqlalchemy import func, select

from courses.certificates import services
from courses.certificates.models import Certificate
from courses.certificates.rules import LETTERS, read_code
from courses.enrolment.models import ActivityProgress
from lms.kernel import audit, clock
from lms.kernel.audit import AuditEvent
from lms.kernel.db import db, writing
from lms.kernel.jobs import services as jobs
from lms.kernel.limits import limiter
from tests.conftest import NINE, SETTINGS
from tests.factories import certificates, courses, people
from wsgi import create_app

YEAR_END = datetime(2026, 12, 31, 16, 59, 59, tzinfo=UTC)
"""One second before midnight in the district."""


def administrator():
    return people.account("Hoàng Văn Trị", administrator="site")


def all_certificates():
    return db.session.scalars(select(Certificate).order_by(Certificate.id)).all()


def test_the_job_certifies_each_completion_once(app):
    certificates.completion()
    certificates.completion(people.account("Trần Thị Bình"), courses.course("Khóa hai"))

    jobs.plant_periodic(NINE)
    while jobs.run_one(clock.now()):
        pass
    with clock.frozen(NINE + timedelta(minutes=1)):
        while jobs.run_one(clock.now()):
            pass

    found = all_certificates()
    assert [one.number for one in found] == ["0001/2026/PĐ-ĐA06", "0002/2026/PĐ-ĐA06"]
    assert {one.holder_name for one in found} == {"Nguyễn Văn An", "Trần Thị Bình"}
    assert all(read_code(one.code) for one in found)


def test_a_learner_may_ask_at_once_and_gets_one_however_often(client, sign_in):
    completion = certificates.completion()
    sign_in(completion.enrolment.learner)
    course_id = completion.enrolment.course_id

    for _ in range(2):
        answer = client.post("/certificates", data={"course_id": course_id})
        assert answer.status_code == 303

    assert len(all_certificates()) == 1
    assert "0001/2026/PĐ-ĐA06" in client.get("/certificates").text


def test_nobody_gets_a_certificate_of_a_course_not_completed(client, sign_in):
    course = courses.course()
    learner = people.account()
    courses.enrolled(learner, course)
    sign_in(learner)

    answer = client.post("/certificates", data={"course_id": course.id})

    assert answer.status_code == 409
    assert "chưa hoàn thành" in answer.text
    assert not all_certificates()


def test_nobody_gets_a_certificate_for_what_another_completed(client, sign_in):
    completion = certificates.completion()
    sign_in(people.account("Trần Thị Bình"))

    course_id = completion.enrolment.course_id
    answer = client.post("/certificates", data={"course_id": course_id})

    assert answer.status_code == 409
    assert not all_certificates()


@pytest.mark.parametrize("sent", [{}, {"course_id": "x"}, {"course_id": ""}])
def test_a_request_without_a_course_is_refused(client, sign_in, sent):
    sign_in(people.account())

    assert client.post("/certificates", data=sent).status_code == 400


def test_the_paper_keeps_the_words_of_its_day(app):
    made = certificates.certificate()

    made.completion.enrolment.learner.full_name = "Tên mới"
    made.completion.enrolment.course.title = "Tên khóa học mới"
    db.session.commit()

    kept = db.session.get(Certificate, made.id)
    assert kept.holder_name == "Nguyễn Văn An"
    assert kept.course_title == "Định danh điện tử"


def test_serials_begin_anew_at_midnight_of_the_district(app):
    a, b, c = (
        certificates.completion(people.account(name), courses.course(f"Khóa {name}"))
        for name in "ABC"
    )

    for completion, moment in [
        (a, YEAR_END),
        (b, YEAR_END + timedelta(seconds=1)),
        (c, YEAR_END + timedelta(seconds=2)),
    ]:
        services.issue_for(completion, certificates.ISSUER, moment)
    db.session.commit()

    numbers = [one.number for one in all_certificates()]
    assert numbers == ["0001/2026/PĐ-ĐA06", "0001/2027/PĐ-ĐA06", "0002/2027/PĐ-ĐA06"]


def test_a_serial_given_back_leaves_no_gap(app):
    first = certificates.completion(people.account("A"), courses.course("Khóa A"))
    second = certificates.completion(people.account("B"), courses.course("Khóa B"))

    services.issue_for(first, certificates.ISSUER, NINE)
    db.session.rollback()
    services.issue_for(second, certificates.ISSUER, NINE)
    db.session.commit()

    assert [one.serial for one in all_certificates()] == [1]


def test_two_workers_give_out_each_serial_once(app):
    course = courses.course(lessons=1)
    for number in range(12):
        certificates.completion(people.account(f"Học viên {number}"), course)
    problems = []

    def work():
        try:
            with app.app_context():
                for _ in range(4):
                    with writing():
                        services.issue_due(certificates.ISSUER, NINE)
                        db.session.commit()
        except Exception as problem:
            problems.append(problem)

    workers = [threading.Thread(target=work) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    db.session.rollback()
    assert not problems
    assert [one.serial for one in all_certificates()] == list(range(1, 13))
    assert audit.first_break() is None


def test_the_result_is_the_mean_of_what_had_to_be_passed(app):
    completion = certificates.completion()
    quizzes = [
        courses.activity(completion.enrolment.course, "quiz", f"Bài {n}")
        for n in range(3)
    ]
    completion.basis = [f"activity:{quiz.id}" for quiz in quizzes[:2]]
    for quiz, reached in zip(quizzes, (80, 91, 10), strict=True):
        db.session.add(
            ActivityProgress(
                enrolment_id=completion.enrolment_id,
                activity_id=quiz.id,
                opened_at=NINE,
                reached=reached,
            )
        )
    db.session.commit()

    made = services.issue_for(completion, certificates.ISSUER, NINE)
    db.session.commit()

    assert made.result_percent == 85


def test_the_holder_downloads_the_paper(client, sign_in):
    made = certificates.certificate()
    sign_in(made.completion.enrolment.learner)

    answer = client.get(f"/certificates/{made.id}.pdf")

    assert answer.mimetype == "application/pdf"
    assert answer.headers["Cache-Control"] == "private, no-store"
    words = pypdf.PdfReader(io.BytesIO(answer.data)).pages[0].extract_text()
    assert "Nguyễn Văn An" in words
    assert made.printed_code in words


def test_nobody_else_downloads_the_paper(client, sign_in):
    made = certificates.certificate()

    assert client.get(f"/certificates/{made.id}.pdf").status_code == 303
    sign_in(people.account("Trần Thị Bình"))
    assert client.get(f"/certificates/{made.id}.pdf").status_code == 404
    assert client.get("/certificates/999.pdf").status_code == 404


def test_a_stranger_verifies_a_paper_and_sees_what_it_shows(client):
    made = certificates.certificate()

    answer = client.get(f"/verify/{made.printed_code.lower()}")

    assert answer.status_code == 200
    assert answer.headers["X-Robots-Tag"] == "noindex"
    for shown in (
        "Còn hiệu lực",
        "Nguyễn Văn An",
        "Định danh điện tử",
        "10 phút",
        "Hoàn thành",
        certificates.ISSUER.name,
        "05/09/2026",
        made.number,
        made.printed_code,
    ):
        assert shown in answer.text


def test_a_stranger_is_not_offered_what_only_officers_may_do(client):
    made = certificates.certificate()

    page = client.get(f"/verify/{made.code}").text

    assert "revocation" not in page
    assert f"/certificates/{made.id}" not in page


def test_a_typing_error_is_told_apart_from_an_unknown_code(client):
    made = certificates.certificate()
    wrong = next(letter for letter in LETTERS if letter != made.code[0])

    mistyped = client.get(f"/verify/{wrong}{made.code[1:]}")
    unknown = client.get("/verify/222222222222")

    assert (mistyped.status_code, unknown.status_code) == (404, 404)
    assert "Mã gõ chưa đúng" in mistyped.text
    assert "chưa từng cấp" in unknown.text


def test_the_form_leads_to_the_answer(client):
    made = certificates.certificate()

    assert client.get("/verify").status_code == 200
    answer = client.get("/verify", query_string={"code": f" {made.printed_code} "})

    assert answer.location == f"/verify/{made.code}"


@pytest.mark.parametrize(
    "typed", ["<script>alert(1)</script>", "../../etc/passwd", "%00", "'; --", "Ắ" * 60]
)
def test_nonsense_is_answered_and_never_repeated_as_markup(client, typed):
    answer = client.get("/verify", query_string={"code": typed}, follow_redirects=True)

    assert answer.status_code == 404
    assert "<script>alert" not in answer.text


@pytest.fixture
def limited_client(app):
    """A browser before the same platform with its rate limits on."""
    kept = {name: app.config[name] for name in ("SQLALCHEMY_DATABASE_URI", "VAR")}
    other = create_app(SETTINGS | kept | {"RATELIMIT_ENABLED": True})
    yield other.test_client()
    limiter.reset()
    limiter.enabled = False
    with other.app_context():
        db.engine.dispose()


def test_whoever_guesses_codes_is_slowed_down(limited_client):
    answers = [
        limited_client.get("/verify/222222222222").status_code for _ in range(31)
    ]

    assert answers == [404] * 30 + [429]


def test_revoking_is_seen_by_strangers_and_by_the_holder(client, sign_in):
    made = certificates.certificate()
    learner = made.completion.enrolment.learner
    officer = administrator()
    sign_in(officer)

    page = client.get(f"/certificates/{made.id}/revocation").text
    answer = client.post(
        f"/certificates/{made.id}/revocation", data={"reason": "Cấp nhầm người."}
    )

    assert "Không thể hoàn lại" in page
    assert answer.status_code == 303
    public = client.get(f"/verify/{made.code}").text
    assert "Đã thu hồi" in public
    assert "Cấp nhầm người" not in public
    event = db.session.scalar(select(AuditEvent).filter_by(act="certificate-revoked"))
    assert (event.actor_id, event.subject) == (officer.id, f"certificate:{made.id}")
    assert event.detail == {}
    sign_in(learner)
    assert "Cấp nhầm người" in client.get("/certificates").text


def test_a_revocation_needs_a_reason(client, sign_in):
    made = certificates.certificate()
    sign_in(administrator())

    answer = client.post(f"/certificates/{made.id}/revocation", data={"reason": "  "})

    assert answer.status_code == 422
    assert db.session.get(Certificate, made.id).is_valid


def test_a_certificate_is_revoked_once(client, sign_in):
    made = certificates.certificate()
    sign_in(administrator())
    url = f"/certificates/{made.id}/revocation"

    client.post(url, data={"reason": "Lần đầu."})
    again = client.post(url, data={"reason": "Lần hai."})

    assert again.status_code == 409
    assert db.session.get(Certificate, made.id).revoked_because == "Lần đầu."


def test_nobody_revokes_without_the_right(client, sign_in):
    made = certificates.certificate()
    sign_in(made.completion.enrolment.learner)
    url = f"/certificates/{made.id}/revocation"

    assert client.get(url).status_code == 404
    assert client.post(url, data={"reason": "x"}).status_code == 404
    assert client.get("/certificates/register").status_code == 403
    assert db.session.get(Certificate, made.id).is_valid


def test_the_register_finds_a_paper_by_number_and_by_code(client, sign_in):
    made = certificates.certificate()
    certificates.certificate(
        people.account("Trần Thị Bình"), courses.course("Khóa hai")
    )
    sign_in(administrator())

    both = client.get("/certificates/register").text
    by_number = client.get("/certificates/register?q=0001/2026").text
    by_code = client.get(f"/certificates/register?q={made.printed_code}").text

    assert "Trần Thị Bình" in both
    for page in (by_number, by_code):
        assert "Nguyễn Văn An" in page
        assert "Trần Thị Bình" not in page


def test_the_log_holds_each_issue_once(app):
    certificates.certificate()

    issued = (
        select(func.count()).select_from(AuditEvent).filter_by(act="certificate-issued")
    )
    assert db.session.scalar(issued) == 1
