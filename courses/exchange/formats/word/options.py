"""Options and statements of one question, and which of them are marked as right."""

from collections.abc import Sequence
from dataclasses import dataclass

from courses.exchange.formats.word import signs
from courses.exchange.formats.word.lines import MARKS, Line

STARS = "*#✓✔"


@dataclass(slots=True)
class Option:
    letter: str
    label: Line
    lines: list[Line]
    starred: bool = False

    @property
    def text(self) -> str:
        return "\n".join(line.text for line in self.lines)

    def is_marked(self, mark: str) -> bool:
        whole = Line([run for line in self.lines for run in line.runs])
        return self.label.is_dressed(mark) or whole.is_dressed(mark)


@dataclass(frozen=True, slots=True)
class Place:
    """Where an option's label stands."""

    line: int
    begin: int
    end: int
    letter: str
    starred: bool


def split(lines: Sequence[Line]) -> tuple[list[Line], list[Option]]:
    """Part the lines into the stem and its options A, B, C …, where there are any."""
    chain = _chain(_places(lines))
    if len(chain) < 2:  # noqa: PLR2004
        return list(lines), []
    first = chain[0]
    stem = [*lines[: first.line], lines[first.line].cut(0, first.begin)]
    ends = [*chain[1:], None]
    options = []
    for place, following in zip(chain, ends, strict=True):
        last = following.line if following else len(lines) - 1
        pieces = []
        for number in range(place.line, last + 1):
            begin = place.end if number == place.line else 0
            stop = following.begin if following and number == following.line else None
            pieces.append(lines[number].cut(begin, stop))
        label = lines[place.line].cut(place.begin, place.end)
        options.append(Option(place.letter, label, pieces, place.starred))
    return [line for line in stem if not line.is_empty], _stars_taken(options)


def _places(lines: Sequence[Line]) -> list[Place]:
    return [
        Place(number, found.start(), found.end(), found[2], bool(found[1]))
        for number, line in enumerate(lines)
        for found in signs.OPTION.finditer(line.text)
    ]


def _chain(places: Sequence[Place]) -> list[Place]:
    """Follow A, B, C … from the A that leads furthest, best one that begins a line."""
    best: list[Place] = []
    for start, place in enumerate(places):
        if place.letter != "A":
            continue
        chain = [place]
        for other in places[start + 1 :]:
            if other.letter == "A" and len(chain) > 1:
                break
            if ord(other.letter) == ord(chain[-1].letter) + 1:
                chain.append(other)
        if _rank(chain) > _rank(best):
            best = chain
    return best


def _rank(chain: Sequence[Place]) -> tuple[int, int, int]:
    if not chain:
        return (0, 0, 0)
    return (min(len(chain), 4), int(chain[0].begin <= 1), chain[0].line)


def _stars_taken(options: list[Option]) -> list[Option]:
    """Take a star before or behind the words of an option off, and remember it."""
    for option in options:
        text = option.text.strip()
        if (text[:1] in STARS and text[:1]) or text[-1:] == "*":
            option.starred = True
            option.lines = [_without_star(line) for line in option.lines]
    return options


def _without_star(line: Line) -> Line:
    text = line.text
    begin = len(text) - len(text.lstrip())
    end = len(text.rstrip())
    if text[begin : begin + 1] and text[begin] in STARS:
        line, end = line.cut(begin + 1, end), end - begin - 1
    if line.text[:end].endswith("*"):
        line = line.cut(0, end - 1)
    return line


def marked(options: Sequence[Option]) -> list[str]:
    """Return the letters that are marked as right; none where all or none are."""
    starred = [option.letter for option in options if option.starred]
    if starred and len(starred) < len(options):
        return starred
    for mark in MARKS:
        found = [option.letter for option in options if option.is_marked(mark)]
        if mark == "bold" and len(found) == len(options):
            # Labels are often all bold; then the words tell.
            found = [one.letter for one in options if _words_are(one, mark)]
        if found and len(found) < len(options):
            return found
    return []


def _words_are(option: Option, mark: str) -> bool:
    return Line([run for line in option.lines for run in line.runs]).is_dressed(mark)


def statements(lines: Sequence[Line]) -> tuple[list[Line], list[Option]]:
    """Part the lines into the stem and its statements a), b), c) …"""
    stem: list[Line] = []
    found: list[Option] = []
    for line in lines:
        mark = signs.STATEMENT.match(line.text)
        if mark and mark[2] == "abcdefgh"[len(found)]:
            label, rest = line.cut(0, mark.end()), line.cut(mark.end())
            found.append(Option(mark[2], label, [rest], bool(mark[1])))
        elif found:
            found[-1].lines.append(line)
        else:
            stem.append(line)
    return stem, found
