"""Aiken: a question on one line, options ``A.`` or ``A)``, then ``ANSWER: B``.

Source: Moodle's documentation of the Aiken format.
"""

import re
from collections.abc import Iterator

from courses.exchange.formats import specs, texts
from courses.exchange.formats.specs import Answer
from courses.exchange.markup import from_plain, with_formulas
from courses.exchange.rules import (
    MOST_ITEMS,
    Found,
    NotFound,
    NotTaken,
    Reading,
    Trouble,
)

NAME = "aiken"
OPTION = re.compile(r"\s*([A-Z])[.)]\s+(\S.*)")
ANSWER = re.compile(
    r"\s*(?:ANSWER|ĐÁP ÁN)\s*:\s*([A-Z](?:\s*[,; ]\s*[A-Z])*)\s*$", re.IGNORECASE
)
Lines = list[tuple[int, str]]


def looks_like(text: str) -> bool:
    return any(ANSWER.match(line) for line in text.splitlines()) and any(
        OPTION.match(line) for line in text.splitlines()
    )


def read(content: bytes) -> Reading:
    items: list[Found | NotFound] = []
    for lines in _questions(texts.decoded(content)):
        if len(items) >= MOST_ITEMS:
            raise NotTaken(Trouble.TOO_MANY)
        items.append(_item(lines, len(items) + 1))
    if not items:
        raise NotTaken(Trouble.NO_ITEM)
    return Reading(NAME, tuple(items))


def _questions(text: str) -> Iterator[Lines]:
    """Part the lines; an answer line ends a question, as does a stem after options."""
    gathered: Lines = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        has_options = any(OPTION.match(one) for _number, one in gathered)
        if has_options and not OPTION.match(line) and not ANSWER.match(line):
            yield gathered
            gathered = []
        gathered.append((number, line.strip()))
        if ANSWER.match(line):
            yield gathered
            gathered = []
    if gathered:
        yield gathered


def _item(lines: Lines, number: int) -> Found | NotFound:
    where = f"{number} (dòng {lines[0][0]})"
    stem = [
        text for _n, text in lines if not OPTION.match(text) and not ANSWER.match(text)
    ]
    try:
        return Found(where=where, spec=_spec(lines, "\n".join(stem)))
    except NotTaken as problem:
        return NotFound(
            where=where,
            trouble=problem.trouble,
            detail=problem.detail,
            title=texts.short(" ".join(stem)),
        )


def _spec(lines: Lines, stem: str) -> dict[str, object]:
    if not stem:
        raise NotTaken(Trouble.NO_STEM)
    options = [found for _n, text in lines if (found := OPTION.match(text))]
    keys = [found for _n, text in lines if (found := ANSWER.match(text))]
    letters = [found[1].upper() for found in options]
    if len(letters) < 2 or len(set(letters)) < len(letters):  # noqa: PLR2004
        raise NotTaken(Trouble.NO_OPTIONS)
    right = set(re.findall("[A-Z]", keys[0][1].upper())) if keys else set()
    if not right or right - set(letters):
        raise NotTaken(Trouble.NO_KEY, " ".join(sorted(right - set(letters))))
    share = specs.nicest(specs.percent("100") / len(right))
    answers = [
        Answer(_rich(found[2]), share if found[1].upper() in right else share * 0)
        for found in options
    ]
    return specs.choice(_rich(stem), answers, single=len(right) == 1)


def _rich(text: str) -> str:
    return with_formulas(from_plain(text), dollars=True)
