"""Excel by template: a question on each row, in and out.

The columns are found by their headings, in any order.  What is written are texts, never
formulas: a question that begins with ``=`` is a question.
"""

import re
from collections.abc import Mapping, Sequence
from fractions import Fraction
from io import BytesIO
from typing import Any

import xlsxwriter
from python_calamine import CalamineError, CalamineWorkbook

from courses.exchange import archives
from courses.exchange.exported import Exported, Pictures, Written, no_pictures
from courses.exchange.formats import specs, texts
from courses.exchange.formats.moodle_xml.bodies import wordings
from courses.exchange.formats.specs import Answer
from courses.exchange.markup import from_plain, to_plain
from courses.exchange.rules import (
    MOST_ITEMS,
    Found,
    NotFound,
    NotTaken,
    Reading,
    Trouble,
)
from lms.kernel.vietnamese import fold

NAME = "excel"
MAIN = "xl/workbook.xml"
MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LETTERS = "ABCDEF"
HEADINGS = (
    ("question", "Câu hỏi"),
    *((letter, letter) for letter in LETTERS),
    ("key", "Đáp án"),
    ("explanation", "Giải thích"),
    ("topic", "Chủ đề"),
    ("level", "Mức độ"),
    ("points", "Điểm"),
    ("name", "Mã câu"),
)
"""What the template asks for; ``Câu hỏi`` and ``Đáp án`` must be there."""

EXAMPLES = (
    ("Thủ đô của nước ta là", "Huế", "Hà Nội", "Đà Nẵng", "Cần Thơ", "", "", "B"),
    ("Những số nào là số nguyên tố?", "2", "4", "5", "9", "", "", "A, C"),
    ("Trái đất quay quanh mặt trời.", "", "", "", "", "", "", "Đúng"),
    ("Xét nước ở áp suất thường:", "Sôi ở 100 độ C.", "Nặng hơn thủy ngân.",
     "Gồm hai nguyên tố.", "Là đơn chất.", "", "", "ĐSĐS"),
    ("Ba nhân bốn bằng mấy?", "", "", "", "", "", "", "12"),
    ("Ai viết Chí Phèo?", "", "", "", "", "", "", "Nam Cao; nhà văn Nam Cao"),
    ("Hãy viết một đoạn văn về quê hương.", "", "", "", "", "", "", "Tự luận"),
)  # fmt: skip
VERDICTS = re.compile(r"[ĐSTFđstf](?:[\s,;-]*[ĐSTFđstf]){1,5}")
TRUTH = {
    "dung": True,
    "d": True,
    "true": True,
    "sai": False,
    "s": False,
    "false": False,
}
ESSAY = ("tu luan", "essay")


def read(content: bytes) -> Reading:
    rows = _rows(content)
    columns = _columns(rows[0]) if rows else {}
    if not {"question", "key"} <= columns.keys():
        raise NotTaken(Trouble.UNKNOWN_FORMAT, "Câu hỏi, Đáp án")
    if len(rows) > MOST_ITEMS:
        raise NotTaken(Trouble.TOO_MANY)
    items = [
        _item({name: row[place] for name, place in columns.items()}, number)
        for number, row in enumerate(rows[1:], 2)
        if any(row)
    ]
    if not items:
        raise NotTaken(Trouble.NO_ITEM)
    return Reading(NAME, tuple(items))


def _rows(content: bytes) -> list[list[str]]:
    archives.opened(content)
    try:
        book = CalamineWorkbook.from_filelike(BytesIO(content))
        sheet = book.get_sheet_by_index(0)
        rows = sheet.to_python(skip_empty_area=True, nrows=MOST_ITEMS + 2)
    except (CalamineError, ValueError, OSError, IndexError):
        raise NotTaken(Trouble.NOT_READABLE) from None
    except BaseException as problem:
        # What the reader in Rust gives up on arrives as a class of its own.
        if type(problem).__name__ != "PanicException":
            raise
        raise NotTaken(Trouble.NOT_READABLE) from None
    return [[_text(cell) for cell in row] for row in rows]


def _text(cell: Any) -> str:
    if isinstance(cell, bool):
        return "Đúng" if cell else "Sai"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return texts.CONTROLS.sub("", str(cell)).strip()


def _columns(head: Sequence[str]) -> dict[str, int]:
    names = {fold(heading): name for name, heading in HEADINGS}
    found: dict[str, int] = {}
    for place, cell in enumerate(head):
        name = names.get(fold(cell).removeprefix("phuong an "))
        if name and name not in found:
            found[name] = place
    return found


def _item(row: Mapping[str, str], number: int) -> Found | NotFound:
    about: dict[str, Any] = {
        "where": f"Dòng {number}",
        "title": texts.short(row["question"]),
        "topic": texts.topic_of(row.get("topic", "")),
        "level": row.get("level", "").strip().upper()[:3],
    }
    try:
        spec = _spec(row)
    except NotTaken as problem:
        return NotFound(
            **about,
            trouble=problem.trouble,
            detail=problem.detail,
            sketch={"kind": "single_choice", "stem": _rich(row["question"])},
        )
    return Found(
        **about,
        spec=spec,
        external_id=row.get("name", "")[:200],
        points=row.get("points", "").replace(",", "."),
    )


def _rich(text: str) -> str:
    return from_plain(text, dollars=True)


