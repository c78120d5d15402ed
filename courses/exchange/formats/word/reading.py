"""Reading a Word paper: what each question is, its key, and why one is none."""

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

from courses.exchange.archives import Archive
from courses.exchange.formats import specs
from courses.exchange.formats.specs import Answer
from courses.exchange.formats.word import answers, options, signs
from courses.exchange.formats.word.answers import ROW_END
from courses.exchange.formats.word.document import Document
from courses.exchange.formats.word.lines import THING, Line, Run, joined_html
from courses.exchange.formats.word.options import Option
from courses.exchange.formats.word.questions import Paper, Question
from courses.exchange.markup import with_formulas
from courses.exchange.pictures import Album
from courses.exchange.rules import (
    MOST_ITEMS,
    PICTURES,
    Found,
    Note,
    NotFound,
    NotTaken,
    Picture,
    Reading,
    Trouble,
)

NAME = "word"
SHORT_PART = 3
BARE = ("italic",)
"""What options keep of how they are dressed; the rest may be the teacher's mark."""


def read(archive: Archive) -> Reading:
    document = Document(archive)
    paper = Paper(document.lines())
    if len(paper.questions) > MOST_ITEMS:
        raise NotTaken(Trouble.TOO_MANY)
    if not paper.questions:
        raise NotTaken(Trouble.NO_ITEM)
    items = tuple(_item(one, paper, document.album) for one in paper.questions)
    return Reading(NAME, items, tuple(paper.left_over))


def _item(question: Question, paper: Paper, album: Album) -> Found | NotFound:
    cut = _Cut(question, paper)
    about: dict[str, Any] = {
        "where": question.where,
        "title": f"Câu {question.number}",
        "topic": question.topic,
        "level": question.level,
    }
    try:
        spec = cut.spec()
    except NotTaken as problem:
        sketch = cut.sketch()
        return NotFound(
            **about,
            trouble=problem.trouble,
            detail=problem.detail,
            sketch=sketch,
            pictures=_shown(str(sketch), album),
        )
    return Found(
        **about,
        spec=spec,
        pictures=_shown(str(spec), album),
        notes=tuple(sorted(cut.notes | _notes(str(spec), album))),
    )


def _shown(written: str, album: Album) -> dict[str, Picture]:
    """Return the pictures that an item refers to."""
    return {
        name: one
        for name, one in album.pictures.items()
        if f"{PICTURES}{name}" in written
    }


def _notes(written: str, album: Album) -> set[Note]:
    notes = set()
    if 'alt="công thức"' in written:
        notes.add(Note.FORMULA_AS_PICTURE)
    if "[…]" in written:
        notes.add(Note.PICTURE_LEFT_OUT)
        notes |= album.notes & {Note.FORMULA_UNREADABLE}
    return notes


