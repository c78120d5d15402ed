"""Blueprints, papers, sections and draws, through HTTP."""

import re
from collections import Counter
from datetime import timedelta

from courses.items.models import Item
from courses.items.rules import About
from courses.items.services.banks import add_bank
from courses.items.services.items import add_item, edit_item
from courses.quizzes.models.attempts import Attempt
from courses.quizzes.models.papers import Paper
from courses.quizzes.models.quizzes import Quiz, QuizSection, QuizSlot
from courses.quizzes.rules.blueprint import Spread
from courses.quizzes.rules.papers import digest
from courses.quizzes.services import papers
from lms.kernel import clock
from lms.kernel.audit import AuditEvent
from lms.kernel.db import db
from tests.conftest import NINE
from tests.factories import people
from tests.factories.papers import (
    EASY,
    HARD,
    TWO_CELLS,
    answered,
    by_blueprint,
    choice,
    classroom,
    stocked,
)
from tests.factories.quizzes import SINGLE, TRUE_FALSE, course_of, learner, quiz

GRID = {
    "topic-1": "Tập hợp", "level-1": EASY.value, "count-1": "3", "points-1": "0,5",
    "part-1": "Phần I", "topic-2": "Hàm số", "level-2": HARD.value, "count-2": "2",
    "points-2": "1", "part-2": "Phần II", "spread": "drawn",
}  # fmt: skip

DRAW = {"topic": "Tập hợp", "level": "", "kind": "", "count": "3", "points": "1"}


def author_of(made, sign_in):
    author = people.account("Trần Thị Soạn", author=f"course:{made.activity.course_id}")
    sign_in(author)
    return author


def with_bank(easy=8, hard=6, **settings):
    made = quiz(**settings)
    stocked(made.activity.course_id, "Tập hợp", EASY, easy)
    stocked(made.activity.course_id, "Hàm số/Bậc hai", HARD, hard)
    return made


def test_an_author_shapes_a_blueprint_and_draws_papers(client, sign_in):
    made = with_bank()
    author_of(made, sign_in)

    client.post(f"/quizzes/{made.id}/blueprint", data=GRID)
    client.post(f"/quizzes/{made.id}/papers", data={"count": "4"})
    page = client.get(f"/quizzes/{made.id}/blueprint")

    assert page.status_code == 200
    assert "Kho đủ câu cho mọi ô của ma trận" in page.text
    assert [p.code for p in db.session.query(Paper).order_by(Paper.id)] == [
        "101",
        "102",
        "103",
        "104",
    ]
    assert page.text.count("Mã đề 10") == 4
    acts = [row.act for row in db.session.query(AuditEvent)]
    assert "papers.draw" in acts


def test_the_page_says_which_cell_lacks_how_many(client, sign_in):
    made = with_bank(hard=1)
    author_of(made, sign_in)

    client.post(f"/quizzes/{made.id}/blueprint", data=GRID)
    page = client.get(f"/quizzes/{made.id}/blueprint").text
    answer = client.post(f"/quizzes/{made.id}/papers", data={"count": "4"})

    assert "Ô “Hàm số · Vận dụng cao” cần 2 câu, kho có 1: thiếu 1 câu" in page
    assert answer.status_code == 409
    assert db.session.query(Paper).count() == 0


def test_a_wrong_row_is_marked_and_nothing_is_kept(client, sign_in):
    made = with_bank()
    author_of(made, sign_in)

    answer = client.post(
        f"/quizzes/{made.id}/blueprint",
        data=GRID | {"count-1": "nhiều", "points-2": "-1"},
    )

    assert answer.status_code == 422
    assert "Số câu là một số nguyên từ 1 đến 100" in answer.text
    assert "Điểm là một số từ 0 đến 100" in answer.text
    assert db.session.get(Quiz, made.id).blueprint is None