def _spec(row: Mapping[str, str]) -> dict[str, Any]:
    stem, key = _rich(row["question"]), row["key"].strip()
    if not stem:
        raise NotTaken(Trouble.NO_STEM)
    frame = specs.frame(explanation=_rich(row.get("explanation", "")))
    listed = [letter for letter in LETTERS if row.get(letter, "").strip()]
    if listed:
        return _listed(stem, row, listed, key, frame)
    if not key:
        raise NotTaken(Trouble.NO_KEY)
    if fold(key) in ESSAY:
        return {"kind": "essay", "stem": stem, **frame}
    if fold(key) in TRUTH:
        return specs.true_false(stem, TRUTH[fold(key)], **frame)
    try:
        return specs.numerical(stem, [specs.Amount(specs.number(key))], **frame)
    except NotTaken:
        words = [Answer(one.strip(), Fraction(1)) for one in key.split(";")]
        kept = [one for one in words if one.text]
        return specs.short_answer(stem, kept, **frame)


def _listed(
    stem: str,
    row: Mapping[str, str],
    listed: list[str],
    key: str,
    frame: dict[str, Any],
) -> dict[str, Any]:
    if VERDICTS.fullmatch(key) and not set(key.upper()) <= set(LETTERS):
        said = [TRUTH.get(fold(one), one in "Tt") for one in re.findall(r"\w", key)]
        if len(said) != len(listed):
            raise NotTaken(Trouble.NO_KEY, key)
        rows = [
            {"id": letter.lower(), "text": _rich(row[letter]), "correct": truth}
            for letter, truth in zip(listed, said, strict=True)
        ]
        return {"kind": "statements", "stem": stem, "statements": rows, **frame}
    right = re.findall(r"[A-F]", key.upper())
    if not right or set(right) - set(listed) or re.search(r"[^A-Fa-f\s,;.]", key):
        raise NotTaken(Trouble.NO_KEY, key)
    share = Fraction(1, len(set(right)))
    answers = [Answer(_rich(row[one]), share * (one in right)) for one in listed]
    return specs.choice(stem, answers, single=len(set(right)) == 1, **frame)


def template() -> bytes:
    """Return the workbook that teachers fill in, with an example of each kind."""
    return _book([dict(zip(_names(), row, strict=False)) for row in EXAMPLES])


def _names() -> list[str]:
    return [name for name, _heading in HEADINGS]


def _book(rows: Sequence[Mapping[str, str]]) -> bytes:
    out = BytesIO()
    safe = {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
    with xlsxwriter.Workbook(out, safe) as book:
        sheet = book.add_worksheet("Câu hỏi")
        head = book.add_format({"bold": True, "bg_color": "#DCE6F2", "text_wrap": True})
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        sheet.freeze_panes(1, 1)
        sheet.set_column(0, 0, 50, wrapped)
        sheet.set_column(1, len(HEADINGS) - 1, 18, wrapped)
        sheet.write_row(0, 0, [heading for _name, heading in HEADINGS], head)
        for number, row in enumerate(rows, 1):
            for column, name in enumerate(_names()):
                sheet.write_string(number, column, row.get(name, "")[:32_000])
    return out.getvalue()


def write(items: Sequence[Exported], _pictures: Pictures = no_pictures) -> Written:
    """Write the kinds that the template has; the others are named as left out."""
    rows, left_out = [], []
    for item in items:
        row = _row(item)
        if row is None or "<img" in str(item.spec):
            left_out.append(item.title or to_plain(item.spec.get("stem", ""))[:80])
            continue
        rows.append(row)
    return Written(_book(rows), "cau-hoi.xlsx", MEDIA_TYPE, tuple(left_out))


def _plain(html: str) -> str:
    """Write rich text in a cell; formulas stand between dollars, as they are typed."""
    text = to_plain(html)
    return re.sub(r"\\[(\[](.+?)\\[)\]]", r"$\1$", text)


def _row(item: Exported) -> dict[str, str] | None:
    spec = item.spec
    told = _told(spec)
    if told is None:
        return None
    return {
        "question": _plain(spec["stem"]),
        **told,
        "explanation": _plain(spec.get("explanation", "")),
        "topic": "/".join(name.replace("/", "//") for name in item.topic),
        "level": item.level,
        "points": item.points.replace(".", ","),
        "name": item.external_id,
    }


def _told(spec: Mapping[str, Any]) -> dict[str, str] | None:
    kind = spec["kind"]
    if kind in ("single_choice", "multiple_choice"):
        listed = spec["options"]
        right = spec["correct"]
        keys = [right] if isinstance(right, str) else right
        said = ", ".join(
            letter
            for letter, one in zip(LETTERS, listed, strict=False)
            if one["id"] in keys
        )
    elif kind == "statements":
        listed = spec["statements"]
        said = "".join("Đ" if one["correct"] else "S" for one in listed)
    else:
        return _bare(spec)
    if len(listed) > len(LETTERS):
        return None
    texts_ = {
        letter: _plain(one["text"])
        for letter, one in zip(LETTERS, listed, strict=False)
    }
    return {**texts_, "key": said}


def _bare(spec: Mapping[str, Any]) -> dict[str, str] | None:
    kind = spec["kind"]
    if kind == "true_false":
        return {"key": "Đúng" if spec["correct"] else "Sai"}
    if kind == "essay":
        return {"key": "Tự luận"}
    if kind == "short_answer":
        full = [
            text for text, share, _s in wordings(dict(spec)) if Fraction(share) == 1
        ]
        return {"key": "; ".join(full)}
    if kind == "numerical" and not spec.get("units"):
        first = next(one for one in spec["answers"] if one["value"] is not None)
        return {"key": first["value"].replace(".", ",")}
    return None
