"""Question files made to hurt: bombs, ways out of the archive, programs in the text."""

import zlib
from io import BytesIO
from time import perf_counter
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import pytest

from courses.exchange.checking import checked_reading
from courses.exchange.exported import Exported
from courses.exchange.formats import WRITERS
from courses.exchange.models import ItemImport
from courses.exchange.rules import NotTaken, Trouble
from lms.kernel import richtext
from lms.kernel.db import db
from tests.attacks.scripts import SCRIPTS
from tests.factories import courses, people

LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE quiz [<!ENTITY a "ha">'
    + "".join(
        f'<!ENTITY {chr(98 + n)} "{("&" + chr(97 + n) + ";") * 10}">' for n in range(9)
    )
    + "]><quiz><question type='essay'><questiontext><text>&j;</text></questiontext>"
    "</question></quiz>"
)
FOREIGN = (
    '<?xml version="1.0"?><!DOCTYPE quiz [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    "<quiz><question type='essay'><questiontext><text>&x;</text></questiontext>"
    "</question></quiz>"
)
MANIFEST = (
    '<manifest xmlns="http://www.imsglobal.org/xsd/imscp_v1p1"><resources>'
    '<resource identifier="r" type="imsqti_item_xmlv2p1" href="{}"/></resources>'
    "</manifest>"
)


def packed(files: dict[str, bytes]) -> bytes:
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def trouble_of(content: bytes) -> Trouble:
    with pytest.raises(NotTaken) as refused:
        checked_reading(content)
    return refused.value.trouble


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("bomb", [LAUGHS, FOREIGN])
def test_xml_that_defines_entities_is_never_expanded(bomb: str, encoding: str):
    began = perf_counter()

    assert trouble_of(bomb.encode(encoding)) in (
        Trouble.FORBIDDEN_XML,
        Trouble.UNKNOWN_FORMAT,
        Trouble.NOT_WELL_FORMED,
    )

    assert perf_counter() - began < 2


def test_xml_of_a_hundred_thousand_floors_is_refused():
    deep = b"<?xml version='1.0'?><quiz>" + b"<a>" * 100_000 + b"</a>" * 100_000
    assert trouble_of(deep + b"</quiz>") in (
        Trouble.NOT_WELL_FORMED,
        Trouble.FORBIDDEN_XML,
    )


@pytest.mark.parametrize(
    "name", ["../../etc/cron.d/x", "/etc/passwd", "..\\..\\x", "a/../../x", "C:\\x"]
)
def test_a_package_leads_nowhere_out_of_itself(name: str):
    assert trouble_of(packed({"imsmanifest.xml": b"<manifest/>", name: b"x"})) is (
        Trouble.BAD_ARCHIVE
    )


def test_a_manifest_that_points_outside_is_refused():
    content = packed({"imsmanifest.xml": MANIFEST.format("../../etc/passwd").encode()})

    assert trouble_of(content) is Trouble.BAD_ARCHIVE


def test_an_item_shows_no_file_from_outside_its_package():
    item = (
        b'<assessmentItem identifier="a" title="t"><responseDeclaration '
        b'identifier="RESPONSE" cardinality="single" baseType="string"/><itemBody>'
        b'<p>x <img src="../../../../etc/passwd" alt="h"/></p>'
        b'<extendedTextInteraction responseIdentifier="RESPONSE"/></itemBody>'
        b"</assessmentItem>"
    )
    content = packed(
        {"imsmanifest.xml": MANIFEST.format("i.xml").encode(), "i.xml": item}
    )

    (found,) = checked_reading(content).found

    assert found.pictures == {}
    assert "<img" not in found.spec["stem"]


def test_an_archive_that_swells_is_refused_before_it_is_unpacked():
    content = packed({"imsmanifest.xml": b"\x00" * (40 * 1024 * 1024)})
    assert len(content) < 100_000

    assert trouble_of(content) in (Trouble.BAD_ARCHIVE, Trouble.TOO_LARGE)


def test_an_archive_of_too_many_files_is_refused():
    content = packed({f"{n}.xml": b"" for n in range(10_050)})

    assert trouble_of(content) is Trouble.TOO_MANY


def test_a_link_in_an_archive_is_refused():
    out = BytesIO()
    with ZipFile(out, "w") as archive:
        archive.writestr("imsmanifest.xml", "<manifest/>")
        link = ZipInfo("hinh.png")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")

    assert trouble_of(out.getvalue()) is Trouble.BAD_ARCHIVE


