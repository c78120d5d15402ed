"""Interactions in which something is written, and passages with several of them."""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from math import lcm
from typing import Any

from courses.exchange.formats import specs
from courses.exchange.formats.qti.choosing import choice
from courses.exchange.formats.qti.item import BLANK, Asked, keyed
from courses.exchange.formats.qti.processing import kept
from courses.exchange.formats.qti.scores import Sample, fitted
from courses.exchange.formats.qti.values import Value
from courses.exchange.markup import is_empty
from courses.exchange.rules import Note, NotTaken, Trouble
from courses.exchange.xml import children, local, text_of

NUMERIC = ("integer", "float")
MOST_POINTS = 1000


def text_entry(asked: Asked) -> dict[str, Any]:
    """One line to write: words or a number."""
    part = text_part(asked)
    head = {"stem": _blanked(asked), **asked.frame()}
    answers = part.get("answers", [])
    full = "accepted" in part or any(one["share"] == "1" for one in answers)
    if not full:
        raise NotTaken(Trouble.NO_KEY)
    kind = "numerical" if part["asks"] == "number" else "short_answer"
    told = {name: value for name, value in part.items() if name != "asks"}
    return {"kind": kind, **head, **told}


def _blanked(asked: Asked) -> str:
    stem = asked.body.stem(lambda _element, _number: BLANK)
    if not stem:
        raise NotTaken(Trouble.NO_STEM)
    return stem


def text_part(asked: Asked) -> dict[str, Any]:
    texts = _texts_of(asked)
    for text in texts:
        asked.scores.expect({**asked.scores.correct, **asked.given([text])})
    if asked.declaration.base in NUMERIC:
        return _number_part(asked, texts)
    return _word_part(asked, texts)


def _texts_of(asked: Asked) -> list[str]:
    """Gather the texts that could be right: key, mapping, what the rules compare."""
    declared = asked.declaration
    found = [*declared.correct.items]
    if declared.mapping is not None:
        found += [entry.key for entry in declared.mapping.entries]
    base = declared.base
    for element in kept(asked.scores.rules):
        if local(element) == "baseValue" and element.get("baseType") == base:
            found += Value(base, "single", (text_of(element),)).items
    return list(dict.fromkeys(_written(one) for one in found))[:50]


def _written(item: Any) -> str:
    if isinstance(item, Fraction):
        exact = Decimal(item.numerator) / Decimal(item.denominator)
        return f"{exact:f}"
    return str(item)


def _part_share(asked: Asked, text: str) -> Fraction:
    """Return what a text gives this part, when the other parts are right or blank."""
    alone = asked.share([text]) - asked.scores.share({})
    if alone > 0:
        return min(alone / (asked.extra.get("weight") or 1), Fraction(1))
    full = asked.scores.share({**asked.scores.correct, **asked.given([text])})
    # Where only the whole counts, a part is right if the whole is with it.
    return Fraction(full == 1 and asked.extra.get("weight") is not None)


def _word_part(asked: Asked, texts: list[str]) -> dict[str, Any]:
    shares = {text: _part_share(asked, text) for text in texts if text.strip()}
    right = {text: share for text, share in shares.items() if share > 0}
    if not right:
        raise NotTaken(Trouble.NO_KEY)
    best = max(right.values())
    cased = any(
        _part_share(asked, text.swapcase()) != share
        for text, share in right.items()
        if text.swapcase() != text
    )
    if not cased:
        by_fold = {text.casefold(): (text, share) for text, share in right.items()}
        right = dict(by_fold.values())
    answers = [
        specs.Answer(" ".join(text.split()), specs.nicest(share / best))
        for text, share in sorted(right.items(), key=lambda one: -one[1])
    ]
    return {"asks": "text", **specs.wordings(answers), "ignore_case": not cased}


def _number_part(asked: Asked, texts: list[str]) -> dict[str, Any]:
    tolerance, by = _tolerance(asked)
    shares = {}
    for text in texts:
        try:
            shares[specs.number(text)] = _part_share(asked, text)
        except NotTaken:
            continue
    right = {text: share for text, share in shares.items() if share > 0}
    if not right:
        raise NotTaken(Trouble.NO_KEY)
    best = max(right.values())
    answers = [
        {
            "value": text,
            "tolerance": tolerance,
            "by": by,
            "share": str(specs.nicest(share / best)),
        }
        for text, share in sorted(right.items(), key=lambda one: -one[1])
    ]
    return {"asks": "number", "answers": answers}


def _tolerance(asked: Asked) -> tuple[str, str]:
    """Return the tolerance that the rules compare with, for all values alike."""
    for element in kept(asked.scores.rules):
        mode = element.get("toleranceMode", "exact")
        if local(element) == "equal" and mode in ("absolute", "relative"):
            first = (element.get("tolerance") or "0").split()[0]
            exact = Decimal(specs.number(first))
            if mode == "absolute":
                return str(exact), "absolute"
            return str(exact / 100), "relative"
    return "0", "absolute"


