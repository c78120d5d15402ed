"""What a learner may see of an attempt: by phase, and by the quiz's condition."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from courses.quizzes.models.attempts import Attempt
from courses.quizzes.models.quizzes import Quiz
from courses.quizzes.rules.attempts import ReviewRefusal, review_refusal
from courses.quizzes.rules.feedback import Part, phase_of
from courses.quizzes.services import grading, marking
from courses.quizzes.services.attempts import Asked, asked_in, record_of


@dataclass(frozen=True, slots=True)
class Review:
    """What is shown, and why the rest is not."""

    parts: frozenset[Part]
    closed: ReviewRefusal | None
    asked: Sequence[Asked]
    corrected: frozenset[int]
    """Positions of items whose key was corrected after the attempt."""
    comments: dict[int, list[str]]
    """What markers wrote, by the place's id."""

    def shows(self, part: str) -> bool:
        return Part(part) in self.parts


def review_of(
    quiz: Quiz, attempt: Attempt, attempts: Sequence[Attempt], now: datetime
) -> Review:
    """Say what this learner may see of the attempt now."""
    parts = quiz.parts_shown[phase_of(attempt.submitted_at, quiz.closes_at, now)]
    closed = review_refusal(quiz.review, quiz.policy, record_of(attempts))
    if closed:
        parts &= {Part.MARKS}
    elif not parts - {Part.MARKS}:
        closed = ReviewRefusal.NOT_IN_THIS_PHASE
    asked = [] if closed else asked_in(attempt)
    corrections = grading.corrections_of(quiz.id)
    return Review(
        parts=parts,
        closed=closed,
        asked=[_as_corrected(one, corrections) for one in asked],
        corrected=frozenset(
            one.place.position
            for one in asked
            if one.place.item_version.item_id in corrections
        ),
        comments=marking.comments_on([one.place for one in asked]),
    )


def _as_corrected(one: Asked, corrections: grading.Corrections) -> Asked:
    """Show the key that the mark was worked out by."""
    run = corrections.get(one.place.item_version.item_id)
    return Asked(one.place, grading.item_of(one.place, run)) if run else one
