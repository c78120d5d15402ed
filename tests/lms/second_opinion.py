"""A second, independent reading of TT 22/2021, to hold the first against.

Written from the circular's sentences with plain fractions and loops, and sharing no
line with ``lms.marks.rules``: results are strings, marks are integers of tenths.
"""

import re
from fractions import Fraction


def half_up(quotient):
    tenths = quotient * 10
    whole = tenths.numerator // tenths.denominator
    return whole + 1 if tenths - whole >= Fraction(1, 2) else whole


def term(regular, midterm, final):
    weighted = [(mark, 1) for mark in regular] + [(midterm, 2), (final, 3)]
    return half_up(
        Fraction(sum(mark * weight for mark, weight in weighted), 10)
        / sum(weight for _mark, weight in weighted)
    )


def year(first, second):
    return half_up(Fraction(first + second + second, 30))


def study(scores, comments):
    """Return the level and the subject that lifted it."""
    plain = _plain(scores, comments)
    order = ["CHUA_DAT", "DAT", "KHA", "TOT"]
    for subject in [*scores, *comments]:
        rest = _plain(
            {k: v for k, v in scores.items() if k != subject},
            {k: v for k, v in comments.items() if k != subject},
        )
        if rest in ("KHA", "TOT") and order.index(rest) >= order.index(plain) + 2:
            return order[order.index(plain) + 1], subject
    return plain, None


def _plain(scores, comments):
    marks = sorted(scores.values(), reverse=True)
    failed = list(comments.values()).count("CD")
    sixth = marks[5] if len(marks) > 5 else -1
    lowest = marks[-1]
    if failed == 0 and lowest >= 65 and sixth >= 80:
        return "TOT"
    if failed == 0 and lowest >= 50 and sixth >= 65:
        return "KHA"
    if failed <= 1 and lowest >= 35 and sixth >= 50:
        return "DAT"
    return "CHUA_DAT"


def conduct(first, second):
    if second == "TOT":
        return "TOT" if first in ("TOT", "KHA") else "KHA"
    if second == "KHA":
        return "DAT" if first == "CHUA_DAT" else "KHA"
    if second == "DAT":
        return "KHA" if first == "TOT" else "DAT"
    return "CHUA_DAT"


def title(level, behaviour, scores):
    if (level, behaviour) != ("TOT", "TOT"):
        return None
    nines = [mark for mark in scores.values() if mark >= 90]
    return "HOC_SINH_XUAT_SAC" if len(nines) > 5 else "HOC_SINH_GIOI"


def decision(scores, comments, level, behaviour, absences):
    """Return the decision, whether to train, and what to sit again."""
    if absences > 45:
        return "O_LAI", False, set()
    again = set()
    if level == "CHUA_DAT":
        again = {k for k, v in scores.items() if v < 50}
        again |= {k for k, v in comments.items() if v == "CD"}
    train = behaviour == "CHUA_DAT"
    up = level != "CHUA_DAT" and not train
    return ("LEN_LOP" if up else "CHO_XET"), train, again


SUM = re.compile(r"\((?P<sum>[^)]+)\) : (?P<divisor>\(\d+ \+ 5\)|3) = ")


def reckoned(sentence):
    """Work the sum that an explanation prints, and return what it rounds to."""
    found = SUM.search(sentence)
    total = Fraction(0)
    for part in found["sum"].split(" + "):
        product = Fraction(1)
        for factor in part.split(" × "):
            product *= Fraction(factor.replace(",", "."))
        total += product
    divisor = sum(int(n) for n in re.findall(r"\d+", found["divisor"]))
    return half_up(total / divisor)
