"""What counts as done, why something is locked, and when a course is completed.

This is the one place that decides completion: pages explain it with the same verdicts
that the certificate rests on.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from courses.catalogue.activities.contract import DoneBy
from lms.kernel.errors import Refusal

ENOUGH_WATCHED = 90
"""Percent of a video that must really have been played."""


class EnrolmentRefusal(Refusal):
    NOT_OPEN = "course-not-open-for-enrolment"
    NOT_PUBLISHED = "course-not-published"
    LOCKED = "activity-locked"
    NOT_BY_READING = "activity-not-done-by-reading"


class Standing(StrEnum):
    """How an activity stands for one learner."""

    LOCKED = "locked"
    NEW = "new"
    BEGUN = "begun"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Step:
    """An activity, as completion looks at it."""

    id: int
    title: str
    minutes: int
    required: bool
    done_by: DoneBy
    needs: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Progress:
    """What one learner has done of one activity."""

    done: bool
    reached: int | None = None
    """Percent watched or scored."""


@dataclass(frozen=True, slots=True)
class StepVerdict:
    """How one activity stands, and what it still waits for."""

    step: Step
    standing: Standing
    reached: int | None
    waits_for: tuple[str, ...]
    """Titles of the activities that must be done first."""

    @property
    def counts(self) -> bool:
        return self.standing is Standing.DONE


@dataclass(frozen=True)
class CourseVerdict:
    """How a whole course stands for one learner."""

    steps: tuple[StepVerdict, ...]

    @property
    def required(self) -> int:
        return sum(verdict.step.required for verdict in self.steps)

    @property
    def done(self) -> int:
        return sum(v.step.required and v.counts for v in self.steps)

    @property
    def percent(self) -> int:
        """Whole percent of the required activities, rounded down."""
        return self.done * 100 // self.required if self.required else 0

    @property
    def minutes_left(self) -> int:
        return sum(
            v.step.minutes for v in self.steps if v.step.required and not v.counts
        )

    @property
    def complete(self) -> bool:
        """A course without a required activity is never completed."""
        return self.required > 0 and self.done == self.required

    @property
    def next_step(self) -> StepVerdict | None:
        """The first open activity that still counts towards completion."""
        return next(
            (
                v
                for v in self.steps
                if v.step.required and v.standing in (Standing.NEW, Standing.BEGUN)
            ),
            None,
        )

    @cached_property
    def by_activity(self) -> dict[int, StepVerdict]:
        return {verdict.step.id: verdict for verdict in self.steps}

    def of(self, activity_id: int) -> StepVerdict:
        return self.by_activity[activity_id]


def judge(steps: Sequence[Step], progress: Mapping[int, Progress]) -> CourseVerdict:
    """Say how each activity and the whole course stand.  *progress* is by activity."""
    done = {key for key, made in progress.items() if made.done}
    titles = {step.id: step.title for step in steps}
    return CourseVerdict(
        tuple(_verdict(step, progress.get(step.id), done, titles) for step in steps)
    )


def _verdict(
    step: Step,
    made: Progress | None,
    done: Collection[int],
    titles: Mapping[int, str],
) -> StepVerdict:
    waits = tuple(
        titles[n] for n in sorted(step.needs) if n in titles and n not in done
    )
    reached = made.reached if made else None
    return StepVerdict(step, _standing(made, bool(waits)), reached, waits)


def _standing(made: Progress | None, waiting: bool) -> Standing:
    # What was done stays done, even if a prerequisite was added afterwards.
    if made and made.done:
        return Standing.DONE
    if waiting:
        return Standing.LOCKED
    return Standing.BEGUN if made else Standing.NEW


def is_done(done_by: DoneBy, *, percent: int, passed: bool) -> bool:
    """Say whether a result makes an activity done.  Reading is not a result."""
    if done_by is DoneBy.WATCHING:
        return percent >= ENOUGH_WATCHED
    return done_by is DoneBy.PASSING and passed
