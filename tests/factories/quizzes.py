"""Items, quizzes, and attempts at them."""

from dataclasses import dataclass
from typing import Any

from courses.catalogue.models import Course
from courses.quizzes.models.attempts import Attempt
from courses.quizzes.models.quizzes import Quiz
from courses.quizzes.services import attempts, quizzes
from lms.kernel import clock
from lms.kernel.db import db
from lms.people.models import Account
from tests.factories import courses, people

SINGLE = {
    "kind": "single_choice",
    "stem": "<p>Số định danh cá nhân có mấy chữ số?</p>",
    "options": [
        {"id": "a", "text": "9"},
        {"id": "b", "text": "12"},
        {"id": "c", "text": "10"},
    ],
    "correct": "b",
    "explanation": "<p>Mười hai chữ số, theo Luật Căn cước.</p>",
}
MULTIPLE = {
    "kind": "multiple_choice",
    "stem": "<p>Việc nào làm được trên VNeID?</p>",
    "options": [
        {"id": "a", "text": "Thông báo lưu trú"},
        {"id": "b", "text": "Nấu cơm"},
        {"id": "c", "text": "Tố giác tội phạm"},
    ],
    "correct": ["a", "c"],
    "explanation": "<p>Hai dịch vụ có trong ứng dụng.</p>",
}
TRUE_FALSE = {
    "kind": "true_false",
    "stem": "<p>Mức 02 cần đến cơ quan công an.</p>",
    "correct": True,
    "explanation": "<p>Phải đối chiếu vân tay, ảnh.</p>",
}
SHORT = {
    "kind": "short_answer",
    "stem": "<p>Ứng dụng định danh quốc gia tên là gì?</p>",
    "accepted": ["VNeID"],
    "explanation": "<p>Do Bộ Công an phát hành.</p>",
}
ONE_OF_EACH = (SINGLE, MULTIPLE, TRUE_FALSE, SHORT)
RIGHT = {1: "b", 2: ["a", "c"], 3: True, 4: "vneid"}


def quiz(*specs: dict[str, Any], **settings: Any) -> Quiz:
    """Add a quiz with these items (one of each type) to a course of its own."""
    of = settings.pop("course", None) or courses.course(lessons=1)
    place = courses.activity(of, "quiz", "Kiểm tra cuối khóa")
    made = quizzes.set_up(place, **settings)
    for spec in specs or ONE_OF_EACH:
        quizzes.add_item(made, spec, None, clock.now())
    db.session.commit()
    return made


@dataclass(frozen=True)
class Learner:
    """Somebody enrolled, with their quiz."""

    account: Account
    quiz: Quiz


def learner(
    *specs: dict[str, Any], name: str = "Nguyễn Văn An", **settings: Any
) -> Learner:
    """Enrol somebody in the course of a new quiz."""
    made = quiz(*specs, **settings)
    account = people.account(name)
    courses.enrolled(account, made.activity.course)
    return Learner(account, made)


def attempt(of: Learner) -> Attempt:
    """Start an attempt, or find the open one."""
    made = attempts.start_attempt(of.quiz, of.account.id, clock.now())
    db.session.commit()
    return made


def course_of(of: Learner) -> Course:
    return of.quiz.activity.course
