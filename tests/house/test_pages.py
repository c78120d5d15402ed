"""Pages cost the same however many people learn, and read well in every reader."""

from dataclasses import dataclass
from typing import Any

import html5lib
import pytest

from courses.quizzes.services import attempts
from lms.kernel import clock
from lms.kernel.db import db
from tests.attacks.conftest import a_film
from tests.factories import courses, people, quizzes

MOST_QUERIES = 10
PAGES = (
    "front",
    "catalogue",
    "search",
    "course",
    "lesson",
    "film",
    "quiz start",
    "attempt",
    "summary",
    "result",
    "certificates",
    "record",
    "outline editor",
)


@dataclass(frozen=True)
class Size:
    courses: int
    lessons: int
    learners: int
    items: int


FEW, MANY = Size(2, 2, 2, 2), Size(12, 40, 60, 25)


def district(size: Size) -> dict[str, Any]:
    """Fill the district and return the pages of one learner in the midst of it."""
    for number in range(1, size.courses):
        courses.course(f"Khóa {number}", lessons=1)
    course = courses.course("Khóa được xét", lessons=size.lessons)
    quiz = quizzes.quiz(
        *(quizzes.ONE_OF_EACH[n % 4] for n in range(size.items)), course=course
    )
    learner = people.account(author=f"course:{course.id}")
    others = [people.account(f"Người thứ {n}") for n in range(size.learners)]
    film = courses.activity(
        course, "video", "Xem phim", content={"asset_id": a_film(learner).id}
    )
    lessons = courses.activities(course)
    for person in (learner, *others):
        courses.enrolled(person, course)
        courses.enrolment.mark_read(lessons[0], person.id, clock.now())
        made = attempts.start_attempt(quiz, person.id, clock.now())
        attempts.submit(made, clock.now())
    second = attempts.start_attempt(quiz, learner.id, clock.now())
    db.session.commit()
    first = attempts.attempts_of(quiz, learner.id)[0]
    return {
        "account": learner,
        "front": "/",
        "catalogue": "/courses",
        "search": "/courses?q=khoa&topic=cong-dan-so",
        "course": f"/courses/{course.slug}",
        "lesson": lessons[0].url,
        "film": film.url,
        "quiz start": quiz.activity.url,
        "attempt": f"/attempts/{second.id}",
        "summary": f"/attempts/{second.id}/submit",
        "result": f"/attempts/{first.id}/result",
        "certificates": "/certificates",
        "record": "/record",
        "outline editor": f"/authoring/courses/{course.id}",
    }


def statements_of(client, queries, page) -> list[str]:
    db.session.expire_all()
    db.session.commit()
    with queries() as seen:
        answer = client.get(page)
    assert answer.status_code == 200
    return seen


@pytest.mark.parametrize("size", [FEW, MANY], ids=["few", "many"])
def test_a_page_asks_the_database_at_most_ten_times(client, sign_in, queries, size):
    pages = district(size)
    sign_in(pages["account"])

    counts = {page: len(statements_of(client, queries, pages[page])) for page in PAGES}

    assert {page: count for page, count in counts.items() if count > MOST_QUERIES} == {}


def test_a_stranger_asks_no_more(client, queries, app):
    pages = district(FEW)

    for page in ("front", "catalogue", "course"):
        assert len(statements_of(client, queries, pages[page])) <= MOST_QUERIES


@pytest.mark.parametrize("page", PAGES)
def test_a_page_is_sound_html(client, sign_in, page):
    pages = district(FEW)
    sign_in(pages["account"])
    text = client.get(pages[page]).text

    parser = html5lib.HTMLParser(strict=False)
    tree = parser.parse(text)

    assert [(where, word) for where, word, _more in parser.errors] == []
    assert doubled(tree, "id") == set()


def doubled(tree, name) -> set[str]:
    values = [e.get(name) for e in tree.iter() if e.get(name) is not None]
    return {value for value in values if values.count(value) > 1}


@pytest.mark.parametrize("page", PAGES)
def test_a_page_says_what_it_is(client, sign_in, page):
    pages = district(FEW)
    sign_in(pages["account"])

    tree = html5lib.parse(client.get(pages[page]).text, namespaceHTMLElements=False)

    assert tree.get("lang") is None or tree.get("lang") == "vi"
    assert len(tree.findall(".//h1")) == 1
    assert len(tree.findall(".//main")) == 1
    assert tree.find(".//title").text.strip()
    assert [e for e in tree.iter("img") if e.get("alt") is None] == []


def test_two_learners_see_pages_of_their_own(client, sign_in, app):
    pages = district(FEW)
    sign_in(pages["account"])
    own = client.get("/").text
    sign_in(people.account("Tôn Nữ Khác"))

    assert "Tôn Nữ Khác" in client.get("/").text
    assert "Tôn Nữ Khác" not in own


def test_pages_are_not_kept_by_a_shared_computer(client, sign_in):
    pages = district(FEW)
    sign_in(pages["account"])

    answer = client.get(pages["attempt"])

    assert "no-store" in answer.headers["Cache-Control"]
    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
