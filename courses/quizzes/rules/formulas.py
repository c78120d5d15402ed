"""LaTeX as school formulas use it, read into a tree that a printer can set.

A node is a list: ``["row", …]``, ``["frac", a, b]``, ``["root", a]`` with an index
``["root", a, n]``, ``["attach", base, sup, sub]`` (None where absent), ``["accent", a,
mark]``, ``["sym", "α"]``, ``["id", "x"]``, ``["num", "12"]``, ``["op", "+"]``,
``["text", "…"]``.  Nothing is ever executed: what is unknown is set as it was
written.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any

Node = list[Any]
PART = re.compile(r"\\[A-Za-z]+|\\.|[0-9]+(?:[.,][0-9]+)?|[A-Za-z]|\s+|.", re.DOTALL)
SYMBOLS = {
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε",
    "varepsilon": "ε", "theta": "θ", "lambda": "λ", "mu": "μ", "pi": "π", "rho": "ρ",
    "sigma": "σ", "tau": "τ", "phi": "φ", "varphi": "φ", "omega": "ω", "Delta": "Δ",
    "Omega": "Ω", "Sigma": "Σ", "times": "×", "cdot": "·", "div": "÷", "pm": "±",
    "mp": "∓", "le": "≤", "leq": "≤", "leqslant": "≤", "ge": "≥", "geq": "≥",
    "geqslant": "≥", "ne": "≠", "neq": "≠", "approx": "≈", "equiv": "≡", "infty": "∞",
    "to": "→", "rightarrow": "→", "Rightarrow": "⇒", "Leftrightarrow": "⇔",
    "leftrightarrow": "↔", "in": "∈", "notin": "∉", "subset": "⊂", "cup": "∪",
    "cap": "∩", "emptyset": "∅", "varnothing": "∅", "forall": "∀", "exists": "∃",
    "angle": "∠", "perp": "⊥", "parallel": "∥", "triangle": "△", "circ": "°",
    "degree": "°", "sum": "∑", "int": "∫", "prod": "∏", "ldots": "…", "dots": "…",
    "cdots": "⋯", "mid": "|", "lbrace": "{", "rbrace": "}", "setminus": "∖",
    "widehat": "", "quad": " ", "qquad": "  ",
}  # fmt: skip
UPRIGHT = {"sin", "cos", "tan", "cot", "log", "ln", "lim", "max", "min", "lg", "exp"}
SILENT = {"left", "right", "displaystyle", "limits", "big", "Big", "bigl", "bigr"}
TEXTS = {"text", "mathrm", "textbf", "mathbf", "operatorname", "mathit"}
DOUBLE_STRUCK = {"R": "ℝ", "N": "ℕ", "Z": "ℤ", "Q": "ℚ", "C": "ℂ"}
ACCENTS = {
    "vec": "\u20d7",
    "overrightarrow": "\u20d7",
    "bar": "\u0304",
    "hat": "\u0302",
}
DEEPEST = 40


class _Parts:
    def __init__(self, latex: str) -> None:
        self._left = PART.findall(latex)[::-1]

    def peek(self) -> str:
        return self._left[-1] if self._left else ""

    def take(self) -> str:
        return self._left.pop() if self._left else ""

    def skip_blanks(self) -> None:
        while self.peek().isspace():
            self.take()


def read_formula(latex: str) -> Node:
    """Read a formula; anything at all gives a tree."""
    return _row(_Parts(latex), "", 0)


def _row(parts: _Parts, end: str, depth: int) -> Node:
    nodes: list[Node] = []
    while (part := parts.peek()) and part != end:
        if part in ("^", "_"):
            parts.take()
            base = nodes.pop() if nodes else ["text", ""]
            nodes.append(_attached(base, part, _argument(parts, depth)))
        elif part.isspace():
            parts.take()
        else:
            nodes.append(_atom(parts, depth))
    parts.take()
    return nodes[0] if len(nodes) == 1 else ["row", *nodes]


def _attached(base: Node, mark: str, script: Node) -> Node:
    if base[0] == "attach" and base[2 if mark == "^" else 3] is None:
        filled = list(base)
        filled[2 if mark == "^" else 3] = script
        return filled
    up, down = (script, None) if mark == "^" else (None, script)
    return ["attach", base, up, down]


def _argument(parts: _Parts, depth: int) -> Node:
    parts.skip_blanks()
    return _atom(parts, depth) if parts.peek() else ["text", ""]


def _atom(parts: _Parts, depth: int) -> Node:
    part = parts.take()
    if depth > DEEPEST:
        return ["text", part]
    if part == "{":
        return _row(parts, "}", depth + 1)
    if part.startswith("\\") and len(part) > 1:
        return _command(part[1:], parts, depth + 1)
    if part.isdigit() or part[:1].isdigit():
        return ["num", part]
    if part.isalpha():
        return ["id", part]
    return ["op", "−" if part == "-" else "′" if part == "'" else part]


def _command(name: str, parts: _Parts, depth: int) -> Node:
    if name in BUILDERS:
        return BUILDERS[name](parts, depth)
    if name in ACCENTS:
        return ["accent", _argument(parts, depth), ACCENTS[name]]
    if name in UPRIGHT:
        return ["text", name + " "]
    if name in SYMBOLS:
        return ["sym", SYMBOLS[name]]
    single = len(name) == 1 and not name.isalpha()
    return ["op" if single else "text", name.strip(",;:!")]


def _fraction(parts: _Parts, depth: int) -> Node:
    return ["frac", _argument(parts, depth), _argument(parts, depth)]


def _words(parts: _Parts, _depth: int) -> Node:
    return ["text", "".join(_raw(parts))]


def _set_of_numbers(parts: _Parts, _depth: int) -> Node:
    word = "".join(_raw(parts))
    return ["sym", DOUBLE_STRUCK.get(word, word)]


def _silence(parts: _Parts, _depth: int) -> Node:
    if parts.peek() == ".":
        parts.take()
    return ["text", ""]


def _root(parts: _Parts, depth: int) -> Node:
    if parts.peek() != "[":
        return ["root", _argument(parts, depth)]
    parts.take()
    index = _row(parts, "]", depth)
    return ["root", _argument(parts, depth), index]


def _raw(parts: _Parts) -> Iterator[str]:
    """Yield the very words of a group: ``\\text{khi đó}``."""
    parts.skip_blanks()
    if parts.peek() != "{":
        yield parts.take()
        return
    parts.take()
    while parts.peek() not in ("", "}"):
        yield parts.take()
    parts.take()


BUILDERS: dict[str, Callable[[_Parts, int], Node]] = {
    **dict.fromkeys(("frac", "dfrac", "tfrac"), _fraction),
    **dict.fromkeys(TEXTS, _words),
    **dict.fromkeys(SILENT, _silence),
    "sqrt": _root,
    "mathbb": _set_of_numbers,
}
