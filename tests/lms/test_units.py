"""Units change from a day on; what was counted before that day stays as it was."""

from datetime import date, timedelta

import pytest

from lms.kernel import clock
from lms.kernel.audit import AuditEvent
from lms.kernel.db import db
from lms.kernel.errors import Refused
from lms.kernel.permissions import Grant, Role
from lms.people import services
from lms.people.models import Post
from lms.units import changes
from lms.units.changes import Decision
from lms.units.models import Unit
from lms.units.rules import Description, UnitRefusal, totals
from lms.units.services import add_unit, tree_on
from tests.conftest import NINE
from tests.factories import people

TODAY = date(2026, 9, 5)
A_DAY = timedelta(days=1)
BEFORE, ON = date(2026, 6, 30), date(2026, 7, 1)
R = UnitRefusal


def decided(on=ON, paper="Nghị quyết 01/NQ"):
    return Decision(on, paper, None, NINE)


@pytest.fixture
def district(app):
    """A district with two communes, a school in the first, and people in all."""
    top = add_unit("huyen", "Huyện Phong Điền", "huyện")
    first = add_unit("xa-1", "Xã Một", "xã", top)
    second = add_unit("xa-2", "Xã Hai", "xã", top)
    school = add_unit("truong", "Trường THCS", "trường", first)
    for number, unit in enumerate((top, first, first, second, school)):
        person = services.add_account(f"Người thứ {number}", NINE)
        services.give_post(person, unit, "Cán bộ", date(2020, 1, 1))
    db.session.commit()
    return {unit.code: unit for unit in (top, first, second, school)}


def shape(on):
    return {
        node.code: tree.nodes[node.parent_id].code if node.parent_id in tree else None
        for tree in [tree_on(on)]
        for node in tree.nodes.values()
    }


def counted(on):
    """Return how many people each unit counts, with all below it."""
    tree = tree_on(on)
    summed = totals(tree, services.people_in_units(on))
    return {node.code: summed[node.id] for node in tree.nodes.values()}


def refused(act, *given):
    with pytest.raises(Refused) as refusal:
        act(*given)
    return refusal.value.reason


def test_a_name_holds_from_its_day(district):
    changes.rename(district["xa-1"], "Phường Một", "phường", decided())

    names = {on: tree_on(on).nodes[district["xa-1"].id].name for on in (BEFORE, ON)}
    assert names == {BEFORE: "Xã Một", ON: "Phường Một"}
    assert district["xa-1"].name == "Phường Một"


def test_a_change_ahead_is_seen_on_its_day_and_not_before(district):
    tomorrow = TODAY + A_DAY
    changes.rename(district["xa-1"], "Phường Một", "phường", decided(tomorrow))
    assert district["xa-1"].name == "Xã Một"

    assert changes.bring_up_to(tomorrow) == 1
    assert district["xa-1"].name == "Phường Một"
    assert changes.bring_up_to(tomorrow) == 0


def test_a_unit_moves_with_what_is_below_it(district):
    changes.move(district["xa-1"], district["xa-2"], decided())

    assert shape(BEFORE)["xa-1"] == "huyen"
    assert shape(ON)["xa-1"] == "xa-2"
    assert shape(ON)["truong"] == "xa-1"
    assert counted(BEFORE)["xa-2"] == 1
    assert counted(ON)["xa-2"] == 4


def test_units_become_one_and_nobody_is_lost_or_counted_twice(district):
    before = counted(BEFORE)
    ward = changes.merge_units(
        [district["xa-1"].id, district["xa-2"].id],
        Description("phuong", "Phường Mới", "phường"),
        district["huyen"],
        decided(),
    )

    assert shape(ON) == {"huyen": None, "phuong": "huyen", "truong": "phuong"}
    assert counted(ON) == {"huyen": 5, "phuong": 4, "truong": 1}
    assert counted(BEFORE) == before
    assert district["xa-1"].closed_on == ON
    assert [post.unit_id for post in db.session.query(Post).filter_by(to_on=None)] == [
        district["huyen"].id,
        district["truong"].id,
        ward.id,
        ward.id,
        ward.id,
    ]


def test_nobody_holds_two_primary_posts_on_any_day_after_a_merger(district):
    changes.merge([district["xa-1"], district["xa-2"]], district["huyen"], decided())

    for on in (BEFORE, ON, TODAY):
        assert sum(services.people_in_units(on).values()) == 5