def test_each_attempt_gets_a_paper_and_all_papers_are_used_alike(client):
    made = by_blueprint(with_bank(), *TWO_CELLS, count=3)

    classroom(made, ["bbbbb"] * 6)

    attempts = db.session.query(Attempt).all()
    assert set(Counter(one.paper_id for one in attempts).values()) == {2}
    assert {len(one.places) for one in attempts} == {5}
    assert [s["title"] for s in attempts[0].sections] == ["Phần I", "Phần II"]
    assert all(str(one.worth) == "7/2" for one in attempts)


def test_a_second_attempt_gets_another_paper(client):
    made = by_blueprint(with_bank(), *TWO_CELLS, count=2)
    [who] = classroom(made, ["bbbbb"])

    answered(made, who, "bbbbb")

    used = [one.paper_id for one in db.session.query(Attempt)]
    assert len(set(used)) == 2


def test_a_drawn_paper_stays_as_it_was_when_the_bank_changes(client):
    made = by_blueprint(with_bank(), *TWO_CELLS)
    paper = db.session.query(Paper).first()
    before = [one.item.stem for one in papers.printed([paper])[paper.id]]

    for item in db.session.query(Item):
        edit_item(item, choice(99), None, clock.now())
    papers.draw(made.blueprint, 2, None, clock.now())
    db.session.commit()

    assert [one.item.stem for one in papers.printed([paper])[paper.id]] == before
    assert paper.digest == digest(paper.places)
    assert paper.batch == 1
    assert made.blueprint.batch == 2


def test_the_table_of_keys_names_the_letter_on_each_paper(client, sign_in):
    made = by_blueprint(with_bank(), *TWO_CELLS)
    author_of(made, sign_in)
    used = papers.papers_of(made.blueprint)

    table = papers.key_table(used)

    for column, paper in enumerate(used):
        for (position, keys), place in zip(table.rows, paper.places, strict=True):
            assert keys[column] == "ABC"[place["options"].index("b")]
            assert position == place["position"]
    page = client.get(f"/papers/{used[0].id}")
    assert page.status_code == 200
    assert used[0].digest[:16] in page.text


def test_papers_and_keys_are_printed_apart(client, sign_in):
    made = by_blueprint(with_bank(), *TWO_CELLS)
    author_of(made, sign_in)
    paper = papers.papers_of(made.blueprint)[0]

    sheet = client.get(f"/papers/{paper.id}/pdf")
    keys = client.get(f"/blueprints/{made.blueprint_id}/keys/pdf")

    assert sheet.mimetype == keys.mimetype == "application/pdf"
    assert sheet.data.startswith(b"%PDF")
    assert keys.data.startswith(b"%PDF")


def test_the_author_previews_a_blueprint_quiz_as_a_learner(client, sign_in):
    made = by_blueprint(with_bank(), *TWO_CELLS)
    author_of(made, sign_in)

    page = client.get(f"/activities/{made.activity_id}/quiz/preview")

    assert page.text.count('<fieldset class="quiz-item"') == 5
    assert "Phần II" in page.text
    assert db.session.query(Attempt).count() == 0


def test_a_quiz_leaves_its_blueprint_and_asks_its_items_again(client, sign_in):
    made = by_blueprint(with_bank(), *TWO_CELLS)
    author_of(made, sign_in)

    client.post(f"/quizzes/{made.id}/blueprint/delete")

    assert db.session.get(Quiz, made.id).blueprint_id is None
    assert db.session.query(Paper).count() == 2


def test_sections_keep_their_items_together_under_their_heading(client, sign_in):
    made = quiz(SINGLE, TRUE_FALSE)
    author_of(made, sign_in)
    client.post(
        f"/quizzes/{made.id}/sections",
        data={"title": "Phần I. Chọn một", "instructions": "<p>Đọc kĩ đề.</p>"},
    )
    section, slot = db.session.query(QuizSection).one(), made.slots[0]

    client.post(f"/quiz-slots/{slot.id}/section", data={"section_id": str(section.id)})
    page = client.get(f"/activities/{made.activity_id}/quiz/preview").text

    first, second = page.index("Mức 02 cần đến"), page.index("Số định danh cá nhân")
    assert first < page.index("Phần I. Chọn một") < page.index("Đọc kĩ đề") < second


