"""The demonstration's courses: read whole, and every fact found in the plan."""

import re
import tomllib
from pathlib import Path

import pytest

from courses.catalogue.activities import ACTIVITY_TYPES
from courses.demo import film
from courses.demo.fields import ContentError
from courses.demo.lessons import html_of
from courses.demo.reading import (
    CONTENT,
    ITEM_KINDS,
    CourseText,
    read_course,
    read_courses,
    read_items,
    read_plan,
    read_topics,
)

PLAN = read_plan()
COURSES = {course.slug: course for course in read_courses()}
MAIN = COURSES["de-an-06-28-mo-hinh"]
MODELS = [int(n) for n in re.findall(r"^\d+\. Mô hình (\d+):", PLAN, re.MULTILINE)]
EACH_COURSE = pytest.mark.parametrize("course", COURSES.values(), ids=lambda c: c.slug)
PLAN_BLOCK = re.compile(r"^::: plan-says\n(.*?)\n:::$", re.MULTILINE | re.DOTALL)
LABEL = re.compile(r"^(?:- )?(?:\*\*[^*]+\*\*:? ?)?")
QUOTED = re.compile("“([^”]*)”")


def items_of(course: CourseText):
    return [item for a in course.activities if a.quiz for item in a.quiz.items]


@EACH_COURSE
def test_every_item_is_proved_by_the_plans_own_words(course):
    unproved = [item.source for item in items_of(course) if item.source not in PLAN]

    assert unproved == []


@EACH_COURSE
def test_the_explanation_of_every_item_names_its_place_in_the_plan(course):
    for item in items_of(course):
        assert re.search(
            r"\(Kế hoạch, mục [ABC]\.[^)]+\)</p>$", item.spec["explanation"]
        )


@EACH_COURSE
def test_what_a_lesson_quotes_stands_in_the_plan(course):
    quoted = [q for a in course.activities for q in QUOTED.findall(a.markdown)]

    assert [q for q in quoted if q.strip("….") not in PLAN] == []


@EACH_COURSE
def test_the_blocks_that_say_what_the_plan_says_are_its_own_words(course):
    blocks = [b for a in course.activities for b in PLAN_BLOCK.findall(a.markdown)]
    lines = [LABEL.sub("", line) for block in blocks for line in block.splitlines()]
    own = [line for line in lines if not line.startswith("(Kế hoạch không ghi")]

    assert [line for line in own if line not in PLAN] == []


def test_each_of_the_28_models_has_a_lesson_with_all_its_lines():
    lessons = {a.slug: a.markdown for a in MAIN.activities if a.kind == "page"}
    chapters = re.split(r"^\d+\. (?=Mô hình \d+:)", PLAN.split("\nC. ")[0], flags=re.M)

    assert len(MODELS) == 28
    for number, chapter in zip(MODELS, chapters[1:], strict=True):
        block = PLAN_BLOCK.search(lessons[f"mo-hinh-{number}"])[1]
        facts = re.split(r"\n(?=[IV]+\. )", chapter)[0].strip().splitlines()
        for line in facts:
            words = re.sub(r"^(?:[abc]\) [^:]+:|-)", "", line).strip()
            assert words in block, (number, words)


def test_a_lesson_says_plainly_what_the_plan_leaves_out():
    (lesson,) = [a for a in MAIN.activities if a.slug == "mo-hinh-5"]

    assert "(Kế hoạch không ghi dòng mục tiêu cho mô hình này.)" in lesson.markdown


def test_each_model_lesson_keeps_to_the_same_four_parts():
    for activity in MAIN.activities:
        if activity.slug.startswith("mo-hinh-"):
            headings = re.findall(r"^## (.+)$", activity.markdown, re.MULTILINE)
            checks = re.findall(r"^- .+\?$|^- .+\.$", activity.markdown, re.MULTILINE)
            assert headings == [
                "Nói cách khác",
                "Việc của đơn vị bạn",
                "Câu hỏi tự kiểm tra",
            ]
            assert len(checks) >= 2


def test_the_main_course_asks_enough_and_in_every_way():
    kinds = {item.kind for item in items_of(MAIN)}

    assert len(items_of(MAIN)) >= 45
    assert kinds == set(ITEM_KINDS)


def test_the_plans_models_1_6_9_and_29_have_short_courses():
    short = {slug for slug in COURSES if slug != MAIN.slug}

    assert {slug.split("-")[2] for slug in short} == {"1", "6", "9", "29"}
    for slug in short:
        pages = [a for a in COURSES[slug].activities if a.kind == "page"]
        assert 3 <= len(pages) <= 4
        assert 6 <= len(items_of(COURSES[slug])) <= 8


def test_no_item_is_asked_twice_within_a_course():
    for course in COURSES.values():
        stems = [item.spec["stem"] for item in items_of(course)]
        assert len(set(stems)) == len(stems)


@EACH_COURSE
def test_every_content_file_is_used(course):
    folder = CONTENT / course.slug
    text = (folder / "course.toml").read_text("utf-8")
    films = [f"{a.film}.toml" for a in course.activities if a.film]
    used = {"course.toml", *re.findall(r'"([^"]+\.(?:md|toml|vtt))"', text), *films}

    assert {path.name for path in folder.iterdir()} == used


