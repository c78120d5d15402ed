"""The queue of responses that people must mark."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction

from sqlalchemy import exists, func, select
from sqlalchemy.orm import joinedload, selectinload

from courses.items.models import ItemVersion
from courses.items.rules import Item
from courses.quizzes.models.attempts import Attempt, AttemptPlace, ResponseMark
from courses.quizzes.models.quizzes import Quiz
from courses.quizzes.rules.attempts import shown_points
from courses.quizzes.rules.marking import (
    Given,
    MarkingPolicy,
    MarkRefusal,
    Settlement,
    mark_refusal,
    settle,
)
from courses.quizzes.services import grading
from lms.kernel import audit
from lms.kernel.db import db
from lms.kernel.errors import Refused

SHOWN = 50


@dataclass(frozen=True, slots=True)
class Waiting:
    """A response in the queue, as a marker sees it."""

    place: AttemptPlace
    item: Item
    policy: MarkingPolicy
    worth: Fraction
    settlement: Settlement

    @property
    def given(self) -> int:
        return len(self.place.marks)

    @property
    def number(self) -> int:
        """What a blind marker calls the response; says nothing about its writer."""
        return self.place.id

    @property
    def most(self) -> Decimal:
        return shown_points(self.worth)

    @property
    def name(self) -> str | None:
        return None if self.policy.blind else self.place.attempt.learner.full_name


def queue_for(quiz: Quiz, marker_id: int) -> list[Waiting]:
    """Return responses that this marker may mark, the longest waiting first."""
    own = exists().where(
        ResponseMark.place_id == AttemptPlace.id, ResponseMark.marker_id == marker_id
    )
    query = (
        _waiting(quiz)
        .where(Attempt.learner_id != marker_id, ~own)
        .order_by(Attempt.submitted_at, AttemptPlace.id)
        .limit(SHOWN)
    )
    return [_seen(place) for place in db.session.scalars(query)]


def count_waiting(quiz: Quiz) -> int:
    ids = _waiting(quiz).with_only_columns(AttemptPlace.id).subquery()
    return db.session.scalar(select(func.count()).select_from(ids)) or 0


def _waiting(quiz: Quiz):  # type: ignore[no-untyped-def]
    return (
        select(AttemptPlace)
        .join(AttemptPlace.attempt)
        .where(
            Attempt.quiz_id == quiz.id,
            Attempt.submitted_at.is_not(None),
            AttemptPlace.share.is_(None),
            AttemptPlace.left_out.is_(False),
        )
        .options(
            joinedload(AttemptPlace.item_version).joinedload(ItemVersion.item),
            joinedload(AttemptPlace.attempt).joinedload(Attempt.quiz),
            joinedload(AttemptPlace.attempt).joinedload(Attempt.learner),
            selectinload(AttemptPlace.marks),
        )
    )


def _seen(place: AttemptPlace) -> Waiting:
    quiz = place.attempt.quiz
    item = place.item_version.read().shuffled(place.option_order)
    worth = Fraction(place.points) * grading.scoring_of(quiz).most
    policy = grading.marking_policy(quiz, item, worth)
    return Waiting(place, item, policy, worth, settle(policy, grading.given_for(place)))


def seen_by(place: AttemptPlace, marker_id: int) -> Waiting:
    """Return the response for marking, or raise Refused where nobody marks it."""
    seen = _seen(place)
    if place.attempt.is_open or place.left_out or not seen.item.by_hand:
        raise Refused(MarkRefusal.NOT_FOR_MARKERS)
    return seen


def give_mark(
    place: AttemptPlace, marker_id: int, points: Fraction, comment: str, now: datetime
) -> Settlement:
    """Keep a marker's word, and mark the attempt once all is said."""
    attempt = place.attempt
    # Two markers at once: the second sees what the first has given.
    db.session.refresh(attempt, with_for_update={"of": Attempt})
    db.session.refresh(place, ["marks"])
    seen = seen_by(place, marker_id)
    mark = Given(marker_id, points)
    if reason := mark_refusal(
        seen.policy,
        grading.given_for(place),
        mark,
        worth=seen.worth,
        learner_id=attempt.learner_id,
    ):
        raise Refused(reason)
    place.marks.append(
        ResponseMark(
            marker_id=marker_id, points=str(points), comment=comment, given_at=now
        )
    )
    db.session.flush()
    audit.record("response.mark", f"attempt_place:{place.id}", marker_id, now)
    settlement = settle(seen.policy, grading.given_for(place))
    if settlement.points is not None:
        grading.grade(attempt, now)
    return settlement


def comments_on(places: Sequence[AttemptPlace]) -> dict[int, list[str]]:
    """Return what markers wrote for the learner, by the place's id."""
    ids = [place.id for place in places]
    query = (
        select(ResponseMark.place_id, ResponseMark.comment)
        .where(ResponseMark.place_id.in_(ids), ResponseMark.comment != "")
        .order_by(ResponseMark.id)
    )
    found: dict[int, list[str]] = {}
    for place_id, comment in db.session.execute(query):
        found.setdefault(place_id, []).append(comment)
    return found
