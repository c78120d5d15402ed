"""EF.DG2: the photograph, in its older and its newer wrapping.

ISO 19794-5 is a record of fixed fields; ISO 39794-5 is a tree of tags.  Either way the
image is found, told by its own first bytes and not by what the record claims, and left
undecoded: decoding belongs in a place with limits of its own.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from sso.chip import tlv
from sso.chip.tlv import Malformed, Tlv

GROUP, TEMPLATES, TEMPLATE = 0x75, 0x7F61, 0x7F60
RECORDS = (0x5F2E, 0x7F2E)
MAGIC = b"FAC\x00"
HEADER_BYTES, FACE_BYTES, POINT_BYTES, IMAGE_BYTES = 14, 20, 8, 12
DEEPEST = 16


class ImageFormat(StrEnum):
    JPEG = "jpeg"
    JPEG2000 = "jpeg2000"


MARKS = {
    b"\xff\xd8\xff": ImageFormat.JPEG,
    b"\x00\x00\x00\x0cjP  ": ImageFormat.JPEG2000,
    b"\xff\x4f\xff\x51": ImageFormat.JPEG2000,
}


@dataclass(frozen=True, slots=True)
class Face:
    image: bytes
    format: ImageFormat


def read_dg2(data: bytes) -> list[Face]:
    """Return the faces in EF.DG2, at least one; raise Malformed otherwise."""
    faces: list[Face] = []
    for template in tlv.walk(tlv.value(tlv.value(data, GROUP), TEMPLATES)):
        if template.tag == TEMPLATE:
            faces += _faces_in(template.value)
    if not faces:
        raise Malformed("no face in it")
    return faces


def format_of(image: bytes) -> ImageFormat | None:
    for mark, name in MARKS.items():
        if image.startswith(mark):
            return name
    return None


def _faces_in(template: bytes) -> Iterator[Face]:
    for part in tlv.walk(template):
        if part.tag in RECORDS:
            if part.value.startswith(MAGIC):
                yield from _faces_of_19794(part.value)
            else:
                yield from _faces_of_39794(part, DEEPEST)


def _faces_of_19794(record: bytes) -> Iterator[Face]:
    if len(record) < HEADER_BYTES or int.from_bytes(record[8:12], "big") != len(record):
        raise Malformed("the face record has another length than it says")
    at = HEADER_BYTES
    for _ in range(int.from_bytes(record[12:14], "big")):
        size = int.from_bytes(record[at : at + 4], "big")
        points = int.from_bytes(record[at + 4 : at + 6], "big")
        begin = at + FACE_BYTES + POINT_BYTES * points + IMAGE_BYTES
        if not begin - at <= size <= len(record) - at:
            raise Malformed("a face ends past its record")
        yield _face(record[begin : at + size])
        at += size


def _faces_of_39794(node: Tlv, depth: int) -> Iterator[Face]:
    """Find every image among the leaves (representation blocks, ISO 39794-5, 8)."""
    if not depth:
        raise Malformed("the face record is nested too deeply")
    if format_of(node.value):
        yield _face(node.value)
    elif _is_constructed(node.tag):
        for child in tlv.walk(node.value):
            yield from _faces_of_39794(child, depth - 1)


def _is_constructed(tag: int) -> bool:
    return bool(tag >> 8 * ((tag.bit_length() + 7) // 8 - 1) & 0x20) if tag else False


def _face(image: bytes) -> Face:
    known = format_of(image)
    if known is None:
        raise Malformed("the image is neither JPEG nor JPEG 2000")
    return Face(image, known)