class _Cut:
    """One question cut into stem, options, and what is said behind them."""

    def __init__(self, question: Question, paper: Paper) -> None:
        self.question = question
        self.notes: set[Note] = set()
        lines = _with_tables(question.lines)
        self.body, self.tail = _part_tail(lines)
        self.given = paper.key.of(question.part, question.number)

    def spec(self) -> dict[str, Any]:
        stem, listed = options.split(self.body)
        if listed:
            return self._choice(stem, listed)
        stem, said = options.statements(self.body)
        if len(said) > 1 and not self._is_essay:
            return self._statements(stem, said)
        if self._is_essay and not self.given:
            return {
                "kind": "essay",
                "stem": self._stem(self.body),
                **specs.said(guide=self._explanation()),
            }
        return self._short()

    def sketch(self) -> dict[str, Any]:
        """Return what was understood, for whoever mends it by hand."""
        stem, listed = options.split(self.body)
        try:
            html = self._stem(stem)
        except NotTaken:
            html = ""
        named = zip(specs.ids(), listed, strict=False)
        return {
            "kind": "single_choice" if listed else "short_answer",
            "stem": html,
            "explanation": self._explanation(),
            **specs.said(
                options=[
                    {"id": name, "text": _rich(option.lines)} for name, option in named
                ]
            ),
        }

    @property
    def _is_essay(self) -> bool:
        return bool(signs.ESSAY.search(self.question.heading))

    def _stem(self, lines: Sequence[Line]) -> str:
        html = joined_html([*self.question.shared, *lines])
        if self.question.shared:
            self.notes.add(Note.SHARED_STEM)
        if not html:
            raise NotTaken(Trouble.NO_STEM)
        return with_formulas(html, dollars=True)

    def _explanation(self) -> str:
        kept = []
        for line in self.tail:
            begins = signs.EXPLAINS.match(line.text)
            rest = line.cut(begins.end()) if begins else line
            if rest.text.strip() and not _is_only_key(rest.text):
                kept.append(rest)
        return with_formulas(joined_html(kept), dollars=True)

    def _frame(self) -> dict[str, Any]:
        return specs.frame(explanation=self._explanation())

    def _choice(self, stem: Sequence[Line], listed: list[Option]) -> dict[str, Any]:
        right = self._letters(listed)
        if not right:
            raise NotTaken(Trouble.NO_KEY)
        share = Fraction(1, len(right))
        answers_ = [
            Answer(_rich(option.lines), share * (option.letter in right))
            for option in listed
        ]
        single = len(right) == 1
        return specs.choice(self._stem(stem), answers_, single=single, **self._frame())

    def _letters(self, listed: list[Option]) -> list[str]:
        """Return the right letters: told behind the question, marked, or in the key."""
        known = {option.letter for option in listed}
        for line in self.tail:
            if told := signs.LETTER.search(line.text):
                letters = [one for one in told[1].upper() if one in known]
                if letters:
                    return letters
        if found := options.marked(listed):
            return found
        given = self.given.strip().upper()
        if given[:1] in known and not given[1:2].isalpha():
            self.notes.add(Note.KEY_GUESSED)
            return [given[:1]]
        return []

    def _statements(self, stem: Sequence[Line], said: list[Option]) -> dict[str, Any]:
        verdicts = self._verdicts(said)
        if len(verdicts) < len(said):
            raise NotTaken(Trouble.NO_KEY)
        rows = [
            {
                "id": one.letter,
                "text": _rich(one.lines),
                "correct": verdicts[one.letter],
            }
            for one in said
        ]
        if any(not row["text"] for row in rows):
            raise NotTaken(Trouble.NO_OPTIONS)
        return {
            "kind": "statements",
            "stem": self._stem(stem),
            "statements": rows,
            **self._frame(),
        }

    def _verdicts(self, said: list[Option]) -> dict[str, bool]:
        told = _verdicts_behind(said)
        if len(told) == len(said):
            return told
        behind = " ".join(line.text for line in self.tail)
        for value in (behind, self.given):
            found = answers.verdicts_of(value) or answers.verdicts_of(_key_in(value))
            if len(found) >= len(said):
                if value == self.given:
                    self.notes.add(Note.KEY_GUESSED)
                return found
        marked = options.marked(said)
        if not marked and all(one.is_marked("underline") for one in said):
            marked = [one.letter for one in said]
        return {one.letter: one.letter in marked for one in said} if marked else {}

    def _short(self) -> dict[str, Any]:
        value = next(filter(None, (_key_in(line.text) for line in self.tail)), "")
        value = value or self.given
        if not value or signs.DOTS.fullmatch(value):
            is_short = self.question.part == SHORT_PART
            raise NotTaken(Trouble.NO_KEY if is_short else Trouble.NO_OPTIONS)
        stem = self._stem(self.body)
        try:
            amount = specs.Amount(specs.number(value.rstrip(". ")))
        except NotTaken:
            answer = Answer(" ".join(value.rstrip(". ").split()), Fraction(1))
            return specs.short_answer(stem, [answer], **self._frame())
        return specs.numerical(stem, [amount], **self._frame())


def _rich(lines: Sequence[Line]) -> str:
    kept = [line for line in lines if not line.is_empty]
    html = joined_html(kept, BARE)
    return with_formulas(html.rstrip(), dollars=True)


