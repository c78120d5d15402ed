"""Items as authors write them in lines and passages, and back again.

Huế => Kinh thành               a row and its choice; "=> Phong Nha" fits no row
45 ± 0,5                        a number and how far off it may be
cm = 100                        a unit, and how many of it make one of the first
a: 2; 5; 7,5                    a variable and its values
Thủ đô là [[Hà Nội|Ha Noi]]     a blank with what is accepted
thuộc miền [[=Bắc|Trung|Nam]]   a menu, the right option first
có [[#63±1]] tỉnh               a number to fill in
chữ nhật; 10, 10, 110, 60; Cổng an area of a picture, with a * before it where right
"""

import re
from collections.abc import Callable, Mapping, Sequence
from string import ascii_lowercase
from typing import Any

from courses.items.lines import html_of, line_of
from courses.items.numbers import typed_number, written

ARROW = "=>"
GAP = re.compile(r"\[\[(.+?)\]\]")
SHAPES = {"chữ nhật": "rectangle", "tròn": "circle", "đa giác": "polygon"}
NAMES = {shape: name for name, shape in SHAPES.items()}


def keys() -> list[str]:
    """Return short ids for options: a … z, then aa, ab …"""
    return [*ascii_lowercase, *(a + b for a in "abc" for b in ascii_lowercase)]


def decimal(text: str) -> str:
    """Return a typed number as it is stored; ValueError if it is none."""
    found = typed_number(text)
    if found is None:
        raise ValueError(f"{text!r} is no number")
    return written(found).replace(",", ".")


def matching(lines: Sequence[str]) -> dict[str, Any]:
    """Read rows and choices; a choice named twice is one."""
    options: dict[str, str] = {}
    rows: list[dict[str, Any]] = []
    names = iter(keys())
    for line in lines:
        left, arrow, right = (part.strip() for part in line.partition(ARROW))
        if not arrow or not right:
            raise ValueError(line)
        if right not in options:
            options[right] = next(names)
        if left:
            key = f"r{len(rows) + 1}"
            rows.append({"id": key, "text": html_of(left), "correct": [options[right]]})
    texts = [{"id": key, "text": html_of(text)} for text, key in options.items()]
    return {"rows": rows, "options": texts}


def matching_lines(item: Any) -> list[str]:
    texts = {option.id: line(option.text) for option in item.options}
    used = {key for row in item.rows for key in row.correct}
    rows = [
        f"{line(row.text)} {ARROW} {texts[key]}"
        for row in item.rows
        for key in row.correct[:1]
    ]
    return rows + [f"{ARROW} {text}" for key, text in texts.items() if key not in used]


def pairs(lines: Sequence[str]) -> dict[str, Any]:
    """Read ``cao = thấp`` as two options that belong together."""
    options: dict[str, str] = {}
    names = iter(keys())
    correct = []
    for one in lines:
        ends = [part.strip() for part in one.split("=", 1)]
        if len(ends) < 2 or not all(ends):  # noqa: PLR2004
            raise ValueError(one)
        for text in ends:
            if text not in options:
                options[text] = next(names)
        correct.append([options[text] for text in ends])
    texts = [{"id": key, "text": html_of(text)} for text, key in options.items()]
    return {"options": texts, "correct": correct}


def pairs_lines(item: Any) -> list[str]:
    texts = {option.id: line(option.text) for option in item.options}
    return [f"{texts[one]} = {texts[other]}" for one, other in item.correct]


def values(lines: Sequence[str]) -> list[dict[str, Any]]:
    return [value(one) for one in lines]


def value(text: str) -> dict[str, Any]:
    number, _sign, tolerance = text.replace("+-", "±").partition("±")
    return {
        "value": decimal(number),
        "tolerance": decimal(tolerance) if tolerance.strip() else "0",
    }


def value_line(answer: Any) -> str:
    text = written(answer.value)
    return f"{text} ± {written(answer.tolerance)}" if answer.tolerance else text


def units(lines: Sequence[str]) -> list[dict[str, Any]]:
    found = []
    for one in lines:
        name, _equals, factor = one.partition("=")
        number = decimal(factor) if factor.strip() else "1"
        found.append({"name": name.strip(), "factor": number})
    return found


def unit_line(unit: Any) -> str:
    return unit.name if unit.factor == 1 else f"{unit.name} = {written(unit.factor)}"


def variables(lines: Sequence[str]) -> list[dict[str, Any]]:
    found = []
    for one in lines:
        name, _colon, rest = one.partition(":")
        numbers = [decimal(word) for word in rest.split(";") if word.strip()]
        found.append({"name": name.strip(), "values": numbers})
    return found


def variable_line(variable: Any) -> str:
    return f"{variable.name}: {'; '.join(written(one) for one in variable.values)}"


def cloze(passage: str) -> dict[str, Any]:
    """Read a passage of rich text with its answers in the gaps."""
    parts: list[dict[str, Any]] = []

    def gap(match: re.Match[str]) -> str:
        key = str(len(parts) + 1)
        parts.append({"id": key, **_part(match[1].strip())})
        return f"[[{key}]]"

    return {"passage": GAP.sub(gap, passage), "parts": parts}