@EACH_COURSE
def test_texts_are_in_order(course):
    texts = [a.markdown for a in course.activities] + [course.description]

    for text in texts:
        assert "!" not in text
        assert "Chứng chỉ" not in text
        assert "  " not in text
    assert all(activity.kind in ACTIVITY_TYPES for activity in course.activities)


def test_every_topic_has_a_name_and_every_course_a_known_topic():
    topics = {topic.slug: topic.name for topic in read_topics()}

    assert len(topics) == 5
    assert {course.topic for course in COURSES.values()} <= set(topics)


def test_a_lesson_becomes_html_with_its_block_tables_and_formulas():
    html = html_of("::: plan-says\n**Mục tiêu:** a\n:::\n\n| a | b |\n| - | - |\n\n$x$")

    assert html.startswith('<div class="plan-says"><p><strong>')
    assert "<table>" in html
    assert 'data-latex="x"' in html


def test_the_captions_follow_the_slides():
    slides = film.read_slides(CONTENT / MAIN.slug / "gioi-thieu.toml")
    captions = (CONTENT / MAIN.slug / "gioi-thieu.vtt").read_text("utf-8")
    starts = re.findall(r"^(\d\d):(\d\d):(\d\d)\.000 -->", captions, re.MULTILINE)

    assert captions.startswith("WEBVTT\n")
    assert [int(m) * 60 + int(s) for _h, m, s in starts] == [
        number * film.SLIDE_SECONDS for number in range(len(slides))
    ]


GOOD_ITEM = """
[[items]]
kind = "single_choice"
stem = "Hỏi"
options = ["a", "b"]
correct = 1
explanation = "Vì thế."
source = "Nguồn"
"""


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ('kind = "essay"', r"items\[1\]: kind: is 'essay', not one of"),
        ("correct = 7", r"items\[1\]: correct: names a place that is not there"),
        ("correct = true", r"items\[1\]: correct: names places"),
        ('options = ["a"]', r"items\[1\]"),
        ('stem = ""', r"items\[1\]: stem: is empty"),
        ('source = ["Nguồn"]', r"items\[1\]: source: is a text"),
        ('explanation = "Vì."\nhint = "x"', r"items\[1\]: hint: is not a field"),
        ("stem = ", r"at line \d+"),
    ],
)
def test_a_wrong_item_is_named_with_its_file_and_field(tmp_path, wrong, named):
    name = wrong.split(" ")[0]
    lines = [wrong if x.startswith(name) else x for x in GOOD_ITEM.splitlines()]
    path = tmp_path / "quiz.toml"
    path.write_text("\n".join(lines), "utf-8")

    with pytest.raises(ContentError, match=rf"{tmp_path.name}/quiz\.toml: .*{named}"):
        read_items(path)


def copied(folder: Path, slug: str = "mo-hinh-29-hoc-truc-tuyen") -> Path:
    target = folder / slug
    target.mkdir()
    for path in (CONTENT / slug).iterdir():
        (target / path.name).write_bytes(path.read_bytes())
    return target


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ('slug = "', 'slug = "other-', r"course\.toml: slug: is 'other-"),
        ('cover = "learning"', 'cover = "sun"', r"course\.toml: cover: is 'sun'"),
        ('topic = "cong-dan-so"', 'topic = "x"', r"course\.toml: topic: is 'x'"),
        (
            "pass_mark = 80",
            "pass_mark = 800",
            r"\[2\]: pass_mark: is a whole",
        ),
        ('"hoc-mot-khoa"', '"hoc-khoa"', r"waits for 'hoc-khoa', not before it"),
        ("02-hoc-mot-khoa.md", "02-hoc.md", r"02-hoc\.md: there is no such file"),
        ("open = true", 'open = "yes"', r"course\.toml: open: is true or false"),
        ("[[modules]]", "[[module]]", r"course\.toml: modules: is a list of tables"),
    ],
)
def test_a_wrong_course_is_named_with_its_file_and_field(tmp_path, old, new, named):
    folder = copied(tmp_path)
    path = folder / "course.toml"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")

    with pytest.raises(ContentError, match=named):
        read_course(folder, {"cong-dan-so"})


def test_a_wrong_lesson_is_named_with_its_line(tmp_path):
    folder = copied(tmp_path)
    lesson = folder / "02-hoc-mot-khoa.md"

    lesson.write_text("Một\n\n::: plan-say\nHai\n:::\n", "utf-8")
    with pytest.raises(ContentError, match=r"02-hoc-mot-khoa\.md: line 3 fences no"):
        read_course(folder, {"cong-dan-so"})

    lesson.write_bytes("Một\nHai\n".encode() + b"\xff")
    with pytest.raises(ContentError, match=r"02-hoc-mot-khoa\.md: line 3 is not UTF-8"):
        read_course(folder, {"cong-dan-so"})


def test_the_files_are_toml_that_python_itself_reads():
    for path in CONTENT.rglob("*.toml"):
        assert tomllib.loads(path.read_text("utf-8"))
