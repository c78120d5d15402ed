"""Subjects of secondary schools: term and year results (TT 22/2021, articles 5-9).

All arithmetic is exact: marks are decimals, quotients are fractions, and rounding is
half up to one decimal, as article 5.3 has it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from lms.marks.rules.profiles import (
    MissingRegular,
    Policies,
    TopicMark,
    UnknownFirstTerm,
)
from lms.marks.rules.results import Average, CommentResult, Step, step
from lms.marks.rules.words import Absence, Comment, Fact, Status

TENTH = Decimal("0.1")
ZERO = Decimal(0)
TOP = Decimal(10)
COMMENT_REGULARS = 2
DEFAULT = Policies()


def rounded(value: Decimal) -> Decimal:
    """Round a mark half up to one decimal (article 5.3b)."""
    return value.quantize(TENTH, ROUND_HALF_UP)


def rounded_fraction(value: Fraction) -> Decimal:
    """Round a quotient half up to one decimal, without ever passing by a float."""
    tenths = (value.numerator * 20 + value.denominator) // (value.denominator * 2)
    return Decimal(tenths).scaleb(-1)


def regular_marks(yearly_periods: int) -> int:
    """Return how many regular marks a scored subject has in each term.

    35 periods a year or fewer: two; more than 35 to 70: three; more than 70: four.

    Source: TT 22/2021, article 6.2b.
    """
    if yearly_periods <= 35:  # noqa: PLR2004
        return 2
    return 3 if yearly_periods <= 70 else 4  # noqa: PLR2004


@dataclass(frozen=True, slots=True)
class Scores:
    """The marks of one learner in one scored subject and term."""

    regular: Sequence[Decimal | None]
    midterm: Decimal | None
    final: Decimal | None
    topic: Decimal | None = None
    """For a cluster of study topics (cụm chuyên đề, upper secondary)."""
    has_topic: bool = False
    midterm_absence: Absence | None = None
    final_absence: Absence | None = None


@dataclass(frozen=True, slots=True)
class Comments:
    """The comments of one learner in one comment-only subject and term."""

    regular: Sequence[Comment | None]
    midterm: Comment | None
    final: Comment | None
    midterm_absence: Absence | None = None
    final_absence: Absence | None = None


def term_average(
    scores: Scores, expected: int, policies: Policies = DEFAULT
) -> Average:
    """Average one subject over one term: ĐTBmhk.

    Regular marks weigh one, the midterm two, the final three.  *expected* is how many
    regular marks the subject must have.  A periodic test that was missed without a
    reason, or whose make-up was missed too, counts zero; one that may still be made up
    leaves the subject incomplete.  A regular mark that is not there leaves it
    incomplete too: never is the divisor made smaller.

    Source: TT 22/2021, articles 6.2b, 7.4, 7.5 and 9.1b; article 6.3 for topics.
    """
    wanted, taken = _regular_marks(scores, expected, policies)
    missing = [f"tx{n}" for n in range(len(taken) + 1, wanted + 1)]
    if taken and policies.missing_regular is MissingRegular.LEAVE_OUT:
        missing = []
    midterm, zero_midterm = _periodic(scores.midterm, scores.midterm_absence)
    final, zero_final = _periodic(scores.final, scores.final_absence)
    missing += [
        name for name, found in (("gk", midterm), ("ck", final)) if found is None
    ]
    zeros = tuple(
        step(Fact.ZERO, column=name, absence=absence)
        for name, absence in (("gk", zero_midterm), ("ck", zero_final))
        if absence
    )
    if midterm is None or final is None or missing:
        said = (*zeros, step(Fact.MISSING, columns=tuple(missing)))
        return Average(None, Status.INCOMPLETE, tuple(missing), said)
    total = sum(taken, ZERO) + 2 * midterm + 3 * final
    divisor = len(taken) + 5
    value = rounded_fraction(Fraction(total) / divisor)
    told = step(
        Fact.TERM_AVERAGE,
        regular=tuple(taken),
        midterm=midterm,
        final=final,
        total=total,
        divisor=divisor,
        value=value,
    )
    return Average(value, Status.OK, (), (*zeros, told))


def _regular_marks(
    scores: Scores, expected: int, policies: Policies
) -> tuple[int, list[Decimal]]:
    """Return how many regular marks there must be, and those that are there."""
    taken = [rounded(mark) for mark in scores.regular if mark is not None]
    if not (scores.has_topic or scores.topic is not None):
        return expected, taken
    if scores.topic is not None:
        taken.append(rounded(scores.topic))
    on_top = policies.topic_mark is TopicMark.ON_TOP
    return expected + (1 if on_top else 0), taken


def _periodic(
    mark: Decimal | None, absence: Absence | None
) -> tuple[Decimal | None, Absence | None]:
    """Return the mark of a periodic test, and the absence that made it a zero."""
    if mark is not None:
        return rounded(mark), None
    if absence in (Absence.UNEXCUSED, Absence.MISSED_MAKE_UP):
        return ZERO, absence
    return None, None


def year_average(
    first: Decimal | None, second: Decimal | None, policies: Policies = DEFAULT
) -> Average:
    """Average one subject over the year from its rounded term averages: ĐTBmcn.

    The second term weighs two.  A first term that nobody knows (a learner from abroad)
    is for the council to decide; the circular knows no year of one term.

    Source: TT 22/2021, article 9.1b.
    """
    if second is None:
        missing = ("hk2",) if first is not None else ("hk1", "hk2")
        told = step(Fact.MISSING, columns=missing)
        return Average(None, Status.INCOMPLETE, missing, (told,))
    if first is None:
        told = step(Fact.UNKNOWN_FIRST_TERM)
        if policies.unknown_first_term is UnknownFirstTerm.SECOND_TERM_ALONE:
            return Average(second, Status.OK, (), (told,))
        return Average(None, Status.NEEDS_DECISION, ("hk1",), (told,))
    total = first + 2 * second
    value = rounded_fraction(Fraction(total) / 3)
    told = step(Fact.YEAR_AVERAGE, first=first, second=second, total=total, value=value)
    return Average(value, Status.OK, (), (told,))


def comment_term(
    comments: Comments,
    expected: int = COMMENT_REGULARS,
    policies: Policies = DEFAULT,
) -> CommentResult:
    """Return a comment-only subject's result for a term.

    Đạt when every assessment that must be there is there and is Đạt.

    Source: TT 22/2021, articles 6.2a, 7.5 and 9.1a.
    """
    taken = [mark for mark in comments.regular if mark is not None]
    missing = [f"tx{n}" for n in range(len(taken) + 1, expected + 1)]
    if taken and policies.missing_regular is MissingRegular.LEAVE_OUT:
        missing = []
    failed = [
        f"tx{n}" for n, mark in enumerate(comments.regular, 1) if mark is Comment.FAIL
    ]
    steps: list[Step] = []
    for name, mark, absence in (
        ("gk", comments.midterm, comments.midterm_absence),
        ("ck", comments.final, comments.final_absence),
    ):
        if mark is None and absence in (Absence.UNEXCUSED, Absence.MISSED_MAKE_UP):
            steps.append(step(Fact.FAIL_FOR_ABSENCE, column=name, absence=absence))
            failed.append(name)
        elif mark is None:
            missing.append(name)
        elif mark is Comment.FAIL:
            failed.append(name)
    if missing:
        steps.append(step(Fact.MISSING, columns=tuple(missing)))
        return CommentResult(None, Status.INCOMPLETE, tuple(missing), tuple(steps))
    if failed:
        steps.append(step(Fact.SOME_FAILED, columns=tuple(failed)))
        return CommentResult(Comment.FAIL, Status.OK, (), tuple(steps))
    steps.append(step(Fact.ALL_PASSED, count=len(taken) + 2))
    return CommentResult(Comment.PASS, Status.OK, (), tuple(steps))


def comment_year(second: Comment | None) -> CommentResult:
    """Return a comment-only subject's result for the year: that of the second term.

    Source: TT 22/2021, article 9.1a.
    """
    if second is None:
        told = step(Fact.MISSING, columns=("hk2",))
        return CommentResult(None, Status.INCOMPLETE, ("hk2",), (told,))
    told = step(Fact.YEAR_IS_SECOND_TERM, value=second)
    return CommentResult(second, Status.OK, (), (told,))
