"""Sections of a quiz, and places that draw from the bank."""

from collections.abc import Sequence

from sqlalchemy import func, select

from courses.items.services import items
from courses.quizzes.models.quizzes import Quiz, QuizSection, QuizSlot
from courses.quizzes.rules.attempts import EditRefusal
from courses.quizzes.rules.blueprint import Cell
from courses.quizzes.services import stock
from courses.quizzes.services.quizzes import course_id_of
from lms.kernel.db import db
from lms.kernel.errors import Refused


def sections_of(quiz: Quiz) -> Sequence[QuizSection]:
    query = select(QuizSection).filter_by(quiz_id=quiz.id)
    ordered = query.order_by(QuizSection.position, QuizSection.id)
    return db.session.scalars(ordered).all()


def add_section(quiz: Quiz, title: str, instructions: str) -> QuizSection:
    section = QuizSection(
        quiz_id=quiz.id,
        position=_next(QuizSection, quiz),
        title=title,
        instructions=instructions,
    )
    db.session.add(section)
    db.session.flush()
    return section


def edit_section(section: QuizSection, title: str, instructions: str) -> None:
    section.title, section.instructions = title, instructions
    db.session.flush()


def remove_section(section: QuizSection) -> None:
    """Take the heading away; what stood under it stands before the first section."""
    for slot in db.session.scalars(select(QuizSlot).filter_by(section_id=section.id)):
        slot.section_id = None
    db.session.flush()
    db.session.delete(section)
    db.session.flush()


def put_in_section(slot: QuizSlot, section_id: int | None) -> None:
    """Move a slot under a section of its own quiz, or before the first."""
    sections = {section.id for section in sections_of(slot.quiz)}
    slot.section_id = section_id if section_id in sections else None
    db.session.flush()


def bank_ids_of(quiz: Quiz) -> list[int]:
    """Return the banks that the quiz's draws and blueprint read: its course's own."""
    return [items.bank_of_course(course_id_of(quiz)).id]


def add_draw(quiz: Quiz, cell: Cell) -> QuizSlot:
    """Let each attempt draw items that fit the cell from the course's bank.

    Raise Refused where the bank holds too few of them.
    """
    bank_ids = bank_ids_of(quiz)
    counts = stock.counts_in(bank_ids)
    if sum(n for traits, n in counts.items() if cell.fits(traits)) < cell.count:
        raise Refused(EditRefusal.TOO_FEW_ITEMS)
    slot = QuizSlot(
        quiz_id=quiz.id,
        position=_next(QuizSlot, quiz),
        draw={"cell": cell.stored(), "bank_ids": bank_ids},
        points=cell.points,
    )
    db.session.add(slot)
    db.session.flush()
    return slot


def _next(model: type[QuizSection] | type[QuizSlot], quiz: Quiz) -> int:
    last = select(func.max(model.position)).filter_by(quiz_id=quiz.id)
    return (db.session.scalar(last) or 0) + 1
