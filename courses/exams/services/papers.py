"""Freezing papers, vouching for them, and opening them at the bell."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from functools import lru_cache
from typing import Any

from sqlalchemy import select

from courses.exams.models.papers import ExamPaper, ExamPaperApproval, ExamPaperKey
from courses.exams.models.plan import ExamSession, ExamSubject
from courses.exams.services.keys import lock, unlock
from courses.items.models import ItemVersion
from courses.items.rules import Item
from courses.items.types import parse
from courses.quizzes.rules.attempts import Place
from courses.quizzes.rules.papers import stored
from lms.kernel import audit
from lms.kernel.db import db
from lms.kernel.errors import Refusal, Refused

APPROVALS = 2


class PaperRefusal(Refusal):
    OWN = "paper-own"
    """Who made a paper does not approve it."""

    TWICE = "paper-approved-twice"
    NOT_APPROVED = "paper-not-approved"
    BEFORE_THE_BELL = "paper-before-the-bell"


@dataclass(frozen=True, slots=True)
class Question:
    """One question of a frozen paper, as it is asked and as it is marked."""

    position: int
    item: Item
    points: Fraction


def freeze(
    subject: ExamSubject,
    code: str,
    places: Sequence[Place],
    maker_id: int,
    now: datetime,
) -> ExamPaper:
    """Copy what the paper asks, lock it, and put its key elsewhere.

    The copy is whole: a later edit of an item, or its loss, does not touch the paper.
    """
    ids = [place.slot.item_version_id for place in places]
    query = select(ItemVersion.id, ItemVersion.spec).where(ItemVersion.id.in_(ids))
    specs: dict[int, Any] = {row.id: row.spec for row in db.session.execute(query)}
    document = [{**one, "spec": specs[one["version"]]} for one in stored(places)]
    written = json.dumps(document, sort_keys=True, ensure_ascii=False).encode()
    digest = hashlib.sha256(written).hexdigest()
    locked, key = lock(written, _bound(subject.id, code))
    paper = ExamPaper(
        subject_id=subject.id,
        code=code,
        locked=locked,
        digest=digest,
        item_count=len(document),
        made_by_id=maker_id,
        made_at=now,
    )
    db.session.add(paper)
    db.session.flush()
    kept = ExamPaperKey(paper_id=paper.id)
    kept.key = key
    db.session.add(kept)
    audit.record(
        "exam-paper:freeze", f"exam_paper:{paper.id}", maker_id, now, code=code
    )
    return paper


def approve(paper: ExamPaper, approver_id: int, now: datetime) -> None:
    """Vouch for a paper; two people other than its maker must."""
    if approver_id == paper.made_by_id:
        raise Refused(PaperRefusal.OWN)
    if approver_id in {one.approved_by_id for one in _approvals(paper)}:
        raise Refused(PaperRefusal.TWICE)
    db.session.add(
        ExamPaperApproval(
            paper_id=paper.id,
            approved_by_id=approver_id,
            digest=paper.digest,
            approved_at=now,
        )
    )
    db.session.flush()
    audit.record("exam-paper:approve", f"exam_paper:{paper.id}", approver_id, now)


def is_approved(paper: ExamPaper) -> bool:
    return len(_approvals(paper)) >= APPROVALS


def papers_of(subject: ExamSubject) -> Sequence[ExamPaper]:
    query = select(ExamPaper).filter_by(subject_id=subject.id)
    return db.session.scalars(query.order_by(ExamPaper.code)).all()


def questions_of(paper: ExamPaper, session: ExamSession) -> Sequence[Question]:
    """Open a paper; raise Refused before the bell of its session has rung."""
    if session.rung_at is None or session.subject_id != paper.subject_id:
        raise Refused(PaperRefusal.BEFORE_THE_BELL)
    return _opened(paper.id, paper.digest)


@lru_cache(maxsize=256)
def _opened(paper_id: int, digest: str) -> tuple[Question, ...]:
    """Read a paper once for all who sit with it; a digest names what never changes."""
    paper = db.session.get_one(ExamPaper, paper_id)
    kept = db.session.scalars(select(ExamPaperKey).filter_by(paper_id=paper_id)).one()
    bound = _bound(paper.subject_id, paper.code)
    written = unlock(paper.locked, kept.key or b"", bound)
    if hashlib.sha256(written).hexdigest() != digest:
        raise ValueError(f"paper {paper_id} is not what its digest says")
    return tuple(_question(one) for one in json.loads(written))


def _question(one: dict[str, Any]) -> Question:
    item = parse(one["spec"]).shuffled(one["options"])
    return Question(one["position"], item, Fraction(one["points"]))


def _approvals(paper: ExamPaper) -> Sequence[ExamPaperApproval]:
    query = select(ExamPaperApproval)
    return db.session.scalars(
        query.filter_by(paper_id=paper.id, digest=paper.digest)
    ).all()


def _bound(subject_id: int, code: str) -> str:
    return f"exam_paper:{subject_id}:{code}"
