"""Pupils: taken in, seated in classes, moved, sent on, put together."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import contains_eager

from lms.kernel import audit
from lms.kernel.db import db
from lms.kernel.errors import Refused
from lms.kernel.vietnamese import fold
from lms.people.models import Account, AccountState
from lms.people.services import add_account
from lms.sections.models import (
    Exemption,
    Membership,
    Pupil,
    School,
    SchoolYear,
    Section,
    Subject,
)
from lms.sections.rules import (
    Act,
    Ending,
    Newcomer,
    PupilState,
    SectionsRefusal,
    days_refusal,
)


def take_in(school: School, who: Newcomer, joined_on: date, now: datetime) -> Pupil:
    """Put a new learner into the school's register."""
    account = add_account(who.full_name, now)
    account.code, account.unit_id = who.code, school.unit_id
    pupil = Pupil(
        account=account,
        school_id=school.id,
        state=PupilState.STUDYING,
        joined_on=joined_on,
        came_from=who.came_from,
    )
    db.session.add(pupil)
    db.session.flush()
    return pupil


def pupil_of(account_id: int) -> Pupil | None:
    return db.session.scalar(select(Pupil).filter_by(account_id=account_id))


def seat(pupil: Pupil, section: Section, from_on: date) -> Membership:
    """Seat a pupil in a class, out of the one they sat in that year."""
    for held in memberships_of(pupil.id, section.school_year_id):
        if held.to_on is not None:
            continue
        if held.section_id == section.id:
            raise Refused(SectionsRefusal.ALREADY_IN_SECTION)
        end(held, max(held.from_on, from_on - timedelta(days=1)), Ending.MOVED)
    made = Membership(section_id=section.id, pupil_id=pupil.id, from_on=from_on)
    db.session.add(made)
    db.session.flush()
    return made


def end(membership: Membership, on: date, ending: Ending) -> None:
    if reason := days_refusal(membership.from_on, on):
        raise Refused(reason)
    membership.to_on, membership.ending = on, ending


def memberships_of(pupil_id: int, year_id: int) -> Sequence[Membership]:
    query = (
        select(Membership)
        .join(Membership.section)
        .where(Membership.pupil_id == pupil_id, Section.school_year_id == year_id)
        .order_by(Membership.from_on)
    )
    return db.session.scalars(query).all()


def last_membership(pupil_id: int) -> Membership | None:
    """Return where a pupil sits, or sat last, with the class and its year."""
    query = (
        select(Membership)
        .filter_by(pupil_id=pupil_id)
        .join(Membership.section)
        .join(Section.school_year)
        .options(contains_eager(Membership.section).contains_eager(Section.school_year))
        .order_by(SchoolYear.starts_on.desc(), Membership.from_on.desc())
    )
    return db.session.scalars(query).first()


GONE = (Ending.MOVED, Ending.TRANSFERRED, Ending.LEFT, Ending.MERGED)


def seated_query() -> Select[Any]:
    """Select who sits in which class, by class and then by *tên*."""
    return (
        select(Membership)
        .where(or_(Membership.ending.is_(None), Membership.ending.not_in(GONE)))
        .join(Membership.section)
        .join(Membership.pupil)
        .join(Pupil.account)
        .options(contains_eager(Membership.pupil).contains_eager(Pupil.account))
        .order_by(Membership.section_id, Account.name_sort, Pupil.id)
    )


def members_of(section_id: int) -> Sequence[Membership]:
    """Return who sits in a class, by *tên*; those who have gone come not along."""
    query = seated_query().where(Membership.section_id == section_id)
    return db.session.scalars(query).all()


def pupils_query(school_id: int, words: str = "") -> Select[Any]:
    """Select a school's pupils by name; *words* are looked for without accents."""
    query = (
        select(Pupil)
        .filter_by(school_id=school_id)
        .where(Pupil.state != PupilState.MERGED)
        .join(Pupil.account)
        .options(contains_eager(Pupil.account))
        .order_by(Account.name_sort, Pupil.id)
    )
    for word in fold(words).split():
        like = f"%{word}%"
        query = query.where(or_(Account.name_search.like(like), Account.code == words))
    return query


