"""Who picks which option, and what about an item should be looked at again.

The flags are the rules of thumb of school measurement (Ebel and Frisbie 1991, chapter
13): they point a teacher at an item, they judge nobody.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from courses.quizzes.rules.statistics import ZERO, ItemFigures, weights_of_groups

ENOUGH = 10
"""Below so many learners the figures of an item say little."""
TOO_HARD = Fraction(20, 100)
TOO_EASY = Fraction(90, 100)
WEAK = Fraction(20, 100)
UNUSED = Fraction(5, 100)
"""A wrong option that fewer pick distracts nobody."""


class Flag(StrEnum):
    FEW_LEARNERS = "item-flag-few-learners"
    STRONG_PICK_WRONG = "item-flag-strong-pick-wrong"
    NEGATIVE = "item-flag-negative"
    WEAK = "item-flag-weak"
    TOO_HARD = "item-flag-too-hard"
    TOO_EASY = "item-flag-too-easy"
    UNUSED_OPTION = "item-flag-unused-option"


@dataclass(frozen=True, slots=True)
class Raised:
    """A flag, and the options it speaks of."""

    flag: Flag
    options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OptionRow:
    """One option (or none at all) in the distractor table."""

    option: str | None
    """Its id; None for those who left the item blank."""
    is_key: bool
    picks: int
    share: Fraction
    """Of all learners."""
    upper: Fraction
    """Of the upper 27 %."""
    lower: Fraction
    mean_total: Fraction | None
    """The mean total of those who picked it, in points."""

    @property
    def pull(self) -> Fraction:
        """Above 0 where the strong pick it more often than the weak."""
        return self.upper - self.lower


Picked = frozenset[str]


def option_table(
    options: Sequence[str],
    key: Picked,
    picks: Sequence[Picked],
    totals: Sequence[Fraction],
) -> list[OptionRow]:
    """Count who picked what; one row an option, and one for the blank if there is one.

    *picks* and *totals* stand in the same order of learners.
    """
    upper, lower = weights_of_groups(totals)
    rows = [
        _row(option, option in key, [option in p for p in picks], totals, upper, lower)
        for option in options
    ]
    blank = [not p for p in picks]
    if any(blank):
        rows.append(_row(None, False, blank, totals, upper, lower))
    return rows


def _row(  # noqa: PLR0913, PLR0917 - one line of a table, all of it counted alike
    option: str | None,
    is_key: bool,
    picked: Sequence[bool],
    totals: Sequence[Fraction],
    upper: Sequence[Fraction],
    lower: Sequence[Fraction],
) -> OptionRow:
    theirs = [total for total, did in zip(totals, picked, strict=True) if did]
    return OptionRow(
        option=option,
        is_key=is_key,
        picks=len(theirs),
        share=Fraction(len(theirs), len(picked)),
        upper=_part(picked, upper),
        lower=_part(picked, lower),
        mean_total=sum(theirs, ZERO) / len(theirs) if theirs else None,
    )


def _part(picked: Sequence[bool], weights: Sequence[Fraction]) -> Fraction:
    chosen = sum((w for w, did in zip(weights, picked, strict=True) if did), ZERO)
    return chosen / sum(weights, ZERO)


def flags_of(
    figures: ItemFigures, rows: Sequence[OptionRow], learners: int
) -> list[Raised]:
    """Say what should be looked at again, the gravest first."""
    if learners < ENOUGH:
        return [Raised(Flag.FEW_LEARNERS)]
    raised = []
    if tempting := _tempting(rows):
        raised.append(Raised(Flag.STRONG_PICK_WRONG, tempting))
    if figures.discrimination < 0 or _is_negative(figures.item_rest):
        raised.append(Raised(Flag.NEGATIVE))
    elif figures.discrimination < WEAK and figures.difficulty <= TOO_EASY:
        raised.append(Raised(Flag.WEAK))
    if figures.difficulty < TOO_HARD:
        raised.append(Raised(Flag.TOO_HARD))
    if figures.difficulty > TOO_EASY:
        raised.append(Raised(Flag.TOO_EASY))
    if idle := _idle(rows):
        raised.append(Raised(Flag.UNUSED_OPTION, idle))
    return raised


def _is_negative(value: Decimal | None) -> bool:
    return value is not None and value < 0


def _tempting(rows: Sequence[OptionRow]) -> tuple[str, ...]:
    """Wrong options that the strong pick more often than the right one, and than the
    weak do: the surest sign of a wrong key."""
    best = max((row.upper for row in rows if row.is_key), default=ZERO)
    return tuple(
        row.option
        for row in rows
        if row.option is not None
        and not row.is_key
        and row.upper > best
        and row.pull > 0
    )


def _idle(rows: Sequence[OptionRow]) -> tuple[str, ...]:
    return tuple(
        row.option
        for row in rows
        if row.option is not None and not row.is_key and row.share < UNUSED
    )


def option_letters(options: Sequence[str]) -> Mapping[str, str]:
    """Name options as a teacher does: A, B, C in the order of the bank."""
    return {option: chr(ord("A") + number) for number, option in enumerate(options)}
