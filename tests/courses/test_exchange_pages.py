"""A teacher brings question files in: looks, mends, keeps, and takes them out again."""

import re
from io import BytesIO
from typing import Any

import pytest
from werkzeug.test import TestResponse

from courses.exchange.models import ImportLine, ItemImport
from courses.exchange.rules import ImportState, LineState
from courses.items.models import Item, ItemBank, ItemVersion
from courses.items.services.items import bank_of_course
from lms.kernel.db import db
from media.models import Asset
from tests.courses import word_papers
from tests.factories import courses, people

GIFT = (
    "$CATEGORY: $course$/top/Địa lý\n\n"
    "// [id:dl-1] [tag:NB]\n::Câu 1::Thủ đô của nước ta?{=Hà Nội ~Huế}\n\n"
    "::Câu 2::Trái đất tròn.{T}\n\n::Câu 3::Hỏng {~a ~b}\n"
).encode()


@pytest.fixture
def course(client, sign_in):
    made = courses.course()
    sign_in(people.account("Lê Biên", author=f"course:{made.id}"))
    return made


@pytest.fixture
def bring(client, course):
    """Return a function that uploads a file and gives the import that it became."""

    def upload(content: bytes, name: str = "đề 1.gift") -> ItemImport:
        answer = sent(content, name)
        assert answer.status_code == 303, answer.get_data(as_text=True)[-3000:]
        return db.session.get(ItemImport, int(answer.location.rpartition("/")[2]))

    def sent(content: bytes, name: str) -> TestResponse:
        address = f"/courses/{course.id}/items/import"
        return client.post(address, data={"file": (BytesIO(content), name)})

    upload.sent = sent
    return upload


def lines(made: ItemImport) -> list[ImportLine]:
    db.session.expire_all()
    query = db.select(ImportLine).filter_by(item_import_id=made.id)
    return list(db.session.scalars(query.order_by(ImportLine.number)))


def specs() -> list[dict[str, Any]]:
    db.session.expire_all()
    query = (
        db.select(ItemVersion)
        .join(Item)
        .where(Item.newest_number == ItemVersion.number)
    )
    return [one.spec for one in db.session.scalars(query.order_by(Item.id))]


def test_the_preview_shows_each_item_as_learners_see_it(client, bring):
    made = bring(GIFT)

    page = client.get(f"/item-imports/{made.id}").get_data(as_text=True)

    assert made.file_name == "đề 1.gift"
    assert 'type="radio" name="response-1"' in page
    assert "Đưa 2 câu vào ngân hàng" in page
    assert "Có 1 câu chưa đọc được" in page
    assert "Không thấy đáp án đúng." in page
    assert specs() == []


def test_what_was_understood_goes_into_the_bank_once(client, bring, course):
    first = bring(GIFT)
    assert client.post(f"/item-imports/{first.id}/keep").status_code == 303
    before = specs()

    again = bring(GIFT)
    client.post(f"/item-imports/{again.id}/keep")

    assert len(before) == 2
    assert specs() == before
    assert [line.outcome for line in lines(again)] == ["same", "same", ""]
    item = db.session.scalar(db.select(Item).filter_by(external_id="dl-1"))
    assert (item.name, item.topic, item.level.value) == (
        "Câu 1",
        "Địa lý",
        "recognition",
    )
    assert item.bank_id == bank_of_course(course.id).id


def test_another_key_makes_a_new_version_of_the_same_item(client, bring):
    client.post(f"/item-imports/{bring(GIFT).id}/keep")

    changed = GIFT.replace("=Hà Nội ~Huế".encode(), "~Hà Nội =Huế".encode())
    second = bring(changed)
    client.post(f"/item-imports/{second.id}/keep")

    assert [line.outcome for line in lines(second)][:2] == ["changed", "same"]
    assert specs()[0]["correct"] == "b"
    assert len(specs()) == 2


