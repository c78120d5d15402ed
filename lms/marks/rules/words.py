"""The words that the assessment rules speak in.

The values are the codes of the ministry's forms without accents, so that a file of
worked cases can be read as it stands.
"""

from enum import StrEnum


class Comment(StrEnum):
    """Nhận xét: how a subject without numbers is assessed (TT 22/2021, article 5.2)."""

    PASS = "D"  # noqa: S105  Đạt
    FAIL = "CD"  # Chưa đạt


class Level(StrEnum):
    """Mức đánh giá of study and of conduct (TT 22/2021, articles 8 and 9)."""

    GOOD = "TOT"  # Tốt
    FAIR = "KHA"  # Khá
    PASS = "DAT"  # noqa: S105  Đạt
    FAIL = "CHUA_DAT"  # Chưa đạt


ASCENDING = (Level.FAIL, Level.PASS, Level.FAIR, Level.GOOD)
RANK = {level: rank for rank, level in enumerate(ASCENDING)}


class Status(StrEnum):
    OK = "OK"
    INCOMPLETE = "INCOMPLETE"
    """Something is still to be sat or entered; there is no result yet."""

    NEEDS_DECISION = "NEEDS_DECISION"
    """The circular gives no formula; the school's council decides."""


class Absence(StrEnum):
    """Why a periodic test was not sat (TT 22/2021, article 7.4 and 7.5)."""

    PENDING = "excused_pending"
    """Force majeure, and the make-up test may still be sat in this term."""

    UNEXCUSED = "unexcused"
    MISSED_MAKE_UP = "excused_missed_make_up"


class Decision(StrEnum):
    """What becomes of a learner when the year ends (TT 22/2021, articles 12 to 14)."""

    PROMOTED = "LEN_LOP"
    PENDING = "CHO_XET"
    """Summer training or reassessment may still change it."""

    REPEATS = "O_LAI"


class Title(StrEnum):
    """Danh hiệu (TT 22/2021, article 15; TT 27/2020, article 13)."""

    EXCELLENT = "HOC_SINH_XUAT_SAC"
    GOOD = "HOC_SINH_GIOI"
    OUTSTANDING = "HOC_SINH_TIEU_BIEU"  # primary schools only


class SubjectLevel(StrEnum):
    """How a primary subject is assessed (TT 27/2020, article 7.1)."""

    WELL = "T"  # Hoàn thành tốt
    DONE = "H"  # Hoàn thành
    NOT_DONE = "C"  # Chưa hoàn thành


class QualityLevel(StrEnum):
    """How a quality or a competence is assessed (TT 27/2020, article 8)."""

    GOOD = "pc-tot"  # Tốt
    PASS = "pc-dat"  # noqa: S105  Đạt
    EFFORT = "pc-can-co-gang"  # Cần cố gắng


class YearLevel(StrEnum):
    """The result of a primary year (TT 27/2020, article 9.2)."""

    EXCELLENT = "HTXS"  # Hoàn thành xuất sắc
    WELL = "HTT"  # Hoàn thành tốt
    DONE = "HT"  # Hoàn thành
    NOT_DONE = "CHT"  # Chưa hoàn thành


class Fact(StrEnum):
    """One step of an explanation; ``lms.marks.wording`` says it as a sentence."""

    TERM_AVERAGE = "term-average"
    YEAR_AVERAGE = "year-average"
    ZERO = "zero-for-absence"
    FAIL_FOR_ABSENCE = "fail-for-absence"
    MISSING = "missing"
    UNKNOWN_FIRST_TERM = "unknown-first-term"
    ALL_PASSED = "all-passed"
    SOME_FAILED = "some-failed"
    YEAR_IS_SECOND_TERM = "year-is-second-term"
    COUNTS = "counts"
    TOO_LOW = "too-low"
    TOO_FEW = "too-few"
    COMMENTS_FAILED = "comments-failed"
    STUDY = "study"
    RAISED = "raised"
    FEW_SUBJECTS = "few-subjects"
    CONDUCT_YEAR = "conduct-year"
    TRAINED = "trained"
    PROMOTED = "promoted"
    ABSENT_TOO_OFTEN = "absent-too-often"
    CONDUCT_FAILED = "conduct-failed"
    RETEST = "retest"
    RETESTED = "retested"
    REPEATS = "repeats"
    TITLE = "title"
    NO_TITLE = "no-title"
    PRIMARY_YEAR = "primary-year"
    PRIMARY_BARRED = "primary-barred"
    AWARD = "award"
    NO_AWARD = "no-award"
