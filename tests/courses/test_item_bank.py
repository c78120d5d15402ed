"""Banks: items with versions, notes, tags and trees; found, drawn, reviewed."""

from dataclasses import replace

import pytest

from courses.items.models import Item, ItemBank
from courses.items.rules import (
    About,
    BankRefusal,
    BulkChange,
    ItemEvent,
    ItemFilter,
    ItemLevel,
    ItemState,
)
from courses.items.services import banks, drawing, duplicates, finding, reviewing
from courses.items.services.items import (
    Entry,
    Outcome,
    about_of,
    add_item,
    describe_item,
    edit_item,
    newest_version,
    put_item,
    put_items,
    reviews_of,
    versions_of,
)
from lms.kernel import clock
from lms.kernel.db import db
from lms.kernel.errors import Refused
from tests.factories import courses, people
from tests.factories.items import ALL_KINDS, CALCULATED, SHORT, SINGLE

L = ItemLevel


def bank(scope: str = "unit:1", name: str = "Ngân hàng Toán 6") -> ItemBank:
    made = banks.add_bank(name, scope, None, clock.now())
    db.session.commit()
    return made


def single(stem: str) -> dict:
    return {**SINGLE, "stem": f"<p>{stem}</p>"}


def filled(of: ItemBank, count: int, **about) -> list[Item]:
    entries = [
        Entry(f"{about.get('topic', 'x')}-{n}", single(f"Câu số {n}"), About(**about))
        for n in range(count)
    ]
    return [put.version.item for put in put_items(of, entries, None, clock.now())]


def meant(of: ItemBank, **narrower) -> ItemFilter:
    return ItemFilter((of.id,), **narrower)


@pytest.mark.parametrize("spec", ALL_KINDS.values(), ids=list(ALL_KINDS))
def test_every_type_is_kept_and_read_again(app, spec):
    version = add_item(bank(), spec, None, clock.now())
    db.session.commit()
    db.session.expire_all()

    assert version.read().kind == spec["kind"]
    assert version.read().stored() == version.spec


def test_an_edit_makes_a_version_and_the_old_one_stays(app):
    first = add_item(bank(), single("Cũ"), None, clock.now())

    second = edit_item(first.item, single("Mới"), None, clock.now())
    again = edit_item(first.item, single("Mới"), None, clock.now())

    assert (first.number, second.number) == (1, 2)
    assert again is second
    assert newest_version(first.item) is second
    assert [v.spec["stem"] for v in versions_of(first.item)] == [
        "<p>Mới</p>",
        "<p>Cũ</p>",
    ]


def test_the_same_file_twice_changes_nothing(app):
    own = bank()
    entry = Entry("moodle:7", single("Một"), About(topic="Số học", tags=("a", "b")))

    first = put_item(own, entry, None, clock.now())
    again = put_item(own, entry, None, clock.now())
    reworded = put_item(own, replace(entry, spec=single("Hai")), None, clock.now())
    noted = put_item(
        own, replace(entry, spec=single("Hai"), about=About()), None, clock.now()
    )

    outcomes = [put.outcome for put in (first, again, reworded, noted)]
    assert outcomes == [Outcome.ADDED, Outcome.SAME, Outcome.CHANGED, Outcome.CHANGED]
    assert again.version is first.version
    assert reworded.version.item is first.version.item
    assert reworded.version.number == noted.version.number == 2
    assert about_of(noted.version.item) == About()


def test_the_same_name_in_another_bank_is_another_item(app):
    entry = Entry("7", single("Một"))

    here = put_item(bank(), entry, None, clock.now())
    there = put_item(bank("unit:2"), entry, None, clock.now())

    assert here.version.item is not there.version.item


def test_one_file_that_names_an_item_twice_gives_two_versions(app):
    entries = [Entry("7", single("Một")), Entry("7", single("Hai"))]

    puts = put_items(bank(), entries, None, clock.now())

    assert [put.version.number for put in puts] == [1, 2]


def test_items_are_found_without_accents_by_words_in_any_order(app):
    own = bank()
    add_item(own, single("Thủ đô của nước ta là gì?"), None, clock.now())
    add_item(
        own,
        single("Hình vuông có mấy cạnh?"),
        None,
        clock.now(),
        About(tags=("hình học",)),
    )

    def found(words: str) -> int:
        return finding.items_page(meant(own, words=words), 1).total

    assert found("thu do") == 1
    assert found("nước THỦ") == 1
    assert found("hinh hoc") == 1
    assert found("vuông thủ đô") == 0
    assert found("12") == 2
    assert found("100%") == 0


