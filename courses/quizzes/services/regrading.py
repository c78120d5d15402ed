"""Runs that mend marks after a wrong key: proposed, decided by another, undone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from courses.items.models import Item, ItemVersion
from courses.items.rules import Item as Question
from courses.items.services import items
from courses.quizzes.models.attempts import Attempt, AttemptPlace
from courses.quizzes.models.quizzes import Quiz
from courses.quizzes.models.regrading import RegradeLine, RegradeRun
from courses.quizzes.rules.attempts import shown_points
from courses.quizzes.rules.papers import digest
from courses.quizzes.rules.regrading import (
    MOVES,
    Crossing,
    Move,
    RegradeRefusal,
    Remedy,
    RunEvent,
    RunState,
    Summary,
    decide_refusal,
    summary_of,
)
from courses.quizzes.services import grading
from lms.kernel import audit
from lms.kernel.db import db
from lms.kernel.errors import Refused


def runs_of(quiz: Quiz) -> Sequence[RegradeRun]:
    query = (
        select(RegradeRun)
        .filter_by(quiz_id=quiz.id)
        .options(
            joinedload(RegradeRun.proposed_by),
            joinedload(RegradeRun.item),
            selectinload(RegradeRun.lines),
        )
        .order_by(RegradeRun.id.desc())
    )
    return db.session.scalars(query).all()


def summary(run: RegradeRun) -> Summary:
    return summary_of(line.move(run.quiz.pass_mark) for line in run.lines)


@dataclass(frozen=True, slots=True)
class Case:
    """An item whose key is in doubt: as it was asked, and as it stands now."""

    item: Item
    asked: Question
    newest: Question
    is_newer: bool
    """Whether the item has a version that nobody was asked yet."""
    attempts: int


def case_of(quiz: Quiz, item_id: int) -> Case | None:
    """Return what is known about an item of this quiz; None where nobody was asked."""
    item = db.session.get(Item, item_id)
    attempts = _attempts_asking(quiz, item) if item else []
    if item is None or not attempts:
        return None
    asked = _versions_asked(attempts, item)
    newest = items.newest_version(item)
    last = db.session.get_one(ItemVersion, max(asked))
    return Case(
        item=item,
        asked=last.read(),
        newest=newest.read(),
        is_newer=newest.id not in asked,
        attempts=len(attempts),
    )


@dataclass(frozen=True, slots=True)
class ListedMove:
    """A line of the list, for those who decide."""

    attempt: Attempt
    move: Move

    @property
    def before(self) -> Decimal:
        return shown_points(self.move.before.earned)

    @property
    def worth_before(self) -> Decimal:
        return shown_points(self.move.before.worth)

    @property
    def after(self) -> Decimal:
        return shown_points(self.move.after.earned)

    @property
    def worth_after(self) -> Decimal:
        return shown_points(self.move.after.worth)


def moves_of(run: RegradeRun) -> list[ListedMove]:
    """Return who moves, those who cross the pass mark first."""
    query = (
        select(RegradeLine)
        .filter_by(run_id=run.id)
        .options(joinedload(RegradeLine.attempt).joinedload(Attempt.learner))
    )
    listed = [
        ListedMove(line.attempt, line.move(run.quiz.pass_mark))
        for line in db.session.scalars(query)
    ]
    changed = [one for one in listed if one.move.changes]
    return sorted(
        changed,
        key=lambda one: (
            one.move.crossing is Crossing.NONE,
            one.attempt.learner.name_sort,
            one.attempt.number,
        ),
    )


def question_of(run: RegradeRun) -> Question:
    """Return the item as the run would have it judged."""
    return (run.version or items.newest_version(run.item)).read()


def propose(  # noqa: PLR0913 - a proposal is who, what, how and why
    quiz: Quiz,
    item: Item,
    remedy: Remedy,
    *,
    reason: str,
    actor_id: int,
    now: datetime,
) -> RegradeRun:
    """Write down a correction with the list of whom it moves; no mark changes yet."""
    attempts = _attempts_asking(quiz, item)
    if not attempts:
        raise Refused(RegradeRefusal.NOBODY_ANSWERED)
    if _open_run(quiz, item):
        raise Refused(RegradeRefusal.ONE_IS_OPEN)
    version = items.newest_version(item) if remedy is Remedy.NEW_KEY else None
    if version and version.id in _versions_asked(attempts, item):
        raise Refused(RegradeRefusal.NO_NEWER_VERSION)
    run = RegradeRun(
        quiz=quiz,
        item=item,
        remedy=remedy,
        version=version,
        reason=reason,
        state=RunState.PROPOSED,
        proposed_by_id=actor_id,
        proposed_at=now,
    )
    db.session.add(run)
    db.session.flush()
    _list(run)
    _trace("regrade.propose", run, actor_id, now)
    return run


def _open_run(quiz: Quiz, item: Item) -> RegradeRun | None:
    wanted = {"quiz_id": quiz.id, "item_id": item.id, "state": RunState.PROPOSED}
    return db.session.scalar(select(RegradeRun).filter_by(**wanted).limit(1))


def _attempts_asking(quiz: Quiz, item: Item) -> Sequence[Attempt]:
    asking = (
        select(AttemptPlace.attempt_id)
        .join(AttemptPlace.item_version)
        .where(ItemVersion.item_id == item.id)
    )
    query = (
        select(Attempt)
        .where(
            Attempt.quiz_id == quiz.id,
            Attempt.submitted_at.is_not(None),
            Attempt.id.in_(asking),
        )
        .options(joinedload(Attempt.quiz), joinedload(Attempt.learner))
        .order_by(Attempt.id)
    )
    return db.session.scalars(query).all()


def _versions_asked(attempts: Sequence[Attempt], item: Item) -> set[int]:
    query = (
        select(AttemptPlace.item_version_id)
        .join(AttemptPlace.item_version)
        .where(
            AttemptPlace.attempt_id.in_([attempt.id for attempt in attempts]),
            ItemVersion.item_id == item.id,
        )
    )
    return set(db.session.scalars(query))


@dataclass(frozen=True, slots=True)
class _Worked:
    attempt: Attempt
    mark: grading.AttemptMark


def _worked(run: RegradeRun, corrections: grading.Corrections) -> list[_Worked]:
    """Work out the marks of all whom the run touches, under these corrections."""
    attempts = _attempts_asking(run.quiz, run.item)
    places: dict[int, list[AttemptPlace]] = {}
    for place in grading.places_with_marks([attempt.id for attempt in attempts]):
        places.setdefault(place.attempt_id, []).append(place)
    return [
        _Worked(one, grading.mark_of(run.quiz, places[one.id], corrections))
        for one in attempts
    ]


def _with(run: RegradeRun) -> Mapping[int, RegradeRun]:
    return {**grading.corrections_of(run.quiz_id), run.item_id: run}


def _list(run: RegradeRun) -> None:
    """Write down who has what before and after; those whom people still mark wait."""
    lines = []
    for worked in _worked(run, _with(run)):
        attempt, earned = worked.attempt, worked.mark.earned
        if attempt.points is None or attempt.worth is None or earned is None:
            continue
        lines.append(
            RegradeLine(
                attempt=attempt,
                points_before=attempt.points,
                worth_before=attempt.worth,
                points_after=str(earned),
                worth_after=str(worked.mark.worth),
            )
        )
    run.lines.clear()
    db.session.flush()
    run.lines.extend(lines)
    run.digest = _digest(lines)
    db.session.flush()


def _digest(lines: Sequence[RegradeLine]) -> str:
    return digest(
        [
            [
                one.attempt.id,
                one.points_before,
                one.worth_before,
                one.points_after,
                one.worth_after,
            ]
            for one in lines
        ]
    )


def approve(run: RegradeRun, actor_id: int, now: datetime) -> RegradeRefusal | None:
    """Apply the run on a second person's word; raise Refused where that is not so.

    Where the list is no longer the one that was proposed it is written anew, nothing
    is applied, and the reason is returned.
    """
    _hold(run)
    if reason := decide_refusal(
        run.state, RunEvent.APPROVE, run.proposed_by_id, actor_id
    ):
        raise Refused(reason)
    shown = run.digest
    _list(run)
    if run.digest != shown:
        return RegradeRefusal.LIST_CHANGED
    _decide(run, RunEvent.APPROVE, actor_id, now)
    _rewrite(run, now)
    return None


def reject(run: RegradeRun, actor_id: int, now: datetime) -> None:
    _hold(run)
    if reason := decide_refusal(
        run.state, RunEvent.REJECT, run.proposed_by_id, actor_id
    ):
        raise Refused(reason)
    _decide(run, RunEvent.REJECT, actor_id, now)


def _decide(run: RegradeRun, event: RunEvent, actor_id: int, now: datetime) -> None:
    run.state = MOVES[run.state, event]
    run.decided_by_id, run.decided_at = actor_id, now
    _trace(f"regrade.{event}", run, actor_id, now)


def undo(run: RegradeRun, reason: str, actor_id: int, now: datetime) -> None:
    """Take an applied correction back: marks are worked out without it."""
    _hold(run)
    if no := decide_refusal(run.state, RunEvent.UNDO, run.decided_by_id, actor_id):
        raise Refused(no)
    run.state = MOVES[run.state, RunEvent.UNDO]
    run.undone_by_id, run.undone_at, run.undo_reason = actor_id, now, reason
    _trace("regrade.undo", run, actor_id, now)
    _rewrite(run, now)


def _rewrite(run: RegradeRun, now: datetime) -> None:
    """Write the marks that the corrections in force give, and tell the course."""
    db.session.flush()
    for worked in _worked(run, grading.corrections_of(run.quiz_id)):
        grading.write_mark(worked.attempt, worked.mark)
        grading.note_standing(run.quiz, worked.attempt.learner_id, now)


def _hold(run: RegradeRun) -> None:
    db.session.flush()
    db.session.refresh(run, with_for_update={"of": RegradeRun})


def _trace(act: str, run: RegradeRun, actor_id: int, now: datetime) -> None:
    counted = summary(run)
    audit.record(
        act,
        f"regrade_run:{run.id}",
        actor_id,
        now,
        quiz=run.quiz_id,
        item=run.item_id,
        remedy=run.remedy.value,
        attempts=counted.attempts,
        changed=counted.changed,
        up=counted.up,
        down=counted.down,
    )
