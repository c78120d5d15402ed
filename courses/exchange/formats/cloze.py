r"""Moodle's embedded answers: ``{1:MULTICHOICE:=right#said~wrong}`` in a passage.

Also a format of its own: a text file that holds one such passage.

Source: Moodle's documentation of the Cloze (embedded answers) question type.
"""

import re
from collections.abc import Callable
from html import unescape
from typing import Any

from courses.exchange.formats import specs, texts
from courses.exchange.formats.specs import Amount, Answer
from courses.exchange.markup import TAG, from_moodle
from courses.exchange.rules import Found, NotFound, NotTaken, Reading, Trouble

NAME = "cloze"
CHOICES: dict[str, dict[str, Any]] = {
    "MULTICHOICE": {"layout": "menu"},
    "MULTICHOICE_V": {"layout": "column"},
    "MULTICHOICE_H": {"layout": "row"},
    "MULTIRESPONSE": {"layout": "column", "several": True},
    "MULTIRESPONSE_H": {"layout": "row", "several": True},
}
SHORT = {
    "MC": "MULTICHOICE",
    "MCV": "MULTICHOICE_V",
    "MCH": "MULTICHOICE_H",
    "MR": "MULTIRESPONSE",
    "MRV": "MULTIRESPONSE",
    "MRH": "MULTIRESPONSE_H",
    "MCS": "MULTICHOICE_S",
    "MCVS": "MULTICHOICE_VS",
    "MCHS": "MULTICHOICE_HS",
    "MRS": "MULTIRESPONSE_S",
    "MRHS": "MULTIRESPONSE_HS",
    "SA": "SHORTANSWER",
    "MW": "SHORTANSWER",
    "SAC": "SHORTANSWER_C",
    "MWC": "SHORTANSWER_C",
    "NM": "NUMERICAL",
}
BLANK = re.compile(
    r"\{(?P<points>\d{0,4}):(?P<kind>[A-Z]+(?:_[A-Z]+)?):(?P<answers>(?:\\.|[^\\}])*)\}",
    re.DOTALL,
)
STRAY = re.compile(r"\{\d*:[A-Z_]+:")
PIECE = re.compile(r"(?<!\\)~")
SAID = re.compile(r"(?<![\\&])#")
WEIGHT = re.compile(r"%(-?[\d.,]+)%")
ESCAPE = re.compile(r"\\([}#~/\"\\{=:%])")


def looks_like(text: str) -> bool:
    return any(_known(found["kind"]) for found in BLANK.finditer(text))


def _known(kind: str) -> bool:
    name = SHORT.get(kind, kind)
    base = re.sub(r"_?S$", "", name) if name.startswith("MULTI") else name
    return base in CHOICES or name in ("SHORTANSWER", "SHORTANSWER_C", "NUMERICAL")


def read(content: bytes) -> Reading:
    """Read a text file that is one passage."""
    text = texts.decoded(content)
    try:
        spec = spec_of(from_moodle(text, "moodle"), str)
    except NotTaken as problem:
        refused = NotFound(
            where="1",
            trouble=problem.trouble,
            detail=problem.detail,
            title=texts.short(text),
        )
        return Reading(NAME, (refused,))
    return Reading(NAME, (Found(where="1", spec=spec),))


def spec_of(html: str, rich: Callable[[str], str], **frame: Any) -> dict[str, Any]:
    """Build the stored form of a passage; *rich* prepares texts inside the blanks."""
    parts: list[dict[str, Any]] = []

    def blank(found: re.Match[str]) -> str:
        parts.append(_part(found, f"p{len(parts) + 1}", rich))
        return f"[[p{len(parts)}]]"

    passage = BLANK.sub(blank, re.sub(r"\[(?=\[)", "[ ", html))
    if not parts:
        raise NotTaken(Trouble.WRONG_CLOZE)
    if stray := STRAY.search(passage):
        raise NotTaken(Trouble.WRONG_CLOZE, stray[0])
    return {"kind": "cloze", "stem": "", "passage": passage, "parts": parts, **frame}


def _part(
    found: re.Match[str], name: str, rich: Callable[[str], str]
) -> dict[str, Any]:
    kind = SHORT.get(found["kind"], found["kind"])
    points = int(found["points"] or 1)
    if not _known(found["kind"]) or points > 1000:  # noqa: PLR2004
        raise NotTaken(Trouble.WRONG_CLOZE, texts.short(found[0]))
    pieces = [piece for piece in PIECE.split(found["answers"]) if piece.strip()]
    answers = [_answer(piece, rich) for piece in pieces]
    head = {"id": name, "points": points}
    try:
        return head | _asked(kind, answers)
    except NotTaken as problem:
        raise NotTaken(Trouble.WRONG_CLOZE, texts.short(found[0])) from problem


def _answer(piece: str, rich: Callable[[str], str]) -> Answer:
    piece = piece.strip()
    share, rest = "0", piece
    if weight := WEIGHT.match(piece):
        share, rest = weight[1], piece[weight.end() :]
    elif piece.startswith("="):
        share, rest = "100", piece[1:]
    text, *said = SAID.split(rest, maxsplit=1)
    feedback = rich(_released(said[0])) if said else ""
    return Answer(_released(text).strip(), specs.percent(share), feedback.strip())


def _released(text: str) -> str:
    return ESCAPE.sub(r"\1", text)


def _asked(kind: str, answers: list[Answer]) -> dict[str, Any]:
    if kind.startswith("MULTI"):
        return _choice(kind, answers)
    plain = [Answer(_words(one.text), one.share, one.feedback) for one in answers]
    if not any(one.share > 0 for one in plain):
        raise NotTaken(Trouble.NO_KEY)
    if kind == "NUMERICAL":
        return {"asks": "number", "answers": [_number(one) for one in plain]}
    case = kind == "SHORTANSWER_C"
    return {"asks": "text", **specs.wordings(plain), "ignore_case": not case}


def _words(html: str) -> str:
    return " ".join(unescape(TAG.sub("", html)).split())


def _number(answer: Answer) -> dict[str, Any]:
    value, _colon, tolerance = answer.text.partition(":")
    value = "" if value.strip() == "*" else value
    amount = Amount(value, tolerance.strip() or "0", answer.share, answer.feedback)
    return specs.stored_amount(amount)


def _choice(kind: str, answers: list[Answer]) -> dict[str, Any]:
    base = re.sub(r"_?S$", "", kind)
    if not any(one.share > 0 for one in answers):
        raise NotTaken(Trouble.NO_KEY)
    options = [
        {"id": name, "text": one.text}
        | ({"share": str(one.share)} if one.share else {})
        | specs.said(feedback=one.feedback)
        for name, one in zip(specs.ids(), answers, strict=False)
    ]
    shuffled = {"shuffle": True} if base != kind else {}
    return {"asks": "choice", "options": options, **CHOICES[base], **shuffled}
