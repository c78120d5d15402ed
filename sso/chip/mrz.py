"""The machine-readable zone: EF.DG1 and the twelve digits (ICAO 9303-4, -5, -6).

A Vietnamese card carries a TD1 zone.  Its nine-character document number is only the
tail of the personal number; the whole number stands in the first optional data.
"""

import re
from dataclasses import dataclass
from datetime import date

from sso.chip import tlv
from sso.chip.tlv import Malformed

WEIGHTS = (7, 3, 1)
NO_EXPIRY = "991231"
"""How a card "không thời hạn" writes its last day."""
ALPHABET = re.compile(r"[0-9A-Z<]+")
NUMBER = re.compile(r"\d{12}")
CENTURIES = {"0": 1900, "1": 1900, "2": 2000, "3": 2000, "4": 2100, "5": 2100}
CENTURIES |= {"6": 2200, "7": 2200, "8": 2300, "9": 2300}


@dataclass(frozen=True, slots=True)
class Zone:
    """What a zone says; dates may be partly unknown and stay as they are written."""

    document_code: str
    issuer: str
    document_number: str
    birth: str
    """yymmdd; "<<" where unknown."""
    sex: str
    """"M", "F", or "" where it is not said."""
    expiry: str
    nationality: str
    surname: str
    given_names: str
    optional_data: str
    """The first optional data, fillers at its end cut off."""
    checked: bool
    """Whether every check digit is right."""

    @property
    def number(self) -> str | None:
        """The twelve digits of a Vietnamese card; none where there are no such."""
        found = NUMBER.match(self.optional_data)
        return found[0] if found else None

    @property
    def expires_on(self) -> date | None:
        """The last day of the card; none for a card without one."""
        return None if self.expiry == NO_EXPIRY else _day(self.expiry, 2000)

    def born_on(self, on: date) -> date | None:
        """The day of birth, taken to be before *on*; none where partly unknown."""
        born = _day(self.birth, on.year // 100 * 100)
        if born and born > on:
            return _day(self.birth, on.year // 100 * 100 - 100)
        return born


def read_dg1(data: bytes) -> Zone:
    """Read EF.DG1; raise Malformed for anything that is not a zone."""
    text = tlv.value(tlv.value(data, 0x61), 0x5F1F)
    try:
        return parse(text.decode("ascii"))
    except UnicodeDecodeError as error:
        raise Malformed("the zone holds other than letters and digits") from error


def parse(text: str) -> Zone:
    """Read a zone of 90 (TD1), 72 (TD2) or 88 (TD3) characters."""
    if not ALPHABET.fullmatch(text):
        raise Malformed("the zone holds other than letters and digits")
    shapes = {90: _td1, 72: _td2, 88: _td3}
    if len(text) not in shapes:
        raise Malformed(f"a zone of {len(text)} characters")
    return shapes[len(text)](text)


def check_digit(text: str) -> str:
    """Compute a check digit (ICAO 9303-3, 4.9)."""
    values = (int(c, 36) if c != "<" else 0 for c in text)
    return str(sum(v * WEIGHTS[i % 3] for i, v in enumerate(values)) % 10)


def unlike_holder(number: str, zone: Zone) -> bool:
    """Say whether the digits for century, sex and year differ from the zone.

    Lawful corrections of birth or sex do this too, so it is a warning and no more.
    Source: Circular 59/2021/TT-BCA, article 4.
    """
    sex = "F" if int(number[3]) % 2 else "M"
    return number[4:6] != zone.birth[:2] or sex != (zone.sex or sex)


def birth_year_of(number: str) -> int:
    """Return the year of birth that the twelve digits say."""
    return CENTURIES[number[3]] + int(number[4:6])


def _td1(text: str) -> Zone:
    first, second, third = text[:30], text[30:60], text[60:]
    number, digit, optional = first[5:14], first[14], first[15:30]
    if digit == "<" and optional.strip("<"):
        number, digit, optional = _long_number(number, optional)
    checked = _right(
        (number, digit),
        (second[:6], second[6]),
        (second[8:14], second[14]),
        (first[5:30] + second[:7] + second[8:15] + second[18:29], second[29]),
    )
    return _zone(
        (first, number, optional), nationality=second[15:18], sex=second[7],
        expiry=second[8:14], birth=second[:6], name=third, checked=checked,
    )  # fmt: skip


def _td2(text: str) -> Zone:
    first, second = text[:36], text[36:]
    number, digit, optional = second[:9], second[9], second[28:35]
    if digit == "<" and optional.strip("<"):
        number, digit, optional = _long_number(number, optional)
    checked = _right(
        (number, digit),
        (second[13:19], second[19]),
        (second[21:27], second[27]),
        (second[:10] + second[13:20] + second[21:35], second[35]),
    )
    return _zone(
        (first, number, optional), nationality=second[10:13], sex=second[20],
        expiry=second[21:27], birth=second[13:19], name=first[5:], checked=checked,
    )  # fmt: skip


def _td3(text: str) -> Zone:
    first, second = text[:44], text[44:]
    optional = second[28:42]
    checked = _right(
        (second[:9], second[9]),
        (second[13:19], second[19]),
        (second[21:27], second[27]),
        (second[:10] + second[13:20] + second[21:43], second[43]),
    ) and second[42] in {check_digit(optional), "<" if not optional.strip("<") else ""}
    return _zone(
        (first, second[:9], optional), nationality=second[10:13],
        sex=second[20], expiry=second[21:27], birth=second[13:19], name=first[5:],
        checked=checked,
    )  # fmt: skip


def _long_number(number: str, optional: str) -> tuple[str, str, str]:
    """Join a number of more than nine characters (ICAO 9303-5, 4.2.2, note j)."""
    rest, _, optional = optional.partition("<")
    return number + rest[:-1], rest[-1:], optional


def _right(*pairs: tuple[str, str]) -> bool:
    return all(check_digit(text) == digit for text, digit in pairs)


def _zone(  # noqa: PLR0913 -- one argument for each place in the zone
    head: tuple[str, str, str],
    *,
    nationality: str,
    sex: str,
    birth: str,
    expiry: str,
    name: str,
    checked: bool,
) -> Zone:
    first, number, optional = head
    surname, _, given = name.partition("<<")
    return Zone(
        document_code=first[:2].strip("<"),
        issuer=first[2:5].strip("<"),
        document_number=number.rstrip("<"),
        birth=birth,
        sex=sex.strip("<"),
        expiry=expiry,
        nationality=nationality.strip("<"),
        surname=surname.replace("<", " ").strip(),
        given_names=given.replace("<", " ").strip(),
        optional_data=optional.rstrip("<"),
        checked=checked,
    )


def _day(written: str, century: int) -> date | None:
    try:
        return date(century + int(written[:2]), int(written[2:4]), int(written[4:6]))
    except ValueError:
        return None
