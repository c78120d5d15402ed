"""Writing quizzes in the browser."""

from decimal import Decimal

import pytest

from courses.items.lines import html_of, line_of, phrase
from courses.items.models import Item, ItemVersion
from courses.items.services.finding import newest_in
from courses.items.services.items import add_item, bank_of_course, edit_item
from courses.quizzes.models.attempts import Attempt
from courses.quizzes.models.quizzes import Quiz, QuizSlot
from courses.quizzes.rules.attempts import ReviewPolicy
from courses.quizzes.services import quizzes
from lms.kernel.db import db
from tests.conftest import NINE
from tests.factories import courses, people
from tests.factories.quizzes import (
    MULTIPLE,
    ONE_OF_EACH,
    SHORT,
    SINGLE,
    TRUE_FALSE,
    attempt,
    learner,
    quiz,
)


@pytest.fixture
def written(client, sign_in):
    """Return a function that makes a quiz and signs its author in."""

    def make(*specs, **settings):
        made = quiz(*specs, **settings)
        scope = f"course:{made.activity.course_id}"
        sign_in(people.account("Lê Biên", author=scope))
        return made

    return make


def specs_in(of: Quiz) -> list[dict]:
    db.session.expire_all()
    return [slot.item_version.spec for slot in quizzes.slots_of(of)]


FORMS = {
    "single_choice": {
        "options-1": "9 chữ số",
        "options-2": "12 chữ số",
        "options-4": "$x^2$ & <y>",
        "options-correct": "2",
    },
    "multiple_choice": {
        "options-1": "Một",
        "options-2": "Hai",
        "options-correct": ["1", "2"],
        "scoring": "whole",
    },
    "true_false": {"correct": "false"},
    "short_answer": {"accepted": "VNeID\nVNEID 2", "ignore_case": "y"},
}
STORED = {
    "single_choice": {
        "options": [
            {"id": "a", "text": "9 chữ số"},
            {"id": "b", "text": "12 chữ số"},
            {
                "id": "c",
                "text": '<span data-math="inline" data-latex="x^2">x^2</span>'
                " &amp; &lt;y&gt;",
            },
        ],
        "correct": "b",
    },
    "multiple_choice": {
        "options": [{"id": "a", "text": "Một"}, {"id": "b", "text": "Hai"}],
        "correct": ["a", "b"],
        "scoring": "whole",
    },
    "true_false": {"correct": False},
    "short_answer": {
        "accepted": ["VNeID", "VNEID 2"],
        "ignore_case": True,
        "ignore_accents": False,
    },
}


@pytest.mark.parametrize("kind", list(FORMS))
def test_an_author_writes_an_item_of_each_kind(client, written, kind):
    made = written(SINGLE)
    base = f"/activities/{made.activity_id}/quiz/items"
    form = {"stem": "<p>Hỏi gì?</p>", "points": "0,5", "explanation": "<p>Vì.</p>"}
    assert client.get(f"{base}/new?kind={kind}").status_code == 200

    answer = client.post(f"{base}?kind={kind}", data=form | FORMS[kind])

    assert answer.status_code == 303
    slot = quizzes.slots_of(made)[-1]
    common = {"kind": kind, "stem": "<p>Hỏi gì?</p>", "explanation": "<p>Vì.</p>"}
    assert slot.item_version.spec == common | STORED[kind]
    assert slot.points == Decimal("0.5")
    assert answer.location.endswith(f"/quiz/edit#slot-{slot.id}")


@pytest.mark.parametrize("spec", ONE_OF_EACH, ids=lambda spec: spec["kind"])
def test_an_item_opened_and_saved_unchanged_stays_the_same_version(
    client, written, spec
):
    made = written(spec)
    slot = quizzes.slots_of(made)[0]
    url = f"/quiz-slots/{slot.id}"
    assert client.get(url).status_code == 200

    client.post(url, data=form_of(spec))

    assert specs_in(made)[0] == slot.item_version.spec
    assert db.session.query(ItemVersion).count() == 1


def form_of(spec):
    """Say a spec as its form says it."""
    form = {"stem": spec["stem"], "explanation": spec["explanation"], "points": "1"}
    for n, option in enumerate(spec.get("options", ()), 1):
        form |= {f"options-{n}": option["text"], f"options-{n}-id": option["id"]}
    if "options" in spec:
        ids = [option["id"] for option in spec["options"]]
        right = [str(ids.index(key) + 1) for key in spec["correct"]]
        form |= {"options-correct": right, "scoring": "net"}
    if spec is TRUE_FALSE:
        form["correct"] = "true"
    if spec is SHORT:
        form |= {"accepted": "VNeID", "ignore_case": "y"}
    return form


