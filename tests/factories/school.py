"""A school with classes, teachers and pupils."""

from datetime import date
from typing import Any

from lms.kernel import clock
from lms.kernel.db import db
from lms.people.models import Account
from lms.sections.models import Membership, Pupil, School, SchoolYear, Section, Subject
from lms.sections.rules import Newcomer, Office
from lms.sections.services import pupils, schools, teaching
from lms.units.services import add_unit, unit_by_code
from tests.factories import people

FIRST_DAY = date(2026, 9, 1)
SECOND_TERM = date(2027, 1, 15)
LAST_DAY = date(2027, 5, 31)


def school(code: str = "thcs-phong-dien", name: str = "THCS Phong Điền") -> School:
    """Found a lower secondary school."""
    unit = unit_by_code(code) or add_unit(code, name, "trường")
    made = schools.found_school(unit, 6, 9)
    db.session.commit()
    return made


def school_year(of: School | None = None, name: str = "2026-2027") -> SchoolYear:
    made = schools.open_year(of or school(), name, FIRST_DAY, SECOND_TERM, LAST_DAY)
    db.session.commit()
    return made


def section(
    year: SchoolYear | None = None, name: str = "7A1", grade: int = 7
) -> Section:
    made = schools.add_section(year or school_year(), grade, name)
    db.session.commit()
    return made


def pupil(of: Section | None = None, name: str = "Lê Thị Bình", **given: Any) -> Pupil:
    """Take a pupil in, and seat them in a class."""
    where = of or section()
    made = pupils.take_in(where.school, Newcomer(name, **given), FIRST_DAY, clock.now())
    pupils.seat(made, where, FIRST_DAY)
    db.session.commit()
    return made


def membership(of: Pupil) -> Membership:
    found = pupils.last_membership(of.id)
    assert found is not None
    return found


def subject(code: str = "TOAN") -> Subject:
    return schools.subjects()[code]


def teacher(of: Section, code: str = "TOAN", name: str = "Trần Văn Dũng") -> Account:
    """Add somebody who teaches the subject to the class."""
    made = people.account(name)
    teaching.assign(of, subject(code), made, FIRST_DAY)
    db.session.commit()
    return made


def homeroom(of: Section, name: str = "Phan Thị Hạnh") -> Account:
    made = people.account(name)
    teaching.look_after(of, made, FIRST_DAY)
    db.session.commit()
    return made


def head(
    of: School, name: str = "Hồ Thị Liên", office: Office = Office.HEAD
) -> Account:
    made = people.account(name)
    schools.give_office(of, made.id, office, FIRST_DAY)
    db.session.commit()
    return made
