"""The grid of a blueprint: each row a topic, a level and a kind, with a count."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any, Self

from flask_babel import gettext as _

from courses.quizzes.forms.responses import whole_number
from courses.quizzes.rules.blueprint import (
    MOST_CELLS,
    MOST_PER_CELL,
    Cell,
    Spread,
    blueprint_problem,
    worth_of,
)
from lms.kernel.wording import label

LONGEST_PART = 100
MOST_POINTS = Decimal(100)


@dataclass(slots=True)
class GridForm:
    """Rows named ``topic-1``, ``level-1`` …; a row without a count is left out."""

    cells: list[Cell] = field(default_factory=list)
    spread: Spread = Spread.DRAWN
    errors: dict[int, str] = field(default_factory=dict)
    """What is wrong, by the row's number; 0 for the grid as a whole."""

    @property
    def worth(self) -> Decimal:
        return worth_of(self.cells)

    @property
    def spreads(self) -> list[Spread]:
        return list(Spread)

    @classmethod
    def read(cls, form: Mapping[str, Any], known: Sequence[Sequence[str]]) -> Self:
        """Read the grid; *known* are the topics, levels and kinds there are."""
        grid = cls()
        if form.get("spread") in list(Spread):
            grid.spread = Spread(form["spread"])
        for number in range(1, MOST_CELLS + 1):
            if form.get(f"count-{number}", "").strip() in ("", "0"):
                continue
            cell = grid._cell(form, number, known)
            if cell is not None:
                grid.cells.append(cell)
        problem = blueprint_problem(grid.cells)
        if problem and not grid.errors:
            grid.errors[0] = label(problem)
        return grid

    def _cell(
        self, form: Mapping[str, Any], number: int, known: Sequence[Sequence[str]]
    ) -> Cell | None:
        words = [
            form.get(f"{name}-{number}", "") for name in ("topic", "level", "kind")
        ]
        count = whole_number(form[f"count-{number}"].strip())
        points = read_points(form.get(f"points-{number}", "1"))
        if count is None or not 0 < count <= MOST_PER_CELL:
            self.errors[number] = _("Số câu là một số nguyên từ 1 đến 100.")
        elif points is None:
            self.errors[number] = _(
                "Điểm là một số từ 0 đến 100, nhiều nhất hai số lẻ."
            )
        elif any(w and w not in of for w, of in zip(words, known, strict=True)):
            self.errors[number] = _("Hãy chọn một mục có trong danh sách.")
        else:
            topic, level, kind = words
            part = " ".join(form.get(f"part-{number}", "").split())[:LONGEST_PART]
            return Cell(topic, level, count, points, kind, part)
        return None


def read_points(text: str) -> Decimal | None:
    """Read points with a decimal comma or point, to the hundredth."""
    try:
        points = Decimal(text.strip().replace(",", "."))
    except InvalidOperation:
        return None
    if not points.is_finite() or not 0 <= points <= MOST_POINTS:
        return None
    return points if points * 100 == int(points * 100) else None
