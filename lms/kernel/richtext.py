"""Rich text: what authors may write, cleaned when saved and again when shown.

Pictures come only from our own media; mathematics is kept as LaTeX in ``data-latex``
and drawn by KaTeX in the browser.
"""

import re
from functools import lru_cache
from html import escape
from html.parser import HTMLParser

import nh3
from markdown_it import MarkdownIt
from markupsafe import Markup
from mdit_py_plugins.dollarmath import dollarmath_plugin

TEXT_TAGS = (
    "p br hr h2 h3 h4 strong b em i u s sub sup mark code pre blockquote ul ol li a"
)
OTHER_TAGS = (
    "img figure figcaption table caption thead tbody tr th td colgroup col span div"
)
TAGS = {*TEXT_TAGS.split(), *OTHER_TAGS.split()}
ATTRIBUTES: dict[str, set[str]] = {
    "a": {"href", "title"},
    "img": {"src", "alt", "width", "height"},
    "th": {"colspan", "rowspan", "scope"},
    "td": {"colspan", "rowspan"},
    "ol": {"start"},
    "span": {"data-math", "data-latex"},
    "div": {"data-math", "data-latex", "class"},
    "col": {"span"},
}
CLASSES = {"div": {"note", "plan-says"}}
OWN_PICTURE = re.compile(r"/(?:media|static)/[A-Za-z0-9][A-Za-z0-9/._-]*")
SAFE_LINK = re.compile(r"(?:https?://|mailto:|tel:|/(?![/\\])|#)", re.IGNORECASE)
LONGEST_FORMULA = 2000
RUNNING_TAGS = frozenset({"script", "iframe", "object", "embed", "applet"})
RUNNING_LINK = re.compile(r"(?:javascript|vbscript|data):", re.IGNORECASE)
LONGEST_REMEMBERED = 2000


def clean(html: str) -> str:
    """Return *html* with everything removed that is not on the list."""
    # A page of questions shows hundreds of short texts, the same ones to everybody.
    return _remembered(html) if len(html) <= LONGEST_REMEMBERED else _cleaned(html)


@lru_cache(maxsize=2048)
def _remembered(html: str) -> str:
    return _cleaned(html)


def _cleaned(html: str) -> str:
    return nh3.clean(
        html,
        tags=TAGS,
        attributes={
            tag: names - {"class"} if tag in CLASSES else names
            for tag, names in ATTRIBUTES.items()
        },
        allowed_classes=CLASSES,
        attribute_filter=_filter,
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel="noopener noreferrer",
    )


def _filter(tag: str, name: str, value: str) -> str | None:
    if name == "src":
        safe = OWN_PICTURE.fullmatch(value) and ".." not in value
        return value if safe else None
    if name == "href":
        return value if SAFE_LINK.match(value.strip()) else None
    if name == "data-math":
        return value if value in ("inline", "block") else None
    if name == "data-latex":
        return value[:LONGEST_FORMULA]
    return value


def tries_to_run(html: str) -> bool:
    """Say whether *html* holds a program, plainly: the editor never writes one.

    Only so that whoever sends it is told; what is kept is safe by :func:`clean` alone.
    """
    reader = _ProgramFinder()
    reader.feed(html)
    reader.close()
    return reader.found


class _ProgramFinder(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found = self.found or tag in RUNNING_TAGS or any(map(_runs, attrs))


def _runs(attribute: tuple[str, str | None]) -> bool:
    name, value = attribute
    # Browsers drop blanks and control characters inside the name of a scheme.
    bare = "".join(c for c in value or "" if c > " ")
    return name.startswith("on") or bool(RUNNING_LINK.match(bare))


def shown(html: str | None) -> Markup:
    """Return *html* for a template: the Jinja filter ``rich``."""
    return Markup(clean(html or ""))  # noqa: S704 -- cleaned in this very line


def plain(html: str) -> str:
    """Return the words of *html*, for lists and searching."""
    bare: str = nh3.clean(re.sub(r"<(?=/?(p|br|li|h\d|td))", " <", html), tags=set())
    return re.sub(r"\s+", " ", bare).strip()


def _formula(content: str, where: str) -> str:
    tag = "span" if where == "inline" else "div"
    latex = escape(content.strip(), quote=True)
    return f'<{tag} data-math="{where}" data-latex="{latex}">{latex}</{tag}>'


_markdown = MarkdownIt("commonmark", {"html": False, "typographer": False}).enable(
    ["table", "strikethrough"]
)
_markdown.use(
    dollarmath_plugin,
    renderer=lambda content, options: _formula(
        content, "block" if options["display_mode"] else "inline"
    ),
)
_markdown.add_render_rule(
    "math_inline",
    lambda self, tokens, i, options, env: _formula(tokens[i].content, "inline"),
)
_markdown.add_render_rule(
    "math_block",
    lambda self, tokens, i, options, env: _formula(tokens[i].content, "block"),
)


def from_markdown(text: str) -> str:
    """Turn Markdown with ``$…$`` formulas into clean HTML."""
    return clean(_markdown.render(text))
