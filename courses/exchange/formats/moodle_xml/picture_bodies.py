"""What Moodle's question types on pictures say of ours."""

from typing import Any

from lxml import etree

from courses.exchange.markup import to_plain


def shuffle(question: Any) -> None:
    question.plain("shuffleanswers", str(question.spec.get("shuffle", True)).lower())


def image_labels(question: Any) -> None:
    spec = question.spec
    question.picture(spec["picture"]["src"])
    shuffle(question)
    numbers = {label["id"]: n for n, label in enumerate(spec["labels"], 1)}
    for label in spec["labels"]:
        child = etree.SubElement(question.element, "drag")
        etree.SubElement(child, "no").text = str(numbers[label["id"]])
        etree.SubElement(child, "text").text = to_plain(label["text"])
        etree.SubElement(child, "draggroup").text = str(label["group"])
        if not label["uses"]:
            etree.SubElement(child, "infinite")
    for number, zone in enumerate(spec["zones"], 1):
        for key in zone["correct"][:1]:
            child = etree.SubElement(question.element, "drop")
            etree.SubElement(child, "text").text = zone.get("label", "")
            etree.SubElement(child, "no").text = str(number)
            etree.SubElement(child, "choice").text = str(numbers[key])
            left, top = _corner(zone)
            etree.SubElement(child, "xleft").text = str(left)
            etree.SubElement(child, "ytop").text = str(top)


def _corner(area: dict[str, Any]) -> tuple[int, int]:
    coords = area["coords"]
    if area["shape"] == "circle":
        return coords[0] - coords[2], coords[1] - coords[2]
    return min(coords[::2]), min(coords[1::2])


def markers(question: Any) -> None:
    spec = question.spec
    question.picture(spec["picture"]["src"])
    if spec.get("shows_misplaced"):
        etree.SubElement(question.element, "showmisplaced")
    for number, marker in enumerate(spec["markers"], 1):
        _drag(question, number, marker["label"], marker["uses"])
    numbers = {marker["id"]: n for n, marker in enumerate(spec["markers"], 1)}
    for number, target in enumerate(spec["targets"], 1):
        _drop(question, number, target, numbers[target["marker"]])


def hotspot(question: Any) -> None:
    """Moodle has no such type: markers that are set on the right areas come nearest."""
    spec = question.spec
    question.picture(spec["picture"]["src"])
    right = [area for area in spec["areas"] if area["id"] in spec["correct"]]
    _drag(question, 1, "●", len(right))
    for number, area in enumerate(right, 1):
        _drop(question, number, area, 1)


def _drag(question: Any, number: int, label: str, uses: int) -> None:
    child = etree.SubElement(question.element, "drag")
    etree.SubElement(child, "no").text = str(number)
    etree.SubElement(child, "text").text = label
    etree.SubElement(child, "noofdrags").text = str(uses)


def _drop(question: Any, number: int, area: dict[str, Any], choice_: int) -> None:
    child = etree.SubElement(question.element, "drop")
    etree.SubElement(child, "no").text = str(number)
    etree.SubElement(child, "shape").text = area["shape"]
    etree.SubElement(child, "coords").text = _coords(area)
    etree.SubElement(child, "choice").text = str(choice_)


def _coords(area: dict[str, Any]) -> str:
    coords = area["coords"]
    if area["shape"] == "rectangle":
        left, top, right, bottom = coords
        return f"{left},{top};{right - left},{bottom - top}"
    if area["shape"] == "circle":
        return f"{coords[0]},{coords[1]};{coords[2]}"
    pairs = zip(coords[::2], coords[1::2], strict=True)
    return ";".join(f"{x},{y}" for x, y in pairs)
