"""One live writer for each attempt.

A writer is a window: a random word that a page makes for itself.  The first one that
speaks holds the attempt; a second one is told so, and may take over by saying so.
"""

from lms.kernel.errors import Refusal

LONGEST_WRITER = 40


class WriterRefusal(Refusal):
    ELSEWHERE = "attempt-written-elsewhere"


def writer_refusal(held_by: str | None, writer: str) -> WriterRefusal | None:
    """Say why this window may not write, or None."""
    if held_by in (None, writer):
        return None
    return WriterRefusal.ELSEWHERE