def test_a_teacher_mends_what_was_not_read(client, bring):
    made = bring(word_papers.with_faults(), "de.docx")
    broken = lines(made)[0]
    page = client.get(f"/item-import-lines/{broken.id}").get_data(as_text=True)
    assert 'value="một"' in page

    client.post(
        f"/item-import-lines/{broken.id}?kind=single_choice",
        data={
            "stem": "<p>Câu này đã có đáp án.</p>",
            "options-1": "một",
            "options-2": "hai",
            "options-correct": "2",
            "points": "1",
            "explanation": "",
        },
    )

    mended = lines(made)[0]
    assert (mended.state, mended.trouble) == (LineState.MENDED, "")
    assert mended.spec["correct"] == "b"
    client.post(f"/item-imports/{made.id}/keep")
    assert len(specs()) == 2


def test_pictures_lie_in_our_own_media_and_only_once(client, bring):
    content = word_papers.formulas_and_pictures()

    first, second = bring(content, "a.docx"), bring(content, "a.docx")

    assert lines(first)[0].spec == lines(second)[0].spec
    assert db.session.query(Asset).count() == 2
    address = re.search(r'src="(/media/images/[^"]+)"', lines(first)[0].spec["stem"])
    assert client.get(address[1]).mimetype == "image/png"


def test_an_item_may_be_left_out_and_taken_back(client, bring):
    made = bring(GIFT)
    first = lines(made)[0]

    client.post(f"/item-import-lines/{first.id}/skip")
    assert lines(made)[0].state is LineState.SKIPPED
    client.post(f"/item-import-lines/{first.id}/skip")
    assert lines(made)[0].state is LineState.UNDERSTOOD


def test_what_stands_in_a_file_twice_comes_once(client, bring):
    made = bring(b"Ai?{=An ~Ba}\n\nAi?{=An ~Ba}\n\nAi?{~An =Ba}\n")

    assert [line.state for line in lines(made)] == [
        LineState.UNDERSTOOD,
        LineState.SKIPPED,
        LineState.UNDERSTOOD,
    ]
    client.post(f"/item-imports/{made.id}/keep")
    assert len(specs()) == 2


def test_an_import_is_kept_once_or_dropped(client, bring):
    made = bring(GIFT)
    client.post(f"/item-imports/{made.id}/keep")

    assert client.post(f"/item-imports/{made.id}/keep").status_code == 409
    assert client.post(f"/item-imports/{made.id}/drop").status_code == 409
    other = bring(GIFT)
    assert client.post(f"/item-imports/{other.id}/drop").status_code == 303
    assert db.session.get(ItemImport, other.id) is None
    assert db.session.get(ItemImport, made.id).state is ImportState.KEPT


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "Không nhận ra định dạng"),
        (b"PK\x03\x04 this is no zip", "Tệp nén bị hỏng"),
        ("Thư mời họp phụ huynh.".encode(), "Không nhận ra định dạng"),
    ],
)
def test_a_file_that_is_none_is_told_on_the_form(bring, content: bytes, said: str):
    answer = bring.sent(content, "thu.docx")

    assert answer.status_code == 422
    assert said in answer.get_data(as_text=True)


@pytest.mark.parametrize("format_", ["moodle_xml", "qti_3_0", "qti_2_1", "gift"])
def test_a_bank_goes_out_and_comes_in_unchanged(client, bring, format_: str):
    content = word_papers.formulas_and_pictures() if format_ != "gift" else GIFT
    client.post(f"/item-imports/{bring(content).id}/keep")
    before, bank = specs(), db.session.scalar(db.select(ItemBank))

    out = client.get(f"/item-banks/{bank.id}/export/{format_}")
    again = bring(out.data, out.headers["Content-Disposition"])
    client.post(f"/item-imports/{again.id}/keep")

    if format_ == "gift":
        # The one without a name of its own is known by its words.
        assert {line.outcome for line in lines(again)} <= {"same", "changed"}
    else:
        assert {line.outcome for line in lines(again)} == {"same"}
        assert specs() == before


def test_the_preview_asks_few_questions_of_the_database(client, bring, queries):
    many = b"\n\n".join(b"Ai %d?{=An ~Ba}" % n for n in range(45))
    made = bring(many)

    with queries() as asked:
        client.get(f"/item-imports/{made.id}?page=2")

    assert len(asked) <= 10
