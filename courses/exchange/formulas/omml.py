"""Word's own formulas (OMML) to LaTeX.

Source: ECMA-376, part 1, section 22.1 (Office Math Markup Language).
"""

from collections.abc import Callable, Iterator

from courses.exchange.formulas.symbols import (
    ACCENTS,
    FUNCTIONS,
    bracket,
    words,
    written,
)
from courses.exchange.xml import Element, child, children, local, text_of

DEEPEST = 60
NEW_ROW = r" \\ "
SMALL_OPERATORS = {
    "∑": r"\sum",
    "∏": r"\prod",
    "∫": r"\int",
    "∬": r"\iint",
    "∮": r"\oint",
}
SKIPPED = ("rPr", "ctrlPr")


def latex_of(math: Element) -> str:
    """Return the LaTeX of an ``oMath`` element; empty if nothing is in it."""
    return " ".join(_inside(math, 0).split())


def _inside(element: Element | None, depth: int) -> str:
    if element is None or depth > DEEPEST:
        return ""
    return "".join(_of(part, depth + 1) for part in _parts(element))


def _parts(element: Element) -> Iterator[Element]:
    for part in element:
        name = local(part)
        if name and not name.endswith("Pr") and name not in SKIPPED:
            yield part


def _of(element: Element, depth: int) -> str:
    kind = local(element)
    if kind == "r":
        return _run(element)
    if kind in SHAPES:
        return SHAPES[kind](element, depth)
    return _inside(element, depth)


def _run(run: Element) -> str:
    text = "".join(text_of(one) for one in children(run, "t"))
    kind = child(run, "rPr")
    if kind is not None and child(kind, "nor") is not None:
        return (text.strip() and words(text)) or " "
    if text.strip() in FUNCTIONS:
        return f"\\{text.strip()} "
    made = written(text)
    return f"{made} " if made[-1:].isalpha() and "\\" in made else made


def _named(element: Element, name: str, depth: int) -> str:
    return _inside(child(element, name), depth).strip()


def _setting(element: Element, group: str, name: str, default: str) -> str:
    found = child(element, group)
    setting = child(found, name) if found is not None else None
    if setting is None:
        return default
    value = [
        str(said) for key, said in setting.attrib.items() if str(key).endswith("val")
    ]
    return value[0] if value else default


def _fraction(element: Element, depth: int) -> str:
    top, bottom = (_named(element, part, depth) for part in ("num", "den"))
    if _setting(element, "fPr", "type", "bar") == "noBar":
        return rf"\binom{{{top}}}{{{bottom}}}"
    return rf"\frac{{{top}}}{{{bottom}}}"


def _scripts(element: Element, depth: int) -> str:
    base = _named(element, "e", depth)
    below, above = _named(element, "sub", depth), _named(element, "sup", depth)
    base = base if len(base) == 1 else f"{{{base}}}"
    return (
        base + (f"_{{{below}}}" if below else "") + (f"^{{{above}}}" if above else "")
    )


def _before(element: Element, depth: int) -> str:
    below, above = _named(element, "sub", depth), _named(element, "sup", depth)
    return rf"{{}}_{{{below}}}^{{{above}}}{_named(element, 'e', depth)}"


def _root(element: Element, depth: int) -> str:
    degree = _named(element, "deg", depth)
    return rf"\sqrt{f'[{degree}]' if degree else ''}{{{_named(element, 'e', depth)}}}"


def _big(element: Element, depth: int) -> str:
    letter = _setting(element, "naryPr", "chr", "∫")
    sign = SMALL_OPERATORS.get(letter, written(letter))
    below, above = _named(element, "sub", depth), _named(element, "sup", depth)
    ends = (f"_{{{below}}}" if below else "") + (f"^{{{above}}}" if above else "")
    return f"{sign}{ends} {_named(element, 'e', depth)}"


def _brackets(element: Element, depth: int) -> str:
    left = bracket(_setting(element, "dPr", "begChr", "("))
    right = bracket(_setting(element, "dPr", "endChr", ")"))
    between = written(_setting(element, "dPr", "sepChr", "|"))
    inner = between.join(_inside(one, depth).strip() for one in children(element, "e"))
    return rf"\left{left} {inner} \right{right}"


def _function(element: Element, depth: int) -> str:
    name = _named(element, "fName", depth)
    return f"{name} {{{_named(element, 'e', depth)}}}"


def _accent(element: Element, depth: int) -> str:
    mark = _setting(element, "accPr", "chr", "\u0302")
    accent = ACCENTS.get(mark, r"\hat")
    inner = _named(element, "e", depth)
    wide = {r"\vec": r"\overrightarrow", r"\hat": r"\widehat", r"\bar": r"\overline"}
    return rf"{wide.get(accent, accent) if len(inner) > 1 else accent}{{{inner}}}"


def _bar(element: Element, depth: int) -> str:
    below = _setting(element, "barPr", "pos", "top") == "bot"
    return rf"\{'underline' if below else 'overline'}{{{_named(element, 'e', depth)}}}"


def _grouped(element: Element, depth: int) -> str:
    accent = ACCENTS.get(_setting(element, "groupChrPr", "chr", "⏟"), r"\underbrace")
    return rf"{accent}{{{_named(element, 'e', depth)}}}"


def _limit_below(element: Element, depth: int) -> str:
    base, below = _named(element, "e", depth), _named(element, "lim", depth)
    known = base.lstrip("\\").strip() in FUNCTIONS
    return rf"{base}_{{{below}}}" if known else rf"\underset{{{below}}}{{{base}}}"


def _limit_above(element: Element, depth: int) -> str:
    return (
        rf"\overset{{{_named(element, 'lim', depth)}}}{{{_named(element, 'e', depth)}}}"
    )


def _matrix(element: Element, depth: int) -> str:
    rows = [
        " & ".join(_inside(cell, depth).strip() for cell in children(row, "e"))
        for row in children(element, "mr")
    ]
    return rf"\begin{{matrix}} {NEW_ROW.join(rows)} \end{{matrix}}"


def _lines(element: Element, depth: int) -> str:
    rows = [_inside(one, depth).strip() for one in children(element, "e")]
    # Word marks where lines are aligned with &, as LaTeX does.
    aligned = [row.replace(r"\&", "&") for row in rows]
    return rf"\begin{{aligned}} {NEW_ROW.join(aligned)} \end{{aligned}}"


SHAPES: dict[str, Callable[[Element, int], str]] = {
    "f": _fraction,
    "sSup": _scripts,
    "sSub": _scripts,
    "sSubSup": _scripts,
    "sPre": _before,
    "rad": _root,
    "nary": _big,
    "d": _brackets,
    "func": _function,
    "acc": _accent,
    "bar": _bar,
    "groupChr": _grouped,
    "limLow": _limit_below,
    "limUpp": _limit_above,
    "m": _matrix,
    "eqArr": _lines,
}
