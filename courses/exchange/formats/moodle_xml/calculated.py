"""Moodle's calculated questions: formulas, and the values they are worked out from."""

from typing import Any

from courses.exchange.formats import specs
from courses.exchange.formats.moodle_xml.simple import kept_order, units_of
from courses.exchange.formats.moodle_xml.texts import Question, share_of, value_of
from courses.exchange.rules import NotTaken, Trouble
from courses.exchange.xml import Element, child, children

TOLERANCES = {"1": "relative", "2": "absolute", "3": "geometric"}
PLACES = {"1": "decimals", "2": "significant"}
MOST_ROWS = 200


def calculated(question: Question) -> dict[str, Any]:
    answers = [
        {
            "formula": value_of(answer, "text"),
            "tolerance": specs.number(value_of(answer, "tolerance") or "0"),
            "by": TOLERANCES.get(value_of(answer, "tolerancetype"), "relative"),
            "share": str(share_of(answer)),
            **specs.said(feedback=question.rich(child(answer, "feedback"))),
            **_places(answer),
        }
        for answer in question.all("answer")
        if value_of(answer, "text") not in ("", "*")
    ]
    if not any(answer["share"] == "1" for answer in answers):
        raise NotTaken(Trouble.WRONG_WEIGHTS if answers else Trouble.NO_KEY)
    return {
        "kind": "calculated",
        "stem": question.stem,
        "variables": _variables(question),
        "answers": answers,
        **specs.said(units=units_of(question)),
        **question.frame(),
    }


def calculatedmulti(question: Question) -> dict[str, Any]:
    single = question.is_on("single", True)
    frame = question.frame() | kept_order(question)
    spec = specs.choice(question.stem, question.answers(), single=single, **frame)
    first = next(iter(question.all("answer")))
    right = spec["correct"]
    return spec | {
        "kind": "calculated_choice",
        "variables": _variables(question),
        "correct": [right] if single else right,
        "scoring": "weights",
        **specs.said(several=not single),
        **_places(first),
    }


def _places(answer: Element) -> dict[str, Any]:
    given = value_of(answer, "correctanswerlength")
    return {
        "places": min(int(given[:3]), 12) if given.isdecimal() else 2,
        "places_by": PLACES.get(value_of(answer, "correctanswerformat"), "decimals"),
    }


def _variables(question: Question) -> list[dict[str, Any]]:
    listed = child(question.element, "dataset_definitions")
    found = [] if listed is None else list(children(listed, "dataset_definition"))
    variables = [_variable(one) for one in found]
    if not variables:
        raise NotTaken(Trouble.WRONG_NUMBER)
    rows = min(len(one["values"]) for one in variables)
    if not rows:
        raise NotTaken(Trouble.WRONG_NUMBER)
    for one in variables:
        one["values"] = one["values"][: min(rows, MOST_ROWS)]
    return variables


def _number(row: Element) -> int:
    given = value_of(row, "number")[:6]
    return int(given) if given.isdecimal() else 0


def _variable(element: Element) -> dict[str, Any]:
    items = child(element, "dataset_items")
    rows = [] if items is None else list(children(items, "dataset_item"))
    rows.sort(key=_number)
    decimals = value_of(element, "decimals")
    uneven = value_of(element, "distribution") == "loguniform"
    return {
        "name": value_of(element, "name"),
        "values": [specs.number(value_of(row, "value")) for row in rows],
        **specs.said(
            low=specs.number(value_of(element, "minimum") or "0"),
            high=specs.number(value_of(element, "maximum") or "0"),
            decimals=min(int(decimals[:2]), 12) if decimals.isdecimal() else 0,
            distribution="loguniform" if uneven else "",
        ),
    }
