"""Starting, answering, handing in and marking attempts.

Everything that changes an attempt first takes hold of its row, so that a save and a
hand-in at the same moment happen one after the other.
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload

from courses.catalogue.models import Activity
from courses.enrolment import services as enrolment
from courses.enrolment.rules import EnrolmentRefusal
from courses.items.rules import Item
from courses.quizzes.models import Attempt, AttemptPlace, Quiz, QuizSlot
from courses.quizzes.rules.attempts import (
    GRACE,
    Record,
    ReviewRefusal,
    Save,
    SaveRefusal,
    SheetLine,
    Slot,
    StartRefusal,
    Write,
    end_of,
    has_passed,
    is_over,
    layout,
    review_refusal,
    save_refusal,
    total,
    write_of,
)
from courses.quizzes.services.quizzes import slots_of
from lms.kernel.db import db
from lms.kernel.errors import Refused

BATCH = 50


def attempts_of(quiz: Quiz, learner_id: int) -> Sequence[Attempt]:
    """Return the learner's attempts at this quiz, the first one first."""
    query = select(Attempt).filter_by(quiz_id=quiz.id, learner_id=learner_id)
    return db.session.scalars(query.order_by(Attempt.number)).all()


def record_of(attempts: Sequence[Attempt]) -> Record:
    return Record(
        made=len(attempts),
        has_open=any(attempt.submitted_at is None for attempt in attempts),
        passed=any(attempt.passed for attempt in attempts),
    )


def best_of(attempts: Sequence[Attempt]) -> Attempt | None:
    """Return the handed-in attempt with the most points, the earliest of equals."""
    marked = [attempt for attempt in attempts if attempt.percent is not None]
    return max(marked, key=lambda attempt: Fraction(attempt.points or 0), default=None)


def start_attempt(quiz: Quiz, learner_id: int, now: datetime) -> Attempt:
    """Open an attempt, or give back the one that is open; raise Refused if neither."""
    begun = _open_attempt(quiz, learner_id)
    if begun and not is_over(begun.deadline, now):
        return begun
    if begun:
        submit(begun, now)
    if enrolment.is_locked_for(quiz.activity, learner_id):
        raise Refused(EnrolmentRefusal.LOCKED)
    made = _count_attempts(quiz, learner_id)
    if reason := quiz.policy.refusal(made):
        raise Refused(reason)
    try:
        with db.session.begin_nested():
            attempt = _open(quiz, learner_id, made + 1, now)
    except IntegrityError:
        # The same learner has started at the same moment in another window.
        return _existing(quiz, learner_id)
    enrolment.note_opened(quiz.activity, learner_id, now)
    return attempt


def _existing(quiz: Quiz, learner_id: int) -> Attempt:
    begun = _open_attempt(quiz, learner_id)
    if begun is None:
        raise Refused(StartRefusal.NO_ATTEMPTS_LEFT)
    return begun


def _open_attempt(quiz: Quiz, learner_id: int) -> Attempt | None:
    return db.session.scalar(
        select(Attempt).filter_by(
            quiz_id=quiz.id, learner_id=learner_id, submitted_at=None
        )
    )


def _count_attempts(quiz: Quiz, learner_id: int) -> int:
    query = select(func.count(Attempt.id))
    query = query.filter_by(quiz_id=quiz.id, learner_id=learner_id)
    return db.session.scalar(query) or 0


