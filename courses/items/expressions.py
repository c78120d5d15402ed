"""Formulas that authors write, worked out by our own reader of them.

Never Python's ``eval``, nor its parser: a formula holds numbers, variables in braces,
``+ - * / % ^ **``, brackets, and the functions in the table.  All is bounded: the
length, the depth, and the size of every number on the way.
"""

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction

LONGEST_FORMULA = 1000
DEEPEST = 40
MOST_BITS = 2048
HIGHEST_EXACT_POWER = 64
MOST_PLACES = 15
Number = Fraction | float
TOKEN = re.compile(
    r"\s*(?:(\d+\.?\d*(?:[eE][+-]?\d{1,3})?|\.\d+(?:[eE][+-]?\d{1,3})?)"
    r"|\{([A-Za-z][A-Za-z0-9_]{0,39})\}|([A-Za-z][A-Za-z0-9_]{0,20})|(\*\*|[-+*/%^(),]))",
    re.ASCII,
)


class Unsolvable(ValueError):
    """The formula is none, or has no value here: a division by nought, a root of -1."""


def _round(value: Number, places: Number = Fraction(0)) -> Number:
    """Round halves away from nought, as PHP and people do."""
    count = int(places)
    if abs(count) > MOST_PLACES:
        raise Unsolvable("more places than a number has")
    unit = Fraction(10**count) if count >= 0 else Fraction(1, 10**-count)
    exact = Fraction(value)
    steps = int(abs(exact) * unit + Fraction(1, 2))
    return Fraction(steps) / unit * (1 if exact >= 0 else -1)


def _power(base: Number, exponent: Number) -> Number:
    power = int(exponent)
    is_exact = power == exponent and abs(power) <= HIGHEST_EXACT_POWER
    if is_exact and isinstance(base, Fraction):
        return Fraction(base**power)
    return math.pow(base, exponent)


def _remainder(value: Number, by: Number) -> Number:
    return math.fmod(value, by)


FUNCTIONS: dict[str, tuple[int, int, Callable[..., Number]]] = {
    "abs": (1, 1, abs),
    "acos": (1, 1, math.acos),
    "acosh": (1, 1, math.acosh),
    "asin": (1, 1, math.asin),
    "asinh": (1, 1, math.asinh),
    "atan": (1, 1, math.atan),
    "atan2": (2, 2, math.atan2),
    "atanh": (1, 1, math.atanh),
    "ceil": (1, 1, lambda value: Fraction(math.ceil(value))),
    "cos": (1, 1, math.cos),
    "cosh": (1, 1, math.cosh),
    "deg2rad": (1, 1, math.radians),
    "exp": (1, 1, math.exp),
    "expm1": (1, 1, math.expm1),
    "floor": (1, 1, lambda value: Fraction(math.floor(value))),
    "fmod": (2, 2, _remainder),
    "log": (1, 2, math.log),
    "log10": (1, 1, math.log10),
    "log1p": (1, 1, math.log1p),
    "max": (1, 20, max),
    "min": (1, 20, min),
    "pi": (0, 0, lambda: math.pi),
    "pow": (2, 2, _power),
    "rad2deg": (1, 1, math.degrees),
    "round": (1, 2, _round),
    "sin": (1, 1, math.sin),
    "sinh": (1, 1, math.sinh),
    "sqrt": (1, 1, math.sqrt),
    "tan": (1, 1, math.tan),
    "tanh": (1, 1, math.tanh),
}
"""By name: the fewest and the most arguments, and what is worked out of them."""


@dataclass(frozen=True, slots=True)
class Token:
    kind: str
    text: str


def tokens_of(formula: str) -> list[Token]:
    if len(formula) > LONGEST_FORMULA:
        raise Unsolvable("the formula is too long")
    found, place = [], 0
    text = formula.rstrip()
    while place < len(text):
        match = TOKEN.match(text, place)
        if match is None:
            raise Unsolvable(
                f"{text[place : place + 10]!r} has no meaning in a formula"
            )
        kinds = ("number", "variable", "name", "sign")
        kind = kinds[(match.lastindex or 1) - 1]
        found.append(Token(kind, match[match.lastindex or 1]))
        place = match.end()
    return found


