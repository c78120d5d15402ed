"""What a school is made of, and how pupils move through it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from lms.kernel.errors import Refusal

FIRST_GRADE, LAST_GRADE = 1, 12
LAST_PRIMARY, LAST_LOWER = 5, 9
TERMS = (1, 2)


class SectionsRefusal(Refusal):
    YEAR_TAKEN = "school-year-taken"
    DAYS_TURNED = "days-turned"
    GRADE_NOT_TAUGHT = "grade-not-taught"
    SECTION_TAKEN = "section-taken"
    ALREADY_IN_SECTION = "already-in-section"
    NOT_IN_SECTION = "not-in-section"
    NOT_TAUGHT_HERE = "subject-not-in-curriculum"
    OUTSIDE_YEAR = "outside-school-year"
    SAME_PUPIL = "merge-same-pupil"
    DOUBLE_SITS = "merge-double-sits"
    ROLLOVER_STATE = "rollover-state"
    ROLLOVER_CHANGED = "rollover-changed"
    ROLLOVER_IN_USE = "rollover-in-use"


class SchoolLevel(StrEnum):
    PRIMARY = "TH"  # tiểu học
    LOWER = "THCS"  # trung học cơ sở
    UPPER = "THPT"  # trung học phổ thông


class SubjectKind(StrEnum):
    SCORED = "scored"
    COMMENT = "comment"  # đánh giá bằng nhận xét


class Office(StrEnum):
    """What somebody does in the school's management."""

    HEAD = "head"  # hiệu trưởng
    DEPUTY = "deputy"  # phó hiệu trưởng
    REGISTRAR = "registrar"  # giáo vụ, văn thư


class PupilState(StrEnum):
    STUDYING = "studying"
    TRANSFERRED = "transferred"
    LEFT = "left"
    FINISHED = "finished"
    MERGED = "merged"


class Ending(StrEnum):
    """Why a membership in a class ended."""

    MOVED = "end-moved"  # chuyển lớp
    TRANSFERRED = "end-transferred"  # chuyển trường
    LEFT = "end-left"  # thôi học
    YEAR_OVER = "end-year-over"
    MERGED = "end-merged"


class Method(StrEnum):
    """How a person's identity was verified."""

    CHIP = "chip"
    VNEID = "vneid"
    DOCUMENT = "document"


class Outcome(StrEnum):
    MATCH = "match"
    MISMATCH = "mismatch"
    NOT_FOUND = "not-found"


class Step(StrEnum):
    """What the turn of the year does with one pupil."""

    UP = "up"  # lên lớp
    REPEAT = "repeat"  # ở lại lớp
    FINISH = "finish"  # hoàn thành cấp học
    WAIT = "wait"  # chưa có kết quả, chờ xét


class RolloverState(StrEnum):
    PREVIEWED = "previewed"
    APPLIED = "applied"
    UNDONE = "undone"


def level_of(grade: int) -> SchoolLevel:
    """Return the level of a grade: 1-5 primary, 6-9 lower, 10-12 upper secondary.

    Source: Education Law 43/2019/QH14, article 28.
    """
    if grade <= LAST_PRIMARY:
        return SchoolLevel.PRIMARY
    return SchoolLevel.LOWER if grade <= LAST_LOWER else SchoolLevel.UPPER


@dataclass(frozen=True, slots=True)
class Taught:
    """A subject of the curriculum: its kind, and its periods a year by grade."""

    code: str
    name: str
    kind: SubjectKind
    periods: Mapping[int, int]


S, C = SubjectKind.SCORED, SubjectKind.COMMENT


def _grades(first: int, last: int, periods: int) -> dict[int, int]:
    return dict.fromkeys(range(first, last + 1), periods)