def test_a_unit_splits_and_its_heir_takes_over(district):
    first = changes.split_unit(
        district["xa-1"],
        [Description("p-a", "Phường A", "phường"), Description("p-b", "B", "phường")],
        decided(),
    )

    assert shape(ON) == {
        "huyen": None,
        "p-a": "huyen",
        "p-b": "huyen",
        "xa-2": "huyen",
        "truong": "p-a",
    }
    assert (first.code, counted(ON)["p-a"], counted(ON)["p-b"]) == ("p-a", 3, 0)
    assert counted(ON)["huyen"] == counted(BEFORE)["huyen"] == 5


def test_a_unit_ends_when_nothing_is_below_it(district):
    assert refused(changes.close, district["xa-1"], decided()) is R.HAS_UNITS
    changes.close(district["truong"], decided())
    changes.close(district["xa-1"], decided())

    assert "truong" in shape(BEFORE)
    assert set(shape(ON)) == {"huyen", "xa-2"}


def test_what_cannot_be_is_refused(district):
    changes.rename(district["xa-1"], "Phường Một", "phường", decided())

    assert (
        refused(changes.rename, district["xa-1"], "Khác", "xã", decided(BEFORE))
        is R.DAY_TOO_EARLY
    )
    assert (
        refused(changes.move, district["huyen"], district["truong"], decided())
        is R.CIRCLE
    )
    changes.close(district["truong"], decided())
    assert (
        refused(changes.rename, district["truong"], "A", "b", decided(TODAY))
        is R.NOT_OPEN
    )
    assert (
        refused(
            changes.create,
            Description("xa-1", "Trùng mã", "xã"),
            None,
            decided(),
        )
        is R.CODE_TAKEN
    )
    assert (
        refused(
            changes.create,
            Description("moi", "Mới", "xã"),
            district["truong"],
            decided(),
        )
        is R.PARENT_NOT_OPEN
    )
    assert refused(changes.split, district["xa-2"], [], decided()) is R.NO_PARTS


def test_two_changes_on_one_day_hold_together(district):
    changes.rename(district["xa-1"], "Phường Một", "phường", decided())
    changes.move(district["xa-1"], None, decided())

    node = tree_on(ON).nodes[district["xa-1"].id]
    assert (node.name, node.parent_id) == ("Phường Một", None)


def test_who_answers_for_the_heir_keeps_the_records_of_what_became_part_of_it(district):
    head = people.account(**{"unit-liaison": f"unit:{district['xa-2'].id}"})
    changes.merge([district["xa-1"]], district["xa-2"], decided())
    db.session.commit()

    assert set(services.grants_of(head.id)) == {
        Grant(Role.UNIT_LIAISON, f"unit:{district[code].id}")
        for code in ("xa-1", "xa-2", "truong")
    }


def test_who_answered_for_what_is_gone_gains_nothing(district):
    head = people.account(**{"unit-liaison": f"unit:{district['xa-1'].id}"})
    changes.merge([district["xa-1"]], district["xa-2"], decided())
    db.session.commit()

    assert services.grants_of(head.id) == [
        Grant(Role.UNIT_LIAISON, f"unit:{district['xa-1'].id}")
    ]


def test_every_change_is_logged_and_says_by_which_paper(district):
    changes.merge([district["xa-1"]], district["xa-2"], decided())

    acts = [e.act for e in db.session.query(AuditEvent).order_by(AuditEvent.id)]
    assert acts == ["unit-moved", "unit-merged"]


# ---- the pages --------------------------------------------------------------


@pytest.fixture
def keeper(district, sign_in):
    person = people.account("Người Giữ Cây", administrator="site")
    sign_in(person)
    return person


def test_the_tree_is_read_as_of_any_day(client, keeper, district):
    changes.rename(district["xa-1"], "Phường Một", "phường", decided())
    db.session.commit()

    assert "Phường Một" in client.get("/units").text
    page = client.get("/units?on=30/6/2026").text
    assert "Xã Một" in page
    assert "Phường Một" not in page
    assert "Ngày chưa đúng" in client.get("/units?on=31/02/2026").text


def test_communes_become_a_ward_on_the_page(client, keeper, district):
    top = district["huyen"].id
    answer = client.post(
        f"/units/{top}/merge",
        data={
            "on": "1/7/2026",
            "paper": "NQ 1675",
            "source_ids": [district["xa-1"].id, district["xa-2"].id],
            "into": "new",
            "target_id": top,
            "code": "phuong",
            "name": "Phường Mới",
            "kind": "phường",
        },
    )

    assert answer.status_code == 303
    page = client.get(answer.location).text
    assert "Phường Mới" in page
    assert "Tiếp nhận" in page
    assert "kết thúc" in client.get(f"/units/{district['xa-1'].id}").text.lower()