def test_a_word_file_of_zeros_is_refused():
    deflated = zlib.compress(b"\x00" * 100)
    content = packed({"word/document.xml": b"<w" + deflated})

    assert trouble_of(content) is Trouble.NOT_WELL_FORMED


@pytest.fixture
def bring(client, sign_in):
    course = courses.course()
    sign_in(people.account("Lê Biên", author=f"course:{course.id}"))

    def upload(content: bytes, name: str):
        answer = client.post(
            f"/courses/{course.id}/items/import",
            data={"file": (BytesIO(content), name)},
        )
        return client.get(answer.location).text if answer.location else answer.text

    return upload


QUESTION = """<quiz><question type='multichoice'>
<name><text><![CDATA[{name}]]></text></name>
<questiontext format='html'><text><![CDATA[<p>Hỏi?</p>{stem}]]></text></questiontext>
<answer fraction='100' format='html'><text><![CDATA[a{option}]]></text>
<feedback format='html'><text><![CDATA[f{said}]]></text></feedback></answer>
<answer fraction='0'><text>b</text></answer>
<tags><tag><text><![CDATA[{name}]]></text></tag></tags></question></quiz>"""


def moodle(stem: str, option: str, said: str, name: str) -> bytes:
    return QUESTION.format(stem=stem, option=option, said=said, name=name).encode()


@pytest.mark.parametrize("script", SCRIPTS)
def test_no_script_of_a_file_runs_on_the_preview(bring, script: str):
    page = bring(moodle(script, script, script, script), f"{script}.xml")

    assert not richtext.tries_to_run(page.partition("<main")[2].partition("</main")[0])


def test_a_picture_that_is_a_program_is_left_out(bring):
    svg = "PHN2ZyBvbmxvYWQ9ImFsZXJ0KDEpIi8+"
    stem = f'<img src="data:image/svg+xml;base64,{svg}" alt="h">'

    page = bring(moodle(stem, "", "", "x"), "x.xml").partition("<main")[2]

    assert "svg+xml" not in page
    assert "[h]" in page


@pytest.mark.parametrize(
    "name", ["../../x.xml", "a; filename=b.xml", "x" * 5000 + ".xml", "\x00.xml"]
)
def test_a_strange_file_name_is_only_a_name(bring, name: str):
    page = bring(moodle("", "", "", "x"), name)

    made = db.session.scalar(db.select(ItemImport))
    assert "Hỏi?" in page
    assert len(made.file_name) <= 200


@pytest.mark.parametrize("formula", ["{__import__('os').system('x')}", "{9**9**9**9}"])
def test_a_formula_of_a_file_is_never_run(formula: str):
    content = (
        "<quiz><question type='calculated'><questiontext><text>{a}?</text>"
        "</questiontext>"
        f"<answer fraction='100'><text>{formula}</text></answer><dataset_definitions>"
        "<dataset_definition><name><text>a</text></name><dataset_items><dataset_item>"
        "<number>1</number><value>1</value></dataset_item></dataset_items>"
        "</dataset_definition></dataset_definitions></question></quiz>"
    )

    assert checked_reading(content.encode()).found == ()


def test_strangers_and_other_teachers_see_no_import(client, bring, sign_in):
    bring(moodle("", "", "", "x"), "x.xml")
    made = db.session.scalar(db.select(ItemImport))
    sign_in(people.account("Người khác", author=f"course:{courses.course('Khác').id}"))

    for address in (
        f"/item-imports/{made.id}",
        "/item-import-lines/1",
        f"/item-banks/{made.bank_id}/import",
        f"/item-banks/{made.bank_id}/export",
        f"/item-banks/{made.bank_id}/export/moodle_xml",
    ):
        assert client.get(address).status_code == 404
    assert client.post(f"/item-imports/{made.id}/keep").status_code == 404


@pytest.mark.parametrize("format_", WRITERS)
def test_no_format_lets_a_text_break_out_of_its_place(format_: str):
    """A text that looks like the format's own marks stays a text."""
    nasty = "]]>\x00</text></quiz> =x ~y }{ $CATEGORY: z\n\n::new::{T}\nANSWER: B"
    spec = {
        "kind": "single_choice",
        "stem": "<p>Hỏi?</p>",
        "options": [{"id": "a", "text": "đúng"}, {"id": "b", "text": "sai"}],
        "correct": "a",
    }
    sent = [
        Exported(spec, title=nasty, topic=(nasty,), tags=(nasty,), external_id=nasty)
    ]

    reading = checked_reading(WRITERS[format_](sent, lambda _folder: None).content)

    assert [one.kind for one in reading.items] == ["single_choice"]
