"""The memo of a transfer: a code that survives what banks do to it.

Banks put words before and after a memo, change its case, cut it, and drop spaces and
dots into it.  So a code is short, has no letters that look alike, begins with two
letters that say it is ours, and ends with a check character that finds every single
wrong character and every two that changed places.
"""

import re
from collections.abc import Iterator

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Thirty-two characters: no 0 and O, no 1 and I."""

PREFIX = "HP"
BODY = 10
LENGTH = len(PREFIX) + BODY + 1
_FIELD = 0b100101
"""x^5 + x^2 + 1, which makes the 32 characters a field."""


def memo_code(number: int) -> str:
    """Return the code for the *number* of a bill (0 to 32**10 - 1)."""
    if not 0 <= number < len(ALPHABET) ** BODY:
        raise ValueError(f"no code for {number}")
    digits = ((number >> (5 * place)) & 31 for place in reversed(range(BODY)))
    body = "".join(ALPHABET[digit] for digit in digits)
    return PREFIX + body + check_character(body)


def check_character(body: str) -> str:
    """Weigh each character by another power of 2 in GF(32), and add."""
    total = 0
    for letter in body:
        total = _times(total ^ ALPHABET.index(letter), 2)
    return ALPHABET[total]


def is_code(text: str) -> bool:
    """Tell whether *text* is a whole code with the right check character."""
    return (
        len(text) == LENGTH
        and text.startswith(PREFIX)
        and set(text[len(PREFIX) :]) <= set(ALPHABET)
        and check_character(text[len(PREFIX) : -1]) == text[-1]
    )


def codes_in(memo: str) -> list[str]:
    """Return the codes that stand in what a bank passed on, in their order."""
    squeezed = _squeezed(memo)
    windows = (squeezed[at : at + LENGTH] for at in range(len(squeezed)))
    return list(dict.fromkeys(window for window in windows if is_code(window)))


def near_codes_in(memo: str) -> list[str]:
    """Return what would be a code if one character were another.

    These are only ever suggested to a person: a wrong guess would give money to
    another child.
    """
    squeezed = _squeezed(memo)
    found: dict[str, None] = {}
    for at in range(len(squeezed)):
        window = squeezed[at : at + LENGTH]
        if window.startswith(PREFIX) and len(window) == LENGTH and not is_code(window):
            found |= dict.fromkeys(_mended(window))
    return list(found)


def _mended(window: str) -> Iterator[str]:
    """Yield every code that differs from *window* in one character."""
    for at in range(len(PREFIX), LENGTH):
        for letter in ALPHABET:
            candidate = window[:at] + letter + window[at + 1 :]
            if is_code(candidate):
                yield candidate


def _squeezed(memo: str) -> str:
    return re.sub(r"[^0-9A-Z]", "", memo.upper())


def _times(one: int, other: int) -> int:
    product = 0
    while other:
        if other & 1:
            product ^= one
        one <<= 1
        if one & 32:
            one ^= _FIELD
        other >>= 1
    return product
