"""Putting quizzes together: their settings, and the items that stand in them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from html import unescape
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from courses.catalogue.models import Activity, Course
from courses.catalogue.rules import Problem
from courses.items.models import Item, ItemVersion
from courses.items.rules import Spec
from courses.items.services import finding, items
from courses.quizzes.models.attempts import Attempt
from courses.quizzes.models.quizzes import Quiz, QuizAllowance, QuizSlot
from courses.quizzes.rules.attempts import EditRefusal, QuizProblem, quiz_problem
from courses.quizzes.rules.blueprint import worth_of
from courses.quizzes.rules.terms import Terms
from courses.quizzes.services.allowances import is_granted_to
from lms.kernel import richtext
from lms.kernel.db import db
from lms.kernel.errors import Refused


def quiz_of(activity: Activity) -> Quiz | None:
    """Return the quiz that stands in this activity, with its course."""
    query = (
        select(Quiz)
        .filter_by(activity_id=activity.id)
        .options(joinedload(Quiz.activity).joinedload(Activity.course))
    )
    return db.session.scalar(query)


@dataclass(frozen=True, slots=True)
class SpareItem:
    """An item of the bank, as a list offers it."""

    id: int
    kind: str
    stem: str


@dataclass(frozen=True, slots=True)
class Overview:
    """A quiz as its start page tells of it."""

    quiz: Quiz
    items: int
    worth: Decimal
    terms: Terms
    """The conditions of the learner whom it is told to."""


def overview_for(activity: Activity, learner_id: int, now: datetime) -> Overview | None:
    """Return the activity's quiz as this learner may take it, in one query."""
    granted = (QuizAllowance.quiz_id == Quiz.id) & is_granted_to(learner_id, now)
    query = (
        select(Quiz, QuizSlot, QuizAllowance)
        .outerjoin(QuizSlot, QuizSlot.quiz_id == Quiz.id)
        .outerjoin(QuizAllowance, granted)
        .where(Quiz.activity_id == activity.id)
        .options(joinedload(Quiz.blueprint))
    )
    rows = db.session.execute(query).all()
    if not rows:
        return None
    quiz = rows[0][0]
    slots = {slot.id: slot for _quiz, slot, _granted in rows if slot is not None}
    allowances = {row.id: row.read() for _quiz, _slot, row in rows if row is not None}
    count, worth = _size(quiz, slots.values())
    return Overview(quiz, count, worth, quiz.terms(list(allowances.values())))


def _size(quiz: Quiz, slots: Collection[QuizSlot]) -> tuple[int, Decimal]:
    """Say how many items the quiz asks, and what they are worth."""
    if quiz.blueprint:
        cells = quiz.blueprint.read_cells() if quiz.blueprint.batch else []
        return sum(cell.count for cell in cells), worth_of(cells)
    worth = sum((slot.worth for slot in slots), Decimal())
    return sum(slot.asks for slot in slots), worth


def set_up(activity: Activity, **settings: Any) -> Quiz:
    """Give the activity's quiz these settings; the first call makes the quiz."""
    quiz = quiz_of(activity) or Quiz(activity_id=activity.id)
    for name, value in settings.items():
        setattr(quiz, name, value)
    db.session.add(quiz)
    db.session.flush()
    return quiz


def slots_of(quiz: Quiz) -> Sequence[QuizSlot]:
    """Return the places of a quiz in order, with versions and items, in one query."""
    query = (
        select(QuizSlot)
        .filter_by(quiz_id=quiz.id)
        .options(
            joinedload(QuizSlot.item_version).joinedload(ItemVersion.item),
            joinedload(QuizSlot.section),
        )
        .order_by(QuizSlot.position, QuizSlot.id)
    )
    return db.session.scalars(query).all()


def add_item(
    quiz: Quiz,
    spec: Spec,
    actor_id: int | None,
    now: datetime,
    points: int | Decimal = 1,
) -> QuizSlot:
    """Add a new item to the course's bank and to the end of the quiz."""
    bank = items.bank_of_course(course_id_of(quiz))
    return _add_slot(quiz, items.add_item(bank, spec, actor_id, now), points)


def course_id_of(quiz: Quiz) -> int:
    """Return the course whose page the quiz is written on; LookupError without one."""
    if quiz.activity is None:
        raise LookupError(f"quiz {quiz.id} stands in no course")
    return quiz.activity.course_id


def add_from_bank(quiz: Quiz, item_id: int, points: int | Decimal = 1) -> QuizSlot:
    """Put the newest version of an item of the course at the end, or raise Refused."""
    bank = items.bank_of_course(course_id_of(quiz))
    item = db.session.get(Item, item_id)
    if item is None or item.bank_id != bank.id:
        raise Refused(EditRefusal.ITEM_ELSEWHERE)
    if item.id in item_ids_in(quiz):
        raise Refused(EditRefusal.ITEM_TWICE)
    return _add_slot(quiz, items.newest_version(item), points)


