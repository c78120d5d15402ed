"""MathML (presentation) to LaTeX."""

from collections.abc import Callable

from courses.exchange.formulas.symbols import (
    ACCENTS,
    FUNCTIONS,
    bracket,
    words,
    written,
)
from courses.exchange.xml import Element, local, text_of

DEEPEST = 60


def latex_of(math: Element) -> str:
    """Return the LaTeX of a ``<math>`` element; empty if nothing is in it."""
    return " ".join(_of(math, 0).split())


def _of(element: Element, depth: int) -> str:
    if depth > DEEPEST:
        return ""
    kind = local(element)
    parts = [child for child in element if local(child)]
    if kind in LEAVES:
        return LEAVES[kind](text_of(element).strip())
    if kind in WHOLES:
        return WHOLES[kind](element, parts, depth)
    inner = [_of(part, depth + 1) for part in parts]
    if kind in SHAPES and len(inner) >= SHAPES[kind][0]:
        return SHAPES[kind][1](inner)
    return " ".join(inner)


def _letters(text: str) -> str:
    if text in FUNCTIONS:
        return f"\\{text} "
    if len(text) > 1 and text.isalpha():
        return rf"\mathrm{{{written(text)}}}"
    return written(text)


LEAVES: dict[str, Callable[[str], str]] = {
    "mi": _letters,
    "mn": written,
    "mo": lambda text: f"\\{text} " if text in FUNCTIONS else written(text),
    "mtext": words,
    "ms": words,
    "mspace": lambda _text: r"\,",
    "annotation": lambda _text: "",
    "annotation-xml": lambda _text: "",
    "none": lambda _text: "",
    "mprescripts": lambda _text: "",
}


def _semantics(_element: Element, parts: list[Element], depth: int) -> str:
    for part in parts:
        if "tex" in part.get("encoding", "").lower():
            return text_of(part)
    return _of(parts[0], depth + 1) if parts else ""


def _fenced(element: Element, parts: list[Element], depth: int) -> str:
    inner = [_of(part, depth + 1) for part in parts]
    left, right = bracket(element.get("open", "(")), bracket(element.get("close", ")"))
    between = element.get("separators", ",").strip()[:1] or " "
    return rf"\left{left} {between.join(inner)} \right{right}"


def _table(element: Element, parts: list[Element], depth: int) -> str:
    if local(element) == "mtable":
        rows = r" \\ ".join(_of(part, depth + 1) for part in parts)
        return rf"\begin{{matrix}} {rows} \end{{matrix}}"
    return " & ".join(_of(part, depth + 1) for part in parts)


WHOLES: dict[str, Callable[[Element, list[Element], int], str]] = {
    "semantics": _semantics,
    "mfenced": _fenced,
    "mtable": _table,
    "mtr": _table,
    "mlabeledtr": _table,
}


def _over(inner: list[str]) -> str:
    base, mark = inner[:2]
    accent = next(
        (ACCENTS[key] for key in ACCENTS if written(key) == mark.strip()), None
    )
    return rf"{accent}{{{base}}}" if accent else rf"\overset{{{mark}}}{{{base}}}"


def _under(inner: list[str]) -> str:
    base, mark = inner[:2]
    if base.strip().startswith((r"\lim", r"\max", r"\min", r"\sum")):
        return rf"{base}_{{{mark}}}"
    return rf"\underset{{{mark}}}{{{base}}}"


SHAPES: dict[str, tuple[int, Callable[[list[str]], str]]] = {
    "mfrac": (2, lambda p: rf"\frac{{{p[0]}}}{{{p[1]}}}"),
    "msup": (2, lambda p: rf"{{{p[0]}}}^{{{p[1]}}}"),
    "msub": (2, lambda p: rf"{{{p[0]}}}_{{{p[1]}}}"),
    "msubsup": (3, lambda p: rf"{{{p[0]}}}_{{{p[1]}}}^{{{p[2]}}}"),
    "munderover": (3, lambda p: rf"{p[0]}_{{{p[1]}}}^{{{p[2]}}}"),
    "mroot": (2, lambda p: rf"\sqrt[{p[1]}]{{{p[0]}}}"),
    "msqrt": (0, lambda p: rf"\sqrt{{{' '.join(p)}}}"),
    "mover": (2, _over),
    "munder": (2, _under),
}
