"""The 12-digit personal number (số định danh cá nhân): how it is read and checked.

Digits 1-3 are the province or country of birth registration, digit 4 the century and
the sex, digits 5-6 the last two of the year of birth, the rest is drawn by lot.

Source: Decree 137/2015/NĐ-CP, article 13; Circular 59/2021/TT-BCA, article 4.
"""

import re
from datetime import date
from enum import StrEnum

from lms.kernel.errors import Refusal

LENGTH = 12
PROVINCES = range(1, 97)
"""Codes 001 to 096, as they were drawn up; a merged province keeps its old ones."""

NOBODYS_PROVINCE = "000"
"""No province has it: the invented people of the demonstration and of tests do."""

_CENTURIES = (1900, 2000, 2100, 2200, 2300)
_BETWEEN_DIGITS = re.compile(r"[\s.\u00a0\u2010-\u2015-]")


class Gender(StrEnum):
    MALE = "male"
    FEMALE = "female"


class NumberRefusal(Refusal):
    LENGTH = "personal-number-length"
    PROVINCE = "personal-number-province"
    BIRTH_YEAR = "personal-number-birth-year"
    GENDER = "personal-number-gender"


def read(text: str) -> str:
    """Return what was typed without the blanks, dots and dashes between its digits."""
    return _BETWEEN_DIGITS.sub("", text)


def number_refusal(
    number: str,
    birth_date: date | None = None,
    gender: Gender | None = None,
    *,
    invented: bool = False,
) -> NumberRefusal | None:
    """Say why this cannot be the number of such a person, or None.

    *number* is what :func:`read` returned.  With *invented*, numbers that begin with
    000 pass for those of a province.
    """
    if not re.fullmatch(rf"[0-9]{{{LENGTH}}}", number):
        return NumberRefusal.LENGTH
    is_invented = invented and number.startswith(NOBODYS_PROVINCE)
    if not is_invented and int(number[:3]) not in PROVINCES:
        return NumberRefusal.PROVINCE
    if birth_date and birth_year_of(number) != birth_date.year:
        return NumberRefusal.BIRTH_YEAR
    if gender and gender_of(number) is not gender:
        return NumberRefusal.GENDER
    return None


def birth_year_of(number: str) -> int:
    return _CENTURIES[int(number[3]) // 2] + int(number[4:6])


def gender_of(number: str) -> Gender:
    return Gender.FEMALE if int(number[3]) % 2 else Gender.MALE


def masked(number: str) -> str:
    """Return what a screen shows of a number: 0460••••••12."""
    return f"{number[:4]}{'•' * (len(number) - 6)}{number[-2:]}"
