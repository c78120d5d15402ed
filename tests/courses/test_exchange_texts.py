"""Question files of plain text: GIFT, Aiken, Cloze."""

from fractions import Fraction
from typing import Any

import pytest

from courses.exchange.checking import checked_reading
from courses.exchange.formats import aiken, gift
from courses.exchange.rules import Found, Reading, Trouble
from courses.items.types import parse


def only(text: str) -> Found:
    """Return the one item that a text holds."""
    (found,) = checked_reading(text.encode()).items
    assert isinstance(found, Found), found
    return found


def refusals(reading: Reading) -> list[tuple[str, Trouble]]:
    return [(one.where, one.trouble) for one in reading.refused]


def test_a_choice_keeps_its_key_feedback_and_formulas():
    found = only(
        r"""$CATEGORY: $course$/top/Toán 12/Đạo hàm

// question: 7 name: Câu 1 [id:dh-01] [tag:NB] [tag:đạo hàm]
::Câu 1:: Đạo hàm của \(y\=x^2\) là {
    =\(2x\) # Đúng rồi!
    ~\(x\) # Quên số mũ
}"""
    )

    assert found.title == "Câu 1"
    assert found.external_id == "dh-01"
    assert found.tags == ("NB", "đạo hàm")
    assert found.topic == ("Toán 12", "Đạo hàm")
    assert found.kind == "single_choice"
    assert 'data-latex="y=x^2"' in found.spec["stem"]
    right, wrong = found.spec["options"]
    assert 'data-latex="2x"' in right["text"]
    assert (right["feedback"], wrong["feedback"]) == ("Đúng rồi!", "Quên số mũ")
    assert parse(found.spec).grade("a").share == 1


@pytest.mark.parametrize(
    ("text", "kind", "response", "share"),
    [
        ("Trái đất tròn.{T}", "true_false", True, 1),
        ("Trái đất phẳng.{FALSE#Sai rồi#Đúng rồi}", "true_false", True, 0),
        ("Thủ đô?{=Hà Nội =%50%Ha Noi}", "short_answer", "hà nội", 1),
        ("Thủ đô?{=Hà Nội =%50%Ha Noi}", "short_answer", "Ha Noi", Fraction(1, 2)),
        ("Thủ đô?{Hà Nội}", "short_answer", "Hà Nội", 1),
        ("Hai cộng hai?{#4}", "numerical", "4", 1),
        ("Số pi?{#3.14:0.01}", "numerical", "3,15", 1),
        ("Số pi?{#3.1..3.2}", "numerical", "3.3", 0),
        ("Năm nào?{# =1945:0 =%50%1945:2}", "numerical", "1946", Fraction(1, 2)),
        ("Chọn hai.{~%50%A ~%50%B ~%-100%C}", "multiple_choice", ["a", "c"], 0),
        ("Chọn hai.{~%50%A ~%50%B ~%-100%C}", "multiple_choice", ["a", "b"], 1),
        ("Chọn ba.{~%33.33333%A ~%33.33333%B ~%33.33333%C ~D}", "multiple_choice",
         ["a", "b", "c"], 1),
        ("Nối.{=một -> one =hai -> two}", "matching", {"r1": "a", "r2": "b"}, 1),
        ("Hãy viết.{}", "essay", "", 0),
        ("Đọc kỹ đoạn này.\n\n::x::Rồi trả lời.{T}", "description", None, 0),
    ],
)  # fmt: skip
def test_each_kind_is_told_by_its_answers(
    text: str, kind: str, response: Any, share: Fraction
):
    found = checked_reading(text.encode()).found[0]

    assert found.kind == kind
    assert parse(found.spec).grade(response).share == share


def test_answers_inside_a_sentence_leave_a_blank():
    found = only("Việt Nam có {~60 ~62 =63} tỉnh thành (trước năm 2025).")

    assert found.spec["stem"] == "Việt Nam có _____ tỉnh thành (trước năm 2025)."


def test_escaped_marks_are_letters_and_a_blank_line_may_stand_in_braces():
    found = only("Tập nào?{\n\n=\\{1\\; 2\\}\n\n~\\~\\#\\=\\:\n}\n")

    assert [option["text"] for option in found.spec["options"]] == ["{1\\; 2}", "~#=:"]


def test_a_brace_that_never_closes_spoils_no_other_question():
    reading = gift.read("::a::Một {=1 ~2\n\n::b::Hai {=2 ~1}\n".encode())

    assert refusals(reading) == [("1 (dòng 1)", Trouble.NOT_WELL_FORMED)]
    assert [one.title for one in reading.found] == ["b"]


@pytest.mark.parametrize(
    ("text", "trouble"),
    [
        ("Câu hỏi {~sai ~sai nữa}", Trouble.NO_KEY),
        ("Câu hỏi {=một mình ~}", Trouble.NO_OPTIONS),
        ("Câu hỏi {=%150%quá nhiều ~ít}", Trouble.WRONG_WEIGHTS),
        ("Câu hỏi {#bốn}", Trouble.WRONG_NUMBER),
        ("Câu hỏi {=một -> one =hai}", Trouble.WRONG_PAIRS),
        ("::chỉ có tên::{T}", Trouble.NO_STEM),
    ],
)
def test_what_cannot_be_an_item_says_why(text: str, trouble: Trouble):
    reading = gift.read(text.encode())

    assert refusals(reading) == [("1 (dòng 1)", trouble)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_any_encoding_of_windows_is_read(encoding: str):
    reading = checked_reading("::Câu 1::Thủ đô là {=Hà Nội ~Huế}.".encode(encoding))

    assert reading.found[0].title == "Câu 1"


def test_old_vietnamese_and_western_code_pages_are_told_apart():
    vietnamese = "Thủ đô nước ta?{=Đúng ~Sai}"
    spread = vietnamese.replace("ủ", "u\u0309").replace("ướ", "ươ\u0301")
    spread = spread.replace("ú", "u\u0301")

    assert only_stem(spread.encode("cp1258")) == "Thủ đô nước ta?"
    assert only_stem("Le café ?{=oui ~non}".encode("cp1252")) == "Le café ?"


def only_stem(content: bytes) -> str:
    stem: str = checked_reading(content).found[0].spec["stem"]
    return stem


def test_aiken_is_read_with_several_options_on_their_own_lines():
    text = "Ai viết Truyện Kiều?\nA. Nguyễn Du\nB) Nam Cao\nANSWER: A\n\nHết\n"

    reading = aiken.read(text.encode())

    assert [one.kind for one in reading.found] == ["single_choice"]
    assert reading.found[0].spec["correct"] == "a"
    assert refusals(reading) == [("2 (dòng 6)", Trouble.NO_OPTIONS)]


def test_a_passage_of_embedded_answers_becomes_one_item():
    found = only(
        "Thủ đô của Pháp là {1:SHORTANSWER:=Paris#Giỏi~%50%Pari~*#Chưa đúng}, "
        "có {2:NUMERICAL:=20:0} quận, sông {1:MC:=Seine~Rhône}."
    )

    item = parse(found.spec)
    said = {"p1": "pari", "p2": "20", "p3": "a"}
    assert found.kind == "cloze"
    assert [part["points"] for part in found.spec["parts"]] == [1, 2, 1]
    assert item.grade(said).share == Fraction(7, 8)
