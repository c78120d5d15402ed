"""Moodle XML: every question type that we have, pictures, and what is refused."""

from base64 import b64encode
from fractions import Fraction
from typing import Any

import pytest

from courses.exchange.checking import checked_reading
from courses.exchange.rules import PICTURES, Found, Note, NotFound, Trouble
from courses.items.types import parse
from tests.courses.pictures import png


def quiz(*questions: str) -> bytes:
    return f'<?xml version="1.0"?><quiz>{"".join(questions)}</quiz>'.encode()


def question(kind: str, inside: str, stem: str = "<p>Hỏi gì?</p>") -> str:
    return (
        f'<question type="{kind}"><name><text>Tên</text></name>'
        f'<questiontext format="html"><text><![CDATA[{stem}]]></text></questiontext>'
        f"{inside}</question>"
    )


def answer(text: str, fraction: str, more: str = "") -> str:
    return f'<answer fraction="{fraction}"><text>{text}</text>{more}</answer>'


def only(content: bytes) -> Found:
    (found,) = checked_reading(content).items
    assert isinstance(found, Found), found
    return found


CHOICE = answer("Hà Nội", "100") + answer("Huế", "0")
CASES: list[tuple[str, str, str, str, Any, Fraction]] = [
    ("multichoice", CHOICE, "Hỏi?", "single_choice", "a", Fraction(1)),
    (
        "multichoice",
        "<single>false</single>" + answer("A", "50") + answer("B", "50")
        + answer("C", "-50"),
        "Hỏi?", "multiple_choice", ["a", "c"], Fraction(0),
    ),
    (
        "multichoiceset", answer("A", "100") + answer("B", "100") + answer("C", "0"),
        "Hỏi?", "multiple_choice", ["a"], Fraction(0),
    ),
    (
        "truefalse", answer("true", "0") + answer("false", "100"),
        "Hỏi?", "true_false", False, Fraction(1),
    ),
    (
        "shortanswer", "<usecase>1</usecase>" + answer("Hà*", "100"),
        "Hỏi?", "short_answer", "Hà Nội", Fraction(1),
    ),
    (
        "numerical", answer("9.8", "100", "<tolerance>0.1</tolerance>"),
        "Hỏi?", "numerical", "9,85", Fraction(1),
    ),
    (
        "matching",
        "<subquestion><text>một</text><answer><text>1</text></answer></subquestion>"
        "<subquestion><text>hai</text><answer><text>2</text></answer></subquestion>"
        "<subquestion><text></text><answer><text>3</text></answer></subquestion>",
        "Nối", "matching", {"r1": "a", "r2": "c"}, Fraction(1, 2),
    ),
    (
        "ordering", "<gradingtype>ALL_OR_NOTHING</gradingtype>"
        + answer("một", "1") + answer("hai", "2") + answer("ba", "3"),
        "Xếp", "ordering", ["b", "a", "c"], Fraction(0),
    ),
    (
        "kprime",
        "<scoringmethod><text>kprime</text></scoringmethod>"
        + "".join(
            f'<row number="{n}"><rowtext><text>Ý {n}</text></rowtext></row>'
            for n in (1, 2)
        )
        + "".join(
            f'<column number="{n}"><responsetext><text>{word}</text></responsetext>'
            "</column>" for n, word in ((1, "Đúng"), (2, "Sai"))
        )
        + '<weight rownumber="1" columnnumber="1"><value>1.000</value></weight>'
        '<weight rownumber="1" columnnumber="2"><value>0.000</value></weight>'
        '<weight rownumber="2" columnnumber="1"><value>0.000</value></weight>'
        '<weight rownumber="2" columnnumber="2"><value>1.000</value></weight>',
        "Xét", "statements", {"s1": True, "s2": True}, Fraction(1, 2),
    ),
    (
        "gapselect",
        "<selectoption><text>mèo</text><group>1</group></selectoption>"
        "<selectoption><text>chó</text><group>1</group></selectoption>",
        "Con [[1]] bắt chuột, con [[2]] giữ nhà.", "drag_words",
        {"g1": "w1", "g2": "w1"}, Fraction(1, 2),
    ),
    (
        "ddwtos",
        "<dragbox><text>mèo</text><group>1</group><infinite/></dragbox>"
        "<dragbox><text>chó</text><group>1</group></dragbox>",
        "Con [[1]] kêu meo, con [[1]] bắt chuột.", "drag_words",
        {"g1": "w1", "g2": "w1"}, Fraction(1),
    ),
    (
        "calculatedsimple",
        answer(
            "{a}+{b}", "100",
            "<tolerance>0.01</tolerance><tolerancetype>2</tolerancetype>"
            "<correctanswerformat>1</correctanswerformat>"
            "<correctanswerlength>0</correctanswerlength>",
        )
        + "<dataset_definitions>"
        + "".join(
            f"<dataset_definition><name><text>{name}</text></name><dataset_items>"
            f"<dataset_item><number>1</number><value>{value}</value></dataset_item>"
            "</dataset_items></dataset_definition>"
            for name, value in [("a", 2), ("b", 3)]
        )
        + "</dataset_definitions>",
        "{a} cộng {b}?", "calculated", "5", Fraction(1),
    ),
]  # fmt: skip