def test_a_merger_that_cannot_be_leaves_nothing_behind(client, keeper, district):
    before = db.session.query(Unit).count()
    answer = client.post(
        f"/units/{district['huyen'].id}/merge",
        data={
            "on": "1/7/1899",
            "into": "new",
            "target_id": district["huyen"].id,
            "source_ids": [district["xa-1"].id],
            "code": "phuong",
            "name": "Phường Mới",
            "kind": "phường",
        },
    )
    assert answer.status_code == 422
    answer = client.post(
        f"/units/{district['huyen'].id}/merge",
        data={
            "on": "1/7/2026",
            "into": "new",
            "target_id": district["huyen"].id,
            "code": "phuong",
            "name": "Phường Mới",
            "kind": "phường",
        },
    )

    assert answer.status_code == 422
    assert "Hãy chọn ít nhất một đơn vị để nhập." in answer.text
    assert db.session.query(Unit).count() == before


@pytest.mark.parametrize(
    ("act", "given", "sentence"),
    [
        ("rename", {"name": "", "kind": "xã"}, "Hãy điền mục này."),
        ("rename", {"name": "A", "kind": "xã", "on": "31/2/2026"}, "Ngày chưa đúng."),
        ("rename", {"name": "A", "kind": "xã", "on": ""}, "Hãy điền mục này."),
        ("move", {"parent_id": 99999}, "Hãy chọn một mục có trong danh sách."),
        ("close", {}, "Vẫn còn đơn vị trực thuộc."),
        ("split", {"parts": "một | hai"}, "Mỗi dòng phải có đủ: mã | tên | loại."),
        ("split", {"parts": "xa-2 | Trùng | xã"}, "Đã có đơn vị mang mã này."),
        ("units", {"name": "A", "kind": "xã", "code": "xa-2"}, "Đã có đơn vị mang mã"),
    ],
)
def test_a_form_says_what_is_wrong_and_keeps_what_was_typed(
    client, keeper, district, act, given, sentence
):
    data = {"on": "5/9/2026", "paper": "Quyết định 7"} | given
    answer = client.post(f"/units/{district['xa-1'].id}/{act}", data=data)

    assert answer.status_code == 422
    assert sentence in answer.text
    assert "Quyết định 7" in answer.text


def test_the_whole_life_of_a_unit_on_its_pages(client, keeper, district):
    def post(address, **data):
        answer = client.post(address, data={"on": "5/9/2026"} | data)
        assert answer.status_code == 303, answer.text
        return answer.location

    made = post("/units", code="so", name="Sở", kind="sở")
    below = post(f"{made}/units", code="phong", name="Phòng", kind="phòng")
    post(f"{below}/rename", name="Phòng Một", kind="phòng", on="6/9/2026")
    post(f"{below}/move", parent_id=district["huyen"].id, on="7/9/2026")
    post(f"{below}/split", parts="p1|Phòng P1|phòng\np2|Phòng P2|phòng", on="8/9/2026")
    post(f"{made}/close", on="8/9/2026")

    page = client.get(below).text
    assert "Phòng Một" in page
    for word in ("Thành lập", "Đổi tên", "Chuyển đơn vị cấp trên", "Chia tách"):
        assert word in page


def test_only_who_keeps_the_tree_changes_it(client, sign_in, district):
    sign_in(people.account(**{"unit-liaison": f"unit:{district['xa-1'].id}"}))

    assert client.get("/units").status_code == 200
    page = client.get(f"/units/{district['xa-1'].id}").text
    assert "Đổi tên" not in page
    assert client.get(f"/units/{district['xa-1'].id}/rename").status_code == 404


def test_a_post_is_primary_unless_another_is(app, district):
    person = services.add_account("Lê Kiêm Nhiệm", NINE)
    first = services.give_post(person, district["xa-1"], "Cán bộ", date(2026, 1, 1))
    second = services.give_post(person, district["xa-2"], "Kiêm", date(2026, 2, 1))

    assert (first.is_primary, second.is_primary) == (True, False)
    assert (
        refused(
            services.give_primary_post, person, district["xa-2"], "X", date(2026, 3, 1)
        )
        is services.PostRefusal.TWO_PRIMARY
    )
    services.end_post(first, date(2026, 2, 28), person.id, NINE)
    third = services.give_primary_post(
        person, district["xa-2"], "Chính", date(2026, 3, 1)
    )
    assert third.is_primary


def test_a_post_needs_its_unit_and_its_days(app, district):
    person = services.add_account("Lê Văn Sai", NINE)
    changes.close(district["truong"], decided())

    assert (
        refused(services.give_post, person, district["truong"], "GV", TODAY)
        is services.PostRefusal.UNIT_NOT_OPEN
    )
    assert (
        refused(
            services.give_post, person, district["xa-1"], "GV", TODAY, TODAY - A_DAY
        )
        is services.PostRefusal.DAYS
    )
    assert clock.day_of(NINE) == TODAY
