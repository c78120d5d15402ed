"""Every item type as a learner meets it: asked, answered by a plain form, reviewed."""

import io
from typing import Any

import html5lib
import pytest

from courses.items.sheets import values_in
from courses.items.types import ITEM_TYPES, parse
from lms.kernel.db import db
from tests.factories import people, quizzes
from tests.factories.items import ALL_KINDS, ESSAY, FILE_UPLOAD
from tests.factories.quizzes import attempt, learner

BY_HAND = ("essay", "file_upload")
ORDER = list(ALL_KINDS)


def form_of(item: Any, value: Any, n: int) -> dict[str, Any]:
    """Fill the form in as a browser without scripts sends it."""
    name = f"response-{n}"
    parts: dict[str, Any] = {}
    if item.kind == "ordering":
        parts = {key: str(place) for place, key in enumerate(value, 1)}
    elif item.kind == "association":
        parts = {str(row): pair for row, pair in enumerate(value, 1)}
    elif item.kind == "markers":
        parts = {key: [f"{x}, {y}" for x, y in at] for key, at in value.items()}
    elif isinstance(value, dict):
        parts = {key: str(said).lower() for key, said in value.items()}
    elif isinstance(value, bool):
        value = str(value).lower()
    return {f"{name}-{key}": said for key, said in parts.items()} or {name: value}


def right(item: Any) -> Any:
    return item.key()[0] if item.kind == "short_answer" else item.key()


@pytest.fixture
def everything(client, sign_in):
    """Return a learner's attempt that asks one item of every type."""
    who = learner(*ALL_KINDS.values())
    sign_in(who.account)
    return attempt(who)


def page_of(client, url: str) -> str:
    answer = client.get(url, follow_redirects=True)
    assert answer.status_code == 200
    return answer.text


def test_every_type_is_asked_in_sound_html(client, everything):
    text = page_of(client, f"/attempts/{everything.id}")

    parser = html5lib.HTMLParser(strict=False, namespaceHTMLElements=False)
    tree = parser.parse(text)

    assert [(where, word) for where, word, _more in parser.errors] == []
    ids = [e.get("id") for e in tree.iter() if e.get("id")]
    assert sorted(set(ids)) == sorted(ids)
    kinds = [e.get("data-kind") for e in tree.iter("fieldset") if e.get("data-kind")]
    assert kinds == ORDER


def test_every_field_to_answer_in_has_a_name_for_a_reader(client, everything):
    tree = html5lib.parse(
        page_of(client, f"/attempts/{everything.id}"), namespaceHTMLElements=False
    )
    labelled = {e.get("for") for e in tree.iter("label")}
    inside = {id(e) for label in tree.iter("label") for e in label.iter()}

    nameless = [
        e.get("name")
        for e in tree.iter()
        if e.tag in ("input", "select", "textarea")
        and e.get("type") not in ("hidden", "submit")
        and not (e.get("aria-label") or e.get("aria-labelledby"))
        and e.get("id") not in labelled
        and id(e) not in inside
    ]

    assert nameless == []


def test_a_plain_form_answers_every_type_and_the_review_says_so(client, everything):
    url = f"/attempts/{everything.id}"
    form: dict[str, Any] = {}
    for place in everything.places:
        item = place.item_version.read().shuffled(place.option_order)
        form[f"sequence-{place.position}"] = "0"
        if item.kind not in (*BY_HAND, "description"):
            form |= form_of(item, right(item), place.position)

    client.post(f"{url}/answers", data=form)
    again = page_of(client, url)
    client.post(f"{url}/submit", data={})
    review = page_of(client, f"{url}/result")

    db.session.expire_all()
    shares = {p.item_version.spec["kind"]: p.share for p in everything.places}
    assert {kind for kind, share in shares.items() if share != "1"} == {
        *BY_HAND,
        "description",
    }
    assert 'value="60, 60"' in again
    assert "Kinh thành" in review