def _add_slot(quiz: Quiz, version: ItemVersion, points: int | Decimal) -> QuizSlot:
    last = db.session.scalar(
        select(func.max(QuizSlot.position)).filter_by(quiz_id=quiz.id)
    )
    slot = QuizSlot(
        quiz_id=quiz.id,
        position=(last or 0) + 1,
        item_version=version,
        points=Decimal(points),
    )
    db.session.add(slot)
    db.session.flush()
    return slot


def spare_items(course_id: int, quiz: Quiz | None, words: str) -> list[SpareItem]:
    """Return items of the course's bank that the quiz does not ask yet."""
    asked = item_ids_in(quiz) if quiz else set()
    versions = finding.newest_in(f"course:{course_id}", words, without=asked)
    return [
        SpareItem(v.item_id, v.spec["kind"], unescape(richtext.plain(v.spec["stem"])))
        for v in versions
    ]


def item_ids_in(quiz: Quiz) -> set[int]:
    versions = [slot.item_version for slot in slots_of(quiz)]
    return {version.item_id for version in versions if version}


def slots_by_item(quiz: Quiz) -> dict[int, int]:
    """Return the id of the slot that asks each item."""
    slots = [(slot.item_version, slot.id) for slot in slots_of(quiz)]
    return {version.item_id: slot_id for version, slot_id in slots if version}


def edit_item(
    slot: QuizSlot, spec: Spec, points: Decimal, actor_id: int | None, now: datetime
) -> QuizSlot:
    """Let the slot ask a new version of its item; attempts keep theirs."""
    if slot.item_version is None:
        raise Refused(EditRefusal.SLOT_DRAWS)
    item = slot.item_version.item
    slot.item_version = items.edit_item(item, spec, actor_id, now)
    slot.points = points
    db.session.flush()
    return slot


def remove_slot(slot: QuizSlot) -> None:
    """Take an item out of the quiz; it stays in the bank, and in attempts."""
    db.session.delete(slot)
    db.session.flush()


def arrange(quiz: Quiz, order: Sequence[int]) -> None:
    """Put the slots in this order; *order* names each once, or Refused is raised."""
    slots = {slot.id: slot for slot in slots_of(quiz)}
    if sorted(order) != sorted(slots):
        raise Refused(EditRefusal.WRONG_ORDER)
    for position, slot_id in enumerate(order, 1):
        slots[slot_id].position = position


def uses_of_item(item_id: int) -> list[tuple[str, str, int]]:
    """Say where an item is asked: the title, the address, the version's number."""
    query = (
        select(Activity, ItemVersion.number)
        .join(Quiz, Quiz.activity_id == Activity.id)
        .join(QuizSlot, QuizSlot.quiz_id == Quiz.id)
        .join(ItemVersion, ItemVersion.id == QuizSlot.item_version_id)
        .where(ItemVersion.item_id == item_id)
        .order_by(Activity.id)
    )
    return [
        (activity.title, f"/activities/{activity.id}/quiz/edit", number)
        for activity, number in db.session.execute(query)
    ]


def has_attempts(quiz: Quiz) -> bool:
    query = select(Attempt.id).filter_by(quiz_id=quiz.id).limit(1)
    return db.session.scalar(query) is not None


def publish_problems(course: Course) -> list[Problem]:
    """Say which quizzes of the course nobody could pass as they are."""
    rows = db.session.execute(
        select(Activity, Quiz, QuizSlot)
        .outerjoin(Quiz, Quiz.activity_id == Activity.id)
        .outerjoin(QuizSlot, QuizSlot.quiz_id == Quiz.id)
        .where(Activity.course_id == course.id, Activity.kind == "quiz")
        .options(joinedload(Quiz.blueprint))
        .order_by(Activity.id)
    )
    found: dict[Activity, tuple[Quiz | None, list[Decimal]]] = {}
    for activity, quiz, slot in rows:
        worths = found.setdefault(activity, (quiz, []))[1]
        worths += [] if slot is None else [slot.worth]
    return [
        Problem(word, activity.title, activity.id)
        for activity, (quiz, worths) in found.items()
        if (word := _problem(quiz, worths))
    ]


def _problem(quiz: Quiz | None, worths: list[Decimal]) -> QuizProblem | None:
    if quiz is None:
        return QuizProblem.NO_ITEMS
    if quiz.blueprint:
        if not quiz.blueprint.batch:
            return QuizProblem.NO_PAPERS
        worths = [worth_of(quiz.blueprint.read_cells())]
    return quiz_problem(worths, quiz.pass_mark, quiz.review, quiz.policy)