CURRICULUM = (
    # General education programme, Circular 32/2018/TT-BGDĐT, section IV.
    Taught("TIENG_VIET", "Tiếng Việt", S, {1: 420, 2: 350, 3: 245, 4: 245, 5: 245}),
    Taught("NGU_VAN", "Ngữ văn", S, _grades(6, 9, 140) | _grades(10, 12, 105)),
    Taught(
        "TOAN",
        "Toán",
        S,
        {1: 105} | _grades(2, 5, 175) | _grades(6, 9, 140) | _grades(10, 12, 105),
    ),
    Taught("NGOAI_NGU_1", "Ngoại ngữ 1", S, _grades(3, 5, 140) | _grades(6, 12, 105)),
    Taught("DAO_DUC", "Đạo đức", C, _grades(1, 5, 35)),
    Taught("TN_XH", "Tự nhiên và Xã hội", C, _grades(1, 3, 70)),
    Taught("GDCD", "Giáo dục công dân", S, _grades(6, 9, 35)),
    Taught(
        "LS_DL",
        "Lịch sử và Địa lí",
        S,
        _grades(4, 5, 70) | _grades(6, 9, 105),
    ),
    Taught("KHOA_HOC", "Khoa học", S, _grades(4, 5, 70)),
    Taught("KHTN", "Khoa học tự nhiên", S, _grades(6, 9, 140)),
    Taught("LICH_SU", "Lịch sử", S, _grades(10, 12, 52)),
    Taught("DIA_LI", "Địa lí", S, _grades(10, 12, 70)),
    Taught("GDKT_PL", "Giáo dục kinh tế và pháp luật", S, _grades(10, 12, 70)),
    Taught("VAT_LI", "Vật lí", S, _grades(10, 12, 70)),
    Taught("HOA_HOC", "Hóa học", S, _grades(10, 12, 70)),
    Taught("SINH_HOC", "Sinh học", S, _grades(10, 12, 70)),
    Taught("TIN_HOC_CONG_NGHE", "Tin học và Công nghệ", S, _grades(3, 5, 70)),
    Taught(
        "CONG_NGHE",
        "Công nghệ",
        S,
        _grades(6, 7, 35) | _grades(8, 9, 52) | _grades(10, 12, 70),
    ),
    Taught("TIN_HOC", "Tin học", S, _grades(6, 9, 35) | _grades(10, 12, 70)),
    Taught("GDQP_AN", "Giáo dục quốc phòng và an ninh", S, _grades(10, 12, 35)),
    Taught("GDTC", "Giáo dục thể chất", C, _grades(1, 12, 70)),
    Taught("NGHE_THUAT", "Nghệ thuật", C, _grades(1, 9, 70)),
    Taught("GD_DIA_PHUONG", "Nội dung giáo dục địa phương", C, _grades(6, 12, 35)),
    Taught("HDTN", "Hoạt động trải nghiệm", C, _grades(1, 5, 105)),
    Taught("HDTN_HN", "Hoạt động trải nghiệm, hướng nghiệp", C, _grades(6, 12, 105)),
)
SUBJECT_NAMES = {taught.code: taught.name for taught in CURRICULUM}
UPPER_CORE = frozenset(
    (
        "NGU_VAN",
        "TOAN",
        "NGOAI_NGU_1",
        "LICH_SU",
        "GDQP_AN",
        "GDTC",
        "GD_DIA_PHUONG",
        "HDTN_HN",
    )
)
"""What every pupil of an upper secondary school learns; the rest is chosen."""


def curriculum_of(grade: int) -> list[tuple[Taught, int]]:
    """Return the subjects of a grade with their periods a year, in their order."""
    return [
        (taught, taught.periods[grade])
        for taught in CURRICULUM
        if grade in taught.periods
    ]


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Who comes into a school's register."""

    full_name: str
    code: str | None = None
    came_from: str | None = None


@dataclass(frozen=True, slots=True)
class Act:
    """Who does something, when, and why: for acts that must be accounted for."""

    actor_id: int
    at: datetime
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Check:
    """What came of comparing a person with a proof of identity."""

    method: Method
    outcome: Outcome
    differing: tuple[str, ...] = ()


def days_refusal(from_on: date, to_on: date | None) -> SectionsRefusal | None:
    turned = to_on is not None and to_on < from_on
    return SectionsRefusal.DAYS_TURNED if turned else None


def step_of(decision: str | None, grade: int, highest: int) -> Step:
    """Say what the turn of the year does, from the year's decision.

    A pupil whose decision is not there, or who waits for the summer, stays where they
    are until somebody decides: nobody is moved, and nobody dropped, in silence.
    """
    if decision == "O_LAI":
        return Step.REPEAT
    if decision != "LEN_LOP":
        return Step.WAIT
    return Step.FINISH if grade >= highest else Step.UP


def section_name_up(name: str, grade: int) -> str:
    """Return what a class is called a grade later: 7A1 for 6A1."""
    given = name.removeprefix(str(grade))
    return f"{grade + 1}{given}" if given != name else f"{grade + 1} {name}"