def test_wrong_answers_are_reviewed_beside_the_key(client, everything):
    url = f"/attempts/{everything.id}"
    form = {f"sequence-{n}": "0" for n in range(1, len(ORDER) + 1)}
    n = {kind: number for number, kind in enumerate(ORDER, 1)}
    form |= {
        f"response-{n['statements']}-a": "false",
        f"response-{n['numerical']}": "42",
        f"response-{n['matching']}-r1": "d",
        f"response-{n['ordering']}-a": "2",
        f"response-{n['cloze']}-1": "Huế <b>",
        f"response-{n['cloze']}-3": "c",
        f"response-{n['drag_words']}-1": "b",
        f"response-{n['hot_text']}": "b",
        f"response-{n['hotspot']}": "b",
        f"response-{n['image_labels']}-1": "c",
        f"response-{n['markers']}-a": "300, 20",
        f"response-{n['association']}-1": ["a", "c"],
        f"response-{n['calculated']}": "1",
    }

    client.post(f"{url}/answers", data=form)
    client.post(f"{url}/submit", data={})
    review = page_of(client, f"{url}/result")

    assert "Huế &lt;b&gt;" in review
    for words in ("Đáp án: Đúng", "Gần.", "Phong Nha", "Bạn xếp thứ 2", "cao – nhanh"):
        assert words in review
    html5lib.HTMLParser(strict=True).parse(review)


def test_a_file_goes_up_and_is_shown_to_its_owner_alone(client, sign_in):
    who = learner(FILE_UPLOAD, {**ESSAY, "most_files": 2})
    sign_in(who.account)
    made = attempt(who)
    sent = client.post(
        "/response-files?name=bai-lam.txt",
        data=io.BytesIO("Bài làm của em".encode()),
        content_type="text/plain",
    )
    stranger = people.account("Người Khác")
    sign_in(stranger)
    other = client.post(
        "/response-files?name=cua-nguoi-khac.txt",
        data=io.BytesIO(b"khac"),
        content_type="text/plain",
    )
    sign_in(who.account)

    form = {
        "sequence-1": "0",
        "response-1": [str(sent.json["id"])],
        "sequence-2": "0",
        "response-2": "Một đoạn văn.",
        "response-2-files": [str(other.json["id"])],
    }
    client.post(f"/attempts/{made.id}/answers", data=form)
    text = page_of(client, f"/attempts/{made.id}")

    assert sent.status_code == other.status_code == 201
    assert "bai-lam.txt" in text
    assert "cua-nguoi-khac.txt" not in text
    assert "Một đoạn văn." in text


@pytest.mark.parametrize("name", ["x.html", "x.svg", "x.exe", "x.php.txt/..", ""])
def test_a_program_is_no_file_to_hand_in(client, sign_in, name):
    sign_in(people.account())

    answer = client.post(
        f"/response-files?name={name}",
        data=io.BytesIO(b"<script>alert(1)</script>"),
        content_type="text/html",
    )

    assert answer.status_code >= 400


def test_a_stranger_hands_in_nothing(client):
    answer = client.post("/response-files?name=a.txt", data=io.BytesIO(b"a"))

    assert answer.status_code in (302, 303, 401)


def test_parts_reach_the_type_by_name(app):
    from werkzeug.datastructures import MultiDict

    form = MultiDict(
        [("response-3", "x"), ("response-3-b", "1"), ("response-30-b", "2")]
    )

    assert values_in(form, 3) == ["x", "b=1"]
    assert values_in(form, 30) == ["b=2"]
    assert values_in(form, 4) == []


def test_every_type_has_a_template(app):
    for kind in ITEM_TYPES:
        module = app.jinja_env.get_template(f"items/{kind}.html").module
        assert callable(module.ask)
        assert callable(module.review)


def test_the_examples_are_what_the_types_expect():
    assert all(parse(spec).kind == kind for kind, spec in ALL_KINDS.items())
    assert quizzes.ONE_OF_EACH
