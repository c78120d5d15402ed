"""Banks with topics and levels, blueprints, and classes that answer quizzes."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from courses.items.rules import About, ItemLevel
from courses.items.services import items
from courses.quizzes.models.attempts import Attempt
from courses.quizzes.models.quizzes import Quiz
from courses.quizzes.rules.attempts import Save
from courses.quizzes.rules.blueprint import Cell, Spread
from courses.quizzes.services import attempts, papers
from lms.kernel import clock
from lms.kernel.db import db
from lms.people.models import Account
from tests.factories import courses, people

EASY, HARD = ItemLevel.RECOGNITION, ItemLevel.ADVANCED
FORM = "form"


def choice(number: int, key: str = "b", **given: Any) -> dict[str, Any]:
    """A choice of three whose stem carries a number."""
    return {
        "kind": "single_choice",
        "stem": f"<p>Câu hỏi số {number}</p>",
        "options": [{"id": one, "text": f"Phương án {one}{number}"} for one in "abc"],
        "correct": key,
        "explanation": "",
        **given,
    }


ESSAY = {
    "kind": "essay",
    "stem": "<p>Trình bày cách cấp căn cước.</p>",
    "explanation": "",
    "double": True,
    "difference": "1/10",
}


def stocked(course_id: int, topic: str, level: ItemLevel, count: int) -> None:
    """Put so many items of a topic and a level into the course's bank."""
    bank = items.bank_of_course(course_id)
    for number in range(count):
        about = About(topic=topic, level=level)
        items.add_item(bank, choice(number), None, clock.now(), about)
    db.session.commit()


def by_blueprint(
    quiz: Quiz, *cells: Cell, count: int = 2, spread: Spread = Spread.DRAWN
) -> Quiz:
    """Let the quiz ask by a blueprint with so many papers."""
    blueprint = papers.blueprint_of(quiz)
    papers.shape(blueprint, cells, spread)
    papers.draw(blueprint, count, None, clock.now())
    db.session.commit()
    return quiz


TWO_CELLS = (
    Cell("Tập hợp", EASY, 3, Decimal("0.5"), part="Phần I"),
    Cell("Hàm số", HARD, 2, Decimal(1), part="Phần II"),
)


def classroom(quiz: Quiz, sheets: Sequence[str]) -> list[Account]:
    """Let a learner for each sheet answer and hand in; ``ab-`` picks a, b, nothing."""
    learners = []
    for number, sheet in enumerate(sheets, 1):
        learner = people.account(f"Học viên {number:02d}")
        if quiz.activity:
            courses.enrolled(learner, quiz.activity.course)
        answered(quiz, learner, sheet)
        learners.append(learner)
    return learners


def answered(quiz: Quiz, learner: Account, sheet: str) -> Attempt:
    now = clock.now()
    attempt = attempts.start_attempt(quiz, learner.id, now)
    for position, picked in enumerate(sheet, 1):
        if picked != "-":
            save = Save(1, picked, flagged=False)
            attempts.save_response(attempt, position, save, FORM, now)
    attempts.submit(attempt, now)
    db.session.commit()
    return attempt
