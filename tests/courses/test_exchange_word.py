"""Word papers in the styles that teachers use: nothing is mended by hand."""

from fractions import Fraction

import pytest

from courses.exchange.checking import checked_reading
from courses.exchange.rules import Found, Note, NotFound, NotTaken, Trouble
from courses.items.types import parse
from tests.courses import word_papers
from tests.courses.word_papers import QUESTIONS, STYLES


def found_in(content: bytes) -> list[Found]:
    reading = checked_reading(content)
    assert not reading.refused, reading.refused
    return list(reading.found)


@pytest.mark.parametrize("style", STYLES)
def test_every_style_gives_the_same_questions_and_keys(style: str):
    found = found_in(STYLES[style]())

    assert [
        (
            one.spec["stem"],
            [option["text"] for option in one.spec["options"]],
            one.spec["correct"].upper(),
        )
        for one in found
    ] == QUESTIONS


def test_what_marks_the_right_answer_is_not_shown_to_learners():
    for one in found_in(STYLES["bold"]()):
        assert "<b>" not in str(one.spec["options"])


def test_the_exam_of_2025_has_three_parts_scored_as_the_ministry_says():
    found = found_in(word_papers.exam_of_2025())

    kinds = ["single_choice"] * 3 + ["statements"] * 2 + ["numerical"] * 2
    assert [one.kind for one in found] == kinds
    first, second = (parse(one.spec) for one in found[3:5])
    assert first.key() == {"a": True, "b": False, "c": True, "d": False}
    assert second.key() == {"a": False, "b": False, "c": True, "d": True}
    three_right = {"a": True, "b": False, "c": True, "d": True}
    assert first.grade(three_right).share == Fraction(1, 2)
    assert parse(found[6].spec).grade("3,5").share == 1
    assert found[3].where == "Phần II, Câu 1"


def test_a_key_from_the_end_of_the_paper_is_pointed_out():
    found = found_in(STYLES["key in a table"]())

    assert {one.notes for one in found} == {(Note.KEY_GUESSED,)}


def test_verdicts_stand_behind_statements_or_in_two_columns():
    first, second = found_in(word_papers.statements_marked_in_place())

    assert parse(first.spec).key() == {"a": True, "b": False, "c": True, "d": False}
    assert parse(second.spec).key() == {"a": True, "b": False}
    assert first.spec["statements"][0]["text"] == "Sôi ở 100 độ."
    assert first.level == "TH"


def test_headings_are_topics_and_brackets_are_levels():
    first, second, third = found_in(word_papers.topics_levels_and_a_shared_text())

    assert first.topic == ("Chương I. Hàm số", "Chủ đề 1. Đạo hàm")
    assert [one.level for one in (first, second, third)] == ["NB", "TH", "VDC"]
    assert "Sông Hồng chảy qua Hà Nội." in third.spec["stem"]
    assert third.notes == (Note.SHARED_STEM,)


def test_formulas_become_latex_and_pictures_come_along():
    (one,) = found_in(word_papers.formulas_and_pictures())

    assert r'data-latex="x^{2}=\frac{1}{\sqrt{\pi}}"' in one.spec["stem"]
    assert "H<sub>2</sub>O" in one.spec["stem"]
    assert r'data-latex="x=\frac{1}{2}"' in one.spec["options"][1]["text"]
    assert len(one.pictures) == 2
    assert one.spec["correct"] == "d"


def test_a_formula_of_mathtype_stays_a_picture_and_says_so():
    (one,) = found_in(word_papers.formula_of_mathtype())

    assert "<img" in one.spec["stem"]
    assert one.notes == (Note.FORMULA_AS_PICTURE,)


def test_solutions_become_explanations_without_the_bare_key():
    found = found_in(STYLES["key with solutions"]())

    assert found[1].spec["explanation"] == "Vì điều này có trong bài 2."


def test_short_answers_and_essays_are_told_by_their_part():
    number, words, essay = found_in(word_papers.short_answers_and_essays())

    assert parse(number.spec).grade("12").share == 1
    assert parse(words.spec).grade("nam cao").share == 1
    assert essay.kind == "essay"
    assert "b) Tính diện tích." in essay.spec["stem"]


def test_a_bad_question_keeps_what_was_understood_for_mending():
    reading = checked_reading(word_papers.with_faults())

    assert [
        (one.where, one.trouble) for one in reading.items if isinstance(one, NotFound)
    ] == [
        ("Câu 1", Trouble.NO_KEY),
        ("Câu 2", Trouble.NO_OPTIONS),
        ("Câu 4", Trouble.NO_STEM),
    ]
    sketch = reading.refused[0].sketch
    assert [one["text"] for one in sketch["options"]] == ["một", "hai", "ba", "bốn"]
    assert [one.where for one in reading.found] == ["Câu 3"]


def test_the_head_of_a_paper_is_reported_and_no_item():
    reading = checked_reading(STYLES["red"]())

    assert reading.left_over == ("SỞ GIÁO DỤC VÀ ĐÀO TẠO – ĐỀ KIỂM TRA GIỮA KỲ I",)


def test_a_letter_is_no_paper():
    from docx import Document

    letter = Document()
    letter.add_paragraph("Kính gửi quý thầy cô,")

    with pytest.raises(NotTaken) as refused:
        checked_reading(word_papers.saved(letter))

    assert refused.value.trouble is Trouble.NO_ITEM
