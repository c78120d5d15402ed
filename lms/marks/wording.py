"""What the marks say: refusals, labels, and explanations as sentences with numbers."""

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from flask_babel import gettext as _

from lms.kernel.wording import label
from lms.marks.models import CorrectionState
from lms.marks.rules.results import Step
from lms.marks.rules.words import (
    Absence,
    Comment,
    Decision,
    Fact,
    Level,
    QualityLevel,
    SubjectLevel,
    Title,
    YearLevel,
)

SENTENCES = {
    "primary-test-not-whole": (
        "Điểm bài kiểm tra định kì cấp tiểu học là số nguyên từ 0 đến 10."
    ),
    "mark-not-understood": "Không đọc được điểm này. Hãy nhập số từ 0 đến 10.",
    "mark-maybe-decimal": (
        "Điểm lớn hơn 10. Có phải thiếu dấu phẩy không? Ví dụ 75 là 7,5."
    ),
    "mark-above-ten": "Điểm phải từ 0 đến 10.",
    "mark-too-fine": "Điểm chỉ có một chữ số thập phân.",
    "mark-not-a-comment": "Môn này đánh giá bằng nhận xét: nhập Đ hoặc CĐ.",
    "mark-absence-of-regular": (
        "Đánh giá thường xuyên không ghi vắng. Hãy để trống đến khi có điểm."
    ),
    "mark-remark-too-long": "Nhận xét dài quá 300 ký tự.",
    "mark-locked": "Cột này đã khóa sổ. Muốn sửa, hãy đề nghị đính chính.",
    "mark-not-a-member": "Học sinh này không thuộc lớp.",
    "mark-no-such-column": "Sổ điểm không có cột này.",
    "correction-not-locked": "Cột này chưa khóa sổ, hãy sửa thẳng trong sổ điểm.",
    "correction-same-value": "Điểm đề nghị giống điểm đang có.",
    "correction-already-asked": "Ô này đã có đề nghị đính chính đang chờ duyệt.",
    "correction-already-decided": "Đề nghị này đã được giải quyết.",
    "correction-own-request": "Người đề nghị không được tự duyệt đính chính của mình.",
    "correction-changed-since": (
        "Điểm đã thay đổi sau khi đề nghị. Hãy từ chối và đề nghị lại."
    ),
    "year-incomplete": (
        "Còn học sinh chưa đủ kết quả cả năm. Hãy xem cột “Còn thiếu” của bảng."
    ),
    "year-not-locked": "Còn sổ điểm chưa khóa. Hãy khóa sổ cả hai học kì trước.",
}
LABELS = {
    Comment.PASS: "Đạt",
    Comment.FAIL: "Chưa đạt",
    Level.GOOD: "Tốt",
    Level.FAIR: "Khá",
    Level.PASS: "Đạt",
    Level.FAIL: "Chưa đạt",
    Absence.PENDING: "vắng có lí do, chờ kiểm tra bù",
    Absence.UNEXCUSED: "vắng không có lí do",
    Absence.MISSED_MAKE_UP: "vắng có lí do nhưng không dự kiểm tra bù",
    Decision.PROMOTED: "Được lên lớp",
    Decision.PENDING: "Chờ xét sau hè",
    Decision.REPEATS: "Ở lại lớp",
    Title.EXCELLENT: "Học sinh Xuất sắc",
    Title.GOOD: "Học sinh Giỏi",
    Title.OUTSTANDING: "Học sinh Tiêu biểu",
    SubjectLevel.WELL: "Hoàn thành tốt",
    SubjectLevel.DONE: "Hoàn thành",
    SubjectLevel.NOT_DONE: "Chưa hoàn thành",
    QualityLevel.GOOD: "Tốt",
    QualityLevel.PASS: "Đạt",
    QualityLevel.EFFORT: "Cần cố gắng",
    YearLevel.EXCELLENT: "Hoàn thành xuất sắc",
    YearLevel.WELL: "Hoàn thành tốt",
    YearLevel.DONE: "Hoàn thành",
    YearLevel.NOT_DONE: "Chưa hoàn thành",
    CorrectionState.ASKED: "Chờ duyệt",
    CorrectionState.APPROVED: "Đã duyệt",
    CorrectionState.DECLINED: "Không duyệt",
}
Namer = Callable[[str], str]
FOUR_PLACES = Decimal("0.0001")


def decimal(value: Decimal | int) -> str:
    """Write a number with a comma, as on paper: 8,25."""
    return (
        f"{value.normalize():f}".replace(".", ",")
        if isinstance(value, Decimal)
        else str(value)
    )


def mark(value: Decimal | None) -> str:
    """Write a mark or an average with its one decimal: 8,0."""
    return "" if value is None else f"{value:.1f}".replace(".", ",")


