"""What each kind of ours is in QTI's terms: declarations, interactions, rules."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from lxml import etree

from courses.exchange.formats.moodle_xml.bodies import decimal, shares_of, wordings
from courses.exchange.formats.qti.building import (
    Item,
    Spec,
    add_blocks,
    add_choice,
    add_html,
    declare_pairs,
    identifier,
    shuffled,
)
from courses.exchange.formats.qti.picture_bodies import hotspot, image_labels, markers
from courses.exchange.markup import to_plain
from courses.exchange.xml import Element, writable
from courses.items.passages import pieces_of
from courses.items.types import parse


def build(root: Element, spec: Spec) -> None:
    """Fill an empty ``assessmentItem``."""
    made = Item(root, spec)
    KINDS[spec["kind"]](made)
    made.finish()


def single_choice(made: Item) -> None:
    spec = made.spec
    shares = {identifier(key): share for key, share in shares_of(dict(spec)).items()}
    weighed = any(share not in (0, 1) for share in shares.values())
    full = sum(share == 1 for share in shares.values()) > 1
    mapped = weighed or full
    made.declare(
        "single",
        "identifier",
        [identifier(spec["correct"])],
        gives=shares if mapped else None,
    )
    made.stem()
    element = made.interaction("choice", shuffle=shuffled(spec), maxChoices="1")
    for option in spec["options"]:
        add_choice(element, "simpleChoice", option["id"], option["text"])
    made.by_template("map_response" if mapped else "match_correct")


def multiple_choice(made: Item) -> None:
    spec = made.spec
    shares = {identifier(key): share for key, share in shares_of(dict(spec)).items()}
    whole = spec.get("scoring") == "whole"
    correct = [identifier(key) for key in spec["correct"]]
    made.declare("multiple", "identifier", correct, gives=None if whole else shares)
    made.stem()
    most = str(spec.get("most", 0))
    element = made.interaction("choice", shuffle=shuffled(spec), maxChoices=most)
    for option in spec["options"]:
        add_choice(element, "simpleChoice", option["id"], option["text"])
    made.by_template("match_correct" if whole else "map_response")


def true_false(made: Item) -> None:
    said = str(made.spec["correct"]).lower()
    made.declare("single", "identifier", [said])
    made.stem()
    element = made.interaction("choice", shuffle="false", maxChoices="1")
    for key, word in (("true", "Đúng"), ("false", "Sai")):
        add_choice(element, "simpleChoice", key, word)
    made.by_template("match_correct")


def _match(made: Item, rows: list[Any], options: list[Any], several: bool) -> None:
    made.stem()
    element = made.interaction("match", shuffle="false", maxAssociations="0")
    for listed, most in ((rows, "0" if several else "1"), (options, "0")):
        one = etree.SubElement(element, "simpleMatchSet")
        for key, text in listed:
            add_choice(one, "simpleAssociableChoice", key, text, matchMax=most)


def statements(made: Item) -> None:
    spec = made.spec
    pairs = [
        f"{identifier(one['id'])} {'true' if one['correct'] else 'false'}"
        for one in spec["statements"]
    ]
    declare_pairs(made, pairs, spec["scoring"] == "whole", "directedPair")
    words = [
        ("true", spec.get("true_word") or "Đúng"),
        ("false", spec.get("false_word") or "Sai"),
    ]
    _match(made, [(one["id"], one["text"]) for one in spec["statements"]], words, False)


def matching(made: Item) -> None:
    spec = made.spec
    pairs = [
        f"{identifier(row['id'])} {identifier(key)}"
        for row in spec["rows"]
        for key in row["correct"]
    ]
    gives = {
        " ".join(identifier(end) for end in pair.split("|")): Fraction(share)
        for pair, share in spec.get("weights", {}).items()
    }
    declare_pairs(
        made, pairs, spec["scoring"] == "whole", "directedPair", gives or None
    )
    rows = [(row["id"], row["text"]) for row in spec["rows"]]
    options = [(one["id"], one["text"]) for one in spec["options"]]
    _match(made, rows, options, bool(spec.get("several")))


def association(made: Item) -> None:
    spec = made.spec
    pairs = [f"{identifier(one)} {identifier(two)}" for one, two in spec["correct"]]
    declare_pairs(made, pairs, spec["scoring"] == "whole", "pair")
    made.stem()
    element = made.interaction(
        "associate", shuffle=shuffled(spec), maxAssociations=str(spec.get("most", 0))
    )
    for one in spec["options"]:
        add_choice(
            element, "simpleAssociableChoice", one["id"], one["text"], matchMax="0"
        )


def ordering(made: Item) -> None:
    spec = made.spec
    made.declare(
        "ordered", "identifier", [identifier(o["id"]) for o in spec["options"]]
    )
    made.stem()
    element = made.interaction("order", shuffle="true")
    for option in sorted(spec["options"], key=lambda one: to_plain(one["text"])):
        add_choice(element, "simpleChoice", option["id"], option["text"])
    made.by_template("match_correct")


def short_answer(made: Item) -> None:
    spec = made.spec
    gives = {text: Fraction(share) for text, share, _said in wordings(dict(spec))}
    best = max(gives, key=lambda text: gives[text])
    cased = not spec.get("ignore_case", True)
    made.declare("single", "string", [best], gives=gives, cased=cased)
    made.stem()
    line = etree.SubElement(made.body, "p")
    etree.SubElement(line, "textEntryInteraction", responseIdentifier="RESPONSE")
    made.by_template("map_response")


def numerical(made: Item) -> None:
    answers = [one for one in made.spec["answers"] if one["value"] is not None]
    _number(made, [(one["value"], _width(one), one["share"]) for one in answers])
    slider = made.spec.get("slider")
    made.stem()
    if slider:
        made.interaction(
            "slider",
            lowerBound=slider["low"],
            upperBound=slider["high"],
            step=slider["step"],
        )
        return
    line = etree.SubElement(made.body, "p")
    etree.SubElement(line, "textEntryInteraction", responseIdentifier="RESPONSE")


def _width(answer: Spec) -> str:
    tolerance = Fraction(answer["tolerance"])
    if answer["by"] in ("relative", "geometric"):
        return decimal(abs(Fraction(answer["value"])) * tolerance)
    return decimal(tolerance) if answer["by"] == "absolute" else "0"


def _number(made: Item, answers: list[tuple[str, str, str]]) -> None:
    """Declare a number, and rules that take the first answer that is near enough."""
    best = max(answers, key=lambda one: Fraction(one[2]))
    made.declare("single", "float", [best[0]])
    rules = etree.Element("responseProcessing")
    condition = etree.SubElement(rules, "responseCondition")
    for place, (value, width, share) in enumerate(answers):
        branch = etree.SubElement(
            condition, "responseElseIf" if place else "responseIf"
        )
        equal = etree.SubElement(
            branch, "equal", toleranceMode="absolute", tolerance=f"{width} {width}"
        )
        etree.SubElement(equal, "variable", identifier="RESPONSE")
        etree.SubElement(equal, "baseValue", baseType="float").text = value
        outcome = etree.SubElement(branch, "setOutcomeValue", identifier="SCORE")
        etree.SubElement(outcome, "baseValue", baseType="float").text = decimal(share)
    made.rules = rules


def calculated(made: Item) -> None:
    """QTI can draw numbers too, but few programs do it: the first row is written."""
    item: Any = parse(made.spec)
    drawn = item.shuffled(item.option_ids)
    answers = [
        (decimal(one.value), decimal(one.answer.tolerance), str(one.share))
        for one in drawn.solved
    ]
    _number(made, answers)
    add_blocks(made.body, drawn.stem)
    line = etree.SubElement(made.body, "p")
    etree.SubElement(line, "textEntryInteraction", responseIdentifier="RESPONSE")


def calculated_choice(made: Item) -> None:
    item: Any = parse(made.spec)
    drawn = item.shuffled(item.option_ids)
    correct = [identifier(key) for key in made.spec["correct"]]
    several = bool(made.spec.get("several"))
    made.declare("multiple" if several else "single", "identifier", correct)
    add_blocks(made.body, drawn.stem)
    most = "0" if several else "1"
    element = made.interaction("choice", shuffle="true", maxChoices=most)
    for option in drawn.options:
        add_choice(element, "simpleChoice", option.id, option.text)
    made.by_template("match_correct")


def _in_passage(parent: Element, passage: str, write: Callable[[str], Element]) -> None:
    """Add a passage with an element in the place of each gap."""
    marked = "".join(
        piece.html + (f'<img alt="gap:{piece.gap}">' if piece.gap else "")
        for piece in pieces_of(passage)
    )
    inside = etree.SubElement(parent, "div")
    add_html(inside, marked)
    for image in list(inside.iter("img")):
        name = image.get("alt", "")
        if name.startswith("gap:"):
            element = write(name.removeprefix("gap:"))
            element.tail = image.tail
            image.getparent().replace(image, element)


def cloze(made: Item) -> None:
    spec = made.spec
    made.stem()
    parts = {part["id"]: part for part in spec["parts"]}
    total = sum(part["points"] for part in spec["parts"])
    rules = etree.Element("responseProcessing")
    setting = etree.SubElement(rules, "setOutcomeValue", identifier="SCORE")
    sums = etree.SubElement(setting, "sum")
    for part in spec["parts"]:
        worth = Fraction(part["points"], total)
        gives = {key: Fraction(share) * worth for key, share in _gives(part).items()}
        best = max(gives, key=lambda key: gives[key])
        base = "identifier" if part["asks"] == "choice" else "string"
        cased = part["asks"] == "text" and not part.get("ignore_case", True)
        made.declare(
            "single",
            base,
            [best],
            gives=gives,
            cased=cased,
            name=identifier(part["id"]),
        )
        etree.SubElement(sums, "mapResponse", identifier=identifier(part["id"]))
    made.rules = rules
    _in_passage(made.body, spec["passage"], lambda gap: _blank(parts[gap]))


def _gives(part: Spec) -> dict[str, str]:
    if part["asks"] == "choice":
        return {identifier(o["id"]): o.get("share", "0") for o in part["options"]}
    if part["asks"] == "number":
        answers = part["answers"]
        return {o["value"]: o["share"] for o in answers if o["value"] is not None}
    return {text: share for text, share, _said in wordings(dict(part))}


def _blank(part: Spec) -> Element:
    name = identifier(part["id"])
    if part["asks"] != "choice":
        return etree.Element("textEntryInteraction", responseIdentifier=name)
    shuffle = str(bool(part.get("shuffle"))).lower()
    element = etree.Element(
        "inlineChoiceInteraction", responseIdentifier=name, shuffle=shuffle
    )
    for option in part["options"]:
        key = identifier(option["id"])
        child = etree.SubElement(element, "inlineChoice", identifier=key)
        child.text = writable(to_plain(option["text"]))
    return element


def drag_words(made: Item) -> None:
    spec = made.spec
    pairs = [
        f"{identifier(gap['correct'][0])} {identifier(gap['id'])}"
        for gap in spec["gaps"]
    ]
    gives = {
        f"{identifier(word)} {identifier(gap['id'])}": Fraction(1, len(spec["gaps"]))
        for gap in spec["gaps"]
        for word in gap["correct"]
    }
    declare_pairs(made, pairs, bool(spec.get("whole")), "directedPair", gives)
    made.stem()
    element = made.interaction("gapMatch", shuffle=shuffled(spec))
    for word in spec["words"]:
        most = str(word["uses"])
        key = identifier(word["id"])
        child = etree.SubElement(element, "gapText", identifier=key, matchMax=most)
        child.text = writable(to_plain(word["text"]))
    _in_passage(
        element,
        spec["passage"],
        lambda gap: etree.Element("gap", identifier=identifier(gap)),
    )


def hot_text(made: Item) -> None:
    spec = made.spec
    correct = [identifier(key) for key in spec["correct"]]
    whole = spec["scoring"] == "whole"
    shares = {identifier(key): share for key, share in shares_of(dict(spec)).items()}
    made.declare("multiple", "identifier", correct, gives=None if whole else shares)
    made.by_template("match_correct" if whole else "map_response")
    made.stem()
    element = made.interaction("hottext", maxChoices=str(spec.get("most", 0)))
    texts = {one["id"]: one["text"] for one in spec["options"]}

    def place(gap: str) -> Element:
        found = etree.Element("hottext", identifier=identifier(gap))
        add_html(found, texts[gap])
        return found

    _in_passage(element, spec["passage"], place)


def essay(made: Item) -> None:
    made.declare("single", "string")
    made.stem()
    lines = str(made.spec.get("lines", 15))
    kind = "xhtml" if made.spec.get("input") == "rich" else "plain"
    made.interaction("extendedText", expectedLines=lines, format=kind)
    _guide(made)


def file_upload(made: Item) -> None:
    made.declare("single", "file")
    made.stem()
    made.interaction("upload")
    _guide(made)


def _guide(made: Item) -> None:
    if made.spec.get("guide"):
        block = etree.SubElement(made.body, "rubricBlock", view="scorer")
        add_blocks(block, made.spec["guide"])


def description(made: Item) -> None:
    made.stem()


KINDS: dict[str, Callable[[Item], None]] = {
    "single_choice": single_choice,
    "multiple_choice": multiple_choice,
    "true_false": true_false,
    "statements": statements,
    "short_answer": short_answer,
    "numerical": numerical,
    "matching": matching,
    "ordering": ordering,
    "cloze": cloze,
    "drag_words": drag_words,
    "hot_text": hot_text,
    "association": association,
    "hotspot": hotspot,
    "image_labels": image_labels,
    "markers": markers,
    "calculated": calculated,
    "calculated_choice": calculated_choice,
    "essay": essay,
    "file_upload": file_upload,
    "description": description,
}
