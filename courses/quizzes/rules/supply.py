"""Whether a bank can serve a blueprint, which cells lack what, and who serves whom.

Filters may overlap (a topic and its parent, any kind and one kind), so counting cell by
cell is not enough: serving all cells at once is a flow, and what is missing is read off
its smallest cut (Hall's theorem).  The bank is seen through *stocks*: items that are
alike in all that a cell can ask for, so that 100,000 items are some dozens of numbers.
"""

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from courses.quizzes.rules.blueprint import Cell, Traits

Stocks = Mapping[Traits, int]


@dataclass(frozen=True, slots=True)
class Shortage:
    """Cells that together ask for more items than fit any of them."""

    cells: tuple[int, ...]
    """Their numbers in the blueprint, from 0; one alone where only it lacks items."""
    wanted: int
    found: int

    @property
    def missing(self) -> int:
        return self.wanted - self.found


@dataclass(frozen=True, slots=True)
class Supply:
    """Who serves whom; complete where ``shortages`` is empty."""

    flow: dict[tuple[Traits, int], int]
    """How many items of a stock go into a cell."""
    shortages: tuple[Shortage, ...]


def supply(cells: Sequence[Cell], stocks: Stocks) -> Supply:
    """Serve the cells from the stocks as far as can be.

    Exact: when the bank can serve the blueprint in any way, no shortage is named; each
    named shortage is a set of cells that nothing can serve.
    """
    net = _Net(cells, dict(stocks))
    lacking = [n for n, cell in enumerate(cells) if net.fill(n, cell.count)]
    shortages: dict[tuple[int, ...], Shortage] = {}
    for number in lacking:
        tied = tuple(sorted(net.tied_to(number)))
        fitting = {stock for n in tied for stock in net.fitting[n]}
        shortages[tied] = Shortage(
            cells=tied,
            wanted=sum(cells[n].count for n in tied),
            found=sum(stocks[stock] for stock in fitting),
        )
    flow = {step: amount for step, amount in net.flow.items() if amount}
    return Supply(flow, tuple(shortages.values()))


@dataclass(slots=True)
class _Found:
    """What a search has come upon, and from where."""

    cell_of: dict[Traits, int] = field(default_factory=dict)
    stock_of: dict[int, Traits] = field(default_factory=dict)
    spare: Traits | None = None


class _Net:
    """Stocks on one side, cells on the other, and what flows between them."""

    def __init__(self, cells: Sequence[Cell], left: dict[Traits, int]) -> None:
        self.left = left
        self.fitting = [[s for s in left if cell.fits(s)] for cell in cells]
        self.flow: dict[tuple[Traits, int], int] = {}
        self.users: dict[Traits, set[int]] = {}

    def fill(self, cell: int, wanted: int) -> int:
        """Bring items into the cell, moving others aside; return what is missing."""
        while wanted:
            found = self._search(cell)
            if found.spare is None:
                return wanted
            wanted -= self._move(cell, found.spare, found, wanted)
        return 0

    def tied_to(self, cell: int) -> set[int]:
        """Return the cells that share their whole supply with one that lacks items."""
        return {cell, *self._search(cell).stock_of}

    def _search(self, cell: int) -> _Found:
        """Walk from a cell to a stock with something left, the shortest way."""
        found, line = _Found(), deque([cell])
        while line:
            here = line.popleft()
            for stock in self.fitting[here]:
                if stock in found.cell_of:
                    continue
                found.cell_of[stock] = here
                if self.left[stock]:
                    found.spare = stock
                    return found
                for user in sorted(self.users.get(stock, ())):
                    if user != cell and user not in found.stock_of:
                        found.stock_of[user] = stock
                        line.append(user)
        return found

    def _move(self, cell: int, spare: Traits, found: _Found, wanted: int) -> int:
        """Shift items along the way that was found; return how many went in."""
        way = [(spare, found.cell_of[spare])]
        while way[-1][1] != cell:
            stock = found.stock_of[way[-1][1]]
            way.append((stock, found.cell_of[stock]))
        given_up = [(way[n + 1][0], step[1]) for n, step in enumerate(way[:-1])]
        amount = min(wanted, self.left[spare], *(self.flow[s] for s in given_up))
        self.left[spare] -= amount
        for step in given_up:
            self._change(step, -amount)
        for step in way:
            self._change(step, amount)
        return amount

    def _change(self, step: tuple[Traits, int], amount: int) -> None:
        stock, cell = step
        self.flow[step] = self.flow.get(step, 0) + amount
        users = self.users.setdefault(stock, set())
        (users.add if self.flow[step] else users.discard)(cell)
