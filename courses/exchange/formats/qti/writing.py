"""Writing QTI packages, 2.1 and 3.0: an item, its rules and its pictures for each.

Items are built in the spelling of version 2 and renamed for version 3.  Our own stored
forms travel in ``lms/items.json``, each under a digest of the item it belongs to: they
are believed when the package comes back, as long as nobody changed the item.
"""

import re
from collections.abc import Sequence
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import orjson
from lxml import etree

from courses.exchange.exported import (
    OWN,
    PICTURE,
    Exported,
    Pictures,
    Written,
    digest_of,
    no_pictures,
)
from courses.exchange.formats.qti import bodies
from courses.exchange.xml import Element, writable

CARRIED = "lms/items.json"
NAMESPACES = {
    "2.1": "http://www.imsglobal.org/xsd/imsqti_v2p1",
    "3.0": "http://www.imsglobal.org/xsd/imsqtiasi_v3p0",
}
PACKAGES = {
    "2.1": "http://www.imsglobal.org/xsd/imscp_v1p1",
    "3.0": "http://www.imsglobal.org/xsd/qti/qtiv3p0/imscp_v1p1",
}
ITEM_TYPES = {"2.1": "imsqti_item_xmlv2p1", "3.0": "imsqti_item_xmlv3p0"}
SCHEMAS = {"2.1": "QTIv2.1 Package", "3.0": "QTI Package"}
HTML = frozenset(
    [
        "p",
        "br",
        "hr",
        "h2",
        "h3",
        "h4",
        "strong",
        "b",
        "em",
        "i",
        "u",
        "s",
        "sub",
        "sup",
        "code",
        "pre",
        "blockquote",
        "ul",
        "ol",
        "li",
        "a",
        "img",
        "table",
        "caption",
        "thead",
        "tbody",
        "tr",
        "td",
        "th",
        "span",
        "div",
    ]
)


def write_2_1(items: Sequence[Exported], pictures: Pictures = no_pictures) -> Written:
    return _package(items, pictures, "2.1")


def write_3_0(items: Sequence[Exported], pictures: Pictures = no_pictures) -> Written:
    return _package(items, pictures, "3.0")


def _package(items: Sequence[Exported], pictures: Pictures, version: str) -> Written:
    packed = BytesIO()
    carried: dict[str, Any] = {}
    listed: list[tuple[str, list[str]]] = []
    images: dict[str, bytes] = {}
    with ZipFile(packed, "w", ZIP_DEFLATED) as archive:
        for number, item in enumerate(items, 1):
            path = f"items/cau-{number:05d}.xml"
            names = _pictures_of(item, pictures, images)
            root = _item(item, number, names, version)
            content = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
            archive.writestr(path, content)
            carried[path] = _carried(item, root, names)
            listed.append((path, list(names.values())))
        for name, content in images.items():
            archive.writestr(name, content)
        archive.writestr(CARRIED, orjson.dumps(carried))
        archive.writestr("imsmanifest.xml", _manifest(listed, version))
    name = f"cau-hoi-qti-{version}.zip"
    return Written(packed.getvalue(), name, "application/zip")


def _pictures_of(
    item: Exported, pictures: Pictures, images: dict[str, bytes]
) -> dict[str, str]:
    """Return the paths in the package of the item's pictures, by their folders."""
    names = {}
    for folder in dict.fromkeys(PICTURE.findall(str(item.spec))):
        found = pictures(folder)
        if found:
            path = f"images/{OWN}{folder}.{found[0]}"
            images[path] = found[1]
            names[folder] = path
    return names


def _carried(item: Exported, root: Element, names: dict[str, str]) -> dict[str, Any]:
    written = orjson.dumps(item.spec).decode()
    for folder, path in names.items():
        written = written.replace(f"/media/images/{folder}", f"../{path}")
    about = {
        "title": item.title,
        "topic": list(item.topic),
        "level": item.level,
        "tags": list(item.tags),
        "points": item.points,
        "external_id": item.external_id,
    }
    return {"digest": digest_of(root), "spec": orjson.loads(written), "about": about}


def _item(item: Exported, number: int, names: dict[str, str], version: str) -> Element:
    identifier = item.external_id
    if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_.-]{0,63}", identifier):
        identifier = f"cau-{number:05d}"
    root = etree.Element(
        "assessmentItem",
        identifier=identifier,
        title=writable(item.title or identifier)[:200],
        adaptive="false",
        timeDependent="false",
    )
    bodies.build(root, item.spec)
    for image in root.iter("img", "object"):
        attribute = "src" if image.tag == "img" else "data"
        found = PICTURE.search(image.get(attribute, ""))
        if found and found[1] in names:
            image.set(attribute, f"../{names[found[1]]}")
    _spell(root, version)
    return root


def _spell(root: Element, version: str) -> None:
    """Put every element into the namespace of the version, in its spelling."""
    namespace = NAMESPACES[version]
    for element in root.iter():
        name = str(element.tag)
        if version == "3.0" and name not in HTML and name != "object":
            name = f"qti-{_kebab(name)}"
            for key, value in list(element.attrib.items()):
                del element.attrib[key]
                element.set(_kebab(str(key)), value)
        element.tag = f"{{{namespace}}}{name}"
    etree.cleanup_namespaces(root, top_nsmap={None: namespace})


def _kebab(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])([A-Z])", lambda found: f"-{found[1].lower()}", name)


def _manifest(listed: list[tuple[str, list[str]]], version: str) -> bytes:
    space = PACKAGES[version]
    root = etree.Element(f"{{{space}}}manifest", identifier="lms", nsmap={None: space})
    metadata = etree.SubElement(root, f"{{{space}}}metadata")
    etree.SubElement(metadata, f"{{{space}}}schema").text = SCHEMAS[version]
    etree.SubElement(metadata, f"{{{space}}}schemaversion").text = f"{version}.0"
    etree.SubElement(root, f"{{{space}}}organizations")
    resources = etree.SubElement(root, f"{{{space}}}resources")
    for number, (path, images) in enumerate(listed, 1):
        resource = etree.SubElement(
            resources,
            f"{{{space}}}resource",
            identifier=f"r{number:05d}",
            type=ITEM_TYPES[version],
            href=path,
        )
        for name in [path, *images]:
            etree.SubElement(resource, f"{{{space}}}file", href=name)
    carrier = etree.SubElement(
        resources,
        f"{{{space}}}resource",
        identifier="lms-items",
        type="webcontent",
        href=CARRIED,
    )
    etree.SubElement(carrier, f"{{{space}}}file", href=CARRIED)
    content: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
    return content
