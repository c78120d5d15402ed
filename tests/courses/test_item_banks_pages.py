"""Banks through their pages: written, found, judged, shared, changed many at once."""

import re

import html5lib
import pytest

from courses.items.forms import FORMS
from courses.items.models import Item, ItemBank
from courses.items.rules import About, ItemLevel, ItemState
from courses.items.services import banks, items
from courses.items.types import parse
from lms.kernel import clock
from lms.kernel.db import db
from tests.factories import courses, people, quizzes
from tests.factories.items import ALL_KINDS, SINGLE

EVERY = pytest.mark.parametrize("spec", ALL_KINDS.values(), ids=list(ALL_KINDS))


@pytest.fixture
def bank(app) -> ItemBank:
    made = banks.add_bank("Ngân hàng Toán 6", "unit:1", None, clock.now())
    db.session.commit()
    return made


@pytest.fixture
def author(bank, sign_in):
    person = people.account("Lê Thị Biên", author="unit:1")
    sign_in(person)
    return person


def put(bank, *specs, **about):
    made = [
        items.add_item(bank, spec, None, clock.now(), About(**about)) for spec in specs
    ]
    db.session.commit()
    return [version.item for version in made]


def sound(page: str) -> str:
    parser = html5lib.HTMLParser(strict=False)
    parser.parse(page)
    assert [(where, word) for where, word, _more in parser.errors] == []
    return page


def fields_of(page: str) -> dict[str, list[str]]:
    """Return what the form of a page would send if nobody touched it."""
    tree = html5lib.parse(page, namespaceHTMLElements=False)
    form = next(
        f for f in tree.iter("form") if f.find(".//*[@name='stem']") is not None
    )
    sent: dict[str, list[str]] = {}
    for e in form.iter():
        name = e.get("name")
        if e.tag == "input" and name and e.get("type") in ("checkbox", "radio"):
            if e.get("checked") is not None:
                sent.setdefault(name, []).append(e.get("value") or "y")
        elif e.tag == "input" and name:
            sent.setdefault(name, []).append(e.get("value") or "")
        elif e.tag == "textarea" and name:
            sent.setdefault(name, []).append((e.text or "").removeprefix("\n"))
        elif e.tag == "select" and name:
            chosen = [o for o in e.iter("option") if o.get("selected") is not None]
            option = (chosen or list(e.iter("option")))[0]
            sent.setdefault(name, []).append(option.get("value") or "")
    return sent


@EVERY
def test_a_form_that_nobody_touches_changes_nothing(client, author, bank, spec):
    (item,) = put(bank, spec)
    page = sound(client.get(f"/items/{item.id}/edit").text)

    answer = client.post(f"/items/{item.id}/edit", data=fields_of(page))

    assert answer.status_code == 303, fields_of(answer.text)
    db.session.expire_all()
    stored = items.newest_version(item).spec
    before, after = parse(spec), parse(stored)
    key = before.key()
    response = key[0] if before.kind == "short_answer" else key
    assert after.key() == key
    assert before.by_hand or not before.is_graded or after.grade(response).share == 1


@EVERY
def test_an_item_is_shown_as_a_learner_sees_it(client, author, bank, spec):
    (item,) = put(bank, spec, topic="Số học", level=ItemLevel.APPLICATION)

    page = sound(client.get(f"/items/{item.id}").text)

    assert "Số học" in page
    assert "Vận dụng" in page


