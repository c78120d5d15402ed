"""Excel files are read as people fill them in, and refused where they are no lists."""

import re
import struct
import unicodedata
import zipfile
from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.kernel.errors import Refused
from lms.kernel.personal_number import NumberRefusal
from lms.kernel.spreadsheets import cells, reading, writing
from lms.kernel.spreadsheets.sheets import (
    BadCell,
    CellRefusal,
    Column,
    Sheet,
    SheetRefusal,
)
from tests.factories.sheets import with_formula, xlsx

C, S = CellRefusal, SheetRefusal
PEOPLE = Sheet(
    "Người",
    (
        Column("code", "Mã", cells.code(), required=True),
        Column("name", "Họ và tên", cells.name(), required=True),
        Column("born", "Ngày sinh", cells.day(), help="ngày/tháng/năm"),
    ),
    unique=("code",),
)
HEADINGS = ("Mã *", "Họ và tên", "Ngày sinh (ngày/tháng/năm)")


def parsed(parser, cell):
    """Return the value, or the reason why there is none."""
    try:
        return parser(cell)
    except BadCell as bad:
        return bad.wrong.reason


def why_refused(content, sheet=PEOPLE):
    with pytest.raises(Refused) as refusal:
        reading.read(sheet, content)
    return refusal.value.reason


def remade(content, change):
    """Return the file with its parts as *change* gives them: {name: bytes or None}."""
    out = BytesIO()
    with (
        zipfile.ZipFile(BytesIO(content)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for part in old.namelist():
            kept = change.get(part, old.read(part))
            if kept is not None:
                new.writestr(part, kept)
        for part in change.keys() - set(old.namelist()):
            new.writestr(part, change[part])
    return out.getvalue()


GOOD = xlsx(HEADINGS, ("A1", "Nguyễn Thị An", date(2010, 9, 5)))


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        (date(2010, 9, 5), date(2010, 9, 5)),
        ("5/9/2010", date(2010, 9, 5)),
        ("05-09-2010", date(2010, 9, 5)),
        ("05.09.2010", date(2010, 9, 5)),
        (" 05 / 09 / 2010 ", date(2010, 9, 5)),
        ("2010-09-05", date(2010, 9, 5)),
        ("29/2/2012", date(2012, 2, 29)),
        ("29/2/2011", C.DAY),
        ("9/13/2010", C.DAY),
        ("5/9/10", C.DAY_YEAR),
        ("٥/٩/٢٠١٠", C.DAY),
        ("mai", C.DAY),
        (40426.0, C.DAY_AS_NUMBER),
        (True, C.DAY_AS_NUMBER),
        ("1/1/1899", C.DAY_RANGE),
    ],
)
def test_a_day_is_taken_in_the_ways_people_type_it(cell, value):
    assert parsed(cells.day(), cell) == value


