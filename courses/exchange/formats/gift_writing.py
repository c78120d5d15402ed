"""Writing GIFT: the kinds that it has; the others are named in comments at the top."""

import re
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

from courses.exchange.exported import Exported, Pictures, Written, no_pictures
from courses.exchange.formats.moodle_xml.bodies import percent, shares_of, wordings
from courses.exchange.markup import to_delimited, to_plain

MARKS = re.compile(r"([\\~=#{}:])")


def escaped(text: str) -> str:
    return MARKS.sub(r"\\\1", text.replace("\n", " "))


def rich(html: str) -> str:
    return escaped(" ".join(to_delimited(html).split()))


def write(items: Sequence[Exported], _pictures: Pictures = no_pictures) -> Written:
    """Write what GIFT can hold.  Pictures are not a part of it."""
    blocks, left_out = [], []
    topic: tuple[str, ...] = ()
    for item in items:
        write_one = KINDS.get(item.spec["kind"])
        answers = write_one(item.spec) if write_one else None
        title = item.title or to_plain(item.spec.get("stem", ""))[:80]
        if answers is None or "<img" in str(item.spec):
            left_out.append(title)
            continue
        if item.topic != topic:
            topic = item.topic
            names = (" ".join(name.split()) for name in topic)
            path = "/".join(name.replace("/", "//") for name in names)
            blocks.append(f"$CATEGORY: $course$/top/{path}".rstrip("/"))
        blocks.append(f"{_notes(item)}::{escaped(title)}::[html]{answers}")
    head = [f"// Không xuất được sang GIFT: {' '.join(t.split())}" for t in left_out]
    text = "\n\n".join(["\n".join(head)] * bool(head) + blocks) + "\n"
    return Written(text.encode(), "cau-hoi.gift", "text/plain", tuple(left_out))


def _notes(item: Exported) -> str:
    named = _note(item.external_id)
    notes = [f"[id:{named}]"] if named else []
    level = [item.level] if item.level else []
    words = dict.fromkeys([*item.tags, *level])
    notes += [f"[tag:{_note(tag)}]" for tag in words if _note(tag)]
    return f"// {' '.join(notes)}\n" if notes else ""


def _note(text: str) -> str:
    """Write a name so that its comment ends where the line does."""
    return " ".join(re.sub(r"[]<>`\[]", "", text).split())


def _said(text: str) -> str:
    return f"#{rich(text)}" if text else ""


def _end(spec: dict[str, Any]) -> str:
    general = spec.get("explanation", "")
    return f"\n\t####{rich(general)}" if general else ""


def _lines(spec: dict[str, Any], lines: Sequence[str]) -> str:
    inside = "\n".join(f"\t{line}" for line in lines)
    return f"{rich(spec['stem'])} {{\n{inside}{_end(spec)}\n}}"


def _choice(spec: dict[str, Any]) -> str:
    single = spec["kind"] == "single_choice"
    shares = shares_of(spec)
    lines = []
    for option in spec["options"]:
        share = shares[option["id"]]
        if single and share == 1:
            mark = "="
        elif share == 0:
            mark = "~"
        else:
            mark = f"~%{percent(share)}%"
        said = _said(option.get("feedback", ""))
        lines.append(f"{mark}{rich(option['text'])}{said}")
    return _lines(spec, lines)


def _true_false(spec: dict[str, Any]) -> str:
    right, wrong = spec.get("feedback_true", ""), spec.get("feedback_false", "")
    if not spec["correct"]:
        right, wrong = wrong, right
    said = f"#{rich(wrong)}#{rich(right)}" if right or wrong else ""
    return f"{rich(spec['stem'])} {{{str(spec['correct']).upper()}{said}{_end(spec)}}}"


def _short_answer(spec: dict[str, Any]) -> str | None:
    if not spec.get("ignore_case", True):
        return None
    lines = [
        f"={'' if Fraction(share) == 1 else f'%{percent(share)}%'}"
        f"{escaped(text)}{_said(feedback)}"
        for text, share, feedback in wordings(spec)
    ]
    return _lines(spec, lines)


def _numerical(spec: dict[str, Any]) -> str | None:
    if spec.get("units") or any(one["by"] != "absolute" for one in spec["answers"]):
        return None
    lines = []
    for one in spec["answers"]:
        share = Fraction(one.get("share", "1"))
        mark = "=" if share == 1 else f"=%{percent(share)}%"
        if one["value"] is None:
            mark, value = "~", ""
        else:
            value = f"{one['value']}:{one['tolerance']}"
        lines.append(f"{mark}{value}{_said(one.get('feedback', ''))}")
    return _lines(spec, lines).replace("{\n", "{#\n", 1)


def _matching(spec: dict[str, Any]) -> str | None:
    if spec.get("several") or any(len(row["correct"]) > 1 for row in spec["rows"]):
        return None
    names = {one["id"]: escaped(to_plain(one["text"])) for one in spec["options"]}
    lines = [
        f"={rich(row['text'])} -> {names[key]}"
        for row in spec["rows"]
        for key in row["correct"]
    ]
    used = {key for row in spec["rows"] for key in row["correct"]}
    lines += [f"= -> {name}" for key, name in names.items() if key not in used]
    return _lines(spec, lines)


def _essay(spec: dict[str, Any]) -> str:
    return f"{rich(spec['stem'])} {{{_end(spec).strip()}}}"


def _description(spec: dict[str, Any]) -> str:
    return rich(spec["stem"])


KINDS: dict[str, Callable[[dict[str, Any]], str | None]] = {
    "single_choice": _choice,
    "multiple_choice": _choice,
    "true_false": _true_false,
    "short_answer": _short_answer,
    "numerical": _numerical,
    "matching": _matching,
    "essay": _essay,
    "description": _description,
}
