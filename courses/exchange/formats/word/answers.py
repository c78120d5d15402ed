"""The key at the end of a paper: a table of answers, or lines of them."""

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise

from courses.exchange.formats.word import signs
from courses.exchange.formats.word.lines import Line

ROW_END = "\ue021"
PAIR = re.compile(r"(?:Câu\s*)?(\d{1,3})\s*[.:)\-–]?\s*([A-H])(?![\w])", re.IGNORECASE)
NUMBERED = re.compile(r"\s*(?:Câu\s*)?(\d{1,3})\s*[.:)\-–]\s*(\S.*)", re.IGNORECASE)
NUMBER = re.compile(r"\s*(?:Câu\s*)?(\d{1,3})\s*[.:)]?\s*", re.IGNORECASE)
SEVERAL = re.compile(
    r"(?:Câu\s*)?(\d{1,3})\s*[.:)]\s*(.+?)(?=\s*[;|]?\s*(?:Câu\s*)?\d{1,3}\s*[.:)]\s|$)",
    re.IGNORECASE,
)
VALUE = re.compile(
    r"\s*(?:[A-H]|[ĐSTF]+|(?:đúng|sai)|-?\d+(?:[.,/]\d+)?)\s*", re.IGNORECASE
)
HEADER = re.compile(
    r"\s*(?:câu(?:\s+hỏi|\s+số)?|stt|số|đáp\s*án|đ/?a|chọn|kết\s+quả|trả\s+lời)\s*"
)
Rows = list[list[str]]


class Key:
    """The answers by part and number of the question."""

    def __init__(self) -> None:
        self.found: dict[tuple[int, int], str] = {}
        self.part = 0
        self._last = 0
        self._is_told = False

    def begin_part(self, part: int) -> None:
        self.part, self._last, self._is_told = part, 0, True

    def add(self, number: int, value: str) -> None:
        if (
            not self._is_told
            and number <= self._last
            and (self.part, number) in self.found
        ):
            # Numbers begin anew where the next part does, told or not.
            self.part = max(self.part, 1) + 1
        self._last = number
        self.found.setdefault((self.part, number), value.strip())

    def of(self, part: int, number: int) -> str:
        """Return the answer to a question, empty where none is given."""
        for key in ((part, number), (0, number)):
            if key in self.found and (key[0] or part <= 1 or self._is_single):
                return self.found[key]
        alone = [value for (_p, n), value in self.found.items() if n == number]
        return alone[0] if len(alone) == 1 else ""

    @property
    def _is_single(self) -> bool:
        return len({part for part, _number in self.found}) == 1


def read_key(lines: Iterable[Line], key: Key) -> None:
    """Read a section of answers into *key*."""
    table: list[Line] = []
    for line in [*lines, Line()]:
        if line.cell:
            table.append(line)
            continue
        if table:
            _read_table(rows_of(table), key)
            table = []
        _read_line(line.text, key)


def rows_of(table: Iterable[Line]) -> Rows:
    """Return the words of each cell, row by row."""
    rows: Rows = []
    cells: dict[int, str] = {}
    for line in table:
        if line.text == ROW_END:
            rows.append(list(cells.values()))
            cells = {}
        else:
            so_far = cells.get(line.cell, "")
            cells[line.cell] = f"{so_far}\n{line.text}".strip()
    return [*rows, list(cells.values())] if cells else rows


def is_key_table(rows: Rows) -> bool:
    """Say whether a table holds numbers and answers, and nothing to read."""
    cells = [cell for row in rows for cell in row if cell.strip()]
    if len(cells) < 4:  # noqa: PLR2004
        return False
    fitting = sum(_fits(cell) for cell in cells)
    letters = any(
        PAIR.fullmatch(cell.strip()) or re.fullmatch(r"[A-H]", cell) for cell in cells
    )
    return letters and fitting >= 0.9 * len(cells)


def _fits(cell: str) -> bool:
    plain = cell.strip()
    return bool(
        PAIR.fullmatch(plain)
        or NUMBER.fullmatch(plain)
        or VALUE.fullmatch(plain)
        or HEADER.fullmatch(plain.lower())
    )


def _read_table(rows: Rows, key: Key) -> None:
    if any(signs.PART.match(cell) for row in rows for cell in row[:1]):
        for row in rows:
            _read_line("\n".join(row), key)
        return
    pairs = [
        PAIR.fullmatch(cell.strip()) for row in rows for cell in row if cell.strip()
    ]
    if any(pairs):
        for found in pairs:
            if found:
                key.add(int(found[1]), found[2].upper())
        return
    for number, value in _across(rows) or _down(rows):
        key.add(number, value)


def _number(cell: str) -> int | None:
    found = NUMBER.fullmatch(cell)
    return int(found[1]) if found else None


def _is_row_of_numbers(row: list[str]) -> bool:
    bare = [cell for cell in row if cell.strip() and not HEADER.fullmatch(cell.lower())]
    numbers = [_number(cell) for cell in bare]
    counted = [number for number in numbers if number is not None]
    rising = all(a + 1 == b for a, b in pairwise(counted))
    return len(counted) == len(bare) > 1 and rising


def _across(rows: Rows) -> list[tuple[int, str]]:
    """Read rows of numbers with rows of answers below them."""
    found = []
    for above, below in pairwise(rows):
        if not _is_row_of_numbers(above) or len(above) != len(below):
            continue
        for cell, value in zip(above, below, strict=True):
            number = _number(cell)
            if number is not None and value.strip():
                found.append((number, value))
    return found


def _down(rows: Rows) -> Iterator[tuple[int, str]]:
    """Read rows with a number and its answer side by side, once or several times."""
    for row in rows:
        cells = iter(row)
        for cell in cells:
            number = _number(cell)
            value = next(cells, "") if number is not None else ""
            if number is not None and value.strip():
                yield number, value


def _read_line(text: str, key: Key) -> None:
    part = signs.PART.match(text)
    if part:
        key.begin_part(signs.ROMAN.get(part[1], 0) or int(part[1]))
        text = part[2]
    pairs = PAIR.findall(text)
    if pairs and len(PAIR.sub("", text).strip(" \t,;.|-–")) <= len(text) // 5:
        for number, value in pairs:
            key.add(int(number), value.upper())
        return
    one = NUMBERED.match(text)
    if one and len(SEVERAL.findall(text)) > 1 and not signs.VERDICTS.search(text):
        for number, value in SEVERAL.findall(text):
            key.add(int(number), value)
    elif one:
        key.add(int(one[1]), one[2])


def verdicts_of(value: str) -> dict[str, bool]:
    """Read ``ĐSĐS`` or ``a) Đúng b) Sai`` for the statements of one question."""
    by_letter = signs.VERDICTS.findall(value)
    if by_letter:
        return {letter.lower(): signs.is_true(word) for letter, word in by_letter}
    if signs.ROW_OF_VERDICTS.fullmatch(value.strip()):
        words = signs.ONE_VERDICT.findall(value)
        return {"abcdefgh"[n]: signs.is_true(word) for n, word in enumerate(words)}
    return {}
