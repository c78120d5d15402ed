"""What the registry lets people do: grants derived from who is what to whom, today."""

from collections.abc import Iterator
from datetime import date

from sqlalchemy import or_, select

from lms.kernel import clock
from lms.kernel.db import db
from lms.kernel.permissions import Grant, Role
from lms.sections.models import Homeroom, SchoolOffice, TeachingAssignment
from lms.sections.rules import Office
from lms.sections.services.teaching import held_on

OFFICE_ROLES = {
    Office.HEAD: Role.SCHOOL_HEAD,
    Office.DEPUTY: Role.SCHOOL_HEAD,
    Office.REGISTRAR: Role.ACADEMIC_AFFAIRS,
}


def section_grants(account_id: int) -> list[Grant]:
    """Return the grants of teachers, of homeroom teachers and of a school's heads.

    Pupils read their own record as SELF, guardians theirs as GUARDIAN; whoever oversees
    a unit has that grant in the units of its schools: ``people.services.grants_of``.
    """
    today = clock.day_of(clock.now())
    return [
        *_teaching(account_id, today),
        *_offices(account_id, today),
    ]


def _teaching(account_id: int, today: date) -> Iterator[Grant]:
    taught = select(TeachingAssignment.section_id, TeachingAssignment.subject_id)
    taught = taught.where(
        TeachingAssignment.teacher_id == account_id, held_on(TeachingAssignment, today)
    )
    for section_id, subject_id in db.session.execute(taught):
        yield Grant(Role.TEACHER, f"teaching:{section_id}:{subject_id}")
        yield Grant(Role.SECTION_TEACHER, f"section:{section_id}")
    kept = select(Homeroom.section_id).where(
        Homeroom.teacher_id == account_id, held_on(Homeroom, today)
    )
    for section_id in db.session.scalars(kept):
        yield Grant(Role.HOMEROOM_TEACHER, f"section:{section_id}")


def _offices(account_id: int, today: date) -> Iterator[Grant]:
    held = select(SchoolOffice.office, SchoolOffice.school_id).where(
        SchoolOffice.account_id == account_id,
        SchoolOffice.from_on <= today,
        or_(SchoolOffice.to_on.is_(None), SchoolOffice.to_on >= today),
    )
    for office, school_id in db.session.execute(held):
        yield Grant(OFFICE_ROLES[office], f"school:{school_id}")