def quotient(total: Decimal | int, divisor: int) -> str:
    """Write a quotient to four places, with dots where it goes on."""
    exact = Fraction(total) / divisor
    shown = (Decimal(exact.numerator) / exact.denominator).quantize(FOUR_PLACES)
    return decimal(shown) + ("" if Fraction(shown) == exact else "…")


def explain(steps: Iterable[Step], name_of: Namer = str) -> str:
    """Say all steps, one sentence each; *name_of* says a subject's code aloud."""
    return " ".join(say_step(one, name_of) for one in steps)


def say_step(one: Step, name_of: Namer = str) -> str:
    return SAYINGS[one.fact](one.values, name_of)


def column_name(column: str, name_of: Namer = str) -> str:
    """Say which column this is: a test, a term, or a subject."""
    fixed = {
        "gk": _("kiểm tra giữa kì"),
        "ck": _("kiểm tra cuối kì"),
        "hk1": _("học kì I"),
        "hk2": _("học kì II"),
        "conduct": _("kết quả rèn luyện"),
    }
    if column in fixed:
        return str(fixed[column])
    if column.startswith("tx") and column[2:].isdigit():
        return str(_("đánh giá thường xuyên lần %(n)s", n=column[2:]))
    return name_of(column)


def _columns(columns: Iterable[str], name_of: Namer) -> str:
    return ", ".join(column_name(column, name_of) for column in columns)


def _scored(scores: Mapping[str, Decimal], name_of: Namer) -> str:
    return ", ".join(f"{name_of(code)} {mark(value)}" for code, value in scores.items())


def _term_average(values: Mapping[str, Any], _name: Namer) -> str:
    parts = [decimal(one) for one in values["regular"]]
    sum_said = " + ".join(
        [
            *parts,
            f"2 × {decimal(values['midterm'])}",
            f"3 × {decimal(values['final'])}",
        ]
    )
    return str(
        _(
            "(%(sum)s) : (%(count)d + 5) = %(total)s : %(divisor)d = %(quotient)s, "
            "làm tròn đến một chữ số thập phân: %(value)s.",
            sum=sum_said,
            count=len(parts),
            total=decimal(values["total"]),
            divisor=values["divisor"],
            quotient=quotient(values["total"], values["divisor"]),
            value=mark(values["value"]),
        )
    )


def _year_average(values: Mapping[str, Any], _name: Namer) -> str:
    return str(
        _(
            "(%(first)s + 2 × %(second)s) : 3 = %(total)s : 3 = %(quotient)s, "
            "làm tròn đến một chữ số thập phân: %(value)s.",
            first=mark(values["first"]),
            second=mark(values["second"]),
            total=decimal(values["total"]),
            quotient=quotient(values["total"], 3),
            value=mark(values["value"]),
        )
    )


def _titled(values: Mapping[str, Any], _name: Namer) -> str:
    return str(
        _(
            "Rèn luyện và học tập cả năm đều Tốt, %(count)d môn đạt từ 9,0: %(title)s.",
            count=values["count"],
            title=label(values["title"]),
        )
    )


def _untitled(values: Mapping[str, Any], _name: Namer) -> str:
    unknown = _("chưa có")
    return str(
        _(
            "Danh hiệu cần học tập và rèn luyện cả năm đều Tốt; "
            "học tập: %(study)s, rèn luyện: %(conduct)s.",
            study=label(values["study"]) if values["study"] else unknown,
            conduct=label(values["conduct"]) if values["conduct"] else unknown,
        )
    )


def _primary_barred(values: Mapping[str, Any], name_of: Namer) -> str:
    said = [name_of(code.split(":")[-1]) for code in values["items"]]
    said += [
        str(_("bài kiểm tra %(name)s %(mark)s điểm", name=name_of(code), mark=found))
        for code, found in values["tests"].items()
    ]
    return str(
        _(
            "Chưa ở mức %(level)s (bài kiểm tra từ %(least)d điểm) vì: %(why)s.",
            level=label(values["level"]),
            least=values["least"],
            why=", ".join(said),
        )
    )


