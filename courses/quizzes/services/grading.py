"""From responses to marks: machine, markers and corrections, in one place.

A mark is always worked out anew from the responses, the marks that people gave, and the
corrections in force; nothing is ever added to a mark.  So taking a correction back is
working the mark out without it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from courses.enrolment import services as enrolment
from courses.items.models import ItemVersion
from courses.items.rules import Item
from courses.quizzes.models.attempts import Attempt, AttemptPlace
from courses.quizzes.models.quizzes import Quiz
from courses.quizzes.models.regrading import RegradeRun
from courses.quizzes.rules.attempts import has_passed
from courses.quizzes.rules.certainty import Scoring
from courses.quizzes.rules.marking import Given, MarkingPolicy, settle
from courses.quizzes.rules.regrading import Remedy, RunState
from courses.quizzes.rules.results import Result, result_of
from lms.kernel.db import db

Corrections = Mapping[int, RegradeRun]
"""The correction in force for each item, by the item's id."""
ZERO = Fraction(0)


@dataclass(frozen=True, slots=True)
class PlaceMark:
    """What one response is worth; ``share`` is None while people must decide."""

    place: AttemptPlace
    share: Fraction | None
    earned: Fraction
    worth: Fraction
    left_out: bool = False


@dataclass(frozen=True, slots=True)
class AttemptMark:
    places: Sequence[PlaceMark]

    @property
    def earned(self) -> Fraction | None:
        """In points, never below nothing; None while people must decide."""
        if any(one.share is None and not one.left_out for one in self.places):
            return None
        return max(sum((one.earned for one in self.places), ZERO), ZERO)

    @property
    def worth(self) -> Fraction:
        return sum((one.worth for one in self.places), ZERO)


def scoring_of(quiz: Quiz) -> Scoring:
    return Scoring(quiz.wrong_costs, quiz.certainty)


def corrections_of(quiz_id: int) -> Corrections:
    """Return the corrections in force; of two for one item, the later."""
    query = (
        select(RegradeRun)
        .filter_by(quiz_id=quiz_id, state=RunState.APPLIED)
        .options(joinedload(RegradeRun.version))
        .order_by(RegradeRun.id)
    )
    return {run.item_id: run for run in db.session.scalars(query)}


def marking_policy(quiz: Quiz, item: Item, worth: Fraction) -> MarkingPolicy:
    """Return how people mark this item: its own wish, and the quiz's rule."""
    marking: Any = getattr(item, "marking", None)
    double = marking is not None and marking.double
    return MarkingPolicy(
        markers=2 if double else 1,
        tolerance=marking.difference * worth if double else ZERO,
        on_difference=quiz.on_difference,
        blind=quiz.blind_marking,
    )


def is_by_hand(item: Item) -> bool:
    return item.by_hand


def given_for(place: AttemptPlace) -> list[Given]:
    return [Given(mark.marker_id, Fraction(mark.points)) for mark in place.marks]


def mark_of(
    quiz: Quiz, places: Sequence[AttemptPlace], corrections: Corrections
) -> AttemptMark:
    """Work out the mark of an attempt; writes nothing.

    The places come with their versions and marks, the versions with their items.
    """
    scoring = scoring_of(quiz)
    return AttemptMark([_place_mark(quiz, scoring, p, corrections) for p in places])


def _place_mark(
    quiz: Quiz, scoring: Scoring, place: AttemptPlace, corrections: Corrections
) -> PlaceMark:
    points = Fraction(place.points)
    worth = points * scoring.most
    correction = corrections.get(place.item_version.item_id)
    if correction and correction.remedy is Remedy.LEFT_OUT:
        return PlaceMark(place, None, ZERO, ZERO, left_out=True)
    if correction and correction.remedy is Remedy.FULL_MARKS:
        return PlaceMark(place, Fraction(1), worth, worth)
    item = item_of(place, correction)
    share = item.grade(place.value).share
    if share is None:
        return _marked_by_hand(quiz, place, item, worth)
    blank = item.is_blank(place.value) or is_by_hand(item)
    multiple = scoring.multiple(share, place.certainty, is_blank=blank)
    return PlaceMark(place, share, multiple * points, worth)


def item_of(place: AttemptPlace, correction: RegradeRun | None) -> Item:
    """Return the item that judges the response: as asked, or as corrected."""
    if correction is None or correction.version is None:
        return place.item_version.read().shuffled(place.option_order)
    item = correction.version.read()
    try:
        return item.shuffled(place.option_order)
    except ValueError:
        # The new version has other options; what was picked keeps its id.
        return item


def _marked_by_hand(
    quiz: Quiz, place: AttemptPlace, item: Item, worth: Fraction
) -> PlaceMark:
    settled = settle(marking_policy(quiz, item, worth), given_for(place)).points
    if settled is None:
        return PlaceMark(place, None, ZERO, worth)
    return PlaceMark(place, settled / worth if worth else ZERO, settled, worth)


def places_with_marks(attempt_ids: Sequence[int]) -> Sequence[AttemptPlace]:
    """Return the places of these attempts with all that a mark is worked out from."""
    query = (
        select(AttemptPlace)
        .where(AttemptPlace.attempt_id.in_(attempt_ids))
        .options(
            joinedload(AttemptPlace.item_version).joinedload(ItemVersion.item),
            selectinload(AttemptPlace.marks),
        )
        .order_by(AttemptPlace.attempt_id, AttemptPlace.position)
    )
    return db.session.scalars(query).all()


def write_mark(attempt: Attempt, mark: AttemptMark) -> None:
    """Write down what was worked out."""
    for one in mark.places:
        one.place.share = None if one.share is None else str(one.share)
        one.place.left_out = one.left_out
    earned = mark.earned
    attempt.worth = str(mark.worth)
    attempt.points = None if earned is None else str(earned)
    attempt.passed = (
        None
        if earned is None
        else has_passed(earned, mark.worth, attempt.quiz.pass_mark)
    )
    db.session.flush()


def grade(attempt: Attempt, now: datetime) -> None:
    """Mark a handed-in attempt as far as can be, and tell the course the result."""
    places = places_with_marks([attempt.id])
    write_mark(attempt, mark_of(attempt.quiz, places, corrections_of(attempt.quiz_id)))
    note_standing(attempt.quiz, attempt.learner_id, now)


def standing_of(quiz: Quiz, attempts: Sequence[Attempt]) -> Result | None:
    """Return what counts of one learner's attempts; None before any is marked."""
    marked = [attempt.mark for attempt in attempts if not attempt.is_open]
    return result_of(quiz.method, [mark for mark in marked if mark])


def note_standing(quiz: Quiz, learner_id: int, now: datetime) -> None:
    """Tell the course what the learner has reached; nothing where there is none."""
    if quiz.activity is None:
        return
    query = select(Attempt).filter_by(quiz_id=quiz.id, learner_id=learner_id)
    attempts = db.session.scalars(query.order_by(Attempt.number)).all()
    result = standing_of(quiz, attempts)
    if result is None:
        return
    enrolment.note_result(
        activity=quiz.activity,
        learner_id=learner_id,
        percent=result.percent,
        passed=result.passes(quiz.pass_mark),
        now=now,
    )
