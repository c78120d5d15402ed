"""What each kind of ours is in Moodle's terms."""

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from html import escape
from typing import Any

from lxml import etree

from courses.exchange.formats.moodle_xml.picture_bodies import (
    hotspot,
    image_labels,
    markers,
    shuffle,
)
from courses.exchange.markup import to_plain

PLACES = Decimal("0.0000001")


def percent(share: Any) -> str:
    """Write a share as Moodle does: 33.33333."""
    exact = Fraction(share) * 100
    rounded = Decimal(exact.numerator) / Decimal(exact.denominator)
    return f"{rounded.quantize(Decimal('0.00001')).normalize():f}"


def decimal(share: Any) -> str:
    exact = Fraction(share)
    found = (Decimal(exact.numerator) / Decimal(exact.denominator)).quantize(PLACES)
    return f"{found.normalize():f}"


def stem_of(spec: dict[str, Any]) -> str:
    """Return what Moodle shows as the question, its gaps in Moodle's spelling."""
    kind, stem = spec["kind"], spec.get("stem", "")
    passage = spec.get("passage", "")
    if kind == "cloze":
        for part in spec["parts"]:
            passage = passage.replace(f"[[{part['id']}]]", blank(part))
    elif kind == "drag_words":
        numbers = {word["id"]: n for n, word in enumerate(spec["words"], 1)}
        for gap in spec["gaps"]:
            place = f"[[{numbers[gap['correct'][0]]}]]"
            passage = passage.replace(f"[[{gap['id']}]]", place)
    elif kind == "hot_text":
        for option in spec["options"]:
            passage = passage.replace(f"[[{option['id']}]]", f"<u>{option['text']}</u>")
    return f"{stem}{passage}"


def marks(text: str) -> str:
    """Escape what means something inside a blank."""
    for mark in ("\\", "}", "#", "~", "/", '"'):
        text = text.replace(mark, f"\\{mark}")
    return text


LAYOUTS = {
    ("menu", False): "MULTICHOICE",
    ("row", False): "MULTICHOICE_H",
    ("column", False): "MULTICHOICE_V",
    ("row", True): "MULTIRESPONSE_H",
    ("column", True): "MULTIRESPONSE",
}


def blank(part: dict[str, Any]) -> str:
    asks = part["asks"]
    if asks == "choice":
        kind = LAYOUTS[part.get("layout", "menu"), bool(part.get("several"))]
        kind += "S" if part.get("shuffle") and kind[-2] == "_" else ""
        kind += "_S" if part.get("shuffle") and not kind.endswith("S") else ""
        pieces = [
            (one.get("share", "0"), marks(one["text"]), one.get("feedback", ""))
            for one in part["options"]
        ]
    elif asks == "number":
        kind = "NUMERICAL"
        pieces = [
            (
                one.get("share", "1"),
                "*" if one["value"] is None else f"{one['value']}:{one['tolerance']}",
                one.get("feedback", ""),
            )
            for one in part["answers"]
        ]
    else:
        kind = "SHORTANSWER" if part.get("ignore_case", True) else "SHORTANSWER_C"
        pieces = [
            (share, marks(escape(text, quote=False)), feedback)
            for text, share, feedback in wordings(part)
        ]
    written = "~".join(
        f"%{percent(share)}%{text}{'#' + marks(feedback) if feedback else ''}"
        for share, text, feedback in pieces
    )
    return f"{{{part.get('points', 1)}:{kind}:{written}}}"


def wordings(part: dict[str, Any]) -> list[tuple[str, str, str]]:
    if "accepted" in part:
        return [(text, "1", "") for text in part["accepted"]]
    return [
        (one["pattern"], one.get("share", "1"), one.get("feedback", ""))
        for one in part["answers"]
    ]


def shares_of(spec: dict[str, Any]) -> dict[str, Fraction]:
    """Return what each option gives; what a rule of ours takes off is told as well as
    Moodle can say it."""
    correct = spec["correct"]
    right = [correct] if isinstance(correct, str) else list(correct)
    given = {one["id"]: one.get("share") for one in spec["options"]}
    if any(share is not None for share in given.values()):
        return {key: Fraction(share or 0) for key, share in given.items()}
    each = Fraction(1, len(right))
    wrong = -each if spec.get("scoring") == "net" else Fraction(0)
    return {key: each if key in right else wrong for key in given}


def choice(question: Any) -> None:
    spec = question.spec
    single = spec["kind"] == "single_choice" or (
        spec["kind"] == "calculated_choice" and not spec.get("several")
    )
    question.plain("single", str(single).lower())
    shuffle(question)
    question.plain("answernumbering", "ABCD")
    shares = shares_of(spec)
    for option in spec["options"]:
        answer = question.answer(
            option["text"], percent(shares[option["id"]]), option.get("feedback", "")
        )
        if spec["kind"] == "calculated_choice":
            _places(answer, spec)


