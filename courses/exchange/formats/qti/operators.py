"""The operators of response processing: values in, a value out; NULL spreads.

Source: 1EdTech QTI 2.2, section "Expressions".  A pattern is looked for only where it
cannot take long: one repetition inside another is refused.
"""

import math
import re
from collections.abc import Callable, Sequence
from fractions import Fraction

from courses.exchange.formats.qti.declarations import coords_of, in_shape
from courses.exchange.formats.qti.values import (
    Value,
    alike,
    boolean,
    bounded,
    exactly,
    read,
    single,
)
from courses.exchange.rules import NotTaken, Trouble
from courses.exchange.xml import Element

Values = Sequence[Value]
LONGEST_TEXT = 2000
SLOW = re.compile(r"[*+}]\)?[*+{]|\([^()]*[*+}][^()]*\)[*+{]|\\\d|\(\?")


def _numbers(values: Values) -> list[Fraction] | None:
    """Return all numbers in the values; None where any is NULL."""
    if any(value.is_null for value in values):
        return None
    items = [item for value in values for item in value.items]
    if any(not isinstance(item, Fraction) for item in items):
        raise NotTaken(Trouble.WRONG_NUMBER)
    return items


def _counted(
    work: Callable[[list[Fraction]], Fraction],
) -> Callable[[Values, Element], Value]:
    def operator(values: Values, _element: Element) -> Value:
        numbers = _numbers(values)
        if not numbers:
            return single("float", None)
        try:
            return single("float", bounded(work(numbers)))
        except (ZeroDivisionError, OverflowError, IndexError):
            return single("float", None)

    return operator


def _compared(
    work: Callable[[Fraction, Fraction], bool],
) -> Callable[[Values, Element], Value]:
    def operator(values: Values, _element: Element) -> Value:
        numbers = _numbers(values)
        if numbers is None or len(numbers) != 2:  # noqa: PLR2004
            return single("boolean", None)
        return boolean(work(*numbers))

    return operator


def _and(values: Values, _element: Element) -> Value:
    said = [value.one for value in values]
    if any(one is False for one in said):
        return boolean(False)
    return single("boolean", None if None in said else True)


def _or(values: Values, _element: Element) -> Value:
    said = [value.one for value in values]
    if any(one is True for one in said):
        return boolean(True)
    return single("boolean", None if None in said else False)


def _not(values: Values, _element: Element) -> Value:
    return single("boolean", None if values[0].is_null else not values[0].one)


def _any_n(values: Values, element: Element) -> Value:
    low, high = (read("integer", element.get(end, "0")) for end in ("min", "max"))
    true = sum(value.one is True for value in values)
    unknown = sum(value.is_null for value in values)
    if true > high or true + unknown < low:
        return boolean(False)
    return single("boolean", True if low <= true and true + unknown <= high else None)


def _is_null(values: Values, _element: Element) -> Value:
    # An empty string is NULL as well.
    return boolean(values[0].is_null or values[0].items == ("",))


def _match(values: Values, _element: Element) -> Value:
    if any(value.is_null for value in values):
        return single("boolean", None)
    one, two = values
    return boolean(Value(one.base, one.cardinality, one.items).same(two))


def _member(values: Values, _element: Element) -> Value:
    one, many = values
    if one.is_null or many.is_null:
        return single("boolean", None)
    return boolean(any(alike(one.one, item, one.base) for item in many.items))


def _contains(values: Values, _element: Element) -> Value:
    whole, part = values
    if whole.is_null or part.is_null:
        return single("boolean", None)
    if whole.cardinality == "ordered":
        span = len(part.items)
        starts = range(len(whole.items) - span + 1)
        return boolean(any(whole.items[n : n + span] == part.items for n in starts))
    left = list(whole.items)
    for item in part.items:
        found = next((one for one in left if alike(item, one, whole.base)), None)
        if found is None:
            return boolean(False)
        left.remove(found)
    return boolean(True)


def _delete(values: Values, _element: Element) -> Value:
    gone, many = values
    if gone.is_null or many.is_null:
        return Value(many.base, many.cardinality)
    kept = tuple(one for one in many.items if not alike(one, gone.one, many.base))
    return Value(many.base, many.cardinality, kept)


