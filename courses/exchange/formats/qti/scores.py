"""What responses are worth by the rules of the item, as shares of full marks."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from courses.exchange.formats.qti.declarations import Declaration
from courses.exchange.formats.qti.processing import Processing
from courses.exchange.formats.qti.values import Value
from courses.exchange.rules import NotTaken
from courses.items.types import parse

Given = Mapping[str, Value]
Sample = tuple[Any, Given]
"""A response of ours, and the same in the item's own variables."""

MOST_SAMPLES = 200


class Scores:
    """The rules of one item asked what responses are worth."""

    def __init__(self, rules: Processing) -> None:
        self.rules = rules
        self.most = Fraction(0)
        self.is_judged = rules.is_there
        score = [name for name in rules.declarations if name.upper() == "SCORE"]
        numeric = [
            name
            for name, one in rules.declarations.items()
            if one.base in ("float", "integer") and not name.upper().startswith("M")
        ]
        self.name = (score or numeric or [""])[0]
        self.expect(self.correct)
        if not self.most and self.correct and self.is_judged:
            # Some programs write rules that set no score, and mean the key.
            self._believe_the_key()

    def _believe_the_key(self) -> None:
        self.is_judged = False
        self.expect(self.correct)

    @property
    def correct(self) -> dict[str, Value]:
        return {
            name: one.correct
            for name, one in self.rules.responses.items()
            if not one.correct.is_null
        }

    def only(self) -> Declaration | None:
        """Return the response variable of an item that has one."""
        declared = list(self.rules.responses.values())
        return declared[0] if len(declared) == 1 else None

    def raw(self, given: Given) -> Fraction:
        if self.is_judged and self.name:
            found = self.rules.outcomes(given).get(self.name)
            worth = found.one if found is not None else None
            return worth if isinstance(worth, Fraction) else Fraction(0)
        return self._by_key(given)

    def _by_key(self, given: Given) -> Fraction:
        """Without rules, the mapping or the key decides."""
        worth = Fraction(0)
        for name, one in self.rules.responses.items():
            value = given.get(name, one.null)
            if value.is_null:
                continue
            if one.mapping is not None and one.correct.is_null:
                worth += one.mapping.of(value)
            else:
                worth += value.same(one.correct)
        return worth

    def expect(self, given: Given) -> None:
        """Let a response raise what full marks are."""
        if given:
            self.most = max(self.most, self.raw(given))

    def share(self, given: Given) -> Fraction:
        if not self.most:
            return Fraction(0)
        return min(max(self.raw(given) / self.most, Fraction(-1)), Fraction(1))


def fitted(
    candidates: Iterable[dict[str, Any]], samples: Sequence[Sample], scores: Scores
) -> tuple[dict[str, Any], bool]:
    """Return the first stored form that grades all samples as the rules do.

    If none does, the one that comes nearest, and False.
    """
    wanted = [
        (response, max(scores.share(given), Fraction(0)))
        for response, given in samples[:MOST_SAMPLES]
    ]
    best: tuple[int, dict[str, Any]] | None = None
    for spec in candidates:
        try:
            item = parse(spec)
        except ValueError:
            continue
        hits = sum(item.grade(response).share == share for response, share in wanted)
        if hits == len(wanted):
            return spec, True
        if best is None or hits > best[0]:
            best = hits, spec
    if best is None:
        return next(iter(candidates), {}), False
    return best[1], False


def sampled(build: Callable[[], Iterable[Sample]]) -> list[Sample]:
    """Gather samples, no more than are asked for."""
    found: list[Sample] = []
    try:
        for sample in build():
            found.append(sample)
            if len(found) >= MOST_SAMPLES:
                break
    except NotTaken:
        return found
    return found
