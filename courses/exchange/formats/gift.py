"""GIFT: questions as plain text, as Moodle reads them.

Blank lines part the questions; ``{…}`` holds the answers; ``//`` begins a comment,
``$CATEGORY:`` says where the next ones belong.  Where the answers stand inside the
sentence, Moodle shows a blank there, and so do we.

Source: Moodle's documentation of the GIFT format, and what Moodle 4.1 makes of it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any

from courses.exchange.formats import specs, texts
from courses.exchange.formats.specs import Amount, Answer
from courses.exchange.markup import from_moodle
from courses.exchange.rules import (
    MOST_ITEMS,
    Found,
    NotFound,
    NotTaken,
    Reading,
    Trouble,
)

NAME = "gift"
BLANK = "_____"
CATEGORY = re.compile(r"\s*\$CATEGORY:\s*(.*)", re.IGNORECASE)
ID = re.compile(r"\[id:((?:[^\]\\\n]|\\\]){1,100})\]")
TAG = re.compile(r"\[tag:((?:[^\]\\\n<>`]|\\\]){1,100})\]")
TITLE = re.compile(r"\s*::((?:[^:\\]|\\.|:(?!:))*)::", re.DOTALL)
KIND = re.compile(r"\s*\[(html|moodle|plain|markdown)\]", re.IGNORECASE)
WEIGHT = re.compile(r"\s*%\s*(-?[\d.,]+)\s*%")
TRUTH = {"t": True, "true": True, "f": False, "false": False}
GENERAL = "####"
FARTHEST = 60
"""How many lines beyond a blank one the end of the answers is looked for."""

RANGE = re.compile(r"(.+?)\.\.(.+)", re.DOTALL)
ESCAPED = "~=#{}:"
HOLD = {mark: chr(0xE010 + place) for place, mark in enumerate("\\" + ESCAPED)}
"""Where an escaped mark is kept out of the way while its line is taken apart."""

RELEASE = {ord(held): mark for mark, held in HOLD.items()}
ESCAPE = re.compile(r"\\([\\~=#{}:])")
NEW_LINE = re.compile(
    r"\\n(?!(?:abla|atural|e|eq|eg|ewline|exists|geq|i|leq|mid|ormalsize|ot|otin|parallel"
    r"|u|warrow|earrow|onumber|subseteq)(?![a-z]))"
)


def looks_like(text: str) -> bool:
    """Say whether this could be GIFT: somewhere braces with answers, or its marks."""
    plain = ESCAPE.sub("", text)
    return bool(
        re.search(r"(?m)^\s*\$CATEGORY:", plain)
        or re.search(r"(?m)^\s*::[^:\n]+::", plain)
        or re.search(r"\{[^{}]*(?:[=~#]|\b(?:T|F|TRUE|FALSE)\b)[^{}]*\}", plain)
        or re.search(r"[?:.]\s*\{[^{}]*\}|\{\s*\}", plain)
        or re.search(r"(?m)^\[(?:html|markdown|plain|moodle)\]", plain)
    )


@dataclass(frozen=True, slots=True)
class Block:
    """The lines of one question, and what the comments above it say."""

    line: int
    text: str
    comments: tuple[str, ...]
    topic: tuple[str, ...]


def read(content: bytes) -> Reading:
    """Read a whole file."""
    items: list[Found | NotFound] = []
    for number, block in enumerate(_blocks(texts.decoded(content)), 1):
        if number > MOST_ITEMS:
            raise NotTaken(Trouble.TOO_MANY)
        items.append(_item(block, number))
    return Reading(NAME, tuple(items))


def _blocks(text: str) -> Iterator[Block]:
    lines = text.splitlines()
    topic: tuple[str, ...] = ()
    comments: list[str] = []
    number = 0
    while number < len(lines):
        line = lines[number]
        if _is_comment(line):
            comments.append(line.strip())
        elif found := CATEGORY.match(line):
            topic, comments = texts.topic_of(found[1]), []
        elif line.strip():
            end = _end(lines, number)
            kept = [one.rstrip() for one in lines[number:end] if not _is_comment(one)]
            yield Block(number + 1, "\n".join(kept), tuple(comments), topic)
            number, comments = end, []
            continue
        number += 1


def _is_comment(line: str) -> bool:
    return line.lstrip().startswith("//")


def _end(lines: list[str], begin: int) -> int:
    """Find the blank line that ends a question; one inside its braces does not."""
    depth = 0
    for number in range(begin, len(lines)):
        line = lines[number]
        if _is_comment(line):
            continue
        if not line.strip() and not (depth > 0 and _is_closed_later(lines, number)):
            return number
        depth += _depth(line)
    return len(lines)


def _is_closed_later(lines: list[str], begin: int) -> bool:
    """Say whether the open brace is closed before another question begins."""
    for line in lines[begin : begin + FARTHEST]:
        if TITLE.match(line) or CATEGORY.match(line):
            return False
        plain = ESCAPE.sub("", line)
        if "{" in plain or "}" in plain:
            return "}" in plain.partition("{")[0]
    return False


def _depth(line: str) -> int:
    plain = ESCAPE.sub("", line)
    return plain.count("{") - plain.count("}")


def _item(block: Block, number: int) -> Found | NotFound:
    comments = " ".join(block.comments)
    id_, tags = ID.search(comments), TAG.findall(comments)
    where = f"{number} (dòng {block.line})"
    title, kind, rest = _head(block.text)
    try:
        spec = _spec(rest, kind)
    except NotTaken as problem:
        return NotFound(
            where=where,
            trouble=problem.trouble,
            detail=problem.detail,
            title=title or texts.short(block.text),
            topic=block.topic,
        )
    return Found(
        where=where,
        spec=spec,
        title=title,
        external_id=_plain(id_[1].strip()) if id_ else "",
        topic=block.topic,
        level=next((tag.upper() for tag in tags if texts.LEVEL.fullmatch(tag)), ""),
        tags=tuple(_plain(tag.strip()) for tag in tags),
    )


def _head(text: str) -> tuple[str, str, str]:
    """Part the title and the format of the texts from the rest, marks held back."""
    title, kind = "", "moodle"
    if found := TITLE.match(text):
        title, text = _unescaped(found[1].strip()), text[found.end() :]
    if found := KIND.match(text):
        kind, text = found[1].lower(), text[found.end() :]
    return title, kind, _held(text)


def _held(text: str) -> str:
    return ESCAPE.sub(lambda mark: HOLD[mark[1]], text)


def _plain(text: str) -> str:
    r"""Give the held marks back; ``\n`` is a new line, but not in ``\neq``."""
    return NEW_LINE.sub("\n", text).translate(RELEASE).strip()


def _unescaped(text: str) -> str:
    return _plain(_held(text))


@dataclass(frozen=True, slots=True)
class Body:
    """A question taken apart: the sentence, its answers, its general feedback."""

    stem: str
    answers: str | None
    kind: str
    frame: dict[str, Any] = field(default_factory=dict)


def _body(text: str, kind: str) -> Body:
    begin = text.find("{")
    if begin < 0:
        return Body(_rich(text, kind), None, kind)
    end = text.rfind("}")
    if end < begin:
        raise NotTaken(Trouble.NOT_WELL_FORMED, "{")
    before, answers, after = text[:begin], text[begin + 1 : end], text[end + 1 :]
    sentence = f"{before}{BLANK}{after}" if after.strip() else before
    answers, mark, general = answers.partition(GENERAL)
    explanation = _rich(general, kind) if mark else ""
    return Body(
        _rich(sentence, kind),
        answers.strip(),
        kind,
        specs.frame(explanation=explanation),
    )


def _rich(text: str, kind: str) -> str:
    """Turn a piece into rich text; it may name a format of its own."""
    if found := KIND.match(text):
        kind, text = found[1].lower(), text[found.end() :]
    return from_moodle(_plain(text), kind)


def _spec(text: str, kind: str) -> dict[str, Any]:
    body = _body(text, kind)
    if not body.stem:
        raise NotTaken(Trouble.NO_STEM)
    answers = body.answers
    if answers is None:
        return {"kind": "description", "stem": body.stem, **body.frame}
    if not answers:
        return {"kind": "essay", "stem": body.stem, **body.frame}
    return _asked(body, answers)


def _asked(body: Body, answers: str) -> dict[str, Any]:
    if answers.startswith("#"):
        return _numerical(body, answers[1:])
    if "~" in answers:
        return _choice(body, answers)
    if "=" in answers and "->" in answers:
        return _matching(body, answers)
    said, *feedback = [piece.strip() for piece in answers.split("#")]
    if said.lower() in TRUTH:
        return _true_false(body, TRUTH[said.lower()], feedback)
    return specs.short_answer(
        body.stem,
        [_answer(piece, body.kind, plain=True) for piece in _pieces(answers, "=")],
        **body.frame,
    )


def _pieces(answers: str, marks: str) -> list[str]:
    """Cut at each mark, which stays with its piece; what has none stands for itself."""
    if answers[0] not in marks:
        answers = "=" + answers
    return [piece for piece in re.split(rf"(?=[{marks}])", answers) if piece.strip()]


def _answer(piece: str, kind: str, *, plain: bool = False) -> Answer:
    share, rest = Fraction(piece[0] == "="), piece[1:]
    if weight := WEIGHT.match(rest):
        share, rest = specs.percent(weight[1]), rest[weight.end() :]
    text, _mark, feedback = rest.partition("#")
    if plain and (format_ := KIND.match(text)):
        text = text[format_.end() :]
    said = " ".join(_plain(text).split()) if plain else _rich(text, kind)
    if not said:
        raise NotTaken(Trouble.NO_OPTIONS)
    return Answer(said, share, _rich(feedback, kind))


def _choice(body: Body, answers: str) -> dict[str, Any]:
    if answers[0] not in "~=":
        raise NotTaken(Trouble.NOT_WELL_FORMED, texts.short(_plain(answers)))
    pieces = _pieces(answers, "~=")
    given = [_answer(piece, body.kind) for piece in pieces]
    single = any(piece[0] == "=" for piece in pieces)
    return specs.choice(body.stem, given, single=single, **body.frame)


def _true_false(body: Body, correct: bool, feedback: list[str]) -> dict[str, Any]:
    """The first feedback is for whoever is wrong, the second for whoever is right."""
    wrong, right = [_rich(text, body.kind) for text in [*feedback, "", ""][:2]]
    return specs.true_false(
        body.stem,
        correct,
        when_true=right if correct else wrong,
        when_false=wrong if correct else right,
        **body.frame,
    )


def _matching(body: Body, answers: str) -> dict[str, Any]:
    pairs = []
    for piece in _pieces(answers, "="):
        row, arrow, choice = piece[1:].partition("->")
        if not arrow:
            raise NotTaken(Trouble.WRONG_PAIRS, texts.short(_plain(piece)))
        pairs.append(
            (_rich(row, body.kind), specs.escaped(" ".join(_plain(choice).split())))
        )
    return specs.matching(body.stem, pairs, **body.frame)


def _numerical(body: Body, answers: str) -> dict[str, Any]:
    amounts = [_amount(piece, body.kind) for piece in _pieces(answers.strip(), "=~")]
    return specs.numerical(body.stem, amounts, **body.frame)


def _amount(piece: str, kind: str) -> Amount:
    share, rest = Fraction(piece[0] == "="), piece[1:]
    if weight := WEIGHT.match(rest):
        share, rest = specs.percent(weight[1]), rest[weight.end() :]
    value, _mark, feedback = rest.partition("#")
    said = _rich(feedback, kind)
    value = _plain(value)
    if value in ("", "*"):
        return Amount("", "0", share, said)
    if found := RANGE.fullmatch(value):
        middle, half = _middle(found[1], found[2])
        return Amount(middle, half, share, said)
    number, _colon, tolerance = value.partition(":")
    return Amount(number, tolerance.strip() or "0", share, said)


def _middle(low: str, high: str) -> tuple[str, str]:
    try:
        ends = Decimal(specs.number(low)), Decimal(specs.number(high))
        return str(sum(ends) / 2), str(abs(ends[1] - ends[0]) / 2)
    except InvalidOperation:
        raise NotTaken(Trouble.WRONG_NUMBER, f"{low}..{high}") from None