def _index(values: Values, element: Element) -> Value:
    place = int(read("integer", element.get("n", "1")))
    items = values[0].items
    return single(values[0].base, items[place - 1] if 0 < place <= len(items) else None)


def _container(cardinality: str) -> Callable[[Values, Element], Value]:
    def operator(values: Values, _element: Element) -> Value:
        base = next((value.base for value in values if not value.is_null), "identifier")
        items = tuple(item for value in values for item in value.items)
        return Value(base, cardinality, items)

    return operator


def _size(values: Values, _element: Element) -> Value:
    return single("integer", Fraction(len(values[0].items)))


def _texts(values: Values) -> tuple[str, str] | None:
    if any(value.is_null for value in values):
        return None
    one, two = (str(value.one)[:LONGEST_TEXT] for value in values)
    return one, two


def _is_cased(element: Element) -> bool:
    return bool(element.get("caseSensitive", "true").lower() != "false")


def _string_match(values: Values, element: Element) -> Value:
    said = _texts(values)
    if said is None:
        return single("boolean", None)
    one, two = said if _is_cased(element) else (word.casefold() for word in said)
    if element.get("substring", "false").lower() == "true":
        return boolean(two in one)
    return boolean(one == two)


def _substring(values: Values, element: Element) -> Value:
    said = _texts(values)
    if said is None:
        return single("boolean", None)
    one, two = said if _is_cased(element) else (word.casefold() for word in said)
    return boolean(one in two)


def _pattern_match(values: Values, element: Element) -> Value:
    pattern = element.get("pattern", "")
    if values[0].is_null:
        return single("boolean", None)
    if len(pattern) > 200 or SLOW.search(pattern):  # noqa: PLR2004
        raise NotTaken(Trouble.INTERACTION_NOT_SUPPORTED, "patternMatch")
    try:
        found = re.fullmatch(pattern, str(values[0].one)[:200])
    except (re.error, RecursionError, OverflowError):
        raise NotTaken(Trouble.INTERACTION_NOT_SUPPORTED, "patternMatch") from None
    return boolean(found is not None)


def _equal(values: Values, element: Element) -> Value:
    numbers = _numbers(values)
    if numbers is None or len(numbers) != 2:  # noqa: PLR2004
        return single("boolean", None)
    given, wanted = numbers
    mode = element.get("toleranceMode", "exact")
    ends = [read("float", word) for word in element.get("tolerance", "0").split()]
    low, high = (ends * 2)[:2] if ends else (Fraction(0), Fraction(0))
    if mode == "exact":
        return boolean(given == wanted)
    if mode == "relative":
        low, high = (abs(wanted) * end / 100 for end in (low, high))
    # The first is what tolerance surrounds: both ways round are seen in the wild.
    return boolean(given - low <= wanted <= given + high)


def _equal_rounded(values: Values, element: Element) -> Value:
    numbers = _numbers(values)
    if numbers is None or len(numbers) != 2:  # noqa: PLR2004
        return single("boolean", None)
    one, two = (_rounded(number, element) for number in numbers)
    return boolean(one == two)


def _rounded(number: Fraction, element: Element) -> Fraction:
    figures = int(read("integer", element.get("figures", "3")))
    if not 0 <= figures <= 20:  # noqa: PLR2004
        raise NotTaken(Trouble.WRONG_NUMBER)
    if element.get("roundingMode", "significantFigures") == "decimalPlaces":
        unit = Fraction(1, 10**figures)
    elif not number:
        return number
    else:
        unit = Fraction(10) ** (math.floor(math.log10(abs(number))) + 1 - figures)
    return math.floor(number / unit + Fraction(1, 2)) * unit


def _round_to(values: Values, element: Element) -> Value:
    numbers = _numbers(values)
    return single("float", _rounded(numbers[0], element) if numbers else None)


def _inside(values: Values, element: Element) -> Value:
    if values[0].is_null:
        return single("boolean", None)
    shape, coords = (
        element.get("shape", "default"),
        coords_of(element.get("coords", "")),
    )
    return boolean(any(in_shape(shape, coords, point) for point in values[0].items))