SAYINGS: dict[Fact, Callable[[Mapping[str, Any], Namer], str]] = {
    Fact.TERM_AVERAGE: _term_average,
    Fact.YEAR_AVERAGE: _year_average,
    Fact.ZERO: lambda v, n: _(
        "%(column)s: %(absence)s, tính 0 điểm.",
        column=column_name(v["column"], n).capitalize(),
        absence=label(v["absence"]),
    ),
    Fact.FAIL_FOR_ABSENCE: lambda v, n: _(
        "%(column)s: %(absence)s, tính Chưa đạt.",
        column=column_name(v["column"], n).capitalize(),
        absence=label(v["absence"]),
    ),
    Fact.MISSING: lambda v, n: _(
        "Chưa tính được, còn thiếu: %(columns)s.", columns=_columns(v["columns"], n)
    ),
    Fact.UNKNOWN_FIRST_TERM: lambda _v, _n: _(
        "Không có kết quả học kì I: nhà trường quyết định, "
        "không lấy riêng học kì II làm kết quả cả năm."
    ),
    Fact.ALL_PASSED: lambda v, _n: _(
        "Cả %(count)d lần đánh giá đều Đạt: kết quả là Đạt.", count=v["count"]
    ),
    Fact.SOME_FAILED: lambda v, n: _(
        "Chưa đạt ở: %(columns)s. Kết quả là Chưa đạt.",
        columns=_columns(v["columns"], n),
    ),
    Fact.YEAR_IS_SECOND_TERM: lambda v, _n: _(
        "Kết quả cả năm lấy theo học kì II: %(value)s.", value=label(v["value"])
    ),
    Fact.COUNTS: lambda v, _n: _(
        "%(count)d môn đạt từ %(threshold)s điểm trở lên.",
        count=v["count"],
        threshold=mark(v["threshold"]),
    ),
    Fact.TOO_LOW: lambda v, n: _(
        "Chưa ở mức %(level)s vì có môn dưới %(floor)s: %(scores)s.",
        level=label(v["level"]),
        floor=mark(v["floor"]),
        scores=_scored(v["scores"], n),
    ),
    Fact.TOO_FEW: lambda v, _n: _(
        "Chưa ở mức %(level)s vì mới có %(count)d môn đạt từ %(threshold)s "
        "(cần 6 môn).",
        level=label(v["level"]),
        count=v["count"],
        threshold=mark(v["threshold"]),
    ),
    Fact.COMMENTS_FAILED: lambda v, n: _(
        "Chưa ở mức %(level)s vì môn nhận xét Chưa đạt: %(subjects)s.",
        level=label(v["level"]),
        subjects=_columns(v["subjects"], n),
    ),
    Fact.STUDY: lambda v, _n: _(
        "Kết quả học tập: mức %(level)s.", level=label(v["level"])
    ),
    Fact.RAISED: lambda v, n: _(
        "Chỉ riêng môn %(subject)s kéo xuống từ hai mức trở lên nên được điều chỉnh "
        "lên mức liền kề: %(base)s thành %(level)s (khoản 3 Điều 9).",
        subject=n(v["subject"]),
        base=label(v["base"]),
        level=label(v["level"]),
    ),
    Fact.FEW_SUBJECTS: lambda v, _n: _(
        "Chỉ có %(count)d môn đánh giá bằng điểm số (quy định cần ít nhất 6 môn): "
        "hội đồng nhà trường quyết định.",
        count=v["count"],
    ),
    Fact.CONDUCT_YEAR: lambda v, _n: _(
        "Rèn luyện học kì I: %(first)s, học kì II: %(second)s; cả năm: %(level)s.",
        first=label(v["first"]),
        second=label(v["second"]),
        level=label(v["level"]),
    ),
    Fact.TRAINED: lambda v, _n: _(
        "Kết quả rèn luyện trong hè: %(level)s.", level=label(v["level"])
    ),
    Fact.PROMOTED: lambda v, _n: _(
        "Học tập %(study)s, rèn luyện %(conduct)s, nghỉ không quá 45 buổi: "
        "được lên lớp.",
        study=label(v["study"]),
        conduct=label(v["conduct"]),
    ),
    Fact.ABSENT_TOO_OFTEN: lambda v, _n: _(
        "Nghỉ %(count)d buổi, quá %(most)d buổi trong năm học: ở lại lớp.",
        count=v["count"],
        most=v["most"],
    ),
    Fact.CONDUCT_FAILED: lambda _v, _n: _(
        "Rèn luyện cả năm Chưa đạt: phải rèn luyện trong kì nghỉ hè."
    ),
    Fact.RETEST: lambda v, n: _(
        "Học tập cả năm Chưa đạt: được kiểm tra, đánh giá lại %(subjects)s.",
        subjects=_columns(v["subjects"], n),
    ),
    Fact.RETESTED: lambda v, _n: _(
        "Sau khi kiểm tra, đánh giá lại, học tập ở mức %(level)s.",
        level=label(v["level"]),
    ),
    Fact.REPEATS: lambda _v, _n: _("Chưa đủ điều kiện lên lớp: ở lại lớp."),
    Fact.TITLE: _titled,
    Fact.NO_TITLE: _untitled,
    Fact.PRIMARY_YEAR: lambda v, _n: _(
        "Kết quả giáo dục cả năm: %(level)s.", level=label(v["level"])
    ),
    Fact.PRIMARY_BARRED: _primary_barred,
    Fact.AWARD: lambda v, _n: _("Khen thưởng: %(title)s.", title=label(v["title"])),
    Fact.NO_AWARD: lambda _v, _n: _("Không có danh hiệu khen thưởng cuối năm."),
}
