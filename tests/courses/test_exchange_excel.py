"""Excel by template, out and in; and QTI 1.2, as Canvas writes it."""

from io import BytesIO
from zipfile import ZipFile

import pytest
import xlsxwriter

from courses.exchange.checking import checked_reading
from courses.exchange.exported import Exported
from courses.exchange.formats import excel
from courses.exchange.rules import NotFound, NotTaken, Trouble
from courses.items.types import parse


def book(*rows: tuple[str, ...]) -> bytes:
    out = BytesIO()
    with xlsxwriter.Workbook(out, {"strings_to_formulas": False}) as made:
        sheet = made.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return out.getvalue()


def test_the_template_holds_an_example_of_each_kind_and_is_read():
    found = checked_reading(excel.template()).found

    assert [one.kind for one in found] == [
        "single_choice",
        "multiple_choice",
        "true_false",
        "statements",
        "numerical",
        "short_answer",
        "essay",
    ]
    assert found[1].spec["correct"] == ["a", "c"]
    assert parse(found[3].spec).key() == {"a": True, "b": False, "c": True, "d": False}


def test_columns_are_found_by_their_headings_in_any_order():
    (found,) = checked_reading(
        book(
            ("Mã câu", "Đáp án", "Câu hỏi", "B", "A", "Mức độ", "Chủ đề"),
            ("c1", "B", "Thủ đô?", "Hà Nội", "Huế", "nb", "Địa lý/Việt Nam"),
        )
    ).found

    assert found.spec["correct"] == "b"
    assert (found.external_id, found.level) == ("c1", "NB")
    assert found.topic == ("Địa lý", "Việt Nam")


def test_each_row_is_refused_by_itself():
    reading = checked_reading(
        book(
            ("Câu hỏi", "A", "B", "Đáp án"),
            ("Hỏi?", "một", "hai", "D"),
            ("Hỏi?", "một", "", "A"),
            ("", "một", "hai", "A"),
            ("Tốt?", "một", "hai", "A"),
        )
    )

    refused = [
        (one.where, one.trouble) for one in reading.items if isinstance(one, NotFound)
    ]
    assert refused == [
        ("Dòng 2", Trouble.NO_KEY),
        ("Dòng 3", Trouble.NO_OPTIONS),
        ("Dòng 4", Trouble.NO_STEM),
    ]
    assert len(reading.found) == 1


def test_another_table_is_told_what_it_lacks():
    with pytest.raises(NotTaken) as refused:
        checked_reading(book(("Họ tên", "Lớp"), ("An", "9A")))

    assert refused.value.detail == "Câu hỏi, Đáp án"


def test_what_goes_out_is_text_and_no_formula():
    spec = {
        "kind": "single_choice",
        "stem": "<p>=HYPERLINK(&quot;http://x&quot;)</p>",
        "options": [{"id": "a", "text": "+1"}, {"id": "b", "text": "@SUM(A1)"}],
        "correct": "a",
    }

    content = excel.write([Exported(spec, external_id="=cmd|x")]).content

    with ZipFile(BytesIO(content)) as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")
    (again,) = checked_reading(content).found
    assert again.spec["stem"] == '=HYPERLINK("http://x")'
    assert again.spec["correct"] == "a"


CANVAS = """<questestinterop xmlns="http://www.imsglobal.org/xsd/ims_qtiasiv1p2">
<item ident="i1" title="Câu 1"><presentation><material>
<mattext texttype="text/html">&lt;p&gt;Thủ đô?&lt;/p&gt;</mattext></material>
<response_lid ident="r" rcardinality="Single"><render_choice>
<response_label ident="x"><material><mattext>Huế</mattext></material></response_label>
<response_label ident="y"><material><mattext>Hà Nội</mattext></material>
</response_label>
</render_choice></response_lid></presentation><resprocessing><respcondition>
<conditionvar><varequal respident="r">y</varequal></conditionvar>
<setvar varname="SCORE" action="Set">100</setvar></respcondition></resprocessing></item>
<item ident="i2" title="Câu 2"><presentation><material>
<mattext>Ba nhân bốn?</mattext></material><response_str ident="s">
<render_fib fibtype="Decimal"><response_label ident="l"/></render_fib></response_str>
</presentation><resprocessing><respcondition><conditionvar><or>
<varequal respident="s">12</varequal><and><vargte respident="s">11.5</vargte>
<varlte respident="s">12.5</varlte></and></or></conditionvar>
<setvar varname="SCORE" action="Set">100</setvar></respcondition></resprocessing></item>
<item ident="i3"><presentation><material><mattext>?</mattext></material>
<response_lid ident="r" rcardinality="Single"><render_choice>
<response_label ident="x"><material><mattext>a</mattext></material></response_label>
<response_label ident="y"><material><mattext>b</mattext></material></response_label>
</render_choice></response_lid></presentation></item></questestinterop>"""


def test_canvas_writes_choices_and_numbers_in_the_old_way():
    first, second, third = checked_reading(CANVAS.encode()).items

    assert (first.spec["correct"], first.external_id) == ("b", "i1")
    assert parse(second.spec).grade("12.4").share == 1
    assert isinstance(third, NotFound)
    assert third.trouble is Trouble.NO_KEY