def _integer(
    work: Callable[[list[Fraction]], int],
) -> Callable[[Values, Element], Value]:
    def operator(values: Values, _element: Element) -> Value:
        numbers = _numbers(values)
        if not numbers:
            return single("integer", None)
        try:
            return single("integer", bounded(Fraction(work(numbers))))
        except (ZeroDivisionError, IndexError):
            return single("integer", None)

    return operator


def _power(numbers: list[Fraction]) -> Fraction:
    base, exponent = numbers
    if exponent.denominator == 1 and abs(exponent) <= 60:  # noqa: PLR2004
        return bounded(base) ** int(exponent)
    found = float(base) ** float(exponent)
    if isinstance(found, complex):
        raise ZeroDivisionError
    return exactly(found)


FUNCTIONS: dict[str, Callable[..., float]] = {
    "sin": math.sin,
    "cos": math.cos,
    "tan": math.tan,
    "asin": math.asin,
    "acos": math.acos,
    "atan": math.atan,
    "atan2": math.atan2,
    "log": math.log10,
    "ln": math.log,
    "exp": math.exp,
    "abs": abs,
    "signum": lambda x: (x > 0) - (x < 0),
    "floor": math.floor,
    "ceil": math.ceil,
    "toDegrees": math.degrees,
    "toRadians": math.radians,
}


def _maths(values: Values, element: Element) -> Value:
    work, numbers = FUNCTIONS.get(element.get("name", "")), _numbers(values)
    if work is None:
        raise NotTaken(Trouble.INTERACTION_NOT_SUPPORTED, element.get("name", ""))
    if numbers is None:
        return single("float", None)
    try:
        return single("float", exactly(float(work(*map(float, numbers)))))
    except (ValueError, OverflowError, TypeError):
        return single("float", None)


def _statistics(values: Values, element: Element) -> Value:
    numbers = _numbers(values)
    if not numbers:
        return single("float", None)
    mean = sum(numbers, Fraction(0)) / len(numbers)
    if element.get("name") == "mean":
        return single("float", mean)
    spread = sum(((one - mean) ** 2 for one in numbers), Fraction(0))
    sample = element.get("name", "").startswith(("sample", "sd", "variance"))
    count = len(numbers) - sample
    if not count:
        return single("float", None)
    variance = spread / count
    root = "sd" in element.get("name", "").lower()
    return single("float", exactly(math.sqrt(variance)) if root else variance)


OPERATORS: dict[str, Callable[[Values, Element], Value]] = {
    "and": _and,
    "or": _or,
    "not": _not,
    "anyN": _any_n,
    "isNull": _is_null,
    "match": _match,
    "member": _member,
    "contains": _contains,
    "delete": _delete,
    "index": _index,
    "multiple": _container("multiple"),
    "ordered": _container("ordered"),
    "containerSize": _size,
    "stringMatch": _string_match,
    "substring": _substring,
    "patternMatch": _pattern_match,
    "equal": _equal,
    "equalRounded": _equal_rounded,
    "inside": _inside,
    "sum": _counted(lambda numbers: sum(numbers, Fraction(0))),
    "product": _counted(lambda numbers: Fraction(math.prod(numbers))),
    "subtract": _counted(lambda numbers: numbers[0] - numbers[1]),
    "divide": _counted(lambda numbers: numbers[0] / numbers[1]),
    "power": _counted(_power),
    "max": _counted(max),
    "min": _counted(min),
    "gt": _compared(lambda one, two: one > two),
    "gte": _compared(lambda one, two: one >= two),
    "lt": _compared(lambda one, two: one < two),
    "lte": _compared(lambda one, two: one <= two),
    "durationLT": _compared(lambda one, two: one < two),
    "durationGTE": _compared(lambda one, two: one >= two),
    "integerDivide": _integer(lambda numbers: numbers[0] // numbers[1]),
    "integerModulus": _integer(lambda numbers: int(numbers[0] % numbers[1])),
    "truncate": _integer(lambda numbers: math.trunc(numbers[0])),
    "round": _integer(lambda numbers: math.floor(numbers[0] + Fraction(1, 2))),
    "integerToFloat": _counted(lambda numbers: numbers[0]),
    "roundTo": _round_to,
    "gcd": _integer(lambda numbers: math.gcd(*map(int, numbers))),
    "lcm": _integer(lambda numbers: math.lcm(*map(int, numbers))),
    "mathOperator": _maths,
    "statsOperator": _statistics,
}