@pytest.mark.parametrize(
    ("type_", "inside", "stem", "kind", "response", "share"),
    CASES,
    ids=[f"{case[0]}-{number}" for number, case in enumerate(CASES)],
)
def test_every_type_grades_as_it_did_there(
    type_: str, inside: str, stem: str, kind: str, response: Any, share: Fraction
):
    found = only(quiz(question(type_, inside, stem)))

    assert found.kind == kind
    assert parse(found.spec).grade(response).share == share


def test_an_embedded_picture_travels_with_the_stem():
    content = png(40, 30)
    file = (
        f'<file name="hình 1.png" path="/" encoding="base64">'
        f"{b64encode(content).decode()}</file>"
    )
    stem = '<p>Nhìn <img src="@@PLUGINFILE@@/h%C3%ACnh%201.png" alt="tam giác"></p>'
    text = question("description", "", stem).replace(
        "</questiontext>", f"{file}</questiontext>"
    )

    found = only(quiz(text))

    ((name, picture),) = found.pictures.items()
    assert picture.content == content
    assert f'src="{PICTURES}{name}"' in found.spec["stem"]
    assert found.notes == ()


def test_a_picture_from_the_net_is_left_out_and_noted():
    stem = '<p>Nhìn <img src="https://example.org/a.png" alt="bản đồ">.</p>'

    found = only(quiz(question("description", "", stem)))

    assert "<img" not in found.spec["stem"]
    assert "[bản đồ]" in found.spec["stem"]
    assert found.notes == (Note.PICTURE_LEFT_OUT,)


def test_labels_and_markers_lie_on_their_picture():
    background = (
        f'<file name="nen.png" encoding="base64">{b64encode(png(200, 100)).decode()}'
        "</file>"
    )
    labels = question(
        "ddimageortext",
        background + "<drag><no>1</no><text>tim</text><draggroup>1</draggroup></drag>"
        "<drop><no>1</no><choice>1</choice><xleft>20</xleft><ytop>10</ytop></drop>",
    )
    markers = question(
        "ddmarker",
        background + "<drag><no>1</no><text>Hà Nội</text></drag><drop><no>1</no>"
        "<shape>circle</shape><coords>50,40;15</coords><choice>1</choice></drop>",
    )

    first, second = checked_reading(quiz(labels, markers)).found

    assert parse(first.spec).grade({"z1": "d1"}).share == 1
    assert parse(second.spec).grade({"m1": [[55, 45]]}).share == 1
    assert parse(second.spec).grade({"m1": [[80, 80]]}).share == 0


@pytest.mark.parametrize(
    ("type_", "inside", "trouble"),
    [
        ("coderunner", "", Trouble.KIND_NOT_SUPPORTED),
        ("multichoice", answer("A", "0") + answer("B", "0"), Trouble.NO_KEY),
        ("multichoice", answer("A", "50") + answer("B", "0"), Trouble.WRONG_WEIGHTS),
        ("multichoice", answer("A", "100"), Trouble.NO_OPTIONS),
        ("numerical", answer("mười", "100"), Trouble.WRONG_NUMBER),
        ("cloze", "", Trouble.WRONG_CLOZE),
        ("ddmarker", "<drop><choice>9</choice></drop>", Trouble.WRONG_PAIRS),
    ],
)
def test_a_question_is_refused_by_itself_with_its_place(
    type_: str, inside: str, trouble: Trouble
):
    reading = checked_reading(
        quiz(question(type_, inside), question("multichoice", CHOICE))
    )

    bad, good = reading.items
    assert isinstance(bad, NotFound)
    assert (bad.where, bad.trouble, bad.title) == ("1 (dòng 1)", trouble, "Tên")
    assert isinstance(good, Found)


def test_categories_tags_points_and_names_are_kept():
    category = (
        '<question type="category"><category><text>$course$/top/Sử 9/Chương I</text>'
        "</category></question>"
    )
    tagged = question(
        "multichoice",
        CHOICE
        + "<defaultgrade>2.5000000</defaultgrade><idnumber>su-01</idnumber>"
        + "<tags><tag><text>TH</text></tag><tag><text>cổ đại</text></tag></tags>",
    )

    found = only(quiz(category, tagged))

    assert found.topic == ("Sử 9", "Chương I")
    assert (found.external_id, found.points, found.level) == ("su-01", "2.5", "TH")
    assert found.tags == ("TH", "cổ đại")
