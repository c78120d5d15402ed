"""Posts, guardians and units come in by Excel as people do; a plan moves many units."""

from datetime import date
from io import BytesIO

import pytest
from sqlalchemy import select

from courses.demo.people import fill_officers, officers_of, read_people
from courses.demo.reading import CONTENT
from courses.demo.units import fill_units, read_units
from lms.kernel import clock
from lms.kernel.db import db
from lms.kernel.imports.models import ImportRun
from lms.kernel.jobs import services as jobs
from lms.people import services
from lms.people.models import Guardianship, Post, Relation
from lms.units import reorganisation
from lms.units.models import Unit
from lms.units.rules import totals
from lms.units.services import tree_on
from tests.conftest import NINE
from tests.factories import people
from tests.factories.sheets import xlsx

TODAY = date(2026, 9, 5)


@pytest.fixture
def school(app):
    unit = people.unit("thcs", "Trường THCS Phong An", "trường")
    db.session.refresh(unit)
    db.session.expunge(unit)
    return unit


@pytest.fixture
def send(client, sign_in, school):
    """Return a function that sends a list, lets jobs read it, and confirms it."""
    sign_in(people.account("Quản Trị", administrator="site"))

    def sent(what, headings, *rows, place=None):
        file = BytesIO(xlsx(headings, *rows)), "danh-sach.xlsx"
        where = f"/imports/{what}/{school.id if place is None else place}"
        answer = client.post(where, data={"file": file})
        assert answer.status_code == 303, answer.text
        work()
        page = client.get(answer.location).text
        client.post(f"{answer.location}/confirm")
        work()
        return page

    return sent


def work():
    while jobs.run_one(clock.now()):
        pass


def counts():
    db.session.expire_all()
    run = db.session.scalars(select(ImportRun).order_by(ImportRun.id.desc())).first()
    return {key.removeprefix("row-"): n for key, n in run.counts.items() if n}


POST = ("Mã hồ sơ", "Họ và tên", "Chức danh", "Từ ngày", "Đến hết ngày")
POST_KIND = (*POST, "Chính hay kiêm nhiệm")


@pytest.fixture
def teacher(school):
    return people.known("Nguyễn Thị An", code="GV1", unit_id=school.id).id


def test_posts_come_in_once(send, teacher, school):
    row = ("GV1", "nguyen thi an", "Giáo viên Toán", "1/9/2025", "")
    send("posts", POST, row)
    assert counts() == {"new": 1}
    send("posts", POST, row)
    assert counts() == {"same": 1}
    send("posts", POST, (*row[:4], "31/5/2026"))
    assert counts() == {"changed": 1}

    post = db.session.query(Post).one()
    assert (post.unit_id, post.is_primary) == (school.id, True)
    assert (post.from_on, post.to_on) == (date(2025, 9, 1), date(2026, 5, 31))


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        (("GV9", "An", "GV", "1/9/2025", ""), "Chưa có hồ sơ nào mang mã"),
        (("GV1", "Trần Văn Khác", "GV", "1/9/2025", ""), "Họ và tên không khớp"),
        (("", "Nguyễn Thị An", "GV", "1/9/2025", ""), "Hãy điền mã hồ sơ hoặc"),
        (("GV1", "Nguyễn Thị An", "GV", "1/9/2025", "1/8/2025"), "Ngày kết thúc phải"),
    ],
)
def test_a_bad_post_says_why(send, teacher, row, sentence):
    assert sentence in send("posts", POST, row)
    assert counts() == {"wrong": 1}


def test_two_primary_posts_at_once_are_refused_within_one_file(send, teacher):
    page = send(
        "posts",
        POST_KIND,
        ("GV1", "Nguyễn Thị An", "Giáo viên", "1/9/2025", "", "Chính"),
        ("GV1", "Nguyễn Thị An", "Tổ trưởng", "1/10/2025", "", "Chính"),
        ("GV1", "Nguyễn Thị An", "Thư ký", "1/10/2025", "", "Kiêm nhiệm"),
    )

    assert "đã có chức danh chính khác" in page
    assert counts() == {"new": 2, "wrong": 1}


GUARDIAN = (
    "Mã hồ sơ học sinh",
    "Họ và tên học sinh",
    "Mã hồ sơ phụ huynh",
    "Họ và tên phụ huynh",
    "Quan hệ",
)


