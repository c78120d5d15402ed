"""Blueprints, what the bank lacks for them, and the papers drawn by them."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from courses.catalogue.models import Activity
from courses.items.models import ItemVersion
from courses.items.rules import Item
from courses.quizzes.models.attempts import AttemptPlace
from courses.quizzes.models.papers import Blueprint, Paper
from courses.quizzes.models.quizzes import Quiz
from courses.quizzes.rules.attempts import Slot, layout
from courses.quizzes.rules.blueprint import (
    MOST_PAPERS,
    Cell,
    PaperRefusal,
    Spread,
    Traits,
)
from courses.quizzes.rules.papers import (
    CannotServe,
    Drawn,
    codes,
    digest,
    draw_papers,
    letters,
    part_starts,
    stored,
)
from courses.quizzes.rules.supply import Shortage, supply
from courses.quizzes.services import stock
from courses.quizzes.services.layouts import papers_in_use
from courses.quizzes.services.sections import bank_ids_of
from lms.kernel import audit
from lms.kernel.db import db
from lms.kernel.errors import Refused


def blueprint_of(quiz: Quiz) -> Blueprint:
    """Return the quiz's blueprint; the first call makes an empty one."""
    if quiz.blueprint is not None:
        return quiz.blueprint
    quiz.blueprint = make_blueprint(quiz.scopes[0], quiz.name, bank_ids_of(quiz))
    db.session.flush()
    return quiz.blueprint


def make_blueprint(scope: str, title: str, bank_ids: Sequence[int]) -> Blueprint:
    """Make an empty blueprint for whatever the scope names: a course, an exam."""
    blueprint = Blueprint(scope=scope, title=title, bank_ids=[*bank_ids], cells=[])
    db.session.add(blueprint)
    db.session.flush()
    return blueprint


def shape(blueprint: Blueprint, cells: Sequence[Cell], spread: Spread) -> None:
    """Give the blueprint these cells; papers that were drawn stay as they are."""
    blueprint.cells = [cell.stored() for cell in cells]
    blueprint.spread = spread
    db.session.flush()


@dataclass(frozen=True, slots=True)
class Check:
    """What the bank has for a blueprint."""

    stocks: dict[Traits, int]
    shortages: tuple[Shortage, ...]

    def fitting(self, cell: Cell) -> int:
        """Count the items that fit a cell by itself."""
        return sum(n for traits, n in self.stocks.items() if cell.fits(traits))


def check(blueprint: Blueprint) -> Check:
    return check_cells(blueprint.read_cells(), blueprint.bank_ids)


def check_cells(cells: Sequence[Cell], bank_ids: Sequence[int]) -> Check:
    """Say whether these banks can serve the cells, in one query."""
    stocks = stock.counts_in(bank_ids)
    return Check(stocks, supply(cells, stocks).shortages)


def leave(quiz: Quiz) -> None:
    """Let the quiz ask its own slots again; the papers stay for attempts."""
    quiz.blueprint_id = None
    db.session.flush()


def quiz_with(blueprint: Blueprint) -> Quiz:
    """Return the quiz that asks by this blueprint."""
    query = (
        select(Quiz)
        .filter_by(blueprint_id=blueprint.id)
        .options(joinedload(Quiz.activity).joinedload(Activity.course))
    )
    return db.session.scalars(query).first() or Quiz(
        title=blueprint.title, owner=blueprint.scope
    )


def draw(
    blueprint: Blueprint, count: int, actor_id: int | None, now: datetime
) -> list[Paper]:
    """Draw papers anew and freeze them, or raise Refused.

    Papers of an earlier batch stay for the attempts that hold them.
    """
    if not 1 <= count <= MOST_PAPERS:
        raise Refused(PaperRefusal.WRONG_COUNT)
    cells, seed = blueprint.read_cells(), secrets.token_hex(16)
    stocks = stock.counts_in(blueprint.bank_ids)
    ids_of = partial(stock.ids_of, blueprint.bank_ids)
    try:
        drawn = draw_papers(cells, stocks, ids_of, count, blueprint.spread, seed)
    except CannotServe as missing:
        raise Refused(PaperRefusal.BANK_TOO_SMALL) from missing
    versions = stock.newest_versions({one.item_id for paper in drawn for one in paper})
    questions = {key: version.read() for key, version in versions.items()}
    blueprint.batch += 1
    papers = [
        _paper(blueprint, code, one, cells, versions, questions, seed)
        for code, one in zip(codes(count), drawn, strict=True)
    ]
    for paper in papers:
        paper.drawn_at, paper.drawn_by_id = now, actor_id
    db.session.add_all(papers)
    db.session.flush()
    audit.record(
        "papers.draw",
        f"blueprint:{blueprint.id}",
        actor_id,
        now,
        batch=blueprint.batch,
        digests={paper.code: paper.digest for paper in papers},
    )
    return papers


