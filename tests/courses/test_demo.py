"""The demonstration district: filled once, filled again without a change."""

import json
from collections import Counter

import pytest
import sqlalchemy as sa

from courses.catalogue.models import Activity, Course, Topic
from courses.certificates.models import Certificate
from courses.demo.banks import FILE as BANK_FILE
from courses.demo.class_quiz import PUPILS
from courses.demo.load import AUTHOR, fill
from courses.demo.people import PASSWORD, officers_of, read_people
from courses.demo.reading import CONTENT, read_courses
from courses.demo.units import fill_units, read_units
from courses.enrolment.models import CourseCompletion, Enrolment
from courses.items.models import Item
from courses.quizzes.models.attempts import Attempt
from courses.quizzes.models.quizzes import Quiz
from courses.quizzes.models.regrading import RegradeRun
from courses.quizzes.rules.distractors import Flag
from courses.quizzes.rules.regrading import RunState
from courses.quizzes.services import regrading
from courses.quizzes.services.analysis import Counted, analyse
from lms.kernel import audit, clock
from lms.kernel.db import Base, db, writing
from lms.people import sign_in as people_sign_in
from lms.people.models import Account, LocalCredential
from lms.units.models import Unit
from media.models import Asset, Caption

COMMUNES = 16


@pytest.fixture
def said():
    return []


@pytest.fixture
def fill_it(app, said):
    """Return a function that fills as the command does, with one commit."""

    def filled():
        with writing():
            summary = fill(lambda *step: said.append(step), clock.now())
            db.session.commit()
        return summary

    return filled


def count(model, **given):
    return db.session.scalar(
        sa.select(sa.func.count()).select_from(model).filter_by(**given)
    )


def rows_by_table():
    return Counter(
        {
            table.name: db.session.scalar(sa.select(sa.func.count()).select_from(table))
            for table in Base.metadata.sorted_tables
        }
    )


def test_filling_twice_leaves_what_filling_once_made(fill_it, said):
    summary = fill_it()
    once = rows_by_table()
    steps = list(said)
    author = db.session.scalar(
        sa.select(LocalCredential).filter_by(sign_in_name=AUTHOR)
    )
    course = db.session.scalar(sa.select(Course).filter_by(slug="mo-hinh-9-luu-tru"))
    author.sign_in_name, course.title, course.slug = "tac-gia", "Tên mới", "dia-chi-moi"
    db.session.commit()

    again = fill_it()

    assert rows_by_table() == once
    assert db.session.get(Course, course.id).title == "Tên mới"
    assert summary.accounts == again.accounts
    assert (summary.courses, again.courses, again.officers) == (5, 0, 0)
    assert audit.first_break() is None
    assert [done for _what, done, _total in steps] == list(range(1, len(steps) + 1))
    assert {total for _what, _done, total in steps} == {len(steps)}


def test_the_filled_district_is_whole_and_alive(fill_it, client):
    summary = fill_it()

    texts = read_courses()
    items = [i for c in texts for a in c.activities if a.quiz for i in a.quiz.items]
    # Beside the texts there is a school course, with its bank and its class.
    assert count(Course, state="published") == len(texts) + 1 == 6
    assert count(Activity) == sum(len(c.activities) for c in texts) + 2
    assert count(Quiz) == 9 + 1
    bank = json.loads((CONTENT / BANK_FILE).read_text("utf-8"))["items"]
    assert count(Item) == len(items) + 72 + len(bank)
    assert count(Topic) == 5 + 1
    assert count(Account) == summary.officers + len(summary.accounts) + PUPILS
    assert_a_wrong_key_waits_for_a_second_word()
    assert 180 <= summary.officers <= 240
    assert count(Enrolment) > 80
    assert count(Attempt, passed=False) > 0
    assert count(CourseCompletion) == count(Certificate) == 17

    for account in summary.accounts:
        opened = people_sign_in.check(
            account.sign_in_name, summary.password, "127.0.0.1", clock.now()
        )
        assert isinstance(opened, Account)
        assert opened.full_name == account.full_name
    for course in texts:
        assert client.get(f"/courses/{course.slug}").status_code == 200
    assert_finished_at_the_second_try("hocvien1")
    assert_film_with_captions()


def assert_a_wrong_key_waits_for_a_second_word():
    run = db.session.scalar(sa.select(RegradeRun))
    report = analyse(run.quiz, Counted.FIRST)
    flagged = {item.item_id: [r.flag for r in item.flags] for item in report.items}
    assert report.attempts == PUPILS
    assert Flag.STRONG_PICK_WRONG in flagged[run.item_id]
    assert run.state is RunState.PROPOSED
    assert regrading.summary(run).changed > 0


def assert_finished_at_the_second_try(sign_in_name):
    learner = db.session.scalar(
        sa.select(LocalCredential.account_id).filter_by(sign_in_name=sign_in_name)
    )
    held = db.session.scalars(
        sa.select(Certificate.course_title).filter_by(holder_id=learner)
    ).all()
    tries = db.session.scalars(
        sa.select(Attempt.passed).filter_by(learner_id=learner).order_by(Attempt.number)
    ).all()
    assert held == ["Mô hình 29: Học trực tuyến về Đề án 06"]
    assert tries == [False, True]


def assert_film_with_captions():
    film = db.session.scalar(sa.select(Asset))
    video = db.session.scalar(sa.select(Activity).filter_by(kind="video"))
    assert film.content_type == "video/mp4"
    assert film.size_bytes < 2_000_000
    assert count(Caption, asset_id=film.id, language="vi") == 1
    assert video.read().asset_id == film.id


def test_the_units_are_the_plans_and_the_communes():
    units = read_units()

    kinds = Counter(unit.kind for unit in units)
    assert kinds["xã"] + kinds["thị trấn"] == kinds["trạm y tế"] == COMMUNES
    assert [unit.name for unit in units if not unit.parent] == ["Huyện Phong Điền"]


def test_units_that_are_there_stay_as_they_are(app):
    texts = read_units()
    unit = fill_units(texts)["dien-luc"]
    unit.name = "Tên người dùng đặt"
    db.session.commit()

    fill_units(texts)
    db.session.commit()

    assert count(Unit) == len(texts)
    assert db.session.get(Unit, unit.id).name == "Tên người dùng đặt"


def test_the_same_people_are_invented_every_time():
    people, units = read_people(), read_units()

    officers = officers_of(people, units)

    assert officers == officers_of(people, units)
    assert len({one.full_name for one in officers}) == len(officers)
    assert {one.unit for one in officers} <= {unit.code for unit in units}


def test_every_account_works_in_a_unit_and_learns_courses_that_exist():
    people = read_people()
    units = {unit.code for unit in read_units()}
    courses = {course.slug for course in read_courses()}

    assert {account.unit for account in people.accounts} <= units
    for account in people.accounts:
        assert {*account.begun, *account.finished} <= courses
    assert {one.course for one in people.learning} == courses
    assert len(PASSWORD) >= 8
