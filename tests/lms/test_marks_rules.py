"""What the circulars make of marks, told by cases."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.marks.rules import averages, needs, primary, study, year
from lms.marks.rules.averages import Comments, Scores, term_average, year_average
from lms.marks.rules.profiles import (
    PRIMARY,
    SECONDARY,
    LoneSubject,
    MissingRegular,
    Policies,
    SchoolLevel,
    TopicMark,
    UnknownFirstTerm,
    profile_for,
)
from lms.marks.rules.words import (
    Absence,
    Comment,
    Decision,
    Level,
    QualityLevel,
    Status,
    SubjectLevel,
    Title,
    YearLevel,
)

D = Decimal
PASS, FAIL = Comment.PASS, Comment.FAIL
SUBJECTS = ("NGU_VAN", "TOAN", "NGOAI_NGU_1", "GDCD", "LS_DL", "KHTN", "CN", "TIN")
REMARKED = ("GDTC", "NGHE_THUAT", "HDTN_HN", "GD_DIA_PHUONG")
ALL_PASSED = dict.fromkeys(REMARKED, PASS)


def marks(*values):
    return [None if value is None else D(value) for value in values]


def scores(*values):
    return dict(zip(SUBJECTS, marks(*values), strict=True))


@pytest.mark.parametrize(
    ("periods", "expected"),
    [(0, 2), (17, 2), (35, 2), (36, 3), (70, 3), (71, 4), (105, 4), (140, 4)],
)
def test_the_number_of_regular_marks_follows_the_yearly_periods(periods, expected):
    assert averages.regular_marks(periods) == expected


@pytest.mark.parametrize(
    ("regular", "midterm", "final", "expected"),
    [
        (("8", "9", "7"), "8", "8.5", "8.2"),
        (("8", "8", "9"), "7", "9", "8.3"),  # 8.25 exactly: half goes up
        (("6", "7", "8", "9"), "6.5", "7.3", "7.2"),
        (("8.95", "9"), "9", "9", "9.0"),  # a mark itself is rounded first
        (("0", "0"), "0", "0", "0.0"),
        (("10", "10"), "10", "10", "10.0"),
    ],
)
def test_a_term_average_weighs_one_two_three(regular, midterm, final, expected):
    found = term_average(
        Scores(marks(*regular), D(midterm), D(final)), expected=len(regular)
    )

    assert (found.value, found.status) == (D(expected), Status.OK)


@pytest.mark.parametrize(
    ("absence", "expected"),
    [
        (Absence.UNEXCUSED, D("5.4")),
        (Absence.MISSED_MAKE_UP, D("5.4")),
        (Absence.PENDING, None),
        (None, None),
    ],
)
def test_a_missed_midterm_is_a_zero_or_waits(absence, expected):
    regular = marks("7", "8", "7", "6")

    found = term_average(Scores(regular, None, D(7), midterm_absence=absence), 4)

    assert found.value == expected
    assert found.missing == (() if expected else ("gk",))


def test_a_missing_regular_mark_never_makes_the_divisor_smaller():
    held = Scores(marks("8", None, "9"), D(8), D(8))

    found = term_average(held, 3)
    left_out = term_average(held, 3, Policies(MissingRegular.LEAVE_OUT))

    assert (found.value, found.missing) == (None, ("tx3",))
    assert left_out.value == D("8.1")


def test_a_topic_mark_counts_once_on_top_of_the_number_or_within_it():
    held = Scores(marks("8", "8", "8"), D(8), D(8), topic=D(5), has_topic=True)
    without = Scores(marks("8", "8", "8"), D(8), D(8), has_topic=True)
    within = Policies(topic_mark=TopicMark.WITHIN)

    assert term_average(held, 3).value == D("7.7")
    assert term_average(without, 3).missing == ("tx4",)
    assert term_average(without, 3, within).value == D("8.0")


def test_the_year_is_made_of_the_rounded_terms():
    assert year_average(D("7.4"), D("8.1")).value == D("7.9")
    assert year_average(D("8.0"), D("7.9")).value == D("7.9")


def test_a_first_term_that_nobody_knows_is_for_the_council():
    alone = Policies(unknown_first_term=UnknownFirstTerm.SECOND_TERM_ALONE)

    assert year_average(None, D(8)).status is Status.NEEDS_DECISION
    assert year_average(None, D(8), alone).value == D(8)
    assert year_average(D(8), None).missing == ("hk2",)
    assert year_average(None, None).missing == ("hk1", "hk2")


@pytest.mark.parametrize(
    ("regular", "midterm", "final", "absence", "value", "missing"),
    [
        ((PASS, PASS), PASS, PASS, None, PASS, ()),
        ((PASS, FAIL), PASS, PASS, None, FAIL, ()),
        ((PASS, PASS), PASS, FAIL, None, FAIL, ()),
        ((PASS,), PASS, PASS, None, None, ("tx2",)),
        ((PASS, PASS), PASS, None, None, None, ("ck",)),
        ((PASS, PASS), PASS, None, Absence.PENDING, None, ("ck",)),
        ((PASS, PASS), PASS, None, Absence.UNEXCUSED, FAIL, ()),
    ],
)
def test_a_comment_subject_passes_when_all_is_passed(
    regular, midterm, final, absence, value, missing
):
    found = averages.comment_term(
        Comments(regular, midterm, final, final_absence=absence)
    )

    assert (found.value, found.missing) == (value, missing)


def test_a_comment_subject_can_leave_a_missing_regular_out():
    policies = Policies(MissingRegular.LEAVE_OUT)

    found = averages.comment_term(Comments((PASS,), PASS, PASS), policies=policies)

    assert found.value is PASS


def test_a_comment_subjects_year_is_its_second_term():
    assert averages.comment_year(PASS).value is PASS
    assert averages.comment_year(None).missing == ("hk2",)


@pytest.mark.parametrize(
    ("values", "failed", "base", "level", "lone"),
    [
        ("8.0 8.5 9.0 8.2 8.0 8.1 6.5 7.0", (), "TOT", "TOT", None),
        ("8.0 8.5 9.0 8.2 8.0 7.9 6.5 7.0", (), "KHA", "KHA", None),
        ("8.0 8.5 9.0 8.2 8.0 8.1 4.9 7.0", (), "DAT", "KHA", "CN"),
        ("8.0 8.5 9.0 8.2 8.0 8.1 3.2 7.0", (), "CHUA_DAT", "DAT", "CN"),
        ("8.0 8.5 9.0 8.2 8.0 8.1 6.4 7.0", (), "KHA", "KHA", None),
        ("8.0 8.5 9.0 8.2 8.0 8.1 7.0 7.0", ("GDTC",), "DAT", "KHA", "GDTC"),
        ("6.5 6.5 6.5 6.5 6.5 6.5 3.4 5.0", (), "CHUA_DAT", "DAT", "CN"),
        ("6.5 6.5 6.5 6.5 6.5 6.5 5.0 5.0", (), "KHA", "KHA", None),
        ("6.5 6.5 6.5 6.5 6.5 6.5 3.4 3.4", (), "CHUA_DAT", "CHUA_DAT", None),
        ("5.0 5.0 5.0 5.0 5.0 5.0 3.5 3.5", ("GDTC",), "DAT", "DAT", None),
        ("5.0 5.0 5.0 5.0 5.0 4.9 3.5 3.5", (), "CHUA_DAT", "CHUA_DAT", None),
        ("9.0 9.0 9.0 9.0 9.0 9.0 9.0 9.0", REMARKED[:2], *(["CHUA_DAT"] * 2), None),
    ],
)
def test_the_level_of_study(values, failed, base, level, lone):
    comments = ALL_PASSED | dict.fromkeys(failed, FAIL)

    found = study.study_level(scores(*values.split()), comments)

    assert (found.base, found.level, found.adjusted_by) == (base, level, lone)


def test_removing_and_replacing_the_lone_subject_differ_where_only_five_reach_eight():
    held = scores("8.0", "8.0", "8.0", "8.0", "8.0", "4.9", "7.0", "7.0")
    policies = Policies(lone_subject=LoneSubject.REPLACE_BY_TEN)

    assert study.study_level(held, ALL_PASSED).level is Level.PASS
    assert study.study_level(held, ALL_PASSED, policies=policies).level is Level.FAIR


def test_replacing_a_failed_comment_lifts_as_removing_it_does():
    held = scores(*["8.0"] * 8)
    failed = ALL_PASSED | {"GDTC": FAIL}
    policies = Policies(lone_subject=LoneSubject.REPLACE_BY_TEN)

    assert study.study_level(held, failed, policies=policies).level is Level.FAIR


def test_exempt_subjects_are_left_out_and_few_subjects_are_for_the_council():
    held = scores("8", "8", "8", "8", "8", "8", "2", None)

    found = study.study_level(held, ALL_PASSED, frozenset({"CN", "TIN"}))
    few = study.study_level(held, ALL_PASSED, frozenset({"CN", "TIN", "TOAN"}))
    missing = study.study_level(held, ALL_PASSED, frozenset({"CN"}))

    assert found.level is Level.GOOD
    assert (few.level, few.status) == (None, Status.NEEDS_DECISION)
    assert (missing.status, missing.missing) == (Status.INCOMPLETE, ("TIN",))


GOOD_YEAR = scores(*["8.0"] * 8)


def judged(values=GOOD_YEAR, conduct=Level.GOOD, summer=None, **given):
    return year.promotion(
        year.YearResults(values, ALL_PASSED, conduct, **given), summer
    )


def test_a_good_year_goes_up_and_46_absences_do_not():
    assert judged(absences=45).decision is Decision.PROMOTED
    assert judged(absences=46).decision is Decision.REPEATS
    assert judged(conduct=None).decision is None
    assert judged(GOOD_YEAR | {"TOAN": None}).decision is None


def test_failed_conduct_is_trained_in_the_summer():
    waiting = judged(conduct=Level.FAIL)
    trained = judged(conduct=Level.FAIL, summer=year.Summer(Level.PASS))
    failed = judged(conduct=Level.FAIL, summer=year.Summer(Level.FAIL))

    assert (waiting.decision, waiting.summer_training) == (Decision.PENDING, True)
    assert trained.decision is Decision.PROMOTED
    assert failed.decision is Decision.REPEATS


WEAK_YEAR = scores("6.0", "5.5", "3.2", "6.1", "5.0", "4.5", "7.0", "6.5")


def test_every_subject_below_five_may_be_sat_again():
    found = judged(WEAK_YEAR)

    assert found.decision is Decision.PENDING
    assert found.retest == ("NGOAI_NGU_1", "KHTN")
    assert found.study is Level.FAIL


@pytest.mark.parametrize(
    ("again", "expected"),
    [
        ({"NGOAI_NGU_1": D("5.0")}, Decision.PROMOTED),
        ({"NGOAI_NGU_1": D("3.4"), "KHTN": D("4.9")}, Decision.REPEATS),
        ({"TOAN": D("9.0")}, Decision.REPEATS),  # was never open for it
    ],
)
def test_the_summer_results_replace_the_years_for_promotion_alone(again, expected):
    assert judged(WEAK_YEAR, summer=year.Summer(scores=again)).decision is expected


def test_a_failed_comment_is_sat_again_and_an_exempt_one_is_not():
    comments = ALL_PASSED | {"GDTC": FAIL, "NGHE_THUAT": FAIL, "HDTN_HN": FAIL}
    held = year.YearResults(
        GOOD_YEAR, comments, Level.GOOD, exempt=frozenset({"HDTN_HN"})
    )

    found = year.promotion(held)
    after = year.promotion(held, year.Summer(comments={"GDTC": PASS}))

    assert found.retest == ("GDTC", "NGHE_THUAT")
    assert after.decision is Decision.PROMOTED


def test_nobody_sits_again_before_the_training_is_over():
    found = judged(WEAK_YEAR, Level.FAIL, year.Summer(scores={"NGOAI_NGU_1": D("5.0")}))

    assert (found.decision, found.summer_training) == (Decision.PENDING, True)
    assert found.retest == ("NGOAI_NGU_1", "KHTN")


def test_conduct_waits_for_both_terms():
    assert year.conduct_year(Level.GOOD, None).level is None
    assert year.conduct_year(Level.FAIL, Level.GOOD).level is Level.FAIR


@pytest.mark.parametrize(
    ("study_level", "conduct", "nines", "expected"),
    [
        (Level.GOOD, Level.GOOD, 6, Title.EXCELLENT),
        (Level.GOOD, Level.GOOD, 5, Title.GOOD),
        (Level.GOOD, Level.FAIR, 8, None),
        (Level.FAIR, Level.GOOD, 8, None),
    ],
)
def test_titles(study_level, conduct, nines, expected):
    held = scores(*["9.0"] * nines, *["8.9"] * (8 - nines))

    assert year.title(study_level, conduct, held).title is expected


T, H, C = SubjectLevel.WELL, SubjectLevel.DONE, SubjectLevel.NOT_DONE
Q = QualityLevel


@pytest.mark.parametrize(
    ("subjects", "quality", "test", "expected"),
    [
        ((T, T), Q.GOOD, 9, YearLevel.EXCELLENT),
        ((T, H), Q.GOOD, 9, YearLevel.DONE),  # a single H in music bars the best
        ((T, T), Q.GOOD, 8, YearLevel.WELL),
        ((T, T), Q.GOOD, 6, YearLevel.DONE),
        ((T, T), Q.PASS, 10, YearLevel.DONE),
        ((T, T), Q.GOOD, 4, YearLevel.NOT_DONE),
        ((T, C), Q.GOOD, 9, YearLevel.NOT_DONE),
        ((T, T), Q.EFFORT, 9, YearLevel.NOT_DONE),
        ((T, None), Q.GOOD, 9, None),
    ],
)
def test_a_primary_year(subjects, quality, test, expected):
    found = primary.primary_year(
        primary.PrimaryResults(
            dict(zip(("TOAN", "AM_NHAC"), subjects, strict=True)),
            {"CHAM_CHI": quality},
            {"TOAN": test},
        )
    )

    assert found.level is expected
    assert found.missing == (("AM_NHAC",) if expected is None else ())


def test_primary_awards():
    excellent = primary.primary_award(YearLevel.EXCELLENT)
    outstanding = primary.primary_award(YearLevel.WELL, outstanding=True)
    plain = primary.primary_award(YearLevel.WELL)

    assert excellent.title is Title.EXCELLENT
    assert outstanding.title is Title.OUTSTANDING
    assert plain.title is None
    assert primary.is_completed(YearLevel.DONE)
    assert not primary.is_completed(YearLevel.NOT_DONE)


def test_primary_tests_are_whole_and_fewer_in_the_lower_grades():
    taught = frozenset({"TIENG_VIET", "TOAN", "KHOA_HOC", "AM_NHAC"})

    assert primary.whole_mark_refusal(10) is None
    assert primary.whole_mark_refusal(11)
    assert primary.whole_mark_refusal(D("7.5"))
    assert primary.tests_of(4, taught, midterm=True) == ("TIENG_VIET", "TOAN")
    assert primary.tests_of(3, taught, midterm=True) == ()
    assert len(primary.tests_of(3, taught, midterm=False)) == 3


def test_each_level_of_school_has_its_circular():
    assert profile_for(SchoolLevel.PRIMARY) is PRIMARY
    assert profile_for(SchoolLevel.UPPER) is SECONDARY
    assert SECONDARY.name == "tt22-2021/1"


TENTHS = st.integers(0, 100).map(lambda tenths: D(tenths) / 10)


@given(st.lists(TENTHS, min_size=2, max_size=4), TENTHS, TENTHS)
def test_the_least_final_mark_reaches_the_goal_and_a_tenth_less_does_not(
    regular, midterm, goal
):
    found = needs.final_needed(regular, midterm, goal)

    def reached(final):
        return term_average(Scores(regular, midterm, final), len(regular)).value

    if found is None:
        assert reached(D(10)) < goal
        return
    assert reached(found) >= goal
    assert found == 0 or reached(found - D("0.1")) < goal


@given(TENTHS, TENTHS)
def test_the_least_second_term_reaches_the_goal(first, goal):
    found = needs.second_term_needed(first, goal)

    if found is None:
        assert year_average(first, D(10)).value < goal
    else:
        assert year_average(first, found).value >= goal
