"""Vietnamese text: found without accents, names sorted by *tên*.

Both engines compare plain strings, so what is searched or sorted is stored beside the
text it comes from.  (SQLite's FTS does not fold đ to d, and PostgreSQL's collations
depend on how it was built.)
"""

import re
import unicodedata

_SPACES = re.compile(r"\s+")
_LETTERS = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_TONES = {"\u0300": "1", "\u0309": "2", "\u0303": "3", "\u0301": "4", "\u0323": "5"}
"""Huyền, hỏi, ngã, sắc, nặng: the order of Vietnamese dictionaries."""

_RANK = {letter: f"{rank:02d}" for rank, letter in enumerate(_LETTERS)}


def fold(text: str) -> str:
    """Return *text* in lower case without accents: ``dinh danh`` for ``Định danh``."""
    spread = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    bare = "".join(c for c in spread if not unicodedata.combining(c))
    return _SPACES.sub(" ", bare).strip()


def name_sort_key(full_name: str) -> str:
    """Return what sorts names by *tên*, then *họ đệm*, as a class list does."""
    words = unicodedata.normalize("NFC", full_name).lower().split()
    return " ".join(_word_key(word) for word in [*words[-1:], *words[:-1]])


def _word_key(word: str) -> str:
    """Letters first, tones only to break a tie."""
    letters, tones = [], []
    for letter in word:
        base, tone = _untone(letter)
        letters.append(_RANK.get(base, f"~{base}"))
        tones.append(tone)
    return "".join(letters) + "!" + "".join(tones)


def _untone(letter: str) -> tuple[str, str]:
    spread = unicodedata.normalize("NFD", letter)
    tone = next((_TONES[mark] for mark in spread if mark in _TONES), "0")
    kept = "".join(mark for mark in spread if mark not in _TONES)
    return unicodedata.normalize("NFC", kept), tone
