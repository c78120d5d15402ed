"""The year of a class or a whole school: every pupil judged, with the reasons."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select

from lms.attendance.services.registers import absences_in
from lms.kernel import audit
from lms.kernel.db import db
from lms.kernel.errors import Refused
from lms.marks.models import (
    Conduct,
    MarkSheet,
    TermResult,
    TransferredResult,
    YearResult,
)
from lms.marks.rules import year as rules
from lms.marks.rules.averages import comment_year, year_average
from lms.marks.rules.entry import MarkRefusal
from lms.marks.rules.profiles import PROFILES, Policies
from lms.marks.rules.results import (
    Average,
    Award,
    CommentResult,
    ConductResult,
    Promotion,
    StudyResult,
)
from lms.marks.rules.study import study_level
from lms.marks.rules.words import Comment, Level
from lms.sections.models import Membership, SchoolYear, Section, Subject, Term
from lms.sections.services import pupils, schools

TermValue = Decimal | Comment | None
FIRST, SECOND = 1, 2


@dataclass(slots=True)
class SubjectYear:
    """One pupil's terms in one subject, and the year that they make."""

    first: TermValue = None
    second: TermValue = None
    first_known: bool = False
    year: Average | CommentResult | None = None


@dataclass(slots=True)
class PupilYear:
    """Everything a pupil's year came to."""

    membership: Membership
    subjects: dict[int, SubjectYear]
    exempt: frozenset[int]
    conduct_terms: dict[int, Level]
    absences: int
    study_terms: dict[int, StudyResult] = field(default_factory=dict)
    study: StudyResult | None = None
    conduct: ConductResult | None = None
    award: Award | None = None
    promotion: Promotion | None = None


@dataclass(frozen=True, slots=True)
class ClassYear:
    section: Section
    subjects: Sequence[Subject]
    rows: Sequence[PupilYear]


def class_year(section: Section) -> ClassYear:
    """Judge the pupils of one class."""
    taught = schools.curriculum(section.school_year_id, section.grade)
    subjects = [one.subject for one in taught]
    members = list(pupils.members_of(section.id))
    material = _Material(section.school_year_id, [section.id])
    return ClassYear(
        section, subjects, [material.judged(one, section, subjects) for one in members]
    )


def school_year(year: SchoolYear) -> list[ClassYear]:
    """Judge the pupils of a whole school, in a handful of queries."""
    sections = schools.sections_of(year.id)
    material = _Material(year.id, [section.id for section in sections])
    members = _members_by_section(year.id)
    by_grade = schools.subjects_by_grade(year.id)
    return [
        ClassYear(
            section,
            by_grade.get(section.grade, []),
            [
                material.judged(one, section, by_grade.get(section.grade, []))
                for one in members.get(section.id, ())
            ],
        )
        for section in sections
    ]


def _members_by_section(year_id: int) -> dict[int, list[Membership]]:
    query = pupils.seated_query().where(Section.school_year_id == year_id)
    found: dict[int, list[Membership]] = {}
    for member in db.session.scalars(query):
        found.setdefault(member.section_id, []).append(member)
    return found


class _Material:
    """What the judging of some classes of one year rests on, read at once."""

    def __init__(self, year_id: int, section_ids: Sequence[int]) -> None:
        self._terms = _term_results(section_ids)
        _add_transferred(self._terms, year_id)
        self._conduct = _conduct(year_id, section_ids)
        self._absences = absences_in(section_ids)
        self._exempt = pupils.exemptions_in(year_id)

    def judged(
        self, member: Membership, section: Section, subjects: Sequence[Subject]
    ) -> PupilYear:
        key = member.pupil_id
        row = PupilYear(
            membership=member,
            subjects=self._terms.get(key, {}),
            exempt=frozenset(self._exempt.get(key, ())),
            conduct_terms=self._conduct.get(key, {}),
            absences=self._absences.get(key, 0),
        )
        judge(row, subjects, PROFILES[section.profile].policies)
        return row