def test_guardians_come_in_confirmed_and_once(send, school):
    people.known("Lê Văn Con", code="HS1", unit_id=school.id)
    people.known("Lê Thị Mẹ", code="PH1", unit_id=school.id)
    row = ("HS1", "Lê Văn Con", "PH1", "Lê Thị Mẹ", "mẹ")
    send("guardians", GUARDIAN, row)
    send("guardians", GUARDIAN, row)

    found = db.session.query(Guardianship).one()
    assert (found.relation, found.holds) == (Relation.MOTHER, True)
    assert counts() == {"same": 1}
    page = send("guardians", GUARDIAN, row, row)
    assert "Hai người này đã có ở dòng 2" in page
    own = send("guardians", GUARDIAN, ("HS1", "Lê Văn Con", "HS1", "Lê Văn Con", "Cha"))
    assert "không thể là phụ huynh của chính mình" in own


UNIT = (
    "Mã đơn vị",
    "Tên đơn vị",
    "Loại đơn vị",
    "Mã đơn vị cấp trên",
    "Có hiệu lực từ ngày",
)


def test_units_come_in_with_those_below_them(send):
    rows = [
        ("phuong", "Phường Phong An", "phường", "", "1/7/2026"),
        ("truong-2", "Trường Hai", "trường", "phuong", "1/7/2026"),
    ]
    send("units", UNIT, *rows, place=0)
    assert counts() == {"new": 2}
    send("units", UNIT, *rows, place=0)
    assert counts() == {"same": 2}
    send(
        "units",
        UNIT,
        ("truong-2", "Trường THCS Hai", "trường", "thcs", "1/9/2026"),
        place=0,
    )
    assert counts() == {"changed": 1}

    unit = db.session.query(Unit).filter_by(code="truong-2").one()
    before = tree_on(date(2026, 8, 31)).nodes[unit.id]
    assert (before.name, unit.name) == ("Trường Hai", "Trường THCS Hai")
    page = send("units", UNIT, ("x", "X", "xã", "khong-co", "1/7/2026"), place=0)
    assert "Đơn vị cấp trên không tồn tại vào ngày đó." in page


PLAN = CONTENT / "reorganisation.toml"
BEFORE, TOWN, AFTER = date(2024, 12, 31), date(2025, 6, 30), date(2025, 7, 1)


@pytest.fixture
def old_district(app):
    units = fill_units(read_units())
    officers = officers_of(read_people(), read_units())
    fill_officers(officers, units, NINE, read_people().names)
    # Everybody was in office before it all changed.
    for post in db.session.query(Post):
        post.from_on = date(2020, 1, 1)
    db.session.commit()
    return len(officers)


def report(on):
    """Return what a report of that day says: each unit with the people it counts."""
    tree = tree_on(on)
    summed = totals(tree, services.people_in_units(on))
    return {(node.code, node.name): summed[node.id] for node in tree.nodes.values()}


def communes(on):
    kinds = ("xã", "thị trấn", "phường")
    return [node for node in tree_on(on).nodes.values() if node.kind in kinds]


def test_the_first_of_july_2025(old_district):
    """Twelve communes become five wards: nobody is lost, nobody counted twice."""
    before = report(BEFORE)
    in_communes = sum(before[node.code, node.name] for node in communes(BEFORE))
    outcome = reorganisation.carry_out(reorganisation.read_plan(PLAN), None, NINE)
    db.session.commit()

    assert [len(communes(on)) for on in (BEFORE, TOWN, AFTER)] == [16, 12, 5]
    assert report(BEFORE) == before
    for on in (BEFORE, TOWN, AFTER, TODAY):
        assert sum(services.people_in_units(on).values()) == old_district
        tops = tree_on(on).children(None)
        assert sum(report(on)[top.code, top.name] for top in tops) == old_district
    of_communes = sum(
        services.people_in_units(AFTER).get(node.id, 0) for node in communes(AFTER)
    )
    assert in_communes <= of_communes
    assert "huyen-phong-dien" not in {
        node.code for node in tree_on(AFTER).nodes.values()
    }
    assert outcome.steps == 2
    assert outcome.moved > 0


def test_the_command_tells_and_can_be_tried_without_effect(app, old_district):
    run = app.test_cli_runner().invoke
    before = report(TODAY)

    tried = run(args=["units", "reorganise", str(PLAN), "--dry-run"])
    db.session.expire_all()
    assert report(TODAY) == before
    done = run(args=["units", "reorganise", str(PLAN)])
    again = run(args=["units", "reorganise", str(PLAN)])

    assert tried.stdout == done.stdout
    assert '"units_before": 48' in done.stdout
    assert again.exit_code == 1
    assert "error" in again.stdout
