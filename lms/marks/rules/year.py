"""The end of a secondary year: conduct, promotion, the summer, titles."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from lms.marks.rules.averages import DEFAULT
from lms.marks.rules.profiles import Policies
from lms.marks.rules.results import Award, ConductResult, Promotion, Step, step
from lms.marks.rules.study import Marks, Remarks, study_level
from lms.marks.rules.words import Comment, Decision, Fact, Level, Title

G, K, P, F = Level.GOOD, Level.FAIR, Level.PASS, Level.FAIL
CONDUCT_YEAR: dict[tuple[Level, Level], Level] = {
    # (first term, second term): year.  TT 22/2021, article 8.2b.
    (G, G): G,
    (K, G): G,
    (P, G): K,
    (F, G): K,
    (G, K): K,
    (K, K): K,
    (P, K): K,
    (F, K): P,
    (G, P): K,
    (K, P): P,
    (P, P): P,
    (F, P): P,
    (G, F): F,
    (K, F): F,
    (P, F): F,
    (F, F): F,
}
MOST_ABSENCES = 45
"""Sessions missed in a year, excused or not (article 12.1c)."""

RETEST_BELOW = Decimal(5)
TITLE_SCORE = Decimal(9)
TITLE_SUBJECTS = 6


def conduct_year(first: Level | None, second: Level | None) -> ConductResult:
    """Return kết quả rèn luyện of the year from those of the terms.

    Source: TT 22/2021, article 8.2b.
    """
    if first is None or second is None:
        names = (("hk1", first), ("hk2", second))
        missing = tuple(name for name, found in names if found is None)
        return ConductResult(None, (step(Fact.MISSING, columns=missing),))
    level = CONDUCT_YEAR[first, second]
    told = step(Fact.CONDUCT_YEAR, first=first, second=second, level=level)
    return ConductResult(level, (told,))


@dataclass(frozen=True, slots=True)
class Summer:
    """What the summer brought: training in conduct, subjects assessed anew."""

    training: Level | None = None
    scores: Mapping[str, Decimal] = field(default_factory=dict)
    comments: Mapping[str, Comment] = field(default_factory=dict)

    @property
    def has_retests(self) -> bool:
        return bool(self.scores or self.comments)


@dataclass(frozen=True, slots=True)
class YearResults:
    """All that promotion rests on."""

    scores: Marks
    comments: Remarks
    conduct: Level | None
    absences: int = 0
    study: Level | None = None
    """The year's level where it is already decided; otherwise it is computed."""
    exempt: frozenset[str] = frozenset()


def promotion(
    year: YearResults, summer: Summer | None = None, policies: Policies = DEFAULT
) -> Promotion:
    """Say whether a learner goes up, may still go up after the summer, or repeats.

    Up: conduct and study at least Đạt and at most 45 sessions missed.  Conduct Chưa
    đạt: training in the summer, whose result replaces the year's.  Study Chưa đạt: all
    comment subjects Chưa đạt and all scores below 5.0 may be assessed again; the new
    results replace those of the year for promotion alone.

    Source: TT 22/2021, articles 12, 13 and 14.
    """
    if year.absences > MOST_ABSENCES:
        told = step(Fact.ABSENT_TOO_OFTEN, count=year.absences, most=MOST_ABSENCES)
        return Promotion(Decision.REPEATS, study=year.study, steps=(told,))
    study = year.study
    if study is None:
        found = study_level(year.scores, year.comments, year.exempt, policies)
        study = found.level
        if study is None:
            return Promotion(None, steps=found.steps)
    if year.conduct is None:
        told = step(Fact.MISSING, columns=("conduct",))
        return Promotion(None, study=study, steps=(told,))
    return _judged(year, study, year.conduct, summer or Summer(), policies)


def _judged(
    year: YearResults,
    study: Level,
    conduct: Level,
    summer: Summer,
    policies: Policies,
) -> Promotion:
    steps: list[Step] = []
    train = conduct is F
    if train:
        steps.append(step(Fact.CONDUCT_FAILED))
    if train and summer.training is not None:
        conduct = summer.training
        train = False
        steps.append(step(Fact.TRAINED, level=conduct))
        if conduct is F:
            return _repeats(study, steps)
    retest = retests(year) if study is F else ()
    if retest and summer.has_retests and not train:
        study = _study_after(year, summer, policies)
        retest = ()
        steps.append(step(Fact.RETESTED, level=study))
        if study is F:
            return _repeats(study, steps)
    if not train and study is not F:
        steps.append(step(Fact.PROMOTED, study=study, conduct=conduct))
        return Promotion(Decision.PROMOTED, study=study, steps=tuple(steps))
    if study is F:
        steps.append(step(Fact.RETEST, subjects=retest))
    return Promotion(Decision.PENDING, train, retest, study, tuple(steps))


def _repeats(study: Level, steps: list[Step]) -> Promotion:
    steps.append(step(Fact.REPEATS))
    return Promotion(Decision.REPEATS, study=study, steps=tuple(steps))


def retests(year: YearResults) -> tuple[str, ...]:
    """Return the subjects open for reassessment in the summer.

    All of them below 5.0 or Chưa đạt, not only those below 3.5 (the ministry's answer
    of 2025).
    """
    scored = (
        code
        for code, mark in year.scores.items()
        if mark is not None and mark < RETEST_BELOW and code not in year.exempt
    )
    remarked = (
        code
        for code, mark in year.comments.items()
        if mark is Comment.FAIL and code not in year.exempt
    )
    return (*scored, *remarked)


def _study_after(year: YearResults, summer: Summer, policies: Policies) -> Level:
    opened = set(retests(year))
    scores = {
        code: summer.scores.get(code, mark) if code in opened else mark
        for code, mark in year.scores.items()
    }
    comments = {
        code: summer.comments.get(code, mark) if code in opened else mark
        for code, mark in year.comments.items()
    }
    return study_level(scores, comments, year.exempt, policies).level or F


def title(
    study: Level | None, conduct: Level | None, scores: Mapping[str, Decimal | None]
) -> Award:
    """Return the title of the year, from its results before the summer.

    Học sinh Giỏi: conduct and study Tốt.  Học sinh Xuất sắc: six or more scored
    subjects at least 9.0 besides.

    Source: TT 22/2021, article 15.1a.
    """
    if study is not G or conduct is not G:
        return Award(None, (step(Fact.NO_TITLE, study=study, conduct=conduct),))
    count = sum(mark is not None and mark >= TITLE_SCORE for mark in scores.values())
    found = Title.EXCELLENT if count >= TITLE_SUBJECTS else Title.GOOD
    return Award(found, (step(Fact.TITLE, title=found, count=count),))