def true_false(question: Any) -> None:
    spec = question.spec
    for said in (True, False):
        question.answer(
            str(said).lower(),
            "100" if spec["correct"] is said else "0",
            spec.get(f"feedback_{str(said).lower()}", ""),
            is_rich=False,
        )


def statements(question: Any) -> None:
    spec = question.spec
    shuffle(question)
    scoring = {"whole": "mtfonezero", "one_slip": "kprime"}
    question.named(
        question.element, "scoringmethod", scoring.get(spec["scoring"], "subpoints")
    )
    question.plain("numberofrows", len(spec["statements"]))
    question.plain("numberofcolumns", 2)
    for number, row in enumerate(spec["statements"], 1):
        child = etree.SubElement(question.element, "row", number=str(number))
        question.rich(child, "rowtext", row["text"])
        question.rich(child, "feedbacktext", row.get("feedback", ""))
    words = (spec.get("true_word") or "Đúng", spec.get("false_word") or "Sai")
    for number, word in enumerate(words, 1):
        child = etree.SubElement(question.element, "column", number=str(number))
        question.named(child, "responsetext", word)
    for number, row in enumerate(spec["statements"], 1):
        for column, said in ((1, True), (2, False)):
            weight = etree.SubElement(
                question.element,
                "weight",
                rownumber=str(number),
                columnnumber=str(column),
            )
            value = etree.SubElement(weight, "value")
            value.text = "1.000" if row["correct"] is said else "0.000"


def short_answer(question: Any) -> None:
    spec = question.spec
    question.plain("usecase", 0 if spec.get("ignore_case", True) else 1)
    for text, share, feedback in wordings(spec):
        question.answer(text, percent(share), feedback, is_rich=False)


def numerical(question: Any) -> None:
    for one in question.spec["answers"]:
        value = "*" if one["value"] is None else one["value"]
        answer = question.answer(
            value,
            percent(one.get("share", "1")),
            one.get("feedback", ""),
            is_rich=False,
        )
        etree.SubElement(answer, "tolerance").text = _tolerance(one)
    _units(question)


def _tolerance(answer: dict[str, Any]) -> str:
    """Moodle knows only how far off a number may be; the other ways are worked out."""
    tolerance = Fraction(answer["tolerance"])
    if answer["by"] == "absolute" or answer["value"] is None:
        return str(answer["tolerance"])
    if answer["by"] in ("relative", "geometric"):
        return decimal(abs(Fraction(answer["value"])) * tolerance)
    if answer["by"] == "decimals":
        return decimal(Fraction(1, 2) / 10 ** int(tolerance))
    return "0"


def _units(question: Any) -> None:
    units = question.spec.get("units") or {}
    graded = {"graded": "1" if units.get("penalty_of") == "response" else "2"}
    question.plain("unitgradingtype", graded.get(units.get("policy", ""), "0"))
    question.plain("unitpenalty", decimal(units.get("penalty", "1")))
    shown = "3" if not units else "1" if units.get("input") == "choice" else "0"
    question.plain("showunits", shown)
    question.plain("unitsleft", int(units.get("before", False)))
    if units:
        listed = etree.SubElement(question.element, "units")
        for unit in units["units"]:
            child = etree.SubElement(listed, "unit")
            etree.SubElement(child, "multiplier").text = unit["factor"]
            etree.SubElement(child, "unit_name").text = unit["name"]


def matching(question: Any) -> None:
    spec = question.spec
    shuffle(question)
    names = {one["id"]: to_plain(one["text"]) for one in spec["options"]}
    used = set()
    for row in spec["rows"]:
        for key in row["correct"]:
            used.add(key)
            _pair(question, row["text"], names[key])
    for key, name in names.items():
        if key not in used:
            _pair(question, "", name)


def association(question: Any) -> None:
    shuffle(question)
    texts = {one["id"]: one["text"] for one in question.spec["options"]}
    for one, other in question.spec["correct"]:
        _pair(question, texts[one], to_plain(texts[other]))


def _pair(question: Any, row: str, name: str) -> None:
    child = question.rich(question.element, "subquestion", row)
    question.named(child, "answer", name)


ORDER_SCORINGS = {
    "whole": "ALL_OR_NOTHING",
    "absolute": "ABSOLUTE_POSITION",
    "following": "RELATIVE_NEXT_EXCLUDE_LAST",
    "following_with_last": "RELATIVE_NEXT_INCLUDE_LAST",
    "neighbours": "RELATIVE_ONE_PREVIOUS_AND_NEXT",
    "pairs": "RELATIVE_ALL_PREVIOUS_AND_NEXT",
    "longest_order": "LONGEST_ORDERED_SUBSET",
    "longest_run": "LONGEST_CONTIGUOUS_SUBSET",
    "distance": "RELATIVE_TO_CORRECT",
}


