"""Interactions in which things are brought together: pairs, gaps, labels."""

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from itertools import islice, product
from math import lcm
from typing import Any

from courses.exchange.formats import specs
from courses.exchange.formats.qti.item import Asked, keyed, limit
from courses.exchange.formats.qti.scores import Sample, fitted
from courses.exchange.formats.qti.values import alike
from courses.exchange.markup import is_empty
from courses.exchange.rules import NotTaken, Trouble
from courses.exchange.xml import Element, children

Pair = tuple[str, str]
SCORINGS = ("each", "whole")
MOST_PAIRS = 400


def _ids(named: Mapping[str, tuple[str, Element]]) -> dict[str, str]:
    return {key: name for key, (name, _element) in named.items()}


def _texts(
    asked: Asked, named: Mapping[str, tuple[str, Element]]
) -> list[dict[str, Any]]:
    found = [
        {"id": name, "text": asked.body.rich(element)}
        for name, element in named.values()
    ]
    if any(is_empty(one["text"]) for one in found):
        raise NotTaken(Trouble.NO_OPTIONS)
    return found


def right_pairs(asked: Asked) -> list[Pair]:
    """Return the pairs of the key, or those that a mapping rewards."""
    declared = asked.declaration
    found = [(one[0], one[1]) for one in declared.correct.items]
    if not found and declared.mapping is not None:
        found = [
            (entry.key[0], entry.key[1])
            for entry in declared.mapping.entries
            if entry.gives > 0
        ]
    if not found:
        raise NotTaken(Trouble.NO_KEY)
    asked.scores.expect(asked.given([" ".join(pair) for pair in found]))
    return found


def _weights(
    asked: Asked, pairs: Iterable[Pair], ids: Mapping[str, str]
) -> dict[str, str]:
    shares = {pair: asked.share([" ".join(pair)]) for pair in pairs}
    return {
        f"{ids[one]}|{ids[two]}": str(share)
        for (one, two), share in shares.items()
        if share
    }


def _cross_section(right: list[Pair], everything: list[Pair]) -> Iterator[list[Pair]]:
    """Go through responses: the key, each pair alone, one missing, one too many."""
    yield right
    yield from ([pair] for pair in everything)
    yield from ([pair for pair in right if pair != gone] for gone in right)
    yield from ([*right, pair] for pair in everything if pair not in right)
    for gone in right:
        yield from (
            [*(pair for pair in right if pair != gone), (gone[0], other[1])]
            for other in everything
            if other[0] == gone[0] and other not in right
        )


def match(asked: Asked) -> dict[str, Any]:
    sets = list(children(asked.element, "simpleMatchSet"))
    if len(sets) != 2:  # noqa: PLR2004
        raise NotTaken(Trouble.NO_OPTIONS)
    rows = keyed(children(sets[0], "simpleAssociableChoice"))
    options = keyed(children(sets[1], "simpleAssociableChoice"))
    ids = _ids(rows) | _ids(options)
    right = right_pairs(asked)
    if any(one not in rows or two not in options for one, two in right):
        raise NotTaken(Trouble.WRONG_PAIRS)
    everything = list(islice(product(rows, options), MOST_PAIRS))
    by_row = {key: [two for one, two in right if one == key] for key in rows}
    several = any(len(twos) > 1 for twos in by_row.values()) or any(
        limit(element, "matchMax", 1) != 1 for _name, element in rows.values()
    )
    row_texts = {one["id"]: one["text"] for one in _texts(asked, rows)}
    head = {
        "kind": "matching",
        "stem": asked.stem(),
        "rows": [
            {
                "id": ids[key],
                "text": row_texts[ids[key]],
                "correct": [ids[two] for two in by_row[key]],
            }
            for key in rows
        ],
        "options": _texts(asked, options),
        **specs.said(several=several),
        **_order_of(asked),
        **asked.frame(),
    }
    weights = _weights(asked, everything, ids)
    candidates = [{**head, "scoring": scoring} for scoring in SCORINGS]
    candidates.append({**head, "scoring": "weights", "weights": weights})
    samples = [
        (_by_row(given, ids, several), asked.given([" ".join(pair) for pair in given]))
        for given in islice(_cross_section(right, everything), 200)
        if given and (several or len({one for one, _two in given}) == len(given))
    ]
    spec, same = fitted(candidates, samples, asked.scores)
    asked.note_scoring(same)
    return spec


def _by_row(given: list[Pair], ids: Mapping[str, str], several: bool) -> Any:
    said: dict[str, Any] = {}
    for one, two in given:
        if several:
            said.setdefault(ids[one], []).append(ids[two])
        else:
            said[ids[one]] = ids[two]
    return said


def _order_of(asked: Asked) -> dict[str, Any]:
    return {} if asked.element.get("shuffle") == "true" else {"shuffle": False}


def associate(asked: Asked) -> dict[str, Any]:
    named = keyed(children(asked.element, "simpleAssociableChoice"))
    ids = _ids(named)
    right = right_pairs(asked)
    if any(one not in ids or two not in ids for one, two in right):
        raise NotTaken(Trouble.WRONG_PAIRS)
    keys = list(named)
    everything = [
        (one, two) for place, one in enumerate(keys) for two in keys[place + 1 :]
    ][:MOST_PAIRS]
    most = limit(asked.element, "maxAssociations", 1)
    head = {
        "kind": "association",
        "stem": asked.stem(),
        "options": _texts(asked, named),
        "correct": [[ids[one], ids[two]] for one, two in right],
        **specs.said(most=max(most, len(right)) if most else len(everything)),
        **_order_of(asked),
        **asked.frame(),
    }
    weights = _weights(asked, everything, ids)
    candidates = [{**head, "scoring": scoring} for scoring in SCORINGS]
    candidates.append({**head, "scoring": "weights", "weights": weights})
    samples: list[Sample] = [
        (
            [[ids[one], ids[two]] for one, two in given],
            asked.given([" ".join(pair) for pair in given]),
        )
        for given in islice(_cross_section(right, everything), 200)
        if given and len(given) <= (most or len(everything)) and _each_once(given)
    ]
    spec, same = fitted(candidates, samples, asked.scores)
    asked.note_scoring(same)
    return spec


