"""Interactions in which something listed is picked: choices, words, areas, an order."""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import combinations, islice, permutations
from typing import Any

from courses.exchange.formats import specs
from courses.exchange.formats.qti.item import Asked, keyed, limit, whole_number
from courses.exchange.formats.qti.scores import Sample, fitted
from courses.exchange.markup import is_empty
from courses.exchange.rules import NotTaken, Trouble
from courses.exchange.xml import Element, child, children, local

ALL_SUBSETS = 6
PICKS = ("whole", "partial", "net", "judged", "one_slip")


def subsets(ids: Sequence[str], correct: Sequence[str]) -> Iterator[list[str]]:
    """Go through what may be picked: all of it if it is little, or a cross-section."""
    if len(ids) <= ALL_SUBSETS:
        for size in range(1, len(ids) + 1):
            yield from (list(one) for one in combinations(ids, size))
        return
    yield list(correct)
    yield from ([one] for one in ids)
    yield from ([one for one in correct if one != gone] for gone in correct)
    yield from ([*correct, one] for one in ids if one not in correct)
    yield from (list(one) for one in islice(combinations(ids, 2), 60))


def choice(asked: Asked) -> dict[str, Any]:
    element = asked.element
    names = keyed(children(element, "simpleChoice"))
    options = [
        {"id": name, "text": asked.body.rich(one)}
        | specs.said(
            feedback=asked.said({"": [key]}) if asked.body.has_feedback else "",
            fixed=one.get("fixed") == "true" and element.get("shuffle") == "true",
        )
        for key, (name, one) in names.items()
    ]
    if len(options) < 2 or any(is_empty(one["text"]) for one in options):  # noqa: PLR2004
        raise NotTaken(Trouble.NO_OPTIONS)
    frame = asked.frame() | specs.said(stem=asked.stem())
    if element.get("shuffle", "false") != "true":
        frame["shuffle"] = False
    ids = {key: name for key, (name, _one) in names.items()}
    if asked.declaration.cardinality == "single":
        return _single(asked, options, ids, frame)
    most = limit(element, "maxChoices", 1)
    head = {"kind": "multiple_choice", **specs.said(most=most)}
    return _picked(asked, head, "options", options, ids) | frame


def _single(
    asked: Asked,
    options: list[dict[str, Any]],
    ids: dict[str, str],
    frame: dict[str, Any],
) -> dict[str, Any]:
    for key in ids:
        asked.scores.expect(asked.given([key]))
    shares = {name: asked.share([key]) for key, name in ids.items()}
    full = [name for name, share in shares.items() if share == 1]
    if not full:
        raise NotTaken(Trouble.NO_KEY)
    plain = set(shares.values()) <= {Fraction(0), Fraction(1)} and len(full) == 1
    if not plain:
        options = [one | {"share": str(shares[one["id"]])} for one in options]
    return {
        "kind": "single_choice",
        "options": options,
        "correct": full[0],
        **frame,
    }


def _picked(
    asked: Asked,
    head: dict[str, Any],
    name: str,
    options: list[dict[str, Any]],
    ids: dict[str, str],
) -> dict[str, Any]:
    """Build what is picked from a list, scored as the rules score it."""
    correct = asked.correct_keys(ids)
    most = head.get("most", 0)
    shares = {ids[key]: _worth(asked, key, correct, most) for key in ids}
    weighed = [one | specs.said(share=_share(shares[one["id"]])) for one in options]
    right = sorted(ids[key] for key in correct)
    head = {"correct": right, "stem": "…", **head}
    candidates = [{**head, name: options, "scoring": scoring} for scoring in PICKS] + [
        {**head, name: weighed, "scoring": "weights"}
    ]
    samples: list[Sample] = [
        ([ids[key] for key in picked], asked.given(picked))
        for picked in subsets(list(ids), correct)
        if not most or len(picked) <= most
    ]
    spec, same = fitted(candidates, samples, asked.scores)
    asked.note_scoring(same)
    return spec


def _worth(asked: Asked, key: str, correct: list[str], most: int) -> Fraction:
    """Return what an option adds: a wrong one shows its price beside the right ones."""
    alone = asked.share([key])
    if key in correct or alone > 0 or (most and len(correct) >= most):
        return alone
    return min(alone, asked.share([*correct, key]) - asked.share(correct))


def _share(share: Fraction) -> str:
    return str(share) if share else ""


def hot_text(asked: Asked) -> dict[str, Any]:
    element = asked.element
    names = keyed(one for one in element.iter() if local(one) == "hottext")
    options = [
        {"id": name, "text": asked.body.rich(one)} for name, one in names.values()
    ]
    if not options:
        raise NotTaken(Trouble.NO_OPTIONS)
    ids = {key: name for key, (name, _one) in names.items()}
    most = min(limit(element, "maxChoices", 1), len(options))
    head = {"kind": "hot_text", "passage": asked.passage(ids), **specs.said(most=most)}
    spec = _picked(asked, head, "options", options, ids)
    return spec | {"stem": asked.stem(), **asked.frame()}


