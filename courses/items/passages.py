"""Passages of rich text with gaps in them, written ``[[name]]``."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

# Cleaned rich text writes every attribute in double quotes with the quotes inside it
# escaped, so a whole tag can be stepped over; what looks like a gap in one is none.
PIECE = re.compile(r'<(?:[^<>"]|"[^"]*")*>|\[\[([A-Za-z0-9_][A-Za-z0-9_.-]{0,63})\]\]')


@dataclass(frozen=True, slots=True)
class Piece:
    """Rich text up to a gap, and the gap's name; the last piece has none."""

    html: str
    gap: str | None


def pieces_of(passage: str) -> list[Piece]:
    """Cut cleaned rich text at its gaps.  The pieces alone are not whole HTML."""
    found, begin = [], 0
    for match in PIECE.finditer(passage):
        if match[1]:
            found.append(Piece(passage[begin : match.start()], match[1]))
            begin = match.end()
    return [*found, Piece(passage[begin:], None)]


def gaps_of(passage: str) -> list[str]:
    """Return the names of the gaps in the order they stand."""
    return [match[1] for match in PIECE.finditer(passage) if match[1]]


def check_gaps(passage: str, names: Iterable[str]) -> None:
    """Raise ValueError unless the passage has each of these gaps once, and no other."""
    if sorted(gaps_of(passage)) != sorted(names):
        raise ValueError("the passage has a gap for each part, and each once")