@pytest.mark.parametrize("kind", FORMS)
def test_a_new_item_starts_from_an_empty_form(client, author, bank, kind):
    url = f"/item-banks/{bank.id}/items"

    page = sound(client.get(f"{url}/new?kind={kind}").text)
    refused = client.post(f"{url}?kind={kind}", data={"points": "1"})

    assert "Lưu câu hỏi" in page
    assert refused.status_code == 422
    assert client.get(f"{url}/new?kind=riddle").status_code == 404


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        ("matching", {"pairs": "Huế => Kinh thành\nHà Nội => Văn Miếu\n=> Phong Nha"}),
        ("association", {"pairs": "cao = thấp\nnhanh = chậm"}),
        ("ordering", {"order": "một\nhai\nba", "scoring": "absolute"}),
        (
            "numerical",
            {
                "answers": "3,14 ± 0,01",
                "units": "m\ncm = 100",
                "unit_policy": "optional",
            },
        ),
        (
            "cloze",
            {"passage": "<p>[[Hà Nội|Ha Noi]] ở miền [[=Bắc|Nam]], có [[#63±1]]</p>"},
        ),
        (
            "drag_words",
            {"passage": "<p>Mọc đằng [[đông]], lặn đằng [[tây]]</p>", "more": "nam"},
        ),
        ("hot_text", {"passage": "<p>[[+mèo]] [[ngủ]]</p>"}),
        (
            "statements",
            {f"options-{n}": f"Ý {n}" for n in range(1, 5)}
            | {"options-correct": ["1", "3"], "scoring": "exam_2025"},
        ),
        (
            "calculated",
            {"variables": "a: 2; 5\nb: 3; 4", "formula": "{a}*{b}", "tolerance": "0,1"},
        ),
        (
            "hotspot",
            {
                "src": "/static/covers/school.svg",
                "width": "400",
                "height": "300",
                "areas": "* chữ nhật; 10, 10, 110, 60; Cổng\ntròn; 200, 150, 30; Sân",
            },
        ),
        ("essay", {"rubric": "Ý đầy đủ = 3\nLời trong sáng = 2", "double": "y"}),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_written_in_lines_becomes_an_item(client, author, bank, kind, fields):
    answer = client.post(
        f"/item-banks/{bank.id}/items?kind={kind}",
        data={"stem": "<p>Câu hỏi</p>", "points": "1", "level": "", **fields},
    )

    assert answer.status_code == 303
    item = db.session.query(Item).one()
    question = items.newest_version(item).read()
    assert question.kind == kind
    if question.key() is not None:
        shown = question.shuffled(question.option_ids)
        assert shown.grade(shown.key()).share == 1


def test_what_a_file_brought_survives_an_edit(client, author, bank):
    options = [dict(one) for one in SINGLE["options"]]
    options[0]["feedback"] = "<p>Đó là số chứng minh cũ.</p>"
    brought = {**SINGLE, "options": options, "hints": [{"text": "<p>Đếm lại</p>"}]}
    (item,) = put(bank, brought)
    form = fields_of(client.get(f"/items/{item.id}/edit").text)

    client.post(f"/items/{item.id}/edit", data={**form, "stem": "<p>Mấy chữ số?</p>"})

    db.session.expire_all()
    spec = items.newest_version(item).spec
    assert spec["stem"] == "<p>Mấy chữ số?</p>"
    assert spec["options"][0]["feedback"] == "<p>Đó là số chứng minh cũ.</p>"
    assert spec["hints"] == brought["hints"]


def test_a_teacher_finds_items_by_words_and_filters(client, author, bank):
    put(bank, SINGLE, topic="Căn cước", level=ItemLevel.RECOGNITION, tags=("mới",))
    put(bank, ALL_KINDS["ordering"], topic="Ngày thi")

    everything = sound(client.get(f"/item-banks/{bank.id}").text)
    found = client.get(f"/item-banks/{bank.id}?q=so+dinh+danh").text
    topic = client.get(f"/item-banks/{bank.id}?topic=Ngày+thi&level=x&category=y").text

    assert "2 câu hỏi khớp" in everything
    assert "Căn cước <span" in everything
    assert "Số định danh cá nhân" in found
    assert "Xếp các việc" not in found
    assert "Xếp các việc" in topic


def test_many_items_get_a_level_and_a_tag_at_once(client, author, bank):
    some = put(bank, SINGLE, ALL_KINDS["ordering"])
    other = banks.add_bank("Khác", "unit:2", None, clock.now())
    (foreign,) = put(other, SINGLE)

    answer = client.post(
        f"/item-banks/{bank.id}/changes",
        data={
            "item": [str(one.id) for one in (*some, foreign)] + ["x", "9" * 30],
            "level": "application",
            "add_tags": "ôn tập, kì 1",
            "event": "",
        },
    )

    assert answer.status_code == 303
    db.session.expire_all()
    assert {one.level for one in some} == {ItemLevel.APPLICATION}
    assert [tag.name for tag in some[0].tags] == ["kì 1", "ôn tập"]
    assert foreign.level is None


