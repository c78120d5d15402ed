"""What an attempt asks: the slots of its quiz, or one of the blueprint's papers."""

import random
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, select

from courses.items.rules import Item
from courses.quizzes.models.attempts import Attempt
from courses.quizzes.models.papers import Paper
from courses.quizzes.models.quizzes import Quiz, QuizSlot
from courses.quizzes.rules.attempts import Place, Slot, StartRefusal, layout
from courses.quizzes.services import stock
from courses.quizzes.services.quizzes import slots_of
from lms.kernel.db import db
from lms.kernel.errors import Refused


@dataclass(frozen=True, slots=True)
class Laid:
    """The questions of one attempt, in order."""

    places: Sequence[Place]
    sections: list[dict[str, Any]] = field(default_factory=list)
    """``{"position", "title", "instructions"}`` where each section begins."""
    paper_id: int | None = None


def lay_out(quiz: Quiz, learner_id: int, seed: str) -> Laid:
    """Choose what this attempt asks, or raise Refused."""
    laid = (
        _paper_for(quiz, learner_id, seed)
        if quiz.blueprint_id
        else _laid_slots(quiz, seed)
    )
    if not laid.places:
        raise Refused(StartRefusal.NO_ITEMS)
    return laid


def _paper_for(quiz: Quiz, learner_id: int, seed: str) -> Laid:
    """Give the paper that this learner, and then everybody, has had least often."""
    papers = papers_in_use(quiz.blueprint_id)
    if not papers:
        return Laid([])
    own = _uses(quiz, Attempt.learner_id == learner_id)
    all_ = _uses(quiz)
    lots = random.Random(seed)  # noqa: S311 - the seed is a secret of this attempt
    chosen = min(papers, key=lambda p: (own[p.id], all_[p.id], lots.random()))
    return laid_paper(chosen)


def laid_paper(paper: Paper) -> Laid:
    parts = [
        {"position": position, "title": title, "instructions": ""}
        for position, title in paper.parts
    ]
    return Laid(paper.read(), parts, paper.id)


def papers_in_use(blueprint_id: int | None) -> Sequence[Paper]:
    """Return the papers of the newest batch, by code."""
    query = (
        select(Paper)
        .join(Paper.blueprint)
        .filter(Paper.blueprint_id == blueprint_id)
        .where(Paper.batch == Paper.blueprint.property.mapper.class_.batch)
        .order_by(Paper.code)
    )
    return db.session.scalars(query).all()


def _uses(quiz: Quiz, *conditions: Any) -> Counter[int]:
    query = (
        select(Attempt.paper_id, func.count())
        .where(Attempt.quiz_id == quiz.id, Attempt.paper_id.is_not(None), *conditions)
        .group_by(Attempt.paper_id)
    )
    return Counter({row[0]: row[1] for row in db.session.execute(query) if row[0]})


def _laid_slots(quiz: Quiz, seed: str) -> Laid:
    """Lay out section by section; within each, items may be shuffled."""
    taken: set[int] = set()
    places: list[Place] = []
    sections = []
    for section, slots in by_section(slots_of(quiz)):
        if section is not None:
            sections.append(
                {
                    "position": len(places) + 1,
                    "title": section.title,
                    "instructions": section.instructions,
                }
            )
        asked = [one for slot in slots for one in _slots_in(slot, taken, seed)]
        places += layout(
            f"{seed}:{section.id if section else ''}",
            asked,
            shuffle_items=quiz.shuffle_items,
            shuffle_options=quiz.shuffle_options,
        )
    numbered = [
        Place(n, place.slot, place.option_order) for n, place in enumerate(places, 1)
    ]
    return Laid(numbered, sections)


def by_section(slots: Iterable[QuizSlot]) -> list[tuple[Any, list[QuizSlot]]]:
    """Group slots by section: what stands in none first, then by position."""
    groups: dict[Any, list[QuizSlot]] = {}
    for slot in slots:
        groups.setdefault(slot.section, []).append(slot)
    order = sorted(groups, key=lambda s: (-1, 0) if s is None else (s.position, s.id))
    return [(section, groups[section]) for section in order]


def _slots_in(slot: QuizSlot, taken: set[int], seed: str) -> list[Slot]:
    if slot.item_version is not None:
        taken.add(slot.item_version.item_id)
        return [slot_of(slot.item_version.id, slot.item_version.read(), slot.points)]
    versions = stock.draw(slot, taken, f"{seed}:{slot.id}")
    return [slot_of(v.id, v.read(), slot.points) for v in versions]


def slot_of(version_id: int, item: Item, points: Any) -> Slot:
    return Slot(version_id, points, item.option_ids, item.always_shuffled)
