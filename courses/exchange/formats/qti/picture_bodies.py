"""What each kind of ours that asks on a picture is in QTI's terms."""

from fractions import Fraction

from lxml import etree

from courses.exchange.formats.moodle_xml.bodies import decimal
from courses.exchange.formats.qti.building import Item, Spec, declare_pairs, identifier
from courses.exchange.markup import to_plain
from courses.exchange.xml import Element, writable


def _picture(parent: Element, spec: Spec) -> None:
    picture = spec["picture"]
    child = etree.SubElement(
        parent,
        "object",
        data=picture["src"],
        type="image/png",
        width=str(picture["width"]),
        height=str(picture["height"]),
    )
    child.text = writable(picture.get("alt", ""))


SHAPES = {"rectangle": "rect", "circle": "circle", "polygon": "poly"}


def _area(one: Spec) -> dict[str, str]:
    coords = ",".join(str(pixel) for pixel in one["coords"])
    return {"shape": SHAPES[one["shape"]], "coords": coords}


def hotspot(made: Item) -> None:
    spec = made.spec
    single = spec["most"] == 1
    correct = [identifier(key) for key in spec["correct"]]
    made.declare("single" if single else "multiple", "identifier", correct)
    made.by_template("match_correct")
    made.stem()
    element = made.interaction("hotspot", maxChoices=str(spec["most"]))
    _picture(element, spec)
    for one in spec["areas"]:
        etree.SubElement(
            element, "hotspotChoice", identifier=identifier(one["id"]), **_area(one)
        )


def image_labels(made: Item) -> None:
    spec = made.spec
    zones = [zone for zone in spec["zones"] if zone["correct"]]
    pairs = [
        f"{identifier(zone['correct'][0])} {identifier(zone['id'])}" for zone in zones
    ]
    gives = {
        f"{identifier(word)} {identifier(zone['id'])}": Fraction(1, len(zones))
        for zone in zones
        for word in zone["correct"]
    }
    declare_pairs(made, pairs, bool(spec.get("whole")), "directedPair", gives)
    made.stem()
    element = made.interaction("graphicGapMatch")
    _picture(element, spec)
    for label in spec["labels"]:
        key, most = identifier(label["id"]), str(label["uses"])
        child = etree.SubElement(element, "gapText", identifier=key, matchMax=most)
        child.text = writable(to_plain(label["text"]))
    for zone in spec["zones"]:
        etree.SubElement(
            element,
            "associableHotspot",
            identifier=identifier(zone["id"]),
            matchMax="1",
            **_area(zone),
        )


def markers(made: Item) -> None:
    spec = made.spec
    made.declare("multiple", "point")
    mapping = etree.SubElement(made.responses[0], "areaMapping", defaultValue="0")
    for target in spec["targets"]:
        share = Fraction(target.get("share") or Fraction(1, len(spec["targets"])))
        etree.SubElement(
            mapping, "areaMapEntry", mappedValue=decimal(share), **_area(target)
        )
    made.by_template("map_response_point")
    made.stem()
    most = str(len(spec["targets"]))
    element = made.interaction("selectPoint", maxChoices=most)
    _picture(element, spec)
