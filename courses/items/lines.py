"""Options as authors type them, one line each, and the rich text that is stored.

A line holds words and ``$formulas$``.  An option with more in it (a picture, bold
words) cannot be said in a line and is edited as rich text.
"""

import re
from html import escape, unescape

FORMULA = re.compile(r"\$(\S(?:[^$\n]*\S)?)\$")
STORED_FORMULA = re.compile(
    r'<span data-math="inline" data-latex="([^"]*)">[^<]*</span>'
)


def html_of(line: str) -> str:
    """Turn a typed line into the rich text that is stored."""
    pieces = FORMULA.split(line.strip())
    return "".join(
        _formula(piece) if number % 2 else escape(piece, quote=False)
        for number, piece in enumerate(pieces)
    )


def _formula(latex: str) -> str:
    latex = escape(latex.strip(), quote=True)
    return f'<span data-math="inline" data-latex="{latex}">{latex}</span>'


def line_of(html: str) -> str | None:
    """Turn stored rich text into a line; None where a line cannot hold it."""
    typed = STORED_FORMULA.sub(lambda found: f"${found[1]}$", html)
    return None if "<" in typed else unescape(typed)


def phrase(html: str) -> str:
    """Take paragraphs apart, for text that stands inside a label."""
    joined = re.sub(r"</p>\s*<p>", "<br>", html.strip())
    return re.sub(r"</?p>", "", joined)
