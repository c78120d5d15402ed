"""Worked cases: one question to the rules, as a document, and what they answer.

A case has a ``topic`` and an ``input``; :func:`answer` calls the rule of that topic.
The answer of a topic holds every value that a case may expect; :func:`agrees` compares
only those that it does.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from lms.marks.rules import averages, study, year
from lms.marks.rules.documents import (
    Answer,
    Document,
    absence,
    comment,
    comments,
    exempt,
    first,
    is_comment_word,
    level,
    mark,
    marks,
)
from lms.marks.rules.primary_cases import primary_award, primary_year
from lms.marks.rules.results import Average, CommentResult, StudyResult
from lms.marks.rules.words import Level, Status

REPEAT_WORDS = ("O_LAI_LOP", "LUU_BAN", "KHONG_LEN_LOP", "KHONG_DUOC_LEN_LOP")
SAME = {
    **dict.fromkeys(REPEAT_WORDS, "O_LAI"),
    "NEEDS_DECISION": None,
    "DUOC_LEN_LOP": "LEN_LOP",
    "HSXS": "HOC_SINH_XUAT_SAC",
    "HSG": "HOC_SINH_GIOI",
}
"""Words that mean the same in files by different hands."""


class UnknownTopic(Exception):
    """A case asks something that no rule here answers."""


def answer(case: Document) -> Answer:
    """Ask the rules what *case* asks, or raise UnknownTopic."""
    topic = str(case.get("topic", ""))
    if topic not in TOPICS:
        raise UnknownTopic(topic)
    given = case.get("input") or {}
    return TOPICS[topic](given)


def agrees(expected: Any, got: Any) -> bool:
    """Say whether the answer gives everything that the case expects."""
    if isinstance(expected, Mapping):
        return isinstance(got, Mapping) and all(
            key in got and agrees(value, got[key]) for key, value in expected.items()
        )
    if isinstance(expected, (list, tuple)):
        return isinstance(got, (list, tuple)) and _names(expected) == _names(got)
    if isinstance(expected, str):
        same = SAME.get(expected, expected)
        return bool(same == (SAME.get(got, got) if isinstance(got, str) else got))
    return bool(expected == got)


def _names(found: Iterable[Any]) -> list[str]:
    """Compare lists as sets; three missing regular marks are ``tx`` or ``tx2`` …."""
    return sorted({str(one).rstrip("0123456789") for one in found})


def _is_comment(given: Document) -> bool:
    return given.get("kind") == "comment"


def _regular(given: Document) -> Sequence[Any]:
    found: Sequence[Any] = given.get("tx") or ()
    return found


def _term(given: Document) -> Average | CommentResult:
    if _is_comment(given):
        return averages.comment_term(
            averages.Comments(
                [comment(one) for one in _regular(given)],
                comment(given.get("gk")),
                comment(given.get("ck")),
                absence(given, "gk"),
                absence(given, "ck"),
            )
        )
    topic = first(given, "topic_mark", "chuyen_de", "cum_chuyen_de", "tx_chuyen_de")
    has_topic = topic is not None and topic is not False
    scores = averages.Scores(
        [mark(one) for one in _regular(given)],
        mark(given.get("gk")),
        mark(given.get("ck")),
        topic=mark(topic) if has_topic and topic is not True else None,
        has_topic=has_topic,
        midterm_absence=absence(given, "gk"),
        final_absence=absence(given, "ck"),
    )
    periods = int(given.get("periods", 35))
    expected = int(given.get("n_tx") or averages.regular_marks(periods))
    return averages.term_average(scores, expected)


def _about(result: Average | CommentResult) -> Answer:
    return Answer(
        {
            "avg": result.value,
            "result": result.value,
            "status": result.status,
            "missing": result.missing,
        },
        result.steps,
    )


def _subject_term(given: Document) -> Answer:
    return _about(_term(given))


def _subject_year(given: Document) -> Answer:
    if _is_comment(given) or is_comment_word(given.get("hk2")):
        return _comment_year(given)
    return _about(averages.year_average(mark(given.get("hk1")), mark(given.get("hk2"))))


def _comment_year(given: Document) -> Answer:
    return _about(averages.comment_year(comment(given.get("hk2"))))


def _year_from_marks(given: Document) -> Answer:
    terms = {name: _term_or_value(given.get(name)) for name in ("hk1", "hk2")}
    first, second = terms["hk1"], terms["hk2"]
    if isinstance(second, CommentResult):
        found: Average | CommentResult = averages.comment_year(second.value)
    else:
        found = averages.year_average(
            first.value if isinstance(first, Average) else None, second.value
        )
    about = _about(found)
    values = about.values | {
        "hk1": first.value,
        "hk2": second.value,
        "year": found.value,
    }
    return Answer(values, (*first.steps, *second.steps, *found.steps))


def _term_or_value(given: Any) -> Average | CommentResult:
    """Read a term as its marks, or as the average that another school sent along."""
    if isinstance(given, Mapping):
        return _term(given)
    if is_comment_word(given):
        return CommentResult(comment(given), Status.OK)
    value = mark(given)
    return Average(value, Status.INCOMPLETE if value is None else Status.OK)


def _study(given: Document) -> Answer:
    found = study.study_level(
        marks(given.get("scores")), comments(given.get("comments")), exempt(given)
    )
    return _about_study(found)


def _about_study(found: StudyResult) -> Answer:
    return Answer(
        {
            "base": found.base,
            "level": found.level,
            "adjusted_by": found.adjusted_by,
            "status": found.status,
            "missing": found.missing,
        },
        found.steps,
    )


def _conduct_matrix(_given: Document) -> Answer:
    table: dict[str, dict[str, str]] = {}
    for (one, other), found in year.CONDUCT_YEAR.items():
        table.setdefault(one, {})[other] = found
    return Answer(dict(table))


def _conduct(given: Document) -> Answer:
    found = year.conduct_year(level(given.get("hk1")), level(given.get("hk2")))
    values = {"level": found.level, "result": found.level, "year": found.level}
    return Answer({**values, "conduct": found.level}, found.steps)


def _title(given: Document) -> Answer:
    found = year.title(
        level(given.get("study")),
        level(given.get("conduct")),
        {
            code: mark
            for code, mark in marks(given.get("scores")).items()
            if code not in exempt(given)
        },
    )
    return Answer({"title": found.title}, found.steps)


def _promotion(given: Document) -> Answer:
    results = year.YearResults(
        marks(given.get("scores")),
        comments(given.get("comments")),
        level(given.get("conduct")),
        int(first(given, "absent_sessions", "absences") or 0),
        level(given.get("study")),
        exempt(given),
    )
    found = year.promotion(results, _summer(given))
    values = {
        "decision": found.decision,
        "status": Status.OK if found.decision else Status.NEEDS_DECISION,
        "summer_training": found.summer_training,
        "retest": found.retest,
    }
    names = ("study", "study_after", "level", "study_level", "new_study")
    return Answer(values | dict.fromkeys(names, found.study), found.steps)


RETEST_NAMES = (
    "retest_results", "retest", "retests", "retest_scores", "summer_retest",
    "after_retest", "results",
)  # fmt: skip
TRAINING_NAMES = (
    "training", "training_result", "summer_training_result", "summer_training",
    "conduct_after", "conduct_after_training", "summer_conduct", "conduct",
)  # fmt: skip


def _summer(given: Document) -> year.Summer:
    """Read the summer's results, beside the year's or in a document of their own."""
    nested = given.get("summer")
    own: Document = nested if isinstance(nested, Mapping) else {}
    outer = {key: value for key, value in given.items() if key != "conduct"}
    found = first(own, *RETEST_NAMES) or first(outer, *RETEST_NAMES) or {}
    mixed = {**own.get("scores", {}), **own.get("comments", {}), **_flat(found)}
    training = first(own, *TRAINING_NAMES) or first(outer, *TRAINING_NAMES)
    remarks = {c: v for c, v in mixed.items() if is_comment_word(v)}
    return year.Summer(
        Level(training) if isinstance(training, str) else None,
        {
            c: Decimal(str(v))
            for c, v in mixed.items()
            if v is not None and c not in remarks
        },
        {c: found for c, v in remarks.items() if (found := comment(v)) is not None},
    )


def _flat(found: Any) -> dict[str, Any]:
    """Read ``{"scores": …, "comments": …}`` and a plain ``{subject: mark}`` alike."""
    if not isinstance(found, Mapping):
        return {}
    if "scores" in found or "comments" in found:
        return {**(found.get("scores") or {}), **(found.get("comments") or {})}
    return dict(found)


def _regular_count(given: Document) -> Answer:
    if _is_comment(given):
        count = averages.COMMENT_REGULARS
    else:
        count = averages.regular_marks(
            int(first(given, "periods", "periods_year") or 0)
        )
    return Answer(dict.fromkeys(("n", "tx", "n_tx", "count", "tx_count"), count))


TOPICS: dict[str, Callable[[Document], Answer]] = {
    "subject_semester": _subject_term,
    "subject_term": _subject_term,
    "subject_year": _subject_year,
    "transfer": _subject_year,
    "subject_year_from_marks": _year_from_marks,
    "comment_subject_semester": _subject_term,
    "comment_subject_year": _comment_year,
    "study_level": _study,
    "study_level_semester": _study,
    "conduct_year": _conduct,
    "conduct_year_matrix": _conduct_matrix,
    "title": _title,
    "promotion": _promotion,
    "promotion_after_summer": _promotion,
    "summer": _promotion,
    "tx_count": _regular_count,
    "n_tx": _regular_count,
    "regular_count": _regular_count,
    "primary_year": primary_year,
    "primary_rating": primary_year,
    "primary_result": primary_year,
    "primary_overall": primary_year,
    "primary_award": primary_award,
    "primary_title": primary_award,
}
