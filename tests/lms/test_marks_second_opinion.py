"""Two independent readings of the circular agree on rows that nobody chose.

``LMS_ROWS=100000 python -m pytest tests/lms/test_marks_second_opinion.py`` is the long
run; by default a few hundred rows keep the suite quick.
"""

import os
import random
from decimal import Decimal

from lms.marks.rules import averages, study, year
from lms.marks.rules.averages import Scores, term_average, year_average
from lms.marks.rules.words import Comment, Level
from lms.marks.wording import explain
from tests.lms import second_opinion

ROWS = int(os.environ.get("LMS_ROWS", "400"))
SCORED = ("NGU_VAN", "TOAN", "NGOAI_NGU_1", "GDCD", "LS_DL", "KHTN", "CN", "TIN")
REMARKED = ("GDTC", "NGHE_THUAT", "HDTN_HN", "GD_DIA_PHUONG")
PERIODS = (35, 52, 70, 105, 140)


def decimal(tenths):
    return None if tenths is None else Decimal(tenths).scaleb(-1)


def random_term(chance, around):
    count = averages.regular_marks(chance.choice(PERIODS))
    return [
        min(100, max(0, around + chance.randint(-18, 18))) for _ in range(count + 2)
    ]


def tenths(value):
    return int(value * 10)


def test_averages_agree_and_their_sentences_reckon_to_them(app):
    chance = random.Random(22_2021)
    for _row in range(ROWS):
        terms = []
        for _term in range(2):
            *regular, midterm, final = random_term(chance, chance.randint(10, 95))
            held = Scores(list(map(decimal, regular)), decimal(midterm), decimal(final))
            found = term_average(held, len(regular))
            expected = second_opinion.term(regular, midterm, final)
            assert tenths(found.value) == expected
            assert second_opinion.reckoned(explain(found.steps)) == expected
            terms.append(found.value)
        found = year_average(*terms)
        expected = second_opinion.year(*map(tenths, terms))
        assert tenths(found.value) == expected
        assert second_opinion.reckoned(explain(found.steps)) == expected


def random_year(chance):
    around = chance.choice((40, 52, 66, 80, 82, 92))
    scores = {
        code: min(100, max(0, around + chance.randint(-8, 15))) for code in SCORED
    }
    if chance.random() < 0.5:
        scores[chance.choice(SCORED)] = chance.randint(25, 66)
    failing = chance.choice((0, 0, 0, 1, 1, 2))
    failed = chance.sample(REMARKED, failing)
    comments = {code: "CD" if code in failed else "D" for code in REMARKED}
    return scores, comments


def test_years_agree():
    chance = random.Random(27_2020)
    lifted = 0
    for _row in range(ROWS):
        scores, comments = random_year(chance)
        first, second = chance.choice(list(Level)), chance.choice(list(Level))
        absences = chance.choice((0, 3, 45, 46))
        marks = {code: decimal(found) for code, found in scores.items()}
        remarks = {code: Comment(found) for code, found in comments.items()}

        found = study.study_level(marks, remarks)
        conduct = year.conduct_year(first, second).level
        decided = year.promotion(
            year.YearResults(marks, remarks, conduct, absences, found.level)
        )

        level, lone = second_opinion.study(scores, comments)
        lifted += lone is not None
        behaviour = second_opinion.conduct(first, second)
        assert (found.level, found.adjusted_by) == (level, lone)
        assert conduct == behaviour
        assert year.title(found.level, conduct, marks).title == second_opinion.title(
            level, behaviour, scores
        )
        assert (
            decided.decision,
            decided.summer_training,
            set(decided.retest),
        ) == second_opinion.decision(scores, comments, level, behaviour, absences)
    assert lifted > ROWS / 50
