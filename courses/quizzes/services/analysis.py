"""How the items of a quiz did: figures, option tables and flags, paper by paper."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from courses.items.models import ItemVersion
from courses.items.rules import Item
from courses.quizzes.models.attempts import Attempt, AttemptPlace
from courses.quizzes.models.quizzes import Quiz
from courses.quizzes.rules.distractors import (
    OptionRow,
    Raised,
    flags_of,
    option_letters,
    option_table,
)
from courses.quizzes.rules.plots import Dot, Histogram, difficulty_map, histogram
from courses.quizzes.rules.statistics import (
    ZERO,
    ItemFigures,
    PaperFigures,
    item_figures,
    paper_figures,
)
from lms.kernel.db import db


class Counted(StrEnum):
    """Which attempts of each learner the figures are of."""

    FIRST = "first"
    LAST = "last"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class _Answer:
    place: AttemptPlace
    item: Item
    share: Fraction
    total: Fraction
    """Of the whole attempt, in points."""


@dataclass(frozen=True, slots=True)
class ItemReport:
    number: int
    item_id: int
    version: ItemVersion
    item: Item
    answers: int
    figures: ItemFigures
    options: Sequence[OptionRow]
    flags: Sequence[Raised]

    @property
    def letters(self) -> Mapping[str, str]:
        """What its options are called: A, B, C in the bank's order."""
        return option_letters([row.option for row in self.options if row.option])

    def named(self, options: Sequence[str]) -> str:
        return ", ".join(self.letters[option] for option in options)

    def texts(self) -> Mapping[str, str]:
        return {option.id: option.text for option in getattr(self.item, "options", ())}


@dataclass(frozen=True, slots=True)
class PaperReport:
    codes: tuple[str, ...]
    """The papers whose items are the same; empty for a quiz without papers."""
    figures: PaperFigures


@dataclass(frozen=True, slots=True)
class Analysis:
    counted: Counted
    attempts: int
    papers: Sequence[PaperReport]
    items: Sequence[ItemReport]
    results: Histogram
    difficulties: Sequence[Dot]

    @property
    def flagged(self) -> list[ItemReport]:
        return [item for item in self.items if item.flags]


def analyse(quiz: Quiz, counted: Counted) -> Analysis:
    """Figure a quiz from its marked attempts, in three queries."""
    attempts = _attempts(quiz, counted)
    sheets = _sheets(attempts)
    reports = _item_reports(sheets)
    ratios = [
        earned / worth
        for earned, worth in (attempt.mark or (ZERO, ZERO) for attempt in attempts)
        if worth
    ]
    dots = [
        (
            one.number,
            one.figures.difficulty,
            one.figures.discrimination,
            bool(one.flags),
        )
        for one in reports
    ]
    return Analysis(
        counted=counted,
        attempts=len(attempts),
        papers=_paper_reports(attempts, sheets),
        items=reports,
        results=histogram(ratios, quiz.pass_mark),
        difficulties=difficulty_map(dots),
    )


def _attempts(quiz: Quiz, counted: Counted) -> Sequence[Attempt]:
    query = (
        select(Attempt)
        .where(Attempt.quiz_id == quiz.id, Attempt.points.is_not(None))
        .options(joinedload(Attempt.paper))
        .order_by(Attempt.learner_id, Attempt.number)
    )
    attempts = db.session.scalars(query).all()
    if counted is Counted.ALL:
        return attempts
    ordered = attempts if counted is Counted.LAST else attempts[::-1]
    return list({attempt.learner_id: attempt for attempt in ordered}.values())


def _sheets(attempts: Sequence[Attempt]) -> dict[int, list[_Answer]]:
    """Return what each attempt answered, item by item, by the attempt's id."""
    query = (
        select(AttemptPlace)
        .where(
            AttemptPlace.attempt_id.in_([attempt.id for attempt in attempts]),
            AttemptPlace.share.is_not(None),
            AttemptPlace.left_out.is_(False),
        )
        .options(joinedload(AttemptPlace.item_version))
        .order_by(AttemptPlace.attempt_id, AttemptPlace.position)
    )
    places: dict[int, list[AttemptPlace]] = {}
    for place in db.session.scalars(query):
        places.setdefault(place.attempt_id, []).append(place)
    read = _Reader()
    return {key: _answers(of, read) for key, of in places.items()}


