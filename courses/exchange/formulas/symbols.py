"""Signs and letters of mathematics in LaTeX."""

import unicodedata

SIGNS = {
    "×": r"\times",
    "÷": r"\div",
    "±": r"\pm",
    "∓": r"\mp",
    "·": r"\cdot",
    "⋅": r"\cdot",
    "∗": "*",
    "−": "-",
    "–": "-",
    "≤": r"\le",
    "≥": r"\ge",
    "⩽": r"\le",
    "⩾": r"\ge",
    "≠": r"\ne",
    "≈": r"\approx",
    "≡": r"\equiv",
    "∼": r"\sim",
    "≅": r"\cong",
    "∞": r"\infty",
    "→": r"\to",
    "←": r"\leftarrow",
    "↔": r"\leftrightarrow",
    "⇒": r"\Rightarrow",
    "⇐": r"\Leftarrow",
    "⇔": r"\Leftrightarrow",
    "⟶": r"\longrightarrow",
    "⇌": r"\rightleftharpoons",
    "↑": r"\uparrow",
    "↓": r"\downarrow",
    "∈": r"\in",
    "∉": r"\notin",
    "⊂": r"\subset",
    "⊆": r"\subseteq",
    "⊄": r"\not\subset",
    "∪": r"\cup",
    "∩": r"\cap",
    "∅": r"\varnothing",
    "∖": r"\setminus",
    "∀": r"\forall",
    "∃": r"\exists",
    "¬": r"\neg",
    "∧": r"\wedge",
    "∨": r"\vee",
    "∠": r"\angle",
    "⊥": r"\perp",
    "∥": r"\parallel",
    "∆": r"\Delta",
    "∇": r"\nabla",
    "∂": r"\partial",
    "∑": r"\sum",
    "∏": r"\prod",
    "∫": r"\int",
    "∬": r"\iint",
    "∭": r"\iiint",
    "∮": r"\oint",
    "√": r"\sqrt{}",
    "°": r"^{\circ}",
    "′": "'",
    "″": "''",
    "…": r"\ldots",
    "⋯": r"\cdots",
    "ℝ": r"\mathbb{R}",
    "ℕ": r"\mathbb{N}",
    "ℤ": r"\mathbb{Z}",
    "ℚ": r"\mathbb{Q}",
    "ℂ": r"\mathbb{C}",
    "ℓ": r"\ell",
    "ϕ": r"\phi",
    "φ": r"\varphi",
    "ε": r"\varepsilon",
    "ϵ": r"\epsilon",
    "%": r"\%",
    "#": r"\#",
    "&": r"\&",
    "$": r"\$",
    "_": r"\_",
    "{": r"\{",
    "}": r"\}",
    "\\": r"\backslash",
    "~": r"\sim",
    "^": r"\wedge",
    "\u2061": "",
    "\u2062": "",
    "\u2063": "",
    "\u200b": "",
    "\xa0": r"\,",
    "\u2009": r"\,",
    "\u2003": r"\quad",
}
GREEK = {
    name.rpartition(" ")[2].lower(): True
    for name in [
        "alpha",
        "beta",
        "gamma",
        "delta",
        "zeta",
        "eta",
        "theta",
        "iota",
        "kappa",
        "mu",
        "nu",
        "xi",
        "pi",
        "rho",
        "sigma",
        "tau",
        "upsilon",
        "chi",
        "psi",
        "omega",
    ]
}
SPELLED = {"lamda": "lambda"}
FUNCTIONS = frozenset(
    [
        "sin",
        "cos",
        "tan",
        "cot",
        "sec",
        "csc",
        "arcsin",
        "arccos",
        "arctan",
        "sinh",
        "cosh",
        "tanh",
        "log",
        "ln",
        "lg",
        "exp",
        "lim",
        "max",
        "min",
        "det",
        "dim",
        "gcd",
        "sup",
        "inf",
        "arg",
        "deg",
    ]
)
ACCENTS = {
    "\u0302": r"\hat",
    "^": r"\hat",
    "ˆ": r"\hat",
    "\u0303": r"\tilde",
    "~": r"\tilde",
    "\u0304": r"\bar",
    "\u0305": r"\overline",
    "¯": r"\overline",
    "‾": r"\overline",
    "_": r"\overline",
    "\u20d7": r"\vec",
    "→": r"\overrightarrow",
    "\u20d6": r"\overleftarrow",
    "\u0307": r"\dot",
    "˙": r"\dot",
    "\u0308": r"\ddot",
    "¨": r"\ddot",
    "⌢": r"\overset{\frown}",
    "\u0311": r"\overset{\frown}",
    "⏞": r"\overbrace",
    "︷": r"\overbrace",
    "⏟": r"\underbrace",
    "︸": r"\underbrace",
}
BRACKETS = {
    "": ".",
    "{": r"\{",
    "}": r"\}",
    "‖": r"\|",
    "⟨": r"\langle",
    "⟩": r"\rangle",
    "〈": r"\langle",
    "〉": r"\rangle",
    "⌊": r"\lfloor",
    "⌋": r"\rfloor",
    "⌈": r"\lceil",
    "⌉": r"\rceil",
}
PLAIN_BRACKETS = frozenset("()[]|/")


def written(text: str) -> str:
    """Write the letters and signs of a run of mathematics."""
    pieces: list[str] = []
    for letter in unicodedata.normalize("NFC", text):
        piece = sign(letter)
        # A command must not run into the letter behind it.
        is_command = bool(pieces) and "\\" in pieces[-1] and pieces[-1][-1:].isalpha()
        if is_command and piece[:1].isalpha():
            piece = f" {piece}"
        pieces.append(piece)
    return "".join(pieces)


def sign(letter: str) -> str:
    if letter in SIGNS:
        return SIGNS[letter]
    if letter.isascii():
        return letter
    # Slanted and bold letters of mathematics are the letters they look like.
    plain = unicodedata.normalize("NFKC", letter)
    if plain != letter and len(plain) == 1:
        return sign(plain)
    return _greek(letter) or (rf"\text{{{letter}}}" if letter.isalpha() else letter)


def _greek(letter: str) -> str | None:
    name = unicodedata.name(letter, "")
    if not name.startswith("GREEK ") or "LETTER" not in name:
        return None
    word = name.rpartition(" ")[2].lower()
    word = SPELLED.get(word, word)
    if word not in GREEK and word != "lambda":
        return None
    return "\\" + (word.capitalize() if "CAPITAL" in name else word)


def words(text: str) -> str:
    """Write running words inside a formula."""
    kept = text.replace("\\", "").replace("{", "").replace("}", "")
    return rf"\text{{{kept.replace('%', chr(92) + '%')}}}" if kept.strip() else " "


def bracket(letter: str) -> str:
    if letter in BRACKETS:
        return BRACKETS[letter]
    return letter if letter in PLAIN_BRACKETS else "."
