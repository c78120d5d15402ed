"""The questions of a paper, cut out of its lines: where each begins and belongs."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from courses.exchange.formats.word import answers, signs
from courses.exchange.formats.word.answers import ROW_END, Key
from courses.exchange.formats.word.lines import Line

LONGEST_TOPIC = 200
FEWEST_BARE = 2


@dataclass(slots=True)
class Question:
    """The lines of one question, its label taken off."""

    number: int
    part: int
    heading: str
    """What the part is about, in its own words."""
    topic: tuple[str, ...]
    lines: list[Line] = field(default_factory=list)
    level: str = ""
    shared: list[Line] = field(default_factory=list)
    """Lines that this question shares with others: a text they are all about."""

    @property
    def where(self) -> str:
        part = f"Phần {'I' * self.part}, " if 0 < self.part < 4 else ""  # noqa: PLR2004
        return f"{part}Câu {self.number}"


class Paper:
    """A paper taken apart: questions, the key at its end, and what is left over."""

    def __init__(self, lines: Iterable[Line]) -> None:
        self.questions: list[Question] = []
        self.key = Key()
        self.left_over: list[str] = []
        self._part, self._heading = 0, ""
        self._topic: list[tuple[int, str]] = []
        self._shared: list[tuple[range, list[Line]]] = []
        self._in_answers: list[Line] | None = None
        self._read(list(lines))

    def _read(self, lines: list[Line]) -> None:
        named = any(signs.QUESTION.match(line.text) for line in lines)
        self._begins = signs.QUESTION if named else signs.BARE_NUMBER
        for block in _blocks(lines):
            if self._in_answers is not None and not self._is_question_again(block):
                self._in_answers += block
            elif len(block) > 1 and answers.is_key_table(answers.rows_of(block)):
                answers.read_key(block, self.key)
            else:
                for line in block:
                    self._take(line)
        answers.read_key(self._in_answers or (), self.key)
        self._share()

    def _is_question_again(self, block: list[Line]) -> bool:
        """Papers follow one another: a question with a text of its own ends the key."""
        line = block[0]
        found = signs.QUESTION.match(line.text)
        if line.cell or not found or len(line.text) - found.end() < 25:  # noqa: PLR2004
            return False
        if answers.verdicts_of(line.text[found.end() :]):
            return False
        answers.read_key(self._in_answers or (), self.key)
        self._in_answers = None
        return True

    def _take(self, line: Line) -> None:
        text = line.text
        if (line.is_empty and not line.cell) or signs.END.fullmatch(text):
            return
        if signs.is_answers_heading(text) and self.questions:
            self._in_answers = []
        elif part := signs.PART.match(text):
            self._begin_part(part[1], part[2], text)
        elif line.heading and not signs.QUESTION.match(text):
            self._begin_topic(line)
        elif found := self._begins.match(text):
            self._begin_question(int(found[1]), line.cut(found.end()))
        elif not self._begin_shared(line):
            self._go_on(line)

    def _go_on(self, line: Line) -> None:
        """Add a line to what was begun last."""
        if self._shared and self._is_open:
            self._shared[-1][1].append(line)
        elif self.questions:
            self.questions[-1].lines.append(line)
        elif line.text != ROW_END:
            self.left_over.append(line.text.strip())

    @property
    def _is_open(self) -> bool:
        """Say whether a shared text has begun and no question after it."""
        first = self._shared[-1][0].start
        last = self.questions[-1].number if self.questions else 0
        return last < first

    def _begin_part(self, name: str, heading: str, text: str) -> None:
        self._part = signs.ROMAN.get(name, 0) or int(name)
        self._heading = heading
        self.left_over.append(text.strip())

    def _begin_topic(self, line: Line) -> None:
        while self._topic and self._topic[-1][0] >= line.heading:
            self._topic.pop()
        self._topic.append((line.heading, line.text.strip()[:LONGEST_TOPIC]))

    def _begin_question(self, number: int, rest: Line) -> None:
        topic = tuple(name for _level, name in self._topic)
        question = Question(number, self._part, self._heading, topic)
        if level := signs.LEVEL.match(rest.text):
            question.level = signs.level_of(level[1])
            rest = rest.cut(level.end())
        for level in list(signs.LEVEL.finditer(rest.text))[-1:]:
            if not rest.text[level.end() :].strip():
                question.level = signs.level_of(level[1])
                rest = rest.cut(0, level.start())
        question.lines.append(rest)
        self.questions.append(question)

    def _begin_shared(self, line: Line) -> bool:
        """Take a text that several questions are about: "… các câu từ 1 đến 5"."""
        found = signs.SHARED.search(line.text)
        if not found or line.cell:
            return False
        first, last = int(found[1]), int(found[2])
        expected = (self.questions[-1].number + 1) if self.questions else first
        if not first < last < first + 20 or first not in (expected, 1):
            return False
        self._shared.append((range(first, last + 1), [line]))
        return True

    def _share(self) -> None:
        for numbers, lines in self._shared:
            for question in self.questions:
                if question.number in numbers and not question.shared:
                    question.shared = lines


def _blocks(lines: list[Line]) -> list[list[Line]]:
    """Put the lines of each table together; all other lines stand alone."""
    blocks: list[list[Line]] = []
    for line in lines:
        if line.cell and blocks and blocks[-1][-1].cell:
            blocks[-1].append(line)
        else:
            blocks.append([line])
    return blocks
