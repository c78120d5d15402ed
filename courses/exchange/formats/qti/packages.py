"""Packages: a zip whose manifest lists items, tests and the files they show."""

import json
import posixpath
import re
from collections.abc import Iterator
from typing import Any

from courses.exchange.archives import Archive, inside
from courses.exchange.exported import digest_of
from courses.exchange.formats.qti import names, qti12, reading
from courses.exchange.formats.qti.writing import CARRIED
from courses.exchange.pictures import Album, Lookup
from courses.exchange.rules import (
    MOST_ITEMS,
    Found,
    NotFound,
    NotTaken,
    Reading,
    Trouble,
)
from courses.exchange.xml import Element, local, parsed
from courses.items.types import parse

NAME = "qti"
MANIFEST = "imsmanifest.xml"
ITEM = "assessmentItem"
IN_TEXT = re.compile(r"\.\./images/[\w.-]+")
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
    carried = _carried(archive)
    for path in _item_paths(archive):
        if len(items) >= MOST_ITEMS:
            raise NotTaken(Trouble.TOO_MANY)
        items += _items_of(archive, path, carried)
    if not items:
        raise NotTaken(Trouble.NO_ITEM)
    return Reading(NAME, tuple(items))


def _items_of(
    archive: Archive, path: str, carried: dict[str, Any]
) -> list[Found | NotFound]:
    try:
        root = parsed(archive.read(path))
    except NotTaken as problem:
        return [NotFound(where=path, trouble=problem.trouble, detail=problem.detail)]
    own = _own(root, path, carried.get(path), lookup_in(archive, path))
    return [own] if own else items_in(root, path, lookup_in(archive, path))


def _carried(archive: Archive) -> dict[str, Any]:
    """Return our own stored forms, where the package was written by us."""
    if CARRIED not in archive:
        return {}
    try:
        found = json.loads(archive.read(CARRIED))
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _own(root: Element, path: str, carried: Any, lookup: Lookup) -> Found | None:
    """Believe what was carried, as long as nobody changed the item since."""
    if not isinstance(carried, dict) or carried.get("digest") != digest_of(root):
        return None
    album = Album(lookup)
    spec = _with_pictures(carried.get("spec"), album)
    about = carried.get("about")
    try:
        parse(spec)
        return Found(where=path, spec=spec, pictures=album.pictures, **_about(about))
    except (ValueError, TypeError, AttributeError):
        return None


def _about(about: Any) -> dict[str, Any]:
    words = ("title", "level", "points", "external_id")
    lists = ("topic", "tags")
    return {name: str(about.get(name, ""))[:200] for name in words} | {
        name: tuple(str(one)[:200] for one in about.get(name, ()))[:20]
        for name in lists
    }


def _with_pictures(said: Any, album: Album) -> Any:
    if isinstance(said, dict):
        return {key: _with_pictures(one, album) for key, one in said.items()}
    if isinstance(said, list):
        return [_with_pictures(one, album) for one in said]
    if isinstance(said, str) and "../images/" in said:
        return IN_TEXT.sub(lambda found: album.taken(found[0]) or found[0], said)
    return said


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