def value_of(formula: str, variables: Mapping[str, Number]) -> Number:
    """Work a formula out; Unsolvable (a ValueError) where it has no value."""
    reader = _Reader(tokens_of(formula), variables)
    try:
        found = reader.whole()
    except (ArithmeticError, RecursionError, ValueError, TypeError) as error:
        raise Unsolvable(str(error)) from None
    if isinstance(found, float) and not math.isfinite(found):
        raise Unsolvable("the value is without end")
    return found


def variables_in(formula: str) -> set[str]:
    """Return the names in braces."""
    return {token.text for token in tokens_of(formula) if token.kind == "variable"}


class _Reader:
    """Reads and works out at once, by the usual rules of precedence."""

    def __init__(self, tokens: list[Token], variables: Mapping[str, Number]) -> None:
        self.tokens = tokens
        self.variables = variables
        self.place = 0
        self.depth = 0

    def whole(self) -> Number:
        found = self.sum()
        if self.place < len(self.tokens):
            raise Unsolvable(
                f"nothing was expected at {self.tokens[self.place].text!r}"
            )
        return found

    def takes(self, *signs: str) -> str | None:
        """Step over one of *signs*, if it stands here."""
        if self.place < len(self.tokens):
            token = self.tokens[self.place]
            if token.kind == "sign" and token.text in signs:
                self.place += 1
                return token.text
        return None

    def sum(self) -> Number:
        self.depth += 1
        if self.depth > DEEPEST:
            raise Unsolvable("the brackets go too deep")
        found = self.product()
        while sign := self.takes("+", "-"):
            other = self.product()
            found = _bounded(_both(found, other, sign))
        self.depth -= 1
        return found

    def product(self) -> Number:
        found = self.signed()
        while sign := self.takes("*", "/", "%"):
            other = self.signed()
            found = _bounded(_both(found, other, sign))
        return found

    def signed(self) -> Number:
        """Read a sign before a power: -2^2 is -4."""
        minus = False
        while sign := self.takes("+", "-"):
            minus ^= sign == "-"
        found = self.power()
        return -found if minus else found

    def power(self) -> Number:
        base = self.atom()
        if not self.takes("^", "**"):
            return base
        self.depth += 1
        if self.depth > DEEPEST:
            raise Unsolvable("the powers go too deep")
        found = _bounded(_power(base, self.signed()))
        self.depth -= 1
        return found

    def atom(self) -> Number:
        if self.place >= len(self.tokens):
            raise Unsolvable("the formula ends too soon")
        if self.takes("("):
            found = self.sum()
            self.close()
            return found
        token = self.tokens[self.place]
        self.place += 1
        if token.kind == "number":
            return _bounded(Fraction(token.text))
        if token.kind == "variable":
            if token.text not in self.variables:
                raise Unsolvable(f"there is no variable {token.text!r}")
            return self.variables[token.text]
        if token.kind == "name":
            return self.call(token.text)
        raise Unsolvable(f"{token.text!r} stands in a wrong place")

    def call(self, name: str) -> Number:
        if name not in FUNCTIONS:
            raise Unsolvable(f"there is no function {name!r}")
        if not self.takes("("):
            raise Unsolvable(f"{name!r} is a function and takes brackets")
        fewest, most, function = FUNCTIONS[name]
        given: list[Number] = []
        if not self.takes(")"):
            given.append(self.sum())
            while self.takes(","):
                given.append(self.sum())
            self.close()
        if not fewest <= len(given) <= most:
            raise Unsolvable(f"{name!r} takes {fewest} to {most} values")
        return _bounded(function(*given))

    def close(self) -> None:
        if not self.takes(")"):
            raise Unsolvable("a bracket is not closed")


def _both(left: Number, right: Number, sign: str) -> Number:
    if sign == "+":
        return left + right
    if sign == "-":
        return left - right
    if sign == "*":
        return left * right
    if sign == "/":
        return left / right
    return _remainder(left, right)


def _bounded(value: Number) -> Number:
    """Keep exact numbers small; what grows beyond goes on as a float, or fails."""
    if isinstance(value, float):
        if not math.isfinite(value):
            raise Unsolvable("a number without end")
        return value
    size = max(value.numerator.bit_length(), value.denominator.bit_length())
    return value if size <= MOST_BITS else float(value)