def test_another_person_approves(client, sign_in, author, bank):
    client.post(
        f"/item-banks/{bank.id}/items?kind=short_answer",
        data={
            "stem": "<p>Thủ đô?</p>",
            "points": "1",
            "level": "",
            "accepted": "Hà Nội",
        },
    )
    item = db.session.query(Item).one()
    version = items.newest_version(item)
    verdict = {"event": "approve", "version_id": str(version.id), "note": "Rõ ràng."}
    own = client.post(f"/items/{item.id}/reviews", data=verdict)
    sign_in(people.account("Trần Văn Duyệt", editor="unit:1"))

    other = client.post(f"/items/{item.id}/reviews", data=verdict)

    assert own.status_code == 409
    assert other.status_code == 303
    db.session.expire_all()
    assert item.state is ItemState.REVIEWED
    page = client.get(f"/items/{item.id}").text
    assert "Trần Văn Duyệt" in page
    assert "Rõ ràng." in page


def test_an_item_says_where_it_is_used(client, sign_in, app):
    course = courses.course(lessons=1)
    quiz = quizzes.quiz(SINGLE, course=course)
    slot = quiz.slots[0]
    sign_in(people.account("Lê Thị Biên", author=f"course:{course.id}"))

    page = client.get(f"/items/{slot.item_version.item_id}").text

    assert "Kiểm tra cuối khóa" in page


def test_a_shared_bank_is_read_and_not_changed(client, sign_in, bank):
    put(bank, SINGLE)
    share = banks.share_bank(bank, "course:77", None, clock.now())
    db.session.commit()
    guest = people.account("Khách", author="course:77")
    sign_in(guest)

    listed = sound(client.get("/item-banks").text)
    shown = sound(client.get(f"/shared-item-banks/{share.id}").text)

    assert f"/shared-item-banks/{share.id}" in listed
    assert "Số định danh cá nhân" in shown
    assert client.get(f"/item-banks/{bank.id}").status_code == 404
    assert client.post(f"/item-banks/{bank.id}/changes").status_code == 404


def test_banks_are_made_shared_and_given_folders(client, sign_in, app):
    unit = people.unit()
    course = courses.course(lessons=1)
    sign_in(people.account("Phan Văn Biên Tập", editor="site"))

    made = client.post(
        "/item-banks", data={"name": "Toán 9", "scope": f"unit:{unit.id}"}
    )
    bank = db.session.query(ItemBank).filter_by(name="Toán 9").one()
    client.post(f"/item-banks/{bank.id}/shares", data={"scope": f"course:{course.id}"})
    client.post(f"/item-banks/{bank.id}/categories", data={"name": "Đại số"})
    nameless = client.post(f"/item-banks/{bank.id}/categories", data={"name": " "})
    page = sound(client.get(f"/item-banks/{bank.id}/settings").text)
    wrong = client.post("/item-banks", data={"name": "X", "scope": "unit:999"})

    assert made.status_code == 303
    assert re.search("Đại số", page)
    assert course.title in page
    assert nameless.status_code == 409
    assert wrong.status_code == 422


def test_near_equal_items_are_listed_in_pairs(client, author, bank):
    stem = "<p>Số định danh cá nhân của công dân Việt Nam gồm có mấy chữ số?</p>"
    put(bank, {**SINGLE, "stem": stem}, {**SINGLE, "stem": stem.replace("có ", "")})

    page = sound(client.get(f"/item-banks/{bank.id}/duplicates").text)

    assert "Giống nhau" in page


def test_pages_of_a_bank_ask_the_database_little(client, author, bank, queries):
    for count in (2, 40):
        put(bank, *[SINGLE] * count, topic="T", tags=("a", "b"))
        for url in ("/item-banks", f"/item-banks/{bank.id}", f"/items/{count}"):
            db.session.expire_all()
            with queries() as seen:
                assert client.get(url).status_code == 200
            assert len(seen) <= 10, (url, seen)
