"""Make a timetable: count, anneal, prove if need be; report on the way, stop when told.

With a number of *moves* the outcome depends on the seed alone; with *seconds* it also
depends on how fast the machine is.
"""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from lms.timetable.rules.judging import Verdict, judge
from lms.timetable.rules.problem import Assignment, Problem
from lms.timetable.rules.reasons import Reason, shortages
from lms.timetable.solver.annealing import anneal
from lms.timetable.solver.proof import prove
from lms.timetable.solver.tables import (
    Numbers,
    Tables,
    Week,
    assignment_of,
    random_week,
    tables_of,
    week_of,
)

CHUNK = 100_000
"""Moves between two looks at the clock: a tenth of a second or so."""

SEEDS = 2
"""Weeks sought at once, each on a core of its own."""

FIRST, AGAIN = (12.0, 0.4), (4.0, 0.35)
"""Temperatures from and to: of the first cooling, and of the long one after it."""

FIRST_SHARE = 0.12
"""Of the time or the moves: the first cooling, which makes a lawful week."""

HOPELESS_SECONDS = 3.0
"""How long a week is sought that counting shows to be impossible."""

PROOF_SECONDS = 5.0
"""At the least; else half of what there is."""


@dataclass(frozen=True)
class Budget:
    """How long to seek: *seconds* or, if given, so many *moves* of each seed."""

    seconds: float = 30.0
    moves: int | None = None


@dataclass(frozen=True)
class Progress:
    """What a person watching is told."""

    share: float
    best_cost: int | None
    """Of the best lawful week so far."""


@dataclass(frozen=True)
class Watcher:
    """Who is told how far it is, and who may stop it."""

    on_progress: Callable[[Progress], None] = lambda _progress: None
    should_stop: Callable[[], bool] = lambda: False


@dataclass
class Generated:
    assignment: Assignment
    verdict: Verdict
    reasons: list[Reason] = field(default_factory=list)
    seconds_to_first_feasible: float | None = None


def generate(
    problem: Problem, budget: Budget, seed: int = 1, watcher: Watcher | None = None
) -> Generated:
    """Return the best week found, and why there is none where that is known."""
    search = _Search(problem, budget, watcher or Watcher())
    reasons = shortages(problem)
    if reasons:
        search.seconds = min(budget.seconds, HOPELESS_SECONDS)
    weeks = [random_week(problem, seed + n) for n in range(SEEDS)]
    weeks = search.cool(weeks, FIRST, FIRST_SHARE)
    if not (reasons or search.is_lawful or search.is_stopped):
        proof = prove(problem, max(PROOF_SECONDS, budget.seconds / 2), search.stopped)
        reasons = [proof.reason] if proof.reason else []
        if proof.assignment:
            weeks = [week_of(problem, proof.assignment, seed + n) for n in range(SEEDS)]
    search.cool(weeks, AGAIN, 1.0)
    return Generated(
        search.best,
        judge(problem, search.best),
        reasons,
        search.first_lawful_after,
    )


class _Search:
    """Several weeks cooled side by side; the best one of all is kept."""

    def __init__(self, problem: Problem, budget: Budget, watcher: Watcher) -> None:
        self.problem = problem
        self.tables: Tables = tables_of(problem)
        self.seconds = budget.seconds
        self.moves = budget.moves
        self.watcher = watcher
        self.stopped = watcher.should_stop
        self.began = time.monotonic()
        self.done = 0
        self.mark: tuple[int, int] | None = None
        """Hard violations and cost of the best week."""

        self.best: Assignment = {}
        self.first_lawful_after: float | None = None

    @property
    def is_lawful(self) -> bool:
        return self.mark is not None and self.mark[0] == 0

    @property
    def is_stopped(self) -> bool:
        return self.stopped()

    def share(self) -> float:
        """Return how much of the time, or of the moves, is used up."""
        if self.moves is not None:
            return self.done / self.moves
        return (time.monotonic() - self.began) / self.seconds

    def cool(
        self, weeks: list[Week], heat: tuple[float, float], until: float
    ) -> list[Week]:
        """Cool *weeks* until the given share is used; return the best of each.

        One chunk is always made, so that there is always a week to show.
        """
        hot, cold = heat
        start = self.share()
        best: list[tuple[int, Numbers]] = []
        with ThreadPoolExecutor(SEEDS) as threads:
            while True:
                part = (self.share() - start) / max(until - start, 1e-9)
                if best and (part >= 1 or self.is_stopped):
                    break
                warmth = hot * (cold / hot) ** min(1.0, part)
                found = list(threads.map(self._chunk, weeks, [warmth] * len(weeks)))
                self.done += CHUNK
                best = [
                    min(pair, key=_cost)
                    for pair in zip(best or found, found, strict=True)
                ]
                self._note(min(found, key=_cost))
                self._tell()
        return [
            Week(grid, week.rng) for (_, grid), week in zip(best, weeks, strict=True)
        ]

    def _chunk(self, week: Week, warmth: float) -> tuple[int, Numbers]:
        grid, cost = anneal(self.tables, week, (warmth, warmth), CHUNK)
        return cost, grid

    def _note(self, found: tuple[int, Numbers]) -> None:
        cost, grid = found
        if self.mark and self.is_lawful and cost >= self.mark[1]:
            return
        assignment = assignment_of(self.problem, grid)
        verdict = judge(self.problem, assignment)
        mark = (verdict.hard_violations, verdict.cost)
        if self.mark is None or mark < self.mark:
            self.mark, self.best = mark, assignment
        if self.is_lawful and self.first_lawful_after is None:
            self.first_lawful_after = time.monotonic() - self.began

    def _tell(self) -> None:
        cost = self.mark[1] if self.mark and self.is_lawful else None
        self.watcher.on_progress(Progress(min(1.0, self.share()), cost))


def _cost(found: tuple[int, Numbers]) -> int:
    return found[0]
