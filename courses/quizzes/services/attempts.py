"""Starting, answering, handing in and marking attempts.

Everything that changes an attempt first takes hold of its row, so that a save and a
hand-in at the same moment happen one after the other.
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload

from courses.catalogue.models import Activity
from courses.enrolment import services as enrolment
from courses.enrolment.rules import EnrolmentRefusal
from courses.items.models import ItemVersion
from courses.items.rules import Item
from courses.quizzes.models.attempts import Attempt, AttemptPlace
from courses.quizzes.models.quizzes import Quiz
from courses.quizzes.rules.attempts import (
    GRACE,
    Place,
    Record,
    Save,
    SaveRefusal,
    SheetLine,
    StartRefusal,
    Write,
    end_of,
    is_over,
    save_refusal,
    write_of,
)
from courses.quizzes.rules.feedback import is_checked_while_running
from courses.quizzes.rules.writers import writer_refusal
from courses.quizzes.services import grading
from courses.quizzes.services.allowances import terms_for
from courses.quizzes.services.layouts import lay_out
from lms.kernel import audit
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
    """Return the marked attempt with the highest share, the earliest of equals."""
    marked = [attempt for attempt in attempts if attempt.percent is not None]
    return max(marked, key=_ratio, default=None)


def _ratio(attempt: Attempt) -> Fraction:
    earned, worth = attempt.mark or (Fraction(0), Fraction(0))
    return earned / worth if worth else Fraction(0)


def start_attempt(quiz: Quiz, learner_id: int, now: datetime) -> Attempt:
    """Open an attempt, or give back the one that is open; raise Refused if neither."""
    begun = _open_attempt(quiz, learner_id)
    if begun and not is_over(begun.deadline, now):
        return begun
    if begun:
        submit(begun, now)
    if quiz.activity and enrolment.is_locked_for(quiz.activity, learner_id):
        raise Refused(EnrolmentRefusal.LOCKED)
    terms = terms_for(quiz, learner_id, now)
    made = _count_attempts(quiz, learner_id)
    if reason := terms.start_refusal(made, now):
        raise Refused(reason)
    try:
        with db.session.begin_nested():
            attempt = _open(quiz, learner_id, made + 1, now)
            attempt.deadline = terms.deadline(now)
    except IntegrityError:
        # The same learner has started at the same moment in another window.
        return _existing(quiz, learner_id)
    if quiz.activity:
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
    seed = secrets.token_hex(16)
    laid = lay_out(quiz, learner_id, seed)
    attempt = Attempt(
        quiz_id=quiz.id,
        learner_id=learner_id,
        number=number,
        started_at=now,
        seed=seed,
        paper_id=laid.paper_id,
        sections=laid.sections,
        places=[_place(place) for place in laid.places],
    )
    db.session.add(attempt)
    db.session.flush()
    return attempt


def _place(place: Place) -> AttemptPlace:
    return AttemptPlace(
        position=place.position,
        item_version_id=place.slot.item_version_id,
        option_order=list(place.option_order),
        points=place.slot.points,
    )


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as an attempt asks it, with what the learner has responded."""

    place: AttemptPlace
    item: Item

    @property
    def share(self) -> Fraction | None:
        return None if self.place.share is None else Fraction(self.place.share)


@dataclass(frozen=True, slots=True)
class Preview:
    asked: list[Asked]
    sections: list[dict[str, Any]]


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


def previewed(quiz: Quiz, seed: str) -> Preview:
    """Return what the quiz asks as a learner would see it; nothing is stored.

    What is drawn by lot is drawn from *seed*.
    """
    laid = lay_out(quiz, 0, seed)
    versions = versions_in([place.slot.item_version_id for place in laid.places])
    asked = []
    for place in laid.places:
        item = versions[place.slot.item_version_id].read()
        row = _place(place)
        row.sequence, row.flagged, row.left_out = 0, False, False
        asked.append(Asked(row, item.shuffled(place.option_order)))
    return Preview(asked, laid.sections)


def versions_in(version_ids: Sequence[int]) -> dict[int, ItemVersion]:
    query = select(ItemVersion).where(ItemVersion.id.in_(version_ids))
    return {version.id: version for version in db.session.scalars(query)}


def _asked(place: AttemptPlace) -> Asked:
    return Asked(place, place.item_version.read().shuffled(place.option_order))


