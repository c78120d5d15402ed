"""Primary schools: the year's result and its awards (TT 27/2020)."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from lms.kernel.errors import Refusal
from lms.marks.rules.results import Award, PrimaryYear, Step, step
from lms.marks.rules.words import (
    Fact,
    QualityLevel,
    Status,
    SubjectLevel,
    Title,
    YearLevel,
)

TEST_SUBJECTS = (
    "TIENG_VIET",
    "TOAN",
    "NGOAI_NGU_1",
    "KHOA_HOC",
    "LS_DL",
    "TIN_HOC_CONG_NGHE",
)
"""Subjects with tests at the end of each term, where the grade teaches them."""

MIDTERM_SUBJECTS = ("TIENG_VIET", "TOAN")
MIDTERM_GRADES = (4, 5)
HIGHEST_TEST = 10
LEAST_TEST = {YearLevel.EXCELLENT: 9, YearLevel.WELL: 7, YearLevel.DONE: 5}


class PrimaryRefusal(Refusal):
    NOT_WHOLE = "primary-test-not-whole"


@dataclass(frozen=True, slots=True)
class PrimaryResults:
    """What a primary learner has at the end of the year."""

    subjects: Mapping[str, SubjectLevel | None]
    qualities: Mapping[str, QualityLevel | None]
    """Qualities and competences together: the circular treats them alike."""
    tests: Mapping[str, int | None] = field(default_factory=dict)
    exempt: frozenset[str] = frozenset()


def tests_of(grade: int, subjects: frozenset[str], *, midterm: bool) -> tuple[str, ...]:
    """Return which subjects have a test in the middle or at the end of a term.

    Source: TT 27/2020, article 7.2: tests at the end of both terms; in grades 4 and 5
    Tiếng Việt and Toán at both midterms too.
    """
    wanted: tuple[str, ...] = TEST_SUBJECTS
    if midterm:
        wanted = MIDTERM_SUBJECTS if grade in MIDTERM_GRADES else ()
    return tuple(code for code in wanted if code in subjects)


def whole_mark_refusal(mark: object) -> PrimaryRefusal | None:
    """Tests are marked in whole numbers from 0 to 10 (article 7.2b)."""
    if isinstance(mark, int) and 0 <= mark <= HIGHEST_TEST:
        return None
    return PrimaryRefusal.NOT_WHOLE


def primary_year(results: PrimaryResults) -> PrimaryYear:
    """Return the result of a primary year.

    HTXS: all subjects T, all qualities and competences Tốt, all year-end tests at least
    9.  HTT: the same with 7.  HT: subjects T or H, qualities Tốt or Đạt, tests at least
    5.  Otherwise CHT.

    Source: TT 27/2020, article 9.2.
    """
    kinds = (results.subjects, results.qualities, results.tests)
    missing = tuple(
        code
        for kind in kinds
        for code, found in kind.items()
        if found is None and code not in results.exempt
    )
    if missing:
        told = step(Fact.MISSING, columns=missing)
        return PrimaryYear(None, Status.INCOMPLETE, missing, (told,))
    barred: list[Step] = []
    for level in (YearLevel.EXCELLENT, YearLevel.WELL, YearLevel.DONE):
        found = _bars(results, level)
        if found is None:
            told = step(Fact.PRIMARY_YEAR, level=level)
            return PrimaryYear(level, Status.OK, (), (*barred, told))
        barred.append(found)
    told = step(Fact.PRIMARY_YEAR, level=YearLevel.NOT_DONE)
    return PrimaryYear(YearLevel.NOT_DONE, Status.OK, (), (*barred, told))


def _bars(results: PrimaryResults, level: YearLevel) -> Step | None:
    """Return what bars these results from *level*, or None."""
    is_done = level is YearLevel.DONE
    subjects = {SubjectLevel.WELL} | ({SubjectLevel.DONE} if is_done else set())
    qualities = {QualityLevel.GOOD} | ({QualityLevel.PASS} if is_done else set())
    kept = results.exempt
    low = tuple(
        code
        for code, found in results.subjects.items()
        if code not in kept and found not in subjects
    ) + tuple(
        code for code, found in results.qualities.items() if found not in qualities
    )
    tests = {
        code: mark
        for code, mark in results.tests.items()
        if code not in kept and mark is not None and mark < LEAST_TEST[level]
    }
    if not low and not tests:
        return None
    return step(
        Fact.PRIMARY_BARRED,
        level=level,
        items=low,
        tests=tests,
        least=LEAST_TEST[level],
    )


def primary_award(
    level: YearLevel | None, *, outstanding: bool = False, agreed: bool = True
) -> Award:
    """Return the award of a primary year.

    HTXS makes a Học sinh Xuất sắc.  HTT with outstanding work in a subject, or marked
    progress in a quality or competence, agreed by the class, a Học sinh Tiêu biểu.

    Source: TT 27/2020, article 13.1a.
    """
    if level is YearLevel.EXCELLENT:
        return Award(Title.EXCELLENT, (step(Fact.AWARD, title=Title.EXCELLENT),))
    if level is YearLevel.WELL and outstanding and agreed:
        return Award(Title.OUTSTANDING, (step(Fact.AWARD, title=Title.OUTSTANDING),))
    return Award(None, (step(Fact.NO_AWARD, level=level),))


def is_completed(level: YearLevel) -> bool:
    """Say whether the class is completed (article 11); else extra support follows."""
    return level is not YearLevel.NOT_DONE
