"""The platform speaks English as completely as Vietnamese."""

import re

import html5lib
import pytest
from babel.messages.pofile import read_po

from lms.kernel.db import db
from tests.factories import courses, people
from tools import translations

VIETNAMESE = re.compile(
    "[ăâđêôơưàáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ]",
    re.IGNORECASE,
)
COMMENT = re.compile(r"\{#.*?#\}", re.DOTALL)
WRAPPED = re.compile(r"\b_\(\s*(\"[^\"]*\"|'[^']*')")
TEMPLATES = sorted(
    path
    for package in translations.PACKAGES
    for path in (translations.ROOT / package).rglob("templates/**/*.html")
)
# The names of places and of languages stand in their own tongue.
OWN_NAMES = ("Phong Điền", "Tiếng Việt")


def test_the_english_catalogue_is_complete_and_compiled():
    assert translations.problems() == []


def test_no_translation_is_a_guess():
    with translations.PO.open("rb") as file:
        catalogue = read_po(file, locale="en")

    assert [m.id for m in catalogue if m.id and m.fuzzy] == []
    assert list(catalogue.obsolete) == []


def test_no_translation_holds_a_vietnamese_word():
    left = {
        words: english
        for words, english in translations.translations().items()
        if VIETNAMESE.search(without_names(english))
    }

    assert left == {}


def test_the_tool_notices_a_lost_placeholder():
    assert translations._differ("Còn %(left)d trong {all}", "%(left)d of {al}")
    assert not translations._differ("%(a)d %% của %(b)s", "%(b)s: %(a)d%%")


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda p: p.stem)
def test_a_template_says_nothing_past_the_translations(path):
    text = WRAPPED.sub("", COMMENT.sub("", path.read_text("utf-8")))

    assert [line for line in text.splitlines() if is_bare(line)] == []


def is_bare(line: str) -> bool:
    return bool(VIETNAMESE.search(without_names(line)))


def without_names(text: str) -> str:
    for name in OWN_NAMES:
        text = text.replace(name, "")
    return text


def page_in_english(client, address):
    client.post("/language", data={"language": "en"})
    answer = client.get(address)
    tree = html5lib.parse(answer.text, namespaceHTMLElements=False)
    return answer, tree


@pytest.mark.parametrize(
    ("address", "heading"), [("/courses", "Courses"), ("/sign-in", "Sign in")]
)
def test_a_reader_who_asks_for_english_gets_english(client, address, heading):
    answer, tree = page_in_english(client, address)

    assert answer.status_code == 200
    assert tree.get("lang") == "en"
    assert "".join(tree.find(".//h1").itertext()).strip() == heading
    assert not VIETNAMESE.search(without_names("".join(said(tree))))


def test_a_course_keeps_its_own_words_on_an_english_page(client, sign_in):
    course = courses.course("Khóa được xét", lessons=2)
    sign_in(people.account())
    db.session.commit()

    _answer, tree = page_in_english(client, f"/courses/{course.slug}")

    words = " ".join(said(tree))
    assert "Khóa được xét" in words
    assert "Course content" in words
    assert "Nội dung khóa học" not in words


def said(tree):
    """Yield what a reader sees or is read, but for what is marked as Vietnamese."""
    for element in tree.find("body").iter():
        if element.get("lang") == "vi":
            yield element.tail or ""
            continue
        yield from (element.text or "", element.tail or "")
        yield from (element.get(name, "") for name in ("aria-label", "placeholder"))


def test_scripts_have_the_same_words_in_both_languages():
    text = (translations.ROOT / "lms/static/js/words.js").read_text("utf-8")

    vietnamese, english = text.split("\n  en: {")

    assert keys(vietnamese) == keys(english) != []
    assert not VIETNAMESE.search(english)


def keys(words: str) -> list[str]:
    return re.findall(r"^    (\w+):", words, re.MULTILINE)


def test_a_refused_page_is_refused_in_english(client, sign_in):
    sign_in(people.account())
    client.post("/language", data={"language": "en"})

    answer = client.get("/courses/no-such-course")

    assert answer.status_code == 404
    assert "Page not found" in answer.text