def transfer_out(
    pupil: Pupil, on: date, actor_id: int, now: datetime, *, leaves: bool = False
) -> None:
    """Let a pupil go to another school, or leave school; the record stays."""
    pupil.state = PupilState.LEFT if leaves else PupilState.TRANSFERRED
    pupil.left_on = on
    ending = Ending.LEFT if leaves else Ending.TRANSFERRED
    open_ones = select(Membership).filter_by(pupil_id=pupil.id, to_on=None)
    for held in db.session.scalars(open_ones):
        end(held, max(held.from_on, on), ending)
    audit.record(f"pupil-{pupil.state}", f"pupil:{pupil.id}", actor_id, now)


def transfer_in(
    pupil: Pupil, section: Section, on: date, actor_id: int, now: datetime
) -> Membership:
    """Take over a pupil from another school of the district, record and all.

    The marks stay with the pupil: their rows name the pupil, not the school.
    """
    before = pupil.school
    pupil.came_from = before.name if before.id != section.school_id else pupil.came_from
    pupil.school, pupil.state = section.school, PupilState.STUDYING
    pupil.account.unit_id = section.school.unit_id
    pupil.joined_on, pupil.left_on = on, None
    audit.record(
        "pupil-transferred-in",
        f"pupil:{pupil.id}",
        actor_id,
        now,
        from_school=before.id,
        to_school=section.school_id,
    )
    return seat(pupil, section, on)


def exempt(pupil: Pupil, year: SchoolYear, subject: Subject, act: Act) -> Exemption:
    """Leave a subject out of a pupil's year, for the reason that the act names."""
    made = Exemption(
        pupil_id=pupil.id,
        school_year_id=year.id,
        subject_id=subject.id,
        reason=act.reason,
        granted_by_id=act.actor_id,
        granted_at=act.at,
    )
    db.session.add(made)
    audit.record(
        "exempt-pupil", f"pupil:{pupil.id}", act.actor_id, act.at, of=subject.code
    )
    return made


def exemptions_in(year_id: int) -> dict[int, set[int]]:
    """Return the subjects that each exempt pupil of a year leaves out, by pupil id."""
    found: dict[int, set[int]] = {}
    query = select(Exemption.pupil_id, Exemption.subject_id).where(
        Exemption.school_year_id == year_id
    )
    for pupil_id, subject_id in db.session.execute(query):
        found.setdefault(pupil_id, set()).add(subject_id)
    return found


def merge(kept: Pupil, double: Pupil, actor_id: int, now: datetime) -> None:
    """Put two records of one child together: *kept* counts from now on.

    Marks and memberships of *double* stay where they were written, and are read with
    those of *kept*.  Refused while *double* sits in a class.
    """
    if kept.id == double.id or kept.school_id != double.school_id:
        raise Refused(SectionsRefusal.SAME_PUPIL)
    sits = select(Membership.id).filter_by(pupil_id=double.id, to_on=None)
    if db.session.scalar(sits) is not None:
        raise Refused(SectionsRefusal.DOUBLE_SITS)
    code, double.account.code = double.account.code, None
    double.state, double.merged_into_id = PupilState.MERGED, kept.id
    double.account.state = AccountState.MERGED
    double.account.merged_into_id = kept.account_id
    db.session.flush()
    kept.account.code = kept.account.code or code
    audit.record("merge-pupils", f"pupil:{kept.id}", actor_id, now, double=double.id)


def ids_of(pupil: Pupil) -> list[int]:
    """Return the pupil's id, and those of records merged into this one."""
    merged = select(Pupil.id).filter_by(merged_into_id=pupil.id)
    return [pupil.id, *db.session.scalars(merged)]


def doubles_in(school_id: int) -> list[list[Pupil]]:
    """Return pupils of one school who may be one child: the same name, folded."""
    query = (
        select(Pupil)
        .filter_by(school_id=school_id, state=PupilState.STUDYING)
        .join(Pupil.account)
        .options(contains_eager(Pupil.account))
        .order_by(Account.name_search)
    )
    groups: dict[str, list[Pupil]] = {}
    for pupil in db.session.scalars(query):
        groups.setdefault(pupil.account.name_search, []).append(pupil)
    return [group for group in groups.values() if len(group) > 1]
