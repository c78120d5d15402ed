"""Item statistics, exact: every figure is a fraction, or the root of one.

Classical test theory.  A *sheet* is one learner's shares of full marks, item by item.
Variances are those of the group itself (divided by n), as KR-20 is defined; the
standard deviation that the SEM is read from is divided by n - 1.

Sources: Kelley 1939 (upper and lower 27 %); Crocker and Algina 1986, chapters 7 and 14
(point-biserial, coefficient alpha, KR-20, SEM).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from fractions import Fraction

GROUP = Fraction(27, 100)
DIGITS = 30
"""Of the roots; figures agree with a hand's to far more than the 1e-9 that is asked."""

Sheet = Sequence[Fraction]
ZERO = Fraction(0)


def mean(values: Sequence[Fraction]) -> Fraction:
    return sum(values, ZERO) / len(values)


def variance(values: Sequence[Fraction]) -> Fraction:
    """Return the variance of the group itself: the mean square distance."""
    return covariance(values, values)


def covariance(xs: Sequence[Fraction], ys: Sequence[Fraction]) -> Fraction:
    products = sum((x * y for x, y in zip(xs, ys, strict=True)), ZERO)
    return products / len(xs) - mean(xs) * mean(ys)


def root(value: Fraction) -> Decimal:
    """Return the square root, to DIGITS digits."""
    with localcontext() as context:
        context.prec = DIGITS
        return (Decimal(value.numerator) / Decimal(value.denominator)).sqrt()


def correlation(xs: Sequence[Fraction], ys: Sequence[Fraction]) -> Decimal | None:
    """Return Pearson's r; None where one side does not vary."""
    spread = variance(xs) * variance(ys)
    if not spread:
        return None
    shared = covariance(xs, ys)
    size = root(shared * shared / spread)
    return -size if shared < 0 else size


def weights_of_groups(
    totals: Sequence[Fraction],
) -> tuple[list[Fraction], list[Fraction]]:
    """Return how much each learner belongs to the upper and to the lower 27 %.

    A group is 27 % of the learners, rounded half up, at least one.  Learners whose
    totals are equal at its edge belong to it in equal parts, so that the figures do not
    hang on the order of names.
    """
    size = max(int(GROUP * len(totals) + Fraction(1, 2)), 1)
    return _top(totals, size), _top([-total for total in totals], size)


def _top(totals: Sequence[Fraction], size: int) -> list[Fraction]:
    edge = sorted(totals, reverse=True)[size - 1]
    above = sum(total > edge for total in totals)
    on_it = sum(total == edge for total in totals)
    part = Fraction(size - above, on_it)
    return [
        Fraction(1) if total > edge else part if total == edge else ZERO
        for total in totals
    ]


def weighted(values: Sequence[Fraction], weights: Sequence[Fraction]) -> Fraction:
    """Return the mean of *values*, each counted as much as its weight says."""
    everything = sum((v * w for v, w in zip(values, weights, strict=True)), ZERO)
    return everything / sum(weights, ZERO)


@dataclass(frozen=True, slots=True)
class ItemFigures:
    difficulty: Fraction
    """The mean share of full marks: 1 is what everybody gets right."""
    discrimination: Fraction
    """The difficulty of the upper 27 % less that of the lower, from -1 to 1."""
    point_biserial: Decimal | None
    """The correlation with the total."""
    item_rest: Decimal | None
    """The correlation with the total without the item itself."""


@dataclass(frozen=True, slots=True)
class PaperFigures:
    learners: int
    items: int
    mean: Fraction
    """Of totals, in points."""
    median: Fraction
    variance: Fraction
    reliability: Fraction | None
    """Cronbach's alpha; KR-20 where every share is 0 or 1."""
    is_kr20: bool
    deviation: Decimal | None
    sem: Decimal | None
    """The standard error of measurement, in points."""


def totals_of(sheets: Sequence[Sheet], worths: Sequence[Fraction]) -> list[Fraction]:
    """Return each learner's total in points."""
    return [
        sum((s * w for s, w in zip(sheet, worths, strict=True)), ZERO)
        for sheet in sheets
    ]


def item_figures(
    shares: Sequence[Fraction], worth: Fraction, totals: Sequence[Fraction]
) -> ItemFigures:
    """Figure one item from its share of each learner, and the learners' totals."""
    upper, lower = weights_of_groups(totals)
    rest = [t - s * worth for t, s in zip(totals, shares, strict=True)]
    return ItemFigures(
        difficulty=mean(shares),
        discrimination=weighted(shares, upper) - weighted(shares, lower),
        point_biserial=correlation(shares, totals),
        item_rest=correlation(shares, rest),
    )


def paper_figures(
    sheets: Sequence[Sheet], worths: Sequence[Fraction]
) -> PaperFigures | None:
    """Figure a paper from the sheets of those who took it; None without sheets."""
    if not sheets:
        return None
    totals = totals_of(sheets, worths)
    alpha = reliability(sheets, worths)
    spread = variance(totals)
    sampled = spread * len(totals) / (len(totals) - 1) if len(totals) > 1 else None
    return PaperFigures(
        learners=len(sheets),
        items=len(worths),
        mean=mean(totals),
        median=median(totals),
        variance=spread,
        reliability=alpha,
        is_kr20=len(set(worths)) == 1 and _all_or_nothing(sheets),
        deviation=None if sampled is None else root(sampled),
        sem=None
        if alpha is None or sampled is None
        else root(sampled * max(1 - alpha, ZERO)),
    )


def _all_or_nothing(sheets: Sequence[Sheet]) -> bool:
    return all(share in (0, 1) for sheet in sheets for share in sheet)


def median(values: Sequence[Fraction]) -> Fraction:
    ordered = sorted(values)
    middle = len(ordered) // 2
    if len(ordered) % 2:
        return ordered[middle]
    return (ordered[middle - 1] + ordered[middle]) / 2


def reliability(sheets: Sequence[Sheet], worths: Sequence[Fraction]) -> Fraction | None:
    """Return Cronbach's alpha of the items' points.

    None with fewer than two items or two learners, or where totals do not vary.
    """
    count = len(worths)
    if count < 2 or len(sheets) < 2:  # noqa: PLR2004
        return None
    spread = variance(totals_of(sheets, worths))
    if not spread:
        return None
    by_item = zip(*sheets, strict=True)
    within = sum(
        (variance(shares) * w * w for shares, w in zip(by_item, worths, strict=True)),
        ZERO,
    )
    return Fraction(count, count - 1) * (1 - within / spread)
