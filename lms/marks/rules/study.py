"""Kết quả học tập: the level of a term or a year (TT 22/2021, article 9)."""

from collections.abc import Mapping
from decimal import Decimal

from lms.marks.rules.averages import DEFAULT, TOP
from lms.marks.rules.profiles import LoneSubject, Policies
from lms.marks.rules.results import Step, StudyResult, step
from lms.marks.rules.words import ASCENDING, RANK, Comment, Fact, Level, Status

LEAST_SUBJECTS = 6
"""Article 9.2 asks for six scored subjects at each threshold."""

FLOORS = {
    Level.GOOD: Decimal("6.5"),
    Level.FAIR: Decimal(5),
    Level.PASS: Decimal("3.5"),
}
"""No scored subject may lie below this."""

THRESHOLDS = {
    Level.GOOD: Decimal(8),
    Level.FAIR: Decimal("6.5"),
    Level.PASS: Decimal(5),
}
"""At least six scored subjects must reach this."""

FAILED_COMMENTS = {Level.GOOD: 0, Level.FAIR: 0, Level.PASS: 1}
"""So many comment-only subjects may be Chưa đạt."""

Marks = Mapping[str, Decimal | None]
Remarks = Mapping[str, Comment | None]


def study_level(
    scores: Marks,
    comments: Remarks,
    exempt: frozenset[str] = frozenset(),
    policies: Policies = DEFAULT,
) -> StudyResult:
    """Return the level of study, with article 9.3 applied.

    Subjects from which a learner is exempt (article 11.2) are left out of every test.
    Below six scored subjects the circular's tests cannot be met by anybody: the council
    decides.
    """
    marks = {code: mark for code, mark in scores.items() if code not in exempt}
    remarks = {code: mark for code, mark in comments.items() if code not in exempt}
    missing = tuple(
        code for code, mark in [*marks.items(), *remarks.items()] if mark is None
    )
    if missing:
        told = step(Fact.MISSING, columns=missing)
        return StudyResult(None, None, None, Status.INCOMPLETE, missing, (told,))
    if len(marks) < LEAST_SUBJECTS:
        told = step(Fact.FEW_SUBJECTS, count=len(marks))
        return StudyResult(None, None, None, Status.NEEDS_DECISION, (), (told,))
    known = {code: mark for code, mark in marks.items() if mark is not None}
    said = {code: mark for code, mark in remarks.items() if mark is not None}
    base = level_of(known, said)
    lone = lone_subject(known, said, base, policies)
    level = ASCENDING[RANK[base] + 1] if lone else base
    steps = [*_why(known, said, base), step(Fact.STUDY, level=base)]
    if lone:
        steps.append(step(Fact.RAISED, subject=lone, base=base, level=level))
    return StudyResult(base, level, lone, Status.OK, (), tuple(steps))


def level_of(scores: Mapping[str, Decimal], comments: Mapping[str, Comment]) -> Level:
    """Return the level by article 9.2 alone.

    Tốt: every comment Đạt, every score at least 6.5, six or more at least 8.0.
    Khá: every comment Đạt, every score at least 5.0, six or more at least 6.5.
    Đạt: at most one comment Chưa đạt, six or more scores at least 5.0, none below 3.5.
    """
    for level in (Level.GOOD, Level.FAIR, Level.PASS):
        if not _obstacles(scores, comments, level):
            return level
    return Level.FAIL


def _obstacles(
    scores: Mapping[str, Decimal], comments: Mapping[str, Comment], level: Level
) -> list[Step]:
    """Return what stands between these results and *level*."""
    found = []
    low = {code: mark for code, mark in scores.items() if mark < FLOORS[level]}
    if low:
        found.append(step(Fact.TOO_LOW, level=level, floor=FLOORS[level], scores=low))
    threshold = THRESHOLDS[level]
    reached = sum(mark >= threshold for mark in scores.values())
    if reached < LEAST_SUBJECTS:
        found.append(
            step(Fact.TOO_FEW, level=level, threshold=threshold, count=reached)
        )
    failed = tuple(code for code, mark in comments.items() if mark is Comment.FAIL)
    if len(failed) > FAILED_COMMENTS[level]:
        found.append(step(Fact.COMMENTS_FAILED, level=level, subjects=failed))
    return found


def _why(
    scores: Mapping[str, Decimal], comments: Mapping[str, Comment], level: Level
) -> list[Step]:
    """Return what was reached, and what barred the next level."""
    if level is not Level.GOOD:
        return _obstacles(scores, comments, ASCENDING[RANK[level] + 1])
    count = sum(mark >= THRESHOLDS[level] for mark in scores.values())
    return [step(Fact.COUNTS, count=count, threshold=THRESHOLDS[level])]


def lone_subject(
    scores: Mapping[str, Decimal],
    comments: Mapping[str, Comment],
    base: Level,
    policies: Policies = DEFAULT,
) -> str | None:
    """Return the one subject that pulls the level down by two or more, or None.

    Source: TT 22/2021, article 9.3: the level is then raised to the adjacent one.
    """
    for target in (Level.GOOD, Level.FAIR):
        if RANK[target] - RANK[base] < 2:  # noqa: PLR2004
            return None
        for code in [*scores, *comments]:
            if level_of(*_without(code, scores, comments, policies)) is target:
                return code
    return None


def _without(
    code: str,
    scores: Mapping[str, Decimal],
    comments: Mapping[str, Comment],
    policies: Policies,
) -> tuple[dict[str, Decimal], dict[str, Comment]]:
    marks, remarks = dict(scores), dict(comments)
    if policies.lone_subject is LoneSubject.REPLACE_BY_TEN:
        if code in marks:
            marks[code] = TOP
        else:
            remarks[code] = Comment.PASS
    else:
        marks.pop(code, None)
        remarks.pop(code, None)
    return marks, remarks