def _each_once(given: list[Pair]) -> bool:
    seen: list[Pair] = []
    for pair in given:
        if any(alike(pair, one, "pair") for one in seen):
            return False
        seen.append(pair)
    return True


def gap_match(asked: Asked) -> dict[str, Any]:
    words = keyed(children(asked.element, "gapText", "gapImg"))
    gaps = keyed(one for one in asked.element.iter("gap"))
    right = right_pairs(asked)
    passage = asked.passage(_ids(gaps))
    head = {
        "kind": "drag_words",
        "stem": "",
        "passage": passage,
        "words": _words(asked, words),
        "gaps": [
            {"id": name, "correct": _right_in(key, right, words)}
            for key, (name, _element) in gaps.items()
        ],
        "display": "drag",
        **_order_of(asked),
        **asked.frame(),
    }
    stem = asked.body.stem(lambda element, _n: asked.body.prompt(element))
    head |= specs.said(stem=stem)
    return _placed(asked, head, right, _ids(words), _ids(gaps))


def _words(
    asked: Asked, words: Mapping[str, tuple[str, Element]]
) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = [
        {
            "id": name,
            "text": asked.body.rich(element),
            "group": 1,
            "uses": limit(element, "matchMax", 1),
        }
        for name, element in words.values()
    ]
    if not found or any(is_empty(one["text"]) for one in found):
        raise NotTaken(Trouble.NO_OPTIONS)
    return found


def _right_in(
    gap: str, right: list[Pair], words: Mapping[str, tuple[str, Element]]
) -> list[str]:
    return [words[word][0] for word, place in right if place == gap and word in words]


def _placed(
    asked: Asked,
    head: dict[str, Any],
    right: list[Pair],
    words: Mapping[str, str],
    places: Mapping[str, str],
) -> dict[str, Any]:
    """Choose how what was put into places is scored."""
    everything = list(islice(product(words, places), MOST_PAIRS))
    samples: list[Sample] = [
        (
            {places[place]: words[word] for word, place in given},
            asked.given([" ".join(pair) for pair in given]),
        )
        for given in islice(_cross_section(right, everything), 200)
        if given
        and len({place for _word, place in given}) == len(given)
        and all(word in words and place in places for word, place in given)
    ]
    samples = [sample for sample in samples if _may_be(head, sample[0])]
    candidates = [head, {**head, "whole": True}]
    if head["kind"] == "drag_words":
        candidates.append(_as_menus(asked, head, right, words, places))
    spec, same = fitted(candidates, samples, asked.scores)
    asked.note_scoring(same)
    return spec


def _as_menus(
    asked: Asked,
    head: dict[str, Any],
    right: list[Pair],
    words: Mapping[str, str],
    places: Mapping[str, str],
) -> dict[str, Any]:
    """Build the same with a menu in each gap, where gaps are worth differently."""
    gives = {pair: asked.share([" ".join(pair)]) for pair in product(words, places)}
    tops = [max(gives[word, place] for word in words) for place in places]
    unit = lcm(*(top.denominator for top in tops))
    parts = [
        {
            "id": places[place],
            "asks": "choice",
            "points": min(max(int(top * unit), 0), 1000),
            "layout": "menu",
            "options": [
                {"id": word["id"], "text": word["text"]}
                | specs.said(share=_part_of(gives, words, word["id"], place, top))
                for word in head["words"]
            ],
        }
        for place, top in zip(places, tops, strict=True)
    ]
    shared = ("stem", "passage", "explanation", "outcome")
    kept = {name: head[name] for name in shared if name in head}
    return {"kind": "cloze", "stem": "", **kept, "parts": parts}


def _part_of(
    gives: Mapping[Pair, Fraction],
    words: Mapping[str, str],
    word: str,
    place: str,
    top: Fraction,
) -> str:
    key = next(key for key, name in words.items() if name == word)
    given = gives[key, place]
    return str(given / top) if given > 0 else ""


def _may_be(head: Mapping[str, Any], response: Mapping[str, str]) -> bool:
    """Say whether no word stands in more places than it may."""
    uses = {one["id"]: one["uses"] for one in head.get("words") or head["labels"]}
    used = list(response.values())
    return all(not uses[word] or used.count(word) <= uses[word] for word in used)


def labels(asked: Asked) -> dict[str, Any]:
    element = asked.element
    words = keyed(children(element, "gapText", "gapImg"))
    zones = keyed(children(element, "associableHotspot"))
    picture = asked.picture(element)
    right = right_pairs(asked)
    head = {
        "kind": "image_labels",
        "stem": asked.stem(),
        "picture": picture,
        "labels": _words(asked, words),
        "zones": [
            {
                "id": name,
                **asked.shape(zone, picture),
                "correct": _right_in(key, right, words),
                "group": 1,
                **specs.said(label=(zone.get("hotspotLabel") or "")[:200]),
            }
            for key, (name, zone) in zones.items()
        ],
        **asked.frame(),
    }
    return _placed(asked, head, right, _ids(words), _ids(zones))