def _term_results(section_ids: Sequence[int]) -> dict[int, dict[int, SubjectYear]]:
    query = (
        select(
            TermResult.pupil_id,
            MarkSheet.subject_id,
            Term.number,
            TermResult.tenths,
            TermResult.comment,
        )
        .join(MarkSheet, TermResult.sheet_id == MarkSheet.id)
        .join(Term, MarkSheet.term_id == Term.id)
        .where(MarkSheet.section_id.in_(section_ids))
    )
    found: dict[int, dict[int, SubjectYear]] = {}
    for row in db.session.execute(query):
        _put(found, row)
    return found


def _put(found: dict[int, dict[int, SubjectYear]], row: Sequence[Any]) -> None:
    pupil, subject, number, tenths, comment = row
    own = found.setdefault(pupil, {}).setdefault(subject, SubjectYear())
    value = comment if tenths is None else Decimal(tenths).scaleb(-1)
    if value is None:
        return
    if number == FIRST:
        own.first = value
    else:
        own.second = value


def _add_transferred(found: dict[int, dict[int, SubjectYear]], year_id: int) -> None:
    """A transferred pupil's first term is the old school's average, as it is.

    Source: the ministry's answer of 2025 (baodientu.chinhphu.vn).
    """
    query = (
        select(
            TransferredResult.pupil_id,
            TransferredResult.subject_id,
            Term.number,
            TransferredResult.tenths,
            TransferredResult.comment,
        )
        .join(Term, TransferredResult.term_id == Term.id)
        .where(Term.school_year_id == year_id)
    )
    for row in db.session.execute(query):
        _put(found, row)


def _conduct(year_id: int, section_ids: Sequence[int]) -> dict[int, dict[int, Level]]:
    seated = select(Membership.pupil_id).where(Membership.section_id.in_(section_ids))
    query = (
        select(Conduct.pupil_id, Term.number, Conduct.level)
        .join(Term, Conduct.term_id == Term.id)
        .where(Term.school_year_id == year_id, Conduct.pupil_id.in_(seated))
        .order_by(Conduct.version)
    )
    found: dict[int, dict[int, Level]] = {}
    for pupil, number, level in db.session.execute(query):
        found.setdefault(pupil, {})[number] = level
    return found


def judge(row: PupilYear, subjects: Sequence[Subject], policies: Policies) -> None:
    """Fill in what the circular makes of a pupil's terms."""
    for subject in subjects:
        own = row.subjects.setdefault(subject.id, SubjectYear())
        own.year = _subject_year(subject, own, policies)
    exempt = frozenset(one.code for one in subjects if one.id in row.exempt)
    for number in (FIRST, SECOND):
        row.study_terms[number] = study_level(
            *_term_values(row, subjects, number), exempt, policies
        )
    scores, comments = _year_values(row, subjects)
    row.study = study_level(scores, comments, exempt, policies)
    row.conduct = rules.conduct_year(
        row.conduct_terms.get(FIRST), row.conduct_terms.get(SECOND)
    )
    results = rules.YearResults(
        scores,
        comments,
        row.conduct.level,
        row.absences,
        row.study.level,
        exempt,
    )
    row.promotion = rules.promotion(results, policies=policies)
    row.award = rules.title(
        row.study.level,
        row.conduct.level,
        {code: mark for code, mark in scores.items() if code not in exempt},
    )


def _subject_year(
    subject: Subject, own: SubjectYear, policies: Policies
) -> Average | CommentResult:
    if subject.is_scored:
        first = own.first if isinstance(own.first, Decimal) else None
        second = own.second if isinstance(own.second, Decimal) else None
        return year_average(first, second, policies)
    return comment_year(own.second if isinstance(own.second, Comment) else None)


def _term_values(
    row: PupilYear, subjects: Sequence[Subject], number: int
) -> tuple[dict[str, Decimal | None], dict[str, Comment | None]]:
    scores: dict[str, Decimal | None] = {}
    comments: dict[str, Comment | None] = {}
    for subject in subjects:
        own = row.subjects[subject.id]
        value = own.first if number == FIRST else own.second
        if subject.is_scored:
            scores[subject.code] = value if isinstance(value, Decimal) else None
        else:
            comments[subject.code] = value if isinstance(value, Comment) else None
    return scores, comments