class _Reader:
    """Reads each version once, however many attempts ask it."""

    def __init__(self) -> None:
        self._read: dict[int, Item] = {}

    def __call__(self, version: ItemVersion) -> Item:
        if version.id not in self._read:
            self._read[version.id] = version.read()
        return self._read[version.id]


def _answers(places: Sequence[AttemptPlace], read: _Reader) -> list[_Answer]:
    asked = [(place, read(place.item_version)) for place in places]
    graded = [(place, item) for place, item in asked if item.is_graded]
    total = sum((_share(p) * Fraction(p.points) for p, _item in graded), ZERO)
    return [_Answer(place, item, _share(place), total) for place, item in graded]


def _share(place: AttemptPlace) -> Fraction:
    return Fraction(place.share or 0)


def _item_reports(sheets: dict[int, list[_Answer]]) -> list[ItemReport]:
    by_item: dict[int, list[_Answer]] = {}
    for answers in sheets.values():
        for one in answers:
            by_item.setdefault(one.place.item_version.item_id, []).append(one)
    order = sorted(by_item, key=lambda key: (_first_position(by_item[key]), key))
    return [_item_report(n, key, by_item[key]) for n, key in enumerate(order, 1)]


def _first_position(answers: Sequence[_Answer]) -> int:
    return min(one.place.position for one in answers)


def _item_report(number: int, item_id: int, answers: Sequence[_Answer]) -> ItemReport:
    newest = max(answers, key=lambda one: one.place.item_version_id)
    totals = [one.total for one in answers]
    worth = Fraction(newest.place.points)
    figures = item_figures([one.share for one in answers], worth, totals)
    rows = _options(newest.item, answers, totals)
    return ItemReport(
        number=number,
        item_id=item_id,
        version=newest.place.item_version,
        item=newest.item,
        answers=len(answers),
        figures=figures,
        options=rows,
        flags=flags_of(figures, rows, len(answers)),
    )


def _options(
    item: Item, answers: Sequence[_Answer], totals: Sequence[Fraction]
) -> list[OptionRow]:
    """Return the distractor table of a choice; nothing for other types."""
    if item.kind not in ("single_choice", "multiple_choice"):
        return []
    picks = [_picked(one.place.value) for one in answers]
    ids = [option.id for option in getattr(item, "options", ())]
    return option_table(ids, _picked(item.key()), picks, totals)


def _picked(value: object) -> frozenset[str]:
    if isinstance(value, str):
        return frozenset({value})
    return frozenset(value) if isinstance(value, list) else frozenset()


def _paper_reports(
    attempts: Sequence[Attempt], sheets: dict[int, list[_Answer]]
) -> list[PaperReport]:
    """Figure attempts together that asked the same items for the same points."""
    groups: dict[tuple[tuple[int, Fraction], ...], list[Attempt]] = {}
    for attempt in attempts:
        groups.setdefault(_form_of(sheets.get(attempt.id, [])), []).append(attempt)
    reports = []
    for form, members in groups.items():
        rows = [_row(sheets.get(attempt.id, [])) for attempt in members]
        figures = paper_figures(rows, [worth for _item, worth in form])
        codes = {attempt.paper.code for attempt in members if attempt.paper}
        if figures and form:
            reports.append(PaperReport(tuple(sorted(codes)), figures))
    return sorted(reports, key=lambda one: (one.codes, -one.figures.learners))


def _form_of(answers: Sequence[_Answer]) -> tuple[tuple[int, Fraction], ...]:
    return tuple(
        sorted(
            (a.place.item_version.item_id, Fraction(a.place.points)) for a in answers
        )
    )


def _row(answers: Sequence[_Answer]) -> list[Fraction]:
    ordered = sorted(answers, key=lambda one: one.place.item_version.item_id)
    return [one.share for one in ordered]
