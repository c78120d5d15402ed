r"""Texts as other programs write them, turned into rich text and back.

Mathematics arrives as ``\(…\)``, ``\[…\]`` or ``$$…$$`` (and in typed files as
``$…$``), and is kept as rich text keeps it: LaTeX in ``data-latex``.
"""

import re
from html import escape, unescape

from lms.kernel import richtext

TAG = re.compile(r"<(?:!--.*?--|/?[A-Za-z][^<>]*)>", re.DOTALL)
IS_HTML = re.compile(
    r"</?(?:p|br|b|i|u|s|em|strong|span|div|img|a|ul|ol|li|sub|sup|table|thead|tbody|tr"
    r"|td|th|h[1-6]|pre|code|blockquote|hr|font|center|del|ins|audio|video|source|tt|q"
    r"|small|big|math|svg|script|html|label|input)\b[^<>]*>"
    r"|&(?:[a-zA-Z]{2,8}|#\d{1,6}|#x[0-9a-fA-F]{1,6});"
)
MATHS = re.compile(
    r"(?<!\\)\\\((?P<inline>.+?)(?<!\\)\\\)"
    r"|(?<!\\)\\\[(?P<block>.+?)(?<!\\)\\\]"
    r"|\$\$(?P<dollars>.+?)\$\$",
    re.DOTALL,
)
DOLLAR = re.compile(
    r"(?<![\\$\w])\$(?P<one>[^\s$](?:[^$\n]{0,400}?[^\s$\\])?)\$(?![\w$])"
)
FORMULA = re.compile(
    r'<(?P<tag>span|div) data-math="(?P<how>inline|block)"'
    r' data-latex="(?P<latex>[^"]*)">'
    r"[^<]*</(?P=tag)>"
)
LONGEST_FORMULA = richtext.LONGEST_FORMULA


def formula(latex: str, how: str = "inline") -> str:
    """Write a formula as rich text keeps it."""
    tag = "span" if how == "inline" else "div"
    kept = escape(" ".join(latex.split()), quote=True)
    if len(latex) > LONGEST_FORMULA:
        return escape(latex)
    return f'<{tag} data-math="{how}" data-latex="{kept}">{kept}</{tag}>'


def with_formulas(html: str, *, dollars: bool = False) -> str:
    """Turn the LaTeX between delimiters into formulas, outside of tags."""
    if "\\(" not in html and "\\[" not in html and "$" not in html:
        return html
    # A formula may hold < and >, escaped or not, so delimiters are looked for first,
    # but never inside a tag.
    kept = [(one.start(), one.end()) for one in TAG.finditer(html)]

    def drawn(match: re.Match[str]) -> str:
        if any(begin < match.start() < end for begin, end in kept):
            return match[0]
        named = match.groupdict()
        how = "inline" if named.get("inline") or named.get("one") else "block"
        latex = next(said for said in named.values() if said)
        return formula(unescape(TAG.sub(" ", latex)), how)

    html = MATHS.sub(drawn, html)
    if dollars and "$" in html:
        kept = [(one.start(), one.end()) for one in FORMULA.finditer(html)]
        kept += [(one.start(), one.end()) for one in TAG.finditer(html)]
        html = DOLLAR.sub(drawn, html)
    return html


def from_moodle(text: str, kind: str) -> str:
    """Turn a text of one of Moodle's formats into rich text."""
    if not text.strip():
        return ""
    kind = kind.strip().lower()
    if kind in ("markdown", "4"):
        return richtext.from_markdown(text)
    if kind in ("plain_text", "plain", "2"):
        return with_formulas(from_plain(text))
    if kind in ("html", "1") or IS_HTML.search(text):
        html = text if kind in ("html", "1") else _with_breaks(text)
        return with_formulas(html).strip()
    return with_formulas(from_plain(text))


def from_plain(text: str, *, dollars: bool = False) -> str:
    """Turn plain words into rich text, line by line; formulas still to be drawn."""
    html = "<br>".join(escape(line, quote=False) for line in text.strip().splitlines())
    return with_formulas(html, dollars=True) if dollars else html


def _with_breaks(text: str) -> str:
    return re.sub(r"\s*\n", "<br>", text.strip()) if "<p" not in text else text


def to_delimited(html: str) -> str:
    r"""Write formulas as other programs read them: ``\(…\)`` and ``\[…\]``."""

    def written(match: re.Match[str]) -> str:
        latex = escape(unescape(match["latex"]), quote=False)
        return rf"\({latex}\)" if match["how"] == "inline" else rf"\[{latex}\]"

    return FORMULA.sub(written, html)


def to_plain(html: str) -> str:
    """Write rich text as one line of words with delimited formulas."""
    return unescape(richtext.plain(to_delimited(html)))


def is_empty(html: str) -> bool:
    """Say whether nothing of *html* would be seen."""
    return not (richtext.plain(html) or "<img" in html or "data-latex" in html)