def _year_values(
    row: PupilYear, subjects: Sequence[Subject]
) -> tuple[dict[str, Decimal | None], dict[str, Comment | None]]:
    scores: dict[str, Decimal | None] = {}
    comments: dict[str, Comment | None] = {}
    for subject in subjects:
        found = row.subjects[subject.id].year
        if isinstance(found, Average):
            scores[subject.code] = found.value
        elif isinstance(found, CommentResult):
            comments[subject.code] = found.value
    return scores, comments


def give_conduct(
    term: Term, pupil_id: int, level: Level, actor_id: int, now: datetime
) -> None:
    """Keep a term's conduct; the same level again writes nothing."""
    last = db.session.scalar(
        select(Conduct)
        .filter_by(term_id=term.id, pupil_id=pupil_id)
        .order_by(Conduct.version.desc())
    )
    if last is not None and last.level is level:
        return
    db.session.add(
        Conduct(
            term_id=term.id,
            pupil_id=pupil_id,
            version=last.version + 1 if last else 1,
            level=level,
            by_id=actor_id,
            at=now,
        )
    )
    db.session.flush()


def conclude(section: Section, actor_id: int, now: datetime) -> list[YearResult]:
    """Write down every pupil's year, under the regulation that judged it.

    Refused while a sheet of the class is open, or a pupil's year cannot be told.
    """
    unlocked = select(MarkSheet.id).where(
        MarkSheet.section_id == section.id, MarkSheet.locked.not_like("%,*,%")
    )
    if db.session.scalar(unlocked.limit(1)) is not None:
        raise Refused(MarkRefusal.NOT_FULLY_LOCKED)
    judged = class_year(section)
    if any(
        row.promotion is None or row.promotion.decision is None for row in judged.rows
    ):
        raise Refused(MarkRefusal.YEAR_INCOMPLETE)
    last = _last_versions(section.id)
    made = [
        _written(section, judged.subjects, row, last.get(row.membership.pupil_id, 0))
        for row in judged.rows
    ]
    for one in made:
        one.by_id, one.at = actor_id, now
    db.session.add_all(made)
    db.session.flush()
    audit.record(
        "conclude-year", f"section:{section.id}", actor_id, now, pupils=len(made)
    )
    return made


def _last_versions(section_id: int) -> Mapping[int, int]:
    query = (
        select(YearResult.pupil_id, func.max(YearResult.version))
        .where(YearResult.section_id == section_id)
        .group_by(YearResult.pupil_id)
    )
    return dict(db.session.execute(query).all())


def _written(
    section: Section, subjects: Sequence[Subject], row: PupilYear, version: int
) -> YearResult:
    averages: dict[str, Any] = {}
    for subject in subjects:
        found = row.subjects[subject.id].year
        averages[subject.code] = str(found.value) if found and found.value else None
    return YearResult(
        section_id=section.id,
        pupil_id=row.membership.pupil_id,
        version=version + 1,
        profile=section.profile,
        study=row.study.level if row.study else None,
        conduct=row.conduct.level if row.conduct else None,
        title=row.award.title if row.award else None,
        decision=row.promotion.decision if row.promotion else None,
        absences=row.absences,
        averages=averages,
    )


def concluded(section_id: int) -> dict[int, YearResult]:
    """Return the last concluded result of each pupil of a class."""
    query = select(YearResult).filter_by(section_id=section_id)
    rows = db.session.scalars(query.order_by(YearResult.version))
    return {one.pupil_id: one for one in rows}


def decisions_of(year: SchoolYear) -> dict[int, str | None]:
    """Return the concluded decision of each pupil of a year, for the turn of it."""
    query = (
        select(YearResult.pupil_id, YearResult.decision)
        .join(Section, Section.id == YearResult.section_id)
        .where(Section.school_year_id == year.id)
        .order_by(YearResult.version)
    )
    return dict(db.session.execute(query).all())
