"""Files of any format, told apart by their content; the command that reads them."""

import json
from pathlib import Path

import pytest
from flask import Flask

from courses.exchange.checking import checked_reading
from courses.exchange.rules import NotTaken, Trouble

GIFT = "::1::Thủ đô?{=Hà Nội ~Huế}\n\n::2::Sai {=một mình}\n\n::3::Hỏng {~a ~b}"
AIKEN = "Thủ đô?\nA. Hà Nội\nB. Huế\nANSWER: A\n"
MOODLE = (
    "<quiz><question type='truefalse'><name><text>t</text></name>"
    "<questiontext><text>Trời xanh.</text></questiontext>"
    "<answer fraction='100'><text>true</text></answer>"
    "<answer fraction='0'><text>false</text></answer></question></quiz>"
)


@pytest.mark.parametrize(
    ("content", "format_"),
    [(GIFT, "gift"), (AIKEN, "aiken"), (MOODLE, "moodle_xml"),
     ("Nước sôi ở {1:NM:=100} độ.", "cloze"), ("<manifest/>", "qti")],
)  # fmt: skip
def test_a_file_is_known_by_its_content(content: str, format_: str):
    assert checked_reading(content.encode()).format == format_


@pytest.mark.parametrize(
    ("content", "trouble"),
    [
        (b"", Trouble.UNKNOWN_FORMAT),
        (b"\x00\x01\x02" * 50, Trouble.UNKNOWN_FORMAT),
        (b'[{"stem": "x = {=1}"}]', Trouble.UNKNOWN_FORMAT),
        ("Chỉ là một lá thư.".encode(), Trouble.UNKNOWN_FORMAT),
        (b"<?xml version='1.0'?><html/>", Trouble.UNKNOWN_FORMAT),
        (b"<?xml version='1.0'?><quiz><question>", Trouble.NOT_WELL_FORMED),
        (b"PK\x03\x04 this is no zip", Trouble.BAD_ARCHIVE),
    ],
)
def test_a_file_that_is_none_says_why(content: bytes, trouble: Trouble):
    with pytest.raises(NotTaken) as refused:
        checked_reading(content)

    assert refused.value.trouble is trouble


def test_the_command_reports_every_item_of_every_file(app: Flask, tmp_path: Path):
    (tmp_path / "de.txt").write_text(GIFT, encoding="utf-8")
    (tmp_path / "de.xml").write_text(MOODLE, encoding="utf-8")
    (tmp_path / "anh.png").write_bytes(b"no question")

    run = app.test_cli_runner().invoke(
        args=["items", "import", str(tmp_path), "--dry-run", "--json"]
    )

    assert run.exit_code == 1
    assert json.loads(run.output) == {
        "files": [
            {
                "path": str(tmp_path / "de.txt"),
                "format": "gift",
                "found": 3,
                "imported": 2,
                "by_kind": {"short_answer": 1, "single_choice": 1},
                "refused": [
                    {"where": "3 (dòng 5)", "reason": "Không thấy đáp án đúng."}
                ],
            },
            {
                "path": str(tmp_path / "de.xml"),
                "format": "moodle_xml",
                "found": 1,
                "imported": 1,
                "by_kind": {"true_false": 1},
                "refused": [],
            },
        ]
    }


def test_the_command_ends_well_when_all_was_understood(app: Flask, tmp_path: Path):
    (tmp_path / "de.txt").write_text(AIKEN, encoding="utf-8")

    run = app.test_cli_runner().invoke(
        args=["items", "import", str(tmp_path / "de.txt"), "--dry-run", "--json"]
    )

    assert run.exit_code == 0