def cloze(askeds: list[Asked]) -> dict[str, Any]:
    """Several things to write or choose in one passage."""
    first = askeds[0]
    weights = _weights(askeds)
    parts = []
    for number, asked in enumerate(askeds, 1):
        asked.extra["weight"] = weights[number - 1]
        parts.append({"id": f"p{number}", "points": 1, **_part(asked)})
    _give_points(parts, weights, first)
    numbers = {id(asked.element): number for number, asked in enumerate(askeds, 1)}

    def place(element: Any, _number: int) -> str:
        gap = f"[[p{numbers[id(element)]}]]"
        if local(element) == "choiceInteraction":
            return f"{first.body.prompt(element)}<p>{gap}</p>"
        return gap

    passage = first.body.stem(place)
    spec = {
        "kind": "cloze",
        "stem": "",
        "passage": passage,
        "parts": parts,
        **first.frame(),
    }
    _spec, same = fitted([spec], _samples(askeds, parts), first.scores)
    first.note_scoring(same)
    return spec


def _weights(askeds: list[Asked]) -> list[Fraction]:
    """Return the share of the whole that each part gives by itself."""
    scores = askeds[0].scores
    for asked in askeds:
        if asked.declaration.correct.is_null and asked.declaration.mapping is None:
            raise NotTaken(Trouble.NO_KEY, asked.declaration.identifier)
    best = {asked.declaration.identifier: _best(asked) for asked in askeds}
    scores.expect(best)
    alone = [scores.share({name: value}) for name, value in best.items()]
    if all(share > 0 for share in alone) and sum(alone) == 1:
        return alone
    return [Fraction(1, len(askeds))] * len(askeds)


def _best(asked: Asked) -> Value:
    declared = asked.declaration
    if not declared.correct.is_null or declared.mapping is None:
        return declared.correct
    entries = declared.mapping.entries
    keys = [one.key for one in entries if one.gives > 0]
    if declared.cardinality == "single" and entries:
        keys = [max(entries, key=lambda one: one.gives).key]
    return Value(declared.base, declared.cardinality, tuple(keys))


def _part(asked: Asked) -> dict[str, Any]:
    kind = local(asked.element)
    if kind == "textEntryInteraction":
        return text_part(asked)
    if kind == "inlineChoiceInteraction":
        return _menu(asked)
    spec = choice(asked)
    several = spec["kind"] == "multiple_choice"
    right = spec["correct"] if several else [spec["correct"]]
    equal = str(Fraction(1, len(right)))
    options = [
        {"id": one["id"], "text": one["text"]}
        | specs.said(
            feedback=one.get("feedback", ""),
            share=equal if one["id"] in right else "",
        )
        for one in spec["options"]
    ]
    shuffle = spec.get("shuffle", True)
    return {
        "asks": "choice",
        "options": options,
        "layout": "column",
        **specs.said(several=several, shuffle=shuffle),
    }


def _menu(asked: Asked) -> dict[str, Any]:
    names = keyed(children(asked.element, "inlineChoice"))
    shares = {key: _part_share(asked, key) for key in names}
    best = max(shares.values(), default=Fraction(0))
    if best <= 0:
        raise NotTaken(Trouble.NO_KEY)
    options = [
        {"id": name, "text": asked.body.rich(one)}
        | specs.said(
            share=str(specs.nicest(shares[key] / best)) if shares[key] > 0 else ""
        )
        for key, (name, one) in names.items()
    ]
    if any(is_empty(one["text"]) for one in options):
        raise NotTaken(Trouble.NO_OPTIONS)
    shuffle = asked.element.get("shuffle") == "true"
    return {"asks": "choice", "options": options, "layout": "menu"} | specs.said(
        shuffle=shuffle
    )


def _give_points(
    parts: list[dict[str, Any]], weights: list[Fraction], asked: Asked
) -> None:
    unit = lcm(*(weight.denominator for weight in weights))
    points = [int(weight * unit) for weight in weights]
    if max(points) > MOST_POINTS:
        asked.body.album.notes.add(Note.SCORING_DIFFERS)
        return
    for part, point in zip(parts, points, strict=True):
        part["points"] = point


def _samples(askeds: list[Asked], parts: list[dict[str, Any]]) -> list[Sample]:
    """The whole key, and each part of it alone."""
    pairs = [
        (part["id"], _said(asked, part), asked.declaration.identifier, _best(asked))
        for asked, part in zip(askeds, parts, strict=True)
    ]
    whole: Mapping[str, Any] = {part: said for part, said, _name, _value in pairs}
    samples: list[Sample] = [(whole, {name: value for _p, _s, name, value in pairs})]
    samples += [({part: said}, {name: value}) for part, said, name, value in pairs]
    return samples


def _said(asked: Asked, part: Mapping[str, Any]) -> Any:
    best = _best(asked)
    if part["asks"] != "choice":
        return _written(best.one) if not best.is_null else ""
    tags = children(asked.element, "simpleChoice", "inlineChoice")
    names = {key: name for key, (name, _one) in keyed(tags).items()}
    picked = [names[str(item)] for item in best.items if str(item) in names]
    if part.get("several"):
        return picked
    return picked[0] if picked else ""