def test_filters_narrow_and_counts_say_what_is_there(app):
    own = bank()
    filled(own, 3, topic="Số học", level=L.RECOGNITION)
    filled(own, 2, topic="Hình học", level=L.APPLICATION, tags=("khó",))
    add_item(own, SHORT, None, clock.now())

    counts = finding.counts_of(meant(own))
    hard = finding.items_page(meant(own, tags=("khó",)), 1)

    assert counts.total == 6
    assert counts.topics == {"Số học": 3, "Hình học": 2, "": 1}
    assert counts.levels == {L.RECOGNITION: 3, L.APPLICATION: 2, None: 1}
    assert counts.kinds == {"single_choice": 5, "short_answer": 1}
    assert counts.tags == {"khó": 2}
    assert [one.item.topic for one in hard.items] == ["Hình học"] * 2
    assert drawing.supply_of(meant(own)) == {
        ("Số học", L.RECOGNITION): 3,
        ("Hình học", L.APPLICATION): 2,
        ("", None): 1,
    }


def test_a_topic_holds_those_below_it_and_no_namesake(app):
    own = bank()
    for topic in ("Hàm số", "Hàm số/Đạo hàm", "Hàm số học", "hàm số/Đạo hàm"):
        filled(own, 1, topic=topic)

    within = finding.items_page(meant(own, topic_within="Hàm số"), 1)

    assert {one.item.topic for one in within.items} == {"Hàm số", "Hàm số/Đạo hàm"}


def test_a_page_beyond_the_end_is_the_last(app):
    own = bank()
    filled(own, 7)

    page = finding.items_page(meant(own), 99, size=5)

    assert (page.number, page.total, len(page.items)) == (2, 7, 2)


def test_the_same_seed_draws_the_same_items(app):
    own = bank()
    filled(own, 60, topic="Số học", level=L.RECOGNITION)
    filled(own, 5, topic="Hình học", level=L.RECOGNITION)
    wanted = meant(own, topics=("Số học",))

    first = drawing.draw(wanted, 10, "đề 101")

    assert drawing.draw(wanted, 10, "đề 101") == first
    assert drawing.draw(wanted, 10, "đề 102") != first
    assert len({one.item_id for one in first}) == 10
    assert len(drawing.draw(meant(own, topics=("Hình học",)), 9, "x")) == 5
    with pytest.raises(Refused):
        drawing.draw_all(meant(own, topics=("Hình học",)), 9, "x")


def test_every_item_has_its_chance(app):
    own = bank()
    items = filled(own, 40)

    drawn = [
        one.item_id for n in range(200) for one in drawing.draw(meant(own), 4, str(n))
    ]

    counts = [drawn.count(item.id) for item in items]
    assert min(counts) >= 6
    assert max(counts) <= 40


def test_a_draw_leaves_out_what_is_retired_or_not_wanted(app):
    own = bank()
    items = filled(own, 6)
    reviewing.retire(items[0], people.account().id, clock.now())

    drawn = drawing.draw(meant(own, without=frozenset({items[1].id})), 9, "x")

    assert {one.item_id for one in drawn} == {item.id for item in items[2:]}


def test_a_draw_pins_the_version_that_is_newest_then(app):
    own = bank()
    (item,) = filled(own, 1)
    before = drawing.draw(meant(own), 1, "x")
    second = edit_item(item, single("Sửa"), None, clock.now())

    assert before[0].version_id != second.id
    assert drawing.draw(meant(own), 1, "x")[0].version_id == second.id


def test_nobody_approves_their_own_item(app):
    writer, reader = people.account("Lê Viết"), people.account("Trần Duyệt")
    version = add_item(bank(), SINGLE, writer.id, clock.now())
    item = version.item

    with pytest.raises(Refused) as refused:
        reviewing.judge(item, version.id, ItemEvent.APPROVE, writer.id, clock.now())
    reviewing.judge(item, version.id, ItemEvent.APPROVE, reader.id, clock.now())

    assert refused.value.reason is BankRefusal.OWN_ITEM
    assert item.state is ItemState.REVIEWED
    assert [row.event for row in reviews_of(item)] == [ItemEvent.APPROVE]


def test_a_new_wording_must_be_read_again(app):
    writer, reader = people.account("Lê Viết"), people.account("Trần Duyệt")
    version = add_item(bank(), SINGLE, writer.id, clock.now())
    item = version.item
    reviewing.judge(item, version.id, ItemEvent.APPROVE, reader.id, clock.now())

    edit_item(item, single("Sửa"), writer.id, clock.now())

    assert item.state is ItemState.DRAFT
    with pytest.raises(Refused) as refused:
        reviewing.judge(item, version.id, ItemEvent.APPROVE, reader.id, clock.now())
    assert refused.value.reason is BankRefusal.OTHER_VERSION


def test_a_retired_item_is_edited_by_nobody_until_it_is_restored(app):
    actor = people.account().id
    version = add_item(bank(), SINGLE, actor, clock.now())
    reviewing.retire(version.item, actor, clock.now(), "Lỗi thời")

    with pytest.raises(Refused):
        edit_item(version.item, single("Sửa"), actor, clock.now())
    reviewing.restore(version.item, actor, clock.now())

    assert edit_item(version.item, single("Sửa"), actor, clock.now()).number == 2


