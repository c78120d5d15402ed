"""EF.DG13 of a Vietnamese card: the person's data with all their accents.

No law or standard that prints its layout is public; it was learnt from cards by several
independent readers.  The set is not in DER order and is never written anew.  An exam
does not need it: the station reads it only when told to.
"""

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import IntEnum

from sso.chip import tlv
from sso.chip.mrz import Zone
from sso.chip.tlv import Malformed, Tlv

GROUP, SEQUENCE, SET, INTEGER = 0x6D, 0x30, 0x31, 0x02
STRINGS = {0x0C, 0x13, 0x16}
DEEPEST = 8
SEXES = {"nam": "M", "nữ": "F"}


class Field(IntEnum):
    NUMBER = 1
    NAME = 2
    BORN_ON = 3
    SEX = 4
    NATIONALITY = 5
    ETHNICITY = 6
    RELIGION = 7
    ORIGIN = 8
    RESIDENCE = 9
    MARKS = 10
    ISSUED_ON = 11
    EXPIRES_ON = 12
    PARENTS = 13
    SPOUSE = 14
    OLD_NUMBER = 15
    SERIAL = 16
    """Sixteen hexadecimal characters; what they mean is not public."""


@dataclass(frozen=True, slots=True)
class PersonalData:
    """The strings under each field; a field may hold several (the parents) or none."""

    strings: Mapping[Field, tuple[str, ...]]

    def one(self, field: Field) -> str | None:
        found = self.strings.get(field, ())
        return found[0] if found else None

    @property
    def issued_on(self) -> date | None:
        return day(self.one(Field.ISSUED_ON) or "")

    def disagrees_with(self, zone: Zone, on: date) -> list[Field]:
        """Return the fields that say something else than the machine-readable zone."""
        said = {
            Field.NUMBER: self.one(Field.NUMBER),
            Field.BORN_ON: day(self.one(Field.BORN_ON) or ""),
            Field.SEX: SEXES.get((self.one(Field.SEX) or "").casefold()),
        }
        zone_says = {
            Field.NUMBER: zone.number,
            Field.BORN_ON: zone.born_on(on),
            Field.SEX: zone.sex or None,
        }
        return [f for f in said if f in self.strings and said[f] != zone_says[f]]


def read_dg13(data: bytes) -> PersonalData:
    """Read EF.DG13; unknown fields are left out, missing ones allowed."""
    body = tlv.value(tlv.value(data, GROUP), SEQUENCE)
    strings: dict[Field, tuple[str, ...]] = {}
    for entry in tlv.walk(tlv.first(body, SET)):
        number, *values = tlv.walk(_sequence(entry))
        if number.tag != INTEGER:
            raise Malformed("a field without its number")
        if (which := tlv.integer(number.value)) in set(Field):
            strings[Field(which)] = tuple(_strings(values, DEEPEST))
    if not strings:
        raise Malformed("no known field in it")
    return PersonalData(strings)


def day(written: str) -> date | None:
    """Read dd/mm/yyyy; none for anything else, such as "Không thời hạn"."""
    parts = written.strip().split("/")
    try:
        return date(*map(int, reversed(parts))) if len(parts) == 3 else None  # noqa: PLR2004
    except ValueError:
        return None


def _sequence(entry: Tlv) -> bytes:
    if entry.tag != SEQUENCE or not entry.value:
        raise Malformed("a field that is no sequence")
    return entry.value


def _strings(objects: list[Tlv], depth: int) -> Iterator[str]:
    """Yield every string below, for parents come nested in either of two ways."""
    if not depth:
        raise Malformed("the personal data are nested too deeply")
    for found in objects:
        if found.tag in STRINGS:
            yield unicodedata.normalize("NFC", found.value.decode("utf-8", "replace"))
        elif found.tag in (SEQUENCE, SET):
            yield from _strings(list(tlv.walk(found.value)), depth - 1)
