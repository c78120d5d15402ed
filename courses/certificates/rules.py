"""Numbers, codes and bands of certificates, and how official papers write a day."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from lms.kernel.errors import Refusal

LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Without 0 and O, 1, I and L, which people confuse.  There are 31, a prime number: the
weighted sum below finds each single wrong letter and each exchange of two."""

CODE_LENGTH = 12
_SEPARATORS = str.maketrans("", "", " -.\t\u2013\u00a0")


class CertificateRefusal(Refusal):
    NOT_COMPLETED = "certificate-course-not-completed"
    ALREADY_REVOKED = "certificate-already-revoked"


class CertificateState(StrEnum):
    VALID = "valid"
    REVOKED = "revoked"


class ResultBand(StrEnum):
    """The result as the paper words it; the exact percent is printed nowhere."""

    EXCELLENT = "excellent"
    GOOD = "good"
    FAIR = "fair"
    PASSED = "passed"
    COMPLETED = "completed"
    """For a course that asks nothing to be passed."""


BANDS = (
    (90, ResultBand.EXCELLENT),
    (80, ResultBand.GOOD),
    (65, ResultBand.FAIR),
    (0, ResultBand.PASSED),
)


@dataclass(frozen=True, slots=True)
class Issuer:
    """The unit that issues: what is printed of it, and its part of the number."""

    name: str
    place: str
    code: str


def band_of(result_percent: int | None) -> ResultBand:
    if result_percent is None:
        return ResultBand.COMPLETED
    return next(band for least, band in BANDS if result_percent >= least)


def number_of(serial: int, year: int, issuer_code: str) -> str:
    """Write a number (số hiệu) as ``0001/2026/PĐ-ĐA06``."""
    return f"{serial:04d}/{year}/{issuer_code}"


def new_code(choose: Callable[[str], str]) -> str:
    """Make a code (mã tra cứu) of letters that *choose* picks, and a check letter."""
    body = "".join(choose(LETTERS) for _ in range(CODE_LENGTH - 1))
    return body + _check_letter(body)


def read_code(typed: str) -> str | None:
    """Return the code that somebody typed, or None if it cannot be one.

    Small letters, spaces and hyphens are forgiven.  None means a typing error, for
    the check letter does not fit; a code that fits may still be unknown.
    """
    code = typed.translate(_SEPARATORS).upper()
    if len(code) != CODE_LENGTH or not set(code) <= set(LETTERS):
        return None
    return code if _check_letter(code[:-1]) == code[-1] else None


def spaced(code: str) -> str:
    """Write a code in groups of four, as it is printed."""
    return "-".join(code[at : at + 4] for at in range(0, len(code), 4))


def _check_letter(body: str) -> str:
    weighted = sum(
        weight * LETTERS.index(letter) for weight, letter in enumerate(body, 2)
    )
    return LETTERS[-weighted % len(LETTERS)]


PADDED_MONTHS = (1, 2)


def official_day(day: date) -> str:
    """Write a day as official papers do: ngày 05 tháng 9 năm 2026.

    Days below 10 and the months 1 and 2 take a leading zero, so that nobody can put a
    1 before them.

    Source: Decree 30/2020/NĐ-CP, annex I, part I, section II, point 4.
    """
    month = f"{day.month:02d}" if day.month in PADDED_MONTHS else str(day.month)
    return f"ngày {day.day:02d} tháng {month} năm {day.year}"