def test_each_attempt_draws_items_of_its_own(client, sign_in):
    made = with_bank(easy=30)
    author_of(made, sign_in)
    answer = client.post(
        f"/quizzes/{made.id}/draws",
        data=DRAW | {"level": EASY.value},
    )

    classroom(db.session.get(Quiz, made.id), ["", ""])

    assert answer.status_code == 303
    asked = [
        {place.item_version_id for place in one.places}
        for one in db.session.query(Attempt)
    ]
    assert [len(one) for one in asked] == [7, 7]
    assert asked[0] != asked[1]


def test_a_draw_that_the_bank_cannot_serve_is_refused(client, sign_in):
    made = with_bank()
    author_of(made, sign_in)

    answer = client.post(
        f"/quizzes/{made.id}/draws",
        data=DRAW | {"level": HARD.value},
    )

    assert answer.status_code == 409
    assert db.session.query(QuizSlot).filter(QuizSlot.draw.is_not(None)).count() == 0


def test_no_learner_gets_a_shorter_quiz_when_the_bank_has_shrunk(client, sign_in):
    who = learner(SINGLE)
    stocked(course_of(who).id, "Tập hợp", EASY, 3)
    author_of(who.quiz, sign_in)
    client.post(
        f"/quizzes/{who.quiz.id}/draws",
        data=DRAW,
    )
    db.session.query(Item).filter_by(topic="Tập hợp").first().topic = "Khác"
    db.session.commit()
    sign_in(who.account)

    answer = client.post(f"/quizzes/{who.quiz.id}/attempts")

    assert answer.status_code == 409
    assert "không còn đủ câu để rút" in answer.text


def test_a_quiz_without_a_course_is_taken_by_the_same_engine(client):
    bank = add_bank("Kho đề thi", "exam:3", None, NINE)
    for number in range(5):
        add_item(bank, choice(number), None, NINE, About(topic="Tập hợp", level=EASY))
    blueprint = papers.make_blueprint("exam:3", "Thi thử", [bank.id])
    papers.shape(blueprint, TWO_CELLS[:1], Spread.SHUFFLED)
    papers.draw(blueprint, 2, None, NINE)
    sitting = Quiz(title="Thi thử", owner="exam:3", blueprint=blueprint, max_attempts=1)
    db.session.add(sitting)
    db.session.commit()

    [who] = classroom(sitting, ["bbb"])

    taken = db.session.query(Attempt).one()
    assert (taken.learner_id, taken.percent, taken.passed) == (who.id, 100, True)
    assert sitting.scopes == ("exam:3",)
    assert sitting.name == "Thi thử"


def test_the_edit_page_stays_small_for_many_queries(client, sign_in, queries):
    made = by_blueprint(with_bank(easy=20, hard=20), *TWO_CELLS, count=8)
    author_of(made, sign_in)

    for path in (
        f"/quizzes/{made.id}/blueprint",
        f"/activities/{made.activity_id}/quiz/preview",
        f"/activities/{made.activity_id}/quiz/edit",
    ):
        db.session.remove()
        with queries() as seen:
            assert client.get(path).status_code == 200
        assert len(seen) <= 12, path


def test_a_start_page_says_when_the_quiz_opens_and_closes(client, sign_in):
    who = learner(
        opens_at=NINE + timedelta(hours=1), closes_at=NINE + timedelta(hours=2)
    )
    sign_in(who.account)

    page = client.get(f"/activities/{who.quiz.activity_id}/quiz").text

    assert "chưa đến giờ mở" in page
    assert not re.search(r"Bắt đầu làm bài", page)