def hotspot(asked: Asked) -> dict[str, Any]:
    element = asked.element
    names = keyed(children(element, "hotspotChoice"))
    picture = asked.picture(element)
    areas = [
        {"id": name, **asked.shape(one, picture)}
        | specs.said(label=(one.get("hotspotLabel") or "")[:200])
        for name, one in names.values()
    ]
    if not areas:
        raise NotTaken(Trouble.NO_OPTIONS)
    ids = {key: name for key, (name, _one) in names.items()}
    most = min(limit(element, "maxChoices", 1), len(areas))
    if asked.declaration.cardinality == "single":
        most = 1
    head = {"kind": "hotspot", "picture": picture, "most": most}
    spec = _picked(asked, head, "areas", areas, ids)
    return spec | {"stem": asked.stem(), **asked.frame()}


ORDER_SCORINGS = (
    "whole",
    "absolute",
    "following",
    "following_with_last",
    "neighbours",
    "pairs",
    "longest_order",
    "longest_run",
    "distance",
)


def order(asked: Asked) -> dict[str, Any]:
    element = asked.element
    names = keyed(children(element, "simpleChoice"))
    right = [str(item) for item in asked.declaration.correct.items]
    if not right:
        raise NotTaken(Trouble.NO_KEY)
    if set(right) != set(names) or len(right) < 2:  # noqa: PLR2004
        # Only some of the options are to be put in order: no type of ours asks that.
        raise NotTaken(Trouble.KIND_NOT_SUPPORTED, "orderInteraction")
    options = [
        {"id": names[key][0], "text": asked.body.rich(names[key][1])} for key in right
    ]
    across = element.get("orientation") == "horizontal"
    head = {"kind": "ordering", "stem": asked.stem(), "options": options}
    head |= specs.said(across=across) | asked.frame()
    orders = islice(permutations(right), 120)
    samples: list[Sample] = [
        ([names[key][0] for key in given], asked.given(given)) for given in orders
    ]
    spec, same = fitted(
        [{**head, "scoring": scoring} for scoring in ORDER_SCORINGS],
        samples,
        asked.scores,
    )
    asked.note_scoring(same)
    return spec


def slider(asked: Asked) -> dict[str, Any]:
    element = asked.element
    low, high = (
        specs.number(element.get(end, "0")) for end in ("lowerBound", "upperBound")
    )
    step = specs.number(element.get("step") or "1")
    texts = _numbers_of(asked)
    answers = [
        {"value": specs.number(text), "tolerance": "0", "share": str(share)}
        for text in texts
        if (share := asked.share([text])) > 0
    ]
    if not answers:
        raise NotTaken(Trouble.NO_KEY)
    spec = {
        "kind": "numerical",
        "stem": asked.stem(),
        "answers": answers,
        "slider": {"low": low, "high": high, "step": step},
        **asked.frame(),
    }
    spread = range(int(Fraction(low)), int(Fraction(high)) + 1)
    samples: list[Sample] = [
        (str(at), asked.given([str(at)])) for at in islice(spread, 200)
    ]
    _spec, same = fitted([spec], samples, asked.scores)
    asked.note_scoring(same)
    return spec


def _numbers_of(asked: Asked) -> list[str]:
    declared = asked.declaration
    found = [*declared.correct.items]
    if declared.mapping is not None:
        found += [entry.key for entry in declared.mapping.entries]
    return list(
        dict.fromkeys(
            str(float(one)) if one.denominator > 1 else str(one) for one in found
        )
    )


def file_upload(asked: Asked) -> dict[str, Any]:
    most = whole_number(asked.element.get("maxChoices"), 1)
    return {
        "kind": "file_upload",
        "stem": asked.stem(),
        "most_files": min(max(most, 1), 20),
        **asked.frame(),
        **specs.said(guide="".join(asked.body.guides)),
    }


def essay(asked: Asked) -> dict[str, Any]:
    element = asked.element
    rich = element.get("format") == "xhtml"
    key = "<br>".join(
        specs.escaped(str(one)) for one in asked.declaration.correct.items
    )
    guide = "".join([*asked.body.guides, f"<p>{key}</p>" if key else ""])
    lines = whole_number(element.get("expectedLines"), 15)
    return {
        "kind": "essay",
        "stem": asked.stem(),
        "input": "rich" if rich else "plain",
        "lines": min(max(lines, 1), 100),
        **asked.frame(),
        **specs.said(guide=guide),
    }


def markers(asked: Asked) -> dict[str, Any]:
    """Points set on a picture: by one who selects, or by an object that is moved."""
    element = asked.element
    areas = asked.declaration.areas
    if areas is None or not areas.areas:
        raise NotTaken(Trouble.NO_KEY)
    stage = asked.stage(element)
    picture = asked.picture(stage)
    total = max(asked.scores.most, Fraction(0), *(one.gives for one in areas.areas))
    if not total:
        raise NotTaken(Trouble.NO_KEY)
    label = _label(element)
    targets = [
        {
            "id": f"t{number}",
            "marker": "m1",
            "share": str(min(max(one.gives / total, Fraction(-1)), Fraction(1))),
            **asked.area(one.shape, one.coords, picture),
        }
        for number, one in enumerate(areas.areas, 1)
    ]
    uses = min(max(limit(element, "maxChoices", 1), len(targets)), 10)
    return {
        "kind": "markers",
        "stem": asked.stem(),
        "picture": picture,
        "markers": [{"id": "m1", "label": label, "uses": uses}],
        "targets": targets,
        **asked.frame(),
    }


def _label(element: Element) -> str:
    moved = child(element, "object") if local(element).startswith("position") else None
    words = "" if moved is None else " ".join("".join(moved.itertext()).split())
    return words[:200] or "●"