@pytest.mark.parametrize(
    ("parser", "cell", "value"),
    [
        (cells.whole(0, 9999), "1.234", 1234),
        (cells.whole(0, 9999), 12.0, 12),
        (cells.whole(0, 9999), "12,5", C.NUMBER),
        (cells.whole(0, 9999), "10000", C.NUMBER_RANGE),
        (cells.whole(0, 9999), "", C.NUMBER),
        (cells.whole(0, 9999), "nan", C.NUMBER),
        (cells.decimal(Decimal(0), Decimal(10)), "7,5", Decimal("7.5")),
        (cells.decimal(Decimal(0), Decimal(10)), "7.5", Decimal("7.5")),
        (cells.decimal(Decimal(0), Decimal(10)), 7.5, Decimal("7.5")),
        (cells.decimal(Decimal(0), Decimal(10)), "75", C.NUMBER_RANGE),
        (cells.decimal(Decimal(0), Decimal(10)), "1e1", Decimal(10)),
        (cells.name(), "  nguyễn  thị an ", "nguyễn thị an"),
        (cells.name(), "Y Ngông Niê Kđăm", "Y Ngông Niê Kđăm"),
        (cells.name(), 12.0, C.NAME),
        (cells.name(), "An 2", C.NAME),
        (cells.name(), "<b>An</b>", C.NAME),
        (cells.text(5), "dài quá", C.TOO_LONG),
        (cells.text(5), "a\u202eb", C.UNPRINTABLE),
        (cells.code(), 7.0, "7"),
        (cells.code(), "7A/1", "7A/1"),
        (cells.code(), "7 A", C.CODE),
        (cells.choice({"Nam": 1, "Nữ": 2}), "nu", 2),
        (cells.choice({"Nam": 1, "Nữ": 2}), "NỮ", 2),
        (cells.choice({"Nam": 1, "Nữ": 2}), "khác", C.CHOICE),
        (cells.phone(), "+84 905 123 456", "0905123456"),
        (cells.phone(), 905123456.0, C.DIGITS_LOST),
        (cells.phone(), "12", C.PHONE),
        (cells.email(), "An@PhongDien.gov.vn", "an@phongdien.gov.vn"),
        (cells.email(), "an@", C.EMAIL),
        (cells.number_of_person(), "046 099 001 234", "046099001234"),
        (cells.number_of_person(), 46099001234.0, C.DIGITS_LOST),
        (cells.number_of_person(), "4609900123", NumberRefusal.LENGTH),
        (cells.number_of_person(), "000099001234", NumberRefusal.PROVINCE),
        (cells.number_of_person(invented=True), "000099001234", "000099001234"),
    ],
)
def test_a_cell_becomes_a_value_or_a_reason(parser, cell, value):
    assert parsed(parser, cell) == value


def test_names_are_composed_letters():
    spread = unicodedata.normalize("NFD", "Nguyễn Thị Ánh")

    assert cells.name()(spread) == "Nguyễn Thị Ánh"


@given(st.one_of(st.text(), st.floats(), st.booleans(), st.dates(), st.datetimes()))
@settings(max_examples=150)
def test_no_cell_makes_a_parser_fall(cell):
    for parser in (
        cells.text(40),
        cells.name(),
        cells.code(),
        cells.whole(0, 9),
        cells.decimal(Decimal(0), Decimal(10)),
        cells.day(),
        cells.choice({"a": 1}),
        cells.number_of_person(),
        cells.phone(),
        cells.email(),
    ):
        parsed(parser, cell)


def test_a_list_is_read_with_every_bad_cell_named():
    content = xlsx(
        HEADINGS,
        ("A1", "Nguyễn Thị An", date(2010, 9, 5)),
        ("", "", ""),
        ("A1", "", "31/02/2010"),
        (12, "Trần Văn Bình", ""),
    )

    first, second, third = reading.read(PEOPLE, content)

    assert (first.number, first.errors) == (2, {})
    assert first.values["born"] == date(2010, 9, 5)
    assert first.shown["born"] == "05/09/2010"
    assert second.number == 4
    assert {key: wrong.reason for key, wrong in second.errors.items()} == {
        "code": C.TWICE,
        "name": C.MISSING,
        "born": C.DAY,
    }
    assert second.errors["code"].about == {"number": 2}
    assert (third.values["code"], third.values["born"]) == ("12", None)


def test_headings_may_stand_below_a_title_and_in_another_order():
    content = xlsx(("NGAY SINH", "họ và tên*", "ma"), ("5/9/2010", "An", "A1"), above=3)

    (row,) = reading.read(PEOPLE, content)

    assert (row.number, row.values["code"], row.errors) == (5, "A1", {})


def test_a_template_is_read_back_and_holds_no_rows():
    content = writing.template(PEOPLE)

    assert why_refused(content) is S.EMPTY
    (row,) = reading.read(
        PEOPLE, writing.template(PEOPLE, [("007", "=An", date(2010, 9, 5))])
    )
    assert row.values["code"] == "007"
    assert row.values["born"] == date(2010, 9, 5)
    assert row.errors["name"].reason is C.NAME


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", b"a,b\n1,2", b"\x00" * 4096])
def test_a_file_of_another_kind_is_refused(content):
    assert why_refused(content) is S.NOT_EXCEL


