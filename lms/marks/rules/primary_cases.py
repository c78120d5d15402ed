"""Worked cases of primary schools."""

from collections.abc import Mapping
from typing import Any

from lms.marks.rules import primary
from lms.marks.rules.documents import Answer, Document, exempt, first
from lms.marks.rules.words import QualityLevel, SubjectLevel, YearLevel

QUALITY_WORDS = {
    **dict.fromkeys(("T", "TOT"), QualityLevel.GOOD),
    **dict.fromkeys(("D", "Đ", "DAT"), QualityLevel.PASS),
    **dict.fromkeys(("C", "CCG", "CAN_CO_GANG"), QualityLevel.EFFORT),
}


def _primary_results(given: Document) -> primary.PrimaryResults:
    subjects = first(given, "subjects", "subject_levels", "ratings") or {}
    qualities: dict[str, Any] = {}
    for name in ("qualities", "competences", "competencies", "pham_chat", "nang_luc"):
        part = given.get(name) or {}
        pairs = part.items() if isinstance(part, Mapping) else enumerate(part)
        qualities |= {f"{name}:{code}": word for code, word in pairs}
    tests = first(given, "tests", "final_tests", "year_tests", "exams", "scores") or {}
    if not isinstance(subjects, Mapping):
        subjects = dict(enumerate(subjects))
    if not isinstance(tests, Mapping):
        tests = dict(enumerate(tests))
    return primary.PrimaryResults(
        {str(c): SubjectLevel(v) if v else None for c, v in subjects.items()},
        {str(c): QUALITY_WORDS[v] if v else None for c, v in qualities.items()},
        {str(c): None if v is None else int(v) for c, v in tests.items()},
        exempt(given),
    )


def primary_year(given: Document) -> Answer:
    found = primary.primary_year(_primary_results(given))
    award = _award_of(found.level, given)
    names = ("level", "rating", "result", "year", "overall")
    values = dict.fromkeys(names, found.level) | {
        "status": found.status,
        "missing": found.missing,
        "award": award.values["title"],
        "title": award.values["title"],
        "completed": found.level is not None and primary.is_completed(found.level),
    }
    return Answer(values, (*found.steps, *award.steps))


def primary_award(given: Document) -> Answer:
    word = first(given, "level", "rating", "result", "year", "overall")
    if word is None:
        return primary_year(given)
    return _award_of(YearLevel(word), given)


def _award_of(level: YearLevel | None, given: Document) -> Answer:
    names = ("outstanding", "outstanding_subject", "progress", "marked_progress")
    found = primary.primary_award(
        level,
        outstanding=any(bool(given.get(name)) for name in names),
        agreed=bool(
            first(given, "agreed", "class_agreed", "class_agrees") in (None, True)
        ),
    )
    return Answer({"award": found.title, "title": found.title}, found.steps)