def _is_only_key(text: str) -> bool:
    letter = signs.LETTER.match(text.strip())
    if letter and len(text.strip()) - letter.end() < 3:  # noqa: PLR2004
        return True
    return bool(signs.SHORT_KEY.fullmatch(text)) or bool(
        signs.TAIL.fullmatch(text.strip(" :."))
    )


def _key_in(text: str) -> str:
    found = signs.SHORT_KEY.match(text)
    return found[1].strip() if found else ""


def _part_tail(lines: Sequence[Line]) -> tuple[list[Line], list[Line]]:
    """Part what is asked from what is said behind it: the key and the solution."""
    for number, line in enumerate(lines):
        if number and signs.TAIL.match(line.text):
            return list(lines[:number]), list(lines[number:])
    return list(lines), []


def _verdicts_behind(said: list[Option]) -> dict[str, bool]:
    """Read the verdicts that stand behind the statements, and take them off."""
    ends = [signs.VERDICT.search(one.lines[-1].text) for one in said]
    if not all(ends):
        return {}
    verdicts = {}
    for one, end in zip(said, ends, strict=True):
        assert end is not None  # noqa: S101 -- all of them were found
        verdicts[one.letter] = signs.is_true(end[1] or end[2])
        one.lines[-1] = one.lines[-1].cut(0, end.start())
    return verdicts


def _with_tables(lines: Sequence[Line]) -> list[Line]:
    """Put tables together: those of options are lines again, the others are tables."""
    found: list[Line] = []
    table: list[Line] = []
    for line in [*lines, Line()]:
        if line.cell:
            table.append(line)
            continue
        if table:
            found += _laid_out(table)
            table = []
        found.append(line)
    return [line for line in found if not line.is_empty]


def _laid_out(table: list[Line]) -> list[Line]:
    cells = [line for line in table if line.text != ROW_END]
    judged = _judged(table)
    if judged:
        return judged
    listed = sum(
        bool(signs.OPTION.match(line.text) or signs.STATEMENT.match(line.text))
        for line in cells
    )
    if listed > 1:
        return [replace(line, cell=0) for line in cells if not line.is_empty]
    return [Line([Run(THING, html=_table_html(table))])]


def _rows(table: Sequence[Line]) -> list[list[list[Line]]]:
    rows: list[list[list[Line]]] = []
    cells: dict[int, list[Line]] = {}
    for line in table:
        if line.text == ROW_END:
            rows.append(list(cells.values()))
            cells = {}
        else:
            cells.setdefault(line.cell, []).append(line)
    return [*rows, list(cells.values())] if cells else rows


def _judged(table: Sequence[Line]) -> list[Line]:
    """Read a table with the columns "Đúng" and "Sai" as statements with verdicts."""
    head, *rows = _rows(table) or [[]]
    names = ["".join(line.text for line in cell).strip().lower() for cell in head]
    if "đúng" not in names or "sai" not in names:
        return []
    found = []
    for number, row in enumerate(rows):
        if len(row) != len(head):
            return []
        lines = next(filter(_has_words, row), [])
        true, false = (_is_ticked(row[names.index(name)]) for name in ("đúng", "sai"))
        text = Line([run for line in lines for run in line.runs])
        if not signs.STATEMENT.match(text.text):
            text.runs.insert(0, Run(f"{'abcdefgh'[number % 8]}) "))
        if true != false:
            text.runs.append(Run(" (Đ)" if true else " (S)"))
        found.append(text)
    return found


def _has_words(cell: Sequence[Line]) -> bool:
    return any(len(line.text.split()) > 1 for line in cell)


def _is_ticked(cell: Sequence[Line]) -> bool:
    return bool("".join(line.text for line in cell).strip(" ☐□"))


def _table_html(table: Sequence[Line]) -> str:
    rows = [
        "".join(f"<td>{joined_html(cell)}</td>" for cell in row) for row in _rows(table)
    ]
    return (
        "<table><tbody>"
        + "".join(f"<tr>{row}</tr>" for row in rows)
        + "</tbody></table>"
    )