def test_many_items_are_changed_at_once(app):
    own = bank()
    actor = people.account().id
    items = filled(own, 3, topic="Cũ", tags=("cũ", "giữ"))
    change = BulkChange(
        level=L.ADVANCED,
        topic="Mới",
        add_tags=("mới",),
        remove_tags=("cũ",),
        event=ItemEvent.RETIRE,
    )

    changed = reviewing.change_many(items, change, actor, clock.now())
    again = reviewing.change_many(items, change, actor, clock.now())

    assert (changed, again) == (3, 0)
    about = about_of(items[0])
    assert (about.level, about.topic, about.tags) == (L.ADVANCED, "Mới", ("giữ", "mới"))
    assert items[2].state is ItemState.RETIRED
    approve = replace(change, event=ItemEvent.APPROVE)
    with pytest.raises(Refused):
        reviewing.change_many(items, approve, actor, clock.now())


def test_notes_change_without_a_new_version(app):
    version = add_item(bank(), SINGLE, None, clock.now())

    describe_item(version.item, About(name="Câu hay", topic="Căn cước"))

    assert newest_version(version.item) is version
    assert "cau hay can cuoc" in version.item.search


def test_categories_make_a_tree(app):
    own = bank()
    inner = banks.category_at(own, ["Lớp 6", "Số học", "Phân số"])
    again = banks.category_at(own, ["Lớp 6", "Số học", "Phân số"])
    other = banks.category_at(own, ["Lớp 7"])
    filled(own, 2, category_id=inner.id)
    top = banks.categories_of(own)[0]

    assert again is inner
    assert [one.name for one in banks.categories_of(own)] == [
        "Lớp 6",
        "Số học",
        "Phân số",
        "Lớp 7",
    ]
    assert finding.items_page(meant(own, category_id=top.id), 1).total == 2
    assert finding.items_page(meant(own, category_id=other.id), 1).total == 0

    banks.move_category(top, other)

    assert finding.items_page(meant(own, category_id=other.id), 1).total == 2
    assert inner.depth == 3


def test_a_category_is_not_moved_into_itself_nor_emptied_by_deleting(app):
    own = bank()
    inner = banks.category_at(own, ["A", "B"])
    top = banks.categories_of(own)[0]
    refusals = []

    for act in (
        lambda: banks.move_category(top, inner),
        lambda: banks.remove_category(top),
        lambda: banks.add_category(bank("unit:9"), "C", inner),
        lambda: banks.add_category(
            own, "Sâu", banks.category_at(own, list("12345678"))
        ),
    ):
        with pytest.raises(Refused) as refused:
            act()
        refusals.append(refused.value.reason)
    banks.remove_category(inner)
    banks.remove_category(top)

    assert refusals == [
        BankRefusal.CATEGORY_IN_ITSELF,
        BankRefusal.CATEGORY_NOT_EMPTY,
        BankRefusal.OTHER_BANK,
        BankRefusal.CATEGORY_TOO_DEEP,
    ]


def test_a_bank_is_shared_by_reference(app):
    own = bank("unit:1")
    course = courses.course(lessons=1)
    scope = f"course:{course.id}"
    actor = people.account().id
    share = banks.share_bank(own, scope, actor, clock.now())

    assert banks.share_bank(own, scope, actor, clock.now()) is share
    assert [one.id for one in banks.banks_open_to([scope])] == [own.id]
    assert banks.banks_of([scope]) == []
    assert banks.owners_of(["unit:1", scope, "section:4"])[scope] == course.title

    banks.stop_sharing(share, actor, clock.now())

    assert banks.banks_open_to([scope]) == []


def test_stems_that_are_nearly_the_same_are_found(app):
    own = bank()
    for stem in (
        "Thủ đô của nước Cộng hòa xã hội chủ nghĩa Việt Nam là thành phố nào?",
        "Thủ đô của nước Cộng hoà xã hội chủ nghĩa Việt Nam là thành phố nào ?",
        "Hai cộng ba bằng mấy trong hệ thập phân của chúng ta?",
        "Hai cộng bốn bằng mấy trong hệ thập phân của chúng ta?",
        "Tính 12 + 7 rồi nhân với 3.",
        "Tính 12 + 8 rồi nhân với 3.",
    ):
        add_item(own, single(stem), None, clock.now())

    found = duplicates.duplicates_in(own)

    assert [round(pair.likeness) >= 90 for pair in found.twins] == [True] * found.total
    assert found.total == 2
    assert "thu do" in found.twins[0].first.item.search
    assert duplicates.like_this(own, "Tính 12 + 7 rồi nhân với 3")[0][1] > 95


def test_a_calculated_item_is_searched_by_its_text(app):
    own = bank()
    add_item(own, CALCULATED, None, clock.now())

    assert finding.items_page(meant(own, words="dien tich"), 1).total == 1
