"""Packages: a zip whose manifest lists items, tests and the files they show."""

import posixpath
from collections.abc import Iterator

from courses.exchange.archives import Archive, inside
from courses.exchange.formats.qti import names, qti12, reading
from courses.exchange.pictures import Lookup
from courses.exchange.rules import (
    MOST_ITEMS,
    Found,
    NotFound,
    NotTaken,
    Reading,
    Trouble,
)
from courses.exchange.xml import Element, local, parsed

NAME = "qti"
MANIFEST = "imsmanifest.xml"
ITEM = "assessmentItem"
ROOTS = (ITEM, "assessmentTest", "assessmentSection", "manifest", "questestinterop")


def is_qti(root: Element) -> bool:
    name = local(root)
    if name.startswith("qti-"):
        name = names.in_old_spelling(root).tag
    return name in ROOTS


def manifest_in(archive: Archive) -> str | None:
    """Return where the manifest is: in the root, or in the one folder there is."""
    found = [path for path in archive.members if path.rpartition("/")[2] == MANIFEST]
    return min(found, key=lambda path: path.count("/"), default=None)


def read_package(archive: Archive) -> Reading:
    items: list[Found | NotFound] = []
    for path in _item_paths(archive):
        if len(items) >= MOST_ITEMS:
            raise NotTaken(Trouble.TOO_MANY)
        items += _items_of(archive, path)
    if not items:
        raise NotTaken(Trouble.NO_ITEM)
    return Reading(NAME, tuple(items))


def _items_of(archive: Archive, path: str) -> list[Found | NotFound]:
    try:
        root = parsed(archive.read(path))
    except NotTaken as problem:
        return [NotFound(where=path, trouble=problem.trouble, detail=problem.detail)]
    return items_in(root, path, lookup_in(archive, path))


def items_in(root: Element, where: str, lookup: Lookup) -> list[Found | NotFound]:
    """Read whatever items a document of QTI holds."""
    if local(root) == "questestinterop":
        return qti12.items_in(root, where, lookup)
    root = names.in_old_spelling(root)
    if root.tag == ITEM:
        return [reading.item_of(root, where, lookup)]
    return []


def _item_paths(archive: Archive) -> Iterator[str]:
    """Go through the items in the manifest's order; then those that it forgot."""
    manifest = manifest_in(archive)
    listed: list[str] = []
    if manifest:
        listed = list(dict.fromkeys(_listed(archive, manifest)))
        yield from listed
    for path in archive.members:
        if path in listed or path == manifest or not path.lower().endswith(".xml"):
            continue
        if manifest is None or _is_item(archive, path):
            yield path


def _is_item(archive: Archive, path: str) -> bool:
    head = archive.read(path)[:4000]
    return any(
        mark in head
        for mark in (b"<assessmentItem", b"<qti-assessment-item", b"<questestinterop")
    )


def _listed(archive: Archive, manifest: str) -> Iterator[str]:
    base = posixpath.dirname(manifest)
    root = names.in_old_spelling(parsed(archive.read(manifest)))
    for resource in root.iter("resource"):
        kind = resource.get("type", "").lower()
        if "item" not in kind and not kind.startswith("imsqti_xmlv1p2"):
            continue
        href = resource.get("href") or _first_file(resource)
        if href:
            path = inside(href.partition("?")[0], base)
            if path in archive:
                yield path
            else:
                yield path.replace("%20", " ") if path else path


def _first_file(resource: Element) -> str:
    files = [one.get("href", "") for one in resource.iter("file")]
    return next((one for one in files if one.lower().endswith(".xml")), "")


def lookup_in(archive: Archive, path: str) -> Lookup:
    """Return what finds files as an item at *path* refers to them."""
    base = posixpath.dirname(path)

    def lookup(name: str) -> bytes | None:
        plain = name.replace("$IMS-CC-FILEBASE$", "").replace("$IMS_CC_FILE_BASE$", "")
        for folder in (base, ""):
            try:
                found = inside(plain, folder)
                if found in archive:
                    return archive.read(found)
            except NotTaken:
                continue
        return None

    return lookup