def _open(quiz: Quiz, learner_id: int, number: int, now: datetime) -> Attempt:
    slots = [
        Slot(s.item_version_id, s.points, s.item_version.read().option_ids)
        for s in slots_of(quiz)
    ]
    if not slots:
        raise Refused(StartRefusal.NO_ITEMS)
    seed = secrets.token_hex(16)
    places = layout(
        seed,
        slots,
        shuffle_items=quiz.shuffle_items,
        shuffle_options=quiz.shuffle_options,
    )
    attempt = Attempt(
        quiz_id=quiz.id,
        learner_id=learner_id,
        number=number,
        started_at=now,
        deadline=quiz.policy.deadline(now),
        seed=seed,
        places=[
            AttemptPlace(
                position=place.position,
                item_version_id=place.slot.item_version_id,
                option_order=list(place.option_order),
                points=place.slot.points,
            )
            for place in places
        ],
    )
    db.session.add(attempt)
    db.session.flush()
    return attempt


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as an attempt asks it, with what the learner has responded."""

    place: AttemptPlace
    item: Item

    @property
    def share(self) -> Fraction | None:
        return None if self.place.share is None else Fraction(self.place.share)


def asked_in(attempt: Attempt) -> list[Asked]:
    """Return what the attempt asks, in its order, read in one query."""
    query = (
        select(AttemptPlace)
        .filter_by(attempt_id=attempt.id)
        .options(joinedload(AttemptPlace.item_version))
        .order_by(AttemptPlace.position)
    )
    return [_asked(place) for place in db.session.scalars(query)]


def places_of(attempt: Attempt) -> Sequence[AttemptPlace]:
    """Return the places without what they ask, for counting blanks."""
    query = select(AttemptPlace).filter_by(attempt_id=attempt.id)
    return db.session.scalars(query.order_by(AttemptPlace.position)).all()


def previewed(quiz: Quiz) -> list[Asked]:
    """Return what the quiz asks as a learner would see it; nothing is stored."""
    return [
        Asked(_preview_place(position, slot), slot.item_version.read())
        for position, slot in enumerate(slots_of(quiz), 1)
    ]


def _preview_place(position: int, slot: QuizSlot) -> AttemptPlace:
    return AttemptPlace(
        position=position, points=slot.points, sequence=0, flagged=False
    )


def _asked(place: AttemptPlace) -> Asked:
    return Asked(place, place.item_version.read().shuffled(place.option_order))


def save_response(
    attempt: Attempt, position: int, save: Save, now: datetime
) -> AttemptPlace:
    """Keep a response and its flag, or raise Refused.

    A save sent again is answered like the first time and changes nothing; one that is
    older than what is kept is refused.
    """
    _hold(attempt)
    if reason := save_refusal(attempt.submitted_at, attempt.deadline, now):
        raise Refused(reason)
    place = _place_at(attempt, position)
    if reason := _keep(place, save, now):
        raise Refused(reason)
    return place


def _keep(place: AttemptPlace, save: Save, now: datetime) -> SaveRefusal | None:
    """Write the save down if it is the newest; say why not, or None."""
    item = place.item_version.read()
    if save.value is not None and not item.accepts(save.value):
        return SaveRefusal.WRONG_SHAPE
    # However it is said, a blank response is kept as none at all.
    value = None if item.is_blank(save.value) else save.value
    kept = Save(place.sequence, place.value, place.flagged)
    verdict = write_of(kept, Save(save.sequence, value, save.flagged))
    if verdict is Write.OVERTAKEN:
        return SaveRefusal.NEWER_SAVED
    if verdict is Write.NEW:
        place.response = None if value is None else {"value": value}
        place.flagged, place.sequence, place.saved_at = save.flagged, save.sequence, now
        db.session.flush()
    return None


def _place_at(attempt: Attempt, position: int) -> AttemptPlace:
    place = db.session.scalar(
        select(AttemptPlace)
        .filter_by(attempt_id=attempt.id, position=position)
        .options(joinedload(AttemptPlace.item_version))
    )
    if place is None:
        raise Refused(SaveRefusal.NO_SUCH_PLACE)
    return place


def save_form(
    attempt: Attempt, sheet: Mapping[int, SheetLine], now: datetime
) -> list[int]:
    """Keep what a whole form sends; return the positions that could not be kept.

    Only lines that differ from what is kept are saved, each as the next one after the
    save that the form was drawn with.
    """
    _hold(attempt)
    closed = save_refusal(attempt.submitted_at, attempt.deadline, now)
    refused = []
    for asked in asked_in(attempt):
        place, line = asked.place, sheet.get(asked.place.position)
        if line is None:
            continue
        value = asked.item.from_form(line.values)
        if value == place.value and line.flagged == place.flagged:
            continue
        save = Save(line.sequence + 1, value, line.flagged)
        if closed or _keep(place, save, now):
            refused.append(place.position)
    return refused


def submit(attempt: Attempt, now: datetime) -> None:
    """Hand in and mark the attempt; the second time changes nothing."""
    _hold(attempt)
    if attempt.submitted_at is not None:
        return
    attempt.submitted_at, attempt.ended = end_of(attempt.deadline, now)
    _mark(attempt)
    enrolment.note_result(
        activity=attempt.quiz.activity,
        learner_id=attempt.learner_id,
        percent=attempt.percent or 0,
        passed=bool(attempt.passed),
        now=now,
    )


def _mark(attempt: Attempt) -> None:
    """Grade every place from the version it pins, and add up."""
    asked = asked_in(attempt)
    shares = [one.item.grade(one.place.value).share for one in asked]
    for one, share in zip(asked, shares, strict=True):
        one.place.share = None if share is None else str(share)
    points = [one.place.points for one in asked]
    worth = Fraction(sum(points))
    earned = total(shares, points)
    attempt.worth = str(worth)
    if earned is not None:
        attempt.points = str(earned)
        attempt.passed = has_passed(earned, worth, attempt.quiz.pass_mark)
    db.session.flush()


def _hold(attempt: Attempt) -> None:
    """Keep others from changing the attempt until this transaction ends."""
    db.session.flush()
    db.session.refresh(attempt, with_for_update={"of": Attempt})


def close_overdue(now: datetime) -> int:
    """Take in some attempts whose time is up; return how many there were."""
    query = (
        select(Attempt)
        .where(Attempt.submitted_at.is_(None), Attempt.deadline <= now - GRACE)
        .options(joinedload(Attempt.quiz).joinedload(Quiz.activity))
        .order_by(Attempt.deadline)
        .limit(BATCH)
    )
    overdue = db.session.scalars(query).all()
    for attempt in overdue:
        submit(attempt, now)
    return len(overdue)


def with_course(attempt: Attempt) -> Quiz:
    """Return the attempt's quiz with its activity and course, in one query."""
    query = (
        select(Quiz)
        .where(Quiz.id == attempt.quiz_id)
        .options(joinedload(Quiz.activity).joinedload(Activity.course))
    )
    return db.session.scalars(query).one()


def review_closed(quiz: Quiz, attempts: Sequence[Attempt]) -> ReviewRefusal | None:
    """Say why this learner may not see the right responses, or None."""
    return review_refusal(quiz.review, quiz.policy, record_of(attempts))