def test_an_edit_makes_a_new_version_and_tells_when_learners_have_begun(
    client, sign_in
):
    who = learner(SINGLE)
    attempt(who)
    scope = f"course:{who.quiz.activity.course_id}"
    sign_in(people.account("Lê Biên", author=scope))
    slot = quizzes.slots_of(who.quiz)[0]
    old = slot.item_version_id
    url = f"/quiz-slots/{slot.id}"
    assert "lượt cũ giữ bản" in client.get(url).text

    client.post(url, data=form_of(SINGLE) | {"stem": "<p>Hỏi khác?</p>"})

    assert specs_in(who.quiz)[0]["stem"] == "<p>Hỏi khác?</p>"
    assert [v.number for v in db.session.query(ItemVersion)] == [1, 2]
    assert db.session.query(Attempt).one().places[0].item_version_id == old


def test_options_keep_their_ids_when_others_come_and_go(client, written):
    made = written(SINGLE)
    slot = quizzes.slots_of(made)[0]
    form = form_of(SINGLE) | {"options-1": "", "options-4": "15"}

    client.post(f"/quiz-slots/{slot.id}", data=form)

    options = specs_in(made)[0]["options"]
    assert [(one["id"], one["text"]) for one in options] == [
        ("b", "12"),
        ("c", "10"),
        ("a", "15"),
    ]


def test_a_picture_in_an_option_survives_an_edit(client, written):
    picture = '<img src="/media/7/anh.png" alt="Thẻ căn cước">'
    options = [{"id": "a", "text": picture}, {"id": "b", "text": "Hai"}]
    made = written({**SINGLE, "options": options})
    slot = quizzes.slots_of(made)[0]
    url = f"/quiz-slots/{slot.id}"
    page = client.get(url).text
    assert 'name="options-1-rich" value="1"' in page
    assert 'name="options-2-rich"' not in page

    form = form_of({**SINGLE, "options": options}) | {"options-1-rich": "1"}
    client.post(url, data=form | {"stem": "<p>Khác?</p>"})

    assert specs_in(made)[0]["options"] == options


def test_settings_are_kept(client, written):
    made = written(SINGLE)
    url = f"/activities/{made.activity_id}/quiz/edit"
    form = {
        "pass_mark": "75",
        "time_limit_minutes": "20",
        "max_attempts": "",
        "shuffle_items": "y",
        "review": "after_passing",
        "instructions": "<p>Đọc kỹ.</p>",
    }

    answer = client.post(url, data=form)

    assert answer.status_code == 303
    db.session.expire_all()
    kept = db.session.query(Quiz).one()
    assert (kept.pass_mark, kept.time_limit_minutes, kept.max_attempts) == (
        75,
        20,
        None,
    )
    assert (kept.shuffle_items, kept.shuffle_options) == (True, False)
    assert kept.review is ReviewPolicy.AFTER_PASSING
    assert kept.instructions == "<p>Đọc kỹ.</p>"
    assert 'value="75"' in client.get(url).text


def test_a_quiz_begins_with_its_settings_or_its_first_item(client, sign_in):
    of = courses.course(lessons=1)
    first = courses.activity(of, "quiz", "Một")
    second = courses.activity(of, "quiz", "Hai")
    sign_in(people.account("Lê Biên", author=f"course:{of.id}"))
    for place in (first, second):
        assert client.get(f"/activities/{place.id}/quiz/edit").status_code == 200
        assert client.get(f"/activities/{place.id}/quiz/preview").status_code == 200
    assert db.session.query(Quiz).count() == 0

    settings = {"pass_mark": "80", "review": "never"}
    client.post(f"/activities/{first.id}/quiz/edit", data=settings)
    base = f"/activities/{second.id}/quiz/items?kind=single_choice"
    client.post(base, data=form_of(SINGLE))

    assert db.session.query(Quiz).count() == 2


def test_items_are_put_in_another_order(client, written):
    made = written(*ONE_OF_EACH)
    ids = [slot.id for slot in quizzes.slots_of(made)]
    wanted = [ids[2], ids[0], ids[3], ids[1]]
    order = {"order": [str(one) for one in wanted]}

    answer = client.post(f"/quizzes/{made.id}/order", json=order)

    assert answer.status_code == 200
    db.session.expire_all()
    assert [slot.id for slot in quizzes.slots_of(made)] == wanted


