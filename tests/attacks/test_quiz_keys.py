"""Nobody reads a key, an explanation or a seed before the quiz shows it."""

import re
from pathlib import Path

import pytest

from courses.items.models import ItemVersion
from courses.quizzes.models.attempts import Attempt
from courses.quizzes.rules.attempts import ReviewPolicy
from lms.kernel.db import db
from tests.factories import courses, people
from tests.factories.quizzes import (
    MULTIPLE,
    RIGHT,
    SHORT,
    SINGLE,
    TRUE_FALSE,
    course_of,
    learner,
)

SCRIPTS = Path(__file__).parents[2] / "courses" / "static" / "quizzes"
SECRETS = (
    "theo Luật Căn cước",
    "Hai dịch vụ có trong ứng dụng",
    "Phải đối chiếu vân tay",
    "Do Bộ Công an phát hành",
    "tra-loi-kin",
    "explanation",
    '"correct"',
    "accepted",
    "Đáp án đúng",
)
HIDDEN = {**SHORT, "accepted": ["tra-loi-kin"]}
TOKEN = re.compile(r'(?:content|value)="[\w.-]{60,}"')
OTHER_KEYS = {"single_choice": "a", "multiple_choice": ["b"], "true_false": False}


@pytest.fixture
def begun(client, sign_in):
    """Start an attempt at a quiz whose review never opens; return its address."""
    who = learner(
        SINGLE, MULTIPLE, TRUE_FALSE, HIDDEN, review=ReviewPolicy.NEVER, max_attempts=3
    )
    sign_in(who.account)
    url = client.post(f"/quizzes/{who.quiz.id}/attempts").location
    return who, url


def everything_shown(client, who, url):
    """Return each answer that a learner can get out of a running attempt."""
    pages = [
        f"/activities/{who.quiz.activity_id}/quiz",
        url,
        f"{url}/submit",
        f"{url}/clock",
        f"/courses/{course_of(who).slug}",
    ]
    shown = [client.get(path).data for path in pages]
    for position, value in (RIGHT | {4: "x"}).items():
        body = {"position": position, "sequence": 1, "value": value}
        shown.append(client.post(f"{url}/responses", json=body).data)
        shown.append(client.post(f"{url}/responses", json=body).data)
        body |= {"sequence": 2, "value": [{}]}
        shown.append(client.post(f"{url}/responses", json=body).data)
    shown.append(client.get(url).data)
    return shown


def test_no_answer_to_a_running_attempt_holds_a_key_or_the_seed(client, begun):
    who, url = begun
    seed = db.session.query(Attempt).one().seed

    shown = b"\n".join(everything_shown(client, who, url))

    assert b"VNeID" in shown
    found = [secret for secret in (*SECRETS, seed) if secret.encode() in shown]
    assert found == []


def test_the_result_keeps_silent_as_long_as_the_review_is_closed(client, begun):
    who, url = begun
    everything_shown(client, who, url)

    result = client.post(f"{url}/submit", follow_redirects=True)

    assert "không cho xem đáp án" in result.text
    assert [secret for secret in SECRETS if secret in result.text] == []
    assert "Bạn chọn" not in result.text


def test_the_page_is_the_same_whatever_the_key(client, begun):
    _who, url = begun
    before = TOKEN.sub("", client.get(url).text)
    for version in db.session.query(ItemVersion):
        other = OTHER_KEYS.get(version.spec["kind"])
        if other is not None:
            version.spec = version.spec | {"correct": other}
    db.session.commit()

    assert TOKEN.sub("", client.get(url).text) == before


def test_the_scripts_know_nothing_of_keys():
    scripts = "\n".join(path.read_text() for path in SCRIPTS.glob("*.js"))

    assert "data-" in scripts or "dataset" in scripts
    assert not re.search(r"correct|explanation|accepted|grade|seed", scripts)


@pytest.mark.parametrize(
    "path", ["/quiz/edit", "/quiz/preview", "/quiz/items/new?kind=single_choice"]
)
def test_a_learner_opens_no_page_of_the_authors(client, begun, path):
    who, _url = begun

    assert client.get(f"/activities/{who.quiz.activity_id}{path}").status_code == 404


def test_a_learner_changes_nothing_of_the_quiz(client, begun):
    who, _url = begun
    base = f"/activities/{who.quiz.activity_id}/quiz"
    slot_id = who.quiz.slots[0].id

    for path in (
        f"{base}/edit",
        f"{base}/items?kind=single_choice",
        f"/quizzes/{who.quiz.id}/slots",
        f"/quizzes/{who.quiz.id}/order",
        f"/quiz-slots/{slot_id}",
        f"/quiz-slots/{slot_id}/delete",
    ):
        assert client.post(path, data={}).status_code == 404, path
    assert client.get(f"/quiz-slots/{slot_id}").status_code == 404


def test_the_author_of_another_course_opens_none_of_it(client, begun, sign_in):
    who, url = begun
    elsewhere = courses.course("Khóa khác", lessons=1)
    sign_in(people.account("Phạm Văn Dũng", author=f"course:{elsewhere.id}"))

    slot_id = who.quiz.slots[0].id
    assert client.get(f"/quiz-slots/{slot_id}").status_code == 404
    assert client.get(f"/activities/{who.quiz.activity_id}/quiz").status_code == 404
    assert client.get(url).status_code == 404
    assert client.get(f"{url}/result").status_code == 404


def test_script_in_an_item_is_taken_out_before_it_is_kept(client, sign_in):
    attack = "<img src=x onerror=alert(1)><script>alert(2)</script><p>Câu hỏi</p>"
    options = [
        {"id": "a", "text": "<b onclick='x()'>Một</b><iframe src='//x'></iframe>"},
        {"id": "b", "text": "<a href='javascript:x()'>Hai</a>"},
    ]
    spec = {"kind": "single_choice", "stem": attack, "options": options}
    who = learner(spec | {"correct": "a", "explanation": attack})
    sign_in(who.account)

    stored = str(db.session.query(ItemVersion).one().spec)
    url = client.post(f"/quizzes/{who.quiz.id}/attempts").location
    page = client.get(url).text

    for text in (stored, page[page.index("<form") :]):
        for piece in ("onerror", "onclick", "alert(", "iframe", "javascript:"):
            assert piece not in text
    assert "<b>Một</b>" in page


def test_a_written_answer_is_shown_as_text(client, sign_in):
    who = learner(SHORT)
    sign_in(who.account)
    url = client.post(f"/quizzes/{who.quiz.id}/attempts").location
    attack = '"><script>alert(1)</script>'
    body = {"position": 1, "sequence": 1, "value": attack}
    client.post(f"{url}/responses", json=body)

    assert "<script>alert" not in client.get(url).text
    assert (
        "<script>alert" not in client.post(f"{url}/submit", follow_redirects=True).text
    )
