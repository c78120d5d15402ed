"""Finding texts that are nearly the same among very many.

Texts are compared only where they share shingles (runs of words) that few texts have,
so the work grows with the number of texts and not with its square.
"""

import heapq
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from rapidfuzz import fuzz, process

NUMBER = re.compile(r"\d+")
SHINGLE = 3
"""Words in a run."""

RAREST = 4
"""How many of a text's rarest shingles are looked up."""

WINDOW = 5
"""Among texts with a shingle in common, sorted, how many next ones are compared."""

ALIKE = 90.0
"""From 0 to 100, as rapidfuzz measures it."""


@dataclass(frozen=True, slots=True, order=True)
class Pair:
    """Two texts and how like they are, from 0 to 100."""

    likeness: float
    first: int
    second: int


def near_equal(texts: Mapping[int, str], alike: float = ALIKE) -> list[Pair]:
    """Return the pairs of texts that are nearly the same, the most alike first.

    Texts are folded and trimmed already; the keys come back in the pairs, the lower
    one first.  Texts whose numbers differ are two questions: "2 + 3" is not "2 + 4".
    """
    numbers = {key: numbers_in(text) for key, text in texts.items()}
    found: dict[tuple[int, int], float] = {}
    for first, second in _candidates(texts):
        pair = (first, second) if first < second else (second, first)
        if pair in found or numbers[first] != numbers[second]:
            continue
        found[pair] = fuzz.ratio(texts[first], texts[second], score_cutoff=alike)
    pairs = [Pair(round(like, 1), *keys) for keys, like in found.items() if like]
    return sorted(pairs, key=lambda one: (-one.likeness, one.first, one.second))


def numbers_in(text: str) -> tuple[str, ...]:
    return tuple(NUMBER.findall(text))


def _candidates(texts: Mapping[int, str]) -> Iterator[tuple[int, int]]:
    """Yield pairs that share one of their rarest shingles.

    Where many share it they are sorted, and each is held beside the next few: what is
    nearly the same stands close together.
    """
    shingles = {key: shingles_of(text) for key, text in texts.items()}
    owners: dict[str, list[int]] = defaultdict(list)
    for key, own in shingles.items():
        for shingle in own:
            owners[shingle].append(key)
    for own in shingles.values():
        shared = [one for one in own if len(owners[one]) > 1]
        rare = heapq.nsmallest(RAREST, shared, key=lambda one: (len(owners[one]), one))
        for shingle in rare:
            # A shingle is worked through once, for all who share it.
            crowd = sorted(owners.pop(shingle), key=lambda key: texts[key])
            owners[shingle] = []
            for place, key in enumerate(crowd):
                for other in crowd[place + 1 : place + 1 + WINDOW]:
                    yield key, other


def shingles_of(text: str) -> set[str]:
    """Return the runs of words; a short text is one run."""
    words = text.split()
    if len(words) <= SHINGLE:
        return {text} if words else set()
    return {
        " ".join(words[place : place + SHINGLE])
        for place in range(len(words) - SHINGLE + 1)
    }


def nearest(
    text: str, texts: Mapping[int, str], most: int = 5
) -> list[tuple[int, float]]:
    """Return the keys of the texts most like this one, with their likeness."""
    found = process.extract(
        text, texts, scorer=fuzz.ratio, score_cutoff=ALIKE, limit=most
    )
    return [(key, round(score, 1)) for _text, score, key in found]