def test_an_item_taken_out_stays_in_the_bank_and_comes_back(client, written):
    made = written(SINGLE, MULTIPLE)
    slot = quizzes.slots_of(made)[0]
    item_id = slot.item_version.item_id

    client.post(f"/quiz-slots/{slot.id}/delete")
    assert [spec["kind"] for spec in specs_in(made)] == ["multiple_choice"]
    edit = f"/activities/{made.activity_id}/quiz/edit"
    assert "Số định danh cá nhân" in client.get(edit).text
    assert "Số định danh cá nhân" in client.get(f"{edit}?q=dinh danh").text
    assert "Không có câu hỏi nào khớp" in client.get(f"{edit}?q=ca phe").text

    client.post(f"/quizzes/{made.id}/slots", data={"item_id": item_id})
    again = client.post(f"/quizzes/{made.id}/slots", data={"item_id": item_id})

    assert [spec["kind"] for spec in specs_in(made)][-1] == "single_choice"
    assert again.status_code == 409
    assert "đã có trong bài" in again.text


def test_the_preview_shows_questions_keys_and_stores_nothing(client, written):
    made = written(*ONE_OF_EACH)

    page = client.get(f"/activities/{made.activity_id}/quiz/preview").text

    assert page.count("<fieldset") == 4
    assert page.count("theo Luật Căn cước") == 1
    assert page.count('id="cau-1"') == page.count('id="key-cau-1"') == 1
    assert "Đáp án đúng" in page
    assert db.session.query(Attempt).count() == 0


@pytest.mark.parametrize(
    "path", ["", "/edit", "/preview", "/items/new?kind=true_false"]
)
def test_only_a_quiz_has_the_pages_of_a_quiz(client, written, path):
    made = written(SINGLE)
    lesson = courses.activities(made.activity.course)[0]

    assert client.get(f"/activities/{lesson.id}/quiz{path}").status_code == 404


def test_a_quiz_without_attempts_goes_with_its_activity(client, written):
    made = written(SINGLE)

    answer = client.post(f"/authoring/activities/{made.activity_id}/delete")

    assert answer.status_code == 303
    assert db.session.query(Quiz).count() == db.session.query(QuizSlot).count() == 0
    assert db.session.query(Item).count() == 1


def test_a_quiz_with_attempts_stays(client, sign_in):
    who = learner(SINGLE)
    attempt(who)
    scope = f"course:{who.quiz.activity.course_id}"
    sign_in(people.account("Lê Biên", author=scope))

    answer = client.post(f"/authoring/activities/{who.quiz.activity_id}/delete")

    assert answer.status_code == 409
    assert db.session.query(Attempt).count() == 1


def test_a_bank_finds_the_newest_version_without_accents(app):
    bank = bank_of_course(courses.course(lessons=1).id)
    first = add_item(bank, SINGLE, None, NINE)
    edited = edit_item(first.item, {**SINGLE, "stem": "Mã số thuế?"}, None, NINE)
    add_item(bank, SHORT, None, NINE)

    assert [v.id for v in newest_in(bank.scope, "ma so thue")] == [edited.id]
    assert newest_in(bank.scope, "dinh danh ca nhan") == []
    assert len(newest_in(bank.scope, "")) == 2
    assert len(newest_in(bank.scope, "", without=[first.item_id])) == 1
    assert newest_in("course:999", "") == []
    assert bank_of_course(int(bank.scope.split(":")[1])).id == bank.id


@pytest.mark.parametrize("stem", ["<script>x</script>", "<iframe></iframe>"])
def test_an_item_that_cleaning_empties_is_none(app, stem):
    bank = bank_of_course(courses.course(lessons=1).id)

    with pytest.raises(ValueError, match="stem"):
        add_item(bank, {**SINGLE, "stem": stem}, None, NINE)

    assert db.session.query(Item).count() == 0


@pytest.mark.parametrize(
    "line", ["12", "a < b & c", "$x^2 > 1$", "Giá $a$ và $b$", "giá 5$ hay 6$", '"x"']
)
def test_a_typed_line_comes_back_as_it_was(line):
    assert line_of(html_of(line)) == line


@pytest.mark.parametrize("html", ["<b>đậm</b>", '<img src="/media/1/a.png">', "a<br>b"])
def test_what_a_line_cannot_hold_is_not_made_a_line(html):
    assert line_of(html) is None


def test_paragraphs_are_taken_apart_inside_a_label():
    assert phrase("<p>Một</p>\n<p>Hai</p>") == "Một<br>Hai"
    assert phrase("Ba") == "Ba"