def _part(said: str) -> dict[str, Any]:
    if said.startswith("#"):
        return {"asks": "number", "answers": [value(said[1:])]}
    words = [word.strip() for word in said.lstrip("=").split("|")]
    if said.startswith("="):
        options = [
            {"id": key, "text": word} | ({} if number else {"share": "1"})
            for number, (key, word) in enumerate(zip(keys(), words, strict=False))
        ]
        return {"asks": "choice", "options": options, "shuffle": True}
    return {"asks": "text", "accepted": words}


def cloze_passage(item: Any) -> str:
    def answer(match: re.Match[str]) -> str:
        return f"[[{_answers(item.part(match[1]))}]]"

    return GAP.sub(answer, item.passage)


def _answers(part: Any) -> str:
    if part.asks == "number":
        return f"#{value_line(part.answers[0])}".replace(" ", "")
    if part.asks == "choice":
        best = sorted(part.options, key=lambda one: -(one.share or 0))
        return "=" + "|".join(one.text for one in best)
    return "|".join(one.pattern for one in part.answers if one.share == 1)


def gapped(passage: str, more: Sequence[str]) -> dict[str, Any]:
    """Read ``[[đông]]`` as a gap and the word that belongs in it; *more* fit none."""
    words: dict[str, str] = {}
    gaps: list[dict[str, Any]] = []
    names = iter(keys())

    def gap(match: re.Match[str]) -> str:
        text = match[1].strip()
        if text not in words:
            words[text] = next(names)
        key = str(len(gaps) + 1)
        gaps.append({"id": key, "correct": [words[text]]})
        return f"[[{key}]]"

    cut = GAP.sub(gap, passage)
    for text in more:
        words.setdefault(text, next(names))
    uses = [one["correct"][0] for one in gaps]
    found = [
        {"id": key, "text": text, "uses": max(uses.count(key), 1)}
        for text, key in words.items()
    ]
    return {"passage": cut, "words": found, "gaps": gaps}


def gapped_passage(item: Any) -> tuple[str, list[str]]:
    used = {gap.correct[0] for gap in item.gaps}

    def word(match: re.Match[str]) -> str:
        return f"[[{item.word(item.gap(match[1]).correct[0]).text}]]"

    more = [line(one.text) for one in item.words if one.id not in used]
    return GAP.sub(word, item.passage), more


def hot_text(passage: str, ids: Mapping[str, str]) -> dict[str, Any]:
    """Read ``[[+đúng]]`` and ``[[sai]]`` as words that may be picked.

    *ids* are those that words have had so far, so that responses keep their meaning.
    """
    options: list[dict[str, Any]] = []
    correct: list[str] = []

    def gap(match: re.Match[str]) -> str:
        text = match[1].lstrip("+").strip()
        key = ids.get(text, f"w{len(options) + 1}")
        options.append({"id": key, "text": text})
        if match[1].startswith("+"):
            correct.append(key)
        return f"[[{key}]]"

    return {"passage": GAP.sub(gap, passage), "options": options, "correct": correct}


def hot_passage(item: Any) -> str:
    def word(match: re.Match[str]) -> str:
        sign = "+" if match[1] in item.correct else ""
        return f"[[{sign}{item.option(match[1]).text}]]"

    return GAP.sub(word, item.passage)


def areas(lines: Sequence[str], ids: Sequence[str] = ()) -> list[dict[str, Any]]:
    """Read areas of a picture: shape; pixels; label; ``*`` before it where right.

    *ids* are those that the areas have had so far.
    """
    more = (str(n) for n in range(1, len(lines) + 1) if str(n) not in ids)
    return [_area(one, key) for one, key in zip(lines, [*ids, *more], strict=False)]


def _area(text: str, key: str) -> dict[str, Any]:
    fields = [part.strip() for part in text.lstrip("* ").split(";")]
    if len(fields) < 2 or fields[0].lower() not in SHAPES:  # noqa: PLR2004
        raise ValueError(text)
    return {
        "id": key,
        "shape": SHAPES[fields[0].lower()],
        "coords": [int(one) for one in fields[1].split(",")],
        "label": fields[2] if len(fields) > 2 else "",  # noqa: PLR2004
        "is_right": text.startswith("*"),
    }


def area_line(shape: Any, label: str, is_right: bool) -> str:
    star = "* " if is_right else ""
    pixels = ", ".join(map(str, shape.coords))
    return f"{star}{NAMES[shape.shape]}; {pixels}; {label}".rstrip("; ")


def line(html: str) -> str:
    """Return rich text as a line; what a line cannot hold stays rich text."""
    typed = line_of(html)
    return html if typed is None else typed


def checked(read: Callable[..., Any], *given: Any) -> Any:
    """Read what was written; None where it makes no sense."""
    try:
        return read(*given)
    except (ValueError, StopIteration):
        return None


def rubric(lines: Sequence[str]) -> list[dict[str, Any]]:
    """Read criteria, each met by halves: nothing, half, all of its points."""
    found = []
    for number, one in enumerate(lines, 1):
        text, _equals, most = one.rpartition("=")
        points = int(most)
        steps = sorted({0, points // 2, points})
        words = {0: "Chưa đạt", points: "Đạt"}
        levels = [
            {"id": str(step), "text": words.get(step, "Đạt một phần"), "points": step}
            for step in steps
        ]
        found.append({"id": f"c{number}", "text": text.strip(), "levels": levels})
    return found


def most_of(criterion: dict[str, Any]) -> int:
    return max(int(level["points"]) for level in criterion["levels"])