def _paper(  # noqa: PLR0913, PLR0917 - everything that a paper is frozen from
    blueprint: Blueprint,
    code: str,
    drawn: Sequence[Drawn],
    cells: Sequence[Cell],
    versions: dict[int, ItemVersion],
    questions: dict[int, Item],
    seed: str,
) -> Paper:
    slots = [
        Slot(
            versions[one.item_id].id,
            cells[one.cell].points,
            questions[one.item_id].option_ids,
        )
        for one in drawn
    ]
    places = layout(f"{seed}:{code}", slots, shuffle_items=False, shuffle_options=True)
    document = stored(places)
    return Paper(
        blueprint_id=blueprint.id,
        batch=blueprint.batch,
        code=code,
        places=document,
        parts=[list(one) for one in part_starts([cells[d.cell].part for d in drawn])],
        digest=digest(document),
    )


@dataclass(frozen=True, slots=True)
class Printed:
    """A question as a paper asks it."""

    place: AttemptPlace
    item: Item

    @property
    def key(self) -> str:
        """The right response in a few letters, as a table of keys has it."""
        return key_in_letters(self.item, self.place.option_order)


def printed(papers: Sequence[Paper]) -> dict[int, list[Printed]]:
    """Return what each paper asks, by the paper's id, in one query."""
    wanted = {one["version"] for paper in papers for one in paper.places}
    query = select(ItemVersion).where(ItemVersion.id.in_(wanted))
    questions = {v.id: v.read() for v in db.session.scalars(query)}
    return {paper.id: _printed(paper, questions) for paper in papers}


def _printed(paper: Paper, questions: dict[int, Item]) -> list[Printed]:
    found = []
    for place in paper.read():
        row = AttemptPlace(
            position=place.position,
            item_version_id=place.slot.item_version_id,
            option_order=list(place.option_order),
            points=place.slot.points,
            sequence=0,
            flagged=False,
            left_out=False,
        )
        item = questions[place.slot.item_version_id].shuffled(place.option_order)
        found.append(Printed(row, item))
    return found


def key_in_letters(item: Item, order: Sequence[str]) -> str:
    """Write the key as a table of keys has it: ``B``, ``A, C``, ``ĐSĐS``, ``12``."""
    key: Any = item.key()
    if item.kind == "true_false":
        return "Đ" if key else "S"
    if item.kind == "statements":
        return "".join("Đ" if key[one] else "S" for one in order or key)
    if item.kind in ("single_choice", "multiple_choice"):
        shown = order or [option.id for option in getattr(item, "options", ())]
        return letters(shown, [key] if isinstance(key, str) else key)
    if isinstance(key, list) and key and all(isinstance(one, str) for one in key):
        return key[0] if item.kind == "short_answer" else ", ".join(key)
    return key if isinstance(key, str) else "—"


@dataclass(frozen=True, slots=True)
class KeyTable:
    codes: list[str]
    rows: list[tuple[int, list[str]]]
    """For each position the keys, one for each code."""


def key_table(papers: Sequence[Paper]) -> KeyTable:
    asked = printed(papers)
    columns = [[one.key for one in asked[paper.id]] for paper in papers]
    rows = [(n, list(keys)) for n, keys in enumerate(zip(*columns, strict=True), 1)]
    return KeyTable([paper.code for paper in papers], rows)


def papers_of(blueprint: Blueprint) -> Sequence[Paper]:
    return papers_in_use(blueprint.id)