def claim(
    attempt: Attempt, writer: str, actor_id: int, now: datetime, *, take_over: bool
) -> None:
    """Let this window write, or raise Refused because another does.

    With *take_over* the other window stops writing; that leaves a trace.
    """
    _hold(attempt)
    if reason := save_refusal(attempt.submitted_at, attempt.deadline, now):
        raise Refused(reason)
    if elsewhere := writer_refusal(attempt.writer, writer):
        if not take_over:
            raise Refused(elsewhere)
        audit.record("attempt.take_over", f"attempt:{attempt.id}", actor_id, now)
    attempt.writer = writer
    db.session.flush()


def _refuse_other_writer(attempt: Attempt, writer: str) -> None:
    if reason := writer_refusal(attempt.writer, writer):
        raise Refused(reason)


def save_response(
    attempt: Attempt, position: int, save: Save, writer: str, now: datetime
) -> AttemptPlace:
    """Keep a response and its flag, or raise Refused.

    A save sent again is answered like the first time and changes nothing; one that is
    older than what is kept is refused, and so is one of a window that is not the
    attempt's writer.
    """
    _hold(attempt)
    if reason := save_refusal(attempt.submitted_at, attempt.deadline, now):
        raise Refused(reason)
    _refuse_other_writer(attempt, writer)
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
    kept = Save(place.sequence, place.value, place.flagged, place.certainty)
    verdict = write_of(kept, replace(save, value=value))
    if verdict is Write.OVERTAKEN:
        return SaveRefusal.NEWER_SAVED
    if verdict is Write.REPEATED:
        return None
    if place.checked_at is not None:
        return SaveRefusal.CHECKED
    place.response = None if value is None else {"value": value}
    place.flagged, place.sequence, place.saved_at = save.flagged, save.sequence, now
    place.certainty = save.certainty
    db.session.flush()
    return None


def check(attempt: Attempt, position: int, now: datetime) -> None:
    """Judge one response before the end; it is locked from then on.

    Only where the quiz says so, and never what was left blank.
    """
    _hold(attempt)
    if reason := save_refusal(attempt.submitted_at, attempt.deadline, now):
        raise Refused(reason)
    place = _place_at(attempt, position)
    if not is_checked_while_running(attempt.quiz.parts_shown) or place.value is None:
        raise Refused(SaveRefusal.NOT_CHECKABLE)
    if place.checked_at is None:
        item = place.item_version.read().shuffled(place.option_order)
        share = item.grade(place.value).share
        place.share = None if share is None else str(share)
        place.checked_at = now
        db.session.flush()


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
    attempt: Attempt, sheet: Mapping[int, SheetLine], writer: str, now: datetime
) -> list[int]:
    """Keep what a whole form sends; return the positions that could not be kept.

    Only lines that differ from what is kept are saved, each as the next one after the
    save that the form was drawn with.
    """
    _hold(attempt)
    closed = save_refusal(attempt.submitted_at, attempt.deadline, now)
    if sheet and not closed:
        _refuse_other_writer(attempt, writer)
    refused = []
    for asked in asked_in(attempt):
        place, line = asked.place, sheet.get(asked.place.position)
        if line is None or place.checked_at is not None:
            continue
        save = line.save(asked.item.from_form(line.values))
        if (save.value, save.flagged, save.certainty) == (
            place.value,
            place.flagged,
            place.certainty,
        ):
            continue
        if closed or _keep(place, save, now):
            refused.append(place.position)
    return refused


def hand_in(
    attempt: Attempt, sheet: Mapping[int, SheetLine], writer: str, now: datetime
) -> list[int]:
    """Keep what the last page holds, and hand in; return what was not kept.

    When time is up a window that is not the writer still ends the attempt, but what it
    holds does not count.
    """
    _hold(attempt)
    in_time = attempt.deadline is None or now < attempt.deadline
    other = writer_refusal(attempt.writer, writer) is not None
    left_out = [] if other and not in_time else save_form(attempt, sheet, writer, now)
    submit(attempt, now)
    return left_out


def submit(attempt: Attempt, now: datetime) -> None:
    """Hand in and mark the attempt; the second time changes nothing."""
    _hold(attempt)
    if attempt.submitted_at is not None:
        return
    attempt.submitted_at, attempt.ended = end_of(attempt.deadline, now)
    grading.grade(attempt, now)


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