def test_other_files_that_are_archives_are_refused():
    docx = remade(GOOD, {"xl/workbook.xml": None, "word/document.xml": b"<a/>"})

    assert why_refused(docx) is S.NOT_EXCEL
    assert why_refused(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600) is (
        S.OLD_EXCEL
    )


def test_a_formula_is_refused():
    assert why_refused(with_formula(HEADINGS)) is S.FORMULAS
    page = b'<x:worksheet xmlns:x="u"><x:c r="A1"><x:f>1</x:f></x:c></x:worksheet>'
    assert why_refused(remade(GOOD, {"xl/worksheets/sheet1.xml": page})) is S.FORMULAS


def test_a_formula_across_two_chunks_is_found():
    size = reading._CHUNK
    page = b"<worksheet>" + b" " * (size - 12) + b"<f>1</f></worksheet>"

    assert why_refused(remade(GOOD, {"xl/worksheets/sheet1.xml": page})) is S.FORMULAS


@pytest.mark.parametrize(
    "part",
    ["xl/vbaProject.bin", "xl/externalLinks/externalLink1.xml", "xl/activeX/a.xml"],
)
def test_a_file_with_programs_or_links_is_refused(part):
    assert why_refused(remade(GOOD, {part: b"x"})) is S.MACROS


def test_a_bomb_is_refused_before_it_swells():
    bomb = remade(GOOD, {"xl/media/a.xml": b"\x00" * (reading.MOST_BYTES + 1)})
    assert len(bomb) < 200_000

    assert why_refused(bomb) is S.BOMB


def test_a_bomb_that_lies_about_its_size_is_refused():
    size = 3_000_000
    bomb = remade(GOOD, {"xl/media/a.xml": b"\x00" * size})
    lying = bomb.replace(struct.pack("<L", size), struct.pack("<L", 10))
    assert lying != bomb

    assert why_refused(lying) is S.BROKEN


def test_very_many_parts_are_refused():
    parts = {f"xl/media/{n}.xml": b"" for n in range(reading.MOST_PARTS)}

    assert why_refused(remade(GOOD, parts)) is S.BOMB


def test_entities_are_refused():
    page = b'<!DOCTYPE a [<!ENTITY b "c">]><worksheet>&b;</worksheet>'

    assert why_refused(remade(GOOD, {"xl/worksheets/sheet1.xml": page})) is S.BROKEN


@pytest.mark.parametrize("cut", [10, 100, 1000, -30])
def test_a_torn_file_is_refused(cut):
    assert why_refused(GOOD[:cut]) in (S.BROKEN, S.NOT_EXCEL)


def test_a_broken_page_is_refused():
    assert why_refused(remade(GOOD, {"xl/worksheets/sheet1.xml": b"<a"})) in (
        S.BROKEN,
        S.HEADINGS,
        S.EMPTY,
    )


def test_missing_headings_and_too_many_rows_are_refused():
    assert why_refused(xlsx(("Mã", "Tên khác"), ("A1", "An"))) is S.HEADINGS
    many = [("A", "An", "")] * (reading.MOST_ROWS + 1)
    assert why_refused(xlsx(HEADINGS, *many)) is S.TOO_MANY_ROWS


def test_what_is_written_is_never_a_formula():
    content = writing.write(
        "Danh sách", [("Tên", 20)], [["=cmd|' /C calc'!A0"], ["+1"], ["@a"], ["-2"]]
    )

    page = zipfile.ZipFile(BytesIO(content)).read("xl/worksheets/sheet1.xml")
    assert not re.search(rb"<f[ >]", page)
    reading.inspect(content)


def test_reading_tells_how_far_it_is():
    told = []
    rows = [(f"A{n}", "An", "") for n in range(1200)]

    reading.read(PEOPLE, xlsx(HEADINGS, *rows), lambda *far: told.append(far))

    assert told == [(0, 1200), (500, 1200), (1000, 1200)]
