"""Tag, length, value: the frame of everything that a chip holds (ISO 7816-4, annex E).

Only definite lengths are read, and never past the bytes that are there, so a hostile
file costs no more than its own size.
"""

from collections.abc import Iterator
from dataclasses import dataclass

MANY_BYTES = 0x1F
"""Low bits of a first tag byte that say: the tag goes on."""
LONGEST_LENGTH = 4
HIGH_BIT = 0x80
"""In a length: it is written out; in a tag or an arc: there is more to come."""


class Malformed(ValueError):
    """The bytes are not what they should be."""


@dataclass(frozen=True, slots=True)
class Tlv:
    tag: int
    value: bytes


def read(data: bytes, offset: int = 0) -> tuple[Tlv, int]:
    """Read one object at *offset*; return it and where the next one begins."""
    tag, offset = _tag(data, offset)
    length, offset = _length(data, offset)
    end = offset + length
    if end > len(data):
        raise Malformed(f"object {tag:X} ends past its file")
    return Tlv(tag, data[offset:end]), end


def walk(data: bytes) -> Iterator[Tlv]:
    """Yield the objects that lie side by side in *data*, which they fill exactly."""
    offset = 0
    while offset < len(data):
        found, offset = read(data, offset)
        yield found


def value(data: bytes, tag: int) -> bytes:
    """Return the value of the one object that *data* is; no byte may follow it."""
    found, end = read(data)
    if found.tag != tag:
        raise Malformed(f"tag {found.tag:X} where {tag:X} should be")
    if end != len(data):
        raise Malformed(f"{len(data) - end} bytes after the object {tag:X}")
    return found.value


def first(data: bytes, tag: int) -> bytes:
    """Return the value of the first object with this tag among those in *data*."""
    for found in walk(data):
        if found.tag == tag:
            return found.value
    raise Malformed(f"no object {tag:X}")


def build(tag: int, content: bytes) -> bytes:
    """Write one object, its length in the shortest form."""
    return _bytes(tag) + length_bytes(len(content)) + content


def length_bytes(length: int) -> bytes:
    if length < HIGH_BIT:
        return bytes([length])
    written = _bytes(length)
    return bytes([HIGH_BIT | len(written)]) + written


def integer(data: bytes) -> int:
    """Read the value of an ASN.1 INTEGER."""
    if not data:
        raise Malformed("an integer without bytes")
    return int.from_bytes(data, "big", signed=True)


def oid(data: bytes) -> str:
    """Read the value of an OBJECT IDENTIFIER into its dotted form."""
    arcs = list(_arcs(data))
    if not arcs:
        raise Malformed("an object identifier without bytes")
    head = min(arcs[0] // 40, 2)
    return ".".join(map(str, (head, arcs[0] - 40 * head, *arcs[1:])))


def oid_bytes(dotted: str) -> bytes:
    """Write the value of an OBJECT IDENTIFIER."""
    head, second, *rest = map(int, dotted.split("."))
    return b"".join(_base_128(arc) for arc in (40 * head + second, *rest))


def _arcs(data: bytes) -> Iterator[int]:
    arc, complete = 0, True
    for byte in data:
        arc, complete = arc << 7 | byte & 0x7F, byte < HIGH_BIT
        if complete:
            yield arc
            arc = 0
        elif arc >> 64:
            raise Malformed("an arc that no registry gave out")
    if not complete:
        raise Malformed("an object identifier cut short")


def _base_128(arc: int) -> bytes:
    septets = [arc & 0x7F]
    while arc := arc >> 7:
        septets.append(HIGH_BIT | arc & 0x7F)
    return bytes(reversed(septets))


def _tag(data: bytes, offset: int) -> tuple[int, int]:
    tag = _byte(data, offset)
    offset += 1
    if tag & MANY_BYTES != MANY_BYTES:
        return tag, offset
    for _ in range(2):
        byte = _byte(data, offset)
        tag, offset = tag << 8 | byte, offset + 1
        if byte < HIGH_BIT:
            return tag, offset
    raise Malformed("a tag of more than three bytes")


def _length(data: bytes, offset: int) -> tuple[int, int]:
    length = _byte(data, offset)
    offset += 1
    if length < HIGH_BIT:
        return length, offset
    count = length & 0x7F
    if not 1 <= count <= LONGEST_LENGTH or offset + count > len(data):
        raise Malformed("a length that cannot be read")
    return int.from_bytes(data[offset : offset + count], "big"), offset + count


def _byte(data: bytes, offset: int) -> int:
    if offset >= len(data):
        raise Malformed("the bytes end too early")
    return data[offset]


def _bytes(number: int) -> bytes:
    return number.to_bytes((number.bit_length() + 7) // 8 or 1, "big")
