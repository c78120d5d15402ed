"""Lessons: Markdown, with fenced blocks for what the plan says, to rich text.

::: plan-says
**Mục tiêu:** …
:::
"""

import re
from html import escape

from lms.kernel import richtext

BLOCKS = ("plan-says", "note")
FENCE = re.compile(
    rf"^::: (?P<name>{'|'.join(BLOCKS)})\n(?P<body>.*?)\n:::$", re.MULTILINE | re.DOTALL
)


def html_of(markdown: str) -> str:
    """Return the lesson as clean HTML; fenced blocks become ``<div class=…>``."""
    pieces, end = [], 0
    for fence in FENCE.finditer(markdown):
        pieces.append(richtext.from_markdown(markdown[end : fence.start()]))
        inside = richtext.from_markdown(fence["body"])
        pieces.append(f'<div class="{fence["name"]}">{inside}</div>')
        end = fence.end()
    pieces.append(richtext.from_markdown(markdown[end:]))
    return richtext.clean("\n".join(piece for piece in pieces if piece.strip()))


def stray_fence(markdown: str) -> int | None:
    """Return the line of a fence that opens or closes nothing, or None."""
    blanked = FENCE.sub(lambda found: "\n" * found[0].count("\n"), markdown)
    for number, line in enumerate(blanked.splitlines(), 1):
        if line.startswith(":::"):
            return number
    return None


def line_html(text: str) -> str:
    """Return one line of plain words as HTML."""
    return escape(text, quote=False)


def paragraph_html(text: str) -> str:
    return f"<p>{line_html(text)}</p>"