def ordering(question: Any) -> None:
    spec = question.spec
    question.plain("layouttype", "HORIZONTAL" if spec.get("across") else "VERTICAL")
    question.plain("selecttype", "ALL")
    question.plain("gradingtype", ORDER_SCORINGS[spec["scoring"]])
    for number, option in enumerate(spec["options"], 1):
        question.answer(option["text"], str(number))


def drag_words(question: Any) -> None:
    spec = question.spec
    shuffle(question)
    menu = spec.get("display") == "menu"
    for word in spec["words"]:
        name = "selectoption" if menu else "dragbox"
        child = etree.SubElement(question.element, name)
        text = to_plain(word["text"]) if menu else word["text"]
        etree.SubElement(child, "text").text = text
        etree.SubElement(child, "group").text = str(word["group"])
        if not menu and not word["uses"]:
            etree.SubElement(child, "infinite")


TOLERANCES = {"relative": "1", "absolute": "2", "geometric": "3"}


def calculated(question: Any) -> None:
    for one in question.spec["answers"]:
        answer = question.answer(
            one["formula"],
            percent(one.get("share", "1")),
            one.get("feedback", ""),
            is_rich=False,
        )
        etree.SubElement(answer, "tolerance").text = one["tolerance"]
        by = TOLERANCES.get(one["by"], "2")
        etree.SubElement(answer, "tolerancetype").text = by
        _places(answer, one)
    _units(question)
    _variables(question)


def calculated_choice(question: Any) -> None:
    choice(question)
    _variables(question)


def _places(answer: Any, spec: dict[str, Any]) -> None:
    by = "2" if spec.get("places_by") == "significant" else "1"
    etree.SubElement(answer, "correctanswerformat").text = by
    etree.SubElement(answer, "correctanswerlength").text = str(spec.get("places", 2))


def _variables(question: Any) -> None:
    listed = etree.SubElement(question.element, "dataset_definitions")
    for variable in question.spec["variables"]:
        child = etree.SubElement(listed, "dataset_definition")
        for name, text in (
            ("status", "private"),
            ("name", variable["name"]),
            ("type", "calculated"),
            ("distribution", variable.get("distribution", "uniform")),
            ("minimum", variable.get("low", "0")),
            ("maximum", variable.get("high", "0")),
            ("decimals", str(variable.get("decimals", 0))),
        ):
            if name == "type":
                etree.SubElement(child, "type").text = text
            else:
                question.named(child, name, text)
        etree.SubElement(child, "itemcount").text = str(len(variable["values"]))
        items = etree.SubElement(child, "dataset_items")
        for number, value in enumerate(variable["values"], 1):
            item = etree.SubElement(items, "dataset_item")
            etree.SubElement(item, "number").text = str(number)
            etree.SubElement(item, "value").text = value


ESSAY_FORMATS = {
    "rich": "editor",
    "plain": "plain",
    "monospaced": "monospaced",
    "none": "noinline",
}


def essay(question: Any) -> None:
    spec = question.spec
    upload = spec["kind"] == "file_upload"
    kind = "none" if upload else spec.get("input", "plain")
    files = spec.get("most_files", 1 if upload else 0)
    question.plain("responseformat", ESSAY_FORMATS[kind])
    question.plain("responserequired", 1)
    question.plain("responsefieldlines", spec.get("lines", 15))
    question.plain("minwordlimit", spec.get("fewest_words", "") or "")
    question.plain("maxwordlimit", spec.get("most_words", "") or "")
    question.plain("attachments", files)
    question.plain("attachmentsrequired", 1 if upload else spec.get("fewest_files", 0))
    question.plain("filetypeslist", ",".join(spec.get("file_types", ())))
    question.rich(question.element, "graderinfo", spec.get("guide", ""))
    question.rich(question.element, "responsetemplate", spec.get("template", ""))


def nothing(_question: Any) -> None:
    """The head says it all."""


BODIES: dict[str, Callable[[Any], None]] = {
    "single_choice": choice,
    "multiple_choice": choice,
    "hot_text": choice,
    "true_false": true_false,
    "statements": statements,
    "short_answer": short_answer,
    "numerical": numerical,
    "matching": matching,
    "association": association,
    "ordering": ordering,
    "cloze": nothing,
    "drag_words": drag_words,
    "image_labels": image_labels,
    "markers": markers,
    "hotspot": hotspot,
    "calculated": calculated,
    "calculated_choice": calculated_choice,
    "essay": essay,
    "file_upload": essay,
    "description": nothing,
}
